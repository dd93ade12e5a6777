/**
 * The lists: open incidents by time left, misses with their reasons, emergencies.
 */

import { alertWord, deadlineWord, fill, gettext, ngettext, pgettext, stageWord } from "../words.js";
import { counter, formatDate, formatMoment, formatTime, since } from "../clock.js";
import { clockMark } from "./board.js";
import { keep, make, shape, write } from "./dom.js";
import { duration } from "./figures.js";
import { superviseButton } from "./supervise.js";

const PRIORITY_SHAPES = { 1: "triangle", 2: "diamond", 3: "square", 4: "ring" };

/** Make the mark of a priority: shape, number and colour. */
function priorityMark(priority) {
  return make(`span.priority.priority-${priority}`, { title: fill(gettext("priority %(priority)s"), { priority }) },
    make("span.shape", { "aria-hidden": "true", data: { shape: PRIORITY_SHAPES[priority] ?? "ring" } }),
    make("span", { text: `P${priority}` }));
}

/** Say what an incident is: type, then place. */
function incidentWords(incident, codes) {
  return codes.word("incident_type", incident.type_reported) || gettext("type not yet known");
}

/**
 * Show the open incidents.
 * @param {object} groups from `openIncidents()`
 * @param {object} codes from `makeCodes()`
 * @param {number} now server time in milliseconds
 * @param {boolean} known whether there is a picture at all: zeros without one would look like a quiet night
 */
export function showOpen(groups, codes, now, known) {
  const rows = [...groups.waiting, ...groups.reached];
  keep(document.querySelector("#open-list tbody"), rows, (row) => String(row.incident.id), openRow,
    (node, row) => updateOpen(node, row, codes, now));
  write(document.getElementById("open-facts"), known ? openFacts(groups) : "");
}

function openFacts(groups) {
  const facts = [
    fill(gettext("nobody there %(count)s"), { count: groups.waiting.length }),
    fill(gettext("on scene %(count)s"), { count: groups.reached.length }),
    fill(gettext("to be reported or reviewed %(count)s"), { count: groups.finished }),
    fill(gettext("without arrival limit %(count)s"), { count: groups.unclocked.length }),
  ];
  if (groups.drills) facts.push(fill(gettext("of all these drills %(count)s"), { count: groups.drills }));
  return facts.join(" · ");
}

function openRow() {
  const cell = (name) => make("td", { data: { cell: name } });
  return make("tr", {}, ...["left", "what", "stage", "units", "a", "b"].map(cell));
}

function updateOpen(node, row, codes, now) {
  const { incident } = row;
  const cells = Object.fromEntries([...node.children].map((cell) => [cell.dataset.cell, cell]));
  const urgent = row.clocks.a.left !== null && row.clocks.a.left === row.left ? row.clocks.a : row.clocks.b;
  const reached = Boolean(incident.first_on_scene_at);
  node.dataset.level = reached ? "reached" : clockMark(urgent).level;
  const version = `${incident.version}.${row.units.join()}`;
  if (node.dataset.version !== version) {
    node.dataset.version = version;
    cells.what.replaceChildren(whatOf(incident, codes));
    write(cells.units, row.units.join(" ") || (reached ? "–" : gettext("no unit")));
  }
  cells.left.replaceChildren(...leftOf(row, urgent, reached));
  cells.stage.replaceChildren(...stageOf(row));
  cells.a.replaceChildren(...clockCell(row.clocks.a, "A"));
  cells.b.replaceChildren(...clockCell(row.clocks.b, "B"));
}

function whatOf(incident, codes) {
  return make("div.what", {},
    make("p.what-type", {}, priorityMark(incident.priority), " ", make("b", { text: incidentWords(incident, codes) }),
      incident.drill ? make("span.tag", { text: gettext("drill") }) : null),
    make("p.what-place", { text: incident.address_text || gettext("place not yet known") }));
}

