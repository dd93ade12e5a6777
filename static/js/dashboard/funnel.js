/**
 * Received, ordered, accepted, reached, closed: how many came to each step, and the P90 of the gap before it.
 */

import { gettext, pgettext } from "../words.js";
import { axisText, common, decal, tooltip } from "./chart_parts.js";
import { percent } from "./figures.js";
import { gapWord, valueOf } from "./numbers.js";

const STEPS = ["order", "accept", "arrive", "close"];

/** Say a step that was reached. */
export function stepWord(step) {
  switch (step) {
    case "received": return pgettext("funnel", "received");
    case "order": return pgettext("funnel", "ordered");
    case "accept": return pgettext("funnel", "accepted");
    case "arrive": return pgettext("funnel", "on scene");
    default: return pgettext("funnel", "closed");
  }
}

/**
 * Read the figures of the funnel as steps.
 * @param {object[]} figures of key `funnel`
 * @returns {{step: string, n: number, p50: object|null, p90: object|null, waiting: number}[]} `waiting` reached the step
 *   before and not yet this one
 */
export function stepsOf(figures) {
  const found = (measure) => figures.find((one) => one.measure === measure) ?? null;
  const first = found("order_p90");
  if (!first) return [];
  const received = { step: "received", n: first.n + first.open, p50: null, p90: null, waiting: 0 };
  return [received, ...STEPS.map((step) => {
    const p90 = found(`${step}_p90`);
    return { step, n: p90?.n ?? 0, p50: found(`${step}_p50`), p90, waiting: p90?.open ?? 0 };
  })];
}

/** Draw the steps as bars; who waits before a step stands behind it, hatched. */
export function funnelOption(steps, palette) {
  const rows = [...steps].reverse();
  const most = Math.max(1, ...steps.map((step) => step.n));
  return {
    ...common(palette),
    grid: { left: 150, right: 150, top: 8, bottom: 8 },
    tooltip: { ...tooltip(palette, (point) => tip(rows[point.dataIndex], most)), trigger: "item" },
    xAxis: { type: "value", min: 0, max: most, show: false },
    yAxis: {
      type: "category", data: rows.map((step) => (step.p90 ? `${stepWord(step.step)}\nP90 ${valueOf("s", step.p90.value)}` : stepWord(step.step))),
      axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...axisText(palette), color: palette.text, lineHeight: 20 },
    },
    series: [
      {
        type: "bar", stack: "all", barWidth: "56%", itemStyle: { color: palette.a },
        data: rows.map((step) => step.n),
      },
      {
        name: pgettext("funnel", "waiting"), type: "bar", stack: "all", itemStyle: { color: palette.notYet, decal: decal(1, palette) },
        label: {
          show: true, position: "right", color: palette.text, fontSize: 15,
          formatter: (point) => `${rows[point.dataIndex].n}  ${percent(rows[point.dataIndex].n / most)}%`,
        },
        data: rows.map((step) => step.waiting),
      },
    ],
  };
}

function tip(step, most) {
  const lines = [`${stepWord(step.step)}  ${step.n}  ${percent(step.n / most)}%`];
  if (step.p90) lines.push(`${gapWord(step.step)}  P50 ${valueOf("s", step.p50?.value)}  P90 ${valueOf("s", step.p90.value)}`, `${pgettext("funnel", "waiting")} ${step.waiting}`);
  return lines.join("\n");
}

/** Describe the steps as a table. */
export function funnelTable(steps) {
  const received = steps[0]?.n ?? 0;
  return {
    head: [pgettext("funnel", "Step"), gettext("Incidents"), "%", pgettext("funnel", "waiting"), "P50", "P90"],
    rows: steps.map((step) => [
      stepWord(step.step), String(step.n), received ? percent(step.n / received) : "–", step.p90 ? { figure: { ...step.p90, unit: "count", value: step.waiting }, scope: {}, part: "open" } : "–",
      step.p50 ? { figure: step.p50, scope: {} } : "–", step.p90 ? { figure: step.p90, scope: {} } : "–",
    ]),
  };
}
