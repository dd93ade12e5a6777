import { test } from "node:test";
import assert from "node:assert/strict";
import { makeLive } from "../../static/js/live.js";
import { makeStore } from "../../static/js/store.js";

/** A world with its own time: timers run when `pass()` says so, sockets and answers are scripted. */
function world({
  snapshotSeq = 10,
  events = () => ({ epoch: "e1", recovered: true, entries: [] }),
  pollWait = 25,
} = {}) {
  let time = 0;
  let timers = [];
  let number = 0;
  const scene = { sockets: [], asked: [], signedOut: 0, epoch: "e1", snapshotSeq, refuse: false, events };
  const api = {
    post: async (path) => {
      scene.asked.push(path);
      if (scene.refuse) throw Object.assign(new Error(), { status: scene.refuse });
      return { ticket: "t" };
    },
    get: async (path, { signal } = {}) => {
      scene.asked.push(path);
      if (path.startsWith("/api/snapshot/")) {
        return { epoch: scene.epoch, seq: scene.snapshotSeq, at: null, rows: { incident: [] }, positions: [] };
      }
      if (path.startsWith("/api/events/")) return scene.events(path, signal);
      return { incident: [] };
    },
  };
  const store = makeStore();
  const live = makeLive({
    store,
    api,
    pollWait,
    openSocket: (protocols) => {
      const socket = {
        protocols,
        readyState: 1,
        sent: [],
        send: (text) => socket.sent.push(JSON.parse(text)),
        close: () => {
          socket.closed = true;
        },
      };
      scene.sockets.push(socket);
      return socket;
    },
    onSignedOut: () => {
      scene.signedOut += 1;
    },
    timers: {
      set: (what, ms) => {
        timers.push({ id: ++number, at: time + ms, what });
        return number;
      },
      clear: (id) => {
        timers = timers.filter((timer) => timer.id !== id);
      },
      now: () => time,
      random: () => 0.5,
    },
  });
  scene.pass = async (seconds) => {
    const end = time + seconds * 1000;
    await settle();
    for (;;) {
      const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      time = due.at;
      timers = timers.filter((timer) => timer !== due);
      due.what();
      await settle();
    }
    time = end;
  };
  scene.say = async (frame) => {
    scene.sockets.at(-1).onmessage({ data: JSON.stringify(frame) });
    await settle();
  };
  scene.shut = async (code) => {
    scene.sockets.at(-1).onclose({ code });
    await settle();
  };
  scene.hello = (seq = 10) => scene.say({ t: "hello", epoch: scene.epoch, seq, lease_s: 30, heartbeat_s: 5 });
  scene.entry = (seq, prev, rows = {}) => scene.say({ t: "entry", seq, prev_seq: prev, kind: "x", rows });
  scene.beat = (seq, prev = seq) => scene.say({ t: "heartbeat", seq, prev_seq: prev, at: "2026-01-01T00:00:00Z" });
  return { scene, live, store };
}

const settle = async () => {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
};
const incident = (id, version = 1) => ({ id, version, open: true });

async function joined(options) {
  const all = world(options);
  all.live.start();
  await settle();
  await all.scene.hello();
  return all;
}

test("joining goes ticket, socket, hello, snapshot", async () => {
  const { scene, live } = await joined();
  assert.deepEqual(scene.asked, ["/api/ticket/", "/api/snapshot/"]);
  assert.deepEqual(scene.sockets[0].protocols, ["zz110", "ticket.t"]);
  assert.equal(live.status().state, "live");
});

test("entries that came before the snapshot are applied when they are newer", async () => {
  const { scene, live, store } = world({ snapshotSeq: 11 });
  live.start();
  await settle();
  const hello = scene.hello();
  const early = scene.entry(11, 10, { incident: [incident(1)] });
  const newer = scene.entry(12, 11, { incident: [incident(2)] });
  await Promise.all([hello, early, newer]);
  await settle();
  assert.deepEqual(
    store.rows("incident").map((row) => row.id),
    [2],
  );
  assert.equal(store.seq, 12);
});

test("a jump in the numbers asks for the missing entries", async () => {
  const missing = { t: "entry", seq: 11, prev_seq: 10, rows: { incident: [incident(1)] } };
  const { scene, store } = await joined({
    events: () => ({ epoch: "e1", seq: 11, recovered: true, entries: [missing] }),
  });
  await scene.entry(12, 11, { incident: [incident(2)] });
  assert.ok(scene.asked.includes("/api/events/?after=10&epoch=e1"));
  assert.deepEqual(
    store.rows("incident").map((row) => row.id),
    [1, 2],
  );
});

test("a heartbeat shows a jump in quiet times", async () => {
  const missing = { t: "entry", seq: 11, prev_seq: 10, rows: { incident: [incident(1)] } };
  const { scene, store } = await joined({
    events: () => ({ epoch: "e1", seq: 11, recovered: true, entries: [missing] }),
  });
  await scene.beat(11);
  assert.equal(store.count("incident"), 1);
});

test("entries of other audiences leave no gap", async () => {
  const { scene, store } = await joined();
  await scene.entry(15, 10);
  assert.equal(store.seq, 15);
  assert.equal(scene.asked.length, 2);
});

