/**
 * Where the phone is, and the road by which an order always arrives.
 *
 * While the page is visible and a shift runs, its fixes go to the server every five seconds. The answer
 * carries the unit's row: a newer version means that something happened to this unit (rule 49). Where the
 * phone has no fix to send, it asks for its unit instead.
 */

/** Seconds between two posts. */
export const POST_EVERY = 5;
const ASK_EVERY_MS = 10000;
const FRESH_MS = 4000;
const MOST_ACCURATE = { enableHighAccuracy: true, maximumAge: 2000, timeout: 4500 };

/**
 * Make the position loop.
 * @param {object} parts
 * @param {object} parts.api from `api.js`
 * @param {object} parts.fixes from `fixes.js`
 * @param {() => boolean} parts.isOnShift
 * @param {(unit: object) => void} parts.onUnit the row of a position answer
 * @param {() => void} parts.ask read `GET /api/my-unit/`
 * @param {() => boolean} parts.isHeard whether the socket tells everything already
 * @param {() => void} parts.onChange
 */
export function makePlace({ api, fixes, isOnShift, onUnit, ask, isHeard, onChange }) {
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
    if (fixes.waiting() && isOnShift()) post();
    else if (!isHeard() && Date.now() - askedAt > ASK_EVERY_MS) lookForOrders();
  }

  /** A phone that stands still may measure nothing new by itself. */
  function refresh() {
    const last = fixes.last();
    if (!navigator.geolocation || refused === "denied") return;
    if (!last || Date.now() - last.at > FRESH_MS) navigator.geolocation.getCurrentPosition(take, () => {}, MOST_ACCURATE);
  }

  function lookForOrders() {
    askedAt = Date.now();
    ask();
  }

  async function post() {
    if (busy) return;
    busy = true;
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