function leftOf(row, urgent, reached) {
  if (reached) return [make("span.soft", { text: gettext("on scene") })];
  if (row.left === Infinity) return [make("span.soft", { text: "–" })];
  const over = row.left < 0;
  const text = counter(Math.abs(row.left));
  const values = { clock: urgent.name, count: urgent.limit / 60 };
  const words = fill(over ? gettext("%(clock)s over %(count)s min") : gettext("%(clock)s to %(count)s min"), values);
  return [make("span.left", {}, shape(clockMark(urgent)), make("span.timer", { text: over ? `+${text}` : text })),
    make("span.left-words", { text: words })];
}

function stageOf(row) {
  const stage = make("p", { text: stageWord(row.incident.stage) });
  if (!row.step) return [stage];
  const late = row.step.left < 0;
  const values = { step: deadlineWord(row.step.kind), time: counter(Math.abs(row.step.left)) };
  const text = late ? fill(gettext("%(step)s late by %(time)s"), values) : fill(gettext("%(step)s within %(time)s"), values);
  return [stage, make(late ? "p.step.level-serious" : "p.step", { text })];
}

function clockCell(clock, name) {
  const label = make("span.clock-name", { text: name });
  if (clock.elapsed === null) return [label, make("span.soft", { text: gettext("no order yet") })];
  return [label, shape(clockMark(clock)), " ", make("span.digits", { text: counter(clock.elapsed) })];
}

/**
 * Show the misses of an answer.
 * @param {object|null} answer answer of `/api/statistics/misses/`
 * @param {"K8"|"all"} limit
 * @returns {number} how many rows are shown
 */
export function showMisses(answer, limit, codes, now) {
  const rows = (answer?.misses ?? []).filter((row) => limit === "all" || row.missed.some((one) => one.startsWith("K8")));
  keep(document.getElementById("miss-list"), rows, (row) => String(row.incident), () => make("li.miss"),
    (node, row) => updateMiss(node, row, codes, now));
  write(document.getElementById("miss-facts"), missFacts(answer, rows));
  return rows.length;
}

function missFacts(answer, rows) {
  if (!answer) return "";
  const open = rows.filter((row) => !row.reasons.length).length;
  const facts = [
    fill(gettext("missed %(count)s"), { count: rows.length }),
    fill(gettext("no reason yet %(count)s"), { count: open }),
  ];
  if (answer.hidden) facts.push(fill(gettext("not visible to you %(count)s"), { count: answer.hidden }));
  if (answer.count > answer.misses.length + answer.hidden) {
    facts.push(fill(gettext("list cut at %(count)s"), { count: answer.misses.length }));
  }
  return facts.join(" · ");
}

function updateMiss(node, row, codes, now) {
  const fresh = `${formatDate(now)} ${JSON.stringify(row)}`;
  if (node.dataset.row === fresh) return;
  node.dataset.row = fresh;
  node.dataset.reason = row.reasons.length ? "given" : "none";
  node.replaceChildren(superviseButton(row), missHead(row, codes, now), missTimes(row), missReason(row, codes), missGaps(row));
}

function missHead(row, codes, now) {
  return make("p.miss-head", {}, priorityMark(row.priority), " ", make("b", { text: incidentWords(row, codes) }),
    " ", make("span.miss-place", { text: row.address_text }),
    " ", make("time.digits.soft", { text: formatMoment(row.answered_at, now) }));
}

function missTimes(row) {
  return make("p.miss-times", {}, missClock(row, "A"), missClock(row, "B"), make("span.soft", { text: missEnd(row) }));
}

function missClock(row, clock) {
  const seconds = row.elapsed[clock];
  const text = seconds === null ? gettext("no order yet") : duration(seconds);
  return make("span.miss-clock", {}, make("span.clock-name", { text: clock }), shape(missMark(row, clock)), " ",
    make("span.digits", { text }));
}

function missMark(row, clock) {
  if (row.missed.includes(`K8.${clock}`)) return { level: "critical", shape: "triangle" };
  if (row.missed.includes(`K7.${clock}`)) return { level: "serious", shape: "diamond" };
  if (row.elapsed[clock] === null) return { level: "off", shape: "bar" };
  return row.arrived_at ? { level: "normal", shape: "circle" } : { level: "standby", shape: "ring" };
}

