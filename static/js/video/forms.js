/**
 * One form of the video desk: fields, what the server says of them, one verb. Ctrl+Enter sends the form that has the focus.
 */

import { el } from "../console/dom.js";
import { makeField, tellFields } from "../manage/form.js";
import { gettext } from "../words.js";

/**
 * Make a form.
 * @param {{label: string, title?: string, fields: object[], send: (said: object) => Promise<*>, verb?: string, more?: HTMLElement[]}} facts
 *   `send` gets the values by name, without empty ones
 * @returns {HTMLFormElement}
 */
export function makeForm({ label, title = label, fields: facts, send, more = [] }) {
  const fields = facts.map(makeField);
  const told = el("p.panel-told", { role: "alert" });
  const button = el("button.manage-verb", { type: "submit", text: label });
  const run = async () => {
    const said = {};
    for (const field of fields) {
      const value = field.read();
      if (value !== "" && value !== null) said[field.name] = value;
    }
    button.disabled = true;
    try {
      await send(said);
      told.textContent = gettext("Saved.");
      for (const field of fields) tellFields([field], {});
    } catch (error) {
      told.textContent = tellFields(fields, error);
    }
    button.disabled = false;
  };
  return el(
    "form.video-form",
    { novalidate: true, "aria-label": title, on: { submit: (event) => { event.preventDefault(); run(); } } },
    ...fields.map(({ node }) => node), ...more, el("div.panel-verbs", {}, button), told,
  );
}
