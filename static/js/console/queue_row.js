/**
 * One row of the queue: what, where, who is going, and the clocks.
 */

import { clocks, counter, since } from "../clock.js";
import { deadlineWord, fill, gettext, modeWord, pgettext, stageWord } from "../words.js";
import { clockMark, handshake, lastEventAt, pressing, shortNumber, shownAssignments } from "./board.js";
import { el, setAttr, setText, shape, show } from "./dom.js";
import { outlookWords } from "./outlook.js";

const SHOWN_UNITS = 3;

/** Make the empty row of an incident. */
export function makeRow(id) {
  const part = {
    edge: el("span.row-edge", { "aria-hidden": "true" }),
    level: el("span.row-level"),
    number: el("span.row-number.code"),
    place: el("span.row-place"),
    flags: el("span.row-flags"),
    kind: el("span.row-kind"),
    owner: el("span.row-owner"),
    outlook: el("span.row-outlook"),
    units: el("span.row-units"),
    limit: el("span.row-limit"),
    stage: el("span.row-stage"),
    since: el("span.row-since.timer"),
    a: clockCell("A"),
    b: clockCell("B"),
  };
  const node = el(
    "li.row",
    { id: `row-${id}`, role: "option", tabindex: "-1", "aria-selected": "false", data: { id } },
    part.edge,
    el("span.row-head", {}, part.level, part.number),
    el("span.row-what", {}, part.place, el("span.row-line.soft", {}, part.flags, part.kind, part.owner), part.outlook),
    el("span.row-who", {}, part.units, part.limit),
    el("span.row-when", {}, part.since, part.stage),
    part.a.cell,
    part.b.cell,
  );
  return { node, part };
}

/** Write what is foreseen: who is there when, and the chance of being in time. */
export function paintOutlook({ part }, one) {
  const says = outlookWords(one);
  part.outlook.className = `row-outlook level-${says?.level ?? "off"}`;
  setText(part.outlook, says?.text ?? "");
}

function clockCell(name) {
  const mark = shape("bar");
  const time = el("span.timer");
  const says = el("span.clock-says");
  const cell = el(`span.row-clock.clock-${name.toLowerCase()}`, {}, el("span.clock-line", {}, mark, time), says);
  return { cell, mark, time, says, name };
}

/** Write what is known of the incident into its row. */
export function paintRow({ node, part }, incident, { assignments, notes, deadlines }, desk) {
  node.dataset.priority = incident.priority;
  part.level.className = `row-level priority-${incident.priority}`;
  setText(part.level, priorityName(desk.codes, incident.priority));
  setText(part.number, `#${shortNumber(incident.incident_no)}`);
  setText(part.place, incident.address_text || gettext("place unknown"));
  setAttr(part.place, "data-missing", !incident.address_text);
  setText(part.kind, desk.codes.word("incident_type", incident.type_reported) || gettext("type open"));
  setText(part.owner, incident.jurisdiction_name || "");
  paintFlags(part.flags, incident, desk.store.ofIncident("directive", incident.id).filter((row) => row.open));
  paintUnits(part.units, incident, assignments, desk);
  paintTimes({ part }, incident, { assignments, notes, deadlines }, desk.now());
}

/** Name a priority in short: the two Hanzi are shorter than any English word. */
export function priorityName(codes, priority) {
  return codes.language.startsWith("zh") ? codes.word("priority", String(priority)) : `P${priority}`;
}

function paintFlags(box, incident, directives) {
  const flags = [];
  if (incident.point && incident.point_status !== "verified") flags.push(["caution", gettext("unverified")]);
  if (incident.weapon === "yes") flags.push(["critical", gettext("weapon")]);
  if (incident.hazmat === "yes") flags.push(["critical", gettext("hazmat")]);
  if (incident.explosion_leak === "yes") flags.push(["critical", gettext("leak")]);
  if (incident.silent) flags.push(["serious", pgettext("console", "silent")]);
  if (incident.mode !== "routine") flags.push(["standby", modeWord(incident.mode)]);
  if (incident.quiet) flags.push(["standby", gettext("silent phones")]);
  if (directives.length) flags.push([directives.some((row) => row.state === "issued") ? "caution" : "standby", fill(gettext("directives %(count)s"), { count: directives.length })]);
  if (incident.drill) flags.push(["off", pgettext("console", "drill")]);
  const wanted = flags.map(([level, text]) => `${level}:${text}`).join("|");
  if (box.dataset.wanted === wanted) return;
  box.dataset.wanted = wanted;
  box.replaceChildren(...flags.map(([level, text]) => el(`span.flag.level-${level}`, { text })));
}

