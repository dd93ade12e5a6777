/**
 * What the charts show: options for ECharts from the server's figures, and the same as a table.
 *
 * Pure: no DOM, no ECharts. Every series has a pattern or a shape of its own beside its colour, every
 * tooltip is drawn on the canvas (the page's policy allows no inline style), every chart has a table.
 */

import { fill, gettext, statusWord } from "../words.js";
import { duration, percent } from "./figures.js";

/** Patterns that tell neighbours apart without colour; the first is plain. */
const DECALS = [
  { symbol: "none" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [4, 3], rotation: Math.PI / 4 },
  { symbol: "circle", dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [4, 0], symbolSize: 0.7 },
];

function decal(index, palette) {
  return { ...DECALS[index % DECALS.length], color: palette.pattern };
}

function common(palette) {
  return {
    animation: false,
    textStyle: { color: palette.soft, fontFamily: palette.font, fontSize: 14 },
    aria: { enabled: true },
  };
}

function tooltip(palette, formatter) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.raised,
    borderColor: palette.strong,
    textStyle: { color: palette.text, fontSize: 14 },
    formatter,
  };
}

function axisText(palette) {
  return { color: palette.soft, fontSize: 14 };
}

/**
 * Two bars of one rate, today and the last days, with the line of its target.
 * @param {object|null} now today's figure
 * @param {object|null} before figure of the last days
 */
export function rateOption(now, before, palette, colour, words) {
  const rows = [before, now];
  const bar = (one, index) => ({
    value: one?.value === null || one?.value === undefined ? 0 : one.value * 100,
    itemStyle: { color: colour, opacity: index === 1 ? 1 : 0.55 },
  });
  const target = (now ?? before)?.target ?? null;
  return {
    ...common(palette),
    grid: { left: words.width, right: 12, top: 16, bottom: 2 },
    xAxis: { type: "value", min: 0, max: 100, show: false },
    yAxis: {
      type: "category",
      data: [words.before, words.now],
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...axisText(palette), align: "left", margin: words.width },
    },
    series: [{
      type: "bar",
      barWidth: 12,
      data: rows.map(bar),
      showBackground: true,
      backgroundStyle: { color: palette.track },
      markLine: target === null ? undefined : {
        silent: true,
        symbol: "none",
        label: { show: true, formatter: words.target, position: "end", color: palette.text, fontSize: 14, distance: 2, align: "right" },
        lineStyle: { color: palette.text, type: "solid", width: 2 },
        data: [{ xAxis: target * 100 }],
      },
    }],
  };
}

/** Describe the two bars of a rate as a table. */
export function rateTable(now, before, words) {
  const row = (name, one) => [name, percent(one?.value), String(one?.n ?? 0), String(one?.open ?? 0)];
  return {
    head: [gettext("Period"), gettext("Rate %"), "n", gettext("Open cases")],
    rows: [row(words.now, now), row(words.before, before)],
  };
}

/**
 * The daily rate on both clocks over n, with the target and the limits of ordinary variation.
 * @param {object} answer answer of `/api/statistics/days/`
 * @param {"K7"|"K8"} key
 */
