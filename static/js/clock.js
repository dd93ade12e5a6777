/**
 * Time on the screen: the server's clock, counters, and the two arrival clocks of every incident.
 *
 * Clock A (自接警起) starts with the answer of the call, clock B (自派警起) with the first order;
 * each has a five- and a ten-minute limit (domain line 14, K7, K8).
 */

/** Limits of both arrival clocks in seconds: K7 and K8. */
export const ARRIVE_WITHIN = [300, 600];

/** A limit is "near" when less than this many seconds are left. */
export const NEAR_WITHIN = 60;

const SAMPLES = 20;
const JUMP_MS = 2000;
const CHINA_OFFSET_MS = 8 * 3600 * 1000;

/**
 * Read an ISO 8601 time.
 * @param {string|null|undefined} iso time as sent by the server
 * @returns {number|null} milliseconds since 1970, `null` for nothing
 */
export function parseTime(iso) {
  if (!iso) return null;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}

/**
 * Keep the server's time on this machine.
 *
 * A frame stamped `at` arrives after an unknown delay, so the greatest of the last differences is
 * the best one. A jump of more than two seconds (sleep, a corrected clock) starts over.
 * @param {() => number} local a clock in milliseconds; by default one that does not jump
 */
export function makeServerClock(local = () => performance.timeOrigin + performance.now()) {
  let samples = [];
  let offset = 0;
  return {
    /** Learn from a time stamp of the server that has just arrived. */
    learn(iso) {
      const at = parseTime(iso);
      if (at === null) return;
      const difference = at - local();
      if (samples.length && Math.abs(difference - offset) > JUMP_MS) samples = [];
      samples.push(difference);
      if (samples.length > SAMPLES) samples.shift();
      offset = Math.max(...samples);
    },
    /** Tell the server's time in milliseconds since 1970. */
    now: () => local() + offset,
    /** Tell the difference between the server and this machine in milliseconds. */
    offset: () => offset,
  };
}

const two = (number) => String(number).padStart(2, "0");

/**
 * Show a duration: `m:ss` up to sixty minutes, then `h:mm:ss`.
 * @param {number|null} seconds duration; a negative one gets a minus sign
 * @returns {string} digits for a tabular font, `–:––` for nothing
 */
export function counter(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–:––";
  const whole = Math.floor(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? "−" : "";
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)}:${two(whole % 60)}`;
  return `${sign}${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/**
 * Tell the seconds from a time stamp until now.
 * @param {string|null} iso time stamp
 * @param {number} now server time in milliseconds
 * @returns {number|null} seconds, never negative; `null` without a time stamp
 */
export function since(iso, now) {
  const at = parseTime(iso);
  return at === null ? null : Math.max(0, (now - at) / 1000);
}

/**
 * Tell the seconds left until a deadline.
 * @param {{due_at: string, state: string, stopped_at: string|null}} deadline a deadline row
 * @param {number} now server time in milliseconds
 * @returns {{left: number, state: "running"|"near"|"missed"|"met"|"late"|"void"}}
 *   `left` in seconds, negative when passed; `late` is a missed one that was met afterwards
 */
export function timeLeft(deadline, now) {
  const due = parseTime(deadline.due_at);
  const stopped = parseTime(deadline.stopped_at);
  const left = (due - (stopped ?? now)) / 1000;
  if (deadline.state === "void") return { left, state: "void" };
  if (deadline.state === "met") return { left, state: "met" };
  if (stopped !== null) return { left, state: "late" };
  if (deadline.state === "missed" || left <= 0) return { left, state: "missed" };
  return { left, state: left <= NEAR_WITHIN ? "near" : "running" };
}

/**
 * Read both arrival clocks from an incident row.
 * @param {{answered_at: string|null, first_dispatched_at: string|null, first_on_scene_at: string|null,
 *   attendance: boolean, open: boolean, stage: string}} incident an incident row
 * @param {number} now server time in milliseconds
 * @returns {{a: object, b: object}} each `{name, state, elapsed, left, limit, limits}`:
 *   `state` is waiting, running, near, missed5, missed10, met5, met10, late or void;
 *   `left` the seconds to the next limit (to the last one when it has passed), `limit` its length
 */
export function clocks(incident, now) {
  const arrived = parseTime(incident.first_on_scene_at);
  const needless = incident.attendance === false;
  const over = !incident.open || ["handled", "reported", "review"].includes(incident.stage);
  return {
    a: arrivalClock("A", parseTime(incident.answered_at), arrived, now, needless, over),
    b: arrivalClock("B", parseTime(incident.first_dispatched_at), arrived, now, needless, over),
  };
}

function arrivalClock(name, started, arrived, now, needless, over) {
  const [five, ten] = ARRIVE_WITHIN;
  const blank = { name, elapsed: null, left: null, limit: five, limits: ARRIVE_WITHIN };
  if (needless) return { ...blank, state: "void" };
  if (started === null) return { ...blank, state: over ? "void" : "waiting" };
  const elapsed = Math.max(0, ((arrived ?? now) - started) / 1000);
  const limit = elapsed <= five ? five : ten;
  const reading = { ...blank, elapsed, limit, left: limit - elapsed };
  if (arrived !== null) return { ...reading, state: arrivalResult(elapsed) };
  if (over) return { ...reading, state: "void" };
  if (elapsed > ten) return { ...reading, state: "missed10" };
  if (elapsed > five) return { ...reading, state: "missed5" };
  return { ...reading, state: reading.left <= NEAR_WITHIN ? "near" : "running" };
}

function arrivalResult(elapsed) {
  if (elapsed <= ARRIVE_WITHIN[0]) return "met5";
  return elapsed <= ARRIVE_WITHIN[1] ? "met10" : "late";
}

function chinaTime(at) {
  const moment = typeof at === "number" ? at : parseTime(at);
  return moment === null ? null : new Date(moment + CHINA_OFFSET_MS);
}

/**
 * Show a time of day as HH:MM:SS at +08:00, whatever the machine's own zone is.
 * @param {string|number|null} at ISO time or milliseconds since 1970
 * @returns {string} the time, "" for nothing
 */
export function formatTime(at) {
  const time = chinaTime(at);
  if (time === null) return "";
  return `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
}

/**
 * Show a date as YYYY-MM-DD at +08:00.
 * @param {string|number|null} at ISO time or milliseconds since 1970
 * @returns {string} the date, "" for nothing
 */
export function formatDate(at) {
  const time = chinaTime(at);
  if (time === null) return "";
  return `${time.getUTCFullYear()}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
}

/**
 * Show date and time at +08:00; the date only when it is not the day of `now`.
 * @param {string|number|null} at ISO time or milliseconds since 1970
 * @param {number} now server time in milliseconds
 * @returns {string} `HH:MM:SS` or `MM-DD HH:MM:SS`
 */
export function formatMoment(at, now) {
  const date = formatDate(at);
  if (!date) return "";
  return date === formatDate(now) ? formatTime(at) : `${date.slice(5)} ${formatTime(at)}`;
}
