/**
 * Small multiples: every station on the same scale, with the target and the band of the whole centre.
 */

import { axisText, common, tooltip } from "./chart_parts.js";
import { valueOf } from "./numbers.js";

/** Gather groups of a split series by value: a line of times for each, the worst of the last one first. */
export function linesOf(groups) {
  const lines = new Map();
  for (const group of groups) {
    if (!lines.has(group.value)) lines.set(group.value, { value: group.value, label: group.label, points: [] });
    lines.get(group.value).points.push({ at: group.at, figure: group.figures[0] });
  }
  return [...lines.values()].filter((line) => line.points.some((point) => point.figure?.n)).map(named);
}

function named(line) {
  return { ...line, label: line.label || "–", n: line.points.reduce((sum, point) => sum + (point.figure?.n ?? 0), 0) };
}

/** Tell the one scale of all lines. */
export function scaleOf(lines) {
  const share = lines.some((line) => line.points.some((point) => point.figure?.unit === "share"));
  const values = lines.flatMap((line) => line.points.map((point) => (point.figure?.n ? point.figure.value : null))).filter((value) => value !== null);
  if (share) return { share, low: 0, high: 100 };
  return { share, low: 0, high: Math.max(60, Math.ceil(Math.max(0, ...values) / 60) * 60) };
}

/**
 * Draw one line as a small picture.
 * @param {object} line from `linesOf()`
 * @param {{share: boolean, low: number, high: number}} scale of all lines
 * @param {number|null} target of the figure, as a share or in seconds
 */
export function multipleOption(line, scale, palette, target) {
  const drawn = (value) => (value === null || value === undefined ? null : scale.share ? value * 100 : value);
  const label = (value) => (scale.share ? `${value}%` : valueOf("s", value));
  return {
    ...common(palette),
    grid: { left: 46, right: 10, top: 8, bottom: 22 },
    tooltip: {
      ...tooltip(palette, (points) => {
        const point = line.points[points[0].dataIndex];
        return `${point.at}\n${valueOf(scale.share ? "share" : "s", point.figure?.n ? point.figure.value : null)}  n=${point.figure?.n ?? 0}`;
      }),
      trigger: "axis",
    },
    xAxis: {
      type: "category", data: line.points.map((point) => point.at.slice(5)), axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.strong } },
      axisLabel: { ...axisText(palette), showMinLabel: true, showMaxLabel: true, interval: Math.max(0, line.points.length - 2), alignMinLabel: "left", alignMaxLabel: "right" },
    },
    yAxis: {
      type: "value", min: scale.low, max: scale.high, interval: (scale.high - scale.low) / 2,
      axisLabel: { ...axisText(palette), formatter: label }, splitLine: { lineStyle: { color: palette.line } },
    },
    series: [{
      type: "line", symbol: "circle", symbolSize: 6, lineStyle: { color: palette.a, width: 2.5 }, itemStyle: { color: palette.a },
      data: line.points.map((point) => ({
        value: point.figure?.n ? drawn(point.figure.value) : null,
        symbol: (point.figure?.n ?? 0) < 20 ? "emptyCircle" : "circle",
      })),
      markLine: target === null || target === undefined ? undefined : {
        silent: true, symbol: "none", label: { show: false }, data: [{ yAxis: drawn(target) }], lineStyle: { color: palette.text, width: 1.5, type: "solid" },
      },
    }],
  };
}

/** Describe all lines as a table: stations down, times across. */
export function multiplesTable(lines, heads, by) {
  const times = lines[0]?.points.map((point) => point.at) ?? [];
  return {
    head: [heads.name, "n", ...times.map((time) => time.slice(5))],
    rows: lines.map((line) => [
      line.label, String(line.n),
      ...line.points.map((point) => ({ figure: point.figure?.n ? point.figure : null, scope: { by, value: line.value, at: point.at } })),
    ]),
  };
}
