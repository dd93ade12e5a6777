/** The checklist of the card (M18, R16): what to do on the scene, ticked by the thumb; ticks wait in the outbox too. */

import { formatTime } from "../clock.js";
import { fill, gettext } from "../words.js";
import { tickAct } from "./acts.js";
import { el } from "./dom.js";

/**
 * Make the checklist of the order.
 * @param {object} app
 * @param {object} view from `state.js`
 * @returns {HTMLElement|null} nothing before the unit has accepted, and where the card has no steps
 */
export function checklist(app, view) {
  const { assignment, incident } = view;
  if (!incident || !["en_route", "on_scene"].includes(assignment.state)) return null;
  const steps = app.cards.of(incident.type_verified || incident.type_reported).checklist;
  if (!steps.length) return null;
  const ticks = new Map((view.ticks ?? []).map((row) => [row.item, row]));
  const done = steps.filter((step) => ticks.get(step.key)?.done).length;
  return el("section", { class: "checklist", "aria-labelledby": "checklist-title" },
    el("h2", { id: "checklist-title" }, el("span", { text: gettext("Checklist") }),
      el("span", { class: "count", text: fill(gettext("%(done)s of %(all)s"), { done, all: steps.length }) })),
    el("div", {}, ...steps.map((step) => row(app, assignment, step, ticks.get(step.key)))),
    assignment.state === "on_scene" ? handing(assignment) : null);
}

function row(app, assignment, step, tick) {
  const done = Boolean(tick?.done);
  const said = !done ? "" : tick.waits ? gettext("To send") : formatTime(tick.at);
  const changed = ({ target }) => app.act(tickAct(assignment, step, app.cards.text(step), target.checked));
  return el("label", { class: "tick", data: { item: step.key } },
    el("input", { type: "checkbox", checked: done, on: { change: changed } }),
    el("span", {}, el("b", { text: app.cards.text(step) }), el("small", { text: said })));
}

/** First contact stays responsible until somebody has taken over (R16). */
function handing(assignment) {
  if (!assignment.handed_at) return el("p", { class: "handing" }, el("a", { href: "#hand_on", role: "button", text: gettext("Hand the scene over") }));
  const values = { unit: assignment.handed_to_name, who: assignment.handed_received_by };
  if (assignment.handed_received_at)
    return el("p", { class: "handing", text: fill(gettext("%(unit)s has taken over: %(who)s"), values) });
  return el("p", { class: "handing warning" }, el("span", { text: fill(gettext("%(unit)s has not taken over yet: you stay responsible."), values) }),
    el("a", { href: "#taken", role: "button", text: gettext("They have it") }));
}
