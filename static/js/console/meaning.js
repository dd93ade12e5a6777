/**
 * What a command means on the present board: the rows it names, and what is wrong with it; pure.
 */

import { distance } from "../command_line.js";
import { shortNumber } from "./board.js";
import { initials } from "./pinyin.js";

const FINAL = ["finished", "refused", "withdrawn"];
const ON_INCIDENT =
  "facts person vehicle property receipt mode merge handover supervise fusion watch grid partner directive intercept breakoff suspect noattendance submit approve sendback cancel invalidate reopen";
const NEEDS_INCIDENT = ["place", "type", "priority", "order", "note", "show", "join", ...ON_INCIDENT.split(" ")];
const OF_ASSIGNMENT = [
  ...["withdraw", "delivered", "accept", "depart", "arrive", "finish", "told", "urge", "delay", "report", "returned"],
];
const NEEDS_UNITS = [...OF_ASSIGNMENT, "order", "status", "calm", "swap"];

/**
 * Bind a command to the board.
 * @param {object} command from `command_line.parse`
 * @param {object} board `{units, incidents, assignments, selected}`: rows, and the selected incident's id
 * @returns {{command: object, incident: object|null, units: object[], assignments: object[], problem: object|null}}
 *   `problem` is `{code, word, near}`; code is verb, unit, incident, no_incident, no_units, no_text,
 *   no_assignment, no_level, no_code or status
 */
export function bind(command, board) {
  const bound = { command, incident: null, units: [], assignments: [], problem: null };
  if (!command.verb) return { ...bound, problem: { code: "verb", word: command.word } };
  const unknown = bindUnits(bound, board);
  if (unknown) return { ...bound, problem: unknown };
  if (command.incident !== null) {
    bound.incident = findIncident(command.incident, board.incidents);
    if (!bound.incident) return { ...bound, problem: { code: "incident", word: `#${command.incident}` } };
  } else if (NEEDS_INCIDENT.includes(command.verb)) {
    bound.incident = board.incidents.find((row) => row.id === board.selected) ?? null;
  }
  return { ...bound, problem: bindAssignments(bound, board) ?? lacking(bound) };
}

function bindUnits(bound, board) {
  for (const word of bound.command.units) {
    const unit = findUnit(word, board.units);
    if (!unit) return { code: "unit", word, near: nearUnits(word, board.units) };
    if (!bound.units.includes(unit)) bound.units.push(unit);
  }
  return null;
}

function bindAssignments(bound, board) {
  const { verb } = bound.command;
  if (!OF_ASSIGNMENT.includes(verb) && verb !== "swap") return null;
  // Of a swap the first unit has the order; a withdrawal is confirmed after the order has ended.
  for (const unit of verb === "swap" ? bound.units.slice(0, 1) : bound.units) {
    const live = board.assignments.find(
      (row) =>
        row.unit === unit.id &&
        (verb === "returned"
          ? row.state === "withdrawn" && !row.withdrawal_confirmed_at
          : !FINAL.includes(row.state)) &&
        (bound.incident === null || row.incident === bound.incident.id),
    );
    if (!live) return { code: "no_assignment", word: unit.call_sign };
    bound.assignments.push(live);
  }
  return null;
}

function lacking({ command, incident, units }) {
  if (NEEDS_UNITS.includes(command.verb) && !units.length) return { code: "no_units" };
  if (NEEDS_INCIDENT.includes(command.verb) && !incident && !["place", "type"].includes(command.verb))
    return { code: "no_incident" };
  if (command.verb === "priority" && command.level === null) return { code: "no_level" };
  if (command.verb === "swap" && units.length < 2) return { code: "no_units" };
  if (command.verb === "delay" && !command.code) return { code: "no_code", word: "DL" };
  if (["note", "find", "place", "supplement", "report"].includes(command.verb) && !command.text) return { code: "no_text" };
  if (command.verb === "type" && !command.text && !command.code) return { code: "no_text" };
  if (command.verb === "finish" && !command.code) return { code: "no_code", word: "RS" };
  if (command.verb === "withdraw" && !command.code) return { code: "no_code", word: "CX" };
  if (command.verb === "status" && !statusOf(command.text)) return { code: "status", word: command.text };
  return null;
}

/** Find a unit by call sign (C101), Chinese label (巡101), its pinyin initials (X101), or its bare number when only one has it. */
export function findUnit(word, units) {
  const exact = units.find((unit) => unit.call_sign.toUpperCase() === word || unit.label?.toUpperCase() === word);
  if (exact) return exact;
  if (!/^\d+$/.test(word)) {
    const spelt = units.filter((unit) => unit.label && initials(unit.label).toUpperCase() === word);
    return spelt.length === 1 ? spelt[0] : null;
  }
  const same = units.filter((unit) => unit.call_sign.replace(/^\D+/, "") === word);
  return same.length === 1 ? same[0] : null;
}

function nearUnits(word, units) {
  return units
    .map((unit) => ({ unit, far: distance(unit.call_sign.toUpperCase(), word) }))
    .filter(({ far }) => far <= 1)
    .sort((a, b) => a.far - b.far || a.unit.id - b.unit.id)
    .slice(0, 3)
    .map(({ unit }) => unit.call_sign);
}

/** Find an incident by its running number; of several days the newest. */
export function findIncident(digits, incidents) {
  const whole = incidents.find((row) => row.incident_no.endsWith(digits) && digits.length > 6);
  if (whole) return whole;
  const same = incidents.filter((row) => shortNumber(row.incident_no) === digits);
  return same.sort((a, b) => b.id - a.id)[0] ?? null;
}

const STATUSES = {
  available: ["可派", "街面", "空闲", "available", "free"],
  on_task: ["任务", "有任务", "task"],
  transporting: ["押送", "移交", "transporting"],
  break: ["休整", "休息", "用餐", "break", "meal"],
  out_of_service: ["停用", "故障", "out"],
};

/** Statuses that a person sets, and so may set back. */
export const SET_BY_HAND = Object.keys(STATUSES);

/** Find the unit status that a word means, null for none; derived statuses cannot be set by hand. */
export function statusOf(text) {
  const word = text.trim().toLowerCase().split(" ")[0];
  if (!word) return null;
  return Object.keys(STATUSES).find((status) => status === word || STATUSES[status].includes(word)) ?? null;
}
