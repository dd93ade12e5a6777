/**
 * Words and numbers of deployment: measures, states, changes, intervals. Pure but for gettext.
 */

import { fill, gettext, pgettext } from "../words.js";

const MINUTE_S = 60;

/** Name a measure of a trial. */
export function measureWord(key) {
  switch (key) {
    case "within_5_A": return gettext("There within 5 min of the answer (K7)");
    case "within_5_B": return gettext("There within 5 min of the first order (K7)");
    case "within_10_A": return gettext("There within 10 min of the answer (K8)");
    case "within_10_B": return gettext("There within 10 min of the first order (K8)");
    case "median_A": return gettext("Arrival, median, from the answer");
    case "p90_A": return gettext("Arrival, P90, from the answer");
    case "km_a_day": return gettext("Driven a day, there and back");
    case "busy": return gettext("Share of duty spent on orders");
    case "busiest": return gettext("The same of the busiest unit of each day");
    case "covered": return gettext("Demand within 5 min of a free unit");
    case "unserved": return gettext("Incidents for which nobody was free");
    default: return String(key ?? "");
  }
}

/** Name the state of a trial. */
export function stateWord(trial) {
  switch (trial.state) {
    case "asked": return pgettext("trial", "waiting");
    case "running": return fill(pgettext("trial", "playing, day %(done)s of %(days)s"), { done: trial.days_done, days: trial.days });
    case "answered": return pgettext("trial", "answered");
    case "failed": return fill(pgettext("trial", "failed: %(why)s"), { why: failureWord(trial.failure) });
    case "cancelled": return pgettext("trial", "cancelled");
    default: return String(trial.state ?? "");
  }
}

/** Say why a trial failed. */
export function failureWord(failure) {
  switch (failure) {
    case "too_long": return gettext("not done in its time");
    case "fault": return gettext("a fault came again and again");
    case "nothing": return gettext("nothing was recorded in the period");
    default: return String(failure ?? "");
  }
}

/** Name a way of sending. */
export function wayWord(way) {
  switch (way) {
    case "road": return gettext("as advised now: nearest by road, with reasons");
    case "straight": return gettext("nearest by straight line");
    case "own_station": return gettext("own station first");
    default: return String(way ?? "");
  }
}

/** Name a kind of change. */
export function changeWord(kind) {
  switch (kind) {
    case "move": return gettext("Move a post");
    case "remove": return gettext("Take a unit away");
    case "add": return gettext("Add a unit");
    case "shift": return gettext("Move a shift");
    default: return String(kind ?? "");
  }
}

/** Say a change in one line. */
export function changeLine(change) {
  const place = change.place || (change.lat === undefined ? "" : `${change.lat.toFixed(4)}, ${change.lng.toFixed(4)}`);
  switch (change.kind) {
    case "move": return fill(gettext("%(unit)s to %(place)s"), { unit: change.call_sign, place });
    case "remove": return fill(gettext("%(unit)s taken away"), { unit: change.call_sign });
    case "add": return fill(gettext("%(unit)s added at %(place)s, %(from)s–%(to)s"), { unit: change.call_sign, place, from: clockWord(change.from_minute), to: clockWord(change.to_minute) });
    case "shift": return fill(gettext("shift of %(unit)s moved by %(minutes)s min"), { unit: change.call_sign, minutes: change.minutes });
    default: return "";
  }
}

/** Write minutes of the day as a time. */
export function clockWord(minutes) {
  return `${String(Math.floor(minutes / MINUTE_S)).padStart(2, "0")}:${String(minutes % MINUTE_S).padStart(2, "0")}`;
}

/** Read a time of the day; null for anything else. */
export function minutesOf(text) {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  return found ? Number(found[1]) * MINUTE_S + Number(found[2]) : null;
}

/** Write a value of a measure; a difference of shares is in points and carries its sign, a small one a digit more. */
export function valueWord(value, unit, { difference = false } = {}) {
  if (value === null || value === undefined) return "—";
  const sign = difference && value > 0 ? "+" : "";
  const text = (number, digits) => `${sign}${number.toFixed(digits)}`.replace("-", "−");
  switch (unit) {
    case "share": return difference ? fill(gettext("%(n)s points"), { n: text(value * 100, digitsOf(value * 100, 0.1, 1)) }) : `${(value * 100).toFixed(1)} %`;
    case "s": return difference ? fill(gettext("%(n)s s"), { n: text(value, digitsOf(value, 1, 0)) }) : `${Math.floor(Math.round(value) / MINUTE_S)}:${String(Math.round(value) % MINUTE_S).padStart(2, "0")}`;
    case "km": return fill(gettext("%(n)s km"), { n: text(value, 1) });
    default: return text(value, 0);
  }
}

/** The digits of a difference: one more below a bound, so that what is not zero does not read as zero. */
function digitsOf(value, bound, usual) {
  return value !== 0 && Math.abs(value) < bound ? usual + 1 : usual;
}

/**
 * Say what an interval shows: `better`, `worse`, `other` (where neither is better), `none` (it holds zero) or `unknown`.
 * @param {{interval: [number, number]|null, more_is_better: boolean|null}} line
 */
export function verdict({ interval, more_is_better: more }) {
  if (!interval) return "unknown";
  const [low, high] = interval;
  if (low <= 0 && high >= 0) return "none";
  if (more === null) return "other";
  return low > 0 === more ? "better" : "worse";
}

/** Say a verdict. */
export function verdictWord(found) {
  switch (found) {
    case "better": return pgettext("trial", "better");
    case "worse": return pgettext("trial", "worse");
    case "other": return pgettext("trial", "different");
    case "none": return gettext("no difference shown");
    default: return gettext("no data");
  }
}

/**
 * Lay an interval out on a line of a width: zero is in the middle.
 * @returns {{zero: number, low: number, high: number, at: number}|null} places in pixels
 */
export function bar({ interval, difference }, width) {
  if (!interval) return null;
  const most = Math.max(Math.abs(interval[0]), Math.abs(interval[1]), 1e-9) * 1.1;
  const place = (value) => Math.round((width / 2) * (1 + value / most) * 10) / 10;
  return { zero: width / 2, low: place(interval[0]), high: place(interval[1]), at: place(difference) };
}

/**
 * Say how a cell's rate stands to that of the whole: 0 (much less) to 4 (much more); null with nobody on duty.
 * @param {{per_unit_hour: number|null}} cell
 * @param {number|null} whole
 */
export function step(cell, whole) {
  if (cell.per_unit_hour === null || !whole) return null;
  const times = cell.per_unit_hour / whole;
  return [0.5, 0.8, 1.25, 2].filter((bound) => times > bound).length;
}
