/**
 * Directives of the chosen incident (指令, M25): what runs with every unit's receipt, and the form that sends one straight to
 * the street; the dispatcher is told by the same entry. The form is that of the fusion desk.
 */

import { directiveMark, directiveState, lineWord, taskWord } from "../directive_words.js";
import { formatTime } from "../clock.js";
import { el, shape } from "../console/dom.js";
import { directiveAct } from "../fusion/directives.js";
import { gettext } from "../words.js";
import { makeForm } from "./forms.js";

/**
 * Make the section.
 * @param {{box: HTMLElement, api: object, store: object, issues: boolean}} means
 */
export function makeDirectives({ box, api, store, issues }) {
  const list = el("ul.video-findings");
  const form = el("details.video-directive", {}, el("summary", {}, gettext("Issue a directive"), el("kbd", { text: "Alt 5" })));
  box.append(list, issues ? form : "");
  let shownFor = null;

  /** Show what runs for an incident; who writes in the form keeps it. */
  function show(incident, positions) {
    const rows = store.ofIncident("directive", incident.id);
    const key = JSON.stringify([incident.id, rows.map((row) => [row.id, row.version])]);
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...[...rows].reverse().map(line));
      box.hidden = !issues && !rows.length;
    }
    const present = positions.filter((row) => !row.replaced_at).at(-1);
    const wanted = `${incident.id}.${incident.open}.${present?.id}`;
    if (!issues || shownFor === wanted) return;
    shownFor = wanted;
    form.hidden = !incident.open;
    form.querySelector("form")?.remove();
    const act = directiveAct({ incident: incident.id, positions, open: true }, () => store.rows("unit"));
    form.append(makeForm({ label: act.label, fields: act.fields, send: (said) => send(act, said) }));
  }

  /** What was sent stands in the list above with its receipts; the form folds up, so that the incident is seen again. */
  async function send(act, said) {
    await act.ready();
    await api.post(act.path, act.shape(said));
    form.querySelector("form").reset();
    form.open = false;
    form.querySelector("summary").focus();
  }

  function line(row) {
    const [level, mark] = directiveMark(row.state);
    const units = row.units.map((one) => `${one.call_sign} ${lineWord(one.state)}`).join(" · ");
    return el("li", { data: { directive: row.id, state: row.state } }, el(`span.mark.level-${level}`, {}, shape(mark), el("b", { text: `${taskWord(row.task)} · ${directiveState(row.state)}` })), el("span", { text: row.text }), el("span.soft", { text: `${formatTime(row.issued_at)} ${units}` }));
  }

  /** Open the form and put the focus into it. */
  function focus() {
    form.open = true;
    form.querySelector("textarea, input, select")?.focus();
  }

  /** Tell whether somebody writes in the form. */
  const isBusy = () => form.contains(document.activeElement);

  /** Take a place that was picked for the directive. */
  function place(point) {
    const field = form.querySelector("[name=point]");
    if (field && point) field.value = `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
    field?.focus();
  }

  return { show, focus, isBusy, place };
}
