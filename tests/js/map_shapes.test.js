import assert from "node:assert/strict";
import test from "node:test";

import * as paper from "../../static/js/map/paper.js";
import * as shapes from "../../static/js/map_shapes.js";

const unit = (status, more = {}) => ({ id: 1, status, emergency_at: null, kind: "UP", label: "巡101", ...more });

test("a projected point comes back to where it was", () => {
  for (const [lat, lng] of [[24.4600, 117.6], [24.57, 117.78], [0, 0], [60, -120]]) {
    const back = paper.unproject(...paper.project(lat, lng));
    assert.ok(Math.abs(back.lat - lat) < 1e-9 && Math.abs(back.lng - lng) < 1e-9);
  }
});

test("the world is 256 pixels wide at zoom 0 and the equator lies in its middle", () => {
  const [x, y] = paper.project(0, 180);
  assert.ok(Math.abs(x * paper.scaleAt(0) - 256) < 1e-6);
  assert.ok(Math.abs(y * paper.scaleAt(0) - 128) < 1e-6);
});

test("a pixel at zoom 15 in the demo city is about 4.3 metres", () => {
  assert.ok(Math.abs(paper.metresPerPixel(24.515, 15) - 4.347) < 0.01);
});

test("every unit status has a shape of its own kind and none of them is red", () => {
  const forms = ["available", "on_task", "assigned", "en_route", "on_scene", "transporting", "break", "out_of_service",
    "off_duty"].map((status) => shapes.unitForm(unit(status), 1));
  assert.deepEqual(forms.map((form) => form.shape),
    ["disc", "half", "ring", "ring", "square", "square", "bar", "bar", "bar"]);
  assert.ok(forms.every((form) => form.tone !== "critical"));
});

test("an emergency is a red triangle whatever the status says", () => {
  const form = shapes.unitForm(unit("break", { emergency_at: "2026-01-01T08:00:00.000Z" }), 1);
  assert.deepEqual([form.shape, form.tone], ["triangle", "critical"]);
  assert.equal(shapes.unitRank(unit("break", { emergency_at: "2026-01-01T08:00:00.000Z" })), 0);
});

test("a fix is fresh for 60 s, hollow until 180 s and struck through after that", () => {
  const looks = (age) => { const form = shapes.unitForm(unit("available"), age); return [form.hollow, form.struck]; };
  assert.deepEqual(looks(0), [false, false]);
  assert.deepEqual(looks(60), [false, false]);
  assert.deepEqual(looks(61), [true, false]);
  assert.deepEqual(looks(180), [true, false]);
  assert.deepEqual(looks(181), [true, true]);
  assert.deepEqual(looks(null), [true, true]);
});

test("an age is never negative, even when the clocks disagree", () => {
  assert.equal(shapes.ageSeconds(10_000, 8_000), 0);
  assert.equal(shapes.ageSeconds(10_000, 22_900), 12);
  assert.equal(shapes.ageSeconds(null, 22_900), null);
});

test("ages are written in steps of five seconds, then minutes, then hours", () => {
  assert.deepEqual([0, 4, 5, 59, 60, 179, 3599, 7300, null].map((age) => Object.values(shapes.ageStep(age)).join("")),
    ["s0", "s0", "s5", "s55", "m1", "m2", "m59", "h2", "none0"]);
});

test("seats are never on the map, and a unit without a fix only while it is on duty", () => {
  const home = { lat: 24.5, lng: 117.6 };
  assert.equal(shapes.isShown(unit("available", { kind: "UV", home }), [1]), false);
  assert.equal(shapes.isShown(unit("off_duty", { home }), undefined), false);
  assert.equal(shapes.isShown(unit("available", { home }), undefined), true);
  assert.equal(shapes.isShown(unit("available", { home: null }), undefined), false);
  assert.equal(shapes.isShown(unit("off_duty", { home: null }), [1]), true);
});

test("an incident is full while it waits, outlined while units are on it, faint when handled", () => {
  const state = (stage) => shapes.incidentForm({ stage, priority: 2, point_status: "verified" }).state;
  assert.deepEqual(["new", "pending", "dispatched", "on_scene", "handled", "review"].map(state),
    ["waiting", "waiting", "working", "working", "done", "done"]);
  assert.equal(shapes.incidentForm({ stage: "new", priority: 1, point_status: "unverified" }).unverified, true);
});

test("marks close together make one cluster and no mark is lost", () => {
  const items = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 0, y: 12 }, { x: 200, y: 200 }];
  const found = shapes.cluster(items, 40);
  assert.deepEqual(found.map((one) => one.items.length), [3, 1]);
  const many = Array.from({ length: 3000 }, (_, n) => ({ x: (n * 7919) % 1900, y: (n * 104729) % 1000 }));
  const clusters = shapes.cluster(many, 56);
  assert.equal(clusters.reduce((sum, one) => sum + one.items.length, 0), 3000);
  assert.ok(clusters.length < 900);
});

