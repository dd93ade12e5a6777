import assert from "node:assert/strict";
import test from "node:test";

import { delayAct, discoveryAct, moveAct, multipart, photoAct, reportAct, startShiftAct, statusAct } from "../../static/js/phone/acts.js";
import { knownFields, missingFields } from "../../static/js/phone/results.js";
import { makeCodes } from "../../static/js/words.js";
import { linkTo, telLink } from "../../static/js/phone/navigation.js";
import { makeFixes } from "../../static/js/phone/fixes.js";
import {
  alarmOf, buttonsOf, isHollow, isLead, isUnconfirmed, keepsAwake, linkOf, project, screenOf, undelivered,
} from "../../static/js/phone/state.js";
import { isIncomplete, NOTHING, rowsOf, takeMyUnit, takeRows } from "../../static/js/phone/world.js";

const REPORT_CODES = {
  result: [{ code: "RS02", extra_field: "case_no" }, { code: "RS16", nothing_happened: true }, { code: "RS19", extra_field: "receipt" }],
  traffic_form: [{ code: "TF0", no_accident: true }, { code: "TF1" }],
};
const OMAR = { id: 1, badge: "060112", name: "欧默", unit: 12 };
const UNIT = {
  id: 12, version: 4, call_sign: "C112", status: "available", assignment: null,
  shift: { id: 9, lead_no: "060112", crew: [{ badge: "060113", name: "倪雅", sworn: false }] },
};
const INCIDENT = {
  id: 7, version: 3, stage: "dispatched", open: true, priority: 1, attendance: true, address_text: "新华路 18 号",
  answered_at: "2026-01-01T08:00:00.000Z", first_dispatched_at: "2026-01-01T08:01:00.000Z", first_on_scene_at: null,
};
const ORDER = { id: 31, version: 1, incident: 7, unit: 12, state: "dispatched", live: true, reported_at: null };

const answer = (more = {}) => ({
  epoch: "e", seq: 10, unit: UNIT, assignment: null, incident: null, call_contact: null, deadlines: [], reports: [],
  withdrawn: [], choices: [], ...more,
});
const known = (more) => takeMyUnit({ ...NOTHING, me: OMAR }, answer(more), 1000);
const ordered = (state = "dispatched", more = {}) => known({
  unit: { ...UNIT, status: "assigned", assignment: 31 }, assignment: { ...ORDER, state }, incident: INCIDENT, ...more,
});
const queued = (...acts) => acts.map((act, n) => ({ n, made_at: 1767225900000, state: "waiting", ...act }));
const after = (world, ...acts) => project(world, queued(...acts));

test("each state has exactly one next step, and at most two buttons beside it", () => {
  const expected = { dispatched: "accept", delivered: "accept", accepted: "depart", en_route: "arrive", on_scene: "finish" };
  for (const [state, next] of Object.entries(expected)) {
    const buttons = buttonsOf(after(ordered(state)));
    assert.equal(buttons.next, next);
    assert.ok(buttons.beside.length <= 2);
  }
});

test("a tap shows the next state at once and marks it as not confirmed", () => {
  const view = after(ordered("delivered"), moveAct(ORDER, "accept"));
  assert.equal(view.assignment.state, "accepted");
  assert.equal(buttonsOf(view).next, "depart");
  assert.equal(isUnconfirmed(view), true);
  assert.equal(isUnconfirmed(after(ordered("accepted"))), false);
});

test("a whole order can be worked without network", () => {
  const moves = ["accept", "depart", "arrive"].map((move) => moveAct(ORDER, move));
  const there = after(ordered("delivered"), ...moves);
  assert.equal(there.assignment.state, "on_scene");
  assert.equal(there.unit.status, "on_scene");
  assert.ok(there.incident.first_on_scene_at, "both clocks stop at the tap");
  const done = after(ordered("delivered"), ...moves, moveAct(ORDER, "finish", { result_code: "RS15" }));
  assert.equal(screenOf(done), "idle");
  assert.equal(done.unit.status, "available");
  assert.equal(buttonsOf(done).next, "report", "the report is owed");
  const report = reportAct(ORDER, { kind: "handling", process_text: "已调解", photos: [] });
  const reported = after(ordered("delivered"), ...moves, moveAct(ORDER, "finish"), report);
  assert.equal(buttonsOf(reported).next, "discovery");
});

