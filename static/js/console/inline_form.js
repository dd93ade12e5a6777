/**
 * An act of the user as a form in place: no dialog, Enter sends, Esc closes, a stale version is shown
 * with both values.
 */

import { fill, gettext, pgettext } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el } from "./dom.js";
import { makeField } from "./form_fields.js";
import { isComposing } from "./keys.js";

/**
 * Make the form of an act.
 * @param {object} act from `verbs.js`
 * @param {object} row the row it is done to
 * @param {object} desk the desk
 * @param {() => void} close called when the form has done its work or is given up
 * @returns {HTMLFormElement}
 */
export function makeForm(act, row, desk, close) {
  const fields = act.fields.map((field) => makeField(field, desk));
  const says = el("p.form-says", { role: "alert", hidden: true });
  const send = button(act.label, () => form.requestSubmit(), { key: "Enter", kind: "main" });
  const form = el(
    "form.inline-form",
    { "aria-label": act.label, novalidate: true, on: { submit, keydown: onKey } },
    el("p.form-title", { text: act.label }),
    ...fields.map(({ node }) => node),
    says,
    el("div.form-verbs", {}, send, button(pgettext("console", "Close"), close, { key: "Esc" })),
  );
  let busy = false;

  function onKey(event) {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && (event.target.tagName !== "TEXTAREA" || event.ctrlKey)) {
      event.preventDefault();
      event.stopPropagation();
      form.requestSubmit();
    }
  }

  function submit(event) {
    event.preventDefault();
    const values = { ...act.fixed };
    for (const field of fields) {
      const problem = field.read(values);
      if (problem) return refuse(problem, field);
    }
    return run(values, row.version);
  }

  async function run(values, version) {
    if (busy) return;
    busy = true;
    send.disabled = true;
    const body = act.versioned ? { ...values, version } : values;
    const { error, answer } = await desk.act(act.method, act.path, body, { quiet: true, done: doneSentence(act, row) });
    busy = false;
    send.disabled = false;
    if (!error) {
      act.onDone?.(answer);
      return close();
    }
    if (error.code === "stale" && error.current) return showBoth(values, error.current);
    return refuse(error.fields && Object.keys(error.fields).length ? fieldSentence(error, act) : error.message);
  }

  function refuse(text, field = null) {
    says.textContent = text;
    says.hidden = false;
    field?.focus();
  }

  /** A stale version: show what stands there now beside what was typed, and let the person choose. */
  function showBoth(values, current) {
    const rows = Object.keys(values)
      .filter((name) => JSON.stringify(values[name]) !== JSON.stringify(current[name]))
      .map((name) => {
        const field = act.fields.find((one) => one.name === name);
        return el(
          "tr",
          {},
          el("th", { text: field?.label ?? name, scope: "row" }),
          el("td", { text: shown(values[name]) }),
          el("td", { text: shown(current[name]) }),
        );
      });
    const mine = button(
      gettext("Keep mine"),
      () => {
        both.remove();
        run(values, current.version);
      },
      { kind: "main" },
    );
    const both = el(
      "div.both",
      { role: "alert" },
      el("p", { text: gettext("Somebody else has changed this in the meantime.") }),
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el("tr", {}, el("th"), el("th", { text: gettext("Mine") }), el("th", { text: gettext("Theirs") })),
        ),
        el("tbody", {}, ...rows),
      ),
      el("div.form-verbs", {}, mine, button(gettext("Take theirs"), close)),
    );
    form.querySelector(".both")?.remove();
    form.append(both);
    mine.focus();
  }

  queueMicrotask(() => (fields[0] ?? send).focus());
  return form;
}

function shown(value) {
  if (value === null || value === undefined || value === "") return "—";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function doneSentence(act, row) {
  const name = row.incident_no ? `#${shortNumber(row.incident_no)}` : (row.call_sign ?? "");
  return fill(gettext("Done: %(what)s %(name)s"), { what: act.label, name });
}

function fieldSentence(error, act) {
  return Object.entries(error.fields)
    .map(([path, messages]) => {
      const field = act.fields.find((one) => one.name === path.split(".")[0]);
      return `${field?.label ?? path}: ${[messages].flat().join(" ")}`;
    })
    .join(" ");
}
