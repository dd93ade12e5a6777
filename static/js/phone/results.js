/** Which results a report offers first, and what a result demands besides (domain 7.5). Pure. */

const FIRST = {
  "01": ["RS01", "RS02", "RS20", "RS18", "RS13"],
  "02": ["RS07", "RS04", "RS03", "RS05", "RS01"],
  "03": ["RS08", "RS09", "RS11", "RS07", "RS17"],
  "04": ["RS05", "RS07", "RS15", "RS06", "RS21"],
  "05": ["RS10", "RS12", "RS11", "RS15", "RS16"],
  "06": ["RS10", "RS14", "RS11", "RS21", "RS16"],
  "07": ["RS21", "RS05", "RS07", "RS14", "RS03"],
  "08": ["RS10", "RS11", "RS14", "RS13", "RS16"],
  "09": ["RS16", "RS20", "RS03", "RS01", "RS13"],
};
const OTHERS = ["RS15", "RS16", "RS17", "RS07", "RS10"];
const ALWAYS = ["type_verified", "result_codes", "process_text", "address_verified"];
const OF_SUSPECTS = ["caught", "involved", "escaped"];
const OF_TRAFFIC = ["traffic_cause", "road_surface", "visibility", "vehicles_damaged"];

/** List the result codes that fit an incident type best. */
export function likelyResults(type) {
  return FIRST[String(type ?? "").slice(0, 2)] ?? OTHERS;
}

/** Tell whether a report of this type counts suspects (types 01 and 02). */
export function countsSuspects(type) {
  return ["01", "02"].includes(String(type ?? "").slice(0, 2));
}

/** Tell whether a report of this type has the traffic annex. */
export function isTraffic(type) {
  return String(type ?? "").startsWith("03");
}

/**
 * Name the fields that a complete report must hold, by verified type and results; the server asks for the same.
 * @param {object} report the fields as they would be sent
 * @param {{codes: object, onScene: boolean}} how the code tables, and whether the unit was there
 * @returns {string[]}
 */
export function neededFields(report, { codes, onScene }) {
  const results = report.result_codes ?? [];
  const names = [...ALWAYS, ...(onScene ? ["camera_ref"] : [])];
  names.push(...results.map((code) => codes.code("result", code)?.extra_field).filter(Boolean));
  if (countsSuspects(report.type_verified) && !codes.code("result", results[0])?.nothing_happened)
    names.push(...OF_SUSPECTS, ...(report.loss_unknown ? [] : ["loss_yuan"]));
  if (isTraffic(report.type_verified)) {
    names.push("traffic_form");
    if (!codes.code("traffic_form", report.traffic_form)?.no_accident) names.push(...OF_TRAFFIC);
  }
  return [...new Set(names)];
}

/**
 * Name what a complete report still lacks; a number 0 says something, except how many an arrest caught.
 * @param {object} report the fields as they would be sent
 * @param {{codes: object, onScene: boolean, known?: string[]}} how `known`: fields that the incident answers itself
 * @returns {string[]} names of fields, such as `result_codes` or `case_no`
 */
export function missingFields(report, { codes, onScene, known = [] }) {
  const isEmpty = (value) => value === undefined || value === null || value === "" || value.length === 0;
  const lacks = neededFields(report, { codes, onScene }).filter((name) => isEmpty(report[name]) && !known.includes(name));
  if ((report.result_codes ?? []).includes("RS01") && report.caught === 0) lacks.push("caught");
  return lacks;
}

/** Name what the incident itself answers: property that was recovered or given back stands in its slots. */
export function knownFields(parties) {
  const statuses = parties.filter((row) => !row.void).map((row) => row.status);
  const known = statuses.some((status) => ["recovered", "returned"].includes(status)) ? ["property_text"] : [];
  return statuses.includes("returned") ? [...known, "receipt"] : known;
}
