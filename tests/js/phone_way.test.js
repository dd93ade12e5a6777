import { test } from "node:test";
import assert from "node:assert/strict";
import { nearFixes, thereSince, wayWords } from "../../static/js/phone/way.js";

const PLACE = { lat: 24.5112, lng: 117.656 };
const NOW = Date.parse("2026-11-24T16:40:00+08:00");
const fix = (at, lat = 24.5113, accuracy_m = 8) => ({ at, lat, lng: 117.656, accuracy_m });

test("two sharp and fresh fixes in a row at the place say that the unit is there, since the first", () => {
  const near = nearFixes(nearFixes([], fix(NOW - 8000), PLACE), fix(NOW - 3000), PLACE);
  assert.equal(thereSince({ state: "en_route" }, near, NOW), NOW - 8000);
});

test("one fix, a blurred one, a far one or an old one does not", () => {
  const one = nearFixes([], fix(NOW - 3000), PLACE);
  const order = { state: "en_route" };
  assert.equal(thereSince(order, one, NOW), null);
  assert.equal(thereSince(order, nearFixes(one, fix(NOW - 1000, 24.5113, 80), PLACE), NOW), null);
  assert.equal(thereSince(order, nearFixes(one, fix(NOW - 1000, 24.5140), PLACE), NOW), null);
  const both = nearFixes(one, fix(NOW - 1000), PLACE);
  assert.equal(thereSince(order, both, NOW + 60_000), null);
});

test("the same fix read twice counts once", () => {
  const one = nearFixes([], fix(NOW), PLACE);
  assert.equal(nearFixes(one, fix(NOW), PLACE).length, 1);
});

test("what the server has read from the track counts before the phone's own fixes, and only on the way", () => {
  const on_scene_pos_at = "2026-11-24T08:39:10Z";
  assert.equal(thereSince({ state: "en_route", on_scene_pos_at }, [], NOW), Date.parse(on_scene_pos_at));
  assert.equal(thereSince({ state: "on_scene", on_scene_pos_at }, [], NOW), null);
});

test("an arrival is said with its basis, and neither for another order nor from an old answer", () => {
  const way = { assignment: 7, line: [[0, 0]], basis: "road", metres: 1240, arrives_at: "2026-11-24T08:44:00Z", read_at: NOW };
  assert.match(wayWords(way, { id: 7 }, NOW), /16:44:00 · 1\.2 km by road/);
  assert.match(wayWords({ ...way, basis: "straight" }, { id: 7 }, NOW), /straight line/);
  assert.equal(wayWords(way, { id: 8 }, NOW), "");
  assert.equal(wayWords(way, { id: 7 }, NOW + 61_000), "");
});
