import { test } from "node:test";
import assert from "node:assert/strict";
import {
  clockMark,
  handshake,
  lastEventAt,
  pressing,
  sections,
  shortNumber,
  shownAssignments,
} from "../../static/js/console/board.js";

const at = (seconds) => new Date(Date.UTC(2026, 0, 1, 8, 0, 0) + seconds * 1000).toISOString();
const now = Date.parse(at(100));
const incident = (id, facts = {}) => ({
  id,
  priority: 3,
  stage: "pending",
  open: true,
  attendance: true,
  answered_at: at(0),
  first_dispatched_at: null,
  first_on_scene_at: null,
  handled_at: null,
  ...facts,
});
const ids = (rows) => rows.map((row) => row.id);
const order = (due, facts = {}) => ({
  kind: "order",
  due_at: at(due),
  state: "running",
  stopped_at: null,
  assignment: null,
  ...facts,
});

test("pending is sorted by priority, then by the time left to send an order", () => {
  const limits = { 1: [order(200)], 2: [order(120)], 3: [order(150)] };
  const rows = [incident(1), incident(2), incident(3, { priority: 1 })];
  assert.deepEqual(ids(sections(rows, (id) => limits[id], now).pending), [3, 2, 1]);
});

test("an incident stands in exactly one section", () => {
  const rows = [
    incident(1, { stage: "new" }),
    incident(2, { stage: "en_route" }),
    incident(3, { stage: "review" }),
    incident(4, { stage: "handled" }),
  ];
  const sorted = sections(rows, () => [], now);
  assert.deepEqual([ids(sorted.pending), ids(sorted.running), ids(sorted.closing)], [[1], [2], [3, 4]]);
});

test("of those under way, the one that waits longest for arrival stands first and those on scene last", () => {
  const rows = [
    incident(1, { stage: "on_scene", first_on_scene_at: at(50) }),
    incident(2, { stage: "en_route", answered_at: at(40) }),
    incident(3, { stage: "accepted", answered_at: at(-300) }),
  ];
  assert.deepEqual(ids(sections(rows, () => [], now).running), [3, 2, 1]);
});

test("the hand-shake turns undelivered after ten seconds without a receipt", () => {
  const sent = (seconds) => handshake({ state: "dispatched", dispatched_at: at(100 - seconds) }, now);
  assert.deepEqual([sent(9).state, sent(9).shape], ["dispatched", "arrow-hollow"]);
  assert.deepEqual([sent(11).state, sent(11).level], ["undelivered", "serious"]);
});

test("sent, delivered and accepted differ in shape, and so do all states that follow", () => {
  const shapes = ["dispatched", "delivered", "accepted", "en_route", "on_scene", "refused"].map(
    (state) => handshake({ state, dispatched_at: at(99) }, now).shape,
  );
  assert.equal(new Set(shapes).size, shapes.length);
});

test("clock states that need different acts differ in shape", () => {
  const shapes = ["running", "near", "missed5", "missed10", "met5"].map((state) => clockMark(state).shape);
  assert.equal(new Set(shapes).size, shapes.length);
});

test("the limit that presses is the one due first; arrival clocks have cells of their own", () => {
  const rows = [order(130), order(110, { kind: "accept" }), order(105, { kind: "arrive5_a" })];
  assert.deepEqual(pressing(rows, now), { kind: "accept", assignment: null, left: 10, state: "near" });
  assert.equal(pressing([order(130)], now).state, "running");
  assert.equal(pressing([order(90, { state: "missed" })], now).left, -10);
  assert.equal(pressing([order(90, { state: "met", stopped_at: at(80) })], now), null);
});

test("the last event is the latest stamp of incident, orders and notes", () => {
  const assignments = [{ dispatched_at: at(20), accepted_at: at(60), finished_at: null }];
  assert.equal(lastEventAt(incident(1), assignments, [{ at: at(55) }]), at(60));
  assert.equal(lastEventAt(incident(1), [], [{ at: at(99) }]), at(99));
});

test("a row shows those who go; refusals only when nobody goes", () => {
  const live = { state: "en_route" };
  const refused = { state: "refused" };
  assert.deepEqual(shownAssignments([refused, live]), [live]);
  assert.deepEqual(shownAssignments([refused, { state: "withdrawn" }]), [refused]);
});

test("the running number is what people say", () => {
  assert.equal(shortNumber("350600A20260101000241"), "241");
  assert.equal(shortNumber("350600A20260101012345"), "2345");
  assert.equal(shortNumber(null), "");
});

test("within a priority the least time left minus best achievable time stands first", () => {
  const slack = { 1: 200, 2: -30, 3: 50 };
  const rows = [incident(1), incident(2), incident(3), incident(4)];
  assert.deepEqual(ids(sections(rows, () => [], now, (id) => slack[id] ?? null).pending), [2, 3, 1, 4]);
  const under = rows.map((row) => ({ ...row, stage: "en_route" }));
  assert.deepEqual(ids(sections(under, () => [], now, (id) => slack[id] ?? null).running), [2, 3, 1, 4]);
});
