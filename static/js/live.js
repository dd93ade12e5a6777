/**
 * The live feed: keeps a store equal to the server's picture, and knows how old that picture is.
 *
 * Joining: ticket → socket → `hello` → snapshot (or the entries since the last known number) →
 * the frames that came meanwhile. Any frame may be lost: a jump in the numbers asks
 * `/api/events/`, another epoch takes a new snapshot. Where no socket can be opened three times
 * running, the same entries come by long poll, and the socket is tried again now and then.
 */

/** A ping goes out this often. */
export const PING_EVERY = 10;
/** A socket without any frame for this long is given up. */
export const SILENCE_AFTER = 15;
/** The picture counts as behind after this age; heartbeats come every 5 s, so leave them room. */
export const BEHIND_AFTER = 6.5;
/** The picture counts as not live after this age. */
export const STALE_AFTER = 15;

const RETRY_FROM_MS = 500;
const RETRY_TO_MS = 15000;
const POLL_AFTER_FAILURES = 3;
const SOCKET_AGAIN_EVERY = 30;
const SIGNED_OUT_CODES = [4401, 4403];

/**
 * Make a live feed.
 * @param {object} parts
 * @param {object} parts.store from `store.js`
 * @param {object} parts.api from `api.js`
 * @param {object} [parts.clock] a server clock that learns from the frames
 * @param {(protocols: string[]) => WebSocket} [parts.openSocket]
 * @param {() => void} [parts.onSignedOut] the session has ended
 * @param {number} [parts.pollWait] seconds that a long poll is held open
 * @param {object} [parts.timers] `{set, clear, now, random}`, for tests
 * @returns {{start: Function, stop: Function, status: Function, on: Function, send: Function, reconnect: Function}}
 */