function paintUnits(box, incident, assignments, desk) {
  const shown = shownAssignments(assignments);
  const now = desk.now();
  const marks = shown.slice(0, SHOWN_UNITS).map((row) => ({ row, mark: handshake(row, now) }));
  const wanted = marks.map(({ row, mark }) => `${row.call_sign}.${mark.state}`).join("|") + shown.length;
  if (box.dataset.wanted === wanted) return;
  box.dataset.wanted = wanted;
  const chips = marks.map(({ row, mark }) =>
    el(
      `span.hand.level-${mark.level}`,
      {
        data: { state: mark.state, assignment: row.id },
        title: handTitle(row, mark.state),
      },
      shape(mark.shape),
      el("span.code", { text: row.call_sign }),
      el("span.unseen", { text: handWord(mark.state) }),
    ),
  );
  if (shown.length > SHOWN_UNITS) chips.push(el("span.soft", { text: `+${shown.length - SHOWN_UNITS}` }));
  if (!shown.length && ["new", "pending"].includes(incident.stage))
    chips.push(el("span.soft", { text: gettext("nobody yet") }));
  box.replaceChildren(...chips);
}

/** Say the state of a hand-shake. */
export function handWord(state) {
  switch (state) {
    case "undelivered":
      return gettext("not delivered");
    case "dispatched":
      return pgettext("assignment", "sent");
    case "delivered":
      return pgettext("assignment", "delivered");
    case "accepted":
      return pgettext("assignment", "accepted");
    case "en_route":
      return pgettext("assignment", "en route");
    case "on_scene":
      return pgettext("assignment", "on scene");
    case "refused":
      return pgettext("assignment", "refused");
    case "withdrawn":
      return pgettext("assignment", "withdrawn");
    default:
      return pgettext("assignment", "finished");
  }
}

function handTitle(row, state) {
  return `${row.call_sign} ${handWord(state)}`;
}

/** Write the counters of a row; called every second. */
export function paintTimes({ part }, incident, { assignments, notes, deadlines }, now) {
  setText(part.since, counter(since(lastEventAt(incident, assignments, notes), now)));
  setText(part.stage, stageWord(incident.stage));
  paintLimit(part.limit, pressing(deadlines, now));
  const reading = clocks(incident, now);
  paintClock(part.a, reading.a);
  paintClock(part.b, reading.b);
}

function paintLimit(node, limit) {
  show(node, limit !== null);
  if (!limit) return;
  const passed = limit.left <= 0;
  node.className = `row-limit level-${passed ? "serious" : limit.state === "near" ? "caution" : "off"}`;
  const text = passed ? gettext("%(what)s +%(time)s") : gettext("%(what)s %(time)s");
  setText(node, fill(text, { what: deadlineWord(limit.kind), time: counter(Math.abs(limit.left)) }));
}

/** Write an arrival clock into its cell: shape, figure and words. */
export function paintClock({ cell, mark, time, says, name }, reading) {
  const { shape: form, level } = clockMark(reading.state);
  if (cell.dataset.state !== reading.state) {
    cell.dataset.state = reading.state;
    cell.className = cell.className.replace(/ level-\w+/, "") + ` level-${level}`;
    mark.dataset.shape = form;
  }
  setText(time, clockFigure(reading));
  setText(says, clockWords(reading, name));
}

function clockFigure(reading) {
  switch (reading.state) {
    case "waiting":
      return "–:––";
    case "void":
      return "—";
    case "missed10":
      return `+${counter(-reading.left)}`;
    case "met5":
    case "met10":
    case "late":
      return counter(reading.elapsed);
    default:
      return counter(reading.left);
  }
}

function clockWords(reading, name) {
  switch (reading.state) {
    case "waiting":
      return fill(gettext("%(clock)s not sent"), { clock: name });
    case "void":
      return fill(gettext("%(clock)s none"), { clock: name });
    case "missed5":
      return fill(gettext("%(clock)s to 10, over 5"), { clock: name });
    case "missed10":
      return fill(gettext("%(clock)s over 10 min"), { clock: name });
    case "met5":
      return fill(gettext("%(clock)s there ≤ 5"), { clock: name });
    case "met10":
      return fill(gettext("%(clock)s there ≤ 10"), { clock: name });
    case "late":
      return fill(gettext("%(clock)s there > 10"), { clock: name });
    default:
      return fill(gettext("%(clock)s to 5 min"), { clock: name });
  }
}
