import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketCells, slowestOf } from "../../static/js/dashboard/bulletin_tables.js";
import { cellOption, cellsOf, cellTable, extentOf, framed } from "../../static/js/dashboard/cell_map.js";
import { askFigures, unfolded } from "../../static/js/dashboard/columns.js";
import { funnelOption, funnelTable, stepsOf } from "../../static/js/dashboard/funnel.js";
import { heatOption, heatTable, weekOfHours } from "../../static/js/dashboard/heat.js";
import { linesOf, multipleOption, multiplesTable, scaleOf } from "../../static/js/dashboard/multiples.js";
import { changeWord, grouped, isSmall, valueOf, valueWord } from "../../static/js/dashboard/numbers.js";
import { ELEMENT_KEYS, ELEMENTS, figuresOf, PAIR_KEYS, PAIRS } from "../../static/js/dashboard/pairs.js";
import { besideOf, partsOf } from "../../static/js/dashboard/behind.js";
import { figuresOfBuckets } from "../../static/js/dashboard/bucket_figures.js";
import { groupWord, inOrder } from "../../static/js/dashboard/group_words.js";
import { askFor, everyFigure, groupOption, groupTable, idOf, rowOfBar, rowsOf, sourcesWord, wholeTable } from "../../static/js/dashboard/single_tables.js";
import { address, dayAfter, dayOf, daysIn, periodOf, weekOf } from "../../static/js/dashboard/question.js";
import { spanOf } from "../../static/js/dashboard/sections/trends.js";
import { limitsOf, signalsOf } from "../../static/js/dashboard/spc.js";
import { seriesOf, spcOption, spcTable } from "../../static/js/dashboard/spc_chart.js";
import { places } from "../../static/js/dashboard/target_bar.js";
import { drawTile, isHatched, stepOf } from "../../static/js/dashboard/tiles_series.js";
import { topLevels, typesTable } from "../../static/js/dashboard/trust_chart.js";
import { countsOf, voiceTable } from "../../static/js/dashboard/voice_chart.js";

const palette = {
  text: "#000001", soft: "#000002", line: "#000003", strong: "#000004", panel: "#000005", raised: "#000006", font: "x",
  a: "#0000a0", b: "#0000b0", track: "#000007", band: "#000008", pattern: "#000009", notYet: "#00000a", within5: "#00000b",
  within10: "#00000c", later: "#00000d", steps: Array.from({ length: 5 }, (_, at) => ({ fill: `#10000${at}`, text: `#20000${at}` })),
};
const share = (value, n = 100, more = {}) => ({ key: "K7", clock: "A", measure: "rate", unit: "share", value, n, hits: Math.round(value * n), open: 0, target: 0.8, ...more });
const time = (value, n = 100, more = {}) => ({ key: "K9", clock: "A", measure: "p90", unit: "s", value, n, open: 0, target: null, ...more });

test("limits are the mean and 2.66 times the mean moving range", () => {
  const values = [10, 12, 11, 13, 10, 12, 11, 13, 10, 12];
  const { mean, lower, upper, sigma, n } = limitsOf(values);
  // Ranges: 2 1 2 3 2 1 2 3 2, in all 18 of 9.
  assert.equal(mean, 11.4);
  assert.ok(Math.abs(upper - (11.4 + 2.66 * 2)) < 1e-9 && Math.abs(lower - (11.4 - 2.66 * 2)) < 1e-9);
  assert.ok(Math.abs(sigma - 2 / 1.128) < 1e-9);
  assert.equal(n, 10);
});

test("limits need ten points, skip what is missing, and are cut at what is possible", () => {
  assert.equal(limitsOf([1, 2, 3, 4, 5, 6, 7, 8, 9]), null);
  assert.equal(limitsOf([1, 2, null, 3, 4, 5, 6, 7, 8, 9, 10]).n, 10);
  const cut = limitsOf([0.9, 1, 0.5, 1, 0.9, 1, 0.4, 1, 0.9, 1], { floor: 0, ceiling: 1 });
  assert.deepEqual([cut.lower >= 0, cut.upper], [true, 1]);
});

