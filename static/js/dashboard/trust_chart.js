/**
 * By whose hand the times came about, and what a type was reported as against what it was.
 */

import { gettext } from "../words.js";
import { axisText, common, decal, tooltip } from "./chart_parts.js";
import { percent } from "./figures.js";
import { measureWord } from "./numbers.js";
import { countStep, tilesSeries } from "./tiles_series.js";

export const HANDS = ["by_crew", "by_radio", "implied", "afterwards"];

/** Draw the shares by hand as one bar for each group. */
export function handsOption(groups, palette) {
  const rows = [...groups].reverse();
  const colours = [palette.a, palette.b, palette.notYet, palette.later];
  const of = (group, measure) => group.figures.find((one) => one.key === "times" && one.measure === measure);
  return {
    ...common(palette),
    grid: { left: 130, right: 16, top: 40, bottom: 24 },
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 12, textStyle: { color: palette.soft, fontSize: 14 } },
    tooltip: {
      ...tooltip(palette, (point) => {
        const figure = of(rows[point.dataIndex], HANDS[point.seriesIndex]);
        return `${rows[point.dataIndex].label}\n${point.seriesName}  ${percent(figure?.value)}%  ${figure?.hits ?? 0} / ${figure?.n ?? 0}`;
      }),
      trigger: "item",
    },
    xAxis: { type: "value", min: 0, max: 100, axisLabel: { ...axisText(palette), formatter: "{value}%" }, splitLine: { lineStyle: { color: palette.line } } },
    yAxis: {
      type: "category", data: rows.map((group) => group.label), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...axisText(palette), color: palette.text, width: 122, overflow: "truncate" },
    },
    series: HANDS.map((measure, at) => ({
      name: measureWord(measure), type: "bar", stack: "all", barMaxWidth: 26,
      itemStyle: { color: colours[at], decal: decal(at, palette), borderColor: palette.panel, borderWidth: 1 },
      data: rows.map((group) => 100 * (of(group, measure)?.value ?? 0)),
    })),
  };
}

/**
 * Add pairs of types up by their top level.
 * @param {{reported: string, verified: string, n: number}[]} rows
 * @returns {{reported: string[], verified: string[], counts: Map<string, number>}} names of both axes and counts by "01>02"
 */
export function topLevels(rows) {
  const counts = new Map();
  for (const { reported, verified, n } of rows) {
    const key = `${reported.slice(0, 2)}>${verified.slice(0, 2)}`;
    counts.set(key, (counts.get(key) ?? 0) + n);
  }
  const side = (at) => [...new Set([...counts.keys()].map((key) => key.split(">")[at]))].sort();
  return { reported: side(0), verified: side(1), counts };
}

/** Draw reported (down) against verified (across); the diagonal was verified as reported. */
export function typesOption({ reported, verified, counts }, palette, word) {
  const most = Math.max(1, ...counts.values());
  const tiles = reported.flatMap((from, row) => verified.map((to, column) => {
    const n = counts.get(`${from}>${to}`) ?? 0;
    return { box: [column, row, column + 1, row + 1], step: n ? countStep(n, most) : -1, hatched: n > 0 && to !== "" && from !== to, lines: n ? [String(n)] : [] };
  }));
  const axis = (names, inverse) => ({
    type: "value", min: 0, max: names.length, interval: 0.5, inverse, splitLine: { show: false }, axisTick: { show: false }, axisLine: { show: false },
    axisLabel: {
      ...axisText(palette), color: palette.text, width: inverse ? 140 : 96, overflow: inverse ? "truncate" : "break",
      formatter: (at) => (Number.isInteger(at) ? "" : word(names[Math.floor(at)])),
    },
  });
  return {
    ...common(palette),
    grid: { left: 150, right: 8, top: 8, bottom: 56 },
    tooltip: {
      ...tooltip(palette, (point) => {
        const [from, to] = [reported[Math.floor(point.dataIndex / verified.length)], verified[point.dataIndex % verified.length]];
        return `${word(from)} → ${word(to)}\n${counts.get(`${from}>${to}`) ?? 0}`;
      }),
      trigger: "item",
    },
    xAxis: axis(verified, false),
    yAxis: axis(reported, true),
    series: [tilesSeries(tiles, palette, { least: 24 })],
  };
}

/** Describe the pairs as a table, the most frequent change first. */
export function typesTable({ counts }, word) {
  const changed = [...counts].map(([key, n]) => [...key.split(">"), n]).sort((one, other) => other[2] - one[2]);
  return {
    head: [gettext("Reported"), gettext("Verified"), "n", gettext("Changed")],
    rows: changed.map(([from, to, n]) => [word(from), word(to), String(n), to && from !== to ? gettext("changed") : ""]),
  };
}
