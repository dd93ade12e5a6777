/**
 * Satisfaction, always three counts: satisfied of replied of asked (R27). One bar inside the other, so that a high rate on
 * few replies looks like few replies.
 */

import { gettext, pgettext } from "../words.js";
import { axisText, common, decal, tooltip } from "./chart_parts.js";
import { percent } from "./figures.js";
import { clockOf } from "./numbers.js";

/**
 * Read the three counts of one aim.
 * @param {object[]} figures of K11
 * @param {"handling"|"taking"} aim
 */
export function countsOf(figures, aim) {
  const one = figures.find((figure) => figure.key === "K11" && figure.clock === aim && figure.measure === "satisfied");
  if (!one) return null;
  const full = figures.find((figure) => figure.key === "K11" && figure.clock === aim && figure.measure === "fully_satisfied");
  return { aim, satisfied: one.hits, fully: full?.hits ?? 0, replied: one.replied, asked: one.asked, unsuitable: one.unsuitable, open: one.open };
}

/** Draw the counts of both aims. */
export function voiceOption(counts, palette) {
  const rows = [...counts].reverse();
  const most = Math.max(1, ...counts.map((one) => one.asked));
  const parts = [
    { name: gettext("satisfied"), value: (one) => one.satisfied, colour: palette.within5, pattern: 0 },
    { name: gettext("replied, not satisfied"), value: (one) => one.replied - one.satisfied, colour: palette.later, pattern: 2 },
    { name: gettext("asked, no reply"), value: (one) => one.asked - one.replied, colour: palette.notYet, pattern: 1 },
  ];
  return {
    ...common(palette),
    grid: { left: 120, right: 30, top: 40, bottom: 8 },
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 12, textStyle: { color: palette.soft, fontSize: 14 } },
    tooltip: { ...tooltip(palette, (point) => tip(rows[point.dataIndex])), trigger: "item" },
    xAxis: { type: "value", min: 0, max: most, show: false },
    yAxis: {
      type: "category", data: rows.map((one) => clockOf(one.aim)), axisLine: { show: false }, axisTick: { show: false },
      axisLabel: { ...axisText(palette), color: palette.text },
    },
    series: parts.map((part) => ({
      name: part.name, type: "bar", stack: "all", barWidth: "50%",
      itemStyle: { color: part.colour, decal: decal(part.pattern, palette), borderColor: palette.panel, borderWidth: 1 },
      label: { show: part.pattern === 0, position: "insideLeft", color: palette.panel, fontSize: 15, formatter: (point) => (point.value ? String(point.value) : "") },
      data: rows.map(part.value),
    })),
  };
}

function tip(one) {
  return [
    clockOf(one.aim), `${gettext("satisfied")} ${one.satisfied} / ${gettext("replied")} ${one.replied} / ${gettext("asked")} ${one.asked}`,
    `${percent(one.replied ? one.satisfied / one.replied : null)}%`,
  ].join("\n");
}

/** Describe the counts as a table. */
export function voiceTable(counts, figures) {
  const cell = (aim, measure) => ({ figure: figures.find((one) => one.key === "K11" && one.clock === aim && one.measure === measure), scope: {} });
  return {
    head: [
      gettext("Asked about"), gettext("Satisfied"), pgettext("callback", "Replied"), pgettext("callback", "Asked"), gettext("Satisfied of replied"),
      gettext("Grade 1 alone"), gettext("Replied of asked"), gettext("Not suitable"), gettext("Not decided"),
    ],
    rows: counts.map((one) => [
      clockOf(one.aim), String(one.satisfied), String(one.replied), String(one.asked), cell(one.aim, "satisfied"),
      cell(one.aim, "fully_satisfied"), cell(one.aim, "replied"), String(one.unsuitable), String(one.open),
    ]),
  };
}
