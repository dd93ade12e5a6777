/**
 * How old the wall's figures are, those of today and those of the last days each by itself, and when an opened figure
 * closes. Pure.
 */

/** Figures older than this are said to be old: those of today are read every 15 s, those of the last days every 120 s. */
export const AGED_AFTER_S = { now: 60, days: 300 };

/** An opened figure closes by itself after so long without any input. A wall belongs to all who look at it from afar:
 * what one person opened and left must never stay in front of the figures. */
export const CLOSE_AFTER_MS = 60_000;

/**
 * Tell how old an answer is. Of a clock that never jumps and one that also runs while the machine sleeps the greater
 * difference counts, so that a wall that slept never shows old figures as fresh ones.
 * @param {{steady: number, wall: number}|null} read when it came, both clocks in milliseconds
 * @param {{steady: number, wall: number}} now
 * @returns {number|null} seconds; null when nothing has come yet
 */
export function ageOf(read, now) {
  return read === null ? null : Math.max(0, now.steady - read.steady, now.wall - read.wall) / 1000;
}

/**
 * Tell how far figures may be trusted as the present.
 * @param {"now"|"days"} kind
 * @param {number|null} age seconds
 * @returns {"fresh"|"aged"|"none"} `none` before the first answer
 */
export function trustOf(kind, age) {
  if (age === null) return "none";
  return age > AGED_AFTER_S[kind] ? "aged" : "fresh";
}

/**
 * Tell on which side an opened figure stands: away from the one it belongs to, which stays in sight.
 * @param {{left: number, width: number}} figure
 * @param {{left: number, width: number}} wall
 * @returns {"left"|"right"}
 */
export function sideOf(figure, wall) {
  return figure.left + figure.width / 2 < wall.left + wall.width / 2 ? "right" : "left";
}

/** Tell whether nobody has touched anything for so long that an opened figure closes. */
export function isLeft(touchedAt, now) {
  return now - touchedAt >= CLOSE_AFTER_MS;
}
