/**
 * The boards as they stood: incidents with their orders, units, alerts, calls; drawn from the store at the playhead.
 */

import { counter, formatTime, since } from "../clock.js";
import { sections, shortNumber } from "../console/board.js";
import { el, setText, shape } from "../console/dom.js";
import { alertWord, assignmentWord, callWord, gettext, levelShape, pgettext, stageWord, statusMark, statusWord } from "../words.js";

const MOST = 120;

/**
 * Make the boards.
 * @param {HTMLElement} root holds the tabs and the list
 * @param {{store: object, codes: object, own: number|null, onOpen: (id: number) => void}} means `own`: the incident of the review
 */
export function makeBoards(root, { store, codes, own, onOpen }) {
  const kinds = { incidents, units, alerts, calls };
  const names = { incidents: gettext("Incidents"), units: gettext("Units"), alerts: gettext("Alerts"), calls: gettext("Calls") };
  const counts = {};
  let shown = "incidents";
  const tabs = Object.keys(kinds).map((name) => {
    counts[name] = el("span.digits");
    return el("button", { type: "button", role: "tab", data: { board: name }, "aria-selected": String(name === shown), on: { click: () => open(name) } }, el("span", { text: names[name] }), counts[name]);
  });
  const list = el("ol.review-rows", { tabindex: "0", "aria-label": names.incidents });
  root.replaceChildren(el("div.review-tabs", { role: "tablist", "aria-label": gettext("Boards as they stood") }, ...tabs), list);

  function open(name) {
    shown = name;
    for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.board === name));
    list.setAttribute("aria-label", names[name]);
    drawnAt = null;
    draw(moment);
  }

  let moment = 0;
  let drawnAt = null;

  /** Draw the chosen board at a moment; the counts of all. */
  function draw(at) {
    moment = at;
    if (drawnAt === Math.floor(at / 1000)) return;
    drawnAt = Math.floor(at / 1000);
    setText(counts.incidents, String(store.count("incident")));
    setText(counts.units, String(onDuty().length));
    setText(counts.alerts, String(store.count("alert")));
    setText(counts.calls, String(openCalls().length));
    list.replaceChildren(...kinds[shown](at).slice(0, MOST));
  }

  /** Forget what was drawn: the store has jumped. */
  function stale() {
    drawnAt = null;
  }

  function incidents(at) {
    const sorted = sections(store.rows("incident"), (id) => store.ofIncident("deadline", id), at);
    const rows = [...sorted.pending, ...sorted.running, ...sorted.closing];
    rows.sort((a, b) => (b.id === own) - (a.id === own));
    return rows.map((row) => {
      const orders = store.ofIncident("assignment", row.id).filter((one) => one.live || row.id === own);
      const node = el(
        "li", { data: { incident: row.id }, class: row.id === own ? "is-own" : null },
        el("button", { type: "button", on: { click: () => onOpen(row.id) } },
          el("span.review-line", {}, el("b.code", { text: `#${shortNumber(row.incident_no)}` }), el(`span.priority.p${row.priority}`, { text: `P${row.priority}` }), el("span", { text: codes.word("incident_type", row.type_reported) || gettext("type open") }), el("span.review-stage", { text: stageWord(row.stage) }), el("span.digits", { text: counter(since(row.answered_at, at)) })),
          el("span.review-place", { text: row.address_text || gettext("place open") }),
        ),
      );
      if (orders.length) node.append(el("ul.review-orders", {}, ...orders.map((one) => el("li", {}, el("b", { text: one.call_sign }), el("span", { text: assignmentWord(one.state) }), el("span.digits", { text: formatTime(lastMove(one)) })))));
      return node;
    });
  }

  const onDuty = () => store.rows("unit").filter((unit) => unit.status !== "off_duty");

  function units() {
    const found = onDuty().sort((a, b) => a.call_sign.localeCompare(b.call_sign));
    return found.map((unit) => {
      const { shape: form, level } = statusMark(unit.status);
      const incident = store.row("incident", store.row("assignment", unit.assignment)?.incident);
      return el("li", { data: { unit: unit.id } }, el("span.review-line", {}, el("b.code", { text: unit.call_sign }), el("span", { text: unit.label }), el(`span.mark.level-${level}`, {}, shape(form), el("span", { text: statusWord(unit.status) })), el("span.digits", { text: formatTime(unit.status_at) })), incident ? el("span.review-place", { text: `#${shortNumber(incident.incident_no)} ${incident.address_text}` }) : null);
    });
  }

  function alerts(at) {
    const found = store.rows("alert").sort((a, b) => Date.parse(a.raised_at) - Date.parse(b.raised_at));
    return found.map((alert) => {
      const incident = store.row("incident", alert.incident);
      return el("li", {}, el("span.review-line", {}, el(`span.mark.level-${alert.severity}`, {}, shape(levelShape(alert.severity)), el("span", { text: alertWord(alert.kind) })), incident ? el("b.code", { text: `#${shortNumber(incident.incident_no)}` }) : null, el("span.digits", { text: counter(since(alert.raised_at, at)) })));
    });
  }

  const openCalls = () => store.rows("call").filter((call) => call.state !== "done");

  function calls(at) {
    return openCalls().map((call) => el("li", {}, el("span.review-line", {}, el("b.code", { text: call.call_no }), el("span", { text: callWord(call.state) }), el("span", { text: codes.word("channel", call.channel) }), el("span.digits", { text: counter(since(call.ring_at, at)) })), el("span.review-place", { text: call.narrative || pgettext("review", "nothing said yet") })));
  }

  return { draw, stale };
}

function lastMove(order) {
  return order.finished_at ?? order.withdrawn_at ?? order.refused_at ?? order.on_scene_at ?? order.departed_at ?? order.accepted_at ?? order.delivered_at ?? order.dispatched_at;
}
