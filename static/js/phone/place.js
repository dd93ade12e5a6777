/**
 * Where the phone is, and the road by which an order always arrives.
 *
 * While the page is visible and a shift runs, its fixes go to the server every five seconds; a phone that
 * measures nothing new (in a cellar, or standing still) posts an empty batch every ten. The answer carries
 * the unit's row: a newer version means that something happened to this unit (rule 49).
 */

/** Seconds between two posts. */
export const POST_EVERY = 5;
const EMPTY_EVERY_MS = 10000;
const ASK_OFF_SHIFT_EVERY_MS = 60000;
const FRESH_MS = 4000;
const MOST_ACCURATE = { enableHighAccuracy: true, maximumAge: 2000, timeout: 4500 };

/**
 * Make the position loop.
 * @param {object} parts
 * @param {object} parts.api from `api.js`
 * @param {object} parts.fixes from `fixes.js`
 * @param {() => boolean} parts.isOnShift
 * @param {(unit: object) => void} parts.onUnit the row of a position answer
 * @param {() => void} parts.ask read `GET /api/my-unit/`, for a phone off shift
 * @param {() => void} parts.onChange
 */
export function makePlace({ api, fixes, isOnShift, onUnit, ask, onChange }) {
  let watch = null;
  let timer = null;
  let busy = false;
  let askedAt = 0;
  let refused = "";

  function start() {
    if (timer !== null) return;
    askedAt = Date.now();
    timer = setInterval(tick, POST_EVERY * 1000);
    if (navigator.geolocation) watch = navigator.geolocation.watchPosition(take, fail, MOST_ACCURATE);
    else refused = "none";
    tick();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = null;
  }

  function take(position) {
    refused = "";
    if (fixes.take(position)) onChange();
  }

  function fail(error) {
    refused = error.code === error.PERMISSION_DENIED ? "denied" : "none";
    onChange();
  }

  function tick() {
    if (document.hidden) return;
    refresh();
    const quiet = Date.now() - askedAt;
    if (!isOnShift()) {
      if (quiet > ASK_OFF_SHIFT_EVERY_MS) lookForShift();
    } else if (fixes.waiting() || quiet > EMPTY_EVERY_MS) post();
  }

  /** A phone that stands still may measure nothing new by itself. */
  function refresh() {
    const last = fixes.last();
    if (!navigator.geolocation || refused === "denied") return;
    if (!last || Date.now() - last.at > FRESH_MS) navigator.geolocation.getCurrentPosition(take, () => {}, MOST_ACCURATE);
  }

  /** Somebody else may have started the shift with this person in the crew. */
  function lookForShift() {
    askedAt = Date.now();
    ask();
  }

  async function post() {
    if (busy) return;
    busy = true;
    askedAt = Date.now();
    const batch = fixes.batch();
    try {
      const answer = await api.post("/api/my-unit/position/", { fixes: batch }, { again: false });
      fixes.sent(batch.length);
      onUnit(answer.unit);
    } catch (error) {
      // A batch that the server will never take must not stand before the next one.
      if ([400, 404, 409, 413].includes(error.status)) fixes.sent(batch.length);
    } finally {
      busy = false;
      onChange();
    }
  }

  return {
    start, stop, tick,
    /** Tell why there is no fix: "", "denied" or "none". */
    trouble: () => (fixes.last() && refused !== "denied" ? "" : refused),
  };
}
