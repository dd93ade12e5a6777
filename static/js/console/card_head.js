/**
 * The head of the incident card: number, type, place, and both arrival clocks.
 */

import { clocks, formatMoment } from "../clock.js";
import { gettext, stageWord, threeFourFour } from "../words.js";
import { shortNumber } from "./board.js";
import { el, setAttr, setText, shape } from "./dom.js";
import { paintClock, priorityName } from "./queue_row.js";

/** Make the empty head; its parts are written by `paintHead` and `paintHeadTimes`. */
export function makeHead() {
  const clock = (name) => {
    const mark = shape("bar");
    const time = el("span.timer");
    const says = el("span.clock-says");
    const from = el("span.clock-from.digits.soft");
    const cell = el(
      `div.card-clock.clock-${name.toLowerCase()}`,
      {},
      el("span.clock-line", {}, mark, time),
      says,
      from,
    );
    return { cell, mark, time, says, name, from };
  };
  const a = clock("A");
  const b = clock("B");
  const part = {
    level: el("span.card-level"),
    number: el("span.card-number.code"),
    kind: el("span.card-kind"),
    stage: el("span.card-stage"),
    place: el("p.card-place"),
    note: el("p.card-note"),
    point: el("span.card-point"),
    owner: el("span.soft"),
    phone: el("span.card-phone.digits"),
    a,
    b,
    aFrom: a.from,
    bFrom: b.from,
  };
  part.head = el(
    "header.card-head",
    {},
    el("div.card-line", {}, part.level, part.number, part.kind, part.stage),
    part.place,
    part.note,
    el("div.card-line", {}, part.point, part.owner, part.phone),
    el("div.card-clocks", {}, part.a.cell, part.b.cell),
  );
  return part;
}

/** Write what is known of the incident into the head. */
export function paintHead(part, row, desk) {
  part.level.className = `card-level priority-${row.priority}`;
  setText(part.level, priorityName(desk.codes, row.priority));
  setAttr(part.level, "title", desk.codes.word("priority", String(row.priority)));
  setText(part.number, `#${shortNumber(row.incident_no)}`);
  setAttr(part.number, "title", row.incident_no);
  setText(part.kind, desk.codes.word("incident_type", row.type_verified || row.type_reported) || gettext("type open"));
  setText(part.stage, stageWord(row.stage));
  setText(part.place, row.address_text || gettext("place unknown"));
  setText(part.note, row.place_note);
  const unverified = row.point && row.point_status !== "verified";
  part.point.className = `card-point ${unverified ? "level-caution" : row.point ? "level-normal" : "level-serious"}`;
  part.point.replaceChildren(
    shape(unverified ? "square" : row.point ? "circle" : "diamond"),
    row.point ? (unverified ? gettext("place unverified") : gettext("place verified")) : gettext("no place"),
  );
  setText(part.owner, row.jurisdiction_name || "");
  setText(part.phone, [row.contact_name, threeFourFour(row.contact_phone)].filter(Boolean).join(" "));
}

/** Write both clocks and the moments they started. */
export function paintHeadTimes(part, row, now) {
  const reading = clocks(row, now);
  paintClock(part.a, reading.a);
  paintClock(part.b, reading.b);
  setText(part.aFrom, formatMoment(row.answered_at, now));
  setText(part.bFrom, formatMoment(row.first_dispatched_at, now));
}
