/**
 * The form of one card, in the order of the card; times as they are written there.
 */

import { searchPlaces, makePick } from "../console/pick.js";
import { el, setText } from "../console/dom.js";
import { searchCodes } from "../console/pinyin.js";
import { formatMoment, parseTime } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { readOrder, readTime } from "./card_times.js";

/** Make the card's form below its heading. */
export function makeCard(root, page) {
  const state = { point: null, type: "" };
  const inputs = {};
  const told = el("p.panel-told", { role: "alert" });
  const place = makePick({
    label: pgettext("console", "Place"),
    name: "address_text",
    search: (query) => searchPlaces(page, query),
    onText: () => { state.point = null; },
    onPick: ({ value }) => {
      state.point = { lat: value.lat, lng: value.lng, crs: "WGS84", source: "place" };
      type.input.focus();
    },
  });
  const type = makePick({
    label: pgettext("console", "Type"),
    name: "type_reported",
    search: (query) => searchCodes(page.codes.list("incident_type"), query, 8).map((one) => ({
      text: page.codes.word("incident_type", one.code), mark: one.code, note: `P${one.priority}`, value: one,
    })),
    onText: () => { state.type = ""; },
    onPick: ({ value }) => {
      state.type = value.code;
      if (!inputs.priority.value) inputs.priority.value = value.priority;
      inputs.priority.focus();
    },
  });
  const send = el("button.manage-verb.is-main", { type: "submit" }, gettext("Enter the card"), " ", el("kbd", { text: "Ctrl Enter" }));
  const orders = [1, 2, 3].map((n) => field(`order${n}`, fill(gettext("Unit %(n)s: call sign, ordered, departed, there, finished, result"), { n }), "whole"));
  const form = el(
    "form.catchup-form",
    { novalidate: true, on: { submit: (event) => { event.preventDefault(); enter(); }, input: paintMeaning } },
    field("number", gettext("Serial"), "third"),
    field("answered_at", gettext("Answered at"), "third"),
    field("hung_up_at", gettext("Ended at"), "third"),
    field("taken_by", gettext("Taken by (badge)"), "third"),
    field("caller_number", gettext("Number of the caller"), "third"),
    field("caller_name", gettext("Caller's name"), "third"),
    el("label.field.whole", {}, el("span", { text: pgettext("console", "Place") }), place.box),
    el("label.field", {}, el("span", { text: pgettext("console", "Type") }), type.box),
    field("priority", gettext("Priority 1 to 4")),
    field("narrative", gettext("What happened"), "whole"),
    ...orders,
    told,
    el("div.panel-verbs", {}, send),
  );
  root.append(form);

  function field(name, label, width = "") {
    inputs[name] = el("input", { type: "text", name, autocomplete: "off", spellcheck: "false" });
    const means = el("output", { data: { of: name } });
    return el(`label.field${width ? `.${width}` : ""}`, {}, el("span", { text: label }), inputs[name], means);
  }

  const span = () => ({ from: parseTime(page.now.catch_up?.began_at) ?? 0, to: Math.min(Date.now(), parseTime(page.now.catch_up?.over_at) ?? 0) });

  /** Say beneath each time what it means, before it is sent. */
  function paintMeaning() {
    const { from, to } = span();
    const answered = readTime(inputs.answered_at.value, from, to);
    say("answered_at", answered);
    say("hung_up_at", answered && readTime(inputs.hung_up_at.value, answered, Date.now()));
    for (const name of ["order1", "order2", "order3"]) {
      const text = inputs[name].value.trim();
      const { wrong } = text ? readLine(text, answered ?? from) : { wrong: "" };
      mean(name, text ? (wrong ? fill(gettext("cannot be read: %(word)s"), { word: wrong }) : gettext("can be read")) : "", Boolean(wrong));
    }
  }

  function say(name, at) {
    const text = inputs[name].value.trim();
    mean(name, text ? (at ? formatMoment(at, 0) : gettext("not within the outage")) : "", Boolean(text && !at));
  }

  function mean(name, text, isWrong) {
    const node = form.querySelector(`output[data-of=${name}]`);
    setText(node, text);
    node.classList.toggle("level-caution", isWrong);
  }

  const readLine = (text, from) => readOrder(text, { units: page.units, from, to: Date.now() });

  function body() {
    const { from, to } = span();
    const answered = readTime(inputs.answered_at.value, from, to);
    const hungUp = answered && readTime(inputs.hung_up_at.value, answered, Date.now());
    const text = (name) => inputs[name].value.trim();
    const found = {
      source: "paper",
      channel: "CH11",
      kind: "CK01",
      number: Number(text("number")),
      answered_at: answered && new Date(answered).toISOString(),
      reason: page.now.catch_up?.reason ?? "",
      incident: { address_text: place.input.value.trim(), type_reported: state.type, point: state.point, priority: Number(text("priority")) || null, narrative: text("narrative") },
      orders: ["order1", "order2", "order3"].map(text).filter(Boolean).map((line) => readLine(line, answered ?? from)),
    };
    if (hungUp) found.hung_up_at = new Date(hungUp).toISOString();
    for (const name of ["taken_by", "caller_number", "caller_name", "narrative"]) if (text(name)) found[name] = text(name);
    found.incident = Object.fromEntries(Object.entries(found.incident).filter(([, value]) => value));
    return found;
  }

  /** Enter the card; what cannot be read stays in the form and is named. */
  async function enter() {
    const found = body();
    const wrong = found.orders.find((line) => line.wrong);
    if (!found.number || !found.answered_at || wrong) {
      told.textContent = wrong ? fill(gettext("cannot be read: %(word)s"), { word: wrong.wrong }) : gettext("A card needs its serial and the time of the answer.");
      return;
    }
    told.textContent = "";
    // What is typed while a card is on its way would be cleared with it.
    form.inert = true;
    try {
      const answer = await page.api.post("/api/late-entries/", { ...found, orders: found.orders.map((line) => line.order) });
      clear();
      await page.load();
      told.textContent = saysEntered(answer);
    } catch (error) {
      told.textContent = wordsOf(error);
    }
    form.inert = false;
    focus();
  }

  function saysEntered(answer) {
    if (answer.spooled) return fill(gettext("Card %(n)s lies in the emergency spool: the database takes no writes."), { n: answer.spooled.number });
    const { serial, similar } = answer.late_entry;
    if (similar.length) return fill(gettext("Card %(serial)s entered. It may be the same event as another one: see the list."), { serial });
    return fill(gettext("Card %(serial)s entered."), { serial });
  }

  function clear() {
    form.reset();
    place.set("");
    type.set("");
    Object.assign(state, { point: null, type: "" });
    paintMeaning();
  }

  /** Offer the next serial that no card has used. */
  function renew() {
    if (inputs.number.value) return;
    const next = page.now.blocks.filter((block) => block.purpose === "paper").flatMap((block) => block.open).sort((a, b) => a - b)[0];
    if (next) inputs.number.value = String(next);
  }

  function focus() {
    inputs.number.focus();
    inputs.number.select();
  }

  return { enter, focus, renew };
}

function wordsOf(error) {
  const fields = Object.values(error.fields ?? {}).flat();
  if (error.code === "number_used") return fill(gettext("This serial was entered already, as call %(no)s."), { no: error.current?.call_no ?? "" });
  return fields.length ? fields.join(" ") : error.message;
}
