/**
 * What the statistics page asks: a period, a clock, a source of time, another period beside it. Pure.
 */

const CHINA_OFFSET_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

/** The periods that one press chooses; `days` counts back from today, today included. */
export const PRESETS = ["today", "d7", "d28", "d91", "month", "last_month"];
const DAYS = { today: 1, d7: 7, d28: 28, d91: 91 };

/** Tell the calendar day of a moment at Asia/Shanghai, `YYYY-MM-DD`. */
export function dayOf(ms) {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 10);
}

/** Tell the day so many days later; negative counts back. */
export function dayAfter(day, count) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Tell the first and last day of a chosen period.
 * @param {string} preset one of PRESETS
 * @param {string} today `YYYY-MM-DD`
 * @returns {{since: string, until: string}} both included
 */
export function periodOf(preset, today) {
  if (preset === "month") return { since: `${today.slice(0, 7)}-01`, until: today };
  if (preset === "last_month") {
    const until = dayAfter(`${today.slice(0, 7)}-01`, -1);
    return { since: `${until.slice(0, 7)}-01`, until };
  }
  return { since: dayAfter(today, 1 - (DAYS[preset] ?? 1)), until: today };
}

/** Tell the Monday of a day's week and the Sunday after it. */
export function weekOf(day) {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  const since = dayAfter(day, -weekday);
  return { since, until: dayAfter(since, 6) };
}

/** Count the days of a period, both ends included. */
export function daysIn({ since, until }) {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${since}T00:00:00Z`)) / DAY_MS) + 1;
}

/**
 * Write the address of a question; what is empty is left out, but for the empty value of a dimension: what lies in none.
 * @param {string} route such as `figures`
 * @param {Object<string, string|number|boolean|null|undefined>} asked
 */
export function address(route, asked) {
  const kept = Object.entries(asked).filter(([name, value]) => value !== null && value !== undefined && value !== false && (value !== "" || name === "value"));
  const query = new URLSearchParams(kept.map(([key, value]) => [key, value === true ? "1" : String(value)]));
  return `/api/statistics/${route}/${kept.length ? `?${query}` : ""}`;
}
