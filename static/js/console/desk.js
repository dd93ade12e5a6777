/**
 * What all panels of a window share: the store, the clock, the words, the selection and the way to act.
 */

import { fill, gettext } from "../words.js";

const COLLECTION_OF = {
  incident: "incident",
  call: "call",
  message: "message",
  assignment: "assignment",
  unit: "unit",
  note: "note",
  notice: "notice",
  party: "party",
  report: "report",
  card_answer: "card_answer",
  tick: "tick",
  alert: "alert",
};

/**
 * Make the desk.
 * @param {object} parts `{store, api, clock, codes, cards, live, keys, config, channel}`
 * @returns {object} the desk
 */
export function makeDesk({ store, api, clock, codes, cards, live, keys, config, channel = null }) {
  const listeners = new Map();
  const desk = {
    store,
    api,
    clock,
    codes,
    cards,
    live,
    keys,
    config,
    selected: null,
    panels: {},
    locked: false,
    now: () => clock.now(),
    roles: () => store.me?.roles ?? [],
    has: (...roles) => roles.some((role) => (store.me?.roles ?? []).includes(role)),

    /** Listen to `select`, `tell`, `tick`, `act`, or whatever panels say to each other. */
    on(what, listener) {
      if (!listeners.has(what)) listeners.set(what, new Set());
      listeners.get(what).add(listener);
      return () => listeners.get(what).delete(listener);
    },
    emit(what, message) {
      for (const listener of listeners.get(what) ?? []) listener(message);
    },

    /** Select an incident here and in the linked windows. */
    select(id, { from = "here" } = {}) {
      if (from === "elsewhere" && desk.locked) return;
      if (from === "here") channel?.postMessage({ t: "select", id });
      if (desk.selected === id) return;
      desk.selected = id;
      desk.emit("select", id);
    },

    /** Tell the other windows of the seat; they hear it as `window.<name>`. */
    broadcast(what, message = {}) {
      channel?.postMessage({ ...message, t: what });
    },

    /** Ask for a place on the map, here or in the window where the map is. */
    pickOnMap() {
      if (desk.panels.map) desk.emit("map-pick", {});
      else desk.broadcast("map-pick");
    },

    /** Say a sentence in the status line; it never takes the focus. */
    tell(text, level = "normal") {
      desk.emit("tell", { text, level });
    },

    /**
     * Do one act of the user and put the answer's rows on the board at once.
     * A refusal is said in the status line, unless `quiet`; then the caller says it.
     * @returns {Promise<{answer: object|null, error: Error|null}>}
     */
    async act(method, path, body, { quiet = false, done = null, how = {} } = {}) {
      const one = api.act(method, path, body, { again: !desk.offline?.isAway(), ...how });
      try {
        const answer = await one.send();
        desk.offline?.heard();
        store.take(rowsOf(answer));
        if (done) desk.tell(done, "normal");
        return { answer, error: null };
      } catch (error) {
        if (error.code === "locked") desk.emit("locked");
        if (error.current) takeCurrent(store, path, error.current);
        desk.offline?.sense(error);
        if (error.mayRepeat && (await desk.offline?.note(method, path, body, one.key))) {
          desk.tell(gettext("The server is away. Noted here with the time of now; give it by radio."), "caution");
          return { answer: null, error, noted: true };
        }
        if (!quiet) desk.tell(sentenceOf(error), "serious");
        return { answer: null, error, again: one.send };
      }
    },
  };
  if (channel) channel.onmessage = ({ data }) => hearWindow(desk, data);
  return desk;
}

function hearWindow(desk, message) {
  if (message.t === "select") desk.select(message.id, { from: "elsewhere" });
  else desk.emit(`window.${message.t}`, message);
}

function rowsOf(answer) {
  const rows = {};
  for (const [noun, value] of Object.entries(answer)) {
    const name = COLLECTION_OF[noun] ?? COLLECTION_OF[noun.replace(/s$/, "")];
    const list = (Array.isArray(value) ? value : [value]).filter((row) => row?.id && row.version);
    if (name && list.length) rows[name] = list;
  }
  return rows;
}

/** Put the row that a refusal came with on the board: its kind is told by the fields it has. */
function takeCurrent(store, path, row) {
  if (!row?.id || !row.version) return;
  const kind = row.incident_no
    ? "incident"
    : row.assignment_no
      ? "assignment"
      : row.call_no
        ? "call"
        : row.call_sign
          ? "unit"
          : null;
  if (kind) store.take({ [kind]: [row] });
}

/** Say what went wrong in words of the desk. */
export function sentenceOf(error) {
  if (error.code === "no_network") return gettext("The server cannot be reached. Nothing is lost: press again.");
  if (error.code === "timed_out") return gettext("The server does not answer. Press again: it will be done once.");
  if (error.code === "try_again") return gettext("The server is busy. Press again in a moment.");
  const fields = Object.entries(error.fields ?? {});
  if (!fields.length) return error.message;
  const said = fields.map(([path, messages]) => `${path} ${[messages].flat().join(" ")}`).join("; ");
  return fill(gettext("%(message)s (%(fields)s)"), { message: error.message, fields: said });
}
