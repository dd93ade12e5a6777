/**
 * The fields of the intake form; where, what, how grave, who.
 */

import { gettext, pgettext } from "../words.js";
import { button, el, setAttr, setText, shape, show } from "./dom.js";
import { makeChips } from "./form_fields.js";
import { emptyValues, proposePriority } from "./intake_facts.js";
import { makePick, searchPlaces } from "./pick.js";
import { searchCodes } from "./pinyin.js";

const INCIDENT_KINDS = ["CK01", "CK02", "CK03", "CK04"];
const COUNTS = ["offenders_reported", "injured", "trapped", "dead"];

/**
 * Make the form.
 * @param {object} desk the desk
 * @param {(name: string) => void} onEdit a value was changed by hand
 * @returns {object} `{node, values, fill, take, focus, setPoint}`
 */
export function makeIntakeForm(desk, onEdit) {
  let values = emptyValues();
  const { codes } = desk;
  const types = codes.list("incident_type");
  const edit = (name, value) => {
    values[name] = value;
    if (["weapon", "hazmat", "explosion_leak", "dead", "type_reported"].includes(name)) propose();
    onEdit(name);
  };

  const channel = el("select.field", { name: "channel", "aria-label": pgettext("console", "Channel") }, ...codes.list("channel").map((row) => el("option", { value: row.code, text: codes.word("channel", row.code) })));
  channel.addEventListener("change", () => edit("channel", channel.value));
  const number = line("caller_number", gettext("Number of the caller"), { inputmode: "tel", class: "field digits" });
  const place = makePick({
    label: pgettext("console", "Place"), placeholder: gettext("Place: name, pinyin or initials"), name: "address_text",
    search: (query) => searchPlaces(desk, query),
    onText: (text) => {
      values.point = null;
      values.point_status = "none";
      edit("address_text", text.trim());
      paintPoint();
    },
    onPick: (item) => {
      setPoint({ lat: item.value.lat, lng: item.value.lng, source: "place" }, item.value.name, "verified");
      type.input.focus();
    },
  });
  const pointSays = el("button.point-says", { type: "button", on: { click: togglePoint } });
  const note = line("place_note", gettext("Entrance, floor, hints"));
  const type = makePick({
    label: pgettext("console", "Type"), placeholder: gettext("Type: code, words or initials"), name: "type_reported",
    search: (query) => searchCodes(types, query, 8).map((row) => ({ text: codes.word("incident_type", row.code), mark: row.code, note: `P${row.priority}`, value: row })),
    onText: (text) => { if (!text.trim()) setType(""); },
    onPick: (item) => {
      setType(item.value.code);
      narrative.focus();
    },
  });
  const asks = el("p.asks", { "aria-live": "polite" });
  const priority = makeChips({
    label: pgettext("console", "Priority"), options: codes.list("priority").map((row) => ({ value: row.code, text: codes.word("priority", row.code), data: { priority: row.code } })),
    onPick: (value) => { values.priorityByHand = true; edit("priority", Number(value)); },
  });
  const proposed = el("span.proposed.soft");
  const narrative = el("textarea.field", { name: "narrative", rows: "4", maxlength: "4000", "aria-label": gettext("What happened"), placeholder: gettext("What happened") });
  narrative.addEventListener("input", () => edit("narrative", narrative.value));
  const dangers = Object.fromEntries(["weapon", "hazmat", "explosion_leak"].map((name) => [name, danger(name)]));
  const name = line("caller_name", pgettext("console", "Caller"));
  const phone = line("contact_phone", gettext("Phone to reach the caller"), { inputmode: "tel", class: "field digits" });
  const plate = line("vehicle_plate", pgettext("console", "Plate"), { class: "field code" });
  const counts = Object.fromEntries(COUNTS.map((one) => [one, count(one)]));
  const kind = makeChips({
    label: gettext("Kind of call"), options: INCIDENT_KINDS.map((code) => ({ value: code, text: codes.word("call_kind", code) })),
    onPick: (value) => edit("kind", value),
  });

  const node = el("div.intake-fields", {},
    row(pgettext("console", "Channel"), el("div.pair", {}, channel, number)),
    row(pgettext("console", "Kind"), kind.node),
    row(pgettext("console", "Place"), el("div", {}, el("div.pair.wide-left", {}, place.box, button(pgettext("console", "Map"), () => desk.emit("map-pick"), { key: "F4" })), pointSays)),
    row("", note),
    row(pgettext("console", "Type"), el("div", {}, type.box, asks)),
    row(pgettext("console", "Priority"), el("div.pair.wide-left", {}, priority.node, proposed)),
    row(gettext("What happened"), narrative),
    el("fieldset.dangers", {}, el("legend.unseen", { text: gettext("Dangers") }), ...Object.values(dangers).map((one) => one.node)),
    row(pgettext("console", "Caller"), el("div.pair", {}, name, phone)),
    el("div.counts", {}, ...Object.values(counts).map((one) => one.node), el("label.count", {}, el("span", { text: pgettext("console", "Plate") }), plate)));

  function row(text, control) {
    return el("div.intake-row", {}, el("span.label", { text }), control);
  }

  function line(field, label, props = {}) {
    const input = el("input.field", { type: "text", name: field, autocomplete: "off", maxlength: "200", "aria-label": label, placeholder: label, ...props });
    input.addEventListener("input", () => edit(field, input.value.trim()));
    return input;
  }

  function danger(field) {
    const label = { weapon: gettext("Weapon"), hazmat: gettext("Hazmat"), explosion_leak: gettext("Explosion or leak") }[field];
    const chips = makeChips({
      label, options: ["yes", "no", "unknown"].map((value) => ({ value, text: codes.word("weapon_answer", value), data: { answer: value } })),
      onPick: (value) => edit(field, value),
    });
    return { node: el("div.danger", {}, el("span.label", { text: label }), chips.node), chips };
  }

  function count(field) {
    const label = { offenders_reported: gettext("Suspects"), injured: gettext("Injured"), trapped: gettext("Trapped"), dead: gettext("Dead") }[field];
    const input = el("input.field.digits", { type: "text", inputmode: "numeric", name: field, maxlength: "4", autocomplete: "off" });
    input.addEventListener("input", () => {
      const digits = input.value.normalize("NFKC").replace(/\D/g, "");
      if (digits !== input.value) input.value = digits;
      edit(field, digits === "" ? null : Number(digits));
    });
    return { node: el("label.count", {}, el("span", { text: label }), input), input };
  }

  function setType(code) {
    edit("type_reported", code);
    paintAsks();
  }

  function paintAsks() {
    const top = codes.code("incident_type", values.type_reported.slice(0, 2));
    const list = (codes.language.startsWith("zh") ? top?.asks_zh : top?.asks_en) ?? [];
    asks.replaceChildren(...list.map((text) => el("span.ask", { text })));
    show(asks, list.length > 0);
  }

  /** Propose a priority from type and dangers; what a person has chosen stays. */
  function propose() {
    const wanted = proposePriority(codes.code("incident_type", values.type_reported)?.priority, values);
    if (!values.priorityByHand && (values.type_reported || wanted === 1)) {
      values.priority = wanted;
      priority.set(wanted);
    }
    setText(proposed, values.priority && values.priority !== wanted ? `${gettext("proposed")} ${codes.word("priority", String(wanted))}` : "");
  }

  function setPoint(point, text, status) {
    values.point = { lat: point.lat, lng: point.lng, crs: "WGS84", source: point.source };
    values.point_status = status;
    if (text) {
      place.set(text);
      values.address_text = text;
    }
    edit("point", values.point);
    paintPoint();
  }

  function togglePoint() {
    if (!values.point) return;
    values.point_status = values.point_status === "verified" ? "unverified" : "verified";
    edit("point_status", values.point_status);
    paintPoint();
  }

  function paintPoint() {
    const state = values.point ? values.point_status : "none";
    const [level, form, text] = {
      verified: ["normal", "circle", gettext("place verified")], unverified: ["caution", "square", gettext("place unverified")],
    }[state] ?? ["off", "bar", values.address_text ? gettext("words only, no point yet") : gettext("no place yet")];
    pointSays.className = `point-says level-${level}`;
    pointSays.replaceChildren(shape(form), el("span", { text: values.point ? `${text} ${values.point.lng.toFixed(4)}, ${values.point.lat.toFixed(4)}` : text }));
    setAttr(pointSays, "title", values.point ? gettext("Switch between verified and unverified") : null);
  }

  /** Put values into the fields, all of them. */
  function fill(fresh) {
    values = { ...emptyValues(), ...fresh };
    channel.value = values.channel;
    for (const [input, field] of [[number, "caller_number"], [note, "place_note"], [narrative, "narrative"], [name, "caller_name"], [phone, "contact_phone"], [plate, "vehicle_plate"]]) input.value = values[field] ?? "";
    for (const [field, { input }] of Object.entries(counts)) input.value = values[field] ?? "";
    for (const [field, { chips }] of Object.entries(dangers)) chips.set(values[field]);
    kind.set(values.kind);
    place.set(values.address_text);
    type.set(codes.word("incident_type", values.type_reported));
    priority.set(values.priority);
    paintPoint();
    paintAsks();
    propose();
  }

  fill(values);
  return {
    node, fill, setPoint,
    values: () => values,
    /** Take values that somebody else has written. */
    take(some) {
      const renamed = { ...some };
      if ("contact_name" in some) renamed.caller_name = some.contact_name;
      delete renamed.contact_name;
      fill({ ...values, ...renamed });
    },
    focus: () => place.input.focus(),
    focusPlace(text) {
      place.set(text ?? place.input.value);
      place.input.focus();
      place.input.dispatchEvent(new Event("input"));
    },
    focusType(text) {
      type.set(text ?? "");
      type.input.focus();
      type.input.dispatchEvent(new Event("input"));
    },
    setType(code) {
      setType(code);
      type.set(codes.word("incident_type", code));
    },
  };
}
