/**
 * Delay minutes by part as bars, and units against their expectation as marks. Pure, but for the mark.
 */

import { fill, gettext, pgettext } from "../words.js";
import { axisText, common, tooltip } from "./chart_parts.js";
import { minutes, partWord } from "./delay_words.js";
import { duration, percent } from "./figures.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 200;
const TWICE = 2; // the mark ends at twice the expectation

/** Draw the bars; the longest part stands on top. */
export function delayOption(parts, palette) {
  const rows = [...inOrder(parts)].reverse();
  return {
    ...common(palette),
    grid: { left: 110, right: 150, top: 4, bottom: 4 },
    tooltip: { ...tooltip(palette, (point) => tip(rows[point.dataIndex])), trigger: "item" },
    xAxis: { type: "value", min: 0, show: false },
    yAxis: { type: "category", data: rows.map((row) => partWord(row.part)), axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...axisText(palette), color: palette.text } },
    series: [{
      type: "bar", barWidth: "62%", itemStyle: { color: palette.a },
      label: { show: true, position: "right", color: palette.text, fontSize: 14, formatter: (point) => barWord(rows[point.dataIndex]) },
      data: rows.map((row) => row.delay_s),
    }],
  };
}

/** Put parts in the order of their delay; equal ones stay as they come. */
export function inOrder(parts) {
  return [...parts].sort((one, other) => other.delay_s - one.delay_s);
}

function barWord(row) {
  return fill(gettext("%(minutes)s min, %(share)s"), { minutes: minutes(row.delay_s), share: `${percent(row.share)}%` });
}

function tip(row) {
  return `${partWord(row.part)}  ${barWord(row)}\n${fill(gettext("n=%(n)s"), { n: row.n })}`;
}

/**
 * Tell where a unit's mark lies.
 * @param {{ratio: number, low: number|null, high: number|null}} row
 * @returns {{low: number, high: number, at: number}} in parts of 200; 100 is the expectation
 */
export function markPlaces(row) {
  const at = (value) => Math.round((Math.min(TWICE, Math.max(0, value)) / TWICE) * WIDE);
  return { low: at(row.low ?? row.ratio), high: at(row.high ?? row.ratio), at: at(row.ratio) };
}

/** Say a unit's ratio with its interval. */
export function ratioWord(row) {
  const said = row.ratio.toFixed(2);
  return row.low === null ? said : `${said} (${row.low.toFixed(2)}–${row.high.toFixed(2)})`;
}

/** Describe a unit as a row of text. */
export function unitCells(row) {
  return [row.call_sign, row.rank === null ? pgettext("rank", "not ranked") : String(row.rank), String(row.n), duration(row.observed_s), duration(row.expected_s)];
}

/** Draw a unit's mark: the interval as a bar, the ratio on it, a line where observed equals expected. */
export function unitMark(row) {
  const { low, high, at } = markPlaces(row);
  const picture = node("svg", { viewBox: `0 0 ${WIDE} 16`, preserveAspectRatio: "none", "aria-hidden": "true", class: row.few ? "unit-mark few" : "unit-mark" });
  picture.append(
    node("rect", { class: "target-track", x: 0, y: 6, width: WIDE, height: 4 }), node("rect", { class: "unit-interval", x: low, y: 4, width: Math.max(1, high - low), height: 8 }),
    node("rect", { class: "target-line", x: WIDE / 2 - 1, y: 0, width: 2, height: 16 }), node("rect", { class: "unit-ratio", x: Math.max(0, at - 3), y: 1, width: 6, height: 14 }),
  );
  return picture;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
