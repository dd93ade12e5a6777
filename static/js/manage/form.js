/**
 * The panel beside a list: fields, what the server says of them, and two versions side by side after a 409.
 */

import { el } from "../console/dom.js";
import { gettext, pgettext } from "../words.js";
import { fieldWord, valueWord } from "./labels.js";
import { differences, linesOf } from "./model.js";

let made = 0;

/**
 * Make one labelled field.
 * @param {{name: string, kind: "text"|"number"|"flag"|"lines"|"fixed"|"password"|"choice"|"moment"|"day", value: *, label?: string,
 *   hint?: string, required?: boolean, options?: Array<{value: string, text: string}>, limit?: number}} facts
 * @returns {{node: HTMLElement, input: HTMLElement|null, read: () => *}}
 */
export function makeField({ name, kind, value, label = fieldWord(name), hint = "", required = false, options = [], limit = 200 }) {
  // Several forms of a panel may ask for the same thing: each field has an id of its own.
  const id = `field-${name}-${(made += 1)}`;
  const told = el("p.field-told", { id: `${id}-told` });
  if (kind === "fixed") {
    return { name, input: null, told, read: () => value, node: el("div.field.field-fixed", {}, el("span", { text: label }), el("output", { text: valueWord(value) })) };
  }
  const input = makeInput({ id, name, kind, value, required, options, limit });
  input.setAttribute("aria-describedby", told.id);
  const words = el("span", { text: label });
  const node = kind === "flag"
    ? el("label.field.field-flag", {}, input, words, told)
    : el("label.field", {}, words, hint ? el("small", { text: hint }) : null, input, told);
  return { name, input, told, node, read: () => readInput(input, kind) };
}

function makeInput({ id, name, kind, value, required, options, limit }) {
  if (kind === "lines") return el("textarea", { id, name, rows: Math.min(8, Math.max(2, value.length + 1)), value: value.join("\n") });
  if (kind === "choice") {
    const list = options.map((option) => el("option", { value: option.value, text: option.text }));
    const select = el("select", { id, name }, ...list);
    select.value = value ?? "";
    return select;
  }
  if (kind === "flag") {
    const box = el("input", { id, name, type: "checkbox" });
    box.checked = Boolean(value);
    return box;
  }
  const type = { number: "number", password: "password", moment: "datetime-local", day: "date" }[kind] ?? "text";
  const steps = kind === "number" ? { min: 0, step: 1, inputmode: "numeric" } : { maxlength: limit };
  const autocomplete = kind === "password" ? "new-password" : "off";
  return el("input", { id, name, type, ...steps, autocomplete, spellcheck: "false", required, value: value ?? "" });
}

function readInput(input, kind) {
  if (kind === "flag") return input.checked;
  if (kind === "number") return input.value === "" ? null : Number(input.value);
  if (kind === "lines") return linesOf(input.value);
  // The field shows the city's time, whatever zone the machine is set to.
  if (kind === "moment") return input.value && `${input.value}:00+08:00`;
  return kind === "password" ? input.value : input.value.trim();
}

/** Show beside the fields what the server says of them; what belongs to no field is returned as one text. */
export function tellFields(fields, error) {
  const left = [];
  for (const field of fields) tellField(field, "");
  for (const [path, sentences] of Object.entries(error?.fields ?? {})) {
    const field = fields.find((one) => one.name === path || one.name === path.split(".").at(-1));
    if (field?.input) tellField(field, sentences.join(" "));
    else left.push(sentences.join(" "));
  }
  const first = fields.find((field) => field.told.textContent);
  first?.input?.focus();
  return first ? left.join(" ") : left.join(" ") || error?.message || "";
}

function tellField(field, text) {
  field.told.textContent = text;
  if (text) field.input?.setAttribute("aria-invalid", "true");
  else field.input?.removeAttribute("aria-invalid");
}

/**
 * Show my version and the present one side by side and let the person decide.
 * @param {object} mine the facts that I wanted to save
 * @param {object} current the row as it is now
 * @param {{keep: () => void, take: () => void}} decide
 */
export function makeConflict(mine, current, { keep, take }) {
  const rows = differences(mine, current).map(({ name, mine: my, theirs }) =>
    el("tr", {}, el("th", { scope: "row", text: fieldWord(name) }), el("td", { text: valueWord(theirs) }), el("td", { text: valueWord(my) })));
  const heads = [gettext("Field"), pgettext("version", "present"), pgettext("version", "mine")].map((text) => el("th", { scope: "col", text }));
  return el("section.conflict", { role: "alert" },
    el("p", {}, el("span.level-serious", {}, el("span.shape", { data: { shape: "diamond" }, "aria-hidden": "true" })),
      el("strong", { text: gettext("Somebody changed this meanwhile.") })),
    rows.length ? el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows)) : el("p", { text: gettext("Both versions are the same now.") }),
    el("div.panel-verbs", {},
      el("button.manage-verb", { type: "button", text: gettext("Save mine"), on: { click: keep } }),
      el("button.manage-verb", { type: "button", text: gettext("Take the present version"), on: { click: take } })));
}
