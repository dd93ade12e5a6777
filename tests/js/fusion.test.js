import assert from "node:assert/strict";
import { test } from "node:test";
import { isLapsed } from "../../static/js/casework_words.js";
import { isProposed } from "../../static/js/console/casework.js";
import { pointOf } from "../../static/js/fusion/parts.js";
import { layout } from "../../static/js/fusion/layout.js";
import { tableRows } from "../../static/js/fusion/layout.js";
import { questionOf } from "../../static/js/fusion/links.js";
import { unheardFinding } from "../../static/js/phone/state.js";

const NODES = ["start", "i1", "i2", "p1", "i3"].map((id) => ({ id, kind: "incident", label: id }));
const EDGES = [["start", "i1"], ["start", "i2"], ["i1", "p1"], ["p1", "i3"]].map(([a, b]) => ({ a, b, how: "met" }));

test("a chart lies the same way each time, the question in the middle, no node on another", () => {
  const places = layout(NODES, EDGES);
  assert.deepEqual(places, layout(NODES, EDGES));
  assert.deepEqual(places.get("start"), { x: 0, y: 0 });
  assert.equal(places.size, NODES.length);
  const list = [...places.values()];
  for (const one of list) for (const other of list) if (one !== other) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 60);
  assert.equal(layout([], []).size, 0);
});

test("the table says every edge of the chart", () => {
  const rows = tableRows(NODES, EDGES, (node) => node.label, (how) => how);
  assert.deepEqual(rows[0], ["start", "met", "i1"]);
  assert.equal(rows.length, EDGES.length);
});

test("a point is read as people write it, and nothing else is a point", () => {
  assert.deepEqual(pointOf("24.5105, 117.7050"), { lat: 24.5105, lng: 117.705, crs: "WGS84" });
  assert.deepEqual(pointOf(" 24.5105，117.705 ")?.lng, 117.705);
  assert.equal(pointOf("蓝田路口"), null);
});

test("a place is asked with its radius, a value as it is", () => {
  assert.deepEqual(questionOf({ kind: "place", value: "24.51, 117.70 ±300 m", hops: "1", purpose: "x" }), { kind: "place", lat: "24.51", lng: "117.7", radius_m: "300", hops: "1", purpose: "x" });
  assert.equal(questionOf({ kind: "place", value: "24.51, 117.70", hops: "1", purpose: "x" }).radius_m, "200");
  assert.deepEqual(questionOf({ kind: "plate", value: "闽E0X99T", hops: "2", purpose: "x" }).value, "闽E0X99T");
});

test("a position is grey when it was replaced, has run out, or nobody works on its request", () => {
  const now = Date.parse("2026-01-01T08:00:00Z");
  const row = { valid_until: "2026-01-01T08:10:00Z", replaced_at: null };
  assert.equal(isLapsed(row, { open: true }, now), false);
  assert.equal(isLapsed(row, null, now), false);
  assert.equal(isLapsed(row, { open: false }, now), true);
  assert.equal(isLapsed(row, null, now + 600_001), true);
  assert.equal(isLapsed({ ...row, replaced_at: "2026-01-01T07:59:00Z" }, null, now), true);
});

test("only an urgent crime that nobody has asked about is proposed", () => {
  const incident = { open: true, priority: 2, type_reported: "010403" };
  assert.equal(isProposed(incident, []), true);
  assert.equal(isProposed(incident, [{ id: 1 }]), false);
  assert.equal(isProposed({ ...incident, priority: 3 }, []), false);
  assert.equal(isProposed({ ...incident, type_reported: "0402" }, []), false);
});

test("a clue sounds once, sounds again when it is taken back, and a position before it", () => {
  const clue = { id: 4, void: false };
  assert.equal(unheardFinding({ clues: [clue] }, { clue: 8, position: 0 }), null);
  assert.equal(unheardFinding({ clues: [clue] }, { clue: 0, position: 0 }).mark, 8);
  assert.equal(unheardFinding({ clues: [{ ...clue, void: true }] }, { clue: 8, position: 0 }).mark, 9);
  const both = { clues: [clue], positions: [{ id: 2, replaced_at: null }] };
  assert.equal(unheardFinding(both, { clue: 0, position: 0 }).kind, "position");
});
