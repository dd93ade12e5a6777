/**
 * The phone's own fixes between two position posts. Pure.
 *
 * A fix is taken at most once a second; what could not be sent stays, up to ten minutes of it, the
 * oldest thrown away first: a position is only worth what it tells about now (message class B).
 */

const KEPT = 120;
const BATCH = 60;
const APART_MS = 1000;
const WRONG_CLOCK_MS = 3000;

/**
 * Make an empty buffer of fixes.
 * @param {() => number} [offset] server time minus device time in milliseconds: a phone whose clock is
 *   fast would claim fixes from the future, which the server refuses
 */
export function makeFixes(offset = () => 0) {
  let waiting = [];
  let last = null;
  return {
    /**
     * Take what the browser measured.
     * @param {GeolocationPosition} position
     * @returns {boolean} false when it came too soon after the one before or is the same
     */
    take({ coords, timestamp }) {
      if (last && timestamp - last.at < APART_MS) return false;
      last = { at: timestamp, lat: coords.latitude, lng: coords.longitude, accuracy_m: coords.accuracy ?? null };
      waiting = [...waiting, { at: timestamp, wire: wireOf(coords, timestamp + corrected(offset())) }].slice(-KEPT);
      return true;
    },
    /** Return the next batch, oldest first, as the API takes it. */
    batch: () => waiting.slice(0, BATCH).map((fix) => fix.wire),
    /** Forget what the server has taken. */
    sent(count) {
      waiting = waiting.slice(count);
    },
    /** Tell the last fix as `{at, lat, lng, accuracy_m}`, `null` before the first. */
    last: () => last,
    /** Count what waits. */
    waiting: () => waiting.length,
    /** Forget everything. */
    clear() {
      waiting = [];
      last = null;
    },
  };
}

/** A few seconds are within what fixes may be off; only a wrong clock is corrected. */
function corrected(offset) {
  return Math.abs(offset) > WRONG_CLOCK_MS ? offset : 0;
}

function wireOf(coords, timestamp) {
  const fix = {
    lat: rounded(coords.latitude, 7),
    lng: rounded(coords.longitude, 7),
    crs: "WGS84",
    taken_at: new Date(Math.round(timestamp)).toISOString(),
  };
  if (isMeasured(coords.accuracy)) fix.accuracy_m = rounded(coords.accuracy, 1);
  if (isMeasured(coords.speed)) fix.speed_kmh = rounded(coords.speed * 3.6, 1);
  if (isMeasured(coords.heading)) fix.heading = rounded(coords.heading, 1);
  return fix;
}

const isMeasured = (value) => typeof value === "number" && Number.isFinite(value);
const rounded = (value, digits) => Number(value.toFixed(digits));
