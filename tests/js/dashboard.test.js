import { test } from "node:test";
import assert from "node:assert/strict";
import { makeStore } from "../../static/js/store.js";
import { clockMark, openAlerts, openIncidents, unitsByStatus } from "../../static/js/dashboard/board.js";
import { bucketOption, bucketTable, bucketWords } from "../../static/js/dashboard/bucket_charts.js";
import { hoursOption, hoursTable, unitsTable } from "../../static/js/dashboard/day_charts.js";
import { basis, duration, exclusions, figure, percent, standing } from "../../static/js/dashboard/figures.js";
import { rateOption, trendOption, trendTable } from "../../static/js/dashboard/rate_charts.js";
import { changesFigures, makeRefresher } from "../../static/js/dashboard/refresh.js";

const NOW = Date.UTC(2026, 0, 1, 8, 0, 0);
const at = (seconds) => new Date(NOW + seconds * 1000).toISOString();

const incident = (id, facts) => ({
  id, version: 1, open: true, stage: "en_route", priority: 2, attendance: true, drill: false,
  answered_at: at(-60), first_dispatched_at: at(-30), first_on_scene_at: null, ...facts,
});

function boardOf(rows, positions = []) {
  const store = makeStore();
  store.load({ epoch: "e", seq: 1, centre: {}, me: {}, rows, positions });
  return store;
}

test("open incidents stand in the order of the time left, the most overdue first", () => {
  const store = boardOf({
    incident: [
      incident(1, { answered_at: at(-60) }),
      incident(2, { answered_at: at(-700), first_dispatched_at: at(-650) }),
      incident(3, { answered_at: at(-290), first_dispatched_at: at(-20) }),
      incident(4, { answered_at: at(-400), first_dispatched_at: at(-390) }),
    ],
  });
  assert.deepEqual(openIncidents(store, NOW).waiting.map((row) => row.incident.id), [2, 3, 4, 1]);
});

test("an incident leaves the queue of arrivals when somebody is there, and is still counted", () => {
  const store = boardOf({
    incident: [
      incident(1, { first_on_scene_at: at(-5), stage: "on_scene" }),
      incident(2, { stage: "reported" }),
      incident(3, { priority: 4, first_dispatched_at: null, stage: "pending" }),
      incident(4, { attendance: false, stage: "pending" }),
      incident(5, { drill: true }),
    ],
  });
  const groups = openIncidents(store, NOW);
  assert.deepEqual(groups.reached.map((row) => row.incident.id), [1]);
  assert.deepEqual(groups.waiting.map((row) => row.incident.id), [5]);
  assert.equal(groups.finished, 1);
  assert.equal(groups.unclocked.length, 2);
  assert.equal(groups.drills, 1);
});

test("the next step of the chain is the one with the least time left that still runs", () => {
  const deadline = (id, kind, due, facts) => ({ id, version: 1, incident: 1, kind, due_at: at(due), state: "running", stopped_at: null, ...facts });
  const store = boardOf({
    incident: [incident(1, {})],
    deadline: [
      deadline(1, "accept", 20), deadline(2, "depart", 60), deadline(3, "arrive5_a", 5),
      deadline(4, "order", -10, { state: "missed", stopped_at: at(-5) }), deadline(5, "deliver", -20, { state: "void" }),
    ],
  });
  const [row] = openIncidents(store, NOW).waiting;
  assert.equal(row.step.kind, "accept");
  assert.equal(row.step.left, 20);
});

test("units are counted by status; seats are not patrols and an old fix is seen", () => {
  const unit = (id, status, dispatchable = true) => ({ id, version: 1, call_sign: `C${id}`, status, dispatchable });
  const fix = (id, age) => [id, 24.5, 117.6, 5, 0, 0, NOW - age * 1000, "terminal", 0];
  const store = boardOf(
    { unit: [unit(1, "available"), unit(2, "on_task"), unit(3, "en_route"), unit(4, "off_duty"), unit(5, "available"), unit(6, "available", false)] },
    [fix(1, 5), fix(2, 61), fix(3, 181)],
  );
  const counts = unitsByStatus(store, NOW);
  assert.equal(counts.onDuty, 4);
  assert.equal(counts.free, 3);
  assert.equal(counts.committed, 1);
  assert.equal(counts.stale, 1);
  assert.equal(counts.lost, 2);
  assert.equal(counts.seats, 1);
  assert.deepEqual(unitsTable(counts).rows[0].slice(1), ["2", "C1 C5"]);
});

test("alerts stand by gravity and then by age", () => {
  const alert = (id, severity, age) => ({ id, version: 1, severity, open: true, raised_at: at(-age) });
  const alerts = openAlerts(boardOf({ alert: [alert(1, "caution", 90), alert(2, "critical", 10), alert(3, "critical", 50)] }));
  assert.deepEqual(alerts.list.map((one) => one.id), [3, 2, 1]);
  assert.equal(alerts.critical, 2);
});

