/**
 * How a figure is said: value with its unit, change against another period, distance to its target, its name. Pure.
 */

import { counter } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { clockWord, duration, percent, SMALL_SAMPLE } from "./figures.js";

/** Figures that exist by button, by position and published. */
const BY_SOURCE = ["K5", "K7", "K8", "K9"];

/** Say whole numbers in groups of three: 12 345. */
export function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/** Say a value in its unit: a share as percentage, seconds as `m:ss`; `–` for nothing to count. */
export function valueOf(unit, value) {
  if (value === null || value === undefined) return "–";
  if (unit === "share") return `${percent(value)}%`;
  if (unit === "s") return value < 3600 ? duration(value) : counter(value);
  return unit === "yuan" ? `¥${grouped(Math.round(value))}` : grouped(Math.round(value));
}

/** Say the value of a figure. */
export function valueWord(figure) {
  // Buckets add up to a hundred, as the official bulletin rounds them.
  if (figure?.measure === "bucket" && figure.value !== null) return `${(100 * figure.value).toFixed(1)}%`;
  return figure?.no_data ? gettext("no data") : valueOf(figure?.unit, figure?.value);
}

/** Say how a figure changed against the other period: points of a share, seconds, a number; "" without a change. */
export function changeWord(figure) {
  const change = figure?.change;
  if (change === null || change === undefined) return "";
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  const size = Math.abs(change);
  if (figure.unit === "share") return `${sign}${(Math.round(size * 1000) / 10).toFixed(1)} ${gettext("points")}`;
  return `${sign}${valueOf(figure.unit, size)}`;
}

/** Tell whether a figure has too few cases to be read as a rate or percentile of its own. */
export function isSmall(figure) {
  return Boolean(figure) && ["share", "s"].includes(figure.unit) && figure.n < SMALL_SAMPLE;
}

/** Say a measure. */
export function measureWord(measure) {
  const percentile = /^p(\d\d)$/.exec(measure);
  if (percentile) return `P${percentile[1]}`;
  const gap = /^(order|accept|arrive|close)_p(\d\d)$/.exec(measure);
  if (gap) return `${gapWord(gap[1])} P${gap[2]}`;
  if (measure.startsWith("kind_")) return measure.slice(5);
  return words()[measure] ?? measure;
}

/** Say a step of the funnel: the gap before it. */
export function gapWord(step) {
  switch (step) {
    case "order": return pgettext("funnel", "to the order");
    case "accept": return pgettext("funnel", "to acceptance");
    case "arrive": return pgettext("funnel", "to arrival");
    default: return pgettext("funnel", "to closing");
  }
}

function words() {
  return {
    rate: "", within: pgettext("measure", "within 10 s"), unverified: gettext("place not verified"),
    by_position: gettext("from a position"), arrival_p50: gettext("arrival, median difference"),
    arrival_over_60: gettext("arrival, over 60 s apart"), departure_p50: gettext("departure, median difference"),
    departure_over_60: gettext("departure, over 60 s apart"), with_position: gettext("with a position time"),
    satisfied: gettext("satisfied of replied"), fully_satisfied: gettext("fully satisfied of replied"),
    replied: gettext("replied of asked"), suspects: gettext("suspects caught"), vehicles: gettext("vehicles recovered"),
    cleared: gettext("cases cleared along"), within_90_min: gettext("within 1.5 h"), within_24_h: gettext("within 24 h"),
    recovered_of_loss: gettext("recovered of lost yuan"), loss_yuan: gettext("lost yuan"), recovered_yuan: gettext("recovered yuan"),
    returned_of_recovered: gettext("returned of recovered things"), lock_p50: gettext("to the locked position, median"),
    arrest_p50: gettext("lock to arrest, median"), without: gettext("without a result"), refused: gettext("refused orders"),
    late_reported: gettext("late arrivals reported before the limit"), caller_told: gettext("of these, caller told"),
    valid: gettext("valid calls"), duplicate: gettext("duplicate calls"), invalid: gettext("invalid calls"),
    undecided: gettext("calls without a decision"), returned: gettext("transfers returned"), incidents: gettext("incidents"),
    orders: gettext("orders"), calls: gettext("calls"), covered: gettext("demand reached in 5 min"), open: gettext("past a deadline"),
    by_crew: gettext("by the crew's button"), by_radio: gettext("by radio"), implied: gettext("implied by a later step"),
    afterwards: gettext("entered afterwards"), device_p50: gettext("device clock, median difference"),
    device_over_60: gettext("device clock, over 60 s apart"), corrected: gettext("reports corrected"),
    same_type: gettext("type verified as reported"),
  };
}

/** Say a clock of any figure; figures without one say nothing. */
export function clockOf(clock) {
  switch (clock) {
    case "finish": return gettext("from the end of the work");
    case "sent": return gettext("from the sending");
    case "handling": return gettext("about the officers");
    case "taking": return gettext("about the call-taker");
    case "none": return "";
    default: return clockWord(clock);
  }
}

/** Say where a figure's moments come from. */
export function sourceOf(source) {
  switch (source) {
    case "button": return gettext("by button");
    case "position": return gettext("by position");
    case "published": return gettext("published");
    default: return "";
  }
}

/**
 * Name a figure: key, name, measure, clock.
 * @param {object} figure
 * @param {Object<string, {name: string}>} definitions by key and clock
 */
export function nameOf(figure, definitions) {
  const name = definitions?.[figure.definition]?.name ?? figure.key;
  const code = /^K\d+$/.test(figure.key) ? `${figure.key} ` : "";
  return `${code}${name}`;
}

/** Say measure, clock and source of a figure in one line; a bucket brings its own word. */
export function basisOf(figure) {
  const source = BY_SOURCE.includes(figure.key) ? sourceOf(figure.source) : "";
  return [figure.label ?? measureWord(figure.measure), clockOf(figure.clock), source].filter(Boolean).join(" · ");
}

/** Say n and what is not decided yet. */
export function caseWord(figure) {
  const parts = [fill(gettext("n=%(n)s"), { n: grouped(figure.n) })];
  if (figure.open) parts.push(fill(gettext("open %(count)s"), { count: figure.open }));
  return parts.join(" · ");
}
