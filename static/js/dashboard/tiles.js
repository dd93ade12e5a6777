/**
 * The tiles on top: four arrival rates, each with its clock, n, target and age, and the chain before arrival.
 */

import { fill, gettext, pgettext } from "../words.js";
import { make, shape, write } from "./dom.js";
import { basis, clockWord, duration, figure, percent, standing, standingMark } from "./figures.js";
import { rateOption, rateTable } from "./rate_charts.js";
import { makeChart } from "./view.js";

const NAMES = { K7: () => gettext("On scene in 5 min"), K8: () => gettext("On scene in 10 min") };

/**
 * Make a tile of one rate.
 * @param {object} echarts
 * @param {HTMLElement} host an element with `data-rate` and `data-clock`
 * @param {() => void} define opens the definition
 */
export function makeTile(echarts, host, define) {
  const { rate: key, clock } = host.dataset;
  const button = make("button.tool", {
    type: "button", "aria-expanded": "false", "aria-controls": "rate-definition", text: gettext("Definition"),
  });
  button.addEventListener("click", define);
  const parts = {
    value: make("span.tile-value.digits"), unit: make("span.tile-unit", { text: "%" }), mark: make("span.tile-mark"),
    basis: make("p.tile-basis.digits"), urgent: make("p.tile-urgent.digits"), chart: make("div.tile-chart"),
    age: make("p.tile-age"),
  };
  host.append(
    make("header.tile-head", {},
      make("h2", {}, NAMES[key](), " ", make("span.code", { text: key })),
      make("span.clock-chip", { text: clockWord(clock), data: { clock } }), button),
    make("div.tile-main", {}, make("p.tile-number", {}, parts.value, parts.unit), parts.mark),
    parts.basis, parts.urgent, parts.chart, parts.age,
  );
  const chart = makeChart(echarts, parts.chart);

  /** Show the figures of an answer; `days` may be missing. */
  function show(today, days, palette) {
    const now = figure(today, key, clock);
    const before = figure(days, key, clock);
    const state = standing(now);
    const mark = standingMark(state);
    write(parts.value, now ? percent(now.value) : "–");
    parts.unit.hidden = !now || now.value === null;
    host.dataset.standing = state;
    parts.mark.replaceChildren(shape(mark), ` ${now ? mark.word : gettext("not read yet")}`);
    write(parts.basis, basis(now).join(" · "));
    write(parts.urgent, urgentWords(figure(today, key, clock, "rate", "p1_p2")));
    const target = (now ?? before)?.target;
    const words = {
      now: gettext("today"), before: gettext("30 days"), width: 56,
      target: target ? fill(gettext("target %(share)s"), { share: `${Math.round(target * 100)}%` }) : "",
    };
    const colour = clock === "A" ? palette.a : palette.b;
    chart.show(rateOption(now, before, palette, colour, words), rateTable(now, before, words), `${key} ${clockWord(clock)}`);
  }

  /** Say where the figure comes from and how old it is. */
  function age(words) {
    write(parts.age, words);
  }

  return { key, clock, button, show, age, redraw: chart.redraw };
}

function urgentWords(one) {
  if (!one?.n) return gettext("P1 and P2: none counted yet");
  return fill(gettext("P1 and P2: %(share)s, n=%(n)s"), { share: `${percent(one.value)}%`, n: one.n });
}

/**
 * Make the tile of the chain: answer, order, arrival, as percentiles with n.
 * @param {HTMLElement} host
 * @param {(keys: string[], button: HTMLElement) => void} define opens the definition of a figure
 */
export function makeChain(host, define) {
  const rows = [
    { key: "K1", clock: "ring", name: pgettext("chain", "answer"), measures: ["p50", "p90"] },
    { key: "K2", clock: "A", name: pgettext("chain", "order"), measures: ["p50", "p90"] },
    { key: "K9", clock: "A", name: pgettext("chain", "arrival"), measures: ["p50", "p90"] },
    { key: "K9", clock: "B", name: pgettext("chain", "arrival"), measures: ["p50", "p90"] },
  ];
  const age = make("p.tile-age");
  const body = make("tbody");
  host.append(
    make("header.tile-head", {}, make("h2", { text: gettext("Times of the chain, today") })),
    make("table.chain-table", {},
      make("thead", {}, make("tr", {}, ...[gettext("Step"), "P50", "P90", "n", gettext("Not decided")].map((text) => make("th", { text, scope: "col" })))),
      body),
    age,
  );
  const cells = rows.map((row) => chainRow(row, define));
  body.append(...cells.map((cell) => cell.node));

  return {
    /** Show the figures of an answer. */
    show(today) {
      rows.forEach((row, index) => showChain(cells[index], row, today));
    },
    /** Say where the figures come from and how old they are. */
    age(words) {
      write(age, words);
    },
    buttons: cells.map((cell) => cell.button),
  };
}

function chainRow(row, define) {
  const button = make("button.chain-name", {
    type: "button", "aria-expanded": "false", "aria-controls": "rate-definition",
  }, make("span", { text: row.name }), " ", make("span.chain-clock", { text: `${row.key} ${clockWord(row.clock)}` }));
  button.addEventListener("click", () => define([`${row.key}.${row.clock}`], button));
  const values = row.measures.map(() => make("td.digits.chain-value"));
  const n = make("td.digits");
  const open = make("td.digits");
  const node = make("tr", {}, make("th", { scope: "row" }, button), ...values, n, open);
  return { node, button, values, n, open };
}

function showChain(cell, row, today) {
  const found = row.measures.map((measure) => figure(today, row.key, row.clock, measure));
  found.forEach((one, index) => write(cell.values[index], duration(one?.value)));
  write(cell.n, String(found[0]?.n ?? "–"));
  const lost = found[0]?.lost;
  write(cell.open, lost ? fill(gettext("%(open)s, lost %(lost)s"), { open: found[0].open, lost }) : String(found[0]?.open ?? "–"));
}
