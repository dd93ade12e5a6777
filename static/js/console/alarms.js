/**
 * The attention list: which alerts stand, how grave they are, and which sound is due; pure.
 *
 * Nothing unhandled leaves the list. A sound comes once, when an alert is raised; a critical one
 * keeps its two tones until somebody acknowledges it.
 */

import { parseTime } from "../clock.js";

const GRAVITY = ["critical", "serious", "caution"];

/** Tell whether an alert has been put aside for a while. */
export function isShelved(alert, now) {
  return Boolean(alert.shelved_until) && parseTime(alert.shelved_until) > now;
}

/** Tell whether an alert rings at a seat: it sounds at all, and one of the roles there can do what it asks for. */
export function ringsFor(alert, roles) {
  return alert.sounds !== false && (alert.heard_by ?? roles).some((role) => roles.includes(role));
}

/**
 * List the alerts that stand: unacknowledged before acknowledged, shelved last, grave before slight, old before new.
 * Those that the watch commander must act on are shown to the whole desk (R4, R14).
 * @param {object[]} alerts alert rows
 * @param {number} now server time in milliseconds
 * @returns {object[]}
 */
export function standing(alerts, now = Date.now()) {
  const place = (alert) => rank(alert) + (isShelved(alert, now) ? 20 : 0);
  return alerts
    .filter((alert) => alert.open)
    .sort((a, b) => place(a) - place(b) || parseTime(a.raised_at) - parseTime(b.raised_at) || a.id - b.id);
}

function rank(alert) {
  return (alert.acknowledged_at ? 10 : 0) + GRAVITY.indexOf(alert.severity);
}

/** Tell whether the two tones are due: a critical alert that nobody has acknowledged. */
export function needsTwoTone(alerts) {
  return alerts.some((alert) => alert.severity === "critical" && !alert.acknowledged_at);
}

/**
 * Find the gravest alert that has just begun to ring here: raised, next in line after another one, or back from the shelf.
 * @param {object[]} alerts standing alerts
 * @param {Set<string>} heard what has rung already; new ones are added
 * @param {string[]} roles roles at this seat
 * @param {number} now server time in milliseconds
 * @returns {string|null} severity to sound, null for silence
 */
export function freshSeverity(alerts, heard, roles, now = Date.now()) {
  let gravest = null;
  for (const alert of alerts) {
    if (!ringsFor(alert, roles) || isShelved(alert, now)) continue;
    const mark = `${alert.id} ${alert.shelved_until ?? ""}`;
    if (heard.has(mark)) continue;
    heard.add(mark);
    if (alert.acknowledged_at) continue;
    if (gravest === null || GRAVITY.indexOf(alert.severity) < GRAVITY.indexOf(gravest)) gravest = alert.severity;
  }
  return gravest;
}
