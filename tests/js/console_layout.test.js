import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLayout } from "../../static/js/console/layout.js";

function storage() {
  const kept = new Map();
  return { recall: (name) => kept.get(name) ?? null, remember: (name, value) => kept.set(name, value) };
}

test("windows closed together come back together, in their places; one closed alone stays closed", () => {
  const shelf = storage();
  const layout = makeLayout("P01", shelf);
  const place = { left: 10, top: 20, width: 900, height: 700 };
  for (const panel of ["map", "units", "messages"]) layout.keep(panel, place);
  layout.closed("messages", 1000);
  layout.closed("map", 500000);
  layout.closed("units", 510000);
  assert.deepEqual(layout.toReopen(), ["map", "units"]);
  assert.deepEqual(makeLayout("P01", shelf).place("map"), place);
  assert.deepEqual(makeLayout("P02", shelf).toReopen(), []);
});

test("a window that crashed never said that it was closed, and comes back", () => {
  const layout = makeLayout("P01", storage());
  layout.keep("map", {});
  assert.deepEqual(layout.toReopen(), ["map"]);
});