export function trendOption(answer, key, palette) {
  const { series } = answer;
  const limits = answer.limits?.[`${key}.A`];
  const target = figureTarget(answer, key) * 100;
  const days = series.map((row) => row.day.slice(5));
  const rate = (clock) => series.map((row) => dayPoint(row[key][clock], row === series.at(-1)));
  const counts = series.map((row) => row[key].A.n);
  const most = Math.max(4, ...counts);
  const floor = lowest(series, key, target);
  return {
    ...common(palette),
    grid: { left: 48, right: 84, top: 40, bottom: 28 },
    legend: {
      top: 0, right: 0, itemWidth: 22, textStyle: { color: palette.soft, fontSize: 14 },
      data: [gettext("A from the answer"), gettext("B from the order"), gettext("n, incidents counted")],
    },
    tooltip: {
      ...tooltip(palette, (points) => trendTip(series[points[0].dataIndex], key)),
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: palette.strong } },
    },
    xAxis: {
      type: "category", data: days, axisLabel: { ...axisText(palette), hideOverlap: true },
      axisLine: { lineStyle: { color: palette.strong } }, axisTick: { show: false },
    },
    yAxis: [
      {
        type: "value", min: floor, max: 100, interval: floor === 0 ? 20 : 10,
        axisLabel: { ...axisText(palette), formatter: "{value}%" },
        splitLine: { lineStyle: { color: palette.line } },
      },
      {
        type: "value", min: 0, max: most * 4, interval: most, splitLine: { show: false },
        axisLabel: { ...axisText(palette), formatter: (count) => (count <= most ? `n=${count}` : "") },
      },
    ],
    series: [
      {
        name: gettext("n, incidents counted"), type: "bar", yAxisIndex: 1, data: counts, barMaxWidth: 18,
        itemStyle: { color: palette.track }, silent: true,
      },
      {
        name: gettext("A from the answer"), type: "line", data: rate("A"), symbol: "circle", symbolSize: 7,
        lineStyle: { color: palette.a, width: 3 }, itemStyle: { color: palette.a },
        markLine: {
          silent: true, symbol: "none", data: [{ yAxis: target }],
          lineStyle: { color: palette.text, width: 1.5, type: "solid" },
          label: {
            formatter: fill(gettext("target %(share)s"), { share: `${target}%` }),
            position: "end", color: palette.text, fontSize: 14,
          },
        },
        markArea: limits ? {
          silent: true, itemStyle: { color: palette.band },
          data: [[{ yAxis: limits.lower * 100 }, { yAxis: limits.upper * 100 }]],
        } : undefined,
      },
      {
        name: gettext("B from the order"), type: "line", data: rate("B"), symbol: "diamond", symbolSize: 9,
        lineStyle: { color: palette.b, width: 2, type: [6, 4] }, itemStyle: { color: palette.b },
      },
    ],
  };
}

function dayPoint(one, unfinished) {
  const value = one.n ? one.value * 100 : null;
  return unfinished ? { value, symbol: "emptyCircle", symbolSize: 10 } : { value };
}

function lowest(series, key, target) {
  const rates = series.flatMap((row) => [row[key].A, row[key].B]).filter((one) => one.n).map((one) => one.value * 100);
  const below = Math.floor((Math.min(target, ...rates) - 5) / 10) * 10;
  return below < 40 ? 0 : below;
}

function figureTarget(answer, key) {
  return answer.figures.find((one) => one.key === key && one.measure === "rate")?.target ?? 1;
}

function trendTip(row, key) {
  const line = (name, one) => `${name}  ${percent(one.value)}%  n=${one.n}`;
  return [
    row.day,
    line(gettext("A from the answer"), row[key].A),
    line(gettext("B from the order"), row[key].B),
    `K9 P90  A ${duration(row.K9.A.p90)}  B ${duration(row.K9.B.p90)}`,
  ].join("\n");
}

/** Describe the daily rates as a table, the last day first. */
export function trendTable(answer, key) {
  const cell = (one) => `${percent(one.value)}`;
  return {
    head: [gettext("Day"), gettext("A %"), gettext("n (A)"), gettext("B %"), gettext("n (B)"), gettext("P90 A"), gettext("P90 B")],
    rows: answer.series.map((row) => [
      row.day, cell(row[key].A), String(row[key].A.n), cell(row[key].B), String(row[key].B.n),
      duration(row.K9.A.p90), duration(row.K9.B.p90),
    ]).reverse(),
  };
}

/**
 * Name the buckets of a figure by their bounds, lower exclusive, upper inclusive; all in seconds, or all in minutes.
 * @param {{buckets: {over_s: number, up_to_s: number|null}[]}} row buckets of an answer
 * @returns {string[]}
 */
export function bucketWords(row) {
  const inMinutes = row.buckets[0].up_to_s >= 300;
  return row.buckets.map((one) => (inMinutes ? minutesWord(one.over_s / 60, one.up_to_s) : secondsWord(one.over_s, one.up_to_s)));
}

function secondsWord(low, high) {
  if (high === null) return fill(gettext("> %(low)s s"), { low });
  return low === 0 ? fill(gettext("≤ %(high)s s"), { high }) : fill(gettext("%(low)s–%(high)s s"), { low, high });
}

