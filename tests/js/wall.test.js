import assert from "node:assert/strict";
import { test } from "node:test";
import { countingWords } from "../../static/js/dashboard/figures.js";
import { ageOf, AGED_AFTER_S, CLOSE_AFTER_MS, isLeft, sideOf, trustOf } from "../../static/js/dashboard/wall_age.js";

const at = (steady, wall) => ({ steady, wall });

test("an answer is as old as the greater of two clocks says, so a wall that slept never looks fresh", () => {
  assert.equal(ageOf(null, at(5000, 5000)), null);
  assert.equal(ageOf(at(1000, 1000), at(13_000, 13_000)), 12);
  assert.equal(ageOf(at(1000, 1000), at(2000, 3_601_000)), 3600);
  assert.equal(ageOf(at(1000, 9000), at(31_000, 2000)), 30);
  assert.equal(ageOf(at(1000, 1000), at(1000, 500)), 0);
});

test("figures of today are old after a minute, those of the last days after five, and none are not fresh", () => {
  assert.deepEqual([trustOf("now", null), trustOf("now", 60), trustOf("now", 60.1)], ["none", "fresh", "aged"]);
  assert.deepEqual([trustOf("days", 60.1), trustOf("days", AGED_AFTER_S.days + 1)], ["fresh", "aged"]);
});

test("an opened figure stands away from the one it belongs to", () => {
  const wall = { left: 0, width: 1920 };
  assert.equal(sideOf({ left: 24, width: 460 }, wall), "right");
  assert.equal(sideOf({ left: 1440, width: 460 }, wall), "left");
  assert.equal(sideOf({ left: 720, width: 300 }, wall), "right");
  assert.equal(sideOf({ left: 960, width: 300 }, wall), "left");
});

test("an opened figure closes after a minute in which nobody touched anything", () => {
  assert.equal(isLeft(1000, 1000 + CLOSE_AFTER_MS - 1), false);
  assert.equal(isLeft(1000, 1000 + CLOSE_AFTER_MS), true);
});

test("counts of another version, or that are being made anew, are said", () => {
  assert.deepEqual(countingWords({ rebuilding: null, outdated: false }), []);
  const [anew, old] = countingWords({ rebuilding: { next: "2026-01-02", until: "2026-03-01" }, outdated: true });
  assert.match(anew, /2026-01-02 to 2026-03-01/);
  assert.match(old, /older version/);
});
