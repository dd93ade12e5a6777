// Ground within reach: what had no answer is asked again soon, and never on top of a question that is still open.

import assert from "node:assert/strict";
import { test } from "node:test";

import { makeReach } from "../../static/js/console/map_reach.js";

globalThis.document = { hidden: false };
const ANSWER = { minutes: [{ minutes: 5, share: 0.5, areas: [] }], demand: {}, units: 3, at: "2026-01-01T00:00:00Z" };

/** A desk whose answers are given one by one. */
function desk() {
  const open = [];
  return {
    open,
    store: { loaded: true, rows: () => [] },
    codes: { code: () => null },
    api: { get: (path) => new Promise((answer, fail) => open.push({ path, answer, fail })) },
  };
}

const map = { ground: { setReach() {}, setLost() {}, redraw() {} } };
const settle = () => new Promise((done) => setImmediate(done));
const ticks = (reach, number) => {
  for (let count = 0; count < number; count += 1) reach.tick();
};

test("coverage without an answer is asked again within two seconds, not ten", async () => {
  const at = desk();
  const reach = makeReach(at, map, () => {});
  reach.coverage(true);
  at.open[0].fail(new Error("slow"));
  await settle();
  assert.equal(reach.legend(0).length, 1);
  ticks(reach, 2);
  assert.equal(at.open.length, 2);
  at.open[1].answer(ANSWER);
  await settle();
  ticks(reach, 6);
  assert.equal(at.open.length, 2, "an answer lasts ten seconds");
});

test("a question that is still open is not asked a second time", async () => {
  const at = desk();
  const reach = makeReach(at, map, () => {});
  reach.preview({ unit: 1, rank: 1, call_sign: "C101" });
  assert.deepEqual(at.open.map((one) => one.path.includes("without=1")), [false, true]);
  at.open[0].fail(new Error("slow"));
  await settle();
  ticks(reach, 6);
  assert.equal(at.open.length, 2);
  at.open[1].answer({ ...ANSWER, network: "n" });
  await settle();
  assert.equal(reach.legend(0).length, 1, "one of the two is missing still");
  ticks(reach, 1);
  assert.equal(at.open.length, 2, "the ten seconds are not over, and nothing was asked on an odd second");
  ticks(reach, 1);
  assert.equal(at.open.length, 4, "both are asked again: they belong to one moment");
});

test("an isochrone without an answer is asked again", async () => {
  const at = desk();
  const reach = makeReach(at, map, () => {});
  reach.isochrone({ point: { lat: 24.5, lng: 117.6 } });
  at.open[0].fail(new Error("slow"));
  await settle();
  ticks(reach, 2);
  assert.equal(at.open.length, 2);
  assert.match(at.open[1].path, /isochrone/);
});
