import { test } from "node:test";
import assert from "node:assert/strict";
import { parse } from "../../static/js/command_line.js";
import { freshSeverity, needsTwoTone, standing } from "../../static/js/console/alarms.js";
import { echo } from "../../static/js/console/echo.js";
import {
  canOpen,
  compare,
  emptyValues,
  filled,
  incidentFacts,
  proposePriority,
  valuesOf,
} from "../../static/js/console/intake_facts.js";
import { chordOf, isComposing } from "../../static/js/console/keys.js";
import { bind, findIncident, findUnit, statusOf } from "../../static/js/console/meaning.js";
import { initials, searchCodes } from "../../static/js/console/pinyin.js";
import { arrange, percent } from "../../static/js/console/likely_slots.js";
import { assignmentActs, incidentActs, mayOrder, tabFor } from "../../static/js/console/verbs.js";
import { makeCodes } from "../../static/js/words.js";

const codes = makeCodes(
  {
    incident_type: [{ code: "0202", zh: "殴打他人", en: "assault" }],
    cancel: [{ code: "CX3", zh: "改派", en: "nearer unit" }],
    result: [{ code: "RS16", zh: "未见异常", en: "nothing found" }],
    priority: [{ code: "2", zh: "紧急", en: "urgent" }],
  },
  "zh-hans",
);
const units = [
  { id: 1, call_sign: "C101", label: "巡101", status: "available" },
  { id: 2, call_sign: "C102", label: "巡102", status: "available" },
  { id: 3, call_sign: "B201", label: "摩201", status: "on_scene" },
];
const incidents = [
  {
    id: 71,
    incident_no: "350600A20260101000241",
    stage: "pending",
    open: true,
    type_reported: "0202",
    address_text: "新华路",
  },
  { id: 72, incident_no: "350600A20260101000242", stage: "on_scene", open: true, type_reported: "", address_text: "" },
];
const assignments = [
  { id: 9, unit: 3, incident: 72, state: "on_scene", call_sign: "B201", incident_row: incidents[1] },
];
const board = { units, incidents, assignments, selected: 71 };
const understand = (line) => bind(parse(line), board);

test("a command is bound to the rows it names", () => {
  const bound = understand("派 巡101 C102 #242");
  assert.deepEqual([bound.problem, bound.incident.id, bound.units.map((unit) => unit.id)], [null, 72, [1, 2]]);
});

test("without a number the selected incident is meant", () => {
  assert.equal(understand("派 101").incident.id, 71);
  assert.equal(bind(parse("派 101"), { ...board, selected: null }).problem.code, "no_incident");
});

test("an unknown unit is never guessed, but the near ones are named", () => {
  assert.deepEqual(understand("派 C103 #241").problem, { code: "unit", word: "C103", near: ["C101", "C102"] });
});

test("a report by radio finds the unit's own order", () => {
  assert.deepEqual(
    understand("B201 到").assignments.map((row) => row.id),
    [9],
  );
  assert.equal(understand("C101 到").problem.code, "no_assignment");
});

test("what is missing is asked for by name", () => {
  const problems = ["派", "级 #241", "注", "完 B201", "撤 B201", "状 C101：飞", "看 #999", "炸"].map(
    (line) => understand(line).problem?.code,
  );
  assert.deepEqual(problems, ["no_units", "no_level", "no_text", "no_code", "no_code", "status", "incident", "verb"]);
});

