/**
 * What the administrator's page knows without a screen: code rows, drafts and what differs. Pure.
 */

const OWN = ["id", "table", "code", "zh", "en", "ext_code", "active", "version"];
/** Attributes that other code relies on: shown, never edited by hand. */
const FIXED = new Set([
  "level", "parent", "derived", "number", "shape", "hex", "colour", "open", "live", "final", "desk", "machine", "seat",
  "extra", "extra_field", "creates_incident", "validity", "closing", "group", "clock", "inspectors_only", "joint_only",
]);

/** The order of the form; PostgreSQL keeps none for the settings of a code. */
const ORDER = [
  "priority", "intake_class", "attendance", "units_wanted", "unit_kinds", "units_min", "units_max",
  "order_s", "deliver_s", "accept_s", "depart_s", "arrive_s", "report_s", "meaning_zh", "meaning_en",
  "first_units", "first_units_en", "told", "told_en",
];

/** Take the attributes out of a code's row, in the order of the form: whatever is not one of its own columns. */
export function attributesOf(row) {
  const place = ([name]) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const found = Object.entries(row).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(found.sort((one, other) => place(one) - place(other) || one[0].localeCompare(other[0])));
}

/**
 * Tell how an attribute is edited.
 * @returns {"flag"|"number"|"text"|"lines"|"fixed"}
 */
export function kindOf(name, value) {
  if (FIXED.has(name)) return "fixed";
  if (typeof value === "boolean") return "flag";
  if (typeof value === "number") return "number";
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return "lines";
  return typeof value === "string" ? "text" : "fixed";
}

/** Split what was typed into lines, without empty ones. */
export function linesOf(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

/** Keep the facts of a draft that differ from the row. */
export function changed(row, draft) {
  return Object.fromEntries(Object.entries(draft).filter(([name, value]) => !same(row[name], value)));
}

/**
 * List where my version and the present row differ, for the two to be shown side by side.
 * @returns {Array<{name: string, mine: *, theirs: *}>}
 */
export function differences(mine, theirs) {
  return Object.entries(mine)
    .filter(([name, value]) => !same(theirs[name], value))
    .map(([name, value]) => ({ name, mine: value, theirs: theirs[name] }));
}

/** Tell whether two JSON values are the same, whatever the order of their keys. */
export function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** Tell whether any of a row's texts holds every word of the search. */
export function matches(texts, search) {
  const words = search.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const hay = texts.filter(Boolean).join("\n").normalize("NFKC").toLowerCase();
  return words.every((word) => hay.includes(word));
}

/** Order people by badge as people read it, those without one last. */
export function byBadge(one, other) {
  if (!one.badge !== !other.badge) return one.badge ? -1 : 1;
  return (one.badge || one.username).localeCompare(other.badge || other.username, "zh", { numeric: true });
}

/** Put a saved row in the place of its former version. */
export function replaced(rows, row) {
  return rows.map((old) => (old.code === row.code ? row : old));
}
