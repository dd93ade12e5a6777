import { test } from "node:test";
import assert from "node:assert/strict";
import { makeStore } from "../../static/js/store.js";

const incident = (id, facts = {}) => ({ id, version: 1, open: true, stage: "pending", ...facts });
const snapshot = (rows = {}, facts = {}) => ({
  epoch: "e1",
  seq: 10,
  rows,
  positions: [],
  me: { id: 1 },
  centre: {},
  ...facts,
});
const frame = (seq, rows) => ({ t: "entry", seq, prev_seq: seq - 1, kind: "x", rows });

test("a snapshot replaces everything", () => {
  const store = makeStore();
  store.load(snapshot({ incident: [incident(1)] }));
  store.load(snapshot({ incident: [incident(2)] }, { seq: 12 }));
  assert.deepEqual(
    store.rows("incident").map((row) => row.id),
    [2],
  );
  assert.equal(store.seq, 12);
});

test("the higher version of a row wins", () => {
  const store = makeStore();
  store.load(snapshot({ unit: [{ id: 5, version: 7, status: "on_scene" }] }));
  store.apply(frame(11, { unit: [{ id: 5, version: 6, status: "en_route" }] }));
  assert.equal(store.row("unit", 5).status, "on_scene");
  store.apply(frame(12, { unit: [{ id: 5, version: 8, status: "available" }] }));
  assert.equal(store.row("unit", 5).status, "available");
});

test("an entry that is already known changes nothing", () => {
  const store = makeStore();
  store.load(snapshot());
  assert.equal(store.apply(frame(10, { incident: [incident(1)] })), false);
  assert.equal(store.count("incident"), 0);
});

test("an incident that is no longer open leaves with all that hangs on it", () => {
  const store = makeStore();
  store.load(
    snapshot({
      incident: [incident(1), incident(2)],
      assignment: [
        { id: 4, version: 1, incident: 1 },
        { id: 5, version: 1, incident: 2 },
      ],
      note: [{ id: 6, version: 1, incident: 1 }],
      call: [
        { id: 7, version: 1, incident: 1, state: "done" },
        { id: 8, version: 1, incident: 1, state: "wrap_up" },
      ],
    }),
  );
  store.apply(frame(11, { incident: [incident(1, { version: 2, open: false, stage: "closed" })] }));
  assert.deepEqual(
    store.rows("incident").map((row) => row.id),
    [2],
  );
  assert.deepEqual(
    store.rows("assignment").map((row) => row.id),
    [5],
  );
  assert.equal(store.count("note"), 0);
  assert.deepEqual(
    store.rows("call").map((row) => row.id),
    [8],
    "a call that is not done stays",
  );
});

test("rows of an incident that is not on the board are not kept", () => {
  const store = makeStore();
  store.load(snapshot());
  store.apply(frame(11, { assignment: [{ id: 4, version: 1, incident: 99 }] }));
  assert.equal(store.count("assignment"), 0);
});

test("incident and assignment may come in one entry in any order", () => {
  const store = makeStore();
  store.load(snapshot());
  store.apply(frame(11, { assignment: [{ id: 4, version: 1, incident: 9 }], incident: [incident(9)] }));
  assert.deepEqual(
    store.ofIncident("assignment", 9).map((row) => row.id),
    [4],
  );
});

test("a dropped row does not come back in an older version", () => {
  const store = makeStore();
  store.load(snapshot({ alert: [{ id: 3, version: 1, open: true }] }));
  store.apply(frame(11, { alert: [{ id: 3, version: 2, open: false }] }));
  store.take({ alert: [{ id: 3, version: 1, open: true }] });
  assert.equal(store.count("alert"), 0);
  store.take({ alert: [{ id: 3, version: 3, open: true }] });
  assert.equal(store.count("alert"), 1);
});

test("a call that moves to another incident is listed there only", () => {
  const store = makeStore();
  store.load(
    snapshot({ incident: [incident(1), incident(2)], call: [{ id: 7, version: 1, incident: 1, state: "done" }] }),
  );
  store.apply(frame(11, { call: [{ id: 7, version: 2, incident: 2, state: "done" }] }));
  assert.equal(store.ofIncident("call", 1).length, 0);
  assert.equal(store.ofIncident("call", 2).length, 1);
});

test("listeners hear what changed and how", () => {
  const store = makeStore();
  store.load(snapshot({ incident: [incident(1)] }));
  const heard = [];
  const stop = store.on("change", ({ changes, frame: cause }) => {
    heard.push([cause.seq, ...changes.map((change) => `${change.collection} ${change.id} ${change.how}`)]);
  });
  store.apply(frame(11, { incident: [incident(1, { version: 2 }), incident(2)] }));
  store.apply(frame(12, { incident: [incident(1, { version: 3, open: false })] }));
  stop();
  store.apply(frame(13, { incident: [incident(5)] }));
  assert.deepEqual(heard, [
    [11, "incident 1 changed", "incident 2 new"],
    [12, "incident 1 changed", "incident 1 dropped"],
  ]);
});

test("of two fixes of a unit the later one stays", () => {
  const store = makeStore();
  store.load(snapshot());
  store.move([[5, 24.51, 117.65, 10, 30, 90, 2000, "PDT", 0]]);
  store.move([[5, 24.52, 117.66, 10, 30, 90, 1000, "PDT", 0]]);
  assert.equal(store.position(5)[1], 24.51);
});

test("what one store writes down another reads as the same picture", () => {
  const store = makeStore();
  store.load(snapshot({ incident: [incident(1)], assignment: [{ id: 4, version: 1, incident: 1 }] }));
  store.apply(frame(11, { incident: [incident(2)] }));
  store.move([[5, 24.51, 117.65, 10, 30, 90, 2000, "PDT", 0]]);
  const other = makeStore();
  other.load(store.dump());
  assert.deepEqual(other.dump(), store.dump());
  assert.equal(other.apply(frame(11, {})), false);
});
