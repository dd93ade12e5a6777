import assert from "node:assert/strict";
import test from "node:test";

import { freshUuid } from "../../static/js/api.js";
import { CONFIRMED, KEPT_FOR_MS, makeOutbox, REFUSED, SENT, WAITING } from "../../static/js/outbox.js";
import { makeMemoryStore } from "../../static/js/memory_store.js";

/** A server that remembers keys, and a network that can be cut before or after it. */
function makeServer() {
  const stored = new Map();
  const server = { effects: [], asked: [], online: true, loseAnswers: false, refuse: new Map(), next: 100 };
  server.send = async (act) => {
    await null;
    server.asked.push(act.key);
    if (!server.online) throw error({ code: "no_network", mayRepeat: true });
    if (!stored.has(act.key)) {
      const refusal = server.refuse.get(act.path);
      if (refusal) throw error(refusal);
      server.effects.push({ path: act.path, body: act.body });
      server.next += 1;
      stored.set(act.key, { seq: server.effects.length, assignment: { id: server.next, version: 1 } });
    }
    if (server.loseAnswers) throw error({ code: "timed_out", mayRepeat: true });
    return stored.get(act.key);
  };
  return server;
}

function error(facts) {
  return Object.assign(new Error(facts.message ?? facts.code), facts);
}

function makeTimers() {
  const waiting = new Map();
  let next = 0;
  const timers = {
    time: 1_000_000,
    set(what, ms) {
      waiting.set(++next, { what, at: timers.time + ms });
      return next;
    },
    clear: (mark) => waiting.delete(mark),
    random: () => 0.5,
    async pass(ms) {
      timers.time += ms;
      for (const [mark, { what, at }] of [...waiting]) if (at <= timers.time && waiting.delete(mark)) what();
      await settle();
    },
    count: () => waiting.size,
  };
  return timers;
}

async function settle() {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => { setImmediate(done); });
}

function act(path, more = {}) {
  return { key: freshUuid(), method: "POST", path, body: {}, title: path, ...more };
}

function setUp({ store = makeMemoryStore(), server = makeServer(), timers = makeTimers(), ...more } = {}) {
  const outbox = makeOutbox({ store, send: server.send, timers, now: () => timers.time, ...more });
  return { outbox, store, server, timers };
}

const paths = (server) => server.effects.map((effect) => effect.path);

test("acts go out in the order in which they were made", async () => {
  const { outbox, server } = setUp();
  for (const path of ["/a/", "/b/", "/c/"]) await outbox.add(act(path));
  await settle();
  assert.deepEqual(paths(server), ["/a/", "/b/", "/c/"]);
  assert.equal(outbox.list().length, 0);
  assert.deepEqual(outbox.recent().map((done) => done.state), [CONFIRMED, CONFIRMED, CONFIRMED]);
});

test("thirty acts offline, the page killed twice, answers lost: thirty effects, in order, none twice", async () => {
  const store = makeMemoryStore();
  const server = makeServer();
  const timers = makeTimers();
  server.online = false;
  const first = setUp({ store, server, timers });
  for (let number = 0; number < 20; number += 1) await first.outbox.add(act(`/${number}/`));
  first.outbox.halt("killed");
  const second = setUp({ store, server, timers });
  await second.outbox.load();
  for (let number = 20; number < 30; number += 1) await second.outbox.add(act(`/${number}/`));
  server.online = true;
  server.loseAnswers = true;
  second.outbox.flush(true);
  await settle();
  assert.equal(server.effects.length, 1);
  second.outbox.halt("killed");
  server.loseAnswers = false;
  const third = setUp({ store, server, timers });
  await third.outbox.load();
  assert.equal(third.outbox.list().length, 30);
  third.outbox.flush(true);
  third.outbox.flush(true);
  for (let turn = 0; turn < 5; turn += 1) await settle();
  assert.deepEqual(paths(server), Array.from({ length: 30 }, (_, number) => `/${number}/`));
  assert.equal((await store.acts()).length, 0);
});

