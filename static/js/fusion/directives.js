/**
 * Directives on the pages of the back office (指令): the list with every unit's receipt, the form that issues one, and
 * the points of an interception. The form is the same on the fusion and on the video desk.
 */

import { isLapsed } from "../casework_words.js";
import { el } from "../console/dom.js";
import { bearingWord, deskWord, directiveMark, directiveState, lineWord, RESTING, signsOf, TASKS, taskWord } from "../directive_words.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";
import { choice, has, mark, moment, number, pointOf, textField } from "./parts.js";

const BOARD_TRIES = 50;
const BOARD_EVERY_MS = 200;
const ISSUING = ["analyst", "video", "dispatcher", "watch_commander"];

/** Describe the section of the directives. */
export function directives({ codes, me }) {
  return {
    path: "/api/directives/",
    noun: "directives",
    label: gettext("Directives"),
    columns: [gettext("Incident"), pgettext("directive", "Task"), gettext("State"), gettext("Units"), pgettext("console", "Text"), gettext("Issued"), pgettext("console", "Type")].map((text) => ({ text })),
    words: (row) => [row.directive_no, row.incident_no, row.text, row.place, ...row.units.map((line) => line.call_sign)],
    faint: (row) => !row.open,
    count: (answer) => answer.directives.filter((row) => row.open).length,
    title: (row) => `${number(row)} · ${taskWord(row.task)}`,
    cells: (row) => [
      cell(number(row), "code"),
      cell(taskWord(row.task)),
      mark(...directiveMark(row.state), directiveState(row.state)),
      cell(row.units.map((line) => line.call_sign).join(" "), "code"),
      cell(row.text),
      cell(moment(row.issued_at)),
      cell(codes.word("incident_type", row.type_reported)),
    ],
    facts: (row) => [
      [gettext("Directive no."), row.directive_no],
      [pgettext("console", "Text"), row.text],
      [gettext("Issued"), `${deskWord(row.issued_from)} ${row.issued_by_name} ${row.issued_by} ${moment(row.issued_at)}`],
      [gettext("Phones"), row.silent ? gettext("silent") : gettext("ring")],
      [gettext("Point"), row.point ? [row.place, `${row.point.lat.toFixed(5)}, ${row.point.lng.toFixed(5)}`, row.radius_m ? `±${Math.round(row.radius_m)} m` : ""].filter(Boolean).join(" · ") : row.place],
      [gettext("All have accepted"), moment(row.accepted_at)],
      [gettext("Ended"), [moment(row.ended_at), row.withdraw_reason].filter(Boolean).join(" ")],
    ],
    extra: (row) => [unitTable(row), movedLog(row)].filter(Boolean),
    acts: (row) => (row.open && has(me, ISSUING) ? [{ label: gettext("Withdraw the directive"), path: `/api/directives/${row.id}/withdraw/`, fields: [textField("reason", pgettext("console", "Reason"), { limit: 200 })] }] : []),
  };
}

function unitTable(row) {
  const lines = row.units.map((line) => {
    const words = [line.unit === row.lead_unit ? gettext("lead") : "", lineWord(line.state), moment(line.accepted_at), line.attached ? gettext("on its running order") : ""];
    return el("li", { data: { unit: line.call_sign, state: line.state }, text: [line.call_sign, ...words].filter(Boolean).join(" · ") });
  });
  return el("div.fusion-log", {}, el("h3", { text: gettext("Units") }), el("ol", {}, ...lines));
}

function movedLog(row) {
  if (!row.moved.length) return null;
  const lines = row.moved.map((one) => el("li", { text: `${moment(one.at)} ${one.point.lat.toFixed(5)}, ${one.point.lng.toFixed(5)} ±${Math.round(one.radius_m)} m` }));
  return el("div.fusion-log", {}, el("h3", { text: gettext("Former positions") }), el("ol", {}, ...lines));
}

/**
 * Give the act that issues a directive for an incident.
 * @param {{incident: number, positions?: object[], open?: boolean}} row a fusion request, or an incident alone
 * @param {() => object[]} units the units that the page knows
 * @returns {object} for `makeSection`
 */
export function directiveAct(row, units) {
  const present = (row.positions ?? []).filter((one) => !isLapsed(one, row, Date.now())).at(-1);
  return {
    label: gettext("Issue a directive"),
    ready: () => untilKnown(units),
    path: `/api/incidents/${row.incident}/directives/`,
    fields: [
      choice("task", pgettext("directive", "Task"), TASKS.filter((task) => present || !RESTING.includes(task)).map((value) => ({ value, text: taskWord(value) })), present ? "arrest" : "assist"),
      textField("text", pgettext("console", "Text"), { limit: 1000 }),
      textField("units", gettext("Units, the lead first"), { limit: 200 }),
      choice("silent", gettext("Phones"), [{ value: "ring", text: gettext("ring") }, { value: "silent", text: gettext("silent") }]),
      textField("place", gettext("Place in words"), { required: false, limit: 200 }),
      ...(present ? [] : [textField("point", gettext("Point: latitude, longitude (F4)"), { required: false })]),
    ],
    shape: (body) => ({
      ...body,
      units: unitsOf(body.units, units()),
      silent: body.silent === "silent",
      ...(body.point ? { point: pointOf(body.point) ?? body.point } : {}),
      ...(present ? { locked_position: present.id } : {}),
    }),
  };
}

/** Wait for the board of a page that was opened a moment ago: without it no call sign is known. */
async function untilKnown(units) {
  for (let tries = 0; tries < BOARD_TRIES && !units().length; tries += 1) await new Promise((done) => { setTimeout(done, BOARD_EVERY_MS); });
}

/** Turn call signs into what the server takes; one that is not on the board is sent as it is written and refused. */
function unitsOf(text, known) {
  const ids = new Map(known.map((unit) => [unit.call_sign.toUpperCase(), unit.id]));
  return signsOf(text).map((sign) => ({ unit: ids.get(sign) ?? sign }));
}

/**
 * Give the acts that look for points of interception, and send those that were found.
 * @param {{incident: number}} row
 * @param {Map<number, object>} kept what was found, by incident
 */
export function interceptionActs(row, kept) {
  const found = kept.get(row.incident);
  const headings = [{ value: "", text: gettext("unknown") }, ...[0, 45, 90, 135, 180, 225, 270, 315].map((value) => ({ value: String(value), text: bearingWord(value) }))];
  const ask = {
    label: gettext("Interception points"),
    path: `/api/incidents/${row.incident}/interception/`,
    turn: { point: pointOf, heading: Number },
    fields: [textField("point", gettext("Last seen: latitude, longitude (F4)")), choice("heading", gettext("Heading"), headings)],
    onAnswer: (answer) => kept.set(row.incident, answer),
  };
  if (!found?.points.length) return [ask];
  const points = found.points.map((one) => ({ task: "intercept", text: fill(gettext("Point %(number)s: stop the vehicle %(direction)s of where it was seen"), { number: one.number, direction: bearingWord(one.bearing) }), units: [{ unit: one.unit }], point: { ...one.point, crs: "WGS84" }, place: fill(gettext("point %(number)s"), { number: one.number }) }));
  return [{ label: fill(gettext("Send all points: %(units)s"), { units: found.points.map((one) => one.call_sign).join(" ") }), path: `/api/incidents/${row.incident}/interception/send/`, fields: [], shape: () => ({ points }), onAnswer: () => kept.delete(row.incident) }, ask];
}