test("a refused act no longer shows its effect", () => {
  const refused = { ...moveAct(ORDER, "accept"), state: "refused", n: 1, made_at: 1 };
  assert.equal(project(ordered("delivered"), [refused]).assignment.state, "delivered");
});

test("a late answer never moves the screen back", () => {
  const world = takeRows(ordered("en_route"), { assignment: [{ ...ORDER, version: 1, state: "delivered" }] });
  assert.equal(world.assignment.state, "en_route");
  const view = after(ordered("on_scene"), moveAct(ORDER, "accept"));
  assert.equal(view.assignment.state, "on_scene");
});

test("only the lead refuses and finishes; the crew reports", () => {
  const crew = { ...ordered("on_scene"), me: { ...OMAR, badge: "060113" } };
  assert.equal(isLead(crew), false);
  assert.equal(buttonsOf(after(crew)).next, "report");
  assert.deepEqual(buttonsOf(after({ ...crew, assignment: ORDER })).beside, []);
  assert.deepEqual(buttonsOf(after(ordered())).beside, ["refuse"]);
});

test("an order is acknowledged as stored exactly once", () => {
  const world = ordered();
  assert.equal(undelivered(world, []), 31);
  assert.equal(undelivered(world, queued(moveAct(ORDER, "deliver"))), null);
  assert.equal(undelivered(world, queued(moveAct(ORDER, "accept"))), null, "an acceptance says more");
  assert.equal(undelivered(ordered("delivered"), []), null);
  assert.equal(undelivered(known({}), []), null);
});

test("a withdrawn order has to be confirmed before anything else", () => {
  const gone = { ...ORDER, version: 5, state: "withdrawn", live: false, cancel_code: "CX3", withdrawal_confirmed_at: null };
  const world = takeRows(ordered("en_route"), { assignment: [gone] });
  assert.equal(world.assignment, null);
  assert.equal(screenOf(after(world)), "withdrawn");
  assert.deepEqual(buttonsOf(after(world)), { next: "confirm_withdrawal", beside: [] });
  assert.deepEqual(alarmOf(after(world)), { kind: "withdrawn", id: 31, priority: 0 });
  const confirmed = takeRows(world, { assignment: [{ ...gone, version: 6, withdrawal_confirmed_at: "2026-01-01T08:05:00.000Z" }] });
  assert.equal(screenOf(after(confirmed)), "idle");
  assert.equal(confirmed.owed.length, 0);
});

test("the alarm rings for a new order and is silent once it is accepted", () => {
  assert.deepEqual(alarmOf(after(ordered())), { kind: "order", id: 31, priority: 1 });
  assert.equal(alarmOf(after(ordered(), moveAct(ORDER, "accept"))), null);
  assert.equal(alarmOf(after(known({}))), null);
});

test("a discovery without network is an order of its own that can be finished", () => {
  const found = discoveryAct({ type_reported: "0401", point: { lat: 24.51, lng: 117.65, crs: "WGS84" }, address_text: "", narrative: "" });
  const view = after(known({}), found);
  assert.equal(screenOf(view), "task");
  assert.equal(view.assignment.id, `key:${found.key}`);
  const finish = moveAct(view.assignment, "finish", { result_code: "RS05" });
  assert.equal(finish.path, `/api/assignments/key:${found.key}/finish/`);
  assert.equal(screenOf(after(known({}), found, finish)), "idle");
});

test("an idle unit on a break gets back to the street by the big button", () => {
  assert.equal(buttonsOf(after(known({}), statusAct("break"))).next, "available");
  assert.equal(buttonsOf(after(known({}))).next, "discovery");
});

test("without a shift the phone asks for one, and a started one shows at once", () => {
  const world = known({ unit: null, choices: [UNIT] });
  assert.equal(screenOf(after(world)), "shift");
  const start = startShiftAct({ ...UNIT, shift: null }, OMAR, ["060113"], "");
  const view = after(world, start);
  assert.equal(screenOf(view), "idle");
  assert.deepEqual(start.body, { unit: 12, crew: ["060113"] });
  assert.equal(isLead(view), true);
});

test("a finished order leaves its report owed, and the report pays it", () => {
  const finished = { ...ORDER, version: 9, state: "finished", live: false };
  let world = takeRows(ordered("on_scene"), { assignment: [finished], unit: [{ ...UNIT, version: 5 }] });
  assert.equal(world.owed.length, 1);
  assert.equal(world.owed[0].incident.address_text, "新华路 18 号");
  const report = { id: 4, version: 1, assignment: 31, incident: 7, unit: 12, kind: "handling", complete: true };
  world = takeRows(world, { report: [report] });
  assert.equal(world.owed.length, 0);
});

