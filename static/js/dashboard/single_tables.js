/**
 * One figure with everything: each measure on every clock and by every source of time, and one of them by a dimension.
 * Pure.
 */

import { fill, gettext, pgettext } from "../words.js";
import { besideOf } from "./behind.js";
import { figuresOfBuckets } from "./bucket_figures.js";
import { axisText, common, decal, tooltip } from "./chart_parts.js";
import { exclusions, percent, SMALL_SAMPLE } from "./figures.js";
import { groupWord, inOrder } from "./group_words.js";
import { changeWord, grouped, sourceOf, valueOf, valueWord } from "./numbers.js";

/** Figures whose two clocks and three sources of time stand beside one another. */
const WITH_CLOCKS = ["K7", "K8", "K9"];
const MOST_BARS = 24;

/** List the figures of a group, buckets as figures of their own. */
export function everyFigure(group) {
  return [...group.figures, ...group.buckets.flatMap(figuresOfBuckets)];
}

/** Name a figure among those of its key: it is found again in every group and after each reading. */
export function idOf(figure) {
  return [figure.clock, figure.source, figure.measure === "bucket" ? `b${figure.bounds?.[0] ?? ""}` : figure.measure].join("|");
}

/** Ask for one figure alone: what it is by, and which of its kind. */
export function askFor(figure) {
  if (!figure) return {};
  const clocks = ["A", "B"].includes(figure.clock) ? { clock: figure.clock } : {};
  const sources = [...WITH_CLOCKS, "K5"].includes(figure.key) ? { source: figure.source } : {};
  return { ...clocks, ...sources, measure: figure.measure === "bucket" ? "buckets" : figure.measure };
}

/**
 * Describe every figure of a key as a table.
 * @param {object[]} figures of the whole
 * @param {{scope: object, against: boolean, word: (figure: object) => string, code: (code: string) => string}} about
 */
export function wholeTable(figures, { scope, against, word, code }) {
  return {
    head: [gettext("Figure"), pgettext("figure", "Value"), ...changeHeads(against), gettext("Cases"), gettext("Not decided"), gettext("Beside it, left out by code")],
    rows: figures.map((figure) => [
      word(figure), { figure, scope }, ...changeCells(figure, against), casesOf(figure), String(figure.open ?? 0), about(figure, code),
    ]),
  };
}

/** Read the groups of an answer: each with the one figure, in their order, without those that have nothing. */
export function rowsOf(groups, by, id) {
  const found = groups.map((group) => ({ value: group.value, label: groupWord(by, group), figure: everyFigure(group).find((one) => idOf(one) === id) }));
  return inOrder(by, found.filter(({ figure }) => figure && (figure.n || figure.open || figure.before?.n || Object.keys(figure.excluded ?? {}).length)));
}

/** Describe groups as a table. */
export function groupTable(rows, { scope, by, head, against, code }) {
  return {
    head: [head, pgettext("figure", "Value"), ...changeHeads(against), gettext("Cases"), gettext("Not decided"), gettext("Beside it, left out by code")],
    rows: rows.map(({ value, label, figure }) => [
      label, { figure, scope: { ...scope, by, value, label } }, ...changeCells(figure, against), casesOf(figure), String(figure.open ?? 0), about(figure, code),
    ]),
  };
}

/** Draw groups as bars, the first on top; few cases are hatched, and a line stands at the target. */
export function groupOption(rows, palette, { name, target }) {
  const shown = rows.slice(0, MOST_BARS).reverse();
  const unit = rows[0]?.figure.unit;
  const scale = (value) => (value === null || value === undefined ? null : unit === "share" ? value * 100 : value);
  return {
    ...common(palette),
    grid: { left: 8, right: 130, top: 4, bottom: 8, containLabel: true },
    tooltip: { ...tooltip(palette, (point) => `${shown[point.dataIndex].label}\n${barWord(shown[point.dataIndex].figure)}`), trigger: "item" },
    xAxis: { type: "value", min: 0, ...(unit === "share" ? { max: 100 } : {}), show: false },
    yAxis: {
      type: "category", data: shown.map((row) => row.label), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...axisText(palette), color: palette.text, width: 190, overflow: "truncate" },
    },
    series: [{
      name, type: "bar", barMaxWidth: 26,
      label: { show: true, position: "right", color: palette.text, backgroundColor: palette.panel, padding: [0, 2], fontSize: 14, formatter: (point) => barWord(shown[point.dataIndex].figure) },
      data: shown.map(({ figure }) => ({ value: scale(figure.value), itemStyle: { color: palette.a, ...(isFew(figure) ? { decal: decal(1, palette) } : {}) } })),
      markLine: target === null || target === undefined || unit !== "share" ? undefined : {
        silent: true, z: 1, symbol: "none", animation: false, label: { show: false }, data: [{ xAxis: target * 100 }], lineStyle: { color: palette.text, width: 2, type: "solid" },
      },
    }],
  };
}

/** Tell which row a bar stands for: bars are drawn from below. */
export function rowOfBar(rows, at) {
  return rows[Math.min(rows.length, MOST_BARS) - 1 - at];
}

/** Say how many groups there are, and when the picture has not room for all. */
export function groupsWord(rows) {
  if (rows.length <= MOST_BARS) return fill(gettext("%(count)s groups; hatched: fewer than 20 cases"), { count: rows.length });
  return fill(gettext("%(count)s groups, the first %(shown)s in the picture, all in the table and the files; hatched: fewer than 20 cases"), { count: rows.length, shown: MOST_BARS });
}

function isFew({ unit, n }) {
  return ["share", "s"].includes(unit) && n < SMALL_SAMPLE;
}

function barWord(figure) {
  return `${valueWord(figure)}  n=${grouped(figure.n)}`;
}

function casesOf(figure) {
  const n = fill(gettext("n=%(n)s"), { n: grouped(figure.n) });
  return figure.unit === "share" && figure.hits !== null && figure.hits !== undefined ? `${grouped(figure.hits)} / ${n}` : n;
}

function changeHeads(against) {
  return against ? [gettext("Before"), gettext("Change")] : [];
}

function changeCells(figure, against) {
  if (!against) return [];
  const { before } = figure;
  return [before ? `${valueOf(figure.unit, before.value)} n=${grouped(before.n)}` : "–", changeWord(figure) || "–"];
}

/** What stands beside a figure may be long, and has lines of its own. */
function about(figure, code) {
  return { long: [...besideOf(figure), ...exclusions(figure, code)].join(" · ") || "–" };
}

/**
 * Say the two rates beside each other and the share of each source (domain 8).
 * @param {object[]} figures of K9
 * @returns {string} "" for figures without it
 */
export function sourcesWord(figures) {
  const one = figures.find((figure) => figure.measure === "by_position");
  if (!one || one.value === null) return "";
  return fill(gettext("of the published arrivals %(position)s from a position, %(button)s by button"), { position: `${percent(one.value)}%`, button: `${percent(1 - one.value)}%` });
}

/** Say a figure among those of its key. */
export function measureName(figure, basis) {
  const source = figure.key === "K5" || WITH_CLOCKS.includes(figure.key) ? "" : sourceOf(figure.source);
  return basis || source || gettext("all");
}
