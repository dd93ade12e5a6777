/**
 * Charts of the day: arrivals by hour, units by status.
 */

import { fill, gettext, statusWord } from "../words.js";
import { axisText, common, decal, tooltip } from "./chart_parts.js";

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
