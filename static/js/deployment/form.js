/**
 * The form of a trial: a period, a way of sending, one line for each change. A place is typed or picked on the map.
 */

import { el } from "../console/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { dayText } from "./demand.js";
import { changeWord, minutesOf, wayWord } from "./words.js";

const KINDS = ["move", "remove", "add", "shift"];
const WAYS = ["road", "straight", "own_station"];
const NEVER = ["UB", "UV", "UJ"];
const DAY_MS = 86_400_000;
const BACK_DAYS = 27;
const MOST = 40;

/**
 * Make the form.
 * @param {object} means `api`, `codes`, `units`, `pickPlace(onPoint)` and `onAsk(body)`
 * @returns {{form: HTMLElement, submit: () => void, showFields: (fields: object) => void}}
 */
export function makeForm({ api, codes, units, pickPlace, onAsk }) {
  const yesterday = new Date(Date.now() - DAY_MS);
  const name = el("input", { name: "name", maxlength: "100", autocomplete: "off" });
  const since = el("input", { type: "date", name: "since", required: true, value: dayText(new Date(yesterday - BACK_DAYS * DAY_MS)) });
  const until = el("input", { type: "date", name: "until", required: true, value: dayText(yesterday) });
  const way = el("select", { name: "way" }, ...WAYS.map((value) => el("option", { value, text: wayWord(value) })));
  const signs = el("datalist", { id: "deployment-units" }, ...units.filter((unit) => unit.dispatchable).map((unit) => el("option", { value: unit.call_sign, text: unit.label })));
  const list = el("ol.deployment-changes", { "aria-label": gettext("Changes") });
  const told = el("p.field-told", { role: "alert" });
  const add = el("button.manage-verb", { type: "button", text: gettext("One more change"), on: { click: () => addLine().focus() } });
  const go = el("button.manage-verb.is-main", { type: "submit" }, el("span", { text: gettext("Play the period") }), " ", el("kbd", { text: "Ctrl Enter" }));
  const lines = [];
  const form = el("form.deployment-form", { novalidate: true },
    el("h2", { text: gettext("What if …") }),
    field(pgettext("trial", "Name"), name),
    el("div.deployment-pair", {}, field(gettext("From day"), since), field(gettext("To day"), until)),
    field(gettext("How units are sent"), way), signs, list, el("div.panel-verbs", {}, add, go), told,
    el("p.deployment-note", { text: gettext("The fleet as it was is always sent as advised now. Both fleets meet the same incidents with the same luck.") }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit().catch((error) => showFault(error));
  });

  function addLine() {
    if (lines.length >= MOST) return add;
    const line = makeLine({ api, codes, pickPlace, onGone: () => drop(line) });
    lines.push(line);
    list.append(line.node);
    return line.kind;
  }

  function drop(line) {
    lines.splice(lines.indexOf(line), 1);
    line.node.remove();
    add.focus();
  }

  async function submit() {
    told.textContent = "";
    const changes = [];
    for (const line of lines) changes.push(await line.read());
    await onAsk({ name: name.value, since: since.value, until: until.value, way: way.value, changes });
  }

  /** Say what the server or a line refuses, at the line that it is about. */
  function showFault(error) {
    const paths = Object.keys(error.fields ?? {});
    const words = paths.map((path) => {
      const number = /^changes\.(\d+)/.exec(path);
      const said = [error.fields[path]].flat().join(" ");
      return number ? fill(gettext("Change %(n)s: %(said)s"), { n: Number(number[1]) + 1, said }) : said;
    });
    told.textContent = words.join(" ") || error.message;
  }

  return { form, submit: () => form.requestSubmit() };
}

function field(label, input) {
  return el("label.field", {}, el("span", { text: label }), input);
}

/** Make the line of one change: what does not belong to its kind is hidden. */
function makeLine({ api, codes, pickPlace, onGone }) {
  let point = null;
  const kind = el("select", { "aria-label": gettext("Kind of change") }, ...KINDS.map((value) => el("option", { value, text: changeWord(value) })));
  const sign = el("input", { list: "deployment-units", maxlength: "12", autocomplete: "off", spellcheck: "false", "aria-label": gettext("Call sign"), placeholder: gettext("Call sign") });
  const unitKind = el("select", { "aria-label": gettext("Kind of unit") }, ...codes.list("unit_kind").filter((row) => !NEVER.includes(row.code)).map((row) => el("option", { value: row.code, text: codes.word("unit_kind", row.code) })));
  const place = el("input", { maxlength: "100", autocomplete: "off", "aria-label": gettext("Place of the post"), placeholder: gettext("Place, or latitude, longitude") });
  const onMap = el("button.manage-verb", { type: "button", text: gettext("On the map"), on: { click: () => pickPlace(take) } });
  const from = el("input.deployment-short", { value: "08:00", "aria-label": pgettext("shift", "On duty from") });
  const to = el("input.deployment-short", { value: "20:00", "aria-label": pgettext("shift", "On duty until") });
  const minutes = el("input.deployment-short", { type: "number", min: "-720", max: "720", step: "10", value: "60", "aria-label": gettext("Minutes later (earlier with a minus)") });
  const later = el("span", { text: gettext("min later") });
  const gone = el("button.manage-verb", { type: "button", "aria-label": gettext("Remove this change"), text: "×", on: { click: onGone } });
  const found = el("small.deployment-found", { role: "status" });
  const node = el("li", {}, kind, sign, unitKind, place, onMap, from, to, minutes, later, gone, found);
  const shown = { move: [sign, place, onMap], remove: [sign], add: [sign, unitKind, place, onMap, from, to], shift: [sign, minutes, later] };

  function paint() {
    for (const one of [sign, unitKind, place, onMap, from, to, minutes, later]) one.hidden = !shown[kind.value].includes(one);
    found.hidden = place.hidden;
  }

  function take(picked) {
    point = picked;
    place.value = `${picked.lat.toFixed(5)}, ${picked.lng.toFixed(5)}`;
    found.textContent = "";
    place.focus();
  }

  /** Find the typed place: two numbers are a point (WGS-84), words are looked up. */
  async function look() {
    const numbers = /^\s*(-?\d+\.\d+)\s*[,，\s]\s*(-?\d+\.\d+)\s*$/.exec(place.value);
    if (numbers) point = { lat: Number(numbers[1]), lng: Number(numbers[2]) };
    else if (place.value.trim()) {
      const { places } = await api.get(`/api/places/?q=${encodeURIComponent(place.value.trim().slice(0, 60))}&limit=1`, { seconds: 6 });
      point = places.length ? { lat: places[0].lat, lng: places[0].lng } : null;
      found.textContent = places.length ? `→ ${places[0].name}` : gettext("No such place is known.");
    }
    return point;
  }

  kind.addEventListener("change", paint);
  place.addEventListener("input", () => {
    point = null;
    found.textContent = "";
  });
  place.addEventListener("change", () => look().catch(() => {}));
  paint();

  async function read() {
    const change = { kind: kind.value, call_sign: sign.value.trim() };
    if (kind.value === "move" || kind.value === "add") {
      const at = point ?? (await look());
      change.place = place.value.trim();
      change.point = at && { ...at, crs: "WGS84" };
    }
    if (kind.value === "shift") change.minutes = Number(minutes.value) || 0;
    if (kind.value === "add") Object.assign(change, { unit_kind: unitKind.value, from_minute: minutesOf(from.value) ?? 0, to_minute: minutesOf(to.value) ?? 0 });
    return change;
  }

  return { node, kind, read };
}
