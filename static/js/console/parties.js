/**
 * Persons, vehicles and property of an incident as slots: added in one form, seen by the units in the same moment.
 */

import { partyWords, roleWord } from "../party_words.js";
import { fill, gettext, pgettext } from "../words.js";
import { button, el } from "./dom.js";
import { makeForm } from "./inline_form.js";

const ROLES = ["suspect", "victim", "witness", "missing", "caller", "other"];

/**
 * Make the block of an incident's slots.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @param {HTMLElement} slot where the form opens
 * @returns {HTMLElement[]}
 */
export function partyBlock(incident, desk, slot) {
  const rows = desk.store.ofIncident("party", incident.id).filter((row) => !row.void);
  const may = incident.open && desk.has("call_taker", "dispatcher", "watch_commander");
  const open = (act, row) => slot.replaceChildren(makeForm(act, row, desk, () => slot.replaceChildren()));
  const verbs = ["person", "vehicle", "property"].map((kind) =>
    button(kindWord(kind), () => open(addAct(incident, kind), incident), { data: { kind } }),
  );
  return [
    el("h4", { text: gettext("Persons, vehicles, property") }),
    el("ul.parties", {}, ...rows.map((row) => line(row, may, open))),
    may ? el("div.verbs.party-verbs", { role: "group", "aria-label": gettext("Add") }, ...verbs) : null,
  ].filter(Boolean);
}

function line(row, may, open) {
  const next = row.status ? nextAct(row) : null;
  return el(
    "li",
    { data: { id: row.id, kind: row.kind } },
    el("b", { text: row.role ? roleWord(row.role) : kindWord(row.kind) }),
    el("span", { text: partyWords(row) }),
    row.status ? el(`span.flag.level-${row.status === "returned" ? "normal" : "caution"}`, { text: statusWord(row.status) }) : null,
    may && next ? button(next.label, () => open(next, row)) : null,
    may && row.status === "stolen" ? button(gettext("Not found"), () => open(lostAct(row), row)) : null,
    may ? button(pgettext("console", "Void"), () => open(voidAct(row), row)) : null,
  );
}

const text = (name, label, how = {}) => ({ name, label, type: "text", ...how });

/** Give the act that adds a person, a vehicle or property to an incident. */
export function addAct(incident, kind) {
  const fields = {
    person: [
      { name: "role", label: gettext("Role"), type: "choice", value: "suspect", options: ROLES.map((value) => ({ value, text: roleWord(value) })) },
      text("description", gettext("Looks, clothes")),
      text("name", gettext("Name")),
      text("phone", pgettext("console", "Telephone")),
      text("id_no", gettext("Identity number")),
      text("address", gettext("Address")),
    ],
    vehicle: [text("plate", pgettext("console", "Plate")), text("description", gettext("Kind, marks")), text("colour", gettext("Colour")), text("brand", gettext("Make")), text("frame_no", gettext("Frame number")), statusField()],
    property: [text("name", gettext("What")), text("description", gettext("Marks")), text("colour", gettext("Colour")), text("brand", gettext("Make")), text("frame_no", gettext("Number")), statusField()],
  }[kind];
  return { label: fill(gettext("Add: %(what)s"), { what: kindWord(kind) }), method: "POST", path: `/api/incidents/${incident.id}/parties/`, fixed: { kind }, fields };
}

function statusField() {
  const options = [
    { value: "", text: gettext("not stolen") },
    { value: "stolen", text: statusWord("stolen") },
  ];
  return { name: "status", label: gettext("State"), type: "choice", value: "stolen", options };
}

function nextAct(row) {
  const path = `/api/parties/${row.id}/`;
  if (row.status === "stolen" || row.status === "lost")
    return { label: gettext("Recovered"), method: "PATCH", path, versioned: true, fixed: { status: "recovered" }, fields: [] };
  if (row.status !== "recovered") return null;
  return {
    label: gettext("Give back"),
    method: "PATCH",
    path,
    versioned: true,
    fixed: { status: "returned" },
    fields: [text("returned_to", pgettext("party", "Taken by"), { required: true }), text("receipt", gettext("Receipt: signature or photo"), { required: true })],
  };
}

/** What is looked for in vain stays on the list, as not found, until it turns up. */
function lostAct(row) {
  return { label: gettext("Not found"), method: "PATCH", path: `/api/parties/${row.id}/`, versioned: true, fixed: { status: "lost" }, fields: [] };
}

function voidAct(row) {
  return { label: pgettext("console", "Void"), method: "POST", path: `/api/parties/${row.id}/void/`, fields: [text("reason", pgettext("console", "Reason"), { required: true })] };
}

function kindWord(kind) {
  switch (kind) {
    case "person":
      return pgettext("party", "Person");
    case "vehicle":
      return pgettext("party", "Vehicle");
    default:
      return pgettext("party", "Property");
  }
}

function statusWord(status) {
  switch (status) {
    case "stolen":
      return pgettext("party", "stolen");
    case "recovered":
      return pgettext("party", "recovered");
    case "returned":
      return pgettext("party", "given back");
    default:
      return pgettext("party", "not found");
  }
}
