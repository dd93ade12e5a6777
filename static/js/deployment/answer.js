/**
 * The answer of a trial: whether it can be trusted, every measure of both fleets with the interval of the difference.
 */

import { el, shape } from "../console/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { bar, changeLine, measureWord, stateWord, valueWord, verdict, verdictWord, wayWord } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 200;
const HEIGHT = 24;
const MARKS = { better: ["normal", "circle"], worse: ["serious", "triangle"], other: ["standby", "square"], none: ["off", "bar"], unknown: ["off", "ring"] };

/** Return the nodes that show a trial. */
export function showTrial(trial, { onCancel }) {
  const files = trial.answer ? ["csv", "xlsx"].map((form) => el("a.manage-verb", { href: `/api/deployment/trials/${trial.id}/?as=${form}`, text: form.toUpperCase(), download: true })) : [];
  const stop = trial.open && onCancel ? [el("button.manage-verb", { type: "button", text: gettext("Cancel this trial"), on: { click: onCancel } })] : [];
  return [
    el("div.deployment-head", {}, el("h2", { text: trial.name }), el("p", { text: stateWord(trial) }), ...files, ...stop),
    el("p.deployment-note", { text: fill(gettext("The changed fleet is sent %(way)s."), { way: wayWord(trial.way) }) }),
    trial.changes.length ? el("ol.deployment-said", {}, ...trial.changes.map((change) => el("li", { text: changeLine(change) }))) : el("p.deployment-note", { text: trial.way === "road" ? gettext("Nothing is changed: both must be the same.") : gettext("Nothing is changed but how units are sent.") }),
    ...(trial.answer ? answered(trial.answer) : []),
  ];
}

function answered(answer) {
  return [
    calibrated(answer.calibration),
    ...(answer.roads ? [] : [warned(gettext("No road network is loaded: every time is by straight line, and coverage is not known."))]),
    ...(answer.insufficient ? [warned(fill(gettext("Too little for a figure: %(n)s incidents in %(days)s days, at least %(least_n)s in %(least_days)s days are wanted. The interval would be so wide that it says nothing."), answer))] : [table(answer)]),
    el("p.deployment-note", { text: fill(gettext("%(n)s incidents, %(orders)s orders, %(before)s units as it was, %(after)s changed. The interval is the middle 95 % (of differences when whole days are drawn again, %(resamples)s times, the same ones for both fleets). Not played: refusals, diversions from orders under way, closures of the time."), { ...answer, before: answer.units[0], after: answer.units[1] }) }),
  ];
}

/** Say how well the replay of the fleet as it was agrees with the record; what does not agree stands out. */
function calibrated(found) {
  if (!found.n) return warned(gettext("No arrival of the period was recorded: nobody knows whether the replay agrees with what happened."));
  const values = { n: found.n, played: valueWord(found.played_within_5, "share"), recorded: valueWord(found.recorded_within_5, "share"), may: valueWord(found.may_differ, "share", { difference: true }).replace("+", ""), median: valueWord(found.played_median_s, "s"), truth: valueWord(found.recorded_median_s, "s") };
  const words = fill(gettext("Replay against record, %(n)s incidents: within 5 min %(played)s played, %(recorded)s recorded; median %(median)s and %(truth)s."), values);
  if (found.agrees) return el("p.deployment-told", { data: { agrees: "yes" } }, mark("normal", "circle"), el("span", { text: words }));
  return warned(`${words} ${fill(gettext("They differ by more than %(may)s: the replay is not this city as it was. Read the differences with that doubt."), values)}`);
}

function warned(words) {
  return el("p.deployment-told.is-warning", { data: { agrees: "no" } }, mark("caution", "triangle"), el("span", { text: words }));
}

function mark(level, name) {
  return el(`span.level-${level}`, {}, shape(name));
}

function table(answer) {
  const head = [pgettext("trial", "Measure"), gettext("As it was"), pgettext("trial", "Changed"), gettext("Difference"), gettext("95 % interval"), gettext("Interval, zero in the middle"), gettext("What it shows")];
  return el("table.grid.deployment-answer", {},
    el("caption.unseen", { text: gettext("Both fleets and their difference") }),
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, ...answer.measures.map((line) => row(line))),
  );
}

function row(line) {
  const found = verdict(line);
  const [level, name] = MARKS[found];
  const between = line.interval ? line.interval.map((value) => valueWord(value, line.unit, { difference: true })).join(" … ") : "—";
  return el("tr", { data: { measure: line.key, verdict: found } },
    el("th", { scope: "row", text: measureWord(line.key) }),
    el("td.digits", { text: valueWord(line.baseline, line.unit) }),
    el("td.digits", { text: valueWord(line.changed, line.unit) }),
    el("td.digits", { text: valueWord(line.difference, line.unit, { difference: true }) }),
    el("td.digits", { text: between }),
    el("td", {}, picture(line, level)),
    el("td", {}, el(`span.mark.level-${level}`, {}, shape(name), el("span.deployment-verdict", { text: verdictWord(found) }))),
  );
}

/** Draw the interval: a line for zero, a bar from end to end, a stroke at the difference. The table says the same. */
function picture(line, level) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, "aria-hidden": "true", class: `deployment-bar level-${level}` })) svg.setAttribute(name, String(value));
  const at = bar(line, WIDTH);
  if (!at) return svg;
  svg.append(
    part("line", { class: "zero", x1: at.zero, x2: at.zero, y1: 0, y2: HEIGHT }),
    part("rect", { class: "between", x: at.low, y: 8, width: Math.max(1, at.high - at.low), height: 8 }),
    part("line", { class: "middle", x1: at.at, x2: at.at, y1: 4, y2: 20 }),
  );
  return svg;
}

function part(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