test("every verb is echoed as a sentence that names what it will touch", () => {
  assert.equal(echo(understand("派 C101 C102 #241"), codes), "Send C101 C102 to #241 殴打他人 新华路");
  assert.equal(echo(understand("撤 B201 CX3"), codes), "Withdraw B201 from #242: 改派");
  assert.equal(echo(understand("状 C101：休整"), codes), "Set C101 to “break”");
  for (const line of [
    "接",
    "新",
    "地 公园",
    "类 殴打",
    "级 2",
    "找 x",
    "看 #241",
    "B201 签",
    "B201 出",
    "B201 到",
    "完 B201 RS16",
    "告 B201",
    "催 B201",
    "解 C101",
    "知",
    "回",
    "?",
  ]) {
    assert.ok(!/%\(/.test(echo(understand(line), codes)), line);
  }
});

test("a unit is found by call sign, Chinese label or its bare number", () => {
  assert.equal(findUnit("C101", units).id, 1);
  assert.equal(findUnit("摩201", units).id, 3);
  assert.equal(findUnit("201", units).id, 3);
  assert.equal(findUnit("999", units), null);
});

test("of several days the newest incident with the number is meant", () => {
  const yesterday = { id: 3, incident_no: "350600A20251231000241" };
  assert.equal(findIncident("241", [yesterday, incidents[0]]).id, 71);
});

test("only statuses that a person may set are understood", () => {
  assert.equal(statusOf("休整 吃饭"), "break");
  assert.equal(statusOf("en_route"), null);
});

test("pinyin initials of incident types are right", () => {
  assert.equal(initials("盗窃自行车"), "dqzxc");
  assert.equal(initials("殴打他人"), "odtr");
  assert.equal(initials("电信网络诈骗"), "dxwlzp");
  assert.equal(initials("一键报警12110"), "yjbj12110");
});

test("types are found by code, Chinese, initials and English, the exact ones first", () => {
  const rows = [
    ["0201", "治安盗窃", "petty theft"],
    ["020101", "盗窃自行车", "bicycle theft"],
    ["020102", "盗窃电动自行车", "e-bike theft"],
    ["0202", "殴打他人", "assault"],
  ].map(([code, zh, en]) => ({ code, zh, en }));
  const found = (query) => searchCodes(rows, query).map((row) => row.code);
  assert.equal(found("0202")[0], "0202");
  assert.deepEqual(found("0201"), ["0201", "020101", "020102"]);
  assert.equal(found("自行车")[0], "020101");
  assert.equal(found("dqz")[0], "020101");
  assert.equal(found("ｏｄ")[0], "0202");
  assert.equal(found("assault")[0], "0202");
  assert.ok(found("盗电动").includes("020102"));
  assert.deepEqual(found("zzzz"), []);
});

test("a suggestion keeps its place, and nothing changes place while the pointer is on the list", () => {
  const one = (incident, chance) => ({ incident, chance });
  const ids = (slots) => slots.map((slot) => slot?.incident ?? null);
  let slots = arrange([], [one(1, 0.4), one(2, 0.3)], { most: 3, held: false });
  slots = arrange(slots, [one(3, 0.8), one(2, 0.5), one(1, 0.1)], { most: 3, held: false });
  assert.deepEqual(ids(slots), [1, 2, 3]);
  assert.equal(slots[1].chance, 0.5);
  slots = arrange(slots, [one(4, 0.9), one(2, 0.5)], { most: 3, held: true });
  assert.deepEqual(ids(slots), [1, 2, 3]);
  assert.deepEqual(slots.map((slot) => Boolean(slot.gone)), [true, false, true]);
  slots = arrange(slots, [one(4, 0.9), one(2, 0.5)], { most: 3, held: false });
  assert.deepEqual(ids(slots), [4, 2]);
  assert.deepEqual(ids(arrange(slots, [one(2, 0.5)], { most: 3, held: false })), [null, 2]);
});

test("a chance is never told as certain", () => {
  assert.deepEqual([percent(0.999), percent(0.004), percent(0.614)], ["99%", "1%", "61%"]);
});

test("alerts stand by gravity and age, the acknowledged ones last", () => {
  const alert = (id, severity, second, seen = null) => ({
    id,
    severity,
    open: true,
    raised_at: `2026-01-01T08:00:0${second}Z`,
    acknowledged_at: seen,
  });
  const rows = [
    alert(1, "caution", 1),
    alert(2, "critical", 5, "x"),
    alert(3, "serious", 4),
    alert(4, "serious", 2),
    { ...alert(5, "critical", 0), open: false },
  ];
  assert.deepEqual(
    standing(rows).map((row) => row.id),
    [4, 3, 1, 2],
  );
});

test("an alert sounds once, by the gravest; two tones last until it is acknowledged", () => {
  const heard = new Set();
  const rows = [
    { id: 1, severity: "caution", acknowledged_at: null },
    { id: 2, severity: "critical", acknowledged_at: null },
  ];
  assert.equal(freshSeverity(rows, heard, ["dispatcher"]), "critical");
  assert.equal(freshSeverity(rows, heard, ["dispatcher"]), null);
  assert.equal(needsTwoTone(rows), true);
  assert.equal(needsTwoTone([{ ...rows[1], acknowledged_at: "x" }]), false);
});

test("any danger proposes priority 1, a death at most 2, the type its own", () => {
  assert.equal(proposePriority(4, { weapon: "yes" }), 1);
  assert.equal(proposePriority(3, { dead: 1 }), 2);
  assert.equal(proposePriority(2, {}), 2);
  assert.equal(proposePriority(undefined, {}), 3);
});

test("an incident can be opened with a place or a type, not with a kind that makes none", () => {
  assert.equal(canOpen({ ...emptyValues(), type_reported: "0202" }), true);
  assert.equal(canOpen({ ...emptyValues(), address_text: "新华路" }), true);
  assert.equal(canOpen(emptyValues()), false);
  assert.equal(canOpen({ ...emptyValues(), type_reported: "1201", kind: "CK05" }), false);
});

test("the caller's number is the contact when no other is given, and unknown counts stay out", () => {
  const facts = filled(incidentFacts({ ...emptyValues(), caller_number: "19000000101", injured: 0 }));
  assert.equal(facts.contact_phone, "19000000101");
  assert.equal(facts.injured, 0);
  assert.ok(!("dead" in facts));
});

test("edits of two people are told apart field by field", () => {
  const base = { narrative: "a", vehicle_plate: "", injured: null };
  const result = compare(
    base,
    { narrative: "b", vehicle_plate: "闽E", injured: null },
    { narrative: "c", vehicle_plate: "", injured: 1 },
  );
  assert.deepEqual(result.conflicts, { narrative: { mine: "c", theirs: "b" } });
  assert.deepEqual(result.take, { vehicle_plate: "闽E" });
  assert.deepEqual(result.send, { injured: 1 });
});

test("the same point is no change, whatever else the server knows of it", () => {
  const mine = { point: { lat: 24.5, lng: 117.6, crs: "WGS84" } };
  assert.deepEqual(compare({ point: null }, { point: { lat: 24.5, lng: 117.6, accuracy_m: null } }, mine).send, {});
});

test("a call with its incident fills the form", () => {
  const call = {
    channel: "CH11",
    caller_number: "19000000101",
    caller_name: "卢知遥",
    contact_phone: "",
    narrative: "n",
    kind: "",
    silent: false,
  };
  const values = valuesOf(call, { address_text: "新华路", priority: 2, point: null, weapon: "yes" });
  assert.deepEqual(
    [values.address_text, values.priority, values.weapon, values.kind, values.caller_name],
    ["新华路", 2, "yes", "CK01", "卢知遥"],
  );
});

test("a call-taker sends nobody, a dispatcher does, on open incidents only", () => {
  const row = { id: 1, open: true, stage: "pending" };
  assert.equal(mayOrder(row, ["call_taker"]), false);
  assert.equal(mayOrder(row, ["dispatcher"]), true);
  assert.equal(mayOrder({ ...row, open: false, stage: "closed" }, ["dispatcher"]), false);
  assert.equal(tabFor(row, ["dispatcher"]), "candidates");
  assert.equal(tabFor(row, ["call_taker"]), "facts");
});

test("acts follow the stage and the role", () => {
  const acts = (facts, roles) =>
    incidentActs({ id: 1, open: true, stage: "pending", priority: 3, ...facts }, roles).map((act) => act.id);
  assert.ok(acts({}, ["dispatcher"]).includes("no-attendance"));
  assert.ok(!acts({ stage: "en_route" }, ["dispatcher"]).includes("no-attendance"));
  assert.ok(acts({ stage: "review" }, ["watch_commander"]).includes("approve"));
  assert.ok(!acts({ stage: "review" }, ["dispatcher"]).includes("approve"));
  assert.deepEqual(acts({ open: false, stage: "closed" }, ["watch_commander"]), ["reopen"]);
  assert.deepEqual(acts({}, ["station_duty"]), []);
});

test("moves by radio follow the state of the order", () => {
  const acts = (state, roles = ["dispatcher"], facts = {}) =>
    assignmentActs({ id: 1, state, ...facts }, roles).map((act) => act.id);
  assert.deepEqual(acts("delivered"), ["accept", "depart", "arrive", "withdraw", "delay"]);
  assert.deepEqual(acts("on_scene"), []);
  assert.deepEqual(acts("on_scene", ["watch_commander"]), ["finish"]);
  assert.deepEqual(acts("on_scene", ["dispatcher"], { live: true }), ["urge"]);
  assert.deepEqual(acts("finished", ["dispatcher"], { reported_at: "x" }), []);
  assert.deepEqual(acts("on_scene", ["dispatcher"], { handed_at: "x" }), ["taken-over"]);
  assert.deepEqual(acts("on_scene", ["dispatcher"], { handed_at: "x", handed_received_at: "y" }), []);
  assert.deepEqual(acts("finished"), ["urge"]);
  assert.deepEqual(acts("delivered", ["call_taker"]), []);
});

test("keys are ignored while an input method composes", () => {
  assert.equal(isComposing({ isComposing: true }), true);
  assert.equal(isComposing({ keyCode: 229 }), true);
  assert.equal(isComposing({ isComposing: false, keyCode: 13 }), false);
});

test("chords are written in one way", () => {
  assert.equal(chordOf({ key: "F2", code: "F2" }), "F2");
  assert.equal(chordOf({ key: "Enter", code: "Enter", ctrlKey: true }), "Ctrl+Enter");
  assert.equal(chordOf({ key: "¡", code: "Digit1", altKey: true }), "Alt+1");
  assert.equal(chordOf({ key: "；", code: "Semicolon" }), ";");
  assert.equal(chordOf({ key: "？", code: "Slash", shiftKey: true }), "?");
  assert.equal(chordOf({ key: "F6", code: "F6", shiftKey: true }), "Shift+F6");
});

test("an alert rings where somebody can act on it, when it is next in line, and again when its shelf ends", () => {
  const heard = new Set();
  const row = { id: 7, severity: "serious", acknowledged_at: null, sounds: true, heard_by: ["dispatcher"], open: true };
  assert.equal(freshSeverity([row], heard, ["call_taker"]), null);
  assert.equal(freshSeverity([{ ...row, sounds: false }], heard, ["dispatcher"]), null);
  assert.equal(freshSeverity([row], heard, ["dispatcher"]), "serious");
  const until = "2026-01-01T08:10:00.000Z";
  const shelved = { ...row, shelved_until: until };
  const at = Date.parse(until);
  assert.equal(freshSeverity([shelved], heard, ["dispatcher"], at - 1), null);
  assert.equal(standing([shelved, { ...row, id: 8, severity: "caution", raised_at: until }], at - 1)[0].id, 8);
  assert.equal(freshSeverity([shelved], heard, ["dispatcher"], at), "serious");
});