test("red is for a missed ten-minute limit only", () => {
  const levels = ["running", "near", "missed5", "missed10", "met5", "met10", "late", "waiting", "void"].map((state) => clockMark({ state }).level);
  assert.deepEqual(levels, ["standby", "caution", "serious", "critical", "normal", "serious", "critical", "off", "off"]);
});

const rate = (facts) => ({
  key: "K7", clock: "A", measure: "rate", group: "all", value: 0.8, n: 100, hits: 80, open: 2, not_started: 0, outside: 0,
  excluded: {}, excluded_late: {}, target: 0.8, ...facts,
});

test("a figure is found by key, clock, measure and group", () => {
  const answer = { figures: [rate({}), rate({ clock: "B", value: 0.9 }), rate({ group: "p1_p2", value: 0.5 })] };
  assert.equal(figure(answer, "K7", "B").value, 0.9);
  assert.equal(figure(answer, "K7", "A", "rate", "p1_p2").value, 0.5);
  assert.equal(figure(answer, "K8", "A"), null);
  assert.equal(figure(null, "K7", "A"), null);
});

test("a percentage never promises more than there is", () => {
  assert.equal(percent(0.9999), "99.9");
  assert.equal(percent(0.999999), "99.9");
  assert.equal(percent(1), "100");
  assert.equal(percent(0), "0.0");
  assert.equal(percent(0.864), "86.4");
  assert.equal(percent(null), "–");
});

test("a duration past a limit reads as past it", () => {
  assert.equal(duration(300), "5:00");
  assert.equal(duration(300.2), "5:01");
  assert.equal(duration(59.4), "1:00");
  assert.equal(duration(null), "–");
});

test("a rate is judged with its sample: nothing, few, met, below", () => {
  assert.equal(standing(rate({ value: null, n: 0 })), "none");
  assert.equal(standing(null), "none");
  assert.equal(standing(rate({ value: 0.5, n: 4 })), "small");
  assert.equal(standing(rate({ value: 0.79, n: 100 })), "below");
  assert.equal(standing(rate({ value: 0.8 })), "met");
});

test("the basis of a rate names hits, n, open and what was left out", () => {
  assert.deepEqual(basis(rate({ not_started: 3, excluded: { EX1: 1, EX5: 2 } })), ["80 of 100", "open 2", "no order yet 3", "left out 3"]);
  assert.deepEqual(
    exclusions(rate({ excluded: { EX1: 1, EX5: 2 }, excluded_late: { EX5: 1 }, outside: 4 }), (code) => `name of ${code}`),
    ["EX1 name of EX1: 1", "EX5 name of EX5: 2, of these after the limit: 1", "Priority 4 without an order: 4"],
  );
});

test("buckets are named with both bounds and their shares add up to one hundred", () => {
  const words = (...bounds) => bucketWords({ buckets: bounds.map(([low, high]) => ({ over_s: low, up_to_s: high })) });
  assert.deepEqual(words([0, 30], [30, 60], [60, 120], [120, 180], [180, null]), ["≤ 30 s", "30–60 s", "60–120 s", "120–180 s", "> 180 s"]);
  assert.deepEqual(words([0, 300], [300, 600], [1800, null]), ["≤ 5 min", "5–10 min", "> 30 min"]);
  const now = bucketsOf([5, 3, 1, 0, 1], 2);
  const option = bucketOption(now, null, PALETTE, { now: "today", before: "30 days", width: 60 });
  assert.equal(Math.round(1e6 * option.series.reduce((sum, one) => sum + one.data[0], 0)), 1e8);
  const { rows } = bucketTable(now, null, { now: "today", before: "30 days" });
  assert.deepEqual(rows.find((row) => row[0] === "not yet"), ["not yet", "2", "16.6"]);
});

test("no orders at all draw empty bars instead of failing", () => {
  const option = bucketOption(bucketsOf([0, 0, 0, 0, 0], 0), null, PALETTE, { now: "today", before: "30 days", width: 60 });
  assert.ok(option.series.every((one) => one.data[0] === 0));
});

function bucketsOf(counts, notYet) {
  const limits = [30, 60, 120, 180];
  return {
    key: "K4", n: counts.reduce((sum, count) => sum + count, notYet), not_yet: notYet, refused: 1, withdrawn: 0, needless: 0,
    buckets: counts.map((count, index) => ({ over_s: limits[index - 1] ?? 0, up_to_s: limits[index] ?? null, count })),
  };
}

const PALETTE = { steps: [1, 2, 3, 4, 5].map((index) => ({ fill: `#${index}`, text: "#000" })), notYet: "#999", statuses: {} };
const day = (name, value, n) => {
  const one = { value, n, hits: n, open: 0 };
  return { day: name, K7: { A: one, B: one }, K8: { A: one, B: one }, K9: { A: { p90: 400 }, B: { p90: null } } };
};
const answer = {
  figures: [rate({})],
  limits: { "K7.A": { lower: 0.7, upper: 0.95, mean: 0.8, n: 12 } },
  series: [day("2026-01-01", 0.8, 10), day("2026-01-02", null, 0), day("2026-01-03", 0.9, 5)],
};

