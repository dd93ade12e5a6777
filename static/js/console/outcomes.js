/**
 * What came of an incident (快破快挽): its suspects with their arrests and credit, and what an arrest cleared along.
 */

import { formatMoment } from "../clock.js";
import { suspectMark, suspectState } from "../directive_words.js";
import { partyWords } from "../party_words.js";
import { fill, gettext, pgettext } from "../words.js";
import { button, el, shape } from "./dom.js";
import { makeForm } from "./inline_form.js";

const WORKING = ["call_taker", "dispatcher", "watch_commander"];
const text = (name, label, how = {}) => ({ name, label, type: "text", ...how });

/**
 * Make the block.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @param {HTMLElement} slot where the form opens
 * @returns {HTMLElement[]}
 */
export function outcomeBlock(incident, desk, slot) {
  const rows = desk.store.ofIncident("suspect", incident.id);
  const may = desk.has(...WORKING);
  if (!rows.length && !(may && incident.open)) return [];
  const open = (act, row) => slot.replaceChildren(makeForm(act, row, desk, () => slot.replaceChildren()));
  return [
    el("h4", { text: gettext("Suspects and arrests") }),
    el("ul.parties.suspects", {}, ...rows.map((row) => line(row, desk, may, open))),
    may && incident.open ? el("div.verbs.suspect-verbs", { role: "group", "aria-label": gettext("Suspects and arrests") }, button(gettext("Name a suspect"), () => open(nameAct(incident), incident), { data: { act: "suspect" } })) : null,
  ].filter(Boolean);
}

function line(row, desk, may, open) {
  const [level, form] = suspectMark(row.status);
  const person = desk.store.row("party", row.party);
  const cleared = row.cleared.length ? fill(gettext("cleared along: %(count)s"), { count: row.cleared.length }) : "";
  const caught = row.caught_at ? [formatMoment(row.caught_at, desk.now()), row.caught_by_sign, `${gettext("credit")} ${row.credit_units.join(" ")}`, row.handed_to, cleared] : [];
  const acts = may ? suspectActs(row, desk) : [];
  return el(
    "li",
    { data: { suspect: row.id, status: row.status } },
    el(`span.level-${level}`, {}, shape(form), el("b", { text: ` ${suspectState(row.status)}` })),
    el("span", { text: person ? partyWords(person) : "" }),
    caught.length ? el("span.soft", { text: caught.filter(Boolean).join(" · ") }) : null,
    ...acts.map((act) => button(act.label, () => open(act, row), { data: { act: act.id } })),
  );
}

function suspectActs(row, desk) {
  const post = (id, label, verb, fields) => ({ id, label, method: "POST", path: `/api/suspects/${row.id}/${verb}/`, fields });
  const reason = text("reason", pgettext("console", "Reason"), { required: true });
  const there = desk.store.ofIncident("assignment", row.incident).filter((one) => one.state === "on_scene");
  const credit = (value) => ({ name: "credit", label: gettext("Credit: units, video squad, partners"), type: "signs", value });
  const arrest = post("arrest", pgettext("suspect", "Caught"), "arrest", [text("caught_by", gettext("By unit"), { required: true, value: there[0]?.call_sign ?? "" }), credit(there.map((one) => one.call_sign).join(" "))]);
  if (row.status === "at_large") return [arrest];
  const acts = [post("credit", gettext("Credit"), "credit", [credit(row.credit_units.join(" "))]), post("clear", gettext("Clears along"), "clear", [{ name: "incident", label: pgettext("console", "Incident"), type: "incident", required: true }, reason])];
  if (row.status === "controlled") acts.unshift(post("hand-suspect", pgettext("suspect", "Hand over"), "hand-over", [text("to", pgettext("console", "To"), { required: true })]));
  if (row.status !== "released") acts.push(post("release", pgettext("suspect", "Release"), "release", [reason]));
  return acts;
}

/** Give the act that names a suspect. */
export function nameAct(incident) {
  return { id: "suspect", label: gettext("Name a suspect"), method: "POST", path: `/api/incidents/${incident.id}/suspects/`, fields: [text("name", gettext("Name")), text("description", gettext("Looks, clothes"))] };
}
