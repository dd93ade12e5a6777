/**
 * A series with its limits: noise in the colour of the series, signs with a shape of their own. Nothing of it is red.
 */

import { fill, gettext, pgettext } from "../words.js";
import { axisText, common, tooltip } from "./chart_parts.js";
import { changeWord, valueOf } from "./numbers.js";
import { limitsOf, signalsOf } from "./spc.js";

/** Say a rule. */
export function ruleWord(rule) {
  switch (rule) {
    case "outside": return gettext("outside the limits");
    case "run": return gettext("eight on one side");
    default: return gettext("two of three beyond 2σ");
  }
}

/**
 * Read a series into points with limits and signs; the last point is unfinished and no part of the limits.
 * @param {{value: string, figure: object|undefined}[]} rows by time
 * @param {boolean} unfinished whether the last time still runs
 */
export function seriesOf(rows, unfinished) {
  const values = rows.map(({ figure }) => (figure && figure.n ? figure.value : null));
  const whole = unfinished ? values.slice(0, -1) : values;
  const share = rows.some(({ figure }) => figure?.unit === "share");
  const limits = limitsOf(whole, share ? { floor: 0, ceiling: 1 } : { floor: 0 });
  const signals = [...signalsOf(whole, limits), ...(unfinished ? [[]] : [])];
  const before = rows.some(({ figure }) => figure?.before) ? rows.map(({ figure }) => (figure?.before?.n || figure?.unit === "count" ? figure.before?.value ?? null : null)) : null;
  return { rows, values, before, limits, signals, unfinished, unit: share ? "share" : rows[0]?.figure?.unit ?? "count" };
}

/**
 * Draw a series as an XmR chart.
 * @param {object} series from `seriesOf()`
 * @param {object} palette colours of the theme
 * @param {{name: string, target: number|null}} about
 */
export function spcOption(series, palette, { name, target }) {
  const scale = (value) => (value === null || value === undefined ? null : series.unit === "share" ? value * 100 : value);
  const label = (value) => (series.unit === "share" ? `${Math.round(value)}%` : valueOf(series.unit, value));
  const { limits } = series;
  const line = (value, text, type) => ({
    yAxis: scale(value), lineStyle: { color: palette.soft, type, width: 1.5 },
    label: { formatter: text, position: "end", color: palette.soft, fontSize: 14 },
  });
  const lines = limits ? [line(limits.mean, pgettext("spc", "mean"), "solid"), line(limits.upper, "+3σ", "dashed"), line(limits.lower, "−3σ", "dashed")] : [];
  if (target !== null && target !== undefined) {
    lines.push({ ...line(target, pgettext("spc", "target"), "solid"), lineStyle: { color: palette.text, type: "solid", width: 2.5 } });
  }
  return {
    ...common(palette),
    grid: { left: 60, right: 70, top: 16, bottom: 30 },
    tooltip: { ...tooltip(palette, (points) => tip(series, points[0].dataIndex)), trigger: "axis", axisPointer: { type: "line" } },
    xAxis: {
      type: "category", data: series.rows.map((row) => row.value.slice(5)), axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.strong } }, axisLabel: { ...axisText(palette), hideOverlap: true },
    },
    yAxis: {
      type: "value", ...rangeOf(series, scale),
      axisLabel: { ...axisText(palette), formatter: label }, splitLine: { lineStyle: { color: palette.line } },
    },
    series: [{
      name, type: "line", lineStyle: { color: palette.a, width: 2.5 }, itemStyle: { color: palette.a },
      data: series.values.map((value, at) => point(series, value, at, scale, palette)),
      markLine: lines.length ? { silent: true, symbol: "none", animation: false, data: lines } : undefined,
      markArea: limits ? {
        silent: true, itemStyle: { color: palette.band }, data: [[{ yAxis: scale(limits.lower) }, { yAxis: scale(limits.upper) }]],
      } : undefined,
    }, ...(series.before ? [beforeLine(series, palette, scale)] : [])],
  };
}

/** What it was in the other period: behind the series, thin and grey, and no part of the limits. */
function beforeLine(series, palette, scale) {
  return {
    name: gettext("Before"), type: "line", z: 1, silent: true, symbol: "none", lineStyle: { color: palette.soft, width: 1.5, type: "dotted" },
    itemStyle: { color: palette.soft }, data: series.before.map(scale),
  };
}

/** The axis holds every value and both limits: a limit outside the picture would be none. */
function rangeOf(series, scale) {
  const { limits } = series;
  const held = [...series.values, ...(series.before ?? []), limits?.lower, limits?.upper].filter((value) => value !== null && value !== undefined).map(scale);
  if (!held.length) return { min: 0 };
  const step = { share: 10, s: 60 }[series.unit] ?? 1;
  const max = series.unit === "share" ? 100 : Math.ceil(Math.max(...held) / step) * step;
  return { min: Math.max(0, Math.floor(Math.min(...held) / step) * step), max };
}

function point(series, value, at, scale, palette) {
  const [rule] = series.signals[at];
  const unfinished = series.unfinished && at === series.values.length - 1;
  if (rule) {
    const symbol = { outside: "triangle", run: "rect", two_of_three: "diamond" }[rule];
    return { value: scale(value), symbol, symbolSize: 14, itemStyle: { color: palette.b, borderColor: palette.text, borderWidth: 1.5 } };
  }
  return { value: scale(value), symbol: unfinished ? "emptyCircle" : "circle", symbolSize: unfinished ? 10 : 6 };
}

function tip(series, at) {
  const { figure, value } = series.rows[at];
  const parts = [value, `${valueOf(series.unit, series.values[at])}  n=${figure?.n ?? 0}`];
  const past = series.before ? [`${gettext("Before")} ${valueOf(series.unit, series.before[at])}  n=${figure?.before?.n ?? 0}`] : [];
  return [...parts, ...past, ...series.signals[at].map(ruleWord)].join("\n");
}

/** Describe a series as a table, the last time first; a cell with a figure opens it. */
export function spcTable(series, scopeOf) {
  const rows = series.rows.map((row, at) => [
    row.value, { figure: row.figure, scope: scopeOf(row) }, String(row.figure?.n ?? 0),
    ...(series.before ? [`${valueOf(series.unit, series.before[at])} n=${row.figure?.before?.n ?? 0}`, changeWord(row.figure) || "–"] : []),
    series.signals[at].map(ruleWord).join(", ") || (series.unfinished && at === series.rows.length - 1 ? gettext("unfinished") : ""),
  ]);
  return { head: [pgettext("statistics", "Time"), pgettext("figure", "Value"), "n", ...(series.before ? [gettext("Before"), gettext("Change")] : []), pgettext("spc", "Sign")], rows: rows.reverse() };
}

/** Say the limits in one line. */
export function limitsWord(series) {
  if (!series.limits) return gettext("no limits yet: fewer than ten whole points");
  const { mean, lower, upper, n } = series.limits;
  const said = (value) => valueOf(series.unit, series.unit === "share" ? value : Math.round(value));
  const signs = series.signals.filter((rules) => rules.length).length;
  return fill(gettext("XmR: mean %(mean)s, limits %(lower)s to %(upper)s, n=%(n)s points; signs: %(signs)s. Inside is noise."),
    { mean: said(mean), lower: said(lower), upper: said(upper), n, signs });
}