test("a cluster counts its units by what they do", () => {
  const marks = ["available", "on_task", "en_route", "break"].map((status) => ({ form: shapes.unitForm(unit(status), 1) }));
  const counts = shapes.shares(marks);
  assert.deepEqual(counts, { normal: 2, standby: 1, off: 1, critical: 0 });
});

test("a label takes its room once", () => {
  const crowd = paper.makeCrowd(600, 300);
  assert.equal(crowd.place(0, 0, 100, 20), true);
  assert.equal(crowd.place(90, 10, 100, 20), false);
  assert.equal(crowd.place(102, 0, 50, 20), true);
  assert.equal(crowd.place(590, 290, 100, 20), true);
  assert.equal(crowd.place(560, 280, 35, 15), false);
  crowd.clear();
  assert.equal(crowd.place(90, 10, 100, 20), true);
});

test("what lies off the paper is free and takes no room on it", () => {
  const crowd = paper.makeCrowd(600, 300);
  for (const [x, y] of [[-300, -50], [700, 10], [10, 400], [-300, 100]]) {
    assert.equal(crowd.place(x, y, 100, 20), true);
    assert.equal(crowd.place(x, y, 100, 20), true);
  }
  assert.equal(crowd.place(0, 0, 600, 300), true);
});

test("roads grow with the zoom and small ones are left out from far away", () => {
  for (const road of ["trunk", "primary", "secondary", "tertiary", "lane", "foot"]) {
    for (let zoom = 10; zoom < 18; zoom += 0.25) {
      assert.ok(paper.roadWidth(road, zoom + 0.25) >= paper.roadWidth(road, zoom), `${road} ${zoom}`);
    }
  }
  assert.equal(paper.roadWidth("lane", 12), 0);
  assert.equal(paper.roadWidth("unheard-of", 15), 0);
});

test("names along a road stand apart, inside its ends and never upside down", () => {
  const spots = paper.lineLabels([[1000, 0], [0, 10]], 60, 300);
  assert.ok(spots.length >= 2);
  for (const spot of spots) {
    assert.ok(Math.abs(spot.angle) <= Math.PI / 2);
    assert.ok(spot.x > 30 && spot.x < 970);
    assert.equal(spot.upright, false);
  }
  assert.ok(Math.abs(Math.abs(spots[0].x - spots[1].x) - 300) < 1);
});

test("a steep road has its name set upright, a short one has none", () => {
  assert.equal(paper.lineLabels([[0, 0], [20, 400]], 60, 300)[0].upright, true);
  assert.deepEqual(paper.lineLabels([[0, 0], [30, 0]], 60, 20), []);
});

test("houses are spread from their plot, one for each bit", () => {
  const houses = [];
  const buildings = { kinds: [[10, 8, 2, 4]], plots: [[100, 200, 0, 3, 2, 0, "2d"]] }; // 101101: five places, four houses
  paper.eachHouse(buildings, (x, y) => [x, y], (corners) => houses.push(corners));
  assert.equal(houses.length, 4);
  assert.deepEqual(houses[0], [[101, 202], [111, 202], [111, 210], [101, 210]]);
  assert.deepEqual(houses[1][0], [125, 202]);
  assert.deepEqual(houses[2][0], [101, 214]);
});

test("a unit glides from where it is seen to its new fix and stops there", () => {
  let track = shapes.glide(null, [0, 0], 0);
  assert.equal(shapes.isGliding(track, 0), false);
  track = shapes.glide(track, [100, 0], 1000);
  assert.deepEqual(shapes.whereNow(track, 1500), [50, 0]);
  track = shapes.glide(track, [50, 80], 1500);
  assert.deepEqual(shapes.whereNow(track, 1500), [50, 0]);
  assert.deepEqual(shapes.whereNow(track, 9000), [50, 80]);
  assert.equal(shapes.isGliding(track, 9000), false);
});

test("the same fix told again does not hold a unit up", () => {
  const track = shapes.glide(shapes.glide(null, [0, 0], 0), [100, 0], 1000);
  assert.equal(shapes.glide(track, [100, 0], 1500), track);
});

test("a unit that turns up kilometres away is set down there at once", () => {
  const track = shapes.glide(shapes.glide(null, [0, 0], 0), [9000, 0], 1000);
  assert.deepEqual(shapes.whereNow(track, 1000), [9000, 0]);
});

test("the mark on top under the pointer is found, and none where there is none", () => {
  const marks = [{ x: 10, y: 10, reach: 12, id: "below" }, { x: 11, y: 10, reach: 12, id: "top" }];
  assert.equal(shapes.markAt(marks, 10.5, 10).id, "top");
  assert.equal(shapes.markAt(marks, 60, 60), null);
});

test("marks gather from far away, and from nearer only when there are many", () => {
  assert.equal(shapes.gathers(12, 3), true);
  assert.equal(shapes.gathers(13, 35), false);
  assert.equal(shapes.gathers(13.5, 500), true);
  assert.equal(shapes.gathers(14, 2000), false);
});
