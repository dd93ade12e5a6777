import assert from "node:assert/strict";
import { test } from "node:test";

import { bearingWord, signsOf } from "../../static/js/directive_words.js";
import { directiveActs } from "../../static/js/console/directives.js";
import { trackWords } from "../../static/js/console/map_tracks.js";
import { alarmOf, isQuiet, project, promptOf, unheardFinding } from "../../static/js/phone/state.js";
import { NOTHING, takeRows } from "../../static/js/phone/world.js";

const UNIT = { id: 3, version: 1, call_sign: "C101", assignment: 9, shift: { lead_no: "0301", crew: [] } };
const line = (facts = {}) => ({ unit: 3, call_sign: "C101", assignment: 9, attached: true, accepted_at: null, state: "waiting", ...facts });
const directive = (facts = {}) => ({ id: 5, version: 1, incident: 2, task: "arrest", text: "抓捕", silent: false, open: true, state: "issued", moved: [], units: [line()], ...facts });
const world = () => ({ ...NOTHING, me: { badge: "0301" }, unit: UNIT, read_at: 1, assignment: { id: 9, version: 1, incident: 2, unit: 3, state: "on_scene", live: true }, incident: { id: 2, version: 1, mode: "routine" } });

test("call signs are read as people write them, each once, and bearings are said in eight directions", () => {
  assert.deepEqual(signsOf("c101，c107 C101、Ｂ204"), ["C101", "C107", "B204"]);
  assert.deepEqual(signsOf(""), []);
  assert.equal(bearingWord(350), bearingWord(10));
  assert.notEqual(bearingWord(90), bearingWord(270));
});

test("a phone keeps the directives of its own unit, and an accepted one is shown at the tap", () => {
  const known = takeRows(world(), { directive: [directive(), directive({ id: 6, units: [line({ unit: 4 })] })] });
  assert.deepEqual(known.directives.map((row) => row.id), [5]);
  const act = { key: "k", state: "waiting", effect: { kind: "directive", directive: 5 } };
  assert.equal(project(known, [act]).directives[0].units[0].state, "accepted");
});

test("a directive, its new position and its withdrawal are told once each; a break-off is told as well", () => {
  const view = { ...world(), directives: [directive()] };
  const heard = { clue: 0, position: 0 };
  const first = unheardFinding(view, heard);
  assert.equal(first.kind, "directive");
  assert.equal(unheardFinding(view, { ...heard, directive: first.mark }), null);
  const moved = unheardFinding({ ...view, directives: [directive({ moved: [{}] })] }, { ...heard, directive: first.mark });
  assert.ok(moved.mark > first.mark);
  const gone = unheardFinding({ ...view, directives: [directive({ moved: [{}], state: "withdrawn", open: false })] }, { ...heard, directive: moved.mark });
  assert.ok(gone.mark > moved.mark);
  const broken = unheardFinding({ ...view, directives: [], incident: { id: 2, mode: "routine", broken_off_at: "2026-03-01T11:15:00Z" } }, heard);
  assert.equal(broken.kind, "broken");
});

test("in silence nothing rings and the screen keeps its colour; a withdrawal is told all the same", () => {
  const fresh = { ...world(), assignment: { ...world().assignment, state: "dispatched" } };
  assert.equal(alarmOf(fresh).kind, "order");
  assert.equal(alarmOf({ ...fresh, incident: { ...fresh.incident, quiet: true } }), null);
  assert.equal(isQuiet({ ...fresh, directives: [directive({ silent: true })] }), true);
  assert.equal(isQuiet({ ...fresh, directives: [directive({ silent: true, open: false })] }), false);
  assert.equal(alarmOf({ ...fresh, incident: { quiet: true }, withdrawn: [{ id: 9 }] }).kind, "withdrawn");
});

test("a stake-out's prompt waits until it is answered, also after its limit", () => {
  const asked = { id: 8, kind: "answer", assignment: 9, state: "running", stopped_at: null };
  assert.equal(promptOf({ ...world(), deadlines: [asked] }).id, 8);
  assert.equal(promptOf({ ...world(), deadlines: [{ ...asked, state: "missed" }] }).id, 8);
  assert.equal(promptOf({ ...world(), deadlines: [{ ...asked, stopped_at: "x", state: "met" }] }), null);
  assert.equal(promptOf({ ...world(), deadlines: [{ ...asked, assignment: 1 }] }), null);
});

test("a pursuit can be broken off by the desk alone, and a track says its speed", () => {
  const ids = (incident, roles) => directiveActs(incident, roles).map((act) => act.id);
  assert.deepEqual(ids({ id: 1, open: true, mode: "routine" }, ["dispatcher"]), ["directives", "interception"]);
  assert.deepEqual(ids({ id: 1, open: true, mode: "pursuit" }, ["watch_commander"]), ["directives", "interception", "break-off"]);
  assert.deepEqual(ids({ id: 1, open: true, mode: "pursuit" }, ["call_taker"]), []);
  assert.deepEqual(ids({ id: 1, open: false, mode: "pursuit" }, ["dispatcher"]), []);
  assert.match(trackWords({ call_sign: "C105", metres: 4210, speed_kmh: 63.7 }), /C105 64 km\/h · 4\.2 km/);
  assert.match(trackWords({ call_sign: "C105", metres: 0, speed_kmh: null }), /C105 · 0\.0 km/);
});
