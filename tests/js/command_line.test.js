import { test } from "node:test";
import assert from "node:assert/strict";
import { VERBS, distance, parse, print } from "../../static/js/command_line.js";

const facts = (line) => {
  const { verb, units, incident, code, level, text } = parse(line);
  return [verb, units.join("+"), incident, code, level, text];
};

test("an order names its units and its incident", () => {
  assert.deepEqual(facts("派 C101 #241"), ["order", "C101", "241", null, null, ""]);
  assert.deepEqual(facts("D C101 C102 #241"), ["order", "C101+C102", "241", null, null, ""]);
  assert.deepEqual(facts("pj c101 #0241"), ["order", "C101", "241", null, null, ""]);
});

test("every verb is understood by Chinese, English and pinyin initials", () => {
  for (const [verb, { names }] of Object.entries(VERBS)) {
    for (const name of names) assert.equal(parse(name).verb, verb, name);
    for (const name of names) assert.equal(parse(name.toUpperCase()).verb, verb, name);
  }
});

test("no name belongs to two verbs", () => {
  const names = Object.values(VERBS).flatMap((verb) => verb.names);
  assert.equal(new Set(names).size, names.length);
});

test("full-width characters and Chinese punctuation are understood", () => {
  assert.deepEqual(facts("派　Ｃ１０１，Ｃ１０２；＃２４１。"), ["order", "C101+C102", "241", null, null, ""]);
  assert.deepEqual(facts("？"), ["help", "", null, null, null, ""]);
});

test("a Chinese verb may be written without a space", () => {
  assert.deepEqual(facts("派C101 #241"), ["order", "C101", "241", null, null, ""]);
  assert.deepEqual(facts("签收C101"), ["accept", "C101", null, null, null, ""]);
  assert.deepEqual(facts("派巡101 #3"), ["order", "巡101", "3", null, null, ""]);
});

test("a report by radio may name the unit first", () => {
  assert.deepEqual(facts("C101 到"), ["arrive", "C101", null, null, null, ""]);
  assert.deepEqual(facts("巡101 到场"), ["arrive", "巡101", null, null, null, ""]);
  assert.deepEqual(facts("Ｃ１０１到"), ["arrive", "C101", null, null, null, ""]);
  assert.deepEqual(facts("#241 派 C101"), ["order", "C101", "241", null, null, ""]);
});

test("text after a colon is kept as it was typed", () => {
  assert.deepEqual(facts("派 C101 #241：从后门进，别开警灯。C102 在后"), [
    "order",
    "C101",
    "241",
    null,
    null,
    "从后门进，别开警灯。C102 在后",
  ]);
  assert.deepEqual(facts("注 #241 报警人说：两人，已离开"), ["note", "", "241", null, null, "报警人说：两人，已离开"]);
  assert.deepEqual(facts("D C101 #241: back gate"), ["order", "C101", "241", null, null, "back gate"]);
});

test("text without a colon begins where nothing else is understood", () => {
  assert.deepEqual(facts("派 C101 #241 注意安全"), ["order", "C101", "241", null, null, "注意安全"]);
  assert.deepEqual(facts("note second caller on the line"), [
    "note",
    "",
    null,
    null,
    null,
    "second caller on the line",
  ]);
});

test("a place may be followed by its incident", () => {
  assert.deepEqual(facts("地 中山公园 北门 #241"), ["place", "", "241", null, null, "中山公园 北门"]);
});

test("a priority may be written in three ways", () => {
  assert.deepEqual(facts("级 2 #241"), ["priority", "", "241", null, 2, ""]);
  assert.deepEqual(facts("P2 #241 weapon seen"), ["priority", "", "241", null, 2, "weapon seen"]);
  assert.deepEqual(facts("priority p1"), ["priority", "", null, null, 1, ""]);
});