test("each rule finds its sign and noise has none", () => {
  const limits = { mean: 0, sigma: 1, lower: -3, upper: 3 };
  assert.deepEqual(signalsOf([0, 1, -1, 2, -2, 0], limits).flat(), []);
  assert.deepEqual(signalsOf([0, 3.1, 3, -3.2], limits), [[], ["outside"], ["two_of_three"], ["outside"]]);
  assert.deepEqual(signalsOf([1, 1, 1, 1, 1, 1, 1, 1, 1], limits).map((rules) => rules.join()), ["", "", "", "", "", "", "", "run", "run"]);
  assert.deepEqual(signalsOf([1, 1, 1, 1, 0, 1, 1, 1, 1], limits).flat(), []);
  assert.deepEqual(signalsOf([2.5, 0, 2.5, 0], limits), [[], [], ["two_of_three"], []]);
  assert.deepEqual(signalsOf([2.5, 0, -2.5], limits).flat(), []);
  assert.deepEqual(signalsOf([5, null, 5], null), [[], [], []]);
});

test("a chart of limits marks signs by shape, leaves the unfinished day out and paints nothing red", () => {
  const rows = Array.from({ length: 12 }, (_, at) => ({ value: `2026-03-${String(at + 1).padStart(2, "0")}`, figure: share(at === 5 ? 0.2 : 0.9) }));
  const series = seriesOf(rows, true);
  assert.equal(series.limits.n, 11);
  const option = spcOption(series, palette, { name: "K7", target: 0.8 });
  const [line] = option.series;
  assert.equal(line.data[5].symbol, "triangle");
  assert.equal(line.data[11].symbol, "emptyCircle");
  assert.equal(line.markLine.data.at(-1).yAxis, 80);
  assert.ok(!JSON.stringify(option).includes("red"));
  assert.ok(option.yAxis.min <= 100 * series.limits.lower && option.yAxis.max === 100);
  const times = seriesOf(rows.map((row, at) => ({ ...row, figure: time(at % 2 ? 100 : 700) })), false);
  const { yAxis } = spcOption(times, palette, { name: "K9", target: null });
  assert.ok(yAxis.min === 0 && yAxis.max >= times.limits.upper, "both limits lie within the picture");
  const table = spcTable(series, () => ({}));
  assert.equal(table.rows.length, 12);
  assert.equal(table.rows[6][3], "outside the limits");
});

test("a day without a case is a gap and not zero", () => {
  const series = seriesOf([{ value: "2026-03-01", figure: share(0.9, 0) }, { value: "2026-03-02", figure: undefined }], false);
  assert.deepEqual(series.values, [null, null]);
});

test("periods are whole days at Shanghai, both ends included", () => {
  assert.equal(dayOf(Date.UTC(2026, 2, 1, 16, 0)), "2026-03-02");
  assert.deepEqual(periodOf("d7", "2026-03-02"), { since: "2026-02-24", until: "2026-03-02" });
  assert.deepEqual(periodOf("month", "2026-03-02"), { since: "2026-03-01", until: "2026-03-02" });
  assert.deepEqual(periodOf("last_month", "2026-03-02"), { since: "2026-02-01", until: "2026-02-28" });
  assert.equal(daysIn(periodOf("d91", "2026-03-02")), 91);
  assert.deepEqual(weekOf("2026-03-01"), { since: "2026-02-23", until: "2026-03-01" });
  assert.equal(dayAfter("2026-02-28", 1), "2026-03-01");
  assert.deepEqual(spanOf("2026-03-02", "week", { since: "2026-03-04", until: "2026-03-06" }), { since: "2026-03-04", until: "2026-03-06" });
  assert.deepEqual(spanOf("2026-02-01", "month", { since: "2026-01-01", until: "2026-03-06" }), { since: "2026-02-01", until: "2026-02-28" });
});

test("an address carries what was chosen and nothing empty", () => {
  assert.equal(address("figures", { keys: "K7,K8", clock: "", urgent: false, value: undefined, split: true }), "/api/statistics/figures/?keys=K7%2CK8&split=1");
  assert.equal(address("worst", {}), "/api/statistics/worst/");
});

test("values are said in their unit, with no data apart from zero", () => {
  assert.deepEqual([valueOf("share", 0.99999), valueOf("share", 1), valueOf("s", 301), valueOf("count", 12345), valueOf("share", null)], ["99.9%", "100%", "5:01", "12\u202f345", "–"]);
  assert.equal(grouped(1234567), "1\u202f234\u202f567");
  assert.equal(valueWord({ ...share(null), no_data: true }), "no data");
  assert.equal(changeWord(share(0.9, 10, { change: -0.012 })), "−1.2 points");
  assert.equal(changeWord(time(90, 10, { change: 65 })), "+1:05");
  assert.equal(changeWord(share(0.9)), "");
  assert.deepEqual([isSmall(share(0.9, 19)), isSmall(share(0.9, 20)), isSmall({ unit: "count", n: 1 })], [true, false, false]);
});

