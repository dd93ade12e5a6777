/**
 * Figures as the server sends them (contract 7), and how they are said: never without n and clock.
 */

import { fill, gettext } from "../words.js";

/** Below so many decided cases a rate is shown as a small sample. */
export const SMALL_SAMPLE = 20;

/**
 * Find one figure.
 * @param {object|null} answer answer of `/api/statistics/…/`
 * @returns {object|null} the figure, `null` when it is not there
 */
export function figure(answer, key, clock, measure = "rate", group = "all") {
  const fits = (one) => one.key === key && one.clock === clock && one.measure === measure && one.group === group;
  return answer?.figures?.find(fits) ?? null;
}

/**
 * Say a share as a percentage that never promises too much: 99.96 % stays 99.9 %, only 1 is 100 %.
 * @param {number|null} share 0 to 1
 * @returns {string} such as `86.4`; `–` for nothing
 */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  if (share === 1) return "100";
  const tenths = Math.floor(share * 1000 + 1e-9);
  return (tenths / 10).toFixed(1);
}

/**
 * Say seconds as `m:ss`, cut to whole seconds upwards: 300.2 s is past five minutes and reads 5:01.
 * @param {number|null} seconds
 */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const whole = Math.ceil(seconds - 1e-9);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * Judge a rate against its target.
 * @returns {"none"|"small"|"met"|"below"} `none` without any decided case; `small` below the sample size and
 *   not met, so that one late car at night is not painted as a failing
 */
export function standing(one) {
  if (!one || one.value === null || one.n === 0) return "none";
  if (one.value >= one.target) return "met";
  return one.n < SMALL_SAMPLE ? "small" : "below";
}

/** Tell level and shape of a standing; the word stands beside them. */
export function standingMark(state) {
  switch (state) {
    case "met": return { level: "normal", shape: "circle", word: gettext("on target") };
    case "below": return { level: "serious", shape: "diamond", word: gettext("below target") };
    case "small": return { level: "caution", shape: "square", word: gettext("below target, few cases") };
    default: return { level: "off", shape: "ring", word: gettext("nothing to count yet") };
  }
}

/** Count everything that was left out. */
export function excludedTotal(one) {
  return Object.values(one?.excluded ?? {}).reduce((sum, count) => sum + count, 0);
}

/**
 * Say in one line what stands behind a rate.
 * @returns {string[]} short parts: hits of n, open, without an order, left out
 */
export function basis(one) {
  if (!one) return [];
  const parts = [fill(gettext("%(hits)s of %(n)s"), { hits: one.hits ?? 0, n: one.n })];
  parts.push(fill(gettext("open %(count)s"), { count: one.open }));
  if (one.not_started) parts.push(fill(gettext("no order yet %(count)s"), { count: one.not_started }));
  parts.push(fill(gettext("left out %(count)s"), { count: excludedTotal(one) }));
  return parts;
}

/**
 * Say what was left out, by code.
 * @param {object} one a figure
 * @param {(code: string) => string} word name of an exclusion code
 * @returns {string[]} such as `EX1 drill: 2`
 */
export function exclusions(one, word) {
  const rows = Object.entries(one?.excluded ?? {}).map(([code, count]) => {
    const late = one.excluded_late?.[code];
    const values = { code, name: word(code), count, late };
    return late
      ? fill(gettext("%(code)s %(name)s: %(count)s, of these after the limit: %(late)s"), values)
      : fill(gettext("%(code)s %(name)s: %(count)s"), values);
  });
  if (one?.outside) rows.push(fill(gettext("Priority 4 without an order: %(count)s"), { count: one.outside }));
  return rows;
}

/** Name a clock as every figure does. */
export function clockWord(clock) {
  switch (clock) {
    case "A": return gettext("A from the answer");
    case "B": return gettext("B from the order");
    case "ring": return gettext("from the ring");
    case "order": return gettext("from each order");
    default: return String(clock ?? "");
  }
}

/**
 * Say how old something is.
 * @param {number|null} seconds age
 */
export function ageWord(seconds) {
  if (seconds === null || seconds === undefined) return gettext("not read yet");
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return fill(gettext("%(count)s s ago"), { count: whole });
  if (whole < 3600) return fill(gettext("%(count)s min ago"), { count: Math.floor(whole / 60) });
  return fill(gettext("%(count)s h ago"), { count: Math.floor(whole / 3600) });
}

/**
 * Say what makes counts other than those of the present definitions.
 * @param {{rebuilding: object|null, outdated: boolean}} answer
 * @returns {string[]} nothing for an answer that is as it should be
 */
export function countingWords({ rebuilding, outdated }) {
  const parts = [];
  if (rebuilding) parts.push(fill(gettext("being counted anew: %(next)s to %(until)s"), rebuilding));
  if (outdated) parts.push(gettext("counted by an older version of the definitions"));
  return parts;
}
