import assert from "node:assert/strict";
import { test } from "node:test";
import { delayOption, inOrder, markPlaces, ratioWord } from "../../static/js/dashboard/delay_chart.js";
import { basisWords, chosenWord, madeItWord, minutes } from "../../static/js/dashboard/delay_words.js";

const palette = { text: "#000001", soft: "#000002", raised: "#000003", strong: "#000004", a: "#0000a0", font: "x" };
const part = (name, delay_s) => ({ part: name, delay_s, share: 0.5, n: 2, elapsed_s: 900 });
const made = (more) => ({ why: "", at: "", left_s: 240, usual_s: 39, place: "then", free: 2, count: 0, units: [], unknown: [], chosen: null, ...more });
const unit = (call_sign, made_it, sent = false) => ({ call_sign, made_it, sent, margin_s: 61, seconds: 100, expected_s: 140, basis: "road", fix_age_s: 5 });
const codes = { word: (table, code) => `${table} ${code}` };

test("the longest part stands on top and the bars keep every part", () => {
  const parts = [part("entry", 60), part("order", 0), part("travel", 600)];
  assert.deepEqual(inOrder(parts).map((one) => one.part), ["travel", "entry", "order"]);
  assert.deepEqual(delayOption(parts, palette).series[0].data, [0, 60, 600]);
  assert.equal(minutes(90), "1.5");
});

test("a unit's mark lies at half where observed equals expected, and never beyond its ends", () => {
  assert.deepEqual(markPlaces({ ratio: 1, low: 0.5, high: 3 }), { low: 50, high: 200, at: 100 });
  assert.deepEqual(markPlaces({ ratio: 5, low: null, high: null }), { low: 200, high: 200, at: 200 });
  assert.equal(ratioWord({ ratio: 1.204, low: 0.9, high: 1.5 }), "1.20 (0.90–1.50)");
  assert.equal(ratioWord({ ratio: 1.2, low: null, high: null }), "1.20");
});

test("who would have made it is named, who was sent is not another one, and what is not known is said", () => {
  assert.match(madeItWord(made({ units: [unit("C101", true), unit("C102", false)] })), /C101 by 1:01$/);
  assert.match(madeItWord(made({ units: [unit("C101", true, true), unit("C102", false)] })), /None .*1 looked at/);
  assert.match(madeItWord(made({ why: "no_position" })), /No fresh position/);
  assert.equal(new Set(["no_order", "no_place", "no_status", "no_free_unit", "no_position"].map((why) => madeItWord(made({ why })))).size, 5);
  const lines = basisWords(made({ left_s: -61, place: "now", unknown: [{ call_sign: "C103", why: "old_fix" }] }));
  assert.equal(lines.length, 3);
  assert.match(lines[0], /^−1:01/);
  assert.match(lines[2], /C103/);
  assert.deepEqual(basisWords(made({ left_s: null })), []);
});

test("the journalled decision says who went, who was first and why another one", () => {
  const chosen = { call_sign: "C102", rank: 2, of: 6, first: "C101", expected_s: 380, first_expected_s: 200, override_reason: "OV6", override_text: "" };
  assert.match(chosenWord(chosen, codes), /C102.*2.*6.*6:20.*C101.*override OV6$/);
  assert.equal(chosenWord(null, codes), "");
});