test("a day without incidents is a gap in the line, not a zero", () => {
  const [, lineA] = trendOption(answer, "K7", PALETTE).series;
  assert.deepEqual(lineA.data.map((point) => point.value), [80, null, 90]);
  assert.deepEqual(trendTable(answer, "K7").rows[1].slice(0, 3), ["2026-01-02", "–", "0"]);
});

test("the unfinished day is drawn hollow and the target stands in the chart", () => {
  const [, lineA] = trendOption(answer, "K7", PALETTE).series;
  assert.equal(lineA.data.at(-1).symbol, "emptyCircle");
  assert.equal(lineA.markLine.data[0].yAxis, 80);
  assert.deepEqual(lineA.markArea.data[0].map((edge) => edge.yAxis), [70, 95]);
});

test("without enough days there is no band", () => {
  const [, lineA] = trendOption({ ...answer, limits: { "K7.A": null } }, "K7", PALETTE).series;
  assert.equal(lineA.markArea, undefined);
});

test("the bars of a rate show today and before, and nothing where nothing is known", () => {
  const words = { now: "today", before: "30 days", width: 50, target: "target 80%" };
  const option = rateOption(rate({ value: 0.75 }), rate({ value: null, n: 0 }), PALETTE, "#00f", words);
  assert.deepEqual(option.series[0].data.map((bar) => bar.value), [0, 75]);
  assert.deepEqual(rateOption(rate({ value: 0.75 }), null, PALETTE, "#00f", words).yAxis.data, ["today"]);
  assert.equal(option.series[0].markLine.data[0].xAxis, 80);
});

test("tooltips are drawn on the canvas, because the page allows no inline style", () => {
  const hours = { hours: Array.from({ length: 24 }, (_, hour) => ({ hour, A: bands(hour), B: bands(0) })) };
  for (const option of [trendOption(answer, "K7", PALETTE), hoursOption(hours, "A", PALETTE, 9)]) {
    assert.equal(option.tooltip.renderMode, "richText");
    assert.equal(option.aria.enabled, true);
  }
  assert.deepEqual(hoursTable(hours, "A").rows[7], ["7", "7", "1", "0", "2", "10"]);
});

const bands = (fast) => ({ within_5: fast, within_10: 1, later: 0, not_yet: 2 });

function fakeTimers() {
  let now = 0;
  let marks = [];
  return {
    timers: {
      now: () => now,
      set: (what, ms) => { const mark = { what, due: now + ms }; marks.push(mark); return mark; },
      clear: (mark) => { marks = marks.filter((one) => one !== mark); },
    },
    async pass(seconds) {
      const end = now + seconds * 1000;
      await new Promise((done) => { setImmediate(done); });
      for (;;) {
        const next = marks.filter((mark) => mark.due <= end).sort((one, other) => one.due - other.due)[0];
        if (!next) break;
        marks = marks.filter((mark) => mark !== next);
        now = Math.max(now, next.due);
        next.what();
        await new Promise((done) => { setImmediate(done); });
      }
      now = end;
    },
  };
}

test("figures are read at once, then at least every thirty seconds", async () => {
  const { timers, pass } = fakeTimers();
  let reads = 0;
  makeRefresher({ read: async () => { reads += 1; }, atMostEvery: 2, atLeastEvery: 30, timers }).start();
  await pass(0);
  assert.equal(reads, 1);
  await pass(29);
  assert.equal(reads, 1);
  await pass(2);
  assert.equal(reads, 2);
});

test("a burst of entries makes one reading every two seconds", async () => {
  const { timers, pass } = fakeTimers();
  const reads = [];
  const refresher = makeRefresher({ read: async () => { reads.push(timers.now()); }, atMostEvery: 2, atLeastEvery: 30, timers });
  refresher.start();
  await pass(0);
  for (let step = 0; step < 50; step += 1) {
    refresher.nudge();
    await pass(0.1);
  }
  assert.ok(reads.length <= 4, `read ${reads.length} times in 5 s`);
  for (let index = 1; index < reads.length; index += 1) assert.ok(reads[index] - reads[index - 1] >= 2000);
});

test("a reading that fails is told and tried again, and a stopped reader stays quiet", async () => {
  const { timers, pass } = fakeTimers();
  const failures = [];
  const refresher = makeRefresher({
    read: async () => { throw new Error("no network"); }, onFailed: (error) => failures.push(error.message),
    atMostEvery: 2, atLeastEvery: 30, timers,
  });
  refresher.start();
  await pass(61);
  assert.deepEqual(failures, ["no network", "no network", "no network"]);
  refresher.stop();
  refresher.nudge();
  await pass(100);
  assert.equal(failures.length, 3);
});

test("only entries that can change a figure cause a reading", () => {
  assert.ok(changesFigures("assignment.on_scene"));
  assert.ok(changesFigures("incident.cancelled"));
  assert.ok(changesFigures("call.answered"));
  assert.ok(!changesFigures("unit.status_set"));
  assert.ok(!changesFigures("user.signed_in"));
});
