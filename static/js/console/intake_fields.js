/**
 * The plain fields of the intake form: channel, caller, words, dangers, counts.
 */

import { gettext, pgettext } from "../words.js";
import { el, onText } from "./dom.js";
import { makeChips } from "./form_fields.js";

const INCIDENT_KINDS = ["CK01", "CK02", "CK03", "CK04"];
const DANGERS = ["weapon", "hazmat", "explosion_leak"];
const ANSWERS = ["yes", "no", "unknown"];
const COUNTS = ["offenders_reported", "injured", "trapped", "dead"];

/**
 * Make the plain fields.
 * @param {object} desk the desk
 * @param {(name: string, value: any) => void} edit told of each change by hand
 * @returns {object} the fields by name, each with its `node`, and `fill(values)`
 */
export function makeFields(desk, edit) {
  const { codes } = desk;
  const lines = {
    caller_number: line("caller_number", gettext("Number of the caller"), { inputmode: "tel", class: "field digits" }),
    place_note: line("place_note", gettext("Entrance, floor, hints")),
    caller_name: line("caller_name", pgettext("console", "Caller")),
    contact_phone: line("contact_phone", gettext("Phone to reach the caller"), {
      inputmode: "tel",
      class: "field digits",
    }),
    vehicle_plate: line("vehicle_plate", pgettext("console", "Plate"), { class: "field code" }),
    narrative: words(),
  };
  const channel = channels();
  const kind = makeChips({
    label: gettext("Kind of call"),
    options: INCIDENT_KINDS.map((code) => ({ value: code, text: codes.word("call_kind", code) })),
    onPick: (value) => edit("kind", value),
  });
  const dangers = Object.fromEntries(DANGERS.map((name) => [name, danger(name)]));
  const counts = Object.fromEntries(COUNTS.map((name) => [name, count(name)]));

  function line(name, label, props = {}) {
    const input = el("input.field", {
      type: "text",
      name,
      autocomplete: "off",
      maxlength: "200",
      "aria-label": label,
      placeholder: label,
      ...props,
    });
    onText(input, () => edit(name, input.value.trim()));
    return input;
  }

  function words() {
    const label = gettext("What happened");
    const input = el("textarea.field", {
      name: "narrative",
      rows: "4",
      maxlength: "4000",
      "aria-label": label,
      placeholder: label,
    });
    onText(input, () => edit("narrative", input.value));
    return input;
  }

  function channels() {
    const options = codes
      .list("channel")
      .map((row) => el("option", { value: row.code, text: codes.word("channel", row.code) }));
    const select = el("select.field", { name: "channel", "aria-label": pgettext("console", "Channel") }, ...options);
    select.addEventListener("change", () => edit("channel", select.value));
    return select;
  }

  function danger(name) {
    const options = ANSWERS.map((value) => ({
      value,
      text: codes.word("weapon_answer", value),
      data: { answer: value },
    }));
    const chips = makeChips({ label: dangerWord(name), options, onPick: (value) => edit(name, value) });
    return { node: el("div.danger", {}, el("span.label", { text: dangerWord(name) }), chips.node), chips };
  }

  function count(name) {
    const input = el("input.field.digits", {
      type: "text",
      inputmode: "numeric",
      name,
      maxlength: "4",
      autocomplete: "off",
    });
    onText(input, () => {
      const digits = input.value.normalize("NFKC").replace(/\D/g, "");
      if (digits !== input.value) input.value = digits;
      edit(name, digits === "" ? null : Number(digits));
    });
    return { node: el("label.count", {}, el("span", { text: countWord(name) }), input), input };
  }

  /** Put values into the fields, all of them. */
  function fill(values) {
    channel.value = values.channel;
    kind.set(values.kind);
    for (const [name, input] of Object.entries(lines))
      if (document.activeElement !== input || input.value.trim() !== values[name]) input.value = values[name] ?? "";
    for (const [name, { chips }] of Object.entries(dangers)) chips.set(values[name]);
    for (const [name, { input }] of Object.entries(counts)) input.value = values[name] ?? "";
  }

  return { ...lines, channel, kind, dangers, counts, fill };
}

function dangerWord(name) {
  switch (name) {
    case "weapon":
      return gettext("Weapon");
    case "hazmat":
      return gettext("Hazmat");
    default:
      return gettext("Explosion or leak");
  }
}

function countWord(name) {
  switch (name) {
    case "offenders_reported":
      return gettext("Suspects");
    case "injured":
      return gettext("Injured");
    case "trapped":
      return gettext("Trapped");
    default:
      return gettext("Dead");
  }
}
