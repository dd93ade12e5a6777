import { test } from "node:test";
import assert from "node:assert/strict";
import { makePast } from "../../static/js/review/past.js";
import { countChapters, lineAt, lineBeside, makePlayhead, nextOfChapter } from "../../static/js/review/playhead.js";
import { makeStore } from "../../static/js/store.js";

const line = (ms, chapter = "command") => ({ ms, chapter });

test("the playhead moves as many times faster as it is set, and stands at the end", () => {
  const head = makePlayhead({ since: 0, until: 100_000 });
  head.pass(1000);
  assert.equal(head.at(), 0);
  head.setSpeed(60);
  head.play();
  assert.equal(head.pass(1000), 60_000);
  assert.equal(head.changeSpeed(1), 120);
  assert.equal(head.changeSpeed(1), 120);
  assert.equal(head.pass(1000), 100_000);
  assert.equal(head.isPlaying(), false);
  head.play();
  assert.equal(head.at(), 0, "played again from the start");
  assert.equal(head.set(-5), 0);
  assert.equal(head.set(1e9), 100_000);
});

test("a step goes to the next moment, a chapter to its next line and then round", () => {
  const lines = [line(10), line(10, "warning"), line(20), line(30, "warning")];
  assert.equal(lineBeside(lines, 10, 1).ms, 20);
  assert.equal(lineBeside(lines, 20, -1).ms, 10);
  assert.equal(lineBeside(lines, 30, 1), null);
  assert.equal(nextOfChapter(lines, "warning", 10).ms, 30);
  assert.equal(nextOfChapter(lines, "warning", 30).ms, 10);
  assert.equal(nextOfChapter(lines, "feedback", 0), null);
  assert.equal(lineAt(lines, 9), -1);
  assert.equal(lineAt(lines, 10), 1);
  assert.equal(lineAt(lines, 99), 3);
  assert.deepEqual(countChapters(lines), { command: 2, warning: 2 });
});

const ISO = (ms) => new Date(ms).toISOString();
const entry = (seq, ms, version, stage) => ({ t: "entry", seq, at: ISO(ms), rows: { incident: [{ id: 1, version, open: true, stage }] } });

function server(entries, positions) {
  const asked = [];
  const get = async (path) => {
    asked.push(path);
    const url = new URL(path, "http://x");
    if (path.includes("board")) {
      const at = Date.parse(url.searchParams.get("at"));
      const told = entries.filter((one) => Date.parse(one.at) <= at);
      return { epoch: "e", seq: told.at(-1)?.seq ?? 0, centre: {}, rows: { incident: told.at(-1)?.rows.incident ?? [] }, positions: [] };
    }
    if (path.includes("frames")) {
      const after = Number(url.searchParams.get("after"));
      const page = entries.filter((one) => one.seq > after).slice(0, 2);
      return { entries: page, next: page.length === 2 ? page[1].seq : null };
    }
    return { positions: positions.filter((one) => one[6] > Date.parse(url.searchParams.get("since")) && one[6] <= Date.parse(url.searchParams.get("until"))) };
  };
  return { get, asked };
}

test("what is played forward is what is found by going there", async () => {
  const entries = [entry(3, 1000, 1, "new"), entry(5, 2000, 2, "dispatched"), entry(8, 3000, 3, "on_scene"), entry(9, 4000, 4, "handled")];
  const api = server(entries, [[7, 24.5, 117.6, null, null, null, 2500, "", 0]]);
  const store = makeStore();
  const past = makePast({ api, store, id: 4, since: 0, until: 10_000 });
  await past.seek(0);
  assert.equal(past.isBehind(500), true, "nothing is here yet");
  const settle = () => new Promise((done) => { setTimeout(done, 5); });
  const seen = [];
  for (let at = 0; at <= 5000; at += 500) {
    past.advance(at, 10);
    while (past.isBehind(at)) {
      await settle();
      past.advance(at, 10);
    }
    past.advance(at, 10);
    seen.push(store.row("incident", 1)?.stage ?? "");
  }
  assert.deepEqual(seen, ["", "", "new", "new", "dispatched", "dispatched", "on_scene", "on_scene", "handled", "handled", "handled"]);
  assert.equal(store.position(7)[1], 24.5);
  await past.seek(2200);
  assert.equal(store.row("incident", 1).stage, "dispatched");
  assert.equal(store.seq, 5);
});

test("a seek makes answers to what was asked before void", async () => {
  let open = null;
  const slow = server([entry(3, 1000, 1, "new")], []);
  const api = { get: (path) => (path.includes("board") && !open ? new Promise((done) => { open = () => done(slow.get(path)); }) : slow.get(path)) };
  const store = makeStore();
  const past = makePast({ api, store, id: 4, since: 0, until: 10_000 });
  const first = past.seek(9000);
  await past.seek(0);
  open();
  assert.equal(await first, false);
  assert.equal(store.row("incident", 1), null);
});
