/**
 * A supervision order from the dashboard (M9, M45): a miss has a button, the form stands above the list and stays while
 * the list is renewed.
 */

import { fill, gettext, pgettext } from "../words.js";
import { make } from "./dom.js";

/** Make the button of a miss; it says which incident it is about. */
export function superviseButton(row) {
  const what = fill(gettext("Issue a supervision order about %(number)s"), { number: row.incident_no });
  return make("button.miss-supervise", { type: "button", text: pgettext("dashboard", "Supervise"), "aria-label": what, data: { supervise: String(row.incident), number: row.incident_no } });
}

/**
 * Bring the buttons of the list to life.
 * @param {object} api the way to the server
 */
export function bindSupervise(api) {
  const slot = document.getElementById("supervise-slot");
  document.getElementById("miss-list").dataset.may = "supervise";
  document.getElementById("miss-list").addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-supervise]");
    if (chosen) open(chosen.dataset.supervise, chosen.dataset.number);
  });

  function open(incident, number) {
    const demand = make("input", { name: "demand", maxlength: "400", required: true, autocomplete: "off", "aria-label": pgettext("dashboard", "Demand") });
    const says = make("p.soft", { role: "status" });
    const form = make("form.supervise", { novalidate: true },
      make("b", { text: fill(gettext("Supervision order: %(number)s"), { number }) }), demand,
      make("button", { type: "submit", text: gettext("Issue") }), make("button", { type: "button", text: gettext("Cancel"), data: { close: "yes" } }), says);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(incident, demand, says);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) close(incident);
    });
    form.querySelector("[data-close]").addEventListener("click", () => close(incident));
    slot.replaceChildren(form);
    demand.focus();
  }

  async function send(incident, demand, says) {
    try {
      const { supervision_order: order } = await api.post(`/api/incidents/${incident}/supervision/`, { cause: "leader", demand: demand.value.trim() });
      slot.replaceChildren(make("p.soft", { role: "status", text: fill(gettext("Issued to %(to)s."), { to: order.to_name }) }));
      document.querySelector(`[data-supervise="${incident}"]`)?.focus();
    } catch (error) {
      says.textContent = error.message;
      demand.focus();
    }
  }

  function close(incident) {
    slot.replaceChildren();
    document.querySelector(`[data-supervise="${incident}"]`)?.focus();
  }
}