function minutesWord(low, seconds) {
  if (seconds === null) return fill(gettext("> %(low)s min"), { low });
  const high = seconds / 60;
  return low === 0 ? fill(gettext("≤ %(high)s min"), { high }) : fill(gettext("%(low)s–%(high)s min"), { low, high });
}

/** Find the buckets of K4 or K5 in an answer. */
export function buckets(answer, key) {
  return answer?.buckets?.find((one) => one.key === key) ?? null;
}

/**
 * Shares by bucket as two stacked bars: today, and the last days.
 * @param {object} now buckets of today
 * @param {object|null} before buckets of the last days
 */
export function bucketOption(now, before, palette, words) {
  const rows = before ? [before, now] : [now];
  const names = before ? [words.before, words.now] : [words.now];
  const parts = bucketWords(now).map((name, index) => ({ name, colour: palette.steps[index], index }));
  parts.push({ name: gettext("not yet"), colour: palette.notYet, index: -1 });
  return {
    ...common(palette),
    grid: { left: words.width, right: 8, top: 4, bottom: 30 },
    legend: { bottom: 0, left: 0, itemWidth: 14, itemHeight: 12, itemGap: 10, textStyle: { color: palette.soft, fontSize: 14 } },
    tooltip: { ...tooltip(palette, (point) => bucketTip(point, rows, names)), trigger: "item" },
    xAxis: { type: "value", min: 0, max: 100, show: false },
    yAxis: {
      type: "category", data: rows.map((row, index) => fill(gettext("%(name)s n=%(n)s"), { name: names[index], n: row.n })),
      axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...axisText(palette), align: "left", margin: words.width, formatter: (text) => text.replace(" n=", "\nn=") },
    },
    series: parts.map((part) => ({
      name: part.name, type: "bar", stack: "all", barWidth: "62%",
      itemStyle: {
        color: part.colour.fill ?? part.colour, borderColor: palette.panel, borderWidth: 1,
        decal: part.index === -1 ? decal(1, palette) : { symbol: "none" },
      },
      label: {
        show: true, color: part.colour.text ?? palette.text, fontSize: 14,
        formatter: (point) => (point.value >= 12 ? `${Math.round(point.value)}%` : ""),
      },
      data: rows.map((row) => share(countOf(row, part.index), row.n)),
    })),
  };
}

function countOf(row, index) {
  return index === -1 ? row.not_yet : row.buckets[index].count;
}

function share(count, n) {
  return n ? (100 * count) / n : 0;
}

function bucketTip(point, rows, names) {
  const row = rows[point.dataIndex];
  const count = countOf(row, point.seriesIndex < row.buckets.length ? point.seriesIndex : -1);
  return `${names[point.dataIndex]}  ${point.seriesName}\n${percent(point.value / 100)}%  ${count} / ${row.n}`;
}

/** Describe the buckets as a table. */
export function bucketTable(now, before, words) {
  const cells = (row, index) => (row ? [String(countOf(row, index)), `${percent(row.n ? countOf(row, index) / row.n : null)}`] : []);
  const line = (name, index) => [name, ...cells(now, index), ...cells(before, index)];
  const beside = (name, field) => [name, String(now[field] ?? 0), "–", ...(before ? [String(before[field] ?? 0), "–"] : [])];
  const heads = (name) => [name, "%"];
  return {
    head: [gettext("Bucket"), ...heads(words.now), ...(before ? heads(words.before) : [])],
    rows: [
      ...bucketWords(now).map(line),
      line(gettext("not yet"), -1),
      beside(gettext("refused, beside"), "refused"),
      beside(gettext("withdrawn, beside"), "withdrawn"),
      beside(gettext("no attendance, beside"), "needless"),
    ],
  };
}

const BANDS = ["within_5", "within_10", "later", "not_yet"];

/** Name a band of arrival. */
export function bandWord(band) {
  switch (band) {
    case "within_5": return gettext("≤ 5 min");
    case "within_10": return gettext("5–10 min");
    case "later": return gettext("> 10 min");
    default: return gettext("not there yet");
  }
}

/**
 * Incidents by hour of the answer, stacked by how fast somebody arrived.
 * @param {object} answer answer of `/api/statistics/today/`
 * @param {"A"|"B"} clock
 * @param {number} hour the present hour; later ones stay blank and are greyed
 */
