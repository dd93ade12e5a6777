import { test } from "node:test";
import assert from "node:assert/strict";
import { clocks, counter, formatMoment, formatTime, makeServerClock, since, timeLeft } from "../../static/js/clock.js";

const at = (seconds) => new Date(Date.UTC(2026, 0, 1, 8, 0, 0) + seconds * 1000).toISOString();
const now = (seconds) => Date.parse(at(seconds));
const incident = (facts) => ({
  answered_at: at(0),
  first_dispatched_at: null,
  first_on_scene_at: null,
  attendance: true,
  open: true,
  stage: "pending",
  ...facts,
});

test("a counter shows minutes and seconds up to an hour, then hours", () => {
  assert.equal(counter(0), "0:00");
  assert.equal(counter(65.9), "1:05");
  assert.equal(counter(3599), "59:59");
  assert.equal(counter(3600), "1:00:00");
  assert.equal(counter(-61), "−1:01");
  assert.equal(counter(null), "–:––");
});

test("times are shown at +08:00 whatever the machine's zone is", () => {
  assert.equal(formatTime("2026-01-01T08:00:05.123Z"), "16:00:05");
  assert.equal(formatTime("2026-01-01T20:00:00Z"), "04:00:00");
  assert.equal(formatTime(null), "");
  assert.equal(formatMoment(at(0), now(60)), "16:00:00");
  assert.equal(formatMoment("2025-12-31T08:00:00Z", now(0)), "12-31 16:00:00");
});

test("both clocks run from their own start", () => {
  const reading = clocks(incident({ first_dispatched_at: at(90) }), now(120));
  assert.deepEqual([reading.a.elapsed, reading.a.left, reading.a.state], [120, 180, "running"]);
  assert.deepEqual([reading.b.elapsed, reading.b.left, reading.b.state], [30, 270, "running"]);
});

test("clock B waits for the first order", () => {
  assert.equal(clocks(incident({}), now(20)).b.state, "waiting");
});

test("the last minute before a limit is near, at the limit itself it is still met", () => {
  assert.equal(clocks(incident({}), now(240)).a.state, "near");
  assert.equal(clocks(incident({}), now(300)).a.state, "near");
  assert.equal(clocks(incident({}), now(301)).a.state, "missed5");
  assert.equal(clocks(incident({}), now(301)).a.limit, 600);
  assert.equal(clocks(incident({}), now(601)).a.state, "missed10");
});

test("arrival stops both clocks with the result they had", () => {
  const reading = clocks(incident({ first_dispatched_at: at(86), first_on_scene_at: at(306) }), now(9999));
  assert.deepEqual([reading.a.state, reading.a.elapsed], ["met10", 306]);
  assert.deepEqual([reading.b.state, reading.b.elapsed], ["met5", 220]);
  assert.equal(clocks(incident({ first_on_scene_at: at(601) }), now(9999)).a.state, "late");
});

test("an incident that needs no attendance has no arrival clocks", () => {
  assert.equal(clocks(incident({ attendance: false }), now(9999)).a.state, "void");
  assert.equal(clocks(incident({ stage: "handled" }), now(9999)).a.state, "void");
});

test("a deadline tells what is left, what was missed and what was met late", () => {
  const deadline = (facts) => ({ due_at: at(100), state: "running", stopped_at: null, ...facts });
  assert.deepEqual(timeLeft(deadline({}), now(10)), { left: 90, state: "running" });
  assert.equal(timeLeft(deadline({}), now(50)).state, "near");
  assert.equal(timeLeft(deadline({}), now(100)).state, "missed");
  assert.equal(timeLeft(deadline({ state: "met", stopped_at: at(40) }), now(999)).left, 60);
  assert.equal(timeLeft(deadline({ state: "missed", stopped_at: at(130) }), now(999)).state, "late");
});

test("the time since an event is never negative", () => {
  assert.equal(since(at(10), now(5)), 0);
  assert.equal(since(at(10), now(25)), 15);
  assert.equal(since(null, now(5)), null);
});

test("the server clock trusts the quickest of its samples", () => {
  let local = 1000;
  const clock = makeServerClock(() => local);
  clock.learn(new Date(501000 - 300).toISOString());
  local = 2000;
  clock.learn(new Date(502000 - 10).toISOString());
  assert.equal(clock.now(), 501990);
});

test("the server clock starts over when the clocks jump apart", () => {
  const clock = makeServerClock(() => 0);
  clock.learn(new Date(10000).toISOString());
  clock.learn(new Date(5000).toISOString());
  assert.equal(clock.offset(), 5000);
});
