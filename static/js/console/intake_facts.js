/**
 * What the intake form says, as facts of a call and of an incident; pure.
 */

const DANGERS = ["weapon", "hazmat", "explosion_leak"];
const COUNTS = ["offenders_reported", "injured", "trapped", "dead"];
const KINDS_WITH_INCIDENT = ["CK01", "CK02", "CK03", "CK04"];

/** Make the values of an empty form. */
export function emptyValues() {
  return {
    channel: "CH11",
    caller_number: "",
    caller_name: "",
    contact_phone: "",
    kind: "CK01",
    silent: false,
    narrative: "",
    address_text: "",
    place_note: "",
    point: null,
    point_status: "none",
    type_reported: "",
    priority: null,
    weapon: "unknown",
    hazmat: "unknown",
    explosion_leak: "unknown",
    offenders_reported: null,
    injured: null,
    trapped: null,
    dead: null,
    vehicle_plate: "",
    answers: {},
  };
}

/** Take the values of the form from the rows of a call and its incident. */
export function valuesOf(call, incident) {
  const values = emptyValues();
  for (const name of ["channel", "caller_number", "caller_name", "contact_phone", "silent", "narrative"])
    values[name] = call[name] ?? values[name];
  values.kind = call.kind || values.kind;
  if (!incident) return values;
  for (const name of Object.keys(values))
    if (name in incident && !(name in call)) values[name] = incident[name] ?? values[name];
  return values;
}

/** Tell whether an incident can be opened: a place or a type is known, and the kind makes incidents. */
export function canOpen(values) {
  return (
    KINDS_WITH_INCIDENT.includes(values.kind) && Boolean(values.address_text || values.point || values.type_reported)
  );
}

/** Write the facts of the call that the form holds. */
export function callFacts(values) {
  return {
    caller_name: values.caller_name,
    contact_phone: values.contact_phone,
    narrative: values.narrative,
    kind: values.kind,
    silent: values.silent,
  };
}

/** Write the facts of the incident that the form holds, without its place. */
export function incidentFacts(values) {
  const facts = {
    type_reported: values.type_reported,
    narrative: values.narrative,
    vehicle_plate: values.vehicle_plate,
    contact_name: values.caller_name,
    contact_phone: values.contact_phone || values.caller_number,
  };
  for (const name of [...DANGERS, ...COUNTS]) facts[name] = values[name];
  return facts;
}

/** Write the place that the form holds: the words, the remark and the accepted point. */
export function placeFacts(values) {
  return { address_text: values.address_text, place_note: values.place_note, point: values.point };
}

/** Leave out what nobody has filled in: a new incident gets only what is known. */
export function filled(facts) {
  return Object.fromEntries(
    Object.entries(facts).filter(([, value]) => value !== "" && value !== null && value !== undefined),
  );
}

/**
 * Propose a priority: the type's own, 1 when a danger was answered yes, at most 2 with a death (domain 7.2).
 * @param {number|undefined} typePriority default of the type
 * @param {object} values values of the form
 * @returns {number} 1 to 4
 */
export function proposePriority(typePriority, values) {
  if (DANGERS.some((name) => values[name] === "yes")) return 1;
  const proposed = typePriority ?? 3;
  return (values.dead ?? 0) > 0 ? Math.min(2, proposed) : proposed;
}

/**
 * Compare what was known, what the server has now and what the form says, field by field.
 * @param {object} base facts as they stood when the form and the server last agreed
 * @param {object} row facts of the present row
 * @param {object} mine facts of the form
 * @returns {{send: object, take: object, conflicts: Object<string, {mine: any, theirs: any}>}}
 *   `send` only I changed, `take` only somebody else changed, `conflicts` both did, differently
 */
export function compare(base, row, mine) {
  const result = { send: {}, take: {}, conflicts: {} };
  for (const name of Object.keys(mine)) {
    const iDid = !same(mine[name], base[name]);
    const theyDid = !same(row[name], base[name]);
    if (same(mine[name], row[name])) continue;
    if (iDid && theyDid) result.conflicts[name] = { mine: mine[name], theirs: row[name] };
    else if (iDid) result.send[name] = mine[name];
    else if (theyDid) result.take[name] = row[name];
  }
  return result;
}

/** Pick the fields of a row that a set of facts has. */
export function factsOf(row, facts) {
  return Object.fromEntries(Object.keys(facts).map((name) => [name, row[name]]));
}

function same(a, b) {
  if (isPoint(a) || isPoint(b)) return Boolean(a && b) && a.lat === b.lat && a.lng === b.lng;
  return (a ?? "") === (b ?? "");
}

function isPoint(value) {
  return typeof value === "object" && value !== null;
}