test("a retry carries the same key", async () => {
  const { outbox, server, timers } = setUp();
  server.loseAnswers = true;
  const { key } = await outbox.add(act("/a/"));
  await settle();
  assert.equal(outbox.list()[0].state, SENT);
  server.loseAnswers = false;
  await timers.pass(20000);
  assert.deepEqual(server.asked, [key, key]);
  assert.equal(server.effects.length, 1);
});

test("an act that never left shows as waiting, and the timer sends it", async () => {
  const { outbox, server, timers } = setUp();
  server.online = false;
  await outbox.add(act("/a/"));
  await settle();
  assert.equal(outbox.list()[0].state, WAITING);
  server.online = true;
  await timers.pass(20000);
  assert.deepEqual(paths(server), ["/a/"]);
});

test("nothing overtakes an act that has to be repeated", async () => {
  const { outbox, server, timers } = setUp();
  server.online = false;
  await outbox.add(act("/a/"));
  await settle();
  server.online = true;
  await outbox.add(act("/b/"));
  await settle();
  assert.deepEqual(paths(server), []);
  await timers.pass(20000);
  await timers.pass(20000);
  assert.deepEqual(paths(server), ["/a/", "/b/"]);
});

test("a refused act is set aside with the server's words and does not block those behind it", async () => {
  const store = makeMemoryStore();
  const server = makeServer();
  server.refuse.set("/a/", { status: 409, code: "wrong_turn", message: "已撤回" });
  const told = [];
  const kept = setUp({ store, server, onRefused: (refused, why) => told.push([refused.path, why.code]) });
  await kept.outbox.add(act("/a/"));
  await kept.outbox.add(act("/b/"));
  await settle();
  assert.deepEqual(paths(server), ["/b/"]);
  assert.deepEqual(told, [["/a/", "wrong_turn"]]);
  const [refused] = kept.outbox.list();
  assert.equal(refused.state, REFUSED);
  assert.equal(refused.reason, "已撤回");
  const next = setUp({ store, server });
  await next.outbox.load();
  next.outbox.flush(true);
  await settle();
  assert.equal(next.outbox.list()[0].state, REFUSED, "it stays set aside after a restart");
  await next.outbox.dismiss(refused.key);
  assert.equal(next.outbox.list().length, 0);
  assert.equal((await store.acts()).length, 0);
});

test("an emergency goes out before everything, even while another act hangs", async () => {
  const server = makeServer();
  let release;
  const hanging = new Promise((done) => { release = done; });
  const send = async (request) => {
    if (request.path === "/slow/") await hanging;
    return server.send(request);
  };
  const { outbox } = setUp({ server: { ...server, send } });
  await outbox.add(act("/slow/"));
  await outbox.add(act("/next/"));
  await outbox.add(act("/emergency/", { urgent: true, hidden: true }));
  await settle();
  assert.deepEqual(paths(server), ["/emergency/"]);
  release();
  await settle();
  assert.deepEqual(paths(server), ["/emergency/", "/slow/", "/next/"]);
});

test("an emergency without network is tried every two seconds and does not spin", async () => {
  const { outbox, server, timers } = setUp();
  server.online = false;
  await outbox.add(act("/emergency/", { urgent: true }));
  await settle();
  assert.equal(server.asked.length, 1);
  await timers.pass(2100);
  assert.equal(server.asked.length, 2);
  server.online = true;
  await timers.pass(2100);
  assert.deepEqual(paths(server), ["/emergency/"]);
});

test("a photo does not hold back an acceptance, and its report waits for it", async () => {
  const server = makeServer();
  let release;
  const upload = new Promise((done) => { release = done; });
  const send = async (request) => {
    if (request.path === "/photo/") await upload;
    return server.send(request);
  };
  const { outbox } = setUp({ server: { ...server, send } });
  const photo = await outbox.add(act("/photo/", { slow: true }));
  await outbox.add(act("/report/", { slow: true, body: { photos: [`key:${photo.key}`] } }));
  await outbox.add(act("/accept/"));
  await settle();
  assert.deepEqual(paths(server), ["/accept/"]);
  release();
  await settle();
  assert.deepEqual(paths(server), ["/accept/", "/photo/", "/report/"]);
  assert.deepEqual(server.effects[2].body, { photos: [102] });
});

