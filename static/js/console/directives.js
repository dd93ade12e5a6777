/**
 * Directives on the card of an incident (指令, M23, M25): who told which units what, how far each is; the form that
 * issues one, the points of an interception, and what a mode lets the desk do.
 */

import { counter, formatMoment, formatTime } from "../clock.js";
import { bearingWord, deskWord, directiveMark, directiveState, lineWord, TASKS, taskWord } from "../directive_words.js";
import { fill, gettext, modeWord, pgettext } from "../words.js";
import { button, el, shape } from "./dom.js";
import { makeForm } from "./inline_form.js";

const ISSUING = ["analyst", "video", "dispatcher", "watch_commander"];
const CHASES = ["pursuit", "interception"];

/**
 * Make the block.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @param {HTMLElement} slot where a form opens
 * @returns {HTMLElement[]} nothing where nothing was directed and no mode runs
 */
export function directiveBlock(incident, desk, slot) {
  const rows = [...desk.store.ofIncident("directive", incident.id)].reverse();
  const found = desk.interception?.incident === incident.id ? desk.interception : null;
  const broken = incident.broken_off_at && incident.mode === "routine";
  if (!rows.length && !found && !broken && (incident.mode ?? "routine") === "routine") return [];
  const open = (act, row) => slot.replaceChildren(makeForm(act, row, desk, () => slot.replaceChildren()));
  return [
    el("h4", { text: gettext("Directives") }),
    modeLine(incident, broken, desk.now()),
    found ? proposalBlock(found, incident, desk) : null,
    el("ul.parties.directives", {}, ...rows.map((row) => directiveLine(row, desk, open))),
  ].filter(Boolean);
}

function modeLine(incident, broken, now) {
  if (broken) return el("p.mode-line.level-serious", { data: { mode: "broken_off" } }, shape("cross"), el("b", { text: ` ${gettext("Pursuit broken off")}` }), el("span", { text: ` ${formatMoment(incident.broken_off_at, now)} · ${incident.mode_reason}` }));
  if ((incident.mode ?? "routine") === "routine") return null;
  const quiet = incident.quiet ? gettext("silent phones") : "";
  const words = [fill(gettext("since %(time)s"), { time: formatTime(incident.mode_at) }), quiet, incident.mode_reason].filter(Boolean);
  return el("p.mode-line.level-standby", { data: { mode: incident.mode } }, shape("ring"), el("b", { text: ` ${modeWord(incident.mode)}` }), el("span", { text: ` ${words.join(" · ")}` }));
}

function directiveLine(row, desk, open) {
  const [level, form] = directiveMark(row.state);
  const may = row.open && desk.has(...ISSUING);
  return el(
    "li",
    { data: { directive: row.id, state: row.state, task: row.task } },
    el(`span.level-${level}`, {}, shape(form), el("b", { text: ` ${taskWord(row.task)} · ${directiveState(row.state)}` })),
    el("span", { text: row.text }),
    el("span.soft", { text: [deskWord(row.issued_from), `${row.issued_by_name} ${row.issued_by}`, formatTime(row.issued_at), row.silent ? gettext("silent") : ""].filter(Boolean).join(" · ") }),
    el("span.directive-units", {}, ...row.units.map((line) => unitLine(line, row))),
    pointLine(row, desk),
    row.withdraw_reason ? el("span.soft", { text: fill(gettext("withdrawn: %(reason)s"), { reason: row.withdraw_reason }) }) : null,
    may ? button(gettext("Withdraw the directive"), () => open(withdrawAct(row), row), { data: { act: "withdraw-directive" } }) : null,
  );
}

function unitLine(line, row) {
  const lead = line.unit === row.lead_unit ? ` ${gettext("lead")}` : "";
  const joined = line.attached ? ` ${gettext("on its running order")}` : "";
  const at = line.accepted_at ? ` ${formatTime(line.accepted_at)}` : "";
  return el("span.flag", { data: { unit: line.call_sign, state: line.state }, text: `${line.call_sign}${lead} · ${lineWord(line.state)}${at}${joined}` });
}

function pointLine(row, desk) {
  if (!row.point) return row.place ? el("span", { text: row.place }) : null;
  const lapsed = row.valid_until && Date.parse(row.valid_until) <= desk.now();
  const words = { radius: Math.round(row.radius_m ?? 0), time: formatTime(row.valid_until) };
  const says = !row.valid_until ? "" : fill(lapsed ? gettext("±%(radius)s m · ran out %(time)s") : gettext("±%(radius)s m · valid to %(time)s"), words);
  const moved = row.moved.length ? fill(gettext("moved %(count)s times"), { count: row.moved.length }) : "";
  return el("span.soft", { text: [row.place, `${row.point.lng.toFixed(5)}, ${row.point.lat.toFixed(5)}`, says, moved].filter(Boolean).join(" · ") });
}

