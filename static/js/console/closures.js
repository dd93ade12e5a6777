/**
 * Closed roads: drawn on the map by the dispatcher, with start, end and reason, listed, and opened again.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext, ngettext, pgettext } from "../words.js";
import { momentOf, withoutDoubles } from "./closure_times.js";
import { button, el, setText, show } from "./dom.js";
import { makeChips } from "./form_fields.js";
import { isComposing } from "./keys.js";

const AGAIN_EVERY_S = 15;

/**
 * Make the closures of a map.
 * @param {HTMLElement} side where list and form stand
 * @param {object} desk the desk
 * @param {object} map of map.js
 * @param {{onChange: () => void, isShown: () => boolean}} how
 * @returns {{ask: Function, draw: Function, paint: Function, tick: Function}}
 */
export function makeClosures(side, desk, map, { onChange, isShown }) {
  const says = el("summary");
  const list = el("ul.closure-list");
  const node = el("details.map-closures", { hidden: true }, says, list);
  const slot = el("div.closure-slot");
  side.append(node);
  side.parentElement.append(slot);
  let closures = [];
  let drawn = "";
  let points = [];
  let back = null;
  let seconds = 0;

  async function ask() {
    if (document.hidden) return;
    try {
      closures = (await desk.api.get("/api/closures/", { seconds: 6 })).closures;
    } catch {
      return; // what was known stays on the map: a closure is safer drawn too long than too short
    }
    paint();
  }

  /** Draw what holds now or will; a new picture only when something differs. */
  function paint() {
    const now = desk.now();
    const held = closures.filter((one) => !one.ended_at && (!one.ends_at || Date.parse(one.ends_at) > now));
    const shown = isShown() ? held : [];
    const marks = shown.map((one) => ({ shape: one.shape, says: spanWords(one, now), begun: Date.parse(one.starts_at) <= now }));
    show(node, shown.length > 0);
    const wanted = JSON.stringify([marks, shown.map((one) => one.id)]);
    if (wanted === drawn) return;
    drawn = wanted;
    map.ground.setClosures(marks);
    map.ground.redraw();
    setText(says, fill(ngettext("%(count)s closure", "%(count)s closures", shown.length), { count: shown.length }));
    list.replaceChildren(...shown.map((one) => row(one, now)));
  }

  function row(one, now) {
    const may = desk.has("dispatcher", "watch_commander");
    const text = [one.reason || gettext("no reason given"), spanWords(one, now)].join(" · ");
    return el(
      "li",
      { data: { closure: one.id } },
      el("span", { text, title: text }),
      may ? button(pgettext("map", "Open again"), () => open(one)) : null,
    );
  }

  async function open(one) {
    const { error } = await desk.act("POST", `/api/closures/${one.id}/end/`, {}, { done: gettext("The road is open again") });
    if (error) return;
    await ask();
    onChange();
  }

  /** Draw by mouse or by crosshair and Enter; the space bar or a double click asks for the times. */
  function draw() {
    if (!desk.has("dispatcher", "watch_commander")) return;
    if (!slot.contains(document.activeElement)) back = document.activeElement;
    points = [];
    slot.replaceChildren();
    draft(false);
    map.drawShape({
      hint: () => hintWords(points.length),
      onPoint({ lat, lng }) {
        points = withoutDoubles([...points, [lat, lng]]);
        draft(false);
      },
      onBack() {
        points = points.slice(0, -1);
        draft(false);
      },
      onEnd(done) {
        if (done && points.length > 1) return showForm();
        if (done) desk.tell(gettext("A closure has at least two points."), "caution");
        return giveUp();
      },
    });
  }

  function draft(area) {
    map.ground.setDraft(points.length ? { points, area } : null);
    map.ground.redraw();
  }

  function giveUp() {
    points = [];
    draft(false);
    slot.replaceChildren();
    if (back?.isConnected) back.focus();
    back = null;
  }

  function showForm() {
    const form = makeClosureForm(desk, points, { onArea: draft, onClose: giveUp, onDone: saved });
    slot.replaceChildren(form);
    form.querySelector("input[name=reason]").focus();
  }

  async function saved() {
    giveUp();
    await ask();
    node.open = true;
    onChange();
  }

  return {
    ask,
    draw,
    paint,
    tick() {
      seconds += 1;
      if (seconds % AGAIN_EVERY_S === 0) ask();
      else if (closures.length) paint();
    },
  };
}