export function makeLive({
  store,
  api,
  clock = null,
  openSocket = openLiveSocket,
  onSignedOut = () => {},
  pollWait = 25,
  timers = browserTimers,
}) {
  const listeners = new Set();
  let running = false;
  let socket = null;
  let joined = false;
  let catching = false;
  let waiting = [];
  let failures = 0;
  let attempts = 0;
  let polling = null;
  let heardAt = null;
  let provenAt = null;
  let marks = [];
  let generation = 0;

  /** Begin: join and stay joined until `stop()`. */
  function start() {
    if (running) return;
    running = true;
    attempts = 0;
    later(watch, 1000);
    connect();
  }

  /** End for good: logout, or the page goes away. */
  function stop() {
    running = false;
    generation += 1;
    polling?.abort();
    polling = null;
    for (const mark of marks) timers.clear(mark);
    marks = [];
    closeSocket();
  }

  /** Tell the state: `live`, `catching_up` or `stale`, the age of the data in seconds, the way it comes. */
  function status() {
    const age = provenAt === null ? null : (timers.now() - provenAt) / 1000;
    const room = polling ? pollWait : 0;
    const transport = polling ? "poll" : "socket";
    if (age === null) return { state: "catching_up", age, transport };
    if (age > STALE_AFTER + room) return { state: "stale", age, transport };
    const current = (joined || polling) && !catching && age <= BEHIND_AFTER + room;
    return { state: current ? "live" : "catching_up", age, transport };
  }

  async function connect() {
    const mine = ++generation;
    closeSocket();
    let ticket;
    try {
      ({ ticket } = await api.post("/api/ticket/", {}, { again: false }));
    } catch (error) {
      return mine === generation && refused(error);
    }
    if (mine !== generation || !running) return undefined;
    return open(ticket, mine);
  }

  function refused(error) {
    if (error.status === 401 || error.status === 403) {
      stop();
      return onSignedOut();
    }
    // The server answers, but not with a ticket: then the entries come by poll. 503 passes by itself.
    if (error.status && error.status !== 503) countFailure();
    return failed();
  }

  function countFailure() {
    failures += 1;
    if (failures >= POLL_AFTER_FAILURES && !polling) poll();
  }

  function open(ticket, mine) {
    const opened = openSocket(["zz110", `ticket.${ticket}`]);
    socket = opened;
    heardAt = timers.now();
    waiting = [];
    opened.onmessage = (event) => mine === generation && hear(JSON.parse(event.data));
    opened.onclose = (event) => mine === generation && closed(event.code);
    opened.onerror = () => {};
  }

  function closed(code) {
    const wasJoined = joined;
    closeSocket();
    if (SIGNED_OUT_CODES.includes(code)) {
      stop();
      return onSignedOut();
    }
    if (!wasJoined) countFailure();
    return failed();
  }

  /** After a lost or refused socket: at once the first time, then later and later, with full jitter. */
  function failed() {
    if (!running) return;
    const longest = Math.min(RETRY_TO_MS, RETRY_FROM_MS * 2 ** Math.max(0, attempts - 1));
    const wait = attempts === 0 ? 0 : RETRY_FROM_MS + timers.random() * (longest - RETRY_FROM_MS);
    attempts += 1;
    const mine = ++generation;
    later(() => mine === generation && connect(), polling ? SOCKET_AGAIN_EVERY * 1000 : wait);
    tell();
  }

  function hear(frame) {
    heardAt = timers.now();
    // An entry may be told late (catch-up, a burst); the beats are stamped when they are sent.
    if (frame.t === "heartbeat" || frame.t === "moved") clock?.learn(frame.at);
    switch (frame.t) {
      case "hello":
        return join(frame);
      case "entry":
        return entry(frame);
      case "moved":
        return store.move(frame.positions);
      case "heartbeat":
        return heartbeat(frame);
      case "drain":
        return drain(frame.within_s);
      default:
        return undefined;
    }
  }

  async function join(hello) {
    polling?.abort();
    polling = null;
    const mine = generation;
    const known = store.loaded && store.epoch === hello.epoch;
    const done = known && store.seq >= hello.seq ? (prove(), true) : await refresh(known, mine);
    if (mine !== generation || !done) return;
    joined = true;
    failures = 0;
    attempts = 0;
    flush();
    later(() => mine === generation && ping(mine), PING_EVERY * 1000);
    tell();
  }

  /** Bring the store up to date: by the missing entries, or by a snapshot. */
  async function refresh(known, mine) {
    catching = true;
    tell();
    try {
      if (!(known && (await fetchEntries(mine)))) await fetchSnapshot(mine);
      return true;
    } catch (error) {
      if (mine !== generation) return false;
      closeSocket();
      refused(error);
      return false;
    } finally {
      if (mine === generation) catching = false;
    }
  }

  async function fetchEntries(mine, wait = 0, signal = null) {
    let answer;
    do {
      const query = `after=${store.seq}&epoch=${store.epoch}${wait ? `&wait=${wait}` : ""}`;
      answer = await api.get(`/api/events/?${query}`, { seconds: wait + 8, signal });
      if (mine !== generation) return true;
      if (!answer.recovered || answer.epoch !== store.epoch) return false;
      for (const frame of answer.entries) apply(frame);
      prove();
    } while (answer.entries.length >= 500);
    return true;
  }

  async function fetchSnapshot(mine) {
    const snapshot = await api.get("/api/snapshot/", { seconds: 15 });
    if (mine !== generation) return;
    clock?.learn(snapshot.at);
    store.load(snapshot);
    prove();
  }

  function entry(frame) {
    if (!joined || catching) return waiting.push(frame);
    if (frame.seq <= store.seq) return prove();
    if (frame.prev_seq > store.seq) {
      waiting.push(frame);
      return fill(frame.prev_seq);
    }
    apply(frame);
    return prove();
  }

  /** Close a gap: ask for the entries up to a number, and for a snapshot when they do not come. */
  async function fill(upTo) {
    const mine = generation;
    let done = await refresh(true, mine);
    if (done && mine === generation && store.seq < upTo) done = await refresh(false, mine);
    if (!done || mine !== generation) return;
    flush();
    tell();
  }

  function flush() {
    const frames = waiting;
    waiting = [];
    for (const frame of frames) entry(frame);
  }

  function heartbeat(frame) {
    if (!joined || catching) return undefined;
    if (frame.prev_seq > store.seq) return fill(frame.prev_seq);
    return prove();
  }

  /** Apply an entry; an incident that comes back to the board brings no rows of its own, so ask. */
  function apply(frame) {
    const returned = (frame.rows?.incident ?? []).filter(
      (row) => row.open && row.version > 1 && !store.row("incident", row.id),
    );
    store.apply(frame);
    for (const row of returned) bringBack(row.id);
  }

  async function bringBack(id) {
    try {
      const answer = await api.get(`/api/incidents/${id}/`);
      store.take(answer.rows ?? answer);
    } catch (error) {
      if (error.status !== 404 && error.status !== 403) later(() => running && bringBack(id), 2000);
    }
  }

  async function poll() {
    const mine = new AbortController();
    polling = mine;
    let pause = 0;
    while (polling === mine && running) {
      try {
        const known = store.loaded;
        const current = known && (await pollOnce(mine));
        if (polling !== mine) return;
        if (!current) await fetchSnapshot(generation);
        pause = 0;
      } catch (error) {
        if (polling !== mine) return;
        if (error.status === 401 || error.status === 403) return refused(error);
        pause = Math.min(RETRY_TO_MS, Math.max(RETRY_FROM_MS, pause * 2));
        await new Promise((done) => {
          later(done, pause);
        });
      }
      tell();
    }
  }

  async function pollOnce(mine) {
    const query = `after=${store.seq}&epoch=${store.epoch}&wait=${pollWait}`;
    const answer = await api.get(`/api/events/?${query}`, { seconds: pollWait + 8, signal: mine.signal });
    if (polling !== mine) return true;
    if (!answer.recovered || answer.epoch !== store.epoch) return false;
    for (const frame of answer.entries) apply(frame);
    prove();
    return true;
  }

  function drain(within) {
    const mine = generation;
    later(() => mine === generation && reconnect(), timers.random() * (within ?? 5) * 1000);
  }

  /** Leave the socket and join again at once. */
  function reconnect() {
    if (!running) return;
    attempts = 0;
    closeSocket();
    connect();
  }

  function ping(mine) {
    send({ t: "ping" });
    later(() => mine === generation && ping(mine), PING_EVERY * 1000);
  }

  /** Send a frame if the socket is open. */
  function send(frame) {
    if (socket?.readyState === 1) socket.send(JSON.stringify(frame));
  }

  function watch() {
    if (!running) return;
    if (socket && timers.now() - heardAt > SILENCE_AFTER * 1000) {
      closeSocket();
      failed();
    }
    tell();
    later(watch, 1000);
  }

  function closeSocket() {
    joined = false;
    catching = false;
    waiting = [];
    const old = socket;
    socket = null;
    if (!old) return;
    old.onmessage = null;
    old.onclose = null;
    old.close();
  }

  function prove() {
    provenAt = timers.now();
  }

  function later(what, ms) {
    const mark = timers.set(() => {
      marks = marks.filter((other) => other !== mark);
      what();
    }, ms);
    marks.push(mark);
  }

  function tell() {
    const now = status();
    for (const listener of listeners) listener(now);
  }

  /** Listen to the status; called at each change and once a second. */
  function on(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { start, stop, status, on, send, reconnect };
}

const browserTimers = {
  set: (what, ms) => setTimeout(what, ms),
  clear: (mark) => clearTimeout(mark),
  now: () => performance.now(),
  random: () => Math.random(),
};

function openLiveSocket(protocols) {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/live/`, protocols);
}