/** The points that were proposed: one key sends them all, each with its unit. */
function proposalBlock(found, incident, desk) {
  if (!found.points.length) return el("p.proposal.level-caution", {}, shape("square"), el("span", { text: fill(gettext("No point can be reached in time: %(count)s free units looked at."), { count: found.free }) }));
  const says = fill(gettext("Interception: %(count)s points, on the quickest way to %(covered)s of the ways out within %(time)s, %(held)s shut whole"), { count: found.points.length, covered: `${Math.round(found.covered * 100)} %`, held: `${Math.round(found.held * 100)} %`, time: counter(found.horizon_s) });
  return el(
    "div.proposal.level-caution.interception",
    {},
    el("p", {}, shape("square"), el("b", { text: ` ${says}` })),
    el("ol", {}, ...found.points.map((one) => el("li", { data: { point: one.number, unit: one.call_sign } }, el("b.code", { text: one.call_sign }), el("span", { text: ` ${pointWords(one)}` })))),
    button(gettext("Send all points"), () => sendPoints(found, incident, desk), { key: "Alt+B", kind: "main", data: { act: "send-interception" } }),
  );
}

function pointWords(one) {
  const words = { metres: one.metres, direction: bearingWord(one.bearing), margin: counter(one.margin_s), time: counter(one.unit_s), covers: `${Math.round(one.covers * 100)} %` };
  return fill(gettext("%(direction)s %(metres)s m · there in %(time)s, %(margin)s before the vehicle · %(covers)s of the ways"), words);
}

/** Send the points that stand on the card. */
export async function sendPoints(found, incident, desk) {
  const points = found.points.map((one) => ({
    task: "intercept",
    text: fill(gettext("Point %(number)s: stop the vehicle %(direction)s of where it was seen"), { number: one.number, direction: bearingWord(one.bearing) }),
    units: [{ unit: one.unit }],
    point: { ...one.point, crs: "WGS84" },
    place: fill(gettext("point %(number)s"), { number: one.number }),
  }));
  const { error } = await desk.act("POST", `/api/incidents/${incident.id}/interception/send/`, { points }, { done: gettext("Interception sent.") });
  if (error) return;
  desk.interception = null;
  desk.emit("interception");
}

/** Give the acts of directives and modes on an incident. */
export function directiveActs(incident, roles) {
  const may = (...some) => roles.some((role) => some.includes(role));
  const path = (verb) => `/api/incidents/${incident.id}/${verb}/`;
  const acts = [];
  if (!incident.open) return acts;
  if (may(...ISSUING)) acts.push(issueAct(incident), { id: "interception", label: gettext("Interception points"), path: path("interception"), method: "POST", versioned: false, fields: interceptFields(), onAnswer: "interception" });
  if (CHASES.includes(incident.mode) && may("dispatcher", "watch_commander"))
    acts.push({ id: "break-off", label: gettext("Break off the pursuit"), path: path("break-off"), method: "POST", versioned: false, kind: "grave", fields: [{ name: "reason", label: pgettext("console", "Reason"), type: "text", required: true, value: gettext("danger to others") }] });
  return acts;
}

/** Give the act that issues a directive. */
export function issueAct(incident) {
  return {
    id: "directives",
    label: gettext("Directive"),
    path: `/api/incidents/${incident.id}/directives/`,
    method: "POST",
    versioned: false,
    fields: [
      { name: "task", label: pgettext("directive", "Task"), type: "choice", required: true, value: "assist", options: TASKS.map((value) => ({ value, text: taskWord(value) })) },
      { name: "text", label: pgettext("console", "Text"), type: "text", required: true, long: true },
      { name: "units", label: gettext("Units, the lead first"), type: "units", required: true },
      { name: "locked_position", label: gettext("Locked position"), type: "position", incident: incident.id },
      { name: "silent", label: gettext("Phones"), type: "choice", value: false, options: [{ value: false, text: gettext("ring") }, { value: true, text: gettext("silent") }] },
    ],
  };
}

function interceptFields() {
  return [
    { name: "point", label: gettext("Last seen (place or F4)"), type: "spot", required: true },
    { name: "heading", label: gettext("Heading"), type: "choice", value: null, options: [{ value: null, text: gettext("unknown") }, ...[0, 45, 90, 135, 180, 225, 270, 315].map((value) => ({ value, text: bearingWord(value) }))] },
    { name: "motorcycle", label: pgettext("console", "Vehicle"), type: "choice", value: false, options: [{ value: false, text: gettext("car") }, { value: true, text: gettext("motorcycle") }] },
  ];
}

function withdrawAct(row) {
  return { label: gettext("Withdraw the directive"), method: "POST", path: `/api/directives/${row.id}/withdraw/`, fields: [{ name: "reason", label: pgettext("console", "Reason"), type: "text", required: true }] };
}
