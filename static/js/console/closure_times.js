/**
 * Moments of a closure as a dispatcher types them; pure. All times are those of the city (UTC+8, without summer time).
 */

const CITY_MS = 8 * 3600_000;
const DAY_MS = 24 * 3600_000;
const LATE_MS = 10 * 60_000;

/**
 * Read a moment: `18:00` (the next one), `11-25 06:00`, `+90` (minutes).
 * @param {string} text what was typed; full-width digits and colons count
 * @param {number} now ms since 1970
 * @returns {number|null|undefined} ms since 1970; `null` for an empty text, `undefined` for one that cannot be read
 */
export function momentOf(text, now) {
  const plain = text.normalize("NFKC").trim();
  if (!plain) return null;
  const plus = /^\+(\d{1,5})$/.exec(plain);
  if (plus) return now + Number(plus[1]) * 60_000;
  const found = /^(?:(\d{1,2})-(\d{1,2})\s+)?(\d{1,2}):?(\d{2})$/.exec(plain);
  if (!found) return undefined;
  const [, month, day, hour, minute] = found.map((part) => (part === undefined ? undefined : Number(part)));
  if (hour > 23 || minute > 59) return undefined;
  return month === undefined ? nextTime(hour, minute, now) : onDay(month, day, hour, minute, now);
}

/** The next time of day like this; one that passed a moment ago is meant as it stands. */
function nextTime(hour, minute, now) {
  const midnight = Math.floor((now + CITY_MS) / DAY_MS) * DAY_MS - CITY_MS;
  const today = midnight + (hour * 60 + minute) * 60_000;
  return today < now - LATE_MS ? today + DAY_MS : today;
}

/** A day without its year is in this one, or in the next one when it is long over. */
function onDay(month, day, hour, minute, now) {
  const year = new Date(now + CITY_MS).getUTCFullYear();
  for (const one of [year, year + 1]) {
    const at = new Date(Date.UTC(one, month - 1, day, hour, minute));
    if (at.getUTCMonth() !== month - 1) return undefined;
    if (at.getTime() - CITY_MS > now - DAY_MS) return at.getTime() - CITY_MS;
  }
  return undefined;
}

/** Drop a corner that lies on the one before it, as the second click of a double click does. */
export function withoutDoubles(points) {
  return points.filter(([lat, lng], at) => {
    if (!at) return true;
    const [before_lat, before_lng] = points[at - 1];
    return Math.abs(lat - before_lat) > 1e-5 || Math.abs(lng - before_lng) > 1e-5;
  });
}