export function hoursOption(answer, clock, palette, hour) {
  const rows = answer.hours;
  const colours = { within_5: palette.within5, within_10: palette.within10, later: palette.later, not_yet: palette.notYet };
  return {
    ...common(palette),
    grid: { left: 34, right: 8, top: 36, bottom: 28 },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 12, itemGap: 12, textStyle: { color: palette.soft, fontSize: 14 } },
    tooltip: {
      ...tooltip(palette, (points) => hourTip(rows[points[0].dataIndex], clock)), trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: palette.band } },
    },
    xAxis: {
      type: "category", data: rows.map((row) => String(row.hour)), axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.strong } },
      axisLabel: { ...axisText(palette), interval: 2, formatter: (text) => text },
    },
    yAxis: {
      type: "value", minInterval: 1, splitNumber: 3, axisLabel: axisText(palette),
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: BANDS.map((band, index) => ({
      name: bandWord(band), type: "bar", stack: "all", barCategoryGap: "22%",
      itemStyle: { color: colours[band], decal: decal(index === 3 ? 1 : index === 2 ? 2 : 0, palette) },
      data: rows.map((row) => row[clock][band]),
      markLine: index ? undefined : {
        silent: true, symbol: "none", data: [{ xAxis: hour }], label: { show: false },
        lineStyle: { color: palette.strong, type: "dashed" },
      },
    })),
  };
}

function hourTip(row, clock) {
  const span = fill(gettext("%(hour)s:00 to %(next)s:00"), { hour: row.hour, next: row.hour + 1 });
  return [span, ...BANDS.map((band) => `${bandWord(band)}  ${row[clock][band]}`)].join("\n");
}

/** Describe the hours as a table. */
export function hoursTable(answer, clock) {
  return {
    head: [gettext("Hour"), ...BANDS.map(bandWord), "n"],
    rows: answer.hours.map((row) => {
      const counts = BANDS.map((band) => row[clock][band]);
      return [String(row.hour), ...counts.map(String), String(counts.reduce((sum, count) => sum + count, 0))];
    }),
  };
}

/**
 * Units by status as bars with their number; the word stands at the bar, so colour adds nothing new.
 * @param {object} counts from `unitsByStatus()`
 */
export function unitsOption(counts, palette) {
  const rows = counts.statuses.filter((row) => row.units.length || row.status !== "out_of_service").reverse();
  return {
    ...common(palette),
    grid: { left: 104, right: 40, top: 2, bottom: 2 },
    tooltip: { ...tooltip(palette, (point) => unitsTip(rows[point.dataIndex])), trigger: "item" },
    xAxis: { type: "value", show: false, min: 0, max: Math.max(1, ...rows.map((row) => row.units.length)) },
    yAxis: {
      type: "category", data: rows.map((row) => statusWord(row.status)), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...axisText(palette), color: palette.text, align: "left", margin: 102, width: 100, overflow: "truncate" },
    },
    series: [{
      type: "bar", barMaxWidth: 16, showBackground: true, backgroundStyle: { color: palette.track },
      label: { show: true, position: "right", color: palette.text, fontSize: 16, fontWeight: 600 },
      data: rows.map((row, index) => ({
        value: row.units.length,
        itemStyle: { color: palette.statuses[row.status] ?? palette.notYet, decal: decal(patternOf(row.status, index), palette) },
      })),
    }],
  };
}

function patternOf(status) {
  if (["assigned", "en_route", "on_scene", "transporting"].includes(status)) return 1;
  return ["available", "on_task"].includes(status) ? 0 : 2;
}

function unitsTip(row) {
  const signs = row.units.map((unit) => unit.call_sign);
  const lines = [];
  for (let at = 0; at < signs.length; at += 6) lines.push(signs.slice(at, at + 6).join(" "));
  return [`${statusWord(row.status)}  ${row.units.length}`, ...lines].join("\n");
}

/** Describe the units as a table with their call signs. */
export function unitsTable(counts) {
  return {
    head: [gettext("Status"), gettext("Units"), gettext("Call signs")],
    rows: counts.statuses.map((row) => [
      statusWord(row.status), String(row.units.length), row.units.map((unit) => unit.call_sign).join(" ") || "–",
    ]),
  };
}