test("a report with photos waits for the moves before it", async () => {
  const { outbox, server } = setUp();
  server.online = false;
  await outbox.add(act("/finish/"));
  await outbox.add(act("/photo/", { slow: true }));
  await settle();
  assert.equal(new Set(server.asked).size, 1, "only the move was tried");
});

test("a report goes without the photo that was refused", async () => {
  const { outbox, server } = setUp();
  server.refuse.set("/photo/", { status: 413, code: "too_large" });
  const photo = await outbox.add(act("/photo/", { slow: true }));
  await outbox.add(act("/report/", { slow: true, body: { photos: [`key:${photo.key}`] } }));
  await settle();
  assert.deepEqual(server.effects, [{ path: "/report/", body: { photos: [] } }]);
});

test("an act may name the row that an earlier one makes", async () => {
  const { outbox, server } = setUp();
  server.online = false;
  const found = await outbox.add(act("/discovery/"));
  await outbox.add(act(`/assignments/key:${found.key}/finish/`));
  server.online = true;
  outbox.flush(true);
  await settle();
  outbox.flush(true);
  await settle();
  assert.deepEqual(paths(server), ["/discovery/", "/assignments/101/finish/"]);
});

test("a step that hangs on a refused one is set aside too", async () => {
  const { outbox, server } = setUp();
  server.refuse.set("/discovery/", { status: 400, code: "bad_input" });
  const found = await outbox.add(act("/discovery/"));
  await outbox.add(act(`/assignments/key:${found.key}/finish/`));
  await settle();
  assert.deepEqual(outbox.list().map((one) => [one.state, one.code]), [
    [REFUSED, "bad_input"],
    [REFUSED, "lost_step"],
  ]);
  assert.deepEqual(server.effects, []);
});

test("a session that has ended stops the line and loses nothing", async () => {
  const { outbox, store, server, timers } = setUp();
  server.refuse.set("/a/", { status: 401, code: "not_signed_in" });
  await outbox.add(act("/a/"));
  await settle();
  assert.equal(outbox.halted(), "signed_out");
  await timers.pass(60000);
  assert.equal(server.asked.length, 1);
  assert.equal((await store.acts()).length, 1);
  server.refuse.clear();
  outbox.resume();
  await settle();
  assert.deepEqual(paths(server), ["/a/"]);
});

test("a server in trouble is asked again, not earlier than it wishes", async () => {
  const { outbox, server, timers } = setUp();
  server.refuse.set("/a/", { status: 503, code: "try_again", retryAfter: 30 });
  await outbox.add(act("/a/"));
  await settle();
  await timers.pass(20000);
  assert.equal(server.asked.length, 1);
  server.refuse.clear();
  await timers.pass(11000);
  assert.deepEqual(paths(server), ["/a/"]);
});

test("acts of more than twelve hours ago are forgotten, and the number is told", async () => {
  const store = makeMemoryStore();
  await store.put({ ...act("/old/"), n: 1, made_at: 0, state: WAITING });
  const timers = makeTimers();
  timers.time = KEPT_FOR_MS + 1;
  const { outbox } = setUp({ store, timers });
  assert.equal(await outbox.load(), 1);
  assert.equal(outbox.list().length, 0);
  assert.equal((await store.acts()).length, 0);
});

test("a device without room still sends", async () => {
  const store = makeMemoryStore();
  store.put = async () => { throw new Error("quota"); };
  const { outbox, server } = setUp({ store });
  await outbox.add(act("/a/"));
  await settle();
  assert.deepEqual(paths(server), ["/a/"]);
});

test("the numbers of acts go on rising after a restart", async () => {
  const { outbox, store, server } = setUp();
  await outbox.add(act("/a/"));
  await settle();
  const next = setUp({ store, server });
  await next.outbox.load();
  server.online = false;
  const later = await next.outbox.add(act("/b/"));
  assert.ok(later.n > 1);
});