test("an order finished by the desk meanwhile still leaves its report owed", () => {
  const unreported = [{ ...ORDER, version: 9, state: "finished", live: false, incident_row: INCIDENT }];
  const world = takeMyUnit(ordered("on_scene"), answer({ seq: 11, unreported }), 2000);
  assert.equal(world.assignment, null);
  assert.equal(world.owed.length, 1);
  assert.equal(world.owed[0].assignment.id, 31);
  assert.equal(world.owed[0].incident.address_text, "新华路 18 号");
});

test("an order that ended while the server read the unit is not held as one that goes on", () => {
  const torn = ordered("finished", { assignment: { ...ORDER, version: 9, state: "finished", live: false } });
  assert.equal(torn.assignment, null);
  assert.equal(torn.incident, null);
  assert.equal(isIncomplete(torn), true, "the unit's row is older: ask again");
});

test("an answer older than what is known is not taken", () => {
  const world = takeRows(known({ seq: 10 }), {}, 15);
  assert.equal(takeMyUnit(world, answer({ seq: 12 }), 2000), null);
  assert.ok(takeMyUnit(world, answer({ seq: 12, epoch: "another" }), 2000), "another epoch starts over");
});

test("rows of other units on the same incident change nothing", () => {
  const world = takeRows(ordered("accepted"), { assignment: [{ ...ORDER, id: 32, unit: 99, version: 9 }], unit: [{ ...UNIT, id: 99, version: 50 }] });
  assert.equal(world.assignment.id, 31);
  assert.equal(world.unit.id, 12);
});

test("a unit row that names an unknown order makes the phone ask", () => {
  const world = takeRows(known({}), { unit: [{ ...UNIT, version: 5, assignment: 31 }] });
  assert.equal(isIncomplete(world), true);
  assert.equal(isIncomplete(ordered()), false);
});

test("the answer of a command is sorted into rows", () => {
  assert.deepEqual(rowsOf({ seq: 3, assignment: ORDER }), { assignment: [ORDER] });
  assert.deepEqual(rowsOf({ seq: 3, photo: { id: 5, url: "/x" } }), {});
});

test("a delay shows on the order", () => {
  const view = after(ordered("en_route"), delayAct(ORDER, "DL1", ""));
  assert.equal(view.assignment.delay_code, "DL1");
});

test("the screen is kept on during an order only", () => {
  assert.equal(keepsAwake(after(ordered())), true);
  assert.equal(keepsAwake(after(known({}))), false);
});

test("the link is live with a socket, slow without, offline after twenty silent seconds", () => {
  assert.equal(linkOf({ online: true, socket: true, heard_at: 0, now: 4000 }).state, "live");
  assert.equal(linkOf({ online: true, socket: false, heard_at: 0, now: 4000 }).state, "slow");
  assert.deepEqual(linkOf({ online: true, socket: true, heard_at: 0, now: 25000 }), { state: "offline", age: 25 });
  assert.equal(linkOf({ online: false, socket: false, heard_at: null, now: 0 }).state, "offline");
});

test("fixes wait while they cannot be sent, and an old one is hollow", () => {
  const fixes = makeFixes();
  for (let second = 0; second < 200; second += 1) {
    fixes.take({ coords: { latitude: 24.51, longitude: 117.65, accuracy: 8, speed: 10, heading: null }, timestamp: second * 1000 });
  }
  assert.equal(fixes.waiting(), 120);
  const batch = fixes.batch();
  assert.equal(batch.length, 60);
  assert.equal(batch[0].speed_kmh, 36);
  assert.equal("heading" in batch[0], false);
  fixes.sent(60);
  assert.equal(fixes.waiting(), 60);
  assert.equal(isHollow(fixes.last(), 199000), false);
  assert.equal(isHollow(fixes.last(), 199000 + 60001), true);
  assert.equal(isHollow(null, 0), true);
});

test("a photo's body is the same at each retry", async () => {
  const photo = new Blob([new Uint8Array([1, 2, 3])], { type: "image/jpeg" });
  const act = photoAct(photo, { lat: 24.5, lng: 117.6 });
  const bodies = await Promise.all([1, 2].map(() => multipart(act.key, act.body, photo).text()));
  assert.equal(bodies[0], bodies[1]);
  assert.ok(multipart(act.key, act.body, photo).type.endsWith(act.key));
  assert.match(bodies[0], /name="crs"\r\n\r\nWGS84\r\n/);
});

