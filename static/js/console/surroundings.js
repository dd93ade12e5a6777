/**
 * What is known of a place before anybody goes there: premise notes, what happened there, what the number called about
 * (M36, row 22). Shown while the place is typed and on the incident card; hazards first.
 */

import { formatMoment } from "../clock.js";
import { isHazard, premiseText, premiseWord } from "../premise_words.js";
import { fill, gettext, ngettext, pgettext } from "../words.js";
import { button, el, show } from "./dom.js";
import { makeForm } from "./inline_form.js";
import { flagChip } from "./number_flag.js";
import { describeNoteAct, endNoteAct, newNoteAct, readNoteAct, renewNoteAct } from "./premise_acts.js";

const ASK_AFTER_MS = 200;

/**
 * Make the block.
 * @param {object} desk the desk
 * @param {() => {point: object|null, number: string, incident: number|null, name: string}} at what is looked at
 * @param {{key?: string, compact?: boolean, hazardsOnly?: boolean}} [how] `key` opens the newest incident of the past; `compact` folds it to a
 *   line, `hazardsOnly` leaves everything but hazards to another block, without verbs
 * @returns {{node: HTMLElement, ask: () => void}} `ask` reads again when point or number have changed
 */
export function makeSurroundings(desk, at, { key = null, compact = false, hazardsOnly = false } = {}) {
  const body = el("div.surroundings-body");
  const slot = el("div.premise-form");
  const node = el("section.surroundings", { hidden: true, "aria-label": hazardsOnly ? gettext("Hazards of this place") : gettext("Known of this place") }, body, slot);
  let asked = "";
  let timer = null;
  if (key)
    desk.keys.bind(key, gettext("Open the newest incident of this place or number"), () => {
      const first = node.hidden ? null : body.querySelector("[data-past]");
      return first ? first.click() : false;
    });

  function ask(again = false) {
    clearTimeout(timer);
    timer = setTimeout(() => read(again), ASK_AFTER_MS);
  }

  async function read(again) {
    const { point, number, incident } = at();
    const body_ = { incident: incident ?? null, number: number ?? "" };
    if (point) Object.assign(body_, { lat: point.lat, lng: point.lng });
    const wanted = JSON.stringify(body_);
    if (!point && !number) {
      asked = "";
      show(node, false);
      return;
    }
    if (wanted === asked && !again) return;
    asked = wanted;
    try {
      const found = await desk.api.post("/api/surroundings/", body_, { again: false, seconds: 4 });
      if (wanted === asked) paint(found);
    } catch {
      asked = ""; // asked again with the next change; the call goes on without it
    }
  }

  function paint({ place, number }) {
    const notes = place?.notes ?? [];
    const lines = [
      ...notes.map(noteLine),
      place ? pastBlock(gettext("At this place"), place.history, fill(gettext("within %(metres)s m, %(months)s months"), { metres: place.history.within_m, months: place.history.months })) : null,
      number ? pastBlock(gettext("From this number"), number, numberWords(number), number.flag) : null,
      place && mayWrite() ? el("div.verbs", {}, button(gettext("Note on this place"), () => open(newNoteAct(at())))) : null,
    ];
    const shown = hazardsOnly ? notes.filter(isHazard).map(noteLine) : lines.filter(Boolean);
    node.dataset.hazard = String(notes.some(isHazard));
    body.replaceChildren(...shown);
    show(node, shown.length > 0);
  }

  function noteLine(note) {
    const hazard = isHazard(note);
    const until = formatMoment(note.review_at, desk.now());
    return el(
      `p.premise-note${hazard ? ".level-serious" : ""}`,
      { data: { kind: note.kind, note: note.id } },
      el("b", { text: `${hazard ? "▲ " : ""}${premiseWord(note.kind)}` }),
      el("span.premise-text", { text: premiseText(note) }),
      el("span.soft", { text: [note.place_name, fill(gettext("review by %(when)s"), { when: until })].filter(Boolean).join(" · ") }),
      mayWrite() && !compact ? noteVerbs(note) : null,
    );
  }

  function noteVerbs(note) {
    const read_ = note.sensitive ? button(pgettext("premise", "Read"), () => open(readNoteAct(note, shownText))) : null;
    return el(
      "span.premise-verbs",
      {},
      read_,
      note.sensitive ? null : button(pgettext("premise", "Write anew"), () => open(describeNoteAct(note), note)),
      button(pgettext("premise", "Still true"), () => open(renewNoteAct(note, desk.now()), note)),
      button(pgettext("premise", "End"), () => open(endNoteAct(note), note)),
    );
  }

  function shownText(note, text) {
    const line = body.querySelector(`[data-note="${note.id}"] .premise-text`);
    if (line) line.textContent = text;
  }

  function open(act, row = { version: 1 }) {
    const close = () => {
      slot.replaceChildren();
      if (!act.keeps) ask(true);
    };
    slot.replaceChildren(makeForm(act, row, desk, close));
    slot.querySelector("input, textarea")?.focus();
  }

  function mayWrite() {
    return !hazardsOnly && desk.has("call_taker", "dispatcher", "watch_commander", "station_duty");
  }

  function pastBlock(title, past, says, flag = "") {
    const counts = past.types.map(({ type, n }) => `${typeWord(type)} ${n}`).join(" · ");
    const chip = flagChip(flag);
    const total = fill(ngettext("%(count)s incident", "%(count)s incidents", past.n), { count: past.n });
    return el(
      "details.past",
      { open: !compact && past.n > 0 },
      el("summary", {}, el("b", { text: title }), " ", el("span.digits", { text: total }), " ", el("span.soft", { text: says }), chip),
      counts ? el("p.past-types", { text: counts }) : null,
      el("ol.past-last", {}, ...past.last.map(pastLine)),
    );
  }

  function pastLine(one, index) {
    const words = [formatMoment(one.at, desk.now()), typeWord(one.type), one.result ? desk.codes.word("result", one.result) : gettext("no result yet")];
    const open_ = button(words.filter(Boolean).join(" · "), () => desk.select(one.incident), { data: { past: one.incident }, key: index === 0 ? key : null });
    return el("li", {}, open_);
  }

  function typeWord(code) {
    return code ? desk.codes.word("incident_type", code) : gettext("type not known");
  }

  desk.store.on("change", ({ frame }) => {
    if (!node.hidden && frame?.kind?.startsWith("premise.") && frame.kind !== "premise.read") ask(true);
  });

  return { node, ask };
}

function numberWords(number) {
  const calls = fill(gettext("%(calls)s calls, %(invalid)s of them about nothing"), { calls: number.calls, invalid: number.invalid_calls });
  return `${calls}, ${fill(gettext("%(months)s months"), { months: number.months })}`;
}
