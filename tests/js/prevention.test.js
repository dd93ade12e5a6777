import { test } from "node:test";
import assert from "node:assert/strict";
import { hoursWord, outcomeWord, reasonWords, warningState, warningWord } from "../../static/js/prevention_words.js";
import { hintAct } from "../../static/js/phone/acts.js";
import { project } from "../../static/js/phone/state.js";
import { NOTHING } from "../../static/js/phone/world.js";

test("the hours of a week are a day and hours of it, past midnight too", () => {
  assert.equal(hoursWord({ hour: 5 * 24 + 21, hours: 3 }), "Saturday 21–24 h");
  assert.equal(hoursWord({ hour: 23, hours: 3 }), "Monday 23–2 h");
  assert.equal(hoursWord({ hour: null, hours: null }), "");
});

test("a reason names its figures; every kind, state and outcome has its words", () => {
  assert.equal(reasonWords({ kind: "repeat_address", reason: { n: 3, days: 30, expected: 0.1 } }), "3 times in 30 days; 0.1 were to be expected");
  for (const kind of ["repeat_address", "repeat_caller", "series", "hot_spot", "near_repeat"]) assert.notEqual(warningWord(kind), kind);
  assert.equal(new Set(["open", "acknowledged", "acted", "ended"].map(warningState)).size, 4);
  assert.equal(new Set(["quiet", "again", "caught", "no_matter", "run_out"].map(outcomeWord)).size, 5);
});

test("a hint that was seen to is gone from the screen before the server knows", () => {
  const world = { ...NOTHING, hints: [{ id: 4 }, { id: 5 }] };
  const act = { ...hintAct({ id: 4 }, "looked in"), state: "waiting" };
  assert.equal(act.path, "/api/warnings/4/act/");
  assert.deepEqual(project(world, [act]).hints.map((one) => one.id), [5]);
});
