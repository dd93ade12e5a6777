/**
 * Who could go: the ranked units of the selected incident, one key each, and why not the others.
 */

import { counter, formatTime } from "../clock.js";
import { fill, gettext, ngettext, pgettext, statusMark, statusWord } from "../words.js";
import { el, oncePerFrame, setAttr, setText, shape, show } from "./dom.js";
import { makeChips } from "./form_fields.js";
import { isComposing } from "./keys.js";
import { mayOrder } from "./verbs.js";

const AGAIN_EVERY_S = 10;
const AFTER_CHANGE_MS = 700;
const OLD_FIX_S = 60;
const LONGEST_LIST = 9;
const UNREACHABLE = 0.02;

/** Make the list of candidates; `box` is the panel of the tab. */
export function makeCandidates(box, desk) {
  const basis = el("p.basis", { role: "status" });
  const list = el("ol.candidates", { tabindex: "0", "aria-label": gettext("Units that can go, the best first") });
  const empty = el("p.empty", { hidden: true });
  const order = el("input.field.order-text", {
    type: "text",
    autocomplete: "off",
    maxlength: "400",
    "aria-label": gettext("Words for the order"),
    placeholder: gettext("Words for the order (may be empty)"),
  });
  const excluded = el("details.excluded", { hidden: true }, el("summary"), el("ul"));
  box.append(basis, list, empty, order, excluded);
  let incident = null;
  let answer = null;
  let open = null;
  let asked = 0;
  let timer = null;
  const paintSoon = oncePerFrame(paint);

  desk.on("select", (id) => {
    answer = null;
    open = null;
    order.value = "";
    begin(id);
  });
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

  function again(ms) {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  }

  async function ask() {
    const mine = ++asked;
    const row = desk.store.row("incident", incident);
    if (!row || !mayOrder(row, desk.roles())) {
      answer = null;
      return paint();
    }
    try {
      const fresh = await desk.api.get(`/api/incidents/${incident}/candidates/`);
      if (mine === asked) answer = fresh;
    } catch (error) {
      if (mine === asked && !answer) setText(basis, error.message);
    }
    if (mine === asked) {
      desk.emit("candidates", { incident, list: answer?.candidates ?? [] });
      paintSoon();
    }
    return undefined;
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
      fill(gettext("Ranked by %(basis)s at %(time)s"), { basis: basisWord(answer.basis), time: formatTime(answer.at) }),
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
    list.replaceChildren(
      ...answer.candidates.slice(0, LONGEST_LIST).map((one, at) => candidateRow(one, at, best.includes(one))),
    );
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
      { data: { unit: one.unit, best: best ? "yes" : "no" } },
      send,
      el("b.candidate-unit.code", { text: one.call_sign }),
      el(
        "span.candidate-way",
        {},
        el("b.timer", { text: counter(one.expected_s) }),
        el("span.candidate-chance.digits", { text: chanceWords(one), title: arrivalWords(one) }),
        el("span.soft.digits", { text: metres(one.distance_m) }),
      ),
      el(
        `span.candidate-fix.digits${old ? ".level-caution" : ".soft"}`,
        {},
        old ? shape("square") : null,
        fixWords(one.fix_age_s),
      ),
      el(
        `span.candidate-status.level-${mark.level}`,
        {},
        shape(mark.shape),
        el("span", { text: statusWord(one.status) }),
      ),
      el("span.candidate-why", { text: why(one, best), title: why(one, best) }),
    );
  }

  function why(one, best) {
    const words = [];
    if (best) words.push(gettext("recommended"));
    words.push(desk.codes.word("unit_kind", one.kind));
    if (one.reason) words.push(one.reason);
    return words.join(" · ");
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
    order.value = "";
    open = null;
    paintList();
    again(0);
    if (list.offsetParent !== null) list.focus();
  }

  return {
    /** Take the focus, so that one digit sends. */
    focus() {
      list.focus();
    },
  };
}

/** Say on what the ranking rests. */
export function basisWord(basis) {
  return basis === "road" ? gettext("road time") : gettext("straight-line distance");
}

/** Say the chance of being there in 5 and in 10 minutes on clock A, and the coverage that remains. */
function chanceWords(one) {
  const share = (value) => Math.round(value * 100);
  const values = { five: share(one.chance.A5), ten: share(one.chance.A10) };
  const chance = fill(gettext("5 min %(five)s % · 10 min %(ten)s %"), values);
  if (one.coverage_after === null || one.coverage_after === undefined) return chance;
  return `${chance} · ${fill(gettext("leaves %(share)s %"), { share: share(one.coverage_after) })}`;
}

/** Say what both clocks will show at the arrival, and the chances on clock B. */
function arrivalWords(one) {
  return fill(gettext("there at A %(a)s, B %(b)s; B: 5 min %(five)s %, 10 min %(ten)s %"), {
    a: counter(one.arrives.A),
    b: counter(one.arrives.B),
    five: Math.round(one.chance.B5 * 100),
    ten: Math.round(one.chance.B10 * 100),
  });
}

/** Say on which delays the chances rest, and whether they are the centre's own. */
function parameterWords(parameters) {
  if (!parameters) return null;
  const part = (name) => {
    const { mu, n, source } = parameters[name];
    const from = source === "history" ? fill(gettext("own history, n=%(n)s"), { n }) : gettext("shipped");
    return { median: Math.exp(mu).toFixed(name === "road" ? 2 : 0), from };
  };
  const [accept, turnout, road] = ["accept", "turnout", "road"].map(part);
  return fill(
    gettext("accept %(accept)s s (%(a)s) · drive off %(turnout)s s (%(t)s) · road × %(road)s (%(r)s)"),
    { accept: accept.median, a: accept.from, turnout: turnout.median, t: turnout.from, road: road.median, r: road.from },
  );
}

function metres(distance) {
  if (distance === null || distance === undefined) return "";
  return distance < 1000 ? `${Math.round(distance)} m` : `${(distance / 1000).toFixed(1)} km`;
}

function fixWords(age) {
  if (age === null || age === undefined) return gettext("no position");
  return fill(gettext("fix %(age)s"), { age: age < 100 ? `${Math.round(age)} s` : counter(age) });
}
