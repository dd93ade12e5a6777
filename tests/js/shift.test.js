import assert from "node:assert/strict";
import test from "node:test";

import { badgesOf, dayLater, dayOf, daysFrom, fieldOf, hourOf, laidOut, standing } from "../../static/js/shift/times.js";
import { answerCheckAct, statusAct } from "../../static/js/phone/acts.js";
import { missingOf } from "../../static/js/phone/sheet_unit.js";
import { buttonsOf, project } from "../../static/js/phone/state.js";
import { NOTHING, takeMyUnit, takeRows } from "../../static/js/phone/world.js";

const plan = (more = {}) => ({
  id: 1, unit: 7, starts_at: "2026-01-01T00:00:00.000Z", ends_at: "2026-01-01T12:00:00.000Z", signed_on_at: null, missing: [],
  crew: [{ badge: "0201", name: "甲" }, { badge: "0202", name: "乙" }], ...more,
});
const START = Date.parse("2026-01-01T00:00:00Z");
const UNIT = { id: 7, version: 2, call_sign: "C101", status: "available", assignment: null, shift: { id: 1, lead_no: "0201", crew: [] } };
const ASKED = { id: 3, version: 1, unit: 7, state: "asked", due_at: "2026-01-01T00:03:00.000Z" };
const world = (more = {}) => takeMyUnit({ ...NOTHING, me: { id: 1, badge: "0201" } }, { epoch: "e", seq: 1, unit: UNIT, post_answers: [ASKED], ...more }, 1);

test("days and hours are those of the city", () => {
  assert.equal(dayOf(Date.parse("2026-01-01T16:30:00Z")), "2026-01-02");
  assert.equal(fieldOf(START), "2026-01-01T08:00");
  assert.equal(hourOf("2026-01-01T16:05:00.000Z"), "00:05");
  assert.deepEqual(daysFrom("2026-02-27", 3), ["2026-02-27", "2026-02-28", "2026-03-01"]);
  assert.equal(dayLater("2026-01-01", -7), "2025-12-25");
});

test("a planned shift is ahead, due, then missing; signed on it is on time or late, whatever comes after", () => {
  const at = (minutes, more) => standing(plan(more), START + minutes * 60_000, 600);
  assert.deepEqual([at(-5), at(5), at(11)], ["ahead", "due", "missing"]);
  assert.deepEqual([at(60, { signed_on_at: "2026-01-01T00:09:00.000Z" }), at(900, { signed_on_at: "2026-01-01T00:09:00.000Z" })], ["running", "done"]);
  assert.equal(at(900, { signed_on_at: "2026-01-01T00:11:00.000Z" }), "late");
});

test("a night shift stands on the day of its start, two of a day in their order", () => {
  const night = plan({ id: 2, starts_at: "2026-01-01T12:00:00.000Z", ends_at: "2026-01-02T00:00:00.000Z" });
  assert.deepEqual(laidOut([night, plan()])[7]["2026-01-01"].map((one) => one.id), [1, 2]);
  assert.deepEqual(badgesOf("0201、0202，0201 ０２０３"), ["0201", "0202", "0203"]);
});

test("a post check waits on the phone until it is answered, also when its limit has passed", () => {
  assert.equal(world().post_answers.length, 1);
  const late = takeRows(world(), { post_answer: [{ ...ASKED, version: 2, state: "no_answer" }] });
  assert.equal(late.post_answers[0].state, "no_answer");
  assert.equal(takeRows(late, { post_answer: [{ ...ASKED, version: 3, state: "late" }] }).post_answers.length, 0);
  assert.equal(takeRows(world(), { post_answer: [{ ...ASKED, id: 4, unit: 8 }] }).post_answers.length, 1);
  const act = { n: 1, made_at: START, state: "waiting", ...answerCheckAct(ASKED, { lat: 24.5, lng: 117.6 }) };
  assert.deepEqual(act.body, { point: { lat: 24.5, lng: 117.6, crs: "WGS84", source: "terminal" } });
  assert.deepEqual(answerCheckAct(ASKED, null).body, {});
  assert.equal(project(world(), [act]).post_answers.length, 0);
});

test("a break is one tap beside the big button, and coming back is the big button", () => {
  assert.deepEqual(buttonsOf(project(world(), [])), { next: "discovery", beside: ["break", "status"] });
  const act = { n: 1, made_at: START, state: "waiting", ...statusAct("break") };
  assert.equal(buttonsOf(project(world(), [act])).next, "available");
});

test("the duty level comes with an entry, and the one before ends with it", () => {
  const two = takeRows(world(), { duty_level: [{ id: 5, version: 1, level: 2, open: true }] });
  assert.equal(two.duty_level.level, 2);
  const rows = [{ id: 5, version: 2, level: 2, open: false }, { id: 6, version: 1, level: 3, open: true }];
  assert.equal(takeRows(two, { duty_level: rows }).duty_level.level, 3);
  assert.equal(takeRows(two, { duty_level: rows.reverse() }).duty_level.level, 3);
});

test("who is planned and not named is missing", () => {
  assert.deepEqual(missingOf(plan(), ["0201"]).map((one) => one.badge), ["0202"]);
  assert.deepEqual(missingOf(plan(), ["0201", "0202"]), []);
});