test("steps are the same on every picture; few cases are hatched; hatching never depends on colour", () => {
  assert.deepEqual([300, 301, 451, 601, 901].map((value) => stepOf(time(value))), [0, 1, 2, 3, 4]);
  assert.deepEqual([0.9, 0.89, 0.79, 0.69, 0.59].map((value) => stepOf(share(value))), [0, 1, 2, 3, 4]);
  assert.deepEqual([stepOf(null), stepOf(share(null))], [-1, -1]);
  assert.deepEqual([isHatched(time(10, 19)), isHatched(time(10, 20)), isHatched({ unit: "count", n: 3 })], [true, false, false]);
  const api = { coord: ([x, y]) => [x * 100, 1000 - y * 100] };
  const tile = { box: [1, 2, 2, 3], step: 3, hatched: true, lines: ["8:20", "n=5"] };
  const [rect, text] = drawTile(tile, api, palette, 40).children;
  assert.deepEqual(rect.shape, { x: 100, y: 700, width: 100, height: 100 });
  assert.equal(rect.style.fill, palette.steps[3].fill);
  assert.ok(rect.style.decal);
  assert.equal(text.style.text, "8:20\nn=5");
  assert.equal(drawTile({ ...tile, hatched: false }, api, palette, 400).children.length, 1);
  assert.equal(drawTile({ ...tile, hatched: false }, api, palette, 40).children[0].style.decal, undefined);
});

test("the week has 168 tiles; an hour without a case is empty and its cell opens nothing", () => {
  const groups = [{ value: "1-09", figures: [time(200, 30)] }, { value: "7-23", figures: [time(700, 3)] }, { value: "2-00", figures: [time(null, 0)] }, { value: "x", figures: [time(1)] }];
  const week = weekOfHours(groups);
  assert.equal(week[0][9].value, 200);
  assert.equal(week[6][23].n, 3);
  const option = heatOption(groups, palette);
  assert.equal(option.series[0].data.length, 168);
  assert.deepEqual(option.series[0].data[9], [9, 0, 10, 1]);
  const table = heatTable(groups);
  assert.equal(table.rows.length, 24);
  assert.equal(table.rows[0][2].figure, null);
  assert.deepEqual(table.rows[23][7].scope, { by: "slot", value: "7-23" });
});

test("cells stand at their place, the slowest first, a metre as long upwards as sideways", () => {
  const groups = [
    { value: "1:1", box: [24.5, 117.6, 24.505, 117.605], figures: [time(300, 40)] },
    { value: "1:2", box: [24.51, 117.61, 24.515, 117.615], figures: [time(900, 5)] },
    { value: "", box: null, figures: [time(10, 5)] }, { value: "1:3", box: [24.5, 117.6, 24.6, 117.7], figures: [time(null, 0)] },
  ];
  const cells = cellsOf(groups);
  assert.deepEqual(cells.map((cell) => cell.value), ["1:2", "1:1"]);
  assert.deepEqual(extentOf(cells), { south: 24.5, west: 117.6, north: 24.515, east: 117.615 });
  const frame = framed(extentOf(cells), { width: 868, height: 442 });
  const ratio = ((frame.east - frame.west) * Math.cos((24.5075 * Math.PI) / 180)) / (frame.north - frame.south);
  assert.ok(Math.abs(ratio - 2) < 0.001);
  const option = cellOption(cells, [{ name: "x", ring: [[117.6, 24.5], [117.7, 24.5]] }], palette, { width: 868, height: 442 });
  assert.equal(option.series.length, 2);
  assert.deepEqual(option.series[1].data[0], [117.61, 24.51, 117.615, 24.515]);
  assert.deepEqual(cellTable(cells).rows[0].slice(2), ["5", "n<20"]);
});