function hintWords(count) {
  if (!count) return gettext("Close a road: click its points, or arrow keys and Enter; Esc ends");
  const words = ngettext(
    "%(count)s point; Backspace takes it back, space or a double click ends the drawing",
    "%(count)s points; Backspace takes one back, space or a double click ends the drawing",
    count,
  );
  return fill(words, { count });
}

/** Say from when to when, in the shortest words that are plain. */
function spanWords(one, now) {
  const begun = Date.parse(one.starts_at) <= now;
  const values = { start: formatMoment(one.starts_at, now), end: one.ends_at ? formatMoment(one.ends_at, now) : "" };
  if (!one.ends_at) return begun ? gettext("until further notice") : fill(gettext("from %(start)s"), values);
  return begun ? fill(gettext("until %(end)s"), values) : fill(gettext("%(start)s–%(end)s"), values);
}

/** The form that follows the drawing: line or area, from, until, why. */
function makeClosureForm(desk, points, { onArea, onClose, onDone }) {
  const says = el("p.form-says", { role: "alert", hidden: true });
  const input = (name, label, placeholder, maxlength = 16) =>
    el("input.field", { name, type: "text", autocomplete: "off", "aria-label": label, placeholder, maxlength });
  const reason = input("reason", pgettext("console", "Reason"), gettext("Why, e.g. burst water main"), 200);
  const start = input("start", gettext("Closed from"), gettext("now, or 18:00, +30"));
  const end = input("end", gettext("Closed until"), gettext("18:00, +90; empty: until further notice"));
  const kind = makeChips({
    label: gettext("Shape"),
    value: "line",
    options: [
      { value: "line", text: pgettext("map", "Line") },
      ...(points.length > 2 ? [{ value: "polygon", text: pgettext("map", "Area") }] : []),
    ],
    onPick: (value) => onArea(value === "polygon"),
  });
  const form = el(
    "form.closure-form",
    { "aria-label": gettext("Close a road"), novalidate: true, on: { submit, keydown: onKey } },
    el("p.form-title", { text: fill(gettext("Close a road · %(count)s points"), { count: points.length }) }),
    field(pgettext("console", "Reason"), reason),
    field(gettext("From"), start),
    field(pgettext("closure", "Until"), end),
    el("div.form-field", {}, el("span.label", { text: gettext("Shape") }), kind.node),
    says,
    el(
      "div.form-verbs",
      {},
      button(gettext("Close the road"), () => form.requestSubmit(), { key: "Enter", kind: "main" }),
      button(pgettext("console", "Cancel"), onClose, { key: "Esc" }),
    ),
  );
  let busy = false;

  function onKey(event) {
    if (isComposing(event) || !["Escape", "Enter"].includes(event.key) || event.target.tagName === "BUTTON") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") onClose();
    else form.requestSubmit();
  }

  async function submit(event) {
    event.preventDefault();
    const now = desk.now();
    const [starts, ends] = [momentOf(start.value, now), momentOf(end.value, now)];
    if (starts === undefined) return refuse(gettext("From: write 18:00, 11-25 06:00 or +30."), start);
    if (ends === undefined) return refuse(gettext("Until: write 18:00, 11-25 06:00 or +90."), end);
    if (busy) return undefined;
    busy = true;
    const { error } = await desk.act("POST", "/api/closures/", body(starts, ends), {
      quiet: true,
      done: gettext("Closed: it counts from the next ranking on"),
    });
    busy = false;
    return error ? refuse(Object.values(error.fields ?? {}).flat().join(" ") || error.message, end) : onDone();
  }

  function body(starts, ends) {
    return {
      kind: kind.value() || "line",
      points: points.map(([lat, lng]) => ({ lat, lng })),
      crs: "WGS84",
      reason: reason.value.trim(),
      ...(starts ? { starts_at: new Date(starts).toISOString() } : {}),
      ...(ends ? { ends_at: new Date(ends).toISOString() } : {}),
    };
  }

  function refuse(text, where) {
    setText(says, text);
    show(says, true);
    where.focus();
  }

  return form;
}

function field(label, control) {
  return el("label.form-field", {}, el("span.label", { text: label }), control);
}
