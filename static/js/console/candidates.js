/**
 * Who could go: the ranked units of the selected incident, one key each, and why not the others.
 */

import { counter, formatTime } from "../clock.js";
import { fill, gettext, ngettext, pgettext, statusMark, statusWord } from "../words.js";
import { arrivalWords, basisWord, strategyWord, chanceTitle, chanceWords, fixWords, parameterWords, percent } from "./candidate_words.js";
import { el, oncePerFrame, setAttr, setText, shape, show } from "./dom.js";
import { makeChips } from "./form_fields.js";
import { isComposing } from "./keys.js";
import { mayOrder } from "./verbs.js";

const AGAIN_EVERY_S = 10;
const AFTER_CHANGE_MS = 700;
const FRESH_MS = 1000;
const OLD_FIX_S = 60;
const LONGEST_LIST = 9;
const UNREACHABLE = 0.02;
const PREVIEWED = 3; // coverage is worked out for the first three
const REST_MS = 200;
const MUCH_LOST = 0.05;

/** Make the list of candidates; `box` is the panel of the tab. */
export function makeCandidates(box, desk) {
  const basis = el("p.basis", { role: "status" });
  const list = el("ol.candidates", { tabindex: "0", "aria-label": gettext("Units that can go, the best first") });
  const empty = el("p.empty", { hidden: true });
  const order = el("input.field.order-text", {
    type: "text",
    autocomplete: "off",
    maxlength: "2000",
    "aria-label": gettext("Words for the order"),
    placeholder: gettext("Words for the order: filled in from the card, change what is needed"),
  });
  const excluded = el("details.excluded", { hidden: true }, el("summary"), el("ul"));
  box.append(basis, list, empty, order, excluded);
  let prefilled = "";
  let incident = null;
  let answer = null;
  let open = null;
  let cursor = 0;
  let resting = null;
  let asking = null; // the incident whose answer is under way
  let answeredAt = -Infinity;
  let outdated = false; // something changed while it was
  let timer = null;
  let due = Infinity;
  const paintSoon = oncePerFrame(paint);

  desk.on("select", (id) => {
    answer = null;
    open = null;
    cursor = 0;
    order.value = prefilled = "";
    begin(id);
  });
  desk.on("roads-changed", () => again(0));
  desk.on("window.roads-changed", () => again(0));
  desk.store.on("snapshot", () => begin(desk.selected));
  desk.store.on("change", ({ changes }) => {
    const touched = changes.some(
      (change) =>
        change.collection === "unit" ||
        (change.collection === "incident" && change.id === desk.selected) ||
        change.row?.incident === desk.selected,
    );
    if (touched) again(AFTER_CHANGE_MS);
  });
  let seconds = 0;
  desk.on("tick", () => {
    seconds += 1;
    if (seconds % AGAIN_EVERY_S === 0 && box.offsetParent !== null && open === null) again(0);
  });
  list.addEventListener("keydown", onKey);
  list.addEventListener("focusin", () => preview(cursor));
  list.addEventListener("focusout", (event) => {
    if (!list.contains(event.relatedTarget)) preview(null);
  });
  order.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.key !== "Enter") return;
    event.preventDefault();
    list.focus();
  });

  function begin(id) {
    incident = id;
    paint();
    again(0);
  }

  /** Ask soon; what changes without pause never puts off what is due (a city of units changes all the time). */
  function again(ms) {
    const at = performance.now() + ms;
    if (due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(ask, ms);
  }

  async function ask() {
    due = Infinity;
    const row = desk.store.row("incident", incident);
    if (!row || !mayOrder(row, desk.roles())) {
      answer = null;
      return paint();
    }
    if (asking === row.id) {
      outdated = true;
      return undefined;
    }
    asking = row.id;
    outdated = false;
    const fresh = await desk.api.get(`/api/incidents/${row.id}/candidates/`).catch((error) => error);
    if (asking === row.id) asking = null;
    if (row.id !== incident) return undefined;
    take(fresh);
    if (outdated) again(AFTER_CHANGE_MS);
    return undefined;
  }

  function take(fresh) {
    if (fresh instanceof Error) {
      if (!answer) setText(basis, fresh.message);
      return;
    }
    // An answer that was on its way while an order went out still lists the unit that was just sent.
    const sent = new Set(desk.store.ofIncident("assignment", incident).filter((row) => row.live).map((row) => row.unit));
    answer = { ...fresh, candidates: fresh.candidates.filter((one) => !sent.has(one.unit)) };
    answeredAt = performance.now();
    prefill(answer.order_text ?? "");
    desk.emit("candidates", { incident, list: answer.candidates });
    paintSoon();
  }

  /** The words of the order follow what is known, until the dispatcher has changed them (派警意见). */
  function prefill(text) {
    if (order.value === prefilled && document.activeElement !== order) order.value = text;
    if (order.value === text || order.value === prefilled) prefilled = text;
  }

  function paint() {
    const row = desk.store.row("incident", incident);
    const may = row && mayOrder(row, desk.roles());
    show(order, Boolean(may && answer?.candidates.length));
    if (!row) return blank(gettext("Choose an incident in the queue: the units that can go appear here."));
    if (!may) return blank(gettext("No order can be sent for this incident."));
    if (!row.point) return blank(gettext("No place yet: the ranking needs an accepted place."));
    if (!answer) return blank(gettext("Ranking …"));
    show(empty, answer.candidates.length === 0);
    setText(empty, gettext("No unit is free. Excluded units are listed below with the reason."));
    setText(
      basis,
      fill(gettext("%(strategy)s · ranked by %(basis)s at %(time)s"), {
        strategy: strategyWord(answer.strategy),
        basis: basisWord(answer.basis),
        time: formatTime(answer.at),
      }),
    );
    setAttr(basis, "data-basis", answer.basis);
    setAttr(basis, "title", parameterWords(answer.parameters));
    const best = Math.max(...answer.candidates.filter((one) => one.recommended).map((one) => one.chance.A5), 0);
    if (answer.candidates.length && best < UNREACHABLE) {
      basis.append(el("b.level-serious", { text: ` · ${gettext("nobody can be there within 5 minutes (A)")}` }));
    }
    if (open === null || !answer.candidates.some((one) => one.unit === open)) paintList();
    paintExcluded();
    return undefined;
  }

  function blank(text) {
    list.replaceChildren();
    setText(basis, "");
    setText(empty, text);
    show(empty, true);
    show(excluded, false);
  }

  function paintList() {
    open = null;
    const best = bestOf(answer.candidates);
    const shown = answer.candidates.slice(0, LONGEST_LIST);
    cursor = Math.max(0, Math.min(cursor, shown.length - 1));
    list.replaceChildren(...shown.map((one, at) => candidateRow(one, at, best.includes(one))));
    paintCursor();
    if (list.contains(document.activeElement)) preview(cursor);
  }

  function paintCursor() {
    [...list.children].forEach((node, at) => setAttr(node, "data-cursor", at === cursor ? "yes" : null));
    setAttr(list, "aria-activedescendant", list.children[cursor]?.id ?? null);
  }

  /** Let the map show what sending a candidate leaves; after a moment of rest, so that holding an arrow asks once. */
  function preview(at) {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const one = at === null || at >= PREVIEWED ? null : answer?.candidates[at];
      const candidate = one ? { unit: one.unit, rank: at + 1, call_sign: one.call_sign } : null;
      if (desk.panels.map) desk.emit("preview", candidate);
      else desk.broadcast("preview", { candidate });
    }, REST_MS);
  }

  function moveTo(at) {
    cursor = Math.max(0, Math.min(at, list.children.length - 1));
    paintCursor();
    list.children[cursor]?.scrollIntoView({ block: "nearest" });
    preview(cursor);
  }

  /** The units to take: as many as the priority asks for and are not on their way yet, those with a fresh position. */
  function bestOf(candidates) {
    const row = desk.store.row("incident", incident);
    const asked = desk.codes.code("priority", String(row.priority))?.units_min ?? 1;
    const wanted = Math.max(1, asked - desk.store.ofIncident("assignment", row.id).filter((one) => one.live).length);
    return candidates.filter((one) => one.recommended).slice(0, wanted);
  }

  function candidateRow(one, at, best) {
    const mark = statusMark(one.status);
    const send = el(
      "button.candidate-send",
      {
        type: "button",
        tabindex: "-1",
        on: { click: () => choose(at) },
        "aria-label": fill(gettext("Send %(unit)s"), { unit: one.call_sign }),
      },
      el("kbd", { text: String(at + 1) }),
      el("span", { text: pgettext("console", "Send") }),
    );
    const old = one.fix_age_s === null || one.fix_age_s > OLD_FIX_S;
    return el(
      "li.candidate",
      {
        id: `candidate-${one.unit}`,
        data: { unit: one.unit, best: best ? "yes" : "no" },
        on: { pointerenter: () => preview(at), pointerleave: () => preview(list.contains(document.activeElement) ? cursor : null) },
      },
      send,
      el("b.candidate-unit.code", { text: one.call_sign }),
      el(
        "span.candidate-way",
        {},
        el("b.timer", { text: counter(one.expected_s), title: gettext("from now until there") }),
        el("span.digits", { text: arrivalWords(one), title: gettext("what both clocks show at the arrival") }),
      ),
      el(
        `span.candidate-status.level-${mark.level}`,
        {},
        shape(mark.shape),
        el("span", { text: statusWord(one.status) }),
      ),
      el(
        "span.candidate-figures.digits",
        {},
        el("span.candidate-chance", { text: chanceWords(one), title: chanceTitle(one) }),
        at < PREVIEWED && one.coverage_after !== null ? coverageCell(one) : null,
        old ? el("span.candidate-fix.level-caution", {}, shape("square"), fixWords(one.fix_age_s)) : null,
      ),
      whyCell(one, best),
    );
  }

  /** K19 now and after sending this unit, for the first three. */
  function coverageCell(one) {
    const values = { now: percent(answer.coverage_now), after: percent(one.coverage_after) };
    const lost = answer.coverage_now - one.coverage_after;
    const text = fill(gettext("5-min coverage %(now)s → %(after)s %"), values);
    return el(`span.candidate-left.digits${lost >= MUCH_LOST ? ".level-caution" : ".soft"}`, { text });
  }

  /** The reasons in one line; what the unit would leave stands out. */
  function whyCell(one, best) {
    const words = [desk.codes.word("unit_kind", one.kind)];
    if (best) words.unshift(gettext("recommended"));
    if (one.reason) words.push(one.reason);
    const text = words.join(" · ");
    return el(`span.candidate-why${one.would_drop ? ".level-caution" : ""}`, { text, title: text });
  }

  function paintExcluded() {
    const rows = answer.excluded ?? [];
    show(excluded, rows.length > 0);
    const open = excluded.querySelector("ul");
    setText(
      excluded.querySelector("summary"),
      fill(ngettext("%(count)s unit not listed", "%(count)s units not listed", rows.length), { count: rows.length }),
    );
    open.replaceChildren(
      ...rows.map((one) => el("li", {}, el("b.code", { text: one.call_sign }), el("span", { text: one.reason }))),
    );
  }

  function onKey(event) {
    if (isComposing(event) || event.ctrlKey || event.altKey) return;
    if (event.key === "Escape" && open !== null) {
      event.preventDefault();
      event.stopPropagation();
      paintList();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (open === null && (step !== undefined || (event.key === "Enter" && event.target === list))) {
      event.preventDefault();
      event.stopPropagation();
      return step === undefined ? choose(cursor) : moveTo(cursor + step);
    }
    const digit = Number(event.key.normalize("NFKC"));
    if (!(digit >= 1 && digit <= 9) || open !== null) return;
    event.preventDefault();
    event.stopPropagation();
    choose(digit - 1);
  }

  /** Send the n-th unit; a first order to another than the first-ranked asks for the reason in its own row. */
  function choose(at) {
    const one = answer?.candidates[at];
    if (!one) return;
    const support = desk.store.ofIncident("assignment", incident).some((row) => row.live);
    if (support || at === 0 || bestOf(answer.candidates)[0] === one) send(one, {});
    else askReason(one, at);
  }

  function askReason(one, at) {
    const node = list.children[at];
    open = one.unit;
    const other = el("input.field", {
      type: "text",
      hidden: true,
      "aria-label": pgettext("console", "Reason"),
      placeholder: gettext("Reason, then Enter"),
    });
    const chips = makeChips({
      label: gettext("Why not the first?"),
      options: desk.codes
        .list("override")
        .map((row) => ({ value: row.code, text: desk.codes.word("override", row.code) })),
      onPick: (code) => {
        const needsText = desk.codes.code("override", code)?.needs_text;
        if (!needsText) return send(one, { override_reason: code });
        show(other, true);
        return other.focus();
      },
    });
    other.addEventListener("keydown", (event) => {
      if (isComposing(event) || event.key !== "Enter" || !other.value.trim()) return;
      event.preventDefault();
      event.stopPropagation();
      send(one, { override_reason: chips.value(), override_text: other.value.trim() });
    });
    node.append(
      el("div.candidate-override", {}, el("span", { text: gettext("Why not the first?") }), chips.node, other),
    );
    chips.focus();
    node.scrollIntoView({ block: "nearest" });
  }

  async function send(one, override) {
    const row = desk.store.row("incident", incident);
    for (const node of list.querySelectorAll("button")) node.disabled = true;
    await desk.sendOrder(row, [{ unit: one.unit, call_sign: one.call_sign, drop: one.would_drop?.assignment ?? null, ...override }], order.value.trim());
    order.value = prefilled = "";
    open = null;
    if (answer) answer.candidates = answer.candidates.filter((other) => other.unit !== one.unit);
    paint();
    again(0);
    if (list.offsetParent !== null) list.focus();
  }

  return {
    /** Take the focus, so that one digit sends; positions move without a change that is told, so ask for them. */
    focus() {
      if (performance.now() - answeredAt > FRESH_MS) again(0);
      list.focus();
    },
  };
}
