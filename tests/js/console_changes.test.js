import assert from "node:assert/strict";
import { test } from "node:test";
import { makeChanges } from "../../static/js/console/changes.js";

const incident = (facts) => ({ id: 1, stage: "pending", priority: 3, ...facts });
const changed = (row, before = null) => [{ collection: "incident", how: "changed", id: 1, row, before }];
const frame = (badge) => ({ actor: { badge }, at: "2026-01-01T00:00:00.000Z" });

test("what others changed while nobody was there is marked once and listed until the next absence", () => {
  const changes = makeChanges();
  changes.touch(0);
  changes.note(changed(incident({ stage: "dispatched" }), incident()), frame("0221"), "0117", 5000);
  assert.deepEqual(changes.touch(16000), [1]);
  assert.deepEqual(changes.touch(16500), []);
  assert.deepEqual(changes.list().map(({ text }) => text), ["dispatched"]);
});

test("what one saw happen, and what one did oneself, is no news", () => {
  const changes = makeChanges();
  changes.touch(0);
  changes.note(changed(incident({ priority: 1 }), incident()), frame("0221"), "0117", 1000);
  changes.touch(2000);
  changes.note(changed(incident({ priority: 2 }), incident({ priority: 1 })), frame("0117"), "0117", 3000);
  assert.deepEqual(changes.touch(60000), []);
  assert.deepEqual(changes.list(), []);
});

test("each incident and word is one line, the newest first", () => {
  const changes = makeChanges();
  changes.touch(0);
  const order = (state) => [{ collection: "assignment", how: "changed", id: 9, row: { id: 9, incident: 1, call_sign: "C101", state } }];
  changes.note(changed(incident()), frame("x"), "me", 1000);
  for (const state of ["delivered", "delivered", "accepted"]) changes.note(order(state), frame("x"), "me", 2000);
  assert.deepEqual(changes.touch(20000), [1]);
  assert.deepEqual(changes.list().map(({ text }) => text), ["C101 accepted", "C101 delivered", "new"]);
});
