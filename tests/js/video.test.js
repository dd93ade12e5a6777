/** The video desk's times, its order of work, and how a camera's view is drawn. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { wedge } from "../../static/js/map/camera_layer.js";
import { inOrder, periodAround, periodBefore, progress, spanOf, within } from "../../static/js/video/moments.js";

const MINUTE = 60_000;
const T = Date.parse("2026-03-05T08:05:00Z");
const incident = { occurred_from: null, answered_at: "2026-03-05T08:05:00Z" };

test("T minus twenty begins twenty minutes before the incident and ends now, or an hour after it", () => {
  assert.deepEqual(periodBefore(incident, 20, T + 7 * MINUTE), { since: T - 20 * MINUTE, until: T + 7 * MINUTE });
  assert.equal(periodBefore(incident, 20, T + 300 * MINUTE).until, T + 60 * MINUTE);
  const earlier = { ...incident, occurred_from: "2026-03-05T07:40:00Z" };
  assert.equal(periodBefore(earlier, 5, T).since, Date.parse("2026-03-05T07:35:00Z"));
});

test("no period lies in the future or is empty", () => {
  const ahead = { ...incident, occurred_from: "2026-03-05T12:00:00Z" };
  for (const period of [periodBefore(ahead, 0, T), periodBefore(incident, 0, T), periodAround(T + 300 * MINUTE, T)]) {
    assert.ok(period.since < T);
    assert.ok(period.until > period.since);
    assert.ok(period.until <= T);
  }
});

test("the next camera opens half a minute before somebody is expected", () => {
  assert.deepEqual(periodAround(T, T + 90 * MINUTE), { since: T - MINUTE / 2, until: T + 30 * MINUTE });
  assert.equal(within(5, { since: 10, until: 20 }), 10);
});

test("a search counts in whole percent and shows first what is still to be looked through", () => {
  assert.equal(progress({ checked: 14, cameras: 41 }), 34);
  assert.equal(progress({ checked: 0, cameras: 0 }), 0);
  const mark = (gb_code, checked_at) => ({ checked_at, camera_row: { gb_code } });
  const found = inOrder([mark("1", "2026"), mark("3", null), mark("2", null)]);
  assert.deepEqual(found.map((one) => one.camera_row.gb_code), ["2", "3", "1"]);
});

test("spans of the figures begin at the city's midnight", () => {
  const now = Date.parse("2026-03-05T17:00:00Z"); // 01:00 of the sixth in the city
  assert.equal(spanOf("day", now).since, "2026-03-05T16:00:00.000Z");
  assert.equal(spanOf("month", now).since, "2026-02-28T16:00:00.000Z");
  assert.equal(spanOf("year", now).since, "2025-12-31T16:00:00.000Z");
});

test("a wedge points where the camera looks, and one that turns is a ring", () => {
  const east = wedge({ bearing: 90, fov_deg: 60, range_m: 100 });
  assert.ok(Math.abs(east.from + Math.PI / 6) < 1e-9);
  assert.ok(Math.abs(east.to - Math.PI / 6) < 1e-9);
  assert.equal(east.isSure, true);
  const turns = wedge({ bearing: null, fov_deg: null, range_m: null });
  assert.deepEqual([turns.isWhole, turns.isSure, turns.to], [true, false, 2 * Math.PI]);
});
