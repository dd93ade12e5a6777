import { test } from "node:test";
import assert from "node:assert/strict";
import { fill, gettext, makeCodes, ngettext, stageWord } from "../../static/js/words.js";

const tables = {
  call_kind: [
    { code: "CK01", zh: "报警", en: "alarm" },
    { code: "CK02", zh: "求助", en: "" },
  ],
};

test("codes are said in the language of the page", () => {
  assert.equal(makeCodes(tables, "zh-hans").word("call_kind", "CK01"), "报警");
  assert.equal(makeCodes(tables, "en").word("call_kind", "CK01"), "alarm");
});

test("a missing English word falls back to Chinese, an unknown code to itself", () => {
  const codes = makeCodes(tables, "en");
  assert.equal(codes.word("call_kind", "CK02"), "求助");
  assert.equal(codes.word("call_kind", "CK77"), "CK77");
  assert.equal(codes.word("nowhere", "X"), "X");
  assert.equal(codes.word("call_kind", null), "");
});

test("placeholders are filled by name and unknown ones stay", () => {
  assert.equal(fill("%(unit)s to %(place)s", { unit: "C101" }), "C101 to %(place)s");
});

test("without a catalogue the English message is shown, with one the translation", () => {
  assert.equal(gettext("pending"), "pending");
  assert.equal(ngettext("one", "many", 2), "many");
  globalThis.django = {
    gettext: (text) => `<${text}>`,
    pgettext: (place, text) => `${place}: ${text}`,
    ngettext: (one, many, count) => `${count}`,
  };
  assert.equal(stageWord("pending"), "stage: pending");
  assert.equal(gettext("x"), "<x>");
  assert.equal(ngettext("one", "many", 2), "2");
  delete globalThis.django;
});
