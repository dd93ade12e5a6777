/**
 * The tables of the bulletin.
 */

import { fill, gettext } from "../words.js";
import { bucketWords } from "./bucket_charts.js";
import { make } from "./dom.js";
import { figuresOfBuckets } from "./bucket_figures.js";
import { percent } from "./figures.js";
import { liveFigure } from "./figure_table.js";
import { basisOf, changeWord, nameOf, valueOf, valueWord } from "./numbers.js";
import { figuresOf } from "./pairs.js";

/**
 * Say the week in one sentence, always with both clocks.
 * @param {object[]} figures
 */
export function headline(figures) {
  const find = (key, clock) => figures.find((one) => one.key === key && one.clock === clock && one.measure === "rate");
  const share = (key, clock) => `${percent(find(key, clock)?.value)}%`;
  return fill(gettext("On scene within 5 minutes: %(a5)s from the answer, %(b5)s from the order (target 80%); within 10 minutes: %(a10)s and %(b10)s (target 100%); n=%(n)s incidents."),
    { a5: share("K7", "A"), b5: share("K7", "B"), a10: share("K8", "A"), b10: share("K8", "B"), n: find("K7", "A")?.n ?? 0 });
}

/** Choose the buckets of a key and clock. */
export function bucketsOf(buckets, key, clock) {
  return buckets.find((one) => one.key === key && one.clock === clock) ?? null;
}

/**
 * Read a group's buckets as cells: share of n with its count, and the last column for "not yet".
 * @param {object|null} row buckets
 * @returns {string[]} shares add up to 100 % but for rounding
 */
export function bucketCells(row) {
  return row ? figuresOfBuckets(row).map(bucketCell) : [];
}

function bucketCell(figure) {
  return figure.value === null ? "–" : `${valueWord(figure)} (${figure.hits})`;
}

/** Make a number that opens what stands behind it; on paper it is a number like any other. */
function opens(text, figure, scope, name, open) {
  const { button, show } = liveFigure(open);
  show(figure, scope, { name });
  button.textContent = text;
  return make("td.digits", {}, button);
}

/** Make the table of one key: a line for each unit, the whole centre on top, the slowest marked by a word. */
export function unitTable(rows, key, clock, of, open) {
  const found = rows.map(({ label, scope, buckets }) => ({ label, scope, row: bucketsOf(buckets, key, clock) })).filter(({ row }) => row);
  if (!found.length) return make("p", { text: gettext("No order in this week.") });
  const slowest = slowestOf(found.slice(1));
  const head = [of, "n", ...bucketWords(found[0].row), gettext("not yet"), gettext("refused"), gettext("withdrawn"), ""];
  return make("table.sheet-table", {},
    make("caption.unseen", { text: key }),
    make("thead", {}, make("tr", {}, ...head.map((text) => (text ? make("th", { text, scope: "col" }) : make("td"))))),
    make("tbody", {}, ...found.map(({ label, scope, row }) => make("tr", {},
      make("th", { text: label, scope: "row" }), make("td.digits", { text: String(row.n) }),
      ...figuresOfBuckets(row).map((figure) => opens(bucketCell(figure), figure, scope, label, open)),
      ...[row.refused, row.withdrawn].map((count) => make("td.digits", { text: String(count ?? 0) })),
      make("td", { text: label === slowest ? `▼ ${gettext("slowest")}` : "" })))));
}

/** Name the unit with the lowest share in the first bucket, of those with 20 orders and more; "" without one. */
export function slowestOf(found) {
  const fair = found.filter(({ row }) => row.n >= 20);
  if (fair.length < 2) return "";
  const share = ({ row }) => row.buckets[0].count / row.n;
  return fair.reduce((one, other) => (share(other) < share(one) ? other : one)).label;
}

/** Make the table of one element: this week, the week before, the year before. */
export function elementTable(element, figures, before, said, { scope, open }) {
  const key = (one) => [one.key, one.clock, one.source, one.measure].join();
  const lastYear = new Map(before.map((one) => [key(one), one]));
  const head = [element.title(), gettext("This week"), "n", gettext("Week before"), gettext("Change"), gettext("Year before"), gettext("Change")];
  return make("table.sheet-table.elements", {},
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })))),
    make("tbody", {}, ...figuresOf(element, figures).map((one) => {
      const past = lastYear.get(key(one));
      const cells = [String(one.n), ago(one), changeWord(one) || "–", ago(past), changeWord(past) || "–"];
      const name = [nameOf(one, said), basisOf(one)].filter(Boolean).join(" · ");
      return make("tr", {}, make("th", { scope: "row", text: name }), opens(valueWord(one), one, scope, element.title(), open), ...cells.map((text) => make("td.digits", { text })));
    })));
}

function ago(figure) {
  return figure?.before ? valueOf(figure.unit, figure.before.value) : "–";
}

/** Offer the same numbers as files. */
export function filesOf(address) {
  return ["csv", "xlsx"].map((form) => make("a.tool", { href: `${address}&as=${form}`, download: true, text: form.toUpperCase() }));
}
