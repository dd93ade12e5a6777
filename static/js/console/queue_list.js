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

  function paint(offline) {
    const acts = offline.outbox.list();
    const done = offline.results();
    show(node, acts.length + done.length > 0);
    rows.replaceChildren(...acts.map((act) => waitingRow(act, offline)), ...done.map(doneRow));
  }

  function waitingRow(act, offline) {
    const refused = act.state === "refused";
    const says = refused ? fill(gettext("refused: %(why)s"), { why: act.reason }) : gettext("waiting to be sent");
    const put = refused ? button(gettext("I have seen to it"), () => offline.outbox.dismiss(act.key)) : null;
    const words = refused && act.body?.narrative ? el("p.soft", { text: act.body.narrative }) : null;
    return el(`li.${refused ? "level-serious" : "level-caution"}`, {}, el("b", { text: act.title }), el("span", { text: says }), words, put);
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
