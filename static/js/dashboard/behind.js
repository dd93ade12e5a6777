/**
 * Which rows a figure can open, and how they are asked for: its cases, and those that were left out, by code. Pure.
 */

import { fill, gettext, pgettext } from "../words.js";

const CODES_ONLY = /^(K11\.|K14\.(loss|recovered)_|K18\.|times\.by)/;
const TIMES = /^(K1|K13)$|^(K9\.[AB]|K10\.(arrive|depart)|times\.claim|funnel)/;
const OF_THE_MOMENT = ["K19", "K20"];
/** Where those are counted that an order's figure leaves out or has beside it. */
const BESIDE_ORDERS = [["refused", "misses"], ["withdrawn", "open"]];

/** Tell whether a figure is of the present moment and of no period. */
export function ofTheMoment(figure) {
  return OF_THE_MOMENT.includes(figure.key);
}

/**
 * Tell which rows a figure can open.
 * @param {object} figure as the server sends it, or a bucket (`bucket_figures.js`)
 * @param {(code: string) => string} [word] names an exclusion code
 * @returns {[string, string, object][]} key, word, and what is asked for; those of n first
 */
export function partsOf(figure, word = (code) => code) {
  if (!figure.rows || ofTheMoment(figure)) return [];
  return [...ownParts(figure).map(([part, text, more]) => [part, text, { of: figure.rows, part, ...more }]), ...leftOut(figure, word)];
}

function ownParts(figure) {
  if (figure.measure === "bucket") return bucketParts(figure);
  if (CODES_ONLY.test(figure.rows)) return [["all", gettext("all")]];
  if (figure.unit === "s" || TIMES.test(figure.rows)) {
    return [["n", gettext("counted")], ["open", pgettext("rows", "open")], ...(figure.lost ? [["lost", pgettext("rows", "lost")]] : [])];
  }
  if (figure.unit !== "share") return [["all", gettext("all")]];
  return [["n", gettext("counted")], ["hits", gettext("hits")], ["misses", gettext("misses")], ["open", pgettext("rows", "open")]];
}

/** A bucket opens its own orders, those with a time, and those without one; nothing is longer than its upper bound. */
function bucketParts({ bounds }) {
  const all = [["n", gettext("counted")], ["open", pgettext("rows", "not yet")]];
  if (!bounds) return [all[1], all[0]];
  const [over, upTo] = bounds;
  return [["bucket", pgettext("rows", "in this bucket"), { part: "n", over: over || null, up_to: upTo }], ...all];
}

/** Those that stand beside a figure, each code that has any. */
function leftOut(figure, word) {
  const of = baseOf(figure);
  if (!of) return [];
  const found = Object.entries(figure.excluded ?? {}).filter(([, count]) => count)
    .map(([code, count]) => [code, fill(gettext("%(code)s %(name)s: %(count)s"), { code, name: word(code), count }), { of, part: code }]);
  for (const [name, text] of besideWords()) {
    if (figure[name]) found.push([name, `${text}: ${figure[name]}`, { of, part: name }]);
  }
  if (of !== "orders") return found;
  const orders = BESIDE_ORDERS.filter(([name]) => figure[name]).map(([name, part]) => [name, `${orderWord(name)}: ${figure[name]}`, { of, part }]);
  return [...found, ...orders];
}

/** Tell in which measure the excluded of a figure are counted; "" where nothing is left out. */
function baseOf(figure) {
  if (["K7", "K8"].includes(figure.key)) return figure.rows;
  if (figure.key === "K9") return `base.${figure.source}`;
  if (["K2", "K3", "funnel"].includes(figure.key)) return "base.published";
  return ["K4", "K5", "K6"].includes(figure.key) || (figure.key === "K17" && figure.rows === "orders") ? "orders" : "";
}

/** Name what stands beside n and is neither hit nor miss. */
function besideWords() {
  return [
    ["not_started", gettext("no order yet")], ["outside", gettext("Priority 4 without an order")],
    ["no_time", gettext("no time by this source")],
  ];
}

function orderWord(name) {
  return name === "refused" ? gettext("refused") : gettext("withdrawn");
}

/**
 * Say what a figure carries beside n, open and the excluded: lost calls, the three counts of a callback, unknown losses,
 * refused and withdrawn orders.
 * @param {object} figure
 * @returns {string[]}
 */
export function besideOf(figure) {
  const words = [
    ...besideWords().filter(([name]) => name !== "outside"), ["lost", gettext("lost calls")], ["unsuitable", gettext("not suitable for a callback")],
    ["unknown", gettext("losses unknown")], ["refused", gettext("refused")], ["withdrawn", gettext("withdrawn")],
    ["needless", gettext("finished before departure")],
  ];
  const found = words.filter(([name]) => figure[name]).map(([name, text]) => `${text} ${figure[name]}`);
  if (figure.asked === undefined) return found;
  return [fill(gettext("replied %(replied)s of asked %(asked)s"), figure), ...found];
}
