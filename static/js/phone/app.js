/**
 * The phone's heart: what is known, what waits, and how both are kept on the device.
 *
 * Rows come by three roads, each of which may fail: socket entries, answers to commands, and
 * `GET /api/my-unit/`, which is asked whenever a position answer shows a newer unit (rule 49).
 */

import { makeCards, NO_CARDS } from "../cards.js";
import { makeServerClock } from "../clock.js";
import { makeOutbox } from "../outbox.js";
import { makeCodes } from "../words.js";
import { makeSender, moveAct } from "./acts.js";
import { makeFixes } from "./fixes.js";
import { project, undelivered } from "./state.js";
import { isIncomplete, NOTHING, rowsOf, takeMyUnit, takeRows } from "./world.js";

const CODES_KEPT_MS = 12 * 3600 * 1000;
const KEEP_AFTER_MS = 300;
const READ_AGAIN_MS = 3000;
const WORLD_KEPT_MS = 12 * 3600 * 1000;

/**
 * Make the app.
 * @param {object} parts
 * @param {object} parts.store from `outbox_store.js` or `memory_store.js`
 * @param {object} parts.api from `api.js`
 * @param {string} parts.language of the page
 * @param {() => void} parts.onChange something to show has changed
 * @param {(act: object, error: object) => void} parts.onRefused
 * @param {(act: object) => void} parts.onConfirmed
 */
