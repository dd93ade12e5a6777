/**
 * The officer's outbox: acts wait in a durable store and are sent in order, each exactly once.
 *
 * An act gets its Idempotency-Key when the officer taps and keeps it until the server has answered,
 * over time-outs, restarts and days without network; so the server does it once (contract 1). Acts
 * go out strictly in the order in which they were made, with two exceptions:
 *  - an urgent act (officer emergency) waits for nobody;
 *  - a slow act (a photo, a report that carries photos) waits for everything before it, but nothing
 *    quick waits for a slow act: a picture on bad 4G must not hold back an acceptance.
 * A refused act is set aside with the server's words, for the officer to read and dismiss; those
 * behind it go on. An act may name the row that an earlier one makes as `key:<its key>`.
 */

/** States of an act: 待发, 已发 (asked, not answered), 已确认, and set aside with a reason. */
export const WAITING = "waiting";
export const SENT = "sent";
export const CONFIRMED = "confirmed";
export const REFUSED = "refused";

/** Unsent acts older than this are forgotten at the next start (targets 3.3). */
export const KEPT_FOR_MS = 12 * 3600 * 1000;

const AGAIN_FROM_MS = 2000;
const AGAIN_TO_MS = 15000;
const RECENT = 6;
const MADE_KEPT = 60;
const REFERENCE = /key:[0-9a-f-]{36}/g;

/**
 * Make an outbox.
 * @param {object} parts
 * @param {object} parts.store where acts survive: `acts() put(act) remove(key) keep(name, value) kept(name)`
 * @param {(act: object) => Promise<object>} parts.send sends one act with its key; rejects with an
 *   error that has `mayRepeat` (outcome unknown) or `status`, `code`, `message`, `current`
 * @param {(act: object, answer: object) => void} [parts.onAnswer] called before the act leaves the list
 * @param {(act: object, error: object) => void} [parts.onRefused]
 * @param {() => void} [parts.onChange] the list is another one
 * @param {() => number} [parts.now] the device's time in milliseconds
 * @param {object} [parts.timers] `{set, clear, random}`, for tests
 * @param {number} [parts.keptFor] milliseconds after which an unsent act is forgotten at the next start
 */
export function makeOutbox({
  store, send, onAnswer = () => {}, onRefused = () => {}, onChange = () => {}, now = Date.now, timers = browserTimers,
  keptFor = KEPT_FOR_MS,
}) {
  let acts = [];
  let recent = [];
  let made = {};
  let failures = 0;
  let notBefore = 0;
  let halted = null;
  let timer = null;
  const flying = new Set();

  /**
   * Read what an earlier page left behind. Call once, before anything else.
   * @returns {Promise<number>} how many acts were too old and are forgotten
   */
  async function load() {
    made = (await store.kept("made")) ?? {};
    const found = await store.acts();
    const old = found.filter((act) => now() - act.made_at > keptFor);
    for (const act of old) await store.remove(act.key);
    acts = found.filter((act) => !old.includes(act)).map((act) => ({ ...act, state: restored(act) }));
    acts.sort((a, b) => a.n - b.n);
    onChange();
    return old.length;
  }

  /**
   * Put an act at the end of the line and start sending. Resolves when it is stored on the device.
   * @param {{key: string, method: string, path: string, body: object, title: string, effect?: object,
   *   urgent?: boolean, slow?: boolean, hidden?: boolean, photo?: Blob, makes?: string}} act `makes`: the row of the answer
   *   that later acts mean by `key:<its key>`; the first one without it
   */
  async function add(act) {
    const last = acts.reduce((highest, other) => Math.max(highest, other.n), made.n ?? 0);
    const stored = { ...act, n: last + 1, made_at: now(), state: WAITING };
    acts.push(stored);
    onChange();
    try {
      await store.put(stored);
    } catch {
      // A full device must not stop the act itself: it is still sent, it only would not survive a restart.
      stored.fragile = true;
    }
    flush(stored.urgent);
    return stored;
  }

  /**
   * Send what may be sent now.
   * @param {boolean} [atOnce] the network has come back: do not wait out the pause after a failure
   */
  function flush(atOnce = false) {
    if (halted) return;
    if (atOnce) notBefore = 0;
    for (const act of sendable(acts, flying)) if (atOnce || isDue(act)) carry(act);
    schedule();
  }

  function isDue(act) {
    return (act.urgent ? act.again_at ?? 0 : notBefore) <= now();
  }

  async function carry(act) {
    flying.add(act.key);
    mark(act, SENT);
    let answer = null;
    try {
      answer = await send(resolve(act, made));
    } catch (error) {
      await failed(act, error);
      return flush();
    }
    await confirmed(act, answer);
    return flush();
  }

  async function confirmed(act, answer) {
    failures = 0;
    notBefore = 0;
    await remember(act, idOf(answer, act.makes));
    await forget(act);
    recent = [...recent, { ...act, state: CONFIRMED, photo: undefined }].slice(-RECENT);
    onAnswer(act, answer);
    onChange();
  }

  async function failed(act, error) {
    flying.delete(act.key);
    if (error.status === 401) {
      mark(act, WAITING);
      return halt("signed_out");
    }
    if (isTransient(error)) return postpone(act, error);
    // The state first: as long as it is open, another flush would send the act again.
    Object.assign(act, { reason: error.message, code: error.code ?? "", fields: error.fields });
    mark(act, REFUSED);
    await remember(act, null);
    await store.put(act).catch(() => {});
    onRefused(act, error);
    return undefined;
  }

  function postpone(act, error) {
    act.again_at = now() + AGAIN_FROM_MS;
    failures += 1;
    const longest = Math.min(AGAIN_TO_MS, AGAIN_FROM_MS * 2 ** Math.min(failures - 1, 5));
    const pause = longest / 2 + (timers.random() * longest) / 2;
    notBefore = now() + Math.max(pause, (error.retryAfter ?? 0) * 1000);
    act.tries = (act.tries ?? 0) + 1;
    // A request that never left is 待发 again; one whose answer was lost stays 已发.
    mark(act, error.code === "timed_out" ? SENT : WAITING);
  }

  /** Keep what an act made, for later acts that name it; `null` when it was refused. */
  async function remember(act, id) {
    const kept = Object.entries(made).filter(([name]) => name !== "n").slice(-MADE_KEPT);
    made = { ...Object.fromEntries(kept), [act.key]: id, n: Math.max(act.n, made.n ?? 0) };
    await store.keep("made", made).catch(() => {});
  }

  async function forget(act) {
    await store.remove(act.key).catch(() => {});
    flying.delete(act.key);
    acts = acts.filter((other) => other !== act);
  }

  /** Let the officer put away a refused act. */
  async function dismiss(key) {
    const act = acts.find((other) => other.key === key && other.state === REFUSED);
    if (!act) return;
    await forget(act);
    onChange();
  }

  /** Stop sending, for a reason such as `signed_out`; nothing is lost. */
  function halt(reason) {
    halted = reason;
    timers.clear(timer);
    timer = null;
    onChange();
  }

  /** Go on after `halt`. */
  function resume() {
    halted = null;
    flush(true);
    onChange();
  }

  function schedule() {
    timers.clear(timer);
    timer = null;
    if (halted || !acts.some((act) => isOpen(act) && !flying.has(act.key))) return;
    const urgent = acts.some((act) => act.urgent && isOpen(act));
    const wait = urgent ? AGAIN_FROM_MS : Math.max(AGAIN_FROM_MS / 2, notBefore - now());
    timer = timers.set(() => flush(), wait);
  }

  function mark(act, state) {
    act.state = state;
    onChange();
  }

  return {
    load, add, flush, dismiss, halt, resume,
    /** List the acts that are not confirmed, in order. */
    list: () => acts,
    /** List the last confirmed acts, newest last. */
    recent: () => recent,
    /** Tell why nothing is sent, `null` when sending goes on. */
    halted: () => halted,
    /** Tell the id of the row that an act made: `undefined` not yet, `null` never. */
    made: (key) => made[key],
  };
}

