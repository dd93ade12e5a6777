/**
 * A part of a section: a picture, its table beside it, what it stands on, and the files that hold the same numbers.
 */

import { fill, gettext } from "../words.js";
import { make, write } from "./dom.js";
import { figureTable } from "./figure_table.js";

/**
 * Make a part.
 * @param {object} means of the page: `echarts`, `open`
 * @param {{name: string, title: string, chart?: boolean, controls?: Node[]}} about
 */
export function makePart(means, { name, title, chart = true, controls = [] }) {
  const files = make("span.files");
  const caption = make("p.caption");
  const drawing = chart ? make("div.part-chart", { role: "img", "aria-label": title }) : null;
  const numbers = make("div.part-table", { tabindex: "0", role: "region", "aria-label": fill(gettext("%(title)s: table"), { title }) });
  const legend = make("div.part-legend");
  const root = make("section.panel.part", { "aria-labelledby": `part-${name}`, data: { part: name, chart: chart ? "yes" : "no" } },
    make("div.panel-head", {}, make("h2", { text: title, id: `part-${name}` }), ...controls, files), legend,
    make("div.part-body", {}, drawing, numbers), caption);
  let picture = null;
  let drawn = "";

  return {
    root, drawing, legend,
    /** Draw an option; an unchanged one is left alone. */
    draw(option, pick = null) {
      picture ??= startPicture(means.echarts, drawing);
      const fresh = JSON.stringify(option);
      if (fresh !== drawn) picture.setOption(option, { notMerge: true });
      drawn = fresh;
      picture.off("click");
      if (pick) picture.on("click", (point) => pick(point.dataIndex, point.seriesIndex));
      picture.resize();
    },
    /** Write the table; the scroll stays where it was. */
    table(content) {
      const top = numbers.scrollTop;
      const held = numbers.contains(document.activeElement) ? [...numbers.querySelectorAll("button, a")].indexOf(document.activeElement) : -1;
      numbers.replaceChildren(figureTable(content, title, means.open));
      numbers.scrollTop = top;
      if (held >= 0) [...numbers.querySelectorAll("button, a")][held]?.focus();
    },
    /** Put other content where the table stands. */
    fill(...nodes) {
      numbers.replaceChildren(...nodes);
    },
    /** Say what it stands on. */
    say(text) {
      write(caption, text);
    },
    /** Offer the same numbers as files. */
    files(address) {
      const join = address.includes("?") ? "&" : "?";
      files.replaceChildren(...["csv", "xlsx"].map((form) => make("a.tool", { href: `${address}${join}as=${form}`, download: true, text: form.toUpperCase(), "aria-label": `${title} ${form.toUpperCase()}` })));
    },
    /** Give it another heading: what it shows was chosen on the page. */
    rename(text) {
      write(root.querySelector("h2"), text);
      drawing?.setAttribute("aria-label", text);
    },
    /** Forget what was drawn: the theme has changed. */
    forget() {
      drawn = "";
    },
  };
}

function startPicture(echarts, host) {
  const canvas = make("div.canvas");
  host.append(canvas);
  const found = echarts.init(canvas, null, { renderer: "canvas", locale: document.documentElement.lang === "en" ? "EN" : "ZH" });
  new ResizeObserver(() => found.resize()).observe(canvas);
  return found;
}

/** Make a select with a label that eyes see. */
export function choice(label, options, value, changed) {
  const select = make("select", {}, ...options.map(([key, text]) => make("option", { value: key, text, selected: key === value })));
  select.addEventListener("change", () => changed(select.value));
  return make("label.choice-of", {}, make("span", { text: label }), select);
}

/** Make the legend of the five steps. */
export function stepsLegend(words) {
  const steps = words.map((text, at) => make("li", {}, make("span.step-mark", { "aria-hidden": "true", data: { step: String(at + 1) } }), text));
  return make("ul.legend", {}, ...steps, make("li", {}, make("span.step-mark", { "aria-hidden": "true", data: { step: "few" } }), gettext("hatched: fewer than 20 cases")));
}
