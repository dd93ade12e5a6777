/** Fields for a wet thumb: large choices, native pickers, text with phrases at hand. */

import { fill, gettext } from "../words.js";
import { el } from "./dom.js";

/**
 * Make a list of choices as large rows.
 * @param {string} name of the field
 * @param {{value: string, label: string, hint?: string}[]} options
 * @param {{chosen?: string[], many?: boolean, columns?: 1|2|3, shown?: number,
 *   onChange?: () => void}} [how] `shown`: how many stand open, the others behind one tap
 * @returns {{node: HTMLElement, values: () => string[]}} `values` in the order of the taps
 */
export function choices(name, options, { chosen = [], many = false, columns = 1, shown = options.length, onChange = () => {} } = {}) {
  let order = chosen.filter((value) => options.some((option) => option.value === value));
  const tapped = ({ target }) => {
    if (!many) order = [target.value];
    else order = target.checked ? [...order, target.value] : order.filter((value) => value !== target.value);
    onChange();
  };
  const row = (option) => el("label", { class: "choice" },
    el("input", {
      type: many ? "checkbox" : "radio", name, value: option.value, checked: order.includes(option.value), on: { change: tapped },
    }),
    el("span", {}, el("b", { text: option.label }), option.hint && el("small", { text: option.hint })));
  const grid = (some) => el("div", { class: "choices", data: { columns } }, some.map(row));
  const rest = options.slice(shown);
  const node = !rest.length ? grid(options) : el("div", { class: "stack" }, grid(options.slice(0, shown)),
    el("details", {}, el("summary", { text: gettext("More …") }), grid(rest)));
  return { node, values: () => order };
}

/**
 * Make a text field.
 * @param {string} label
 * @param {{name: string, value?: string, rows?: number, limit?: number, hint?: string, kind?: string, mode?: string,
 *   onChange?: () => void}} how `rows` above 1 makes a large one, `mode` is the keyboard
 * @returns {{node: HTMLElement, value: () => string, add: (text: string) => void, field: HTMLElement}}
 */
export function textField(label, { name, value = "", rows = 1, limit = 400, hint = "", kind = "text", mode, onChange = () => {} }) {
  const facts = { name, maxlength: limit, placeholder: hint, autocomplete: "off", on: { input: onChange } };
  const field = rows > 1 ? el("textarea", { ...facts, rows }) : el("input", { ...facts, type: kind, inputmode: mode });
  field.value = value;
  return {
    node: el("label", { class: "field" }, el("span", { text: label }), field),
    field,
    value: () => field.value.trim(),
    add(text) {
      const before = field.value.trim();
      field.value = before ? fill(gettext("%(before)s, %(more)s"), { before, more: text }) : text;
      onChange();
    },
  };
}

/** Make a field for a count; empty means unknown and is `null`, never 0. */
export function countField(label, { name, value = null, onChange }) {
  const field = textField(label, { name, value: value === null ? "" : String(value), limit: 7, mode: "numeric", onChange });
  const number = () => (/^\d+$/.test(field.value()) ? Number(field.value()) : null);
  return { node: field.node, value: number };
}

/**
 * Make a picker of the device for a long list.
 * @param {string} label
 * @param {{value: string, label: string}[]} options
 * @param {{name: string, value?: string, empty?: string, onChange?: () => void}} how
 */
export function picker(label, options, { name, value = "", empty = "–", onChange = () => {} }) {
  const field = el("select", { name, on: { change: onChange } });
  let shown = null;
  /** Offer other options; the choice stays if it is still among them. */
  function renew(next) {
    const signature = JSON.stringify(next);
    if (signature === shown) return;
    const kept = shown === null ? value : field.value;
    shown = signature;
    field.replaceChildren(
      el("option", { value: "", text: empty }),
      ...next.map((option) => el("option", { value: option.value, text: option.label })),
    );
    field.value = next.some((option) => option.value === kept) ? kept : "";
  }
  renew(options);
  return { node: el("label", { class: "field" }, el("span", { text: label }), field), field, renew, value: () => field.value };
}

/** Offer phrases that are added to a text field by one tap; links, so that they are no buttons of the screen. */
export function phrases(list, target) {
  const tapped = (event, text) => {
    event.preventDefault();
    target.add(text);
  };
  return el("p", { class: "phrases" }, list.map((text) => el("a", {
    href: "#", role: "button", text, on: { click: (event) => tapped(event, text) },
  })));
}

/** List the codes of a table as options, those that matter first. */
export function codeOptions(codes, table, first = []) {
  const rows = codes.list(table).filter((row) => row.active !== false);
  const preferred = [...new Set(first)].map((code) => rows.find((row) => row.code === code)).filter(Boolean);
  const others = rows.filter((row) => !preferred.includes(row));
  return [...preferred, ...others].map((row) => ({ value: row.code, label: codes.word(table, row.code) }));
}
