import assert from "node:assert/strict";
import { test } from "node:test";

import { makeDraft } from "../../static/js/console/draft.js";
import { callNo, lateEntry, laterAct } from "../../static/js/console/offline_acts.js";
import { makeVault } from "../../static/js/console/vault.js";
import { makeOutbox } from "../../static/js/outbox.js";

const NOW = Date.parse("2026-01-01T23:59:30+08:00");
const WHEN = { now: NOW, reason: "offline, given by radio" };
const AT = new Date(NOW).toISOString();

/** A store in memory with the face of the sealed one. */
function memory() {
  const values = new Map();
  const acts = new Map();
  const open = new Map();
  return {
    values,
    acts: async () => [...acts.values()],
    put: async (act) => void acts.set(act.key, act),
    remove: async (key) => void acts.delete(key),
    keep: async (name, value) => void values.set(name, structuredClone(value)),
    kept: async (name) => values.get(name),
    names: async () => [...values.keys()],
    drop: async (name) => void values.delete(name),
    fill: async (_, rows) => { for (const row of rows) open.set(row.number, row); },
    takeFirst: async () => {
      const first = [...open.keys()].sort((a, b) => a - b)[0];
      const row = open.get(first) ?? null;
      open.delete(first);
      return row;
    },
    count: async () => open.size,
    clear: async () => open.clear(),
    wipe: async () => { values.clear(); acts.clear(); open.clear(); },
  };
}

test("an order becomes an order by radio with the time of now, a move a move by radio", () => {
  const order = laterAct("POST", "/api/incidents/12/orders/", { units: [{ unit: 7, purpose: "first" }], seen: [7] }, WHEN);
  assert.equal(order.path, "/api/incidents/12/late-orders/");
  assert.deepEqual(order.body, { source: "offline", reason: WHEN.reason, orders: [{ unit: 7, sent_at: AT }] });
  const queued = `key:${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}`;
  assert.equal(laterAct("POST", `/api/incidents/${queued}/orders/`, { units: [{ unit: 7 }] }, WHEN).path, `/api/incidents/${queued}/late-orders/`);
  const arrived = laterAct("POST", "/api/assignments/9/arrive/", {}, WHEN);
  assert.deepEqual([arrived.path, arrived.body.arrived_at], ["/api/assignments/9/late-moves/", AT]);
  const finished = laterAct("POST", "/api/assignments/9/finish/", { result_code: "RS16" }, WHEN);
  assert.equal(finished.body.result_code, "RS16");
  assert.equal(laterAct("POST", "/api/incidents/12/merge/", {}, WHEN), null);
  assert.equal(laterAct("PATCH", "/api/calls/3/", {}, WHEN), null);
  assert.equal(laterAct("POST", "/api/calls/3/finish/", { kind: "CK11" }, WHEN).kind, "same");
});

test("a call taken here keeps its number and its own times", () => {
  const body = lateEntry({ number: 241, answeredAt: NOW, hungUpAt: NOW - 5, call: { channel: "CH11" }, incident: { address_text: "新华路" } });
  assert.deepEqual(body, {
    source: "offline", number: 241, answered_at: AT, hung_up_at: AT, channel: "CH11", incident: { address_text: "新华路" },
  });
  assert.equal(callNo("350600", 241, NOW), "350600J20260101000241");
});

test("what expired or was another person's is gone at the next start, an unsent call never", async () => {
  const store = memory();
  let now = NOW;
  const first = await makeVault(store, { person: "7", now: () => now });
  await first.keep("picture", { seq: 1 });
  await first.stock("350600", [5, 6]);
  await store.put({ key: "k", n: 1, made_at: now, state: "waiting" });
  now += 11 * 3600e3;
  assert.deepEqual((await (await makeVault(store, { person: "7", now: () => now })).kept("picture")).value, { seq: 1 });
  now += 2 * 3600e3;
  await makeVault(store, { person: "7", now: () => now });
  assert.equal(store.values.has("picture"), false);
  await first.keep("codes", {});
  const other = await makeVault(store, { person: "8", now: () => now });
  assert.deepEqual([await other.kept("codes"), await other.take(), (await store.acts()).length], [null, null, 1]);
  const outbox = makeOutbox({ store, keptFor: Infinity, now: () => now + 99 * 3600e3, send: async () => ({}), timers: { set: () => 0, clear() {}, random: () => 0 } });
  assert.equal(await outbox.load(), 0);
  assert.equal(outbox.list().length, 1);
});

test("two windows never take the same number", async () => {
  const vault = await makeVault(memory(), { person: "7" });
  await vault.stock("350600", [9, 4, 7]);
  assert.deepEqual([(await vault.take()).number, (await vault.take()).number, (await vault.take()).number, await vault.take()], [4, 7, 9, null]);
});

test("a draft of a window that is gone belongs to the next one, that of a living window does not", async () => {
  const vault = await makeVault(memory(), { person: "7" });
  const held = [];
  const locks = { request: (name) => held.push({ name }), query: async () => ({ held: [...held] }) };
  const gone = makeDraft(vault, { locks, id: "gone" });
  gone.soon(() => ({ values: { narrative: "有人打架" } }));
  await gone.now();
  const living = makeDraft(vault, { locks, id: "living" });
  assert.equal(await living.takeOver(), null, "its window still lives");
  held.shift();
  assert.deepEqual(await living.takeOver(), { values: { narrative: "有人打架" } });
  assert.deepEqual(await vault.names("draft."), ["draft.living"]);
  await living.forget();
  assert.deepEqual(await vault.names("draft."), []);
});
