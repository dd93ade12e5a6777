/**
 * The phone's ear: the live socket, which may fail at any moment without anything being lost.
 *
 * It only makes the phone quicker. After `hello`, after a gap and after every reconnect the phone asks
 * `GET /api/my-unit/`; the position answers find the same order when no socket opens at all (rule 49).
 */

const PING_EVERY_MS = 10000;
const SILENCE_AFTER_MS = 15000;
const AGAIN_FROM_MS = 1000;
const AGAIN_TO_MS = 20000;

/**
 * Make the feed.
 * @param {object} parts
 * @param {object} parts.api from `api.js`
 * @param {(at: string) => void} parts.learn takes the server's time of a heartbeat
 * @param {(frame: object) => void} parts.onEntry
 * @param {(hello: boolean) => void} parts.onGap the rows must be read again; `true` after joining
 * @param {() => void} parts.onState the socket opened or closed
 * @param {() => void} parts.onEnded the server says that the session or its rights have ended
 */
export function makeFeed({ api, learn, onEntry, onGap, onState, onEnded }) {
  let socket = null;
  let wanted = false;
  let joined = false;
  let seq = 0;
  let tries = 0;
  let heardAt = 0;
  let timers = [];
  let attempt = 0;

  function start() {
    if (wanted) return;
    wanted = true;
    tries = 0;
    connect();
  }

  function stop() {
    if (!wanted) return;
    wanted = false;
    drop();
  }

  /** Try at once, for the network or the page has come back. */
  function wake() {
    if (!wanted || (joined && Date.now() - heardAt < SILENCE_AFTER_MS)) return;
    tries = 0;
    connect();
  }

  async function connect() {
    drop();
    const mine = ++attempt;
    try {
      const { ticket } = await api.post("/api/ticket/", {}, { again: false });
      if (mine === attempt && wanted) open(ticket, mine);
    } catch (error) {
      if (mine !== attempt) return;
      if (error.status === 401) onEnded(error);
      later(error.status === 403 ? AGAIN_TO_MS : pause());
    }
  }

  function open(ticket, mine) {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/live/`, ["zz110", `ticket.${ticket}`]);
    heardAt = Date.now();
    socket.onmessage = (event) => mine === attempt && hear(JSON.parse(event.data));
    socket.onclose = (event) => mine === attempt && closed(event.code);
    timers.push(setInterval(() => mine === attempt && look(), PING_EVERY_MS / 2));
    timers.push(setInterval(() => send({ t: "ping" }), PING_EVERY_MS));
  }

  function hear(frame) {
    heardAt = Date.now();
    if (frame.t === "hello") return join(frame);
    if (frame.t === "heartbeat") return beat(frame);
    if (frame.t === "drain") return later(Math.random() * (frame.within_s ?? 5) * 1000);
    if (frame.t !== "entry" || frame.seq <= seq) return undefined;
    const gap = frame.prev_seq > seq;
    seq = frame.seq;
    onEntry(frame);
    return gap && onGap(false);
  }

  function join(hello) {
    seq = hello.seq;
    joined = true;
    tries = 0;
    onState();
    onGap(true);
  }

  function beat(frame) {
    learn(frame.at);
    if (frame.prev_seq <= seq) return;
    seq = frame.prev_seq;
    onGap(false);
  }

  function closed(code) {
    drop();
    if (code === 4401 || code === 4403) onEnded({ status: code });
    later(pause());
  }

  function look() {
    if (Date.now() - heardAt > SILENCE_AFTER_MS) connect();
  }

  function send(frame) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  function pause() {
    const longest = Math.min(AGAIN_TO_MS, AGAIN_FROM_MS * 2 ** tries);
    tries += 1;
    return longest / 2 + (Math.random() * longest) / 2;
  }

  function later(ms) {
    const mine = attempt;
    timers.push(setTimeout(() => wanted && mine === attempt && connect(), ms));
  }

  function drop() {
    attempt += 1;
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    const wasJoined = joined;
    joined = false;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
    socket = null;
    if (wasJoined) onState();
  }

  return { start, stop, wake, isOpen: () => joined };
}
