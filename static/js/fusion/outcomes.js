/**
 * What came of it on the fusion page (快破快挽): suspects with arrests and credit, and property until it is home again.
 */

import { suspectMark, suspectState, signsOf } from "../directive_words.js";
import { cell } from "../manage/grid.js";
import { gettext, pgettext } from "../words.js";
import { choice, has, mark, moment, number, textField } from "./parts.js";

const WORKING = ["call_taker", "dispatcher", "watch_commander", "analyst", "video"];
const PROPERTY = { stolen: ["caution", "square"], recovered: ["standby", "ring"], lost: ["serious", "diamond"] };
const lastNumber = (value) => Number(String(value).replace(/\D/g, "").slice(-6)) || null;

/** Describe the section of the suspects. */
export function suspects({ codes, me }) {
  return {
    path: "/api/outcomes/",
    noun: "suspects",
    label: gettext("Suspects"),
    columns: [gettext("Incident"), gettext("Name"), gettext("State"), gettext("Caught at"), gettext("By unit"), gettext("Credit"), gettext("Cleared along"), pgettext("console", "Type")].map((text) => ({ text })),
    words: (row) => [row.incident_no, row.name, row.description, row.caught_by_sign, ...row.credit_units],
    faint: (row) => row.status === "released",
    count: (answer) => answer.suspects.filter((row) => row.status === "at_large").length,
    title: (row) => `${number(row)} · ${row.name || row.description}`,
    cells: (row) => [
      cell(number(row), "code"),
      cell(row.name || row.description),
      mark(...suspectMark(row.status), suspectState(row.status)),
      cell(moment(row.caught_at)),
      cell(row.caught_by_sign, "code"),
      cell(row.credit_units.join(" "), "code"),
      cell(String(row.cleared.length || ""), "digits"),
      cell(codes.word("incident_type", row.type_reported)),
    ],
    facts: (row) => [
      [gettext("Looks, clothes"), row.description],
      [gettext("Caught at"), moment(row.caught_at)],
      [gettext("Credit"), row.credit_units.join(" ")],
      [gettext("Handed over to"), row.handed_to],
      [gettext("Cleared along"), row.cleared_numbers.join(" ")],
    ],
    acts: (row) => (has(me, WORKING) ? actsOf(row) : []),
  };
}

function actsOf(row) {
  const path = (verb) => `/api/suspects/${row.id}/${verb}/`;
  const reason = textField("reason", pgettext("console", "Reason"), { limit: 200 });
  const credit = textField("credit", gettext("Credit: units, video squad, partners"), { required: false, limit: 200, value: row.credit_units.join(" ") });
  if (row.status === "at_large") {
    const fields = [textField("caught_by", gettext("By unit"), { limit: 12 }), { name: "caught_at", kind: "moment", label: gettext("Caught at (now when left empty)"), value: "" }, credit];
    return [{ label: pgettext("suspect", "Caught"), main: true, path: path("arrest"), turn: { credit: signsOf, caught_by: (text) => signsOf(text)[0] }, fields }];
  }
  const acts = [
    { label: gettext("Clears along"), main: true, path: path("clear"), turn: { incident: lastNumber }, fields: [textField("incident", gettext("Number of the incident (its last digits)"), { limit: 32 }), reason] },
    { label: gettext("Credit"), path: path("credit"), shape: (body) => ({ credit: signsOf(body.credit) }), fields: [credit] },
  ];
  if (row.cleared.length) {
    const options = row.cleared.map((id, index) => ({ value: String(id), text: row.cleared_numbers[index] ?? String(id) }));
    acts.push({ label: gettext("Clears it not"), path: path("clear/undo"), turn: { incident: Number }, fields: [choice("incident", gettext("Cleared along"), options), textField("reason", pgettext("console", "Reason"), { limit: 200 })] });
  }
  if (row.status === "controlled") acts.push({ label: pgettext("suspect", "Hand over"), path: path("hand-over"), fields: [textField("to", pgettext("console", "To"), { limit: 100 })] });
  if (row.status !== "released") acts.push({ label: pgettext("suspect", "Release"), path: path("release"), fields: [reason] });
  return acts;
}

/** Describe the section of what is not back with its owner; of closed incidents too. */
export function property({ codes }) {
  return {
    path: "/api/outcomes/",
    noun: "property",
    label: gettext("Property not returned"),
    columns: [gettext("Incident"), gettext("What"), gettext("State"), gettext("Recovered at"), gettext("Number or plate"), gettext("Value, yuan"), pgettext("console", "Type")].map((text) => ({ text })),
    words: (row) => [row.incident_no, row.name, row.description, row.plate, row.frame_no, row.brand],
    faint: () => false,
    count: (answer) => answer.property_count,
    title: (row) => `${number(row)} · ${row.name || row.description || row.plate}`,
    cells: (row) => [
      cell(number(row), "code"),
      cell([row.name, row.description, row.colour, row.brand].filter(Boolean).join(" ")),
      mark(...PROPERTY[row.status], propertyState(row.status)),
      cell(moment(row.recovered_at)),
      cell(row.plate || row.frame_no, "code"),
      cell(row.value_yuan === null ? "" : String(row.value_yuan), "digits"),
      cell(codes.word("incident_type", row.type_reported)),
    ],
    facts: (row) => [[gettext("Marks"), row.description], [gettext("Recovered at"), moment(row.recovered_at)]],
    acts: () => [],
  };
}

function propertyState(status) {
  switch (status) {
    case "stolen": return pgettext("party", "stolen");
    case "recovered": return pgettext("party", "recovered");
    default: return pgettext("party", "not found");
  }
}
