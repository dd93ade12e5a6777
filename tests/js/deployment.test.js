import { test } from "node:test";
import assert from "node:assert/strict";
import { bar, changeLine, clockWord, measureWord, minutesOf, step, valueWord, verdict, verdictWord } from "../../static/js/deployment/words.js";

test("an interval that holds zero shows nothing, and one beside it is better or worse by what is wanted", () => {
  assert.equal(verdict({ interval: [-0.01, 0.02], more_is_better: true }), "none");
  assert.equal(verdict({ interval: [0, 0], more_is_better: true }), "none");
  assert.equal(verdict({ interval: [0.01, 0.02], more_is_better: true }), "better");
  assert.equal(verdict({ interval: [0.01, 0.02], more_is_better: false }), "worse");
  assert.equal(verdict({ interval: [-9, -2], more_is_better: false }), "better");
  assert.equal(verdict({ interval: [-9, -2], more_is_better: null }), "other");
  assert.equal(verdict({ interval: null, more_is_better: true }), "unknown");
  assert.equal(new Set(["better", "worse", "other", "none", "unknown"].map(verdictWord)).size, 5);
});

test("values carry their unit, differences their sign and points", () => {
  assert.equal(valueWord(0.5123, "share"), "51.2 %");
  assert.equal(valueWord(0.0312, "share", { difference: true }), "+3.1 points");
  assert.equal(valueWord(-0.0312, "share", { difference: true }), "−3.1 points");
  assert.equal(valueWord(299.6, "s"), "5:00");
  assert.equal(valueWord(-12.4, "s", { difference: true }), "−12 s");
  assert.equal(valueWord(0.0004, "share", { difference: true }), "+0.04 points", "what is not zero does not read as zero");
  assert.equal(valueWord(0, "s", { difference: true }), "0 s");
  assert.equal(valueWord(null, "km"), "—");
});

test("the bar of an interval has zero in its middle and stays within its width", () => {
  const at = bar({ interval: [-2, 6], difference: 3 }, 200);
  assert.equal(at.zero, 100);
  assert.ok(at.low < 100 && at.at > 100 && at.high > at.at && at.high < 200);
  assert.equal(bar({ interval: null, difference: null }, 200), null);
  assert.equal(bar({ interval: [0, 0], difference: 0 }, 200).low, 100);
});

test("a cell's rate is held against that of the whole", () => {
  assert.deepEqual([0.1, 0.7, 1, 1.5, 3].map((rate) => step({ per_unit_hour: rate }, 1)), [0, 1, 2, 3, 4]);
  assert.equal(step({ per_unit_hour: null }, 1), null);
});

test("times of the day are read and written, changes are said in one line", () => {
  assert.equal(minutesOf("22:30"), 1350);
  assert.equal(minutesOf("24:00"), null);
  assert.equal(clockWord(65), "01:05");
  const lines = [
    { kind: "move", call_sign: "C1", lat: 24.5, lng: 117.6, place: "" }, { kind: "remove", call_sign: "C1" },
    { kind: "add", call_sign: "+1", place: "新华路", from_minute: 0, to_minute: 480 }, { kind: "shift", call_sign: "C1", minutes: -60 },
  ].map(changeLine);
  assert.deepEqual(lines, ["C1 to 24.5000, 117.6000", "C1 taken away", "+1 added at 新华路, 00:00–08:00", "shift of C1 moved by -60 min"]);
});

test("every measure has its words", () => {
  const keys = ["within_5_A", "within_5_B", "within_10_A", "within_10_B", "median_A", "p90_A", "km_a_day", "busy", "busiest", "covered", "unserved"];
  assert.ok(keys.every((key) => measureWord(key) !== key));
});