function missEnd(row) {
  if (row.arrived_at) return fill(gettext("arrived %(time)s"), { time: formatTime(row.arrived_at) });
  if (["cancelled", "invalid", "handed_over"].includes(row.stage)) {
    return fill(gettext("%(stage)s after the limit"), { stage: stageWord(row.stage) });
  }
  if (["handled", "reported", "review", "closed", "archived"].includes(row.stage)) {
    return fill(gettext("%(stage)s, nobody arrived"), { stage: stageWord(row.stage) });
  }
  return gettext("nobody there yet");
}

function missReason(row, codes) {
  if (!row.reasons.length) {
    return make("p.miss-reason", {}, shape({ level: "critical", shape: "triangle" }), " ", make("b", { text: gettext("No reason yet") }));
  }
  const sentences = row.reasons.map((one) => reasonWords(one, codes));
  return make("p.miss-reason", { text: sentences.join("; ") });
}

function reasonWords(one, codes) {
  const values = { unit: one.call_sign, reason: codes.word("delay", one.code), text: one.text };
  const said = one.text ? fill(gettext("%(unit)s: %(reason)s, %(text)s"), values) : fill(gettext("%(unit)s: %(reason)s"), values);
  const told = one.caller_told_at ? gettext("caller told") : gettext("caller not told");
  const when = one.in_time ? gettext("reported in time") : gettext("reported late");
  return `${said} (${when}, ${told})`;
}

/** Show where the time went: the steps add up to the time on clock A. */
function missGaps(row) {
  const bar = make("span.gaps", { "aria-hidden": "true" });
  for (const gap of row.gaps) {
    const part = make("span", { data: { step: gap.step } });
    part.style.flexGrow = String(Math.max(1, gap.seconds));
    bar.append(part);
  }
  const words = row.gaps.map((gap) => fill(gettext("%(step)s %(time)s"), { step: gapWord(gap.step), time: duration(gap.seconds) }));
  return make("p.miss-gaps", {}, bar, make("span.digits.soft", { text: words.join(" · ") }));
}

function gapWord(step) {
  switch (step) {
    case "order": return pgettext("gap", "order");
    case "reorder": return pgettext("gap", "new order");
    case "accept": return pgettext("gap", "acceptance");
    case "depart": return pgettext("gap", "departure");
    default: return pgettext("gap", "drive");
  }
}

/** Show the emergencies that nobody has acknowledged; they stand above everything. */
export function showAlarms(alerts, store, now) {
  const critical = alerts.list.filter((alert) => alert.severity === "critical");
  document.getElementById("alarms").hidden = critical.length === 0;
  keep(document.getElementById("alarm-list"), critical, (alert) => String(alert.id), () => make("li", {},
    shape({ level: "critical", shape: "triangle" }), make("b"), make("span.timer", { "aria-hidden": "true" })),
  (node, alert) => {
    write(node.children[1], alarmWords(alert, store));
    write(node.children[2], counter(since(alert.raised_at, now)));
  });
}

function alarmWords(alert, store) {
  const unit = store.row("unit", alert.unit);
  const incident = store.row("incident", alert.incident);
  const parts = [alertWord(alert.kind), unit?.call_sign, incident?.address_text, formatTime(alert.raised_at)];
  return parts.filter(Boolean).join(" ");
}

/**
 * Say how many rows lie below the lower edge of a list, so that nothing is hidden uncounted.
 * @param {HTMLElement} scroll the scrolling box
 * @param {Element} list its list
 * @param {HTMLElement} line where it is said
 */
export function countBelow(scroll, list, line) {
  const edge = scroll.getBoundingClientRect().bottom + 2;
  const below = [...list.children].filter((node) => node.getBoundingClientRect().bottom > edge).length;
  line.hidden = below === 0;
  if (below) write(line, fill(ngettext("%(count)s more below", "%(count)s more below", below), { count: below }));
}
