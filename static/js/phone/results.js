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
const DEMANDS = {
  RS01: "caught", RS02: "case_no", RS03: "case_no", RS09: "case_no", RS11: "result_place", RS13: "result_place",
  RS14: "result_place",
};

/** List the result codes that fit an incident type best. */
export function likelyResults(type) {
  return FIRST[String(type ?? "").slice(0, 2)] ?? OTHERS;
}

/** Tell whether a report of this type counts suspects (types 01 and 02). */
export function countsSuspects(type) {
  return ["01", "02"].includes(String(type ?? "").slice(0, 2));
}

/**
 * Name what a handling report still lacks.
 * @param {object} report the fields as they would be sent
 * @returns {string[]} names of fields, such as `result_codes` or `case_no`
 */
export function missingFields(report) {
  const needed = ["result_codes", "type_verified", ...report.result_codes.map((code) => DEMANDS[code]), "process_text"];
  const isEmpty = (value) => value === undefined || value === null || value === "" || value === 0 || value.length === 0;
  return [...new Set(needed)].filter((field) => field && isEmpty(report[field]));
}

/** Tell whether a report with these results shows a field that only some results need. */
export function showsField(codes, field) {
  return codes.some((code) => DEMANDS[code] === field);
}
