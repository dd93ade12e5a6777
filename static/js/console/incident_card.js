/**
 * The card of the selected incident: its head with both clocks, its verbs, and five tabs.
 */

import { gettext, pgettext } from "../words.js";
import { makeCandidates } from "./candidates.js";
import { makeFacts } from "./card_facts.js";
import { makeHead, paintHead, paintHeadTimes } from "./card_head.js";
import { makeNotes } from "./card_notes.js";
import { makeTimeline } from "./card_timeline.js";
import { button, el, oncePerFrame, setAttr, setText, show } from "./dom.js";
import { sendPoints } from "./directives.js";
import { makeForm } from "./inline_form.js";
import { isComposing } from "./keys.js";
import { makeLateBlock } from "./late_chain.js";
import { makeOrders } from "./orders.js";
import { makeSurroundings } from "./surroundings.js";
import { delayAct, incidentActs, tabFor } from "./verbs.js";

const TABS = ["facts", "candidates", "orders", "notes", "timeline"];

/** Make the incident card in its panel. */
export function makeIncidentCard(box, desk) {
  const part = makeHead();
  const verbs = el("div.verbs.card-verbs");
  const slot = el("div.card-form");
  const late = makeLateBlock(desk, askReason);
  // Whichever tab is open: who chooses a unit must know what waits for it there (M36).
  const hazards = makeSurroundings(desk, () => ({ point: incident()?.point ?? null, incident: desk.selected }), { hazardsOnly: true });
  const tabs = el("div.tabs", { role: "tablist", "aria-label": pgettext("console", "Incident") });
  const pages = el("div.pages");
  const empty = el("p.empty", {
    text: gettext("Choose an incident in the queue: its facts, units and times appear here."),
  });
  const card = el("div.card", { hidden: true }, part.head, hazards.node, late.node, tabs, pages, slot, verbs);
  box.append(empty, card);
  const tab = new Map(TABS.map((name, at) => [name, makeTab(name, at)]));
  const views = {
    facts: makeFacts(tab.get("facts").page, desk),
    candidates: makeCandidates(tab.get("candidates").page, desk),
    orders: makeOrders(tab.get("orders").page, desk),
    notes: makeNotes(tab.get("notes").page, desk),
    timeline: makeTimeline(tab.get("timeline").page, desk),
  };
  let current = "facts";
  let picked = null;
  let gone = null;
  const paintSoon = oncePerFrame(paint);

  desk.on("select", begin);
  desk.on("tick", () => {
    if (incident()) paintTimes(incident());
  });
  desk.on("show-card", () => focusTab());
  desk.on("interception", () => {
    choose("facts");
    paint();
  });
  desk.keys.bind("Alt+B", gettext("Send all points of the interception"), () => {
    const row = incident();
    if (row && desk.interception?.incident === row.id && desk.interception.points.length) sendPoints(desk.interception, row, desk);
  });
  desk.on("sent", ({ incident: row }) => {
    if (row.id === desk.selected) afterOrder(row);
  });
  desk.on("card-act", ({ id, fields }) => openAct(id, fields));
  desk.on("card-form", ({ act, row }) => slot.replaceChildren(makeForm(act, row, desk, () => slot.replaceChildren())));
  desk.store.on("snapshot", () => begin(desk.selected));
  desk.store.on("change", ({ changes }) => {
    const mine = changes.filter(
      (change) =>
        (change.collection === "incident" ? change.id : (change.row?.incident ?? change.before?.incident)) ===
        desk.selected,
    );
    if (!mine.length) return;
    const left = mine.find((change) => change.collection === "incident" && change.how === "dropped");
    if (left) gone = left.before;
    paintSoon();
  });

  function incident() {
    return desk.store.row("incident", desk.selected) ?? (gone?.id === desk.selected ? gone : null);
  }

  function begin(id) {
    picked = null;
    slot.replaceChildren();
    if (gone?.id !== id) gone = null;
    if (id && !desk.store.row("incident", id)) load(id);
    paint();
  }

  /** An incident that has left the board is read from the server. */
  async function load(id) {
    try {
      const answer = await desk.api.get(`/api/incidents/${id}/`);
      const rows = (answer.rows ?? answer).incident;
      const row = Array.isArray(rows) ? rows[0] : rows;
      if (desk.selected === id && row && !desk.store.row("incident", id)) {
        gone = row;
        paint();
      }
    } catch (error) {
      desk.tell(error.message, "serious");
    }
  }

  function paint() {
    const row = incident();
    show(card, Boolean(row));
    show(empty, !row);
    if (!row) return;
    card.dataset.priority = row.priority;
    paintHead(part, row, desk);
    paintTimes(row);
    paintVerbs(row);
    late.paint(row);
    hazards.ask();
    if (!picked) open(tabFor(row, desk.roles()));
    setText(tab.get("orders").count, String(desk.store.ofIncident("assignment", row.id).length || ""));
    const said = desk.store.ofIncident("note", row.id).length + desk.store.ofIncident("report", row.id).length;
    setText(tab.get("notes").count, String(said || ""));
    paintTab(row);
  }

  function paintTab(row) {
    if (current === "orders" && views.orders.busy()) return;
    views[current].paint?.(row);
  }

  /** When as many units are on their way as the priority asks for, the orders are what matters next. */
  function afterOrder(row) {
    const wanted = desk.codes.code("priority", String(row.priority))?.units_min ?? 1;
    const going = desk.store.ofIncident("assignment", row.id).filter((one) => one.live).length;
    if (current !== "candidates" || going < wanted) return;
    choose("orders");
    if (box.contains(document.activeElement) || document.activeElement === document.body) focusTab();
  }

  function paintTimes(row) {
    paintHeadTimes(part, row, desk.now());
    if (current === "orders" && !card.hidden && !tab.get("orders").page.contains(document.activeElement)) paintTab(row);
  }

  function paintVerbs(row) {
    const acts = incidentActs(row, desk.roles());
    const wanted = acts.map((act) => act.id).join();
    if (verbs.dataset.wanted === wanted) return;
    verbs.dataset.wanted = wanted;
    verbs.replaceChildren(
      ...acts.map((act) => button(act.label, () => openAct(act.id), { kind: act.kind, data: { act: act.id } })),
    );
  }

  /** Ask why an order is late (R14). */
  function askReason(order) {
    slot.replaceChildren(makeForm(delayAct(order), order, desk, () => slot.replaceChildren()));
  }

  /** Open the form of an act; `values` may prefill it. */
  function openAct(id, values = {}) {
    const row = incident();
    const act = row && incidentActs(row, desk.roles()).find((one) => one.id === id);
    if (!act) return desk.tell(gettext("That is not possible at this stage."), "caution");
    if (act.onAnswer)
      act.onDone = (answer) => {
        desk[act.onAnswer] = answer;
        desk.emit(act.onAnswer);
      };
    act.fields = act.fields.map((field) => (field.name in values ? { ...field, value: values[field.name], said: true } : field));
    const close = () => {
      slot.replaceChildren();
      verbs.querySelector(`[data-act="${id}"]`)?.focus();
    };
    return slot.replaceChildren(makeForm(act, row, desk, close));
  }

  function makeTab(name, at) {
    const count = el("span.count.digits");
    const page = el("div.page", {
      role: "tabpanel",
      id: `page-${name}`,
      "aria-labelledby": `tab-${name}`,
      hidden: true,
    });
    const node = el(
      "button.tab",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "aria-controls": `page-${name}`,
        "aria-selected": "false",
        tabindex: "-1",
        "aria-keyshortcuts": `Alt+${at + 1}`,
        on: { click: () => choose(name) },
      },
      el("span", { text: tabWord(name) }),
      count,
    );
    tabs.append(node);
    pages.append(page);
    desk.keys.bind(`Alt+${at + 1}`, tabWord(name), () => {
      choose(name);
      focusTab();
    });
    return { node, page, count };
  }

  function choose(name) {
    picked = name;
    open(name);
    const row = incident();
    if (row) paintTab(row);
  }

  function open(name) {
    current = name;
    for (const [key, { node, page }] of tab) {
      setAttr(node, "aria-selected", String(key === name));
      node.tabIndex = key === name ? 0 : -1;
      show(page, key === name);
    }
  }

  function focusTab() {
    if (views[current].focus) views[current].focus();
    else tab.get(current).node.focus();
  }

  tabs.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    choose(TABS[(TABS.indexOf(current) + step + TABS.length) % TABS.length]);
    tab.get(current).node.focus();
    event.preventDefault();
  });

  return {
    /** Show the candidates and take the focus: the next digit sends. */
    candidates() {
      choose("candidates");
      views.candidates.focus();
    },
    act: openAct,
  };
}

function tabWord(name) {
  switch (name) {
    case "facts":
      return pgettext("console", "Facts");
    case "candidates":
      return pgettext("console", "Candidates");
    case "orders":
      return pgettext("console", "Orders");
    case "notes":
      return pgettext("console", "Notes");
    default:
      return pgettext("console", "Timeline");
  }
}
