/**
 * The attention list: which alerts stand, how grave they are, and which sound is due; pure.
 *
 * Nothing unhandled leaves the list. A sound comes once, when an alert is raised; a critical one
 * keeps its two tones until somebody acknowledges it.
 */

import { parseTime } from "../clock.js";

const GRAVITY = ["critical", "serious", "caution"];

/**
 * List the alerts a person has to see: unacknowledged before acknowledged, grave before slight, old before new.
 * @param {object[]} alerts alert rows
 * @param {string[]} roles roles of the person
 * @returns {object[]}
 */
export function standing(alerts, roles) {
  const watch = roles.includes("watch_commander");
  return alerts
    .filter((alert) => alert.open && (alert.to !== "watch" || watch))
    .sort((a, b) => rank(a) - rank(b) || parseTime(a.raised_at) - parseTime(b.raised_at) || a.id - b.id);
}

function rank(alert) {
  return (alert.acknowledged_at ? 10 : 0) + GRAVITY.indexOf(alert.severity);
}

/** Tell whether the two tones are due: a critical alert that nobody has acknowledged. */
export function needsTwoTone(alerts) {
  return alerts.some((alert) => alert.severity === "critical" && !alert.acknowledged_at);
}

/**
 * Find the gravest alert that has just been raised.
 * @param {object[]} alerts standing alerts
 * @param {Set<number>} heard ids that have sounded already; new ones are added
 * @returns {string|null} severity to sound, null for silence
 */
export function freshSeverity(alerts, heard) {
  let gravest = null;
  for (const alert of alerts) {
    if (heard.has(alert.id)) continue;
    heard.add(alert.id);
    if (alert.acknowledged_at) continue;
    if (gravest === null || GRAVITY.indexOf(alert.severity) < GRAVITY.indexOf(gravest)) gravest = alert.severity;
  }
  return gravest;
}
