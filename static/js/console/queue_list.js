/**
 * The offline records of this seat: what waits, what was refused and why, what became of the others.
 */

import { fill, gettext } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el, show } from "./dom.js";

/** Make the list below the intake. */
export function makeQueueList(desk) {
  const rows = el("ul.offline-rows");
  const node = el("section.offline-list", { hidden: true, "aria-label": gettext("Offline records") }, el("h3", { text: gettext("Offline records") }), rows);
  desk.on("queue", paint);
  // Who types an order is not disturbed; what has changed meanwhile is shown afterwards.
  rows.addEventListener("focusout", () => setTimeout(() => paint(desk.offline)));

  function paint(offline) {
    if (rows.contains(document.activeElement) && document.activeElement.tagName === "INPUT") return;
    const acts = offline.outbox.list();
    const done = offline.results();
    show(node, acts.length + done.length > 0);
    rows.replaceChildren(...acts.map((act) => waitingRow(act, offline)), ...done.map(doneRow));
  }

  function waitingRow(act, offline) {
    const refused = act.state === "refused";
    const says = refused ? fill(gettext("refused: %(why)s"), { why: act.code === "lost_step" ? gettext("the record before it was not entered") : act.reason }) : gettext("waiting to be sent");
    const put = refused ? button(gettext("I have seen to it"), () => offline.outbox.dismiss(act.key)) : null;
    const words = refused && act.body?.narrative ? el("p.soft", { text: act.body.narrative }) : null;
    const order = !refused && act.makes === "incident" && desk.has("dispatcher", "watch_commander") ? orderForm(act, offline) : null;
    return el(`li.${refused ? "level-serious" : "level-caution"}`, {}, el("b", { text: act.title }), el("span", { text: says }), words, put, order);
  }

  /** An order that was given by radio for an incident which the server does not know yet. */
  function orderForm(act, offline) {
    const input = el("input", { name: "radio_order", "aria-label": fill(gettext("Units ordered by radio: %(title)s"), act), placeholder: gettext("Order by radio: C101 C102"), autocomplete: "off", maxlength: "80" });
    const send = async () => {
      const signs = input.value.toUpperCase().split(/[\s,，、]+/).filter(Boolean);
      const known = new Map(desk.store.rows("unit").map((unit) => [unit.call_sign.toUpperCase(), unit]));
      const strange = signs.find((sign) => !known.has(sign));
      if (!signs.length || strange) return desk.tell(fill(gettext("There is no unit %(unit)s."), { unit: strange ?? "" }), "caution");
      input.value = "";
      input.blur();
      return offline.order(act, signs.map((sign) => known.get(sign)));
    };
    return el("form.offline-order", { novalidate: true, on: { submit: (event) => { event.preventDefault(); send(); } } }, input);
  }

  function doneRow(done) {
    const says = done.spooled
      ? gettext("in the server's emergency spool")
      : done.incident
        ? fill(gettext("entered, incident #%(number)s"), { number: shortNumber(done.incident.incident_no) })
        : gettext("entered");
    const like = done.like.map((other) =>
      button(fill(gettext("maybe the same as #%(number)s"), { number: shortNumber(other.incident_no) }), () => desk.select(other.incident)),
    );
    return el("li", {}, el("b", { text: done.title }), el("span", { text: says }), ...like);
  }

  return node;
}
