import assert from "node:assert/strict";
import { test } from "node:test";

import { readOrder, readTime } from "../../static/js/catchup/card_times.js";

const FROM = Date.parse("2026-01-01T22:00:00+08:00");
const TO = Date.parse("2026-01-02T03:00:00+08:00");
const iso = (text) => new Date(Date.parse(text)).toISOString();
const known = { units: [{ id: 7, call_sign: "C101", label: "巡101" }], from: Date.parse("2026-01-01T23:50:00+08:00"), to: TO };

test("a time of a card falls into the outage, over midnight too", () => {
  assert.equal(readTime("2330", FROM, TO), Date.parse("2026-01-01T23:30:00+08:00"));
  assert.equal(readTime("02:15", FROM, TO), Date.parse("2026-01-02T02:15:00+08:00"));
  assert.equal(readTime("1 225930", FROM, TO), Date.parse("2026-01-01T22:59:30+08:00"));
});

test("what cannot be is no time", () => {
  for (const text of ["0400", "2100", "2561", "9", "", "x", "2 2330"]) assert.equal(readTime(text, FROM, TO), null, text);
});

test("a line of a card is an order with its moves", () => {
  const { order, wrong } = readOrder("c101 2352 2354 0004 0030 rs16", known);
  assert.equal(wrong, "");
  assert.deepEqual(order, {
    unit: 7,
    sent_at: iso("2026-01-01T23:52:00+08:00"),
    departed_at: iso("2026-01-01T23:54:00+08:00"),
    arrived_at: iso("2026-01-02T00:04:00+08:00"),
    finished_at: iso("2026-01-02T00:30:00+08:00"),
    result_code: "RS16",
  });
  assert.equal(readOrder("巡101 2352 - 0004", known).order.departed_at, undefined);
});

test("the word that cannot be read is named", () => {
  assert.equal(readOrder("C999 2352", known).wrong, "C999");
  assert.equal(readOrder("C101 2352 2351", known).wrong, "2351");
  assert.equal(readOrder("C101", known).wrong, "C101");
  assert.equal(readOrder("C101 2352 2354 0004 0030", known).wrong, "RS");
});
