/**
 * Hour × weekday: which hours of the week are slow, or busy.
 */

import { gettext, pgettext } from "../words.js";
import { axisText, common, tooltip } from "./chart_parts.js";
import { valueWord } from "./numbers.js";
import { isHatched, stepOf, tilesSeries } from "./tiles_series.js";

/** Name the days of the week, Monday first. */
export function weekdays() {
  return [
    pgettext("weekday", "Mon"), pgettext("weekday", "Tue"), pgettext("weekday", "Wed"), pgettext("weekday", "Thu"),
    pgettext("weekday", "Fri"), pgettext("weekday", "Sat"), pgettext("weekday", "Sun"),
  ];
}

/**
 * Lay groups by slot out as seven rows of 24.
 * @param {{value: string, figures: object[]}[]} groups `value` is weekday and hour, such as "1-09"
 * @returns {(object|null)[][]} a figure for each weekday and hour
 */
export function weekOfHours(groups) {
  const found = Array.from({ length: 7 }, () => Array(24).fill(null));
  for (const { value, figures } of groups) {
    const fits = /^([1-7])-([01]\d|2[0-3])$/.exec(value);
    if (fits && figures.length) found[Number(fits[1]) - 1][Number(fits[2])] = figures[0];
  }
  return found;
}

/** Draw the week; a tile with fewer than 20 cases is hatched. */
export function heatOption(groups, palette) {
  const week = weekOfHours(groups);
  const figures = week.flat();
  const most = Math.max(1, ...figures.map((one) => one?.value ?? 0));
  const tiles = figures.map((figure, at) => {
    const [hour, day] = [at % 24, Math.floor(at / 24)];
    const none = !figure || !figure.n;
    return {
      box: [hour, day, hour + 1, day + 1], step: none ? -1 : stepOf(figure, most), hatched: isHatched(figure),
      lines: none ? [] : figure.unit === "count" ? [valueWord(figure)] : [valueWord(figure), `n=${figure.n}`],
    };
  });
  const days = weekdays();
  return {
    ...common(palette),
    grid: { left: 56, right: 8, top: 8, bottom: 28 },
    tooltip: { ...tooltip(palette, (point) => tip(figures[point.dataIndex], point.dataIndex, days)), trigger: "item" },
    xAxis: {
      type: "value", min: 0, max: 24, interval: 1, splitLine: { show: false }, axisLine: { lineStyle: { color: palette.strong } },
      axisTick: { show: false }, axisLabel: { ...axisText(palette), formatter: (hour) => (hour < 24 ? String(hour) : "") },
    },
    yAxis: {
      type: "value", min: 0, max: 7, interval: 0.5, inverse: true, splitLine: { show: false }, axisLine: { show: false },
      axisTick: { show: false }, axisLabel: { ...axisText(palette), formatter: (at) => (Number.isInteger(at) ? "" : days[Math.floor(at)]) },
    },
    series: [tilesSeries(tiles, palette, { least: 34 })],
  };
}

function tip(figure, at, days) {
  const when = `${days[Math.floor(at / 24)]} ${at % 24}:00`;
  return figure?.n ? `${when}\n${valueWord(figure)}  n=${figure.n}` : `${when}\n${gettext("nothing to count")}`;
}

/** Describe the week as a table: hours down, days across; each number opens its rows. */
export function heatTable(groups) {
  const week = weekOfHours(groups);
  const cell = (day, hour) => {
    const figure = week[day][hour];
    return { figure: figure?.n ? figure : null, scope: { by: "slot", value: `${day + 1}-${String(hour).padStart(2, "0")}` } };
  };
  return {
    head: [gettext("Hour"), ...weekdays()],
    rows: Array.from({ length: 24 }, (_, hour) => [`${hour}:00`, ...weekdays().map((_name, day) => cell(day, hour))]),
  };
}
