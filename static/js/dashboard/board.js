/**
 * What is open now: incidents in the order of the time left, units by status, alerts that wait.
 */

import { clocks, parseTime, timeLeft } from "../clock.js";

const FINISHED = ["handled", "reported", "review"];
const ARRIVALS = ["arrive5_a", "arrive10_a", "arrive5_b", "arrive10_b", "arrive"];
const ALERT_ORDER = { critical: 0, serious: 1, caution: 2 };

/** Statuses in the order of the code table; seats and partner teams stand apart. */
export const STATUSES = [
  "available", "on_task", "assigned", "en_route", "on_scene", "transporting", "break", "out_of_service", "off_duty",
];
const COMMITTED = ["assigned", "en_route", "on_scene", "transporting"];

/** A fix older than this is stale; past the second limit the unit is not recommended (domain 5). */
export const FIX_STALE_S = 60;
export const FIX_LOST_S = 180;

/**
 * Sort the open incidents by the time left to their next arrival limit, the most overdue first.
 * @param {object} store from `store.js`
 * @param {number} now server time in milliseconds
 * @returns {{waiting: object[], reached: object[], unclocked: object[], finished: number, drills: number}}
 *   `waiting`: nobody there yet, clocks run; `reached`: somebody is there; `unclocked`: no arrival limit
 *   (priority 4 without an order, or no attendance); each row is `{incident, clocks, left, units, step}`
 */
export function openIncidents(store, now) {
  const groups = { waiting: [], reached: [], unclocked: [], finished: 0, drills: 0 };
  for (const incident of store.rows("incident")) {
    if (!incident.open) continue;
    if (incident.drill) groups.drills += 1;
    if (FINISHED.includes(incident.stage)) groups.finished += 1;
    else groups[groupOf(incident)].push(rowOf(store, incident, now));
  }
  groups.waiting.sort((one, other) => one.left - other.left || one.incident.id - other.incident.id);
  groups.reached.sort((one, other) => newest(one, other, "first_on_scene_at"));
  groups.unclocked.sort((one, other) => newest(one, other, "answered_at"));
  return groups;
}

function groupOf(incident) {
  if (incident.first_on_scene_at) return "reached";
  const needless = incident.attendance === false || (incident.priority === 4 && !incident.first_dispatched_at);
  return needless ? "unclocked" : "waiting";
}

function newest(one, other, field) {
  return parseTime(other.incident[field]) - parseTime(one.incident[field]) || one.incident.id - other.incident.id;
}

function rowOf(store, incident, now) {
  const reading = clocks(incident, now);
  const left = Math.min(...[reading.a, reading.b].map((clock) => clock.left ?? Infinity));
  const orders = store.ofIncident("assignment", incident.id).filter((order) => order.live);
  return { incident, clocks: reading, left, units: orders.map((order) => order.call_sign), step: nextStep(store, incident, now) };
}

/** Find the running limit of the chain before arrival: order, delivery, acceptance, departure. */
function nextStep(store, incident, now) {
  const running = store
    .ofIncident("deadline", incident.id)
    .filter((deadline) => !deadline.stopped_at && deadline.state !== "void" && !ARRIVALS.includes(deadline.kind))
    .map((deadline) => ({ kind: deadline.kind, ...timeLeft(deadline, now) }));
  return running.sort((one, other) => one.left - other.left)[0] ?? null;
}

/**
 * Count the units by status.
 * @returns {{statuses: {status: string, units: object[]}[], onDuty: number, free: number, stale: number,
 *   lost: number, seats: number}} `free` are units that may be sent now; `stale` and `lost` count units on
 *   duty whose last fix is older than 60 s and 180 s, or missing
 */
export function unitsByStatus(store, now) {
  const units = store.rows("unit");
  const patrols = units.filter((unit) => unit.dispatchable);
  const onDuty = patrols.filter((unit) => unit.status !== "off_duty");
  const ages = onDuty.map((unit) => fixAge(store, unit, now));
  return {
    statuses: STATUSES.map((status) => ({ status, units: patrols.filter((unit) => unit.status === status).sort(bySign) })),
    onDuty: onDuty.length,
    free: onDuty.filter((unit) => ["available", "on_task"].includes(unit.status)).length,
    committed: onDuty.filter((unit) => COMMITTED.includes(unit.status)).length,
    stale: ages.filter((age) => age > FIX_STALE_S && age <= FIX_LOST_S).length,
    lost: ages.filter((age) => age > FIX_LOST_S).length,
    seats: units.length - patrols.length,
  };
}

function bySign(one, other) {
  return one.call_sign < other.call_sign ? -1 : 1;
}

/** Tell the age of a unit's last fix in seconds; without any fix it is infinite. */
export function fixAge(store, unit, now) {
  const position = store.position(unit.id);
  return position ? (now - position[6]) / 1000 : Infinity;
}

/**
 * Sort the open alerts, the gravest and then the oldest first.
 * @returns {{list: object[], critical: number, serious: number, caution: number}}
 */
export function openAlerts(store) {
  const list = store.rows("alert").filter((alert) => alert.open);
  list.sort((one, other) =>
    ALERT_ORDER[one.severity] - ALERT_ORDER[other.severity] || parseTime(one.raised_at) - parseTime(other.raised_at));
  const count = (severity) => list.filter((alert) => alert.severity === severity).length;
  return { list, critical: count("critical"), serious: count("serious"), caution: count("caution") };
}

/**
 * Judge one arrival clock for the screen.
 * @param {object} clock from `clocks()`
 * @returns {{level: string, shape: string}} shape and level; red only for a missed ten-minute limit
 */
export function clockMark(clock) {
  switch (clock.state) {
    case "missed10": return { level: "critical", shape: "triangle" };
    case "missed5": return { level: "serious", shape: "diamond" };
    case "near": return { level: "caution", shape: "square" };
    case "met5": return { level: "normal", shape: "circle" };
    case "met10": return { level: "serious", shape: "diamond" };
    case "late": return { level: "critical", shape: "triangle" };
    case "running": return { level: "standby", shape: "ring" };
    default: return { level: "off", shape: "bar" };
  }
}
