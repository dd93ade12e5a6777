/**
 * The units board: a schematic by squad and area, each unit with shape, word and the age of its position.
 */

import { counter, parseTime, since } from "../clock.js";
import { fill, gettext, statusMark, statusWord } from "../words.js";
import { atMostEvery, el, setAttr, setText, shape, show } from "./dom.js";
import { isComposing } from "./keys.js";
import { shortNumber } from "./board.js";

/** A position older than this is doubtful (domain 5). Seconds. */
export const OLD_AFTER = 60;
/** A unit whose position is older than this is never recommended. Seconds. */
export const SILENT_AFTER = 180;

const PAINT_EVERY_MS = 150;
const SEATS = ["UV", "UJ"];
const KINDS = ["UP", "UM", "UF", "UT", "UW", "US", "UD", "UB"];
const STREET = ["UP", "UM", "UF", "UT", "UW"];
const ON_DUTY = ["available", "on_task", "assigned", "en_route", "on_scene", "transporting", "break"];

/** Make the units board in its panel. */
export function makeUnitsBoard(box, desk) {
  const board = el("div.squads");
  const empty = el("p.empty", { text: gettext("The units of all squads appear here.") });
  const summary = el("p.units-summary.digits");
  box.append(summary, board, empty);
  const chips = new Map();
  const squads = new Map();
  const paintSoon = atMostEvery(PAINT_EVERY_MS, paint);
  desk.store.on("snapshot", paintSoon);
  desk.store.on("change", ({ changes }) => {
    if (changes.some((change) => change.collection === "unit")) paintSoon();
  });
  desk.on("tick", tick);
  desk.on("select", tick);
  board.addEventListener("click", (event) => choose(event.target.closest(".unit")));
  board.addEventListener("dblclick", (event) => command(event.target.closest(".unit")));
  board.addEventListener("keydown", onKey);
  board.addEventListener("dragstart", (event) => {
    const unit = unitOf(event.target.closest(".unit"));
    if (unit) event.dataTransfer.setData("application/x-unit", unit.call_sign);
  });

  function paint() {
    const units = desk.store.rows("unit").filter(belongs).sort(byPlace);
    for (const unit of units) {
      if (!chips.has(unit.id)) chips.set(unit.id, makeChip(unit));
      paintChip(chips.get(unit.id), unit);
    }
    layOut(units);
    show(empty, units.length === 0);
    const count = (...statuses) => units.filter((unit) => statuses.includes(unit.status)).length;
    setText(
      summary,
      fill(gettext("free %(free)s · bound %(bound)s · break %(pause)s · off duty %(off)s"), {
        free: count("available", "on_task"),
        bound: count("assigned", "en_route", "on_scene", "transporting"),
        pause: count("break", "out_of_service"),
        off: count("off_duty"),
      }),
    );
    tick();
  }

  function layOut(units) {
    const groups = new Map();
    for (const unit of units) {
      const name = STREET.includes(unit.kind) ? unit.squad_name : desk.codes.word("unit_kind", unit.kind);
      if (!groups.has(name)) groups.set(name, Object.assign([], { street: STREET.includes(unit.kind) }));
      groups.get(name).push(chips.get(unit.id).node);
    }
    const common = commonStart([...groups.keys()].filter((name) => name && groups.get(name).street));
    for (const [name, nodes] of groups) {
      if (!squads.has(name)) {
        const short = nodes.street ? name.slice(common.length) || name : name;
        const list = el("ul.squad-units", { "aria-label": short });
        squads.set(name, { list, node: el("section.squad", {}, el("h3", { text: short, title: name }), list) });
        board.append(squads.get(name).node);
      }
      const { list, node } = squads.get(name);
      node.dataset.size = nodes.length > 4 ? "wide" : "narrow";
      if (nodes.length !== list.children.length || nodes.some((one, at) => one !== list.children[at]))
        list.replaceChildren(...nodes);
    }
  }

  function makeChip(unit) {
    const part = {
      mark: shape("bar"),
      name: el("span.unit-name.code"),
      says: el("span.unit-says"),
      age: el("span.unit-age.digits"),
    };
    const node = el(
      "li.unit",
      { tabindex: "-1", draggable: "true", data: { id: unit.id } },
      el("span.unit-line", {}, part.mark, part.name),
      el("span.unit-line.unit-second", {}, part.says, part.age),
    );
    return { node, part };
  }

  function paintChip({ node, part }, unit) {
    const mark = statusMark(unit.status);
    node.dataset.status = unit.status;
    node.className = `unit level-${mark.level}`;
    part.mark.dataset.shape = mark.shape;
    setText(part.name, unit.call_sign);
    setText(part.says, statusWord(unit.status));
    setAttr(node, "title", titleOf(unit));
    if (!board.querySelector('[tabindex="0"]')) node.tabIndex = 0;
  }

  function titleOf(unit) {
    const crew = unit.shift?.crew?.map((one) => one.name).join(" ") ?? "";
    return [unit.label, statusWord(unit.status), unit.status_reason, unit.shift?.lead_name, crew, unit.radio_id]
      .filter(Boolean)
      .join(" · ");
  }

  /** Write ages and bonds once a second. */
  function tick() {
    const now = desk.now();
    for (const [id, { node, part }] of chips) {
      const unit = desk.store.row("unit", id);
      if (!unit) continue;
      const assignment = unit.assignment ? desk.store.row("assignment", unit.assignment) : null;
      const incident = assignment ? desk.store.row("incident", assignment.incident) : null;
      setText(part.says, incident ? `#${shortNumber(incident.incident_no)}` : statusWord(unit.status));
      paintAge(node, part, unit, now);
      setAttr(node, "data-mine", incident && incident.id === desk.selected ? "yes" : null);
      setAttr(node, "data-emergency", unit.emergency_at ? "yes" : null);
    }
  }

  function paintAge(node, part, unit, now) {
    const position = desk.store.position(unit.id);
    const age = position ? Math.max(0, (now - position[6]) / 1000) : null;
    const duty = ON_DUTY.includes(unit.status);
    setAttr(
      node,
      "data-fix",
      !duty ? null : age === null || age > SILENT_AFTER ? "lost" : age > OLD_AFTER ? "old" : "fresh",
    );
    setText(part.age, !duty ? "" : age === null ? gettext("no fix") : ageWords(age));
    const bound = parseTime(unit.status_at);
    setAttr(
      part.age,
      "title",
      bound === null
        ? null
        : fill(gettext("in this status for %(time)s"), { time: counter(since(unit.status_at, now)) }),
    );
  }

  function unitOf(node) {
    return node ? desk.store.row("unit", Number(node.dataset.id)) : null;
  }

  function choose(node) {
    const unit = unitOf(node);
    const assignment = unit?.assignment ? desk.store.row("assignment", unit.assignment) : null;
    if (assignment) desk.select(assignment.incident);
    if (unit) desk.emit("unit", unit.id);
    node?.focus();
  }

  function command(node) {
    const unit = unitOf(node);
    if (unit) desk.emit("command", { verb: "order", units: [unit.call_sign] });
  }

  function onKey(event) {
    if (isComposing(event)) return;
    const all = [...board.querySelectorAll(".unit")];
    const here = all.indexOf(document.activeElement);
    if (here < 0) return;
    if (event.key === "Enter") {
      command(all[here]);
      event.preventDefault();
      return;
    }
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    all[here].tabIndex = -1;
    const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
    next.tabIndex = 0;
    choose(next);
    event.preventDefault();
  }

  if (desk.store.loaded) paint();
  return { focus: () => (board.querySelector('.unit[tabindex="0"]') ?? board.querySelector(".unit"))?.focus() };
}

/** Seats never go to a scene; a partner team is shown while it is on duty. */
function belongs(unit) {
  return !SEATS.includes(unit.kind) && (unit.dispatchable || unit.status !== "off_duty");
}

/** Street patrols by squad, then stations, drones, partners; cars before motorcycles before foot patrols. */
function byPlace(a, b) {
  const street = (unit) => (STREET.includes(unit.kind) ? (unit.squad ?? 0) : 1e9);
  return (
    street(a) - street(b) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.call_sign.localeCompare(b.call_sign)
  );
}

/** Find what all names begin with: 巡特警一中队 and 巡特警二中队 are told apart by 一中队 and 二中队. */
function commonStart(names) {
  if (names.length < 2) return "";
  let length = 0;
  while (names.every((name) => name.length > length + 1 && name[length] === names[0][length])) length += 1;
  return names[0].slice(0, length);
}

function ageWords(age) {
  return age < 100 ? `${Math.round(age)}s` : counter(age);
}