export function makeApp({ store, api, language, onChange, onRefused, onConfirmed }) {
  const clock = makeServerClock(() => Date.now());
  const fixes = makeFixes(() => clock.offset());
  const receipts = new Set();
  const app = {
    store, api, clock, fixes,
    world: NOTHING,
    codes: makeCodes({}, language),
    cards: makeCards(NO_CARDS, language),
    kept: {},
    heardAt: null,
    outbox: makeOutbox({ store, send: makeSender(api), onAnswer: answered, onRefused: refused, onChange }),
    /** Tell the picture: what the server said, and the acts that wait. */
    view: () => project(app.world, app.outbox.list()),
    /** Put an act into the outbox; resolves when it is stored. */
    act: (act) => app.outbox.add(act),
    /** Name the map program chosen. */
    program: () => app.kept.program ?? "amap",
    load, reload, takeEntry, takeUnitRow, heard, draft, keep, loadCodes, wipe, setMe, conceal,
  };
  let drafts = {};
  let reading = false;
  let again = false;
  let asking = null;
  let keeping = null;

  /** Read what the device holds from before; the page can show it without network. */
  async function load() {
    const [world, saved, kept, codes, cards] = await Promise.all(
      ["world", "drafts", "preferences", "codes", "cards"].map((name) => store.kept(name)),
    );
    drafts = saved ?? {};
    app.kept = kept ?? {};
    if (codes) app.codes = makeCodes(codes.tables, language);
    if (cards) app.cards = makeCards(cards, language);
    if (world && Date.now() - world.read_at < WORLD_KEPT_MS) {
      app.world = { ...NOTHING, ...world };
      clock.learn(new Date(Date.now() + app.world.offset_ms).toISOString());
    }
    const forgotten = await app.outbox.load();
    onChange();
    return forgotten;
  }

  /** Remember who is signed in; another person than before starts with an empty device. */
  async function setMe(me) {
    if (app.world.me && app.world.me.id !== me.id) await wipe();
    app.world = { ...app.world, me };
    changed();
  }

  /** Ask `GET /api/my-unit/`; several wishes at once become one more question. */
  async function reload() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    clearTimeout(asking);
    try {
      // What is known is looked at after the answer has come: an act may have been confirmed while it was on its way.
      const answer = await api.get("/api/my-unit/");
      const next = takeMyUnit(app.world, answer, Date.now());
      if (next) app.world = next;
      else again = true;
      changed();
      if (isIncomplete(app.world)) reloadSoon();
    } catch (error) {
      if (error.status === 403) app.world = { ...NOTHING, me: app.world.me, barred: true };
      else if (error.status !== 401 && navigator.onLine) reloadSoon();
      onChange();
    } finally {
      reading = false;
    }
    if (again) {
      again = false;
      await reload();
    }
  }

  function reloadSoon() {
    clearTimeout(asking);
    asking = setTimeout(reload, READ_AGAIN_MS);
  }

  /** Take an entry of the socket. */
  function takeEntry(frame) {
    app.world = takeRows(app.world, frame.rows ?? {}, frame.seq);
    changed();
    if (isIncomplete(app.world) || frame.kind?.startsWith("premise.")) reload();
  }

  /** Take the unit's row of a position answer; a newer one means that something has happened. */
  function takeUnitRow(unit) {
    if (!unit) return;
    const known = app.world.unit;
    if (!known || unit.id !== known.id || unit.version > known.version || isIncomplete(app.world)) reload();
    else app.world = { ...app.world, read_at: Date.now() };
  }

  function answered(act, answer) {
    app.world = takeRows(app.world, rowsOf(answer), answer.seq ?? 0);
    if (act.effect?.kind === "confirm_withdrawal") {
      const id = act.effect.assignment;
      app.world = { ...app.world, withdrawn: app.world.withdrawn.filter((row) => row.id !== id) };
    }
    changed();
    if (isIncomplete(app.world) || ["start_shift", "end_shift", "discovery"].includes(act.effect?.kind)) reload();
    onConfirmed(act);
  }

  function refused(act, error) {
    if (error.current) app.world = takeRows(app.world, currentRows(error.current));
    reload();
    onRefused(act, error);
  }

  function changed() {
    app.world = { ...app.world, offset_ms: Math.round(clock.offset()) };
    acknowledge();
    keepSoon();
    onChange();
  }

  /** Say 已送达 as soon as the order is stored here, by whichever road it came. */
  async function acknowledge() {
    const id = undelivered(app.world, app.outbox.list());
    if (id === null || receipts.has(id)) return;
    receipts.add(id);
    await store.keep("world", app.world).catch(() => {});
    if (app.world.assignment?.id === id) await app.act(moveAct(app.world.assignment, "deliver"));
  }

  function keepSoon() {
    clearTimeout(keeping);
    keeping = setTimeout(() => store.keep("world", app.world).catch(() => {}), KEEP_AFTER_MS);
  }

  /** Note that the server has just spoken, on whichever road; what waits may go on. */
  function heard(date) {
    if (date) clock.learn(date);
    const wasLost = app.heardAt === null || Date.now() - app.heardAt > 10000;
    app.heardAt = Date.now();
    if (wasLost) app.outbox.flush(true);
  }

  /**
   * Read, change (`facts`) or drop (`null`) the draft of a report.
   * @param {number|string} id of the assignment
   */
  function draft(id, facts) {
    if (facts === null) delete drafts[id];
    else if (facts) drafts[id] = { ...drafts[id], ...facts };
    if (facts !== undefined) store.keep("drafts", drafts).catch(() => {});
    return drafts[id] ?? {};
  }

  /** Keep a preference: map program, body camera, last unit. */
  function keep(name, value) {
    app.kept = { ...app.kept, [name]: value };
    store.keep("preferences", app.kept).catch(() => {});
  }

  async function loadCodes() {
    await loadCards();
    const kept = await store.kept("codes");
    if (kept && Date.now() - kept.read_at < CODES_KEPT_MS && TABLES.every((name) => name in kept.tables)) return;
    const { tables } = await api.get("/api/codes/");
    const slim = Object.fromEntries(TABLES.map((name) => [name, (tables[name] ?? []).map(slimmed)]));
    app.codes = makeCodes(slim, language);
    await store.keep("codes", { tables: slim, read_at: Date.now() }).catch(() => {});
    onChange();
  }

  /** Cards are small: read at each start, kept for the time without network. */
  async function loadCards() {
    try {
      const cards = await api.get("/api/cards/");
      app.cards = makeCards(cards, language);
      await store.keep("cards", cards);
      onChange();
    } catch {
      // What was kept stays; the next start asks again.
    }
  }

  /** The session has ended: the incident leaves the device, what waits to be sent stays for its author. */
  async function conceal() {
    clearTimeout(keeping);
    clearTimeout(asking);
    app.world = { ...NOTHING, me: app.world.me };
    await store.keep("world", app.world).catch(() => {});
  }

  /** Forget everything that the device holds. */
  async function wipe() {
    clearTimeout(keeping);
    clearTimeout(asking);
    drafts = {};
    receipts.clear();
    app.kept = {};
    app.world = NOTHING;
    fixes.clear();
    await store.wipe();
    await app.outbox.load();
  }

  return app;
}

const TABLES = [
  "incident_type", "priority", "result", "refusal", "delay", "cancel", "duty_level", "away_reason",
  "traffic_form", "traffic_cause", "road_surface", "visibility", "weather", "merit_rule",
];

/** Keep of a code only what the phone needs. */
function slimmed({ code, zh, en, active, extra_field, needs_text, nothing_happened, no_accident }) {
  return { code, zh, en, active, extra_field, needs_text, nothing_happened, no_accident };
}

/** Sort the row of a refusal into its collection by what it looks like. */
function currentRows(row) {
  if ("call_sign" in row && "radio_id" in row) return { unit: [row] };
  return "assignment_no" in row ? { assignment: [row] } : {};
}
