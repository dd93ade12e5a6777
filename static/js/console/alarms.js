/**
 * The attention list: which alerts stand, how grave they are, and which sound is due; pure.
 *
 * Nothing unhandled leaves the list. A sound comes once, when an alert is raised; a critical one
 * keeps its two tones until somebody acknowledges it.
 */

import { parseTime } from "../clock.js";

const GRAVITY = ["critical", "serious", "caution"];

/**
 * List the alerts that stand: unacknowledged before acknowledged, grave before slight, old before new.
 * Those that the watch commander must act on are shown to the whole desk (R4, R14).
 * @param {object[]} alerts alert rows
 * @returns {object[]}
 */
export function standing(alerts) {
  return alerts
    .filter((alert) => alert.open)
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
