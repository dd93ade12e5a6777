/**
 * The command line at the foot of every window: F1 or `;` from anywhere, the meaning is shown before
 * Enter, Esc or Enter gives the focus back to where it was.
 */

import { VERBS, parse, print } from "../command_line.js";
import { fill, gettext } from "../words.js";
import { shortNumber } from "./board.js";
import { el, setAttr, setText, show } from "./dom.js";
import { echo } from "./echo.js";
import { makeChips } from "./form_fields.js";
import { isComposing } from "./keys.js";
import { bind } from "./meaning.js";
import { run } from "./run_command.js";

const TOLD_FOR_MS = 12000;
const HISTORY = 50;
const MOST_HINTS = 60;
const FREE = ["available", "on_task"];

/** Bring the command line to life; `box` holds its elements. */
export function makeCommandBar(box, desk) {
  const input = box.querySelector("input");
  const meaning = box.querySelector("[data-part=meaning]");
  const told = box.querySelector("[data-part=told]");
  const hints = box.querySelector("[data-part=hints]");
  const found = box.querySelector("[data-part=found]");
  const history = [];
  let back = null;
  let place = 0;
  let turn = Promise.resolve();
  let underWay = null;
  let opened = 0;
  let timer = null;

  desk.on("tell", ({ text, level }) => {
    setText(told, text);
    told.className = `told level-${level}`;
    clearTimeout(timer);
    timer = setTimeout(() => setText(told, ""), TOLD_FOR_MS);
  });
  desk.on("command", (command) => {
    const full = { units: [], incident: null, into: null, code: null, level: null, text: "", ...command };
    open(`${print(full)} `);
  });
  desk.on("candidates", (ranking) => {
    desk.ranking = ranking;
  });
  desk.on("ask-override", askOverride);
  desk.on("find", find);
  desk.on("offer", offer);
  input.addEventListener("focus", () => setAttr(box, "data-open", "yes"));
  input.addEventListener("blur", () => setAttr(box, "data-open", null));
  input.addEventListener("input", paint);
  input.addEventListener("keydown", onKey);
  found.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  });

  /** Open the line with a text; the focus goes back later. */
  function open(text = "") {
    const here = document.activeElement;
    if (here !== input) back = here === document.body ? null : here;
    opened += 1;
    input.value = text;
    input.focus();
    input.setSelectionRange(text.length, text.length);
    paint();
  }

  function leave() {
    input.value = "";
    show(found, false);
    paint();
    if (back?.isConnected) back.focus();
    else input.blur();
    back = null;
  }

  function board() {
    const { store } = desk;
    const assignments = store
      .rows("assignment")
      .map((row) => ({ ...row, incident_row: store.row("incident", row.incident) }));
    return { units: store.rows("unit"), incidents: store.rows("incident"), assignments, selected: desk.selected };
  }

  function read() {
    const command = parse(input.value);
    return command ? bind(command, board()) : null;
  }

  function paint() {
    const bound = read();
    setText(meaning, bound ? echo(bound, desk.codes) : "");
    meaning.className = `meaning level-${!bound ? "off" : bound.problem ? "caution" : "standby"}`;
    setAttr(box, "data-ready", bound && !bound.problem ? "yes" : null);
    paintHints(bound);
  }

  /** Offer what may come next: verbs first, then units and incidents; Tab takes the first. */
  function paintHints(bound) {
    const offers = input.value.trim()
      ? next(bound)
      : Object.values(VERBS).map(({ print: word, names }) => ({
          text: word,
          note: names.find((name) => /^[a-z]{3,}$/.test(name)) ?? "",
        }));
    hints.replaceChildren(
      ...offers
        .slice(0, MOST_HINTS)
        .map((offer) =>
          el("span.hint", {}, el("b", { text: offer.text }), offer.note ? el("span.soft", { text: offer.note }) : null),
        ),
    );
    hints.dataset.first = input.value.trim() && offers.length ? offers[0].text : "";
  }

  function next(bound) {
    if (!bound?.command.verb) return (bound?.problem?.near ?? []).map((text) => ({ text }));
    if (bound.problem?.code === "unit") return bound.problem.near.map((text) => ({ text }));
    const takes = VERBS[bound.command.verb].takes;
    if (takes.includes("units") && bound.problem?.code === "no_units") return offeredUnits(bound);
    if (bound.problem?.code === "no_incident") return offeredIncidents();
    if (bound.problem?.code === "no_code") {
      const table = { RS: "result", DL: "delay" }[bound.problem.word] ?? "cancel";
      return desk.codes.list(table).map((row) => ({ text: row.code, note: desk.codes.word(table, row.code) }));
    }
    return [];
  }

  function offeredUnits({ command, incident }) {
    if (command.verb === "order") {
      const ranked = desk.ranking?.incident === (incident?.id ?? desk.selected) ? desk.ranking.list : [];
      if (ranked.length)
        return ranked.map((one, at) => ({ text: one.call_sign, note: at === 0 ? gettext("recommended") : "" }));
      return desk.store
        .rows("unit")
        .filter((unit) => FREE.includes(unit.status))
        .map((unit) => ({ text: unit.call_sign }));
    }
    const live = desk.store.rows("assignment").filter((row) => row.live);
    return live.map((row) => ({
      text: row.call_sign,
      note: `#${shortNumber(desk.store.row("incident", row.incident)?.incident_no)}`,
    }));
  }

  function offeredIncidents() {
    return desk.store
      .rows("incident")
      .filter((row) => ["new", "pending"].includes(row.stage))
      .map((row) => ({ text: `#${shortNumber(row.incident_no)}`, note: row.address_text }));
  }

  async function onKey(event) {
    if (isComposing(event)) return;
    const arrow = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave();
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      await submit();
    } else if (event.key === "Tab" && !event.shiftKey && hints.dataset.first) {
      event.preventDefault();
      take(hints.dataset.first);
    } else if (arrow && history.length) {
      event.preventDefault();
      place = Math.max(0, Math.min(history.length, place + arrow));
      input.value = place ? history[history.length - place] : "";
      paint();
    }
  }

  function take(text) {
    const keep = input.value.replace(/[^\s,，、#＃]*$/u, (word) =>
      parse(word)?.verb && !parse(word).units.length && word === input.value.trim() ? `${word} ` : "",
    );
    input.value = `${keep.replace(/[#＃]$/u, "")}${keep && !/\s$/.test(keep) ? " " : ""}${text} `;
    paint();
  }

  /** Carry the line out; what is typed meanwhile is a line of its own, and waits its turn. */
  async function submit() {
    const bound = read();
    const line = input.value;
    if (!bound || line === underWay) return;
    if (bound.problem) {
      desk.tell(echo(bound, desk.codes), "caution");
      return;
    }
    history.push(line.trim());
    if (history.length > HISTORY) history.shift();
    place = 0;
    underWay = line;
    const mine = opened;
    const before = document.activeElement;
    turn = turn.then(() => run(bound, desk)).catch(() => false);
    const done = await turn;
    if (underWay === line) underWay = null;
    if (!done || opened !== mine) return;
    // A command that moved the focus (a form was opened) keeps it there.
    if (document.activeElement === before || document.activeElement === document.body) leave();
    else {
      input.value = "";
      paint();
      back = null;
    }
  }

  /** Another unit than the first was named: ask for the reason right here, one key. */
  function askOverride({ bound, first }) {
    const chips = makeChips({
      label: gettext("Why not the first?"),
      options: desk.codes
        .list("override")
        .filter((row) => !row.needs_text || bound.text)
        .map((row) => ({ value: row.code, text: desk.codes.word("override", row.code) })),
      onPick: async (code) => {
        show(found, false);
        const needsText = desk.codes.code("override", code)?.needs_text;
        const override = { override_reason: code, ...(needsText ? { override_text: bound.text } : {}) };
        await desk.sendOrder(
          bound.incident,
          bound.units.map((unit) => ({ unit: unit.id, call_sign: unit.call_sign, ...override })),
          bound.text,
        );
        leave();
      },
    });
    found.replaceChildren(
      el("p.label", { text: fill(gettext("%(unit)s is ranked first. Why another one?"), { unit: first }) }),
      chips.node,
    );
    show(found, true);
    chips.focus();
  }

  /** Offer a few lines above the command line; the number keys choose, Esc goes back. */
  function offer({ says, options, onPick }) {
    const here = document.activeElement;
    if (here !== input && !box.contains(here)) back = here === document.body ? null : here;
    const chips = makeChips({
      label: says,
      options,
      onPick: (value) => {
        show(found, false);
        onPick(value);
        leave();
      },
    });
    found.replaceChildren(el("p.label", { text: says }), chips.node);
    show(found, true);
    chips.focus();
  }

  /** Search the board and the archive; the number keys choose. */
  async function find(text) {
    try {
      const { incidents, count } = await desk.api.get(`/api/incidents/?q=${encodeURIComponent(text)}`);
      const hits = incidents.slice(0, 9);
      const options = hits.map((row) => ({
        value: row.id,
        text: [
          `#${shortNumber(row.incident_no)}`,
          desk.codes.word("incident_type", row.type_reported),
          row.address_text,
        ]
          .filter(Boolean)
          .join(" "),
      }));
      if (!hits.length) return desk.tell(fill(gettext("Nothing found for “%(text)s”."), { text }), "caution");
      const says = fill(gettext("%(count)s found"), { count });
      return offer({ says, options, onPick: (id) => desk.select(Number(id)) });
    } catch (error) {
      return desk.tell(error.message, "serious");
    }
  }

  paint();
  return { open };
}
