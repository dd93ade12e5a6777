import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.gettext = (text) => text;
globalThis.pgettext = (_, text) => text;
const { mayAskWhere } = await import("../../static/js/console/ask_where.js");
const { machines } = await import("../../static/js/console/place_candidates.js");
const { endNoteAct, newNoteAct, renewNoteAct } = await import("../../static/js/console/premise_acts.js");
const { isHazard, premiseText } = await import("../../static/js/premise_words.js");
const { isIncomplete, NOTHING, takeMyUnit } = await import("../../static/js/phone/world.js");

const CALL = { state: "in_progress", channel: "CH11", silent: false, caller_number: "19000000001", contact_phone: "" };

test("a location link goes to a mobile number, and to a silent contact only in its own thread", () => {
  assert.equal(mayAskWhere(CALL), true);
  assert.equal(mayAskWhere({ ...CALL, caller_number: "05960000000" }), false);
  assert.equal(mayAskWhere({ ...CALL, caller_number: "", contact_phone: "+8619000000001" }), true);
  assert.equal(mayAskWhere({ ...CALL, silent: true }), false);
  assert.equal(mayAskWhere({ ...CALL, silent: true, channel: "CH21" }), true);
  assert.equal(mayAskWhere({ ...CALL, state: "done" }), false);
  assert.equal(mayAskWhere(null), false);
});

test("the newest position by link stands before older ones and before the operator's", () => {
  const row = { positions: [{ lat: 1 }, { lat: 2 }], caller_point: { lat: 3 } };
  assert.deepEqual(machines(row).map((point) => point.lat), [2, 1, 3]);
  assert.deepEqual(machines(null), []);
});

test("a note on a place is reviewed before it ends and says its datum", () => {
  const { fixed } = newNoteAct({ point: { lat: 24.5, lng: 117.6 }, name: "新华路45号" }, 0);
  assert.ok(fixed.review_at < fixed.expires_at);
  assert.equal(fixed.point.crs, "WGS84");
  assert.equal(renewNoteAct({ id: 3 }, 0).versioned, true);
  assert.equal(endNoteAct({ id: 3 }).fields[0].required, true);
});

test("a sensitive note shows no words, and persons at risk raise attention like hazards", () => {
  assert.equal(premiseText({ sensitive: true, text: "x" }).includes("purpose"), true);
  assert.equal(premiseText({ sensitive: false, text: "狗" }), "狗");
  assert.deepEqual(["hazard", "person_at_risk", "access"].map((kind) => isHazard({ kind })), [true, true, false]);
});

test("a phone asks again for what is known of a place when the order leads to another one", () => {
  const unit = { id: 1, version: 1, assignment: 5, shift: { lead_no: "1", crew: [] } };
  const incident = { id: 7, version: 1, point: { lat: 24.5, lng: 117.6 } };
  const assignment = { id: 5, version: 1, incident: 7, live: true, unit: 1 };
  const world = takeMyUnit(NOTHING, { epoch: "e", seq: 1, unit, assignment, incident, premise_notes: [{ id: 2 }] }, 0);
  assert.deepEqual([world.premises.length, isIncomplete(world)], [1, false]);
  assert.equal(isIncomplete({ ...world, incident: { ...incident, point: { lat: 24.6, lng: 117.6 } } }), true);
});
