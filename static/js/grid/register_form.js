/** A form that writes into a register at once: what the server refuses stands under its field, and nothing typed is lost. */

import { el } from "../phone/dom.js";
import { gettext } from "../words.js";
import { field } from "./parts.js";

/**
 * Make a form.
 * @param {object} facts
 * @param {string} facts.name of the form, for tests and styles
 * @param {{key: string, label: string, options?: {value: string, text: string}[], value?: string, max?: number, number?: boolean, required?: boolean}[]} facts.fields
 * @param {string} facts.button what the button says
 * @param {(said: object) => {send: () => Promise<object>}} facts.act makes the act of what was said; sent again unchanged it stays one act
 * @param {() => void} facts.done called when it was taken
 * @returns {{node: HTMLFormElement, inputs: Record<string, HTMLElement>, clear: () => void}}
 */
export function makeRegisterForm({ name, fields, button, act, done }) {
  const inputs = Object.fromEntries(fields.map((one) => [one.key, inputOf(one)]));
  const faults = Object.fromEntries(fields.map((one) => [one.key, el("span", { class: "field-fault", id: `fault-${crypto.randomUUID()}`, hidden: true })]));
  const trouble = el("p", { class: "field-fault", role: "alert", hidden: true });
  const submit = el("button", { type: "submit", class: "main-act", text: button });
  const node = el("form", { class: "work", novalidate: true, data: { form: name }, on: { submit: send } }, ...fields.map((one) => el("div", {}, field(one.label, inputs[one.key]), faults[one.key])), trouble, submit);
  let last = null;

  async function send(event) {
    event.preventDefault();
    const missing = fields.find((one) => one.required && !inputs[one.key].value.trim());
    tell(missing ? { [missing.key]: gettext("This is missing.") } : {}, "");
    if (missing) return inputs[missing.key].focus();
    const said = Object.fromEntries(fields.map((one) => [one.key, valueOf(one, inputs[one.key])]));
    const text = JSON.stringify(said);
    if (last?.text !== text) last = { text, act: act(said) };
    submit.disabled = true;
    try {
      await last.act.send();
      last = null;
      done();
    } catch (error) {
      if (!error.mayRepeat) last = null;
      const known = Object.fromEntries(Object.entries(error.fields ?? {}).filter(([key]) => key in inputs));
      tell(known, Object.keys(known).length ? "" : error.message);
      inputs[Object.keys(known)[0]]?.focus();
    } finally {
      submit.disabled = false;
    }
    return undefined;
  }

  function tell(found, whole) {
    for (const [key, fault] of Object.entries(faults)) {
      const says = [found[key] ?? ""].flat().join(" ");
      fault.textContent = says;
      fault.hidden = !says;
      inputs[key].setAttribute("aria-invalid", String(Boolean(says)));
      if (says) inputs[key].setAttribute("aria-describedby", fault.id);
      else inputs[key].removeAttribute("aria-describedby");
    }
    trouble.textContent = whole;
    trouble.hidden = !whole;
  }

  return {
    node,
    inputs,
    clear() {
      node.reset();
      tell({}, "");
    },
  };
}

function inputOf(one) {
  if (one.options) {
    const select = el("select", { required: one.required }, ...one.options.map(({ value, text }) => el("option", { value, text })));
    select.value = one.value ?? one.options[0]?.value ?? "";
    for (const option of select.options) option.defaultSelected = option.value === select.value;
    return select;
  }
  const input = el("input", { type: "text", maxlength: one.max, inputmode: one.number ? "numeric" : undefined, required: one.required, autocomplete: "off" });
  input.defaultValue = one.value ?? "";
  return input;
}

/** A number that is none goes as it was typed: the server says what is wrong with it. */
function valueOf(one, input) {
  const text = input.value.trim();
  if (!one.number) return text;
  return text === "" ? null : /^\d+$/.test(text) ? Number(text) : text;
}
