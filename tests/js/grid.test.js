import assert from "node:assert/strict";
import { test } from "node:test";
import { finishAct, pictureAct, reportAct } from "../../static/js/grid/acts.js";
import { isLate, markOf, metres, sorted, summed } from "../../static/js/grid/model.js";
import { isProposed } from "../../static/js/console/grid_block.js";
import { resolve, sendable } from "../../static/js/outbox.js";

const NOW = Date.parse("2026-05-04T08:00:00.000Z");
const at = (hours) => new Date(NOW + hours * 3_600_000).toISOString();
const task = (id, facts) => ({ id, state: "todo", due_at: at(48), recheck_at: null, ended_at: null, reopened: [], task_no: `G${id}`, ...facts });

test("what is late stands first, a settled dispute waits for its second look, what is over is the newest first", () => {
  const rows = [
    task(1, { due_at: at(60) }), task(2, { due_at: at(-1) }), task(3, { state: "done", recheck_at: at(72) }),
    task(4, { state: "done", ended_at: at(-5) }), task(5, { state: "returned", ended_at: at(-4) }), task(6, { state: "done", recheck_at: at(-2) }),
  ];
  const found = sorted(rows, NOW);
  assert.deepEqual(found.open.map((one) => one.id), [2, 1]);
  assert.deepEqual(found.recheck.map((one) => one.id), [6, 3]);
  assert.deepEqual(found.over.map((one) => one.id), [5, 4]);
  assert.equal(isLate(rows[5], NOW), true);
});

test("a task is marked by shape and words, red for a missed date alone", () => {
  assert.equal(markOf(task(1, { due_at: at(-1) }), NOW).level, "critical");
  assert.equal(markOf(task(1, { reopened: [{}] }), NOW).level, "serious");
  assert.equal(markOf(task(1, {}), NOW).level, "standby");
  assert.equal(markOf(task(1, { state: "doing", due_at: at(3) }), NOW).level, "caution");
  const shapes = [{}, { state: "doing" }, { state: "done", ended_at: at(-1) }, { state: "returned" }, { due_at: at(-1) }].map((facts) => markOf(task(1, facts), NOW).shape);
  assert.equal(new Set(shapes).size, shapes.length);
});

test("a result goes out after its pictures and names them by their ids", () => {
  const photo = { ...pictureAct("blob", { lat: 24.5, lng: 117.6 }), n: 1, state: "waiting" };
  const end = { ...finishAct(task(1, {}), { result: "好", recheck_at: null, photos: [`key:${photo.key}`] }), n: 2, state: "waiting" };
  assert.deepEqual(sendable([photo, end], new Set()).map((one) => one.key), [photo.key]);
  assert.deepEqual(resolve(end, { [photo.key]: 7 }).body.photos, [7]);
  assert.equal(photo.body.crs, "WGS84");
});

test("an urgent report waits for nobody, one with pictures for its pictures", () => {
  const said = { kind: "hazard", urgent: true, text: "燃气味", photos: [] };
  assert.equal(reportAct(said).urgent, true);
  assert.equal(reportAct({ ...said, photos: ["key:x"] }).urgent, false);
});

test("the figures of the duties add up to those of the grids", () => {
  const line = (grid_code, duty, n) => ({ grid_code, grid_name: grid_code, duty, n, todo: n, doing: 0, done: 0, returned: 0, overdue: 1, reopened: 0, to_recheck: 0 });
  const lines = [line("G1", "GD4", 2), line("G1", "GD1", 3), line("G2", "GD4", 5)];
  const total = (rows) => rows.reduce((sum, row) => sum + row.n, 0);
  assert.deepEqual(summed(lines, "duty").map((row) => [row.value, row.n]), [["GD1", 3], ["GD4", 7]]);
  assert.equal(total(summed(lines, "duty")), total(summed(lines, "grid_code")));
});

test("mediation is proposed for a dispute that the street is done with, once", () => {
  const incident = { type_reported: "0402", type_verified: "", handled_at: null, result_code: "" };
  assert.equal(isProposed(incident, []), false);
  assert.equal(isProposed({ ...incident, handled_at: at(0) }, []), true);
  assert.equal(isProposed({ ...incident, handled_at: at(0) }, [{}]), false);
  assert.equal(isProposed({ ...incident, type_reported: "0201", result_code: "RS06" }, []), true);
});

test("the distance of two places is that of the map within a metre in a hundred", () => {
  assert.ok(Math.abs(metres({ lat: 24.5, lng: 117.6 }, { lat: 24.501, lng: 117.6 }) - 111.2) < 1);
});