test("types are named by code or by words, withdrawals and results by code", () => {
  assert.deepEqual(facts("类 020101 #7"), ["type", "", "7", "020101", null, ""]);
  assert.deepEqual(facts("类 自行车"), ["type", "", null, null, null, "自行车"]);
  assert.deepEqual(facts("撤 C101 cx3"), ["withdraw", "C101", null, "CX3", null, ""]);
  assert.deepEqual(facts("完 C101 RS16"), ["finish", "C101", null, "RS16", null, ""]);
});

test("a beginning or one slip in an English verb is forgiven, two are not", () => {
  assert.equal(parse("with C101").verb, "withdraw");
  assert.equal(parse("widthraw C101").verb, null);
  assert.equal(parse("wihtdraw C101").verb, "withdraw");
  assert.equal(parse("arive C101").verb, "arrive");
  assert.equal(parse("ac C101").verb, null, "accept or acknowledge");
});

test("an unknown verb is named and nothing else is guessed", () => {
  assert.deepEqual([parse("炸 C101").verb, parse("炸 C101").word], [null, "炸"]);
  assert.equal(parse("C101").verb, null);
  assert.equal(parse("   "), null);
});

test("a bare number shows the incident", () => {
  assert.deepEqual(facts("#241"), ["show", "", "241", null, null, ""]);
});

test("a unit named twice is one unit", () => {
  assert.equal(facts("派 C101 C101 #1")[1], "C101");
});

test("distance counts a swap of neighbours as one edit", () => {
  assert.equal(distance("arrive", "arirve"), 1);
  assert.equal(distance("find", "find"), 0);
  assert.equal(distance("", "abc"), 3);
});

/** A small repeatable generator: the same seed gives the same commands. */
function dice(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomCommand(roll) {
  const pick = (list) => list[roll(list.length)];
  const verb = pick(Object.keys(VERBS));
  const takes = new Set(VERBS[verb].takes);
  const words = [
    "C101",
    "#241",
    "：",
    ":",
    "派",
    "中山公园",
    "，",
    "a",
    "P2",
    "RS01",
    "020101",
    "𠮷",
    "x y",
    "2",
    "101",
    "#",
    "?",
  ];
  const text = [...Array(roll(4))]
    .map(() => pick(words))
    .join(" ")
    .replace(/\s+/gu, " ")
    .trim();
  const incident = takes.has("incident") && roll(2) ? String(roll(999)) : null;
  const units = ["C101", "B203", "巡101", "S404", "101"].filter(() => roll(3) === 0);
  return {
    verb,
    units: takes.has("units") ? units : [],
    incident,
    into: takes.has("into") && incident !== null && roll(2) ? String(roll(999)) : null,
    code: takes.has("code") && roll(2) ? pick(["CX1", "RS16"]) : takes.has("typecode") && roll(2) ? "020101" : null,
    level: takes.has("level") && roll(2) ? roll(4) + 1 : null,
    text: takes.has("text") ? text : "",
  };
}

test("what is printed is parsed as the same command, 20 000 times", () => {
  const roll = dice(110);
  for (let turn = 0; turn < 20000; turn += 1) {
    const command = randomCommand(roll);
    if (command.verb === "show" && command.incident === null) continue;
    assert.deepEqual(parse(print(command)), command, print(command));
  }
});

test("any text at all is read without an exception", () => {
  const roll = dice(7);
  const parts = [
    "派",
    "C101",
    "#",
    "＃",
    "24",
    "：",
    ":",
    " ",
    "，",
    "\u200b",
    "\u202e",
    "𠮷",
    "ﷺ",
    "İ",
    "ß",
    "P",
    "2",
    "?",
    "\0",
    "撤",
    "ＣＸ３",
  ];
  for (let turn = 0; turn < 20000; turn += 1) {
    const line = [...Array(roll(9))].map(() => parts[roll(parts.length)]).join("");
    const read = parse(line);
    if (read?.verb) assert.deepEqual(parse(print(read)), read, JSON.stringify(line));
  }
});
