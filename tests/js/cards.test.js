import assert from "node:assert/strict";
import test from "node:test";

import { answerOfKey, answerOfText, filledBy, makeCards, nextOpen, questionsFor } from "../../static/js/cards.js";
import { lateChain } from "../../static/js/console/late_chain.js";
import { canCheck } from "../../static/js/console/coded_call.js";
import { gathered } from "../../static/js/followup/quality.js";

const ask = (key, kind = "yesno", fills = "") => ({ key, kind, fills, zh: `问${key}`, en: `ask ${key}` });
const TOLD = {
  version: 2,
  words: { opening_zh: "您好，{city}110，{badge}号", opening_en: "Hello" },
  coded: [ask("coded_danger"), ask("weapon", "yesno", "weapon")],
  cards: {
    "": { questions: [], checklist: [] },
    "01": { questions: [ask("weapon", "yesno", "weapon"), ask("injured", "count", "injured")], checklist: [] },
    "0104": { questions: [ask("direction", "words")], checklist: [] },
  },
};
const cards = makeCards(TOLD, "zh-hans");

test("the card of the longest code holds, and a coded call asks its own first, each once", () => {
  assert.deepEqual(cards.of("010402").questions.map((one) => one.key), ["direction"]);
  assert.deepEqual(cards.of("0102").questions.length, 2);
  assert.deepEqual(cards.of("").questions, []);
  assert.deepEqual(questionsFor(cards, "01", true).map((one) => one.key), ["coded_danger", "weapon", "injured"]);
  assert.equal(cards.words("opening", { city: "漳州", badge: "0001" }), "您好，漳州110，0001号");
});

test("one key answers, full-width and by letter, and another key is no answer", () => {
  assert.deepEqual(["1", "２", "u", "Y", "4"].map((key) => answerOfKey("yesno", key)), ["yes", "no", "unknown", "yes", null]);
  assert.deepEqual(["1", "Enter", "2"].map((key) => answerOfKey("say", key)), ["done", "done", null]);
  assert.deepEqual(["03", "３", "x", ""].map((text) => answerOfText("count", text)), ["3", "3", null, null]);
  assert.equal(answerOfText("words", "  往东 "), "往东");
});

test("the next open question is looked for from here and then from the beginning", () => {
  const list = [ask("a"), ask("b"), ask("c")];
  assert.equal(nextOpen(list, { b: "yes" }, 1), 2);
  assert.equal(nextOpen(list, { b: "yes", c: "no" }, 3), 0);
  assert.equal(nextOpen(list, { a: "1", b: "1", c: "1" }, 0), -1);
  assert.equal(nextOpen([], {}, 0), -1);
});

test("an answer fills its field, an unknown number none", () => {
  assert.equal(filledBy(ask("injured", "count", "injured"), "2"), 2);
  assert.equal(filledBy(ask("injured", "count", "injured"), "unknown"), undefined);
  assert.equal(filledBy(ask("weapon", "yesno", "weapon"), "unknown"), "unknown");
  assert.equal(filledBy(ask("mood", "words"), "激动"), undefined);
});

test("a late arrival has three steps, and a limit that passed in silence asks for the reason", () => {
  const order = { id: 1, state: "en_route", delay_at: null, caller_told_at: null, dispatched_at: "2026-01-01T08:00:00Z" };
  const missed = { kind: "arrive", assignment: 1, state: "missed", due_at: "2026-01-01T08:05:00Z" };
  assert.equal(lateChain(order, [order], []), null);
  assert.equal(lateChain(order, [order], [missed]).silent, missed);
  const late = { ...order, delay_at: "2026-01-01T08:03:00Z", caller_told_at: "2026-01-01T08:03:20Z" };
  const other = { id: 2, dispatched_at: "2026-01-01T08:03:40Z" };
  const chain = lateChain(late, [late, other], [missed]);
  assert.deepEqual([chain.silent, chain.told, chain.other.id], [null, "2026-01-01T08:03:20Z", 2]);
});

test("somebody goes and looks only where a lost or silent caller has a known place and no incident", () => {
  const lost = { state: "lost", silent: false, incident: null, caller_point: { lat: 1, lng: 2 } };
  assert.equal(canCheck(lost), true);
  assert.equal(canCheck({ ...lost, caller_point: null }), false);
  assert.equal(canCheck({ ...lost, incident: 4 }), false);
  assert.equal(canCheck({ ...lost, state: "in_progress" }), false);
  assert.equal(canCheck({ ...lost, state: "in_progress", silent: true }), true);
});

test("marks are gathered by aspect", () => {
  assert.deepEqual(gathered({ version: 1, "marks.type": "passed", remarks: "x" }), { version: 1, remarks: "x", marks: { type: "passed" } });
});