test("small multiples share one scale", () => {
  const groups = ["1", "2"].flatMap((value) => ["2026-03-02", "2026-03-09"].map((at, week) => ({ value, at, label: `S${value}`, figures: [time(value === "1" ? 200 : 400 + 50 * week, value === "1" ? 5 : 50)] })));
  const lines = linesOf([...groups, { value: "3", at: "2026-03-02", label: "none", figures: [time(null, 0)] }]);
  assert.deepEqual(lines.map((line) => [line.label, line.n]), [["S1", 10], ["S2", 100]]);
  const scale = scaleOf(lines);
  assert.deepEqual(scale, { share: false, low: 0, high: 480 });
  const options = lines.map((line) => multipleOption(line, scale, palette, null));
  assert.deepEqual(options.map((option) => option.yAxis.max), [480, 480]);
  assert.deepEqual(options.map((option) => option.series[0].data[0].symbol), ["emptyCircle", "circle"]);
  assert.deepEqual(scaleOf([{ points: [{ figure: share(0.5) }] }]), { share: true, low: 0, high: 100 });
  assert.deepEqual(multiplesTable(lines, { name: "Station" }, "station").rows[1][3].scope, { by: "station", value: "2", at: "2026-03-09" });
});

test("the funnel loses nobody: who reached a step is at the next one or waits", () => {
  const gap = (measure, n, open, value) => time(value, n, { key: "funnel", measure, open });
  const figures = ["order", "accept", "arrive", "close"].flatMap((step, at) => [gap(`${step}_p50`, 100 - 10 * at, 10, 30), gap(`${step}_p90`, 100 - 10 * at, 10, 60 * (at + 1))]);
  const steps = stepsOf(figures);
  assert.deepEqual(steps.map((step) => step.n), [110, 100, 90, 80, 70]);
  steps.slice(1).forEach((step, at) => assert.equal(step.n + step.waiting, steps[at].n));
  assert.deepEqual(funnelOption(steps, palette).series[0].data, [70, 80, 90, 100, 110]);
  assert.equal(funnelTable(steps).rows[1][5].figure.value, 60);
  assert.deepEqual(stepsOf([]), []);
});

test("satisfaction always has its three counts", () => {
  const figures = ["satisfied", "fully_satisfied", "replied"].map((measure, at) => ({ key: "K11", clock: "handling", measure, unit: "share", hits: [8, 5, 10][at], n: 10, value: 0.8, replied: 10, asked: 30, unsuitable: 2, open: 1 }));
  const one = countsOf(figures, "handling");
  assert.deepEqual([one.satisfied, one.fully, one.replied, one.asked, one.unsuitable], [8, 5, 10, 30, 2]);
  assert.equal(countsOf(figures, "taking"), null);
  assert.deepEqual(voiceTable([one], figures).rows[0].slice(1, 4), ["8", "10", "30"]);
});

test("types are added up by their top level and changes are named", () => {
  const found = topLevels([{ reported: "0107", verified: "0101", n: 3 }, { reported: "0107", verified: "0401", n: 2 }, { reported: "0101", verified: "0402", n: 4 }, { reported: "0401", verified: "", n: 1 }]);
  assert.equal(found.counts.get("01>01"), 3);
  assert.equal(found.counts.get("01>04"), 6);
  const { rows } = typesTable(found, (code) => code || "–");
  assert.deepEqual(rows[0], ["01", "04", "6", "changed"]);
  assert.deepEqual(rows.at(-1), ["04", "–", "1", ""]);
});

test("the four pairs and the five elements name known figures, and every one stands somewhere", () => {
  const known = [...Array.from({ length: 20 }, (_, at) => `K${at + 1}`), "volume"];
  assert.equal(PAIRS.length, 4);
  assert.equal(ELEMENTS.length, 5);
  for (const key of [...PAIR_KEYS, ...ELEMENT_KEYS]) assert.ok(known.includes(key), key);
  const figures = [share(0.9), share(0.8, 5, { measure: "other" }), time(1)];
  assert.deepEqual(figuresOf(PAIRS[0], figures).map((one) => one.measure), ["rate", "p90"]);
});

test("a figure opens the rows that it stands on", () => {
  assert.deepEqual(partsOf(share(0.9, 5, { rows: "K7.A.button" })).map(([part]) => part), ["n", "hits", "misses", "open"]);
  assert.deepEqual(partsOf(time(9, 5, { rows: "K9.A.published" })).map(([part]) => part), ["n", "open"]);
  assert.deepEqual(partsOf(share(0.9, 5, { rows: "K11.handling" })).map(([part]) => part), ["all"]);
  assert.deepEqual(partsOf(share(0.9, 5, { key: "K10", rows: "K10.arrive" })).map(([part]) => part), ["n", "open"]);
  assert.deepEqual(partsOf(share(0.9, 5, { key: "K20", rows: "K20" })), []);
});

