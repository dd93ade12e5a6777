import { test } from "node:test";
import assert from "node:assert/strict";
import { momentOf, withoutDoubles } from "../../static/js/console/closure_times.js";

const NOW = Date.parse("2026-11-24T16:40:00+08:00");
const at = (text) => Date.parse(text);

test("a time of day is the next one like it, and one that has just passed is meant as it stands", () => {
  assert.equal(momentOf("18:00", NOW), at("2026-11-24T18:00:00+08:00"));
  assert.equal(momentOf("1800", NOW), at("2026-11-24T18:00:00+08:00"));
  assert.equal(momentOf("06:00", NOW), at("2026-11-25T06:00:00+08:00"));
  assert.equal(momentOf("16:35", NOW), at("2026-11-24T16:35:00+08:00"));
});

test("full-width digits and colons count, as input methods write them", () => {
  assert.equal(momentOf("１８：００", NOW), at("2026-11-24T18:00:00+08:00"));
});

test("minutes from now and days of the year are understood", () => {
  assert.equal(momentOf("+90", NOW), NOW + 90 * 60_000);
  assert.equal(momentOf("11-25 06:00", NOW), at("2026-11-25T06:00:00+08:00"));
  assert.equal(momentOf("01-02 06:00", NOW), at("2027-01-02T06:00:00+08:00"));
});

test("an empty text is no moment, and what cannot be read is told apart from it", () => {
  assert.equal(momentOf(" ", NOW), null);
  for (const text of ["25:00", "18:61", "soon", "02-30 10:00", "+"]) assert.equal(momentOf(text, NOW), undefined, text);
});

test("the second click of a double click puts no second corner", () => {
  const points = [[24.5, 117.6], [24.51, 117.6], [24.51, 117.6], [24.51, 117.61]];
  assert.equal(withoutDoubles(points).length, 3);
});
