/**
 * The intake form: where, what, how grave, who.
 */

import { filledBy } from "../cards.js";
import { gettext, pgettext } from "../words.js";
import { button, el, setAttr, setText, shape } from "./dom.js";
import { makeChips } from "./form_fields.js";
import { emptyValues, proposePriority } from "./intake_facts.js";
import { makeFields } from "./intake_fields.js";
import { makePick, searchPlaces } from "./pick.js";
import { searchCodes } from "./pinyin.js";

const DECIDES_PRIORITY = ["weapon", "hazmat", "explosion_leak", "dead", "type_reported"];

/**
 * Make the form.
 * @param {object} desk the desk
 * @param {(name: string) => void} onEdit a value was changed by hand
 * @param {HTMLElement} card the question card, which stands below the type
 * @returns {object} `{node, values, fill, take, setPoint, setType, focus, focusPlace, focusType}`
 */
export function makeIntakeForm(desk, onEdit, card) {
  const { codes } = desk;
  let values = emptyValues();
  const fields = makeFields(desk, edit);
  const place = makePick({
    label: pgettext("console", "Place"),
    placeholder: gettext("Place: name, pinyin or initials"),
    name: "address_text",
    search: (query) => searchPlaces(desk, query),
    onText: typePlace,
    onPick: pickPlace,
    hold: desk.keys.during,
  });
  const pointSays = el("button.point-says", { type: "button", on: { click: togglePoint } });
  const type = makePick({
    label: pgettext("console", "Type"),
    placeholder: gettext("Type: code, words or initials"),
    name: "type_reported",
    search: searchTypes,
    onText: (text) => {
      if (!text.trim()) setType("");
    },
    onPick: pickType,
    hold: desk.keys.during,
  });
  const priority = makeChips({
    label: pgettext("console", "Priority"),
    options: codes.list("priority").map((row) => ({
      value: row.code,
      text: codes.word("priority", row.code),
      data: { priority: row.code },
    })),
    onPick: (value) => {
      values.priorityByHand = true;
      edit("priority", Number(value));
    },
  });
  const proposed = el("span.proposed.soft");
  const placeSlot = el("div.intake-known"); // what is known of the place stands beside it
  const node = lay();

  function lay() {
    const map = button(pgettext("console", "Map"), () => desk.pickOnMap(), { key: "F4" });
    const counts = Object.values(fields.counts).map((one) => one.node);
    const plate = el("label.count", {}, el("span", { text: pgettext("console", "Plate") }), fields.vehicle_plate);
    return el(
      "div.intake-fields",
      {},
      row(pgettext("console", "Channel"), el("div.pair", {}, fields.channel, fields.caller_number)),
      row(pgettext("console", "Kind"), fields.kind.node),
      row(pgettext("console", "Place"), el("div", {}, el("div.pair.wide-left", {}, place.box, map), pointSays)),
      row("", fields.place_note),
      placeSlot,
      row(pgettext("console", "Type"), el("div", {}, type.box, card)),
      row(pgettext("console", "Priority"), el("div.pair.wide-left", {}, priority.node, proposed)),
      row(gettext("What happened"), fields.narrative),
      el(
        "fieldset.dangers",
        {},
        el("legend.unseen", { text: gettext("Dangers") }),
        ...Object.values(fields.dangers).map((one) => one.node),
      ),
      row(pgettext("console", "Caller"), el("div.pair", {}, fields.caller_name, fields.contact_phone)),
      el("div.counts", {}, ...counts, plate),
    );
  }

  function row(text, control) {
    return el("div.intake-row", {}, el("span.label", { text }), control);
  }

  function edit(name, value) {
    values[name] = value;
    if (DECIDES_PRIORITY.includes(name)) propose();
    onEdit(name);
  }

  function typePlace(text) {
    values.point = null;
    values.point_status = "none";
    edit("address_text", text.trim());
    paintPoint();
  }

  function pickPlace({ value }) {
    setPoint({ lat: value.lat, lng: value.lng, accuracy_m: value.accuracy_m, source: "place" }, value.name, "verified");
    type.input.focus();
  }

  function searchTypes(query) {
    return searchCodes(codes.list("incident_type"), query, 8).map((found) => ({
      text: codes.word("incident_type", found.code),
      mark: found.code,
      note: `P${found.priority}`,
      value: found.code,
    }));
  }

  function pickType({ value }) {
    setType(value);
    fields.narrative.focus();
  }

  function setType(code) {
    edit("type_reported", code);
  }

  /** Propose a priority from type and dangers; what a person has chosen stays. */
  function propose() {
    const wanted = proposePriority(codes.code("incident_type", values.type_reported)?.priority, values);
    if (!values.priorityByHand && (values.type_reported || wanted === 1)) {
      values.priority = wanted;
      priority.set(wanted);
    }
    const other = values.priority && values.priority !== wanted;
    setText(proposed, other ? `${gettext("proposed")} ${codes.word("priority", String(wanted))}` : "");
  }

  /** Accept a point; `text` names it, `status` says whether it was checked. */
  function setPoint(point, text, status) {
    values.point = { lat: point.lat, lng: point.lng, crs: "WGS84", source: point.source };
    for (const name of ["accuracy_m", "taken_at"]) if (point[name] ?? null) values.point[name] = point[name];
    values.point_status = status;
    place.set(text);
    values.address_text = text;
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
    const { point } = values;
    const [level, form, text] = pointWords(values);
    pointSays.className = `point-says level-${level}`;
    const where = point ? `${text} ${point.lng.toFixed(4)}, ${point.lat.toFixed(4)}` : text;
    pointSays.replaceChildren(shape(form), el("span", { text: where }));
    setAttr(pointSays, "title", point ? gettext("Switch between verified and unverified") : null);
  }

  /** Put values into the fields, all of them. */
  function fill(fresh) {
    values = { ...emptyValues(), ...fresh };
    fields.fill(values);
    place.set(values.address_text);
    type.set(codes.word("incident_type", values.type_reported));
    priority.set(values.priority);
    paintPoint();
    propose();
  }

  /** Take values that somebody else has written. */
  function take(some) {
    const { contact_name: name, ...others } = some;
    fill({ ...values, ...others, ...(name === undefined ? {} : { caller_name: name }) });
  }

  function search(pick, text) {
    pick.set(text);
    pick.input.focus();
    pick.input.dispatchEvent(new Event("input"));
  }

  fill(values);
  return {
    node,
    placeSlot,
    fill,
    take,
    setPoint,
    values: () => values,
    focus: () => place.input.focus(),
    focusPlace: (text) => search(place, text),
    focusType: (text) => search(type, text),
    setType(code) {
      setType(code);
      type.set(codes.word("incident_type", code));
    },
    setPriority(level) {
      values.priorityByHand = true;
      values.priority = level;
      priority.set(level);
      edit("priority", level);
    },
    /** Keep an answer of the card; it stands in its field at once, and waits here until the incident has it. */
    answer(question, answer) {
      values.answers = { ...values.answers, [question.key]: answer };
      const value = filledBy(question, answer);
      if (value !== undefined && question.fills in values) {
        edit(question.fills, value);
        fields.fill(values);
      } else onEdit("answers");
    },
    /** Forget an answer that the incident has. */
    answered(key) {
      const { [key]: _gone, ...others } = values.answers;
      values.answers = others;
    },
    focusWords: () => fields.narrative.focus(),
    setDanger(name) {
      edit(name, "yes");
      fields.fill(values);
    },
  };
}

function pointWords({ point, point_status: status, address_text: said }) {
  if (point && status === "verified") return ["normal", "circle", gettext("place verified")];
  if (point) return ["caution", "square", gettext("place unverified")];
  return ["off", "bar", said ? gettext("words only, no point yet") : gettext("no place yet")];
}
