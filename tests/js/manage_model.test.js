import { test } from "node:test";
import assert from "node:assert/strict";
import { attributesOf, byBadge, changed, differences, kindOf, linesOf, matches, replaced, same } from "../../static/js/manage/model.js";

const row = { id: 3, table: "priority", code: "2", zh: "紧急", en: "urgent", ext_code: "", active: true, version: 4, order_s: 60, told: ["指挥长"] };

test("whatever is no column of a code is one of its settings", () => {
  assert.deepEqual(attributesOf(row), { order_s: 60, told: ["指挥长"] });
});

test("settings stand in the order in which one reads them, whatever order they came in", () => {
  const names = Object.keys(attributesOf({ code: "1", told_en: [], zzz: 1, accept_s: 30, told: [], label: "巡", order_s: 60 }));
  assert.deepEqual(names, ["order_s", "accept_s", "told", "told_en", "label", "zzz"]);
});

test("a setting is edited after its kind, and what other code relies on is not edited", () => {
  assert.equal(kindOf("order_s", 60), "number");
  assert.equal(kindOf("attendance", false), "flag");
  assert.equal(kindOf("told", ["a"]), "lines");
  assert.equal(kindOf("label", "巡"), "text");
  assert.equal(kindOf("hex", "#fff"), "fixed");
  assert.equal(kindOf("strange", { a: 1 }), "fixed");
});

test("only what differs is sent, and equal settings in another order do not differ", () => {
  const before = { zh: "紧急", active: true, attributes: { a: 1, b: [1, 2] } };
  assert.deepEqual(changed(before, { zh: "紧急", active: true, attributes: { b: [1, 2], a: 1 } }), {});
  assert.deepEqual(changed(before, { zh: "特急", active: true, attributes: { b: [2, 1], a: 1 } }), { zh: "特急", attributes: { b: [2, 1], a: 1 } });
  assert.ok(!same({ a: 1 }, { a: "1" }));
});

test("after a refusal both versions stand side by side where they differ", () => {
  assert.deepEqual(differences({ zh: "我的", en: "urgent" }, { ...row, zh: "别人的" }), [{ name: "zh", mine: "我的", theirs: "别人的" }]);
});

test("a search finds every word, in full width and in capitals too", () => {
  assert.ok(matches(["CK01", "报警", "alarm"], "ｃｋ01 报警"));
  assert.ok(matches(["CK01", "报警", null], ""));
  assert.ok(!matches(["CK01", "报警"], "报警 求助"));
});

test("lines lose their empty ones", () => {
  assert.deepEqual(linesOf(" 指挥长 \n\n局领导\n"), ["指挥长", "局领导"]);
});

test("people stand in the order of their badges, those without one last", () => {
  const people = [{ username: "gateway", badge: "" }, { username: "b", badge: "1012" }, { username: "a", badge: "201" }];
  assert.deepEqual(people.sort(byBadge).map(({ username }) => username), ["a", "b", "gateway"]);
});

test("a saved row takes the place of its former version and no other", () => {
  const other = { code: "3" };
  assert.deepEqual(replaced([row, other], { code: "2", version: 5 }), [{ code: "2", version: 5 }, other]);
});