test("a report says what a result demands besides", () => {
  const how = { codes: makeCodes(REPORT_CODES, "zh-hans"), onScene: true };
  const report = { result_codes: [], type_verified: "0401", process_text: "", address_verified: "新华路", camera_ref: "JL1" };
  assert.deepEqual(missingFields(report, how), ["result_codes", "process_text"]);
  assert.deepEqual(missingFields({ ...report, result_codes: ["RS02"], process_text: "立案" }, how), ["case_no"]);
  assert.deepEqual(missingFields({ ...report, result_codes: ["RS05"], process_text: "已调解" }, how), []);
  const theft = { ...report, type_verified: "0201", result_codes: ["RS05"], process_text: "x" };
  assert.deepEqual(missingFields(theft, how), ["caught", "involved", "escaped", "loss_yuan"]);
  assert.deepEqual(missingFields({ ...theft, caught: 0, involved: 1, escaped: 1, loss_unknown: true }, how), []);
  assert.deepEqual(missingFields({ ...theft, result_codes: ["RS16"] }, how), []);
  const crash = { ...report, type_verified: "0302", result_codes: ["RS05"], process_text: "x" };
  assert.deepEqual(missingFields({ ...crash, traffic_form: "TF1" }, how), ["traffic_cause", "road_surface", "visibility", "vehicles_damaged"]);
  assert.deepEqual(missingFields({ ...crash, traffic_form: "TF0" }, how), []);
  const back = { ...report, result_codes: ["RS19"], process_text: "x" };
  assert.deepEqual(missingFields(back, how), ["receipt"]);
  assert.deepEqual(missingFields(back, { ...how, known: knownFields([{ status: "returned" }]) }), []);
});

test("a tick shows at once and waits, and a returned report is corrected before anything else", () => {
  const order = { id: 31, state: "on_scene", unit: 5, incident: 9 };
  const view = { ...NOTHING, offset_ms: 0, assignment: order, ticks: [{ item: "recorder", done: false, version: 1 }] };
  const act = { state: "waiting", made_at: 0, effect: { kind: "tick", assignment: 31, item: "recorder", done: true } };
  assert.deepEqual(project(view, [act]).ticks.map(({ item, done, waits }) => [item, done, waits]), [["recorder", true, true]]);
  const idle = { ...NOTHING, read_at: 1, unit: { id: 5, status: "available", shift: {} }, returned: [{ assignment: order, incident: {}, report: {} }] };
  assert.equal(buttonsOf(idle).next, "correct");
  assert.equal(buttonsOf({ ...idle, returned: [{ assignment: order, incident: null, report: null }] }).next, "discovery", "still being asked");
  const filed = { state: "waiting", made_at: 0, effect: { kind: "report", report: "correction", assignment: 31 } };
  assert.equal(buttonsOf(project(idle, [filed])).next, "discovery");
});

test("a report that the reviewer sends back is asked for, and its correction takes it off", () => {
  const world = { ...NOTHING, read_at: 1, unit: { id: 5, version: 1, shift: {}, assignment: null } };
  const row = { id: 31, version: 7, unit: 5, incident: 9, state: "finished", live: false, reported_at: "x", returned_at: "y" };
  const told = takeRows(world, { assignment: [row] });
  assert.equal(told.returned.length, 1);
  assert.equal(isIncomplete(told), true);
  assert.equal(takeRows(told, { assignment: [{ ...row, version: 8, returned_at: null }] }).returned.length, 0);
});

test("each map program is given its own datum", () => {
  const place = { lat: 24.51, lng: 117.6525 };
  assert.match(linkTo("amap", place, "新华路"), /dlat=24\.507031&dlon=117\.657295/);
  assert.match(decodeURIComponent(linkTo("baidu", place, "新华路")), /latlng:24\.512686,117\.663887/);
  assert.match(linkTo("system", place, "新华路"), /^geo:24\.510000,117\.652500/);
  assert.equal(telLink("190 0000 0101"), "tel:19000000101");
});

test("a wrong clock of the phone does not send fixes from the future", () => {
  const fixes = makeFixes(() => -90000);
  fixes.take({ coords: { latitude: 24.51, longitude: 117.65 }, timestamp: 1767225600000 });
  assert.equal(fixes.batch()[0].taken_at, "2025-12-31T23:58:30.000Z");
});
