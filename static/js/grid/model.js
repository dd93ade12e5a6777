/** What the grid page shows of tasks and reports: order, marks and words. Pure. */

import { gettext, pgettext } from "../words.js";

export const DUTIES = ["GD1", "GD2", "GD3", "GD4", "GD5", "GD6"];
export const MEDIATION = "GD4";
/** Hours before its date from which a task stands out. */
const SOON_MS = 24 * 3600 * 1000;

/** Tell whether the work of a task is still to be done. */
export const isOpen = (task) => task.state === "todo" || task.state === "doing";

/** Tell whether a settled dispute waits to be looked at again. */
export const waitsForRecheck = (task) => task.state === "done" && !task.ended_at;

/** Tell whether a task, or the recheck of a dispute, is past its date. */
export function isLate(task, now) {
  const by = isOpen(task) ? task.due_at : waitsForRecheck(task) ? task.recheck_at : null;
  return by !== null && Date.parse(by) <= now;
}

/**
 * Sort tasks into what is to be done, what is to be looked at again, and what is over.
 * @param {object[]} tasks rows
 * @param {number} now milliseconds
 * @returns {{open: object[], recheck: object[], over: object[]}} the most pressing first
 */
export function sorted(tasks, now) {
  const by = (field) => (a, b) => Date.parse(a[field]) - Date.parse(b[field]) || a.id - b.id;
  const open = tasks.filter(isOpen).sort((a, b) => Number(isLate(b, now)) - Number(isLate(a, now)) || by("due_at")(a, b));
  const recheck = tasks.filter(waitsForRecheck).sort(by("recheck_at"));
  const over = tasks.filter((task) => !isOpen(task) && !waitsForRecheck(task)).sort((a, b) => b.id - a.id);
  return { open, recheck, over };
}

/**
 * Say how a task stands: level of colour, shape and words, never colour alone.
 * @returns {{level: string, shape: string, text: string}}
 */
export function markOf(task, now) {
  if (isLate(task, now)) return { level: "critical", shape: "▲", text: isOpen(task) ? gettext("overdue") : gettext("look again now") };
  if (task.state === "todo") {
    return task.reopened.length
      ? { level: "serious", shape: "◆", text: gettext("broke out again") }
      : { level: "standby", shape: "○", text: stateWord(task.state) };
  }
  if (task.state === "doing") {
    const soon = Date.parse(task.due_at) - now < SOON_MS;
    return { level: soon ? "caution" : "normal", shape: "◐", text: stateWord(task.state) };
  }
  if (task.state === "returned") return { level: "off", shape: "✕", text: stateWord(task.state) };
  return { level: "off", shape: "●", text: stateWord(task.state) };
}

/** Name a state of a task. */
export function stateWord(state) {
  switch (state) {
    case "todo": return pgettext("grid", "to do");
    case "doing": return pgettext("grid", "in hand");
    case "done": return pgettext("grid", "done");
    case "returned": return pgettext("grid", "returned");
    default: return state;
  }
}

/** Name what a dispute came back by. */
export function againWord(how) {
  switch (how) {
    case "place": return gettext("at the same place");
    case "party": return gettext("among the same people");
    default: return gettext("found when looked at again");
  }
}

/** Name a kind of report. */
export function kindWord(kind) {
  return kind === "hazard" ? gettext("Hazard") : gettext("Information");
}

/** Name a state of a report. */
export function reportState(state) {
  switch (state) {
    case "waiting": return pgettext("grid", "waits for an owner");
    case "taken": return pgettext("grid", "taken on");
    default: return pgettext("grid", "settled");
  }
}

export const OUTCOMES = ["premise_note", "incident", "task", "passed_on", "kept"];

/** Name what came of a report. */
export function outcomeWord(outcome) {
  switch (outcome) {
    case "premise_note": return gettext("Premise note");
    case "incident": return gettext("Incident: the police go");
    case "task": return gettext("Task of the grid");
    case "passed_on": return gettext("Passed on to another body");
    default: return gettext("Kept on record");
  }
}

/** Name a kind of partner team. */
export function teamWord(kind) {
  switch (kind) {
    case "patrol": return gettext("civil patrol");
    case "legal_aid": return gettext("legal aid");
    case "volunteer": return gettext("volunteers");
    default: return pgettext("team", "other");
  }
}

/**
 * Add the lines of the figures up.
 * @param {object[]} lines of `GET /api/grid/figures/`
 * @param {"duty"|"grid_code"} by
 * @returns {object[]} one line for each value, in the order of the values
 */
export function summed(lines, by) {
  const counts = ["n", "todo", "doing", "done", "returned", "overdue", "reopened", "to_recheck"];
  const found = new Map();
  for (const line of lines) {
    const sum = found.get(line[by]) ?? { value: line[by], name: by === "duty" ? line.duty : line.grid_name, ...Object.fromEntries(counts.map((one) => [one, 0])) };
    for (const one of counts) sum[one] += line[one];
    found.set(line[by], sum);
  }
  return [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** The metres between two WGS-84 points, flat: good to a few metres within a city. */
export function metres(a, b) {
  const perDegree = 111_195;
  const east = (b.lng - a.lng) * perDegree * Math.cos(((a.lat + b.lat) / 2) * (Math.PI / 180));
  return Math.hypot(east, (b.lat - a.lat) * perDegree);
}
