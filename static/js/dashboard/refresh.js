/**
 * Reading figures again: soon after something changed, but not more often than a server should be
 * asked, and now and then anyway, because a limit passes without anybody doing anything.
 */

const browserTimers = {
  set: (what, ms) => setTimeout(what, ms),
  clear: (mark) => clearTimeout(mark),
  now: () => performance.now(),
};

/**
 * Make a reader that repeats.
 * @param {object} parts
 * @param {() => Promise<void>} parts.read reads once; a failure is told to `onFailed` and tried again
 * @param {number} parts.atMostEvery seconds between two readings at least
 * @param {number} parts.atLeastEvery seconds between two readings at most
 * @param {(error: Error) => void} [parts.onFailed]
 * @param {object} [parts.timers] `{set, clear, now}`, for tests
 * @returns {{start: () => void, nudge: () => void, stop: () => void}}
 */
export function makeRefresher({ read, atMostEvery, atLeastEvery, onFailed = () => {}, timers = browserTimers }) {
  let mark = null;
  let begunAt = -Infinity;
  let reading = false;
  let again = false;
  let running = false;

  /** Begin to read, at once. */
  function start() {
    running = true;
    run();
  }

  /** End for good. */
  function stop() {
    running = false;
    timers.clear(mark);
  }

  /** Something changed: read as soon as is allowed. */
  function nudge() {
    if (!running) return;
    if (reading) again = true;
    else plan(Math.max(0, begunAt + atMostEvery * 1000 - timers.now()));
  }

  async function run() {
    begunAt = timers.now();
    reading = true;
    again = false;
    try {
      await read();
    } catch (error) {
      onFailed(error);
    }
    reading = false;
    if (!running) return;
    const wait = again ? atMostEvery : atLeastEvery;
    plan(Math.max(0, begunAt + wait * 1000 - timers.now()));
  }

  function plan(ms) {
    timers.clear(mark);
    mark = timers.set(run, ms);
  }

  return { start, nudge, stop };
}

/**
 * Tell whether an entry can change a figure.
 * @param {string} kind kind of a journal entry, such as `assignment.on_scene`
 */
export function changesFigures(kind) {
  return /^(call|incident|assignment)\./.test(kind);
}