/** Tell whether an act still has to reach the server. */
export function isOpen(act) {
  return act.state === WAITING || act.state === SENT;
}

/**
 * Choose the acts that may start now; pure.
 * @param {object[]} acts in order
 * @param {Set<string>} flying keys of the acts that are being sent
 * @returns {object[]} at most one quick and one slow act, and every urgent one
 */
export function sendable(acts, flying) {
  const open = acts.filter(isOpen);
  const isFree = (act) => act && !flying.has(act.key);
  const urgent = open.filter((act) => act.urgent && isFree(act));
  const quick = open.find((act) => !act.urgent && !act.slow);
  const ordinary = open.filter((act) => !act.urgent);
  const slow = ordinary[0]?.slow ? ordinary[0] : null;
  return [...urgent, quick, slow].filter(isFree);
}

/**
 * Put the ids of rows made meanwhile into an act's path and body; pure.
 * @throws {{status: 0, code: "lost_step"}} when the row it hangs on was never made
 */
export function resolve(act, made) {
  const path = act.path.replace(REFERENCE, (reference) => {
    const id = made[reference.slice(4)];
    if (id === undefined || id === null) throw lostStep();
    return id;
  });
  const photos = act.body?.photos?.map((photo) => idFor(photo, made)).filter((id) => id !== null);
  return { ...act, path, body: photos ? { ...act.body, photos } : act.body };
}

/** Tell whether a failure leaves the outcome open, so that the act is sent again with its key. */
export function isTransient(error) {
  if (error.mayRepeat || error.code === "in_flight" || error.code === "try_again") return true;
  // A locked phone (423) keeps what waits until it is opened.
  return [408, 423, 425, 429, 500, 502, 503, 504].includes(error.status);
}

function idFor(photo, made) {
  if (typeof photo !== "string") return photo;
  return made[photo.slice(4)] ?? null;
}

function idOf(answer, makes) {
  if (makes) return answer?.[makes]?.id ?? null;
  const row = Object.values(answer ?? {}).find((value) => value && typeof value === "object" && "id" in value);
  return row?.id ?? null;
}

function lostStep() {
  return Object.assign(new Error("lost_step"), { status: 0, code: "lost_step" });
}

function restored(act) {
  return act.state === REFUSED ? REFUSED : WAITING;
}

const browserTimers = {
  set: (what, ms) => setTimeout(what, ms),
  clear: (mark) => clearTimeout(mark),
  random: () => Math.random(),
};
