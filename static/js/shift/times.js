/**
 * Times of the city for the duty page: days of a week, the hours of a shift, what a field for a moment shows. Pure.
 */

const CITY_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;

const city = (ms) => new Date(ms + CITY_MS).toISOString();

/** Write the day of a moment (milliseconds) in the city as 2026-01-31. */
export function dayOf(ms) {
  return city(ms).slice(0, 10);
}

/** Write a moment in the city as a field for a moment takes it, 2026-01-31T08:00. */
export function fieldOf(ms) {
  return city(ms).slice(0, 16);
}

/** Write the time of day in the city, 08:00. */
export function hourOf(iso) {
  return city(Date.parse(iso)).slice(11, 16);
}

/** List the days of a span from a day on. */
export function daysFrom(day, count) {
  const start = Date.parse(`${day}T00:00:00Z`);
  return Array.from({ length: count }, (_, at) => new Date(start + at * DAY_MS).toISOString().slice(0, 10));
}

/** Name the day so many days later. */
export function dayLater(day, days) {
  return daysFrom(day, 1).map((one) => new Date(Date.parse(`${one}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10))[0];
}

/** Tell the day on which a shift is shown: that of its start. */
export function shownOn(plan) {
  return dayOf(Date.parse(plan.starts_at));
}

/**
 * Tell how a planned shift stands at a moment (milliseconds).
 * @returns {"ahead"|"due"|"running"|"late"|"missing"|"done"}
 */
export function standing(plan, now, graceS) {
  const [start, end] = [Date.parse(plan.starts_at), Date.parse(plan.ends_at)];
  const limit = start + graceS * 1000;
  if (plan.signed_on_at) {
    if (Date.parse(plan.signed_on_at) > limit) return "late";
    return now > end ? "done" : "running";
  }
  if (now > limit) return "missing";
  return now > start ? "due" : "ahead";
}

/** Lay planned shifts out by unit and day: `{unit: {day: [plan…]}}`, each day in the order of the starts. */
export function laidOut(plans) {
  const found = {};
  for (const plan of [...plans].sort((a, b) => a.starts_at.localeCompare(b.starts_at))) {
    const days = (found[plan.unit] ??= {});
    (days[shownOn(plan)] ??= []).push(plan);
  }
  return found;
}

/** Read badge numbers from what somebody types: spaces, commas and full-width signs part them. */
export function badgesOf(text) {
  return [...new Set(text.normalize("NFKC").split(/[\s,、;]+/).filter(Boolean))];
}
