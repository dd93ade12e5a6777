/**
 * Charts on the page: one canvas per chart, its table behind it, and the colours of the theme.
 */

import { gettext } from "../words.js";
import { make, table, write } from "./dom.js";

const STEPS = 5;

/** Read the chart colours of the present theme from the style sheet. */
export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const standby = token("chart-committed");
  return {
    text: token("text"), soft: token("text-soft"), line: token("line"), strong: token("line-strong"),
    panel: token("panel"), raised: token("raised"), font: token("font"),
    a: token("chart-a"), b: token("chart-b"), track: token("chart-track"), band: token("chart-band"),
    pattern: token("chart-pattern"), notYet: token("chart-not-yet"),
    within5: token("chart-within-5"), within10: token("chart-within-10"), later: token("chart-later"),
    steps: Array.from({ length: STEPS }, (_, index) => ({
      fill: token(`chart-step-${index + 1}`), text: token(`chart-step-${index + 1}-text`),
    })),
    statuses: {
      available: token("chart-free"), on_task: token("chart-free"), assigned: standby, en_route: standby,
      on_scene: standby, transporting: standby,
    },
  };
}

/**
 * Make the view of one chart.
 * @param {object} echarts the library
 * @param {Element} host where it is drawn
 * @returns {{show: (option: object, numbers: object, title: string) => void, toggle: () => boolean, redraw: () => void}}
 */
export function makeChart(echarts, host) {
  const canvas = make("div.canvas");
  const numbers = make("div.behind.unseen", {});
  host.append(canvas, numbers);
  const locale = document.documentElement.lang === "en" ? "EN" : "ZH";
  const chart = echarts.init(canvas, null, { renderer: "canvas", locale });
  let asTable = false;
  let drawn = "";
  new ResizeObserver(() => chart.resize()).observe(canvas);

  return {
    /** Draw an option and write its table; an unchanged one is left alone. */
    show(option, rows, title) {
      const fresh = JSON.stringify([option, rows]);
      if (fresh === drawn) return;
      drawn = fresh;
      canvas.setAttribute("role", "img");
      // The table behind says the numbers; the canvas says which chart it is.
      chart.setOption({ ...option, aria: { enabled: true, label: { description: title } } }, { notMerge: true });
      numbers.replaceChildren(table(rows, title));
    },
    /** Change between chart and table; tells whether the table is shown. */
    toggle() {
      asTable = !asTable;
      canvas.hidden = asTable;
      numbers.classList.toggle("unseen", !asTable);
      if (!asTable) chart.resize();
      return asTable;
    },
    /** Forget what was drawn: the theme has changed. */
    redraw() {
      drawn = "";
    },
  };
}

/** Bring the switches between chart and table to life. */
export function bindTables(charts) {
  for (const button of document.querySelectorAll("[data-table]")) {
    button.addEventListener("click", () => {
      const asTable = charts[button.dataset.table].toggle();
      button.setAttribute("aria-pressed", String(asTable));
      write(button, asTable ? gettext("Chart") : gettext("Table"));
    });
  }
}

/**
 * Bring a group of buttons to life of which one is pressed.
 * @param {string} name data attribute, such as `trend` for `data-trend`
 * @param {(value: string) => void} chosen
 */
export function bindChoice(name, chosen) {
  const attribute = `data-${name}`;
  const buttons = [...document.querySelectorAll(`[${attribute}]`)];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      chosen(button.getAttribute(attribute));
    });
  }
}
