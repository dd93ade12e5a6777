/**
 * Who is told in parallel with the order, and who has confirmed (R7).
 */

import { formatTime } from "../clock.js";
import { fill, gettext } from "../words.js";
import { button, el } from "./dom.js";

/**
 * Make the block of an incident's notices.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @returns {HTMLElement[]} nothing when nobody is told
 */
export function noticeBlock(incident, desk) {
  const rows = desk.store.ofIncident("notice", incident.id);
  if (!rows.length) return [];
  const open = rows.filter((row) => !row.received_at).length;
  const title = fill(gettext("Told in parallel (%(open)s of %(count)s without a receipt)"), { open, count: rows.length });
  return [el("h4", { text: title }), el("ul.notices", {}, ...rows.map((row) => line(row, desk)))];
}

function line(row, desk) {
  const name = desk.codes.language.startsWith("zh") ? row.to_zh : row.to_en;
  const state = row.received_at
    ? fill(gettext("received %(time)s %(by)s"), { time: formatTime(row.received_at), by: row.received_by || row.noted_by })
    : fill(gettext("to be told since %(time)s"), { time: formatTime(row.at) });
  const mayNote = !row.received_at && desk.has("call_taker", "dispatcher", "watch_commander");
  const note = () => desk.act("POST", `/api/notices/${row.id}/receipt/`, {});
  return el(
    "li",
    { data: { id: row.id, received: row.received_at ? "yes" : "no" } },
    el("b", { text: name }),
    el(`span.${row.received_at ? "soft" : "level-caution"}`, { text: state }),
    mayNote ? button(gettext("They know"), note) : null,
  );
}
