/** The main screens: no shift, idle, new order, task, withdrawn. What they say; the buttons stand in `phone.js`. */

import { formatTime, since, counter } from "../clock.js";
import { fill, gettext, statusWord } from "../words.js";
import { makeCard } from "./card.js";
import { hintList } from "./hints.js";
import { el, say } from "./dom.js";
import { screenOf } from "./state.js";

/**
 * Make the screen of a view.
 * @returns {{node: Node[], tick: (now: number) => void}} `now` is the server's time in milliseconds
 */
export function makeScreen(app, view) {
  switch (screenOf(view)) {
    case "withdrawn": return withdrawn(app, view);
    case "order":
    case "task": return makeCard(app, view);
    case "idle": return idle(app, view);
    default: return loading();
  }
}

function loading() {
  return { node: [el("p", { class: "empty", text: gettext("Asking for your unit …") })], tick: () => {} };
}

function withdrawn(app, view) {
  const [order] = view.withdrawn;
  const reason = [app.codes.word("cancel", order.cancel_code), order.cancel_text].filter(Boolean).join(" · ");
  return {
    node: [
      el("h1", { class: "shout", text: gettext("Order withdrawn") }),
      el("p", { class: "address", text: view.places[order.id] || order.order_text || order.assignment_no }),
      el("p", { class: "fact" }, el("b", { text: gettext("Reason") }), el("span", { text: reason || "–" })),
      el("p", { class: "fact" }, el("b", { text: gettext("Withdrawn") }), el("span", { text: formatTime(order.withdrawn_at) })),
      el("p", { class: "fact" }, el("b", { text: gettext("Order no.") }), el("span", { class: "code", text: order.assignment_no })),
      el("p", { class: "words", text: gettext("Stop going there and confirm.") }),
    ],
    tick: () => {},
  };
}

const SHAPES = { available: "●", on_task: "◐", break: "◯", out_of_service: "✕", transporting: "◆" };

function idle(app, view) {
  const { unit } = view;
  const lasting = el("span", { class: "lasting" });
  const orders = el("p");
  const crew = (unit.shift?.crew ?? []).map((person) => person.name || person.badge);
  const back = el("p", { class: "words" });
  const lead = unit.shift?.lead_name || unit.shift?.lead_no;
  return {
    node: [
      el("h1", { class: "shout" }, el("span", { class: "shape", text: SHAPES[unit.status] ?? "●", "aria-hidden": "true" }),
        ` ${statusWord(unit.status)} `, lasting),
      orders,
      unit.back_by ? back : null,
      el("p", { class: "words", text: screenWords(app) }),
      ...(view.returned ?? []).map((one) => returnedLine(one)),
      ...view.owed.map((one) => owedLine(app, one)),
      hintList(app, view),
      el("p", { class: "fact" }, el("b", { text: gettext("Unit") }), el("span", { text: `${unit.label} ${unit.call_sign}` })),
      el("p", { class: "fact" }, el("b", { text: gettext("Lead") }), el("span", { text: lead ?? "–" })),
      crew.length > 1 ? el("p", { class: "fact" }, el("b", { text: gettext("Crew") }), el("span", { text: crew.join(" ") })) : null,
      unit.radio_channel ? el("p", { class: "fact" }, el("b", { text: gettext("Radio") }), el("span", { text: unit.radio_channel })) : null,
      unit.shift?.started_at ? el("p", { class: "fact" }, el("b", { text: gettext("On duty since") }),
        el("span", { text: formatTime(unit.shift.started_at) })) : null,
    ].filter(Boolean),
    tick(now) {
      const offline = app.link().state === "offline";
      say(lasting, counter(since(unit.status_at, now)));
      say(orders, waitingFor(unit.status, offline));
      say(back, backWords(unit, now));
      back.className = isOverdue(unit, now) ? "warning" : "words";
      orders.className = offline ? "warning" : "words";
    },
  };
}

const isOverdue = (unit, now) => Boolean(unit.back_by) && Date.parse(unit.back_by) <= now;

/** Say until when the break lasts, or the unit is expected. */
function backWords(unit, now) {
  if (!unit.back_by) return "";
  const left = (Date.parse(unit.back_by) - now) / 1000;
  if (left > 0) return fill(gettext("Back by %(time)s, %(left)s left"), { time: formatTime(unit.back_by), left: counter(left) });
  return fill(gettext("You should be back since %(time)s."), { time: formatTime(unit.back_by) });
}

/** A dark screen hears nothing: say so where the officer waits. */
function screenWords(app) {
  if (app.kept.awake === "shift") return gettext("The screen stays on during the shift.");
  return gettext("With the screen off no order rings: listen to the radio.");
}

/** Say whether an order can come; a phone without network must not promise it. */
function waitingFor(status, offline) {
  if (!["available", "on_task"].includes(status)) return gettext("You get no orders in this status.");
  if (offline) return gettext("Orders do not reach this phone now. Listen to the radio.");
  return gettext("Orders ring on this phone.");
}

/** A report that the reviewer sent back, with the reason. */
function returnedLine({ assignment, incident }) {
  const facts = [incident?.address_text, assignment.return_reason].filter(Boolean);
  return el("p", { class: "owed" }, el("b", { text: gettext("Report sent back") }), el("span", { text: facts.join(" · ") }));
}

function owedLine(app, { assignment, incident }) {
  const type = app.codes.word("incident_type", incident?.type_reported);
  const facts = [incident?.address_text, type, formatTime(assignment.dispatched_at)].filter(Boolean);
  return el("p", { class: "owed" }, el("b", { text: gettext("Report owed") }), el("span", { text: facts.join(" · ") }));
}

/** Say the state of the link in one line: the state, and how old the data is. */
export function linkWords({ state, age }) {
  if (age === null) return gettext("Offline");
  const seconds = counter(age);
  if (state === "live") return gettext("Live");
  if (state === "slow") return fill(gettext("Without live feed · data %(age)s old"), { age: seconds });
  return fill(gettext("OFFLINE · data %(age)s old"), { age: seconds });
}
