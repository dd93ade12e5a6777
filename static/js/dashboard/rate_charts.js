/**
 * Charts of the arrival rates: today against the target, and day by day.
 */

import { fill, gettext } from "../words.js";
import { axisText, common, tooltip } from "./chart_parts.js";
import { duration, percent } from "./figures.js";

/**
 * Two bars of one rate, today and the last days, with the line of its target.
 * @param {object|null} now today's figure
 * @param {object|null} before figure of the last days; without one there is one bar
 */
export function rateOption(now, before, palette, colour, words) {
  const rows = before ? [before, now] : [now];
  const names = before ? [words.before, words.now] : [words.now];
  const bar = (one) => ({
    value: one?.value === null || one?.value === undefined ? 0 : one.value * 100,
    itemStyle: { color: colour, opacity: one === now ? 1 : 0.55 },
  });
  const target = (now ?? before)?.target ?? null;
  return {
    ...common(palette),
    grid: { left: words.width, right: 12, top: 16, bottom: 2 },
    xAxis: { type: "value", min: 0, max: 100, show: false },
    yAxis: {
      type: "category",
      data: names,
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
    rows: before ? [row(words.now, now), row(words.before, before)] : [row(words.now, now)],
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
