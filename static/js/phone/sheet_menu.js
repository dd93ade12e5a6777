/** Menu, outbox, choice of the map program, leaving. */

import { formatTime } from "../clock.js";
import { isOpen, REFUSED, SENT } from "../outbox.js";
import { fill, gettext } from "../words.js";
import { endShiftAct } from "./acts.js";
import { el } from "./dom.js";
import { choices } from "./fields.js";
import { PROGRAMS, programDatum, programName } from "./navigation.js";
import { isLead } from "./state.js";
import { fieldWord } from "./report_fields.js";

/** Everything that is not needed at every moment. */
export function menuSheet(app) {
  const view = app.view();
  const { assignment, unit } = view;
  const links = [
    assignment || view.owed.length ? ["report", gettext("Report")] : null,
    assignment && ["accepted", "en_route"].includes(assignment.state) && isLead(view) ? ["finish", gettext("Finish without attendance")] : null,
    unit && !assignment ? ["status", gettext("Status")] : null,
    unit && !assignment ? ["discovery", gettext("Patrol discovery")] : null,
    assignment ? ["backup", gettext("Call for backup")] : null,
    assignment && ["en_route", "on_scene"].includes(assignment.state) ? ["arrest", gettext("Arrest")] : null,
    ["outbox", gettext("What is not sent yet")],
    ["/grid/", gettext("Community 110")],
    ["settings", gettext("Phone settings")],
    ["pin", gettext("PIN of the lock")],
    ["merit", gettext("Merit ledger")],
    unit && !assignment ? ["end", gettext("End of shift")] : null,
    ["leave", gettext("Sign out")],
  ].filter(Boolean);
  return {
    title: gettext("Menu"),
    body: [
      el("p", { class: "subject", text: [view.me?.name, view.me?.badge, unit?.label].filter(Boolean).join(" · ") }),
      el("nav", { class: "rows" }, links.map(([name, label]) => el("a", { class: "row", href: name.startsWith("/") ? name : `#${name}`, text: label }))),
    ],
    next: null,
  };
}

/** What waits, what was refused, what has arrived. */
export function outboxSheet(app) {
  const list = el("ol", { class: "queue" });
  const paint = () => {
    const acts = app.outbox.list().filter((act) => !act.hidden);
    const rows = [...acts.map((act) => queueRow(app, act)), ...doneRows(app)];
    list.replaceChildren(...(rows.length ? rows : [el("li", { class: "empty", text: gettext("Everything is sent.") })]));
  };
  paint();
  return { title: gettext("Outbox"), body: [list], next: null, paint };
}

const doneRows = (app) => app.outbox.recent().filter((act) => !act.hidden).reverse().map((act) => queueRow(app, act));

function queueRow(app, act) {
  const state = isOpen(act) ? (act.state === SENT ? gettext("Sent") : gettext("To send")) : null;
  const refused = act.state === REFUSED;
  return el("li", { data: { state: act.state } },
    el("b", { class: "queue-state", text: refused ? gettext("Refused") : state ?? gettext("Confirmed") }),
    el("span", { class: "queue-title", text: act.title }),
    el("time", { text: formatTime(act.made_at) }),
    refused && el("p", { class: "reason", text: reasonOf(act) }),
    refused && el("a", { href: "#outbox", role: "button", class: "put-away", text: gettext("Put away"), on: { click: (event) => {
      event.preventDefault();
      app.outbox.dismiss(act.key);
    } } }));
}

/** Say why an act was refused: the server's words, or ours where it never got there. */
export function reasonOf(act) {
  if (act.code === "lost_step") return gettext("The step before it was refused.");
  const fields = Object.keys(act.fields ?? {}).map((path) => fieldWord(path.split(".")[0]));
  return [act.reason || act.code, ...new Set(fields)].join(" · ");
}

/** Choose the map program, each with its own datum, and how long the screen stays on. */
export function settingsSheet(app) {
  const options = PROGRAMS.map((program) => ({
    value: program, label: programName(program), hint: fill(gettext("datum %(datum)s"), { datum: programDatum(program) }),
  }));
  const chosen = choices("program", options, { chosen: [app.program()], onChange: app.refresh });
  const screen = choices("awake", [
    { value: "order", label: gettext("During an order") },
    { value: "shift", label: gettext("During the whole shift"), hint: gettext("needs a charger") },
  ], { chosen: [app.kept.awake ?? "order"] });
  return {
    title: gettext("Phone settings"),
    body: [
      el("p", { class: "subject", text: gettext("Map program") }), chosen.node,
      el("p", { class: "subject", text: gettext("Keep the screen on") }), screen.node,
    ],
    next: () => ({ label: gettext("Save"), hint: programName(chosen.values()[0]), ready: true, act: () => {
      app.keep("program", chosen.values()[0]);
      app.keep("awake", screen.values()[0]);
      app.close();
    } }),
  };
}

/** End the shift: a step of its own, so that no thumb does it in passing. */
export function endSheet(app) {
  const { unit, owed } = app.view();
  return {
    title: gettext("End of shift"),
    body: [
      el("p", { class: "shout", text: unit.label }),
      owed.length ? el("p", { class: "warning", text: gettext("A report is owed; after the shift it cannot be filed.") }) : "",
      el("p", { class: "words", text: gettext("After this the unit gets no orders.") }),
    ],
    next: () => ({ label: gettext("End shift"), hint: "", ready: true, async act() {
      await app.act(endShiftAct());
      app.close();
    } }),
  };
}

/** Sign out: says what would be lost, then really stops everything. */
export function leaveSheet(app) {
  const waiting = app.outbox.list().filter((act) => isOpen(act) && !act.hidden).length;
  const warnings = [
    waiting ? fill(gettext("%(n)s acts are not sent yet and would be lost."), { n: waiting }) : "",
    app.view().unit ? gettext("The shift is still running; end it first if it is over.") : "",
  ].filter(Boolean);
  return {
    title: gettext("Sign out"),
    body: [
      ...warnings.map((text) => el("p", { class: "warning", text })),
      el("p", { class: "words", text: gettext("No order rings on this phone afterwards. What is stored here is wiped.") }),
    ],
    next: () => ({ label: gettext("Sign out"), hint: "", ready: true, act: app.leave }),
  };
}