test("the bulletin's shares add up and the slowest unit is named only among fair ones", () => {
  const row = (first, rest, notYet) => ({ n: first + rest + notYet, not_yet: notYet, buckets: [{ over_s: 0, up_to_s: 30, count: first }, { over_s: 30, up_to_s: null, count: rest }] });
  assert.deepEqual(bucketCells(row(15, 4, 1)), ["75.0% (15)", "20.0% (4)", "5.0% (1)"]);
  assert.deepEqual(bucketCells(row(0, 0, 0)), ["–", "–", "–"]);
  assert.equal(slowestOf([{ label: "a", row: row(15, 5, 0) }, { label: "b", row: row(10, 10, 0) }, { label: "c", row: row(0, 5, 0) }]), "b");
  assert.equal(slowestOf([{ label: "a", row: row(15, 5, 0) }]), "");
});

test("a target is a line on the bar", () => {
  assert.deepEqual(places(0.9, 0.8), { bar: 180, line: 160 });
  assert.deepEqual(places(null, null), { bar: 0, line: null });
  assert.deepEqual(places(1.2, 1), { bar: 200, line: 200 });
});

test("what was left out of a figure opens its own rows, by code and where it is counted", () => {
  const asked = (figure) => Object.fromEntries(partsOf(figure).map(([part, , query]) => [part, [query.of, query.part]]));
  assert.deepEqual(asked(share(0.9, 5, { rows: "K7.A.button", excluded: { EX1: 2, EX4: 0 }, not_started: 1 })), {
    n: ["K7.A.button", "n"], hits: ["K7.A.button", "hits"], misses: ["K7.A.button", "misses"], open: ["K7.A.button", "open"],
    EX1: ["K7.A.button", "EX1"], not_started: ["K7.A.button", "not_started"],
  });
  const late = time(9, 5, { rows: "K9.A.position", source: "position", excluded: { EX2: 1 }, no_time: 3 });
  assert.deepEqual(asked(late), { n: ["K9.A.position", "n"], open: ["K9.A.position", "open"], EX2: ["base.position", "EX2"], no_time: ["base.position", "no_time"] });
  assert.deepEqual(Object.keys(asked(time(9, 5, { key: "K1", rows: "K1", lost: 2 }))), ["n", "open", "lost"]);
  assert.deepEqual(besideOf({ asked: 9, replied: 4, unsuitable: 2 }), ["replied 4 of asked 9", "not suitable for a callback 2"]);
});

const orders = (counts, notYet, before) => ({
  key: "K4", clock: "order", source: "button", rows: "K4", n: counts.reduce((sum, one) => sum + one, notYet), not_yet: notYet, refused: 3, excluded: { EX1: 1 },
  buckets: counts.map((count, at) => ({ over_s: [0, 30, 60][at], up_to_s: [30, 60, null][at], count, ...(before ? { before: before[at] } : {}) })),
  ...(before ? { before: { n: before.reduce((sum, one) => sum + one, 1), not_yet: 1 } } : {}),
});

test("a bucket is a share of n that opens its own orders, and stands beside what it was", () => {
  const found = figuresOfBuckets(orders([6, 2, 1], 1, [3, 1, 5]));
  assert.deepEqual(found.map((one) => [one.value, one.hits, one.before.value]), [[0.6, 6, 0.3], [0.2, 2, 0.1], [0.1, 1, 0.5], [0.1, 1, 0.1]]);
  assert.equal(new Set(found.map(idOf)).size, 4);
  const [first, second, , last] = found.map((one) => Object.fromEntries(partsOf(one).map(([part, , query]) => [part, query])));
  assert.deepEqual(first.bucket, { of: "K4", part: "n", over: null, up_to: 30 });
  assert.deepEqual(second.bucket, { of: "K4", part: "n", over: 30, up_to: 60 });
  assert.deepEqual(Object.keys(last), ["open", "n", "EX1", "refused"]);
  assert.deepEqual(last.refused, { of: "orders", part: "misses" });
});