test("a gap that the entries do not close takes a snapshot", async () => {
  const { scene } = await joined({ events: () => ({ epoch: "e1", seq: 10, recovered: false, entries: [] }) });
  scene.snapshotSeq = 900;
  await scene.entry(900, 899);
  assert.equal(scene.asked.filter((path) => path === "/api/snapshot/").length, 2);
});

test("a gap that stays open although the server calls it recovered takes a snapshot", async () => {
  const { scene, store } = await joined();
  scene.snapshotSeq = 20;
  await scene.entry(21, 20);
  assert.equal(store.seq, 21);
  assert.equal(scene.asked.filter((path) => path === "/api/snapshot/").length, 2);
});

test("after a cut the feed reconnects at once and asks only for what it missed", async () => {
  const missing = { t: "entry", seq: 11, prev_seq: 10, rows: {} };
  const { scene, store } = await joined({
    events: () => ({ epoch: "e1", seq: 11, recovered: true, entries: [missing] }),
  });
  await scene.shut(1006);
  await scene.pass(0);
  assert.equal(scene.sockets.length, 2);
  await scene.hello(11);
  assert.equal(store.seq, 11);
  assert.equal(scene.asked.filter((path) => path === "/api/snapshot/").length, 1);
});

test("another epoch takes a new snapshot", async () => {
  const { scene, store } = await joined();
  scene.epoch = "e2";
  scene.snapshotSeq = 3;
  await scene.shut(1006);
  await scene.pass(0);
  await scene.hello(3);
  assert.deepEqual([store.epoch, store.seq], ["e2", 3]);
});

test("fifteen seconds of silence close the socket and open another", async () => {
  const { scene } = await joined();
  await scene.pass(14);
  assert.equal(scene.sockets.length, 1);
  await scene.pass(3);
  assert.equal(scene.sockets[0].closed, true);
  assert.equal(scene.sockets.length, 2);
});

test("a ping goes out every ten seconds", async () => {
  const { scene } = await joined();
  await scene.pass(10);
  await scene.beat(10);
  await scene.pass(10);
  assert.deepEqual(scene.sockets[0].sent, [{ t: "ping" }, { t: "ping" }]);
});

test("pongs alone keep the socket but not the picture: without heartbeats it turns stale", async () => {
  const { scene, live } = await joined();
  assert.equal(live.status().state, "live");
  for (let turn = 0; turn < 8; turn += 1) {
    await scene.pass(1);
    await scene.say({ t: "pong" });
  }
  assert.equal(live.status().state, "catching_up");
  for (let turn = 0; turn < 8; turn += 1) {
    await scene.pass(1);
    await scene.say({ t: "pong" });
  }
  assert.equal(live.status().state, "stale");
  assert.equal(scene.sockets.length, 1);
  await scene.beat(10);
  assert.equal(live.status().state, "live");
});

test("three sockets that never open turn to the long poll, with the same entries", async () => {
  const pending = [];
  const { scene, live, store } = world({
    events: () =>
      new Promise((done) => {
        pending.push(done);
      }),
  });
  live.start();
  for (let turn = 0; turn < 3; turn += 1) {
    await scene.pass(turn ? 1 : 0);
    await scene.shut(1006);
  }
  await scene.pass(0);
  assert.equal(live.status().transport, "poll");
  assert.ok(scene.asked.includes("/api/events/?after=10&epoch=e1&wait=25"));
  pending.shift()({
    epoch: "e1",
    seq: 11,
    recovered: true,
    entries: [{ seq: 11, prev_seq: 10, rows: { incident: [incident(1)] } }],
  });
  await settle();
  assert.equal(store.count("incident"), 1);
  assert.equal(live.status().state, "live");
});

test("the poll ends when a socket opens again", async () => {
  const { scene, live } = world({ events: () => new Promise(() => {}) });
  live.start();
  for (let turn = 0; turn < 3; turn += 1) {
    await scene.pass(turn ? 1 : 0);
    await scene.shut(1006);
  }
  await scene.pass(31);
  await scene.hello(10);
  assert.equal(live.status().transport, "socket");
});

test("a lost session stops the feed and says so", async () => {
  const { scene, live } = world();
  scene.refuse = 401;
  live.start();
  await scene.pass(60);
  assert.equal(scene.signedOut, 1);
  assert.equal(scene.sockets.length, 0);
});

test("a socket closed because rights ended is not opened again", async () => {
  const { scene } = await joined();
  await scene.shut(4403);
  await scene.pass(60);
  assert.deepEqual([scene.signedOut, scene.sockets.length], [1, 1]);
});

test("an incident that comes back to the board asks for its rows", async () => {
  const { scene } = await joined();
  await scene.entry(11, 10, { incident: [incident(44, 9)] });
  assert.ok(scene.asked.includes("/api/incidents/44/"));
});

test("retries wait longer and longer, at most fifteen seconds", async () => {
  const { scene, live } = world();
  scene.refuse = 503;
  live.start();
  await scene.pass(120);
  const tickets = scene.asked.filter((path) => path === "/api/ticket/").length;
  assert.ok(tickets >= 12 && tickets <= 25, `${tickets} tries in two minutes`);
});
