/**
 * Times of the video desk: the period that is opened at T−n, the cursor in it, the order of the queue; pure.
 */

const MINUTE_MS = 60_000;
/** How long after the incident a camera is opened for at first, in minutes. */
export const AFTER_MIN = 60;
/** Of the next camera: so many minutes are opened after the expected moment. */
export const NEXT_MIN = 30;
/** Somebody may be quicker than expected: the next camera begins so many seconds earlier. */
export const LEAD_S = 30;

/** Tell when an incident happened, as far as anybody knows, in ms. */
export function happenedAt(incident) {
  return Date.parse(incident.occurred_from ?? incident.answered_at);
}

/**
 * Tell which period is opened at T minus n minutes.
 * @param {object} incident
 * @param {number} minutes n
 * @param {number} now ms
 * @returns {{since: number, until: number}} ms; never of the future, never empty
 */
export function periodBefore(incident, minutes, now) {
  const happened = happenedAt(incident);
  const since = Math.min(happened - minutes * MINUTE_MS, now - MINUTE_MS);
  return { since, until: Math.max(since + MINUTE_MS / 2, Math.min(now, happened + AFTER_MIN * MINUTE_MS)) };
}

/** Tell which period of the next camera is opened, when somebody is expected there at a moment. */
export function periodAround(at, now) {
  const since = Math.min(at - LEAD_S * 1000, now - MINUTE_MS);
  return { since, until: Math.max(since + MINUTE_MS / 2, Math.min(now, at + NEXT_MIN * MINUTE_MS)) };
}

/** Keep a moment within a period. */
export function within(at, { since, until }) {
  return Math.min(Math.max(at, since), until);
}

/** Tell in percent how far a search is; 0 for one without cameras. */
export function progress({ checked, cameras }) {
  return cameras ? Math.floor((checked / cameras) * 100) : 0;
}

/**
 * Put the search's marks in order: what is still to be looked through first, then by code.
 * @param {Array<{checked_at: string|null, camera_row: {gb_code: string}}>} marks
 */
export function inOrder(marks) {
  return [...marks].sort((a, b) => Boolean(a.checked_at) - Boolean(b.checked_at) || a.camera_row.gb_code.localeCompare(b.camera_row.gb_code));
}

/** Tell the first and last moment of a chosen span of figures, in ISO with the city's offset. */
export function spanOf(name, now) {
  const here = new Date(now + 8 * 3_600_000);
  const year = here.getUTCFullYear();
  const month = here.getUTCMonth();
  const begin = { day: Date.UTC(year, month, here.getUTCDate()), month: Date.UTC(year, month, 1), year: Date.UTC(year, 0, 1) }[name];
  return { since: new Date(begin - 8 * 3_600_000).toISOString(), until: new Date(now).toISOString() };
}

/** Say a direction of eight in degrees; `null` for "any". */
export const DIRECTIONS = [0, 45, 90, 135, 180, 225, 270, 315];