test("figure by figure: every clock and source has its line, and one of them is split in its order", () => {
  const rates = ["A", "B"].flatMap((clock) => ["button", "position", "published"].map((source) => share(0.5, 40, { clock, source, rows: "x", excluded: { EX1: 1 }, before: { value: 0.25, n: 4 }, change: 0.25 })));
  const words = { scope: {}, against: true, word: idOf, code: (code) => code };
  const whole = wholeTable(rates, words);
  assert.equal(whole.rows.length, 6);
  assert.equal(whole.head.length, whole.rows[0].length);
  assert.deepEqual(whole.rows[0].slice(2), ["25.0% n=4", "+25.0 points", "20 / n=40", "0", { long: "EX1 EX1: 1" }]);
  assert.deepEqual(askFor(rates[1]), { clock: "A", source: "position", measure: "rate" });
  assert.deepEqual(askFor(figuresOfBuckets(orders([1], 0))[0]), { measure: "buckets" });
  const group = (value, ...figures) => ({ value, label: "", figures, buckets: [] });
  const found = rowsOf([group("1", share(0.2, 30)), group("", share(0.9, 3)), group("2", share(null, 0))], "beat", idOf(share(0.2)));
  assert.deepEqual(found.map((row) => row.label), ["none or unknown", "1"]);
  assert.equal(everyFigure({ figures: rates, buckets: [orders([1], 0)] }).length, 8);
  const option = groupOption(found, palette, { name: "K7", target: 0.8 });
  assert.deepEqual(option.series[0].data.map((one) => [one.value, Boolean(one.itemStyle.decal)]), [[20, false], [90, true]]);
  assert.equal(rowOfBar(found, 1).value, "");
  assert.equal(groupTable(found, { ...words, by: "beat", head: "Beat", against: false }).rows[0][1].scope.value, "");
  assert.match(sourcesWord([share(0.75, 40, { measure: "by_position" })]), /75\.0%.*25\.0%/);
});

test("groups have names and follow one another where they have an order", () => {
  const said = (by, value) => groupWord(by, { value, label: "" });
  assert.deepEqual([said("priority", "2"), said("hour", "09"), said("slot", "1-09"), said("weekday", "7"), said("all", "")], ["P2", "09:00", "Mon 09:00", "Sun", "The whole centre"]);
  const rows = ["evening", "night", "day"].map((value) => ({ value, figure: share(0.5) }));
  assert.deepEqual(inOrder("shift", rows).map((row) => row.value), ["day", "evening", "night"]);
});

test("a series beside another period draws it behind and is no part of the limits", () => {
  const rows = Array.from({ length: 12 }, (_, at) => ({ value: `2026-03-${String(at + 1).padStart(2, "0")}`, figure: share(0.9, 40, { before: { value: 0.1, n: 5 }, change: 0.8 }) }));
  const series = seriesOf(rows, false);
  assert.ok(Math.abs(series.limits.lower - 0.9) < 1e-9);
  const option = spcOption(series, palette, { name: "K7", target: 0.8 });
  assert.deepEqual(option.series[1].data.slice(0, 2), [10, 10]);
  assert.ok(option.yAxis.min <= 10);
  assert.deepEqual(spcTable(series, () => ({})).rows[0].slice(3, 5), ["10.0% n=5", "+80.0 points"]);
});

test("what lies in no group is asked for by its empty value", () => {
  assert.equal(address("rows", { by: "beat", value: "" }), "/api/statistics/rows/?by=beat&value=");
});

test("columns become groups with figures, each with what all of them share", () => {
  const answer = unfolded({
    seq: 7,
    groups: { value: ["1", "2"], label: ["East", "West"] },
    columns: [{ same: { key: "K7", unit: "share", open: 0, n: 0 }, lists: { value: [0.5, null], n: [4, 0] }, excluded: { EX1: [0, 3] }, excluded_late: {} }],
  });
  assert.equal(answer.seq, 7);
  assert.deepEqual(answer.groups.map((group) => [group.value, group.label]), [["1", "East"], ["2", "West"]]);
  assert.deepEqual(answer.groups.map((group) => group.figures[0]), [
    { key: "K7", unit: "share", open: 0, n: 4, value: 0.5, group: "1", excluded: {}, excluded_late: {} },
    { key: "K7", unit: "share", open: 0, n: 0, value: null, group: "2", excluded: { EX1: 3 }, excluded_late: {} },
  ]);
  assert.deepEqual(unfolded({ groups: {}, columns: [] }).groups, []);
});

test("columns are asked for unless another period stands beside", async () => {
  const asked = [];
  const api = { get: async (path) => { asked.push(path); return { groups: {}, columns: [] }; } };
  await askFigures(api, "figures", { keys: "K9", measure: "p90", against: "" });
  await askFigures(api, "figures", { keys: "K9", measure: "p90", against: "year" });
  assert.deepEqual(asked.map((path) => path.includes("shape=columns")), [true, false]);
});
