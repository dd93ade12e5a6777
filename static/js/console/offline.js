/**
 * Work goes on while the server is away: numbers in stock, a queue that is sent in order, the last picture kept.
 *
 * One window of the seat sends the queue (it holds a lock); the others put into it. Each act keeps its key, so what
 * was asked twice is done once.
 */

import { CONFIRMED, isOpen, makeOutbox } from "../outbox.js";
import { freshUuid } from "../api.js";
import { gettext } from "../words.js";
import { laterAct, lateEntry } from "./offline_acts.js";

const PICTURE_EVERY_MS = 5000;
const STOCK_BELOW = 12;
const STOCK_EVERY_MS = 60_000;
const STANDING_EVERY_MS = 10_000;
const LOCK = "zz110-console-queue";
const RECENT_SHOWN = 8;
const RESTORE_AFTER_MS = 1500;

/**
 * Make the offline part of a desk.
 * @param {object} desk
 * @param {object} vault from `vault.js`
 */
export function makeOffline(desk, vault) {
  const { api, store } = desk;
  let awaySince = null;
  let restoredAt = null;
  let isSender = false;
  let standing = null;
  let results = [];
  let dirty = false;
  const outbox = makeOutbox({
    store: vault.acts,
    keptFor: Infinity,
    send: (act) => api.act(act.method, act.path, act.body, { key: act.key, again: false }).send().then(heard, (error) => { sense(error); throw error; }),
    onAnswer: note,
    onRefused: () => desk.tell(gettext("A record was refused: see the offline records."), "serious"),
    onChange: () => desk.emit("queue", offline),
  });
  const offline = {
    outbox,
    results: () => results,
    waiting: () => outbox.list().filter(isOpen).length,
    refused: () => outbox.list().filter((act) => !isOpen(act)),
    standing: () => standing,
    /** Tell since when the server has not answered, null while it does. */
    since: () => awaySince,
    isAway: () => awaySince !== null,
    /** Tell how old the picture from the vault is in seconds, null once the server's own has come. */
    restoredAge: () => (restoredAt === null ? null : (Date.now() - restoredAt) / 1000),
    take: vault.take,
    keepNow,
    note: noteAct,
    enter,
    order,
    heard,
    sense,
    /** Tell whether a call can only be taken down here: the server is away or takes no writes. */
    mustWait: () => awaySince !== null || standing?.writes === false,
    mayLeave: () => offline.waiting() === 0,
    wipe: vault.wipe,
  };

  store.on("snapshot", () => {
    dirty = true;
    restock();
    look();
  });
  store.on("change", () => { dirty = true; });
  desk.live.on((status) => {
    if (status.state === "live") {
      restoredAt = null;
      heard();
    } else if (status.state === "stale") sense({ code: "no_network" });
    desk.emit("queue", offline);
  });
  setInterval(keepNow, PICTURE_EVERY_MS);
  setInterval(restock, STOCK_EVERY_MS);
  setInterval(look, STANDING_EVERY_MS);
  desk.on("window.queue-changed", () => outbox.load().then(() => outbox.flush(true)));
  begin();

  async function begin() {
    setTimeout(restore, RESTORE_AFTER_MS);
    restock();
    look();
    if (!navigator.locks) return sendFromHere();
    return navigator.locks.request(LOCK, sendFromHere);
  }

  /** Show the last picture that was kept, when none has come from the server: with its age, in red. */
  async function restore() {
    if (store.loaded) return;
    const kept = await vault.kept("picture").catch(() => null);
    if (!kept || store.loaded) return;
    restoredAt = kept.at;
    awaySince = kept.at;
    store.load(kept.value);
    dirty = false;
    desk.emit("queue", offline);
  }

  /** Send from this window, until it is closed. */
  async function sendFromHere() {
    isSender = true;
    await outbox.load();
    outbox.flush(true);
    return new Promise(() => {});
  }

  function heard(answer) {
    if (awaySince !== null) {
      awaySince = null;
      outbox.flush(true);
      desk.emit("queue", offline);
    }
    return answer;
  }

  /** Learn from a failed request that the server is away. */
  function sense(error) {
    if (awaySince !== null || !["no_network", "timed_out"].includes(error.code)) return;
    awaySince = Date.now();
    desk.emit("queue", offline);
  }

  /** Ask how the server stands: whether writes are taken, what waits in its spool. */
  async function look() {
    if (!isDesk()) return;
    try {
      standing = heard(await api.get("/api/degraded/", { seconds: 5 }));
    } catch (error) {
      sense(error);
    }
    desk.emit("queue", offline);
  }

  function isDesk() {
    return desk.has("call_taker", "dispatcher", "watch_commander");
  }

  async function restock() {
    if (!isDesk() || (await vault.count()) >= STOCK_BELOW) return;
    try {
      const { number_block: block } = await api.post("/api/number-blocks/", { purpose: "seat" }, { again: false });
      await vault.stock(block.prefix, block.numbers);
    } catch {
      // Asked again in a minute; until then the numbers in stock are used.
    }
  }

  /** Keep the picture of the board, if it has changed and comes from the server. */
  async function keepNow() {
    if (!dirty || !store.loaded || restoredAt !== null) return;
    dirty = false;
    await vault.keep("picture", store.dump()).catch(() => {});
  }

  /** Put an act that could not be sent into the queue; null when it is of no kind that can wait. */
  async function noteAct(method, path, body, key) {
    const later = laterAct(method, path, body, { now: desk.now(), reason: gettext("offline, given by radio") });
    // The same act keeps its key: it may have reached the server although no answer came.
    if (later) await add({ ...later, title: titleOf(later), ...(later.kind === "same" ? { key } : {}) });
    return later;
  }

  /** Put a call that was taken down here into the queue. */
  async function enter(taken, title) {
    const makes = taken.incident ? "incident" : undefined;
    await add({ method: "POST", path: "/api/late-entries/", body: lateEntry(taken), kind: "call", makes, title, number: taken.number });
  }

  /** Put an order that was given by radio behind the call whose incident the server does not know yet. */
  async function order(call, units) {
    const said = units.map((unit) => unit.call_sign).join(" ");
    const later = laterAct("POST", `/api/incidents/key:${call.key}/orders/`, { units: units.map(({ id }) => ({ unit: id })) }, { now: desk.now(), reason: gettext("offline, given by radio") });
    await add({ ...later, title: `${gettext("Order by radio")} ${said} · ${call.title}` });
  }

  async function add(act) {
    const whole = { key: freshUuid(), ...act };
    if (isSender) await outbox.add(whole);
    else {
      await vault.acts.put({ ...whole, n: Date.now(), made_at: Date.now(), state: "waiting" });
      desk.broadcast("queue-changed");
    }
    desk.emit("queue", offline);
  }

  /** Show what became of an act: the rows go to the board, what may be the same event is said. */
  function note(act, answer) {
    const rows = {};
    for (const [name, found] of [["call", answer.call], ["incident", answer.incident]]) if (found?.id) rows[name] = [found];
    const orders = answer.assignments ?? (answer.assignment ? [answer.assignment] : []);
    if (orders.length) rows.assignment = orders;
    store.take(rows);
    const like = answer.late_entry?.similar ?? [];
    results = [{ key: act.key, title: act.title, state: CONFIRMED, incident: answer.incident ?? null, like, spooled: answer.spooled ?? null }, ...results].slice(0, RECENT_SHOWN);
  }

  return offline;
}

function titleOf({ kind, path }) {
  const id = /\/(\d+)\//.exec(path)?.[1] ?? "";
  switch (kind) {
    case "orders":
      return `${gettext("Order by radio")} #${id}`;
    case "move":
      return `${gettext("Move by radio")} ${id}`;
    default:
      return `${gettext("Record")} ${id}`;
  }
}
