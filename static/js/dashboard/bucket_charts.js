/**
 * Charts of acceptance and departure: the shares of the buckets of K4 and K5.
 */

import { fill, gettext } from "../words.js";
import { axisText, common, decal, tooltip } from "./chart_parts.js";
import { percent } from "./figures.js";

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
