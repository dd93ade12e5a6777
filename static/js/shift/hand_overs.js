/**
 * Hand-overs (交接班, row 94): everything open by name, taken over line by line or all by one key.
 */

import { formatMoment, parseTime } from "../clock.js";
import { shortNumber } from "../console/board.js";
import { el } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { alertWord, callWord, fill, gettext, pgettext, stageWord } from "../words.js";
import { mark, textField } from "./words.js";

const moment = (iso) => (iso ? formatMoment(parseTime(iso), Date.now()) : "");

/** Return what the section shows. */
export function handOvers({ codes, me }) {
  const gives = me.roles.some((role) => ["call_taker", "dispatcher", "watch_commander", "station_duty"].includes(role));
  return {
    path: "/api/hand-overs/",
    noun: "hand_overs",
    label: gettext("Hand-overs"),
    columns: [gettext("Drawn up"), gettext("Scope"), gettext("Seat"), gettext("Handed over by"), gettext("Open matters"), gettext("Taken over by"), gettext("State")].map((text) => ({ text })),
    words: (row) => [row.giver_name, row.receiver_name, row.seat_no, ...row.items.map((item) => item.number)],
    faint: (row) => row.state !== "open",
    title: (row) => fill(gettext("Hand-over of %(name)s"), { name: row.giver_name }),
    cells: (row) => [
      cell(moment(row.drawn_up_at), "digits"),
      cell(scopeWord(row.scope)),
      cell(row.seat_no, "code"),
      cell(`${row.giver_name} ${row.giver_no}`),
      cell(String(row.items.length), "digits"),
      cell(`${row.receiver_name} ${row.receiver_no}`.trim()),
      stateCell(row),
    ],
    facts: (row) => [
      [gettext("Scope"), scopeWord(row.scope)],
      [gettext("Remark"), row.remark],
      [gettext("Taken over by"), `${row.receiver_name} ${row.receiver_no}`.trim()],
      [gettext("Taken over"), moment(row.accepted_at)],
    ],
    extra: (row, send) => [
      itemsTable(row, codes, send),
      el("p", {}, el("a", { href: `/shift/hand-over/${row.id}/`, target: "_blank", text: gettext("Print the sheet") })),
    ],
    acts: (row) => actsOf(row),
    fresh: () => (gives ? [drawUpAct()] : []),
  };
}

function drawUpAct() {
  return {
    label: gettext("Draw up the sheet"),
    title: gettext("Hand over what is open"),
    main: true,
    path: "/api/hand-overs/",
    fields: [textField("remark", gettext("Remark"), { limit: 2000 })],
  };
}

function actsOf(row) {
  const path = (verb) => `/api/hand-overs/${row.id}/${verb}/`;
  if (row.may_receive) return [{ label: gettext("Take everything over"), title: gettext("Take over"), main: true, path: path("accept"), fields: [] }];
  if (row.state === "open" && row.mine) {
    return [
      { ...drawUpAct(), label: gettext("Bring up to date"), title: gettext("What has come up since") },
      { label: gettext("Withdraw the sheet"), title: gettext("I go on"), path: path("withdraw"), fields: [] },
    ];
  }
  return [];
}

function itemsTable(row, codes, send) {
  const names = [pgettext("hand-over", "Kind"), gettext("Number"), pgettext("hand-over", "About"), gettext("State"), gettext("Owner"), gettext("Remark"), pgettext("hand-over", "Taken over")];
  const lines = row.items.map((item) => itemLine(row, item, codes, send));
  if (!lines.length) lines.push(el("tr", {}, el("td", { colspan: "7", text: gettext("Nothing is open.") })));
  return el("table.shift-lines", { "aria-label": gettext("Open matters") },
    el("thead", {}, el("tr", {}, ...names.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, ...lines));
}

function itemLine(row, item, codes, send) {
  const name = item.accepted_at && !item.stays ? row.receiver_name : item.owner_name || gettext("the shift");
  const owner = `${name} ${item.stays ? gettext("(stays there)") : ""}`.trim();
  return el("tr", {},
    el("th", { scope: "row", text: codes.word("matter", item.noun) }),
    el("td.code", { text: numberOf(item) }),
    el("td", { text: item.noun === "transfer" ? codes.word("body", item.words) : item.words }),
    el("td", { text: stateWordOf(item) }),
    el("td", { text: owner }),
    el("td", {}, row.mine && row.state === "open" ? remarkField(item, send) : el("span", { text: item.remark })),
    el("td", {}, item.accepted_at ? el("span.digits", { text: moment(item.accepted_at) }) : acceptButton(row, item, send)));
}

function remarkField(item, send) {
  const label = fill(gettext("Remark on %(number)s"), { number: numberOf(item) });
  const change = (event) => send(`/api/hand-over-items/${item.id}/remark/`, { text: event.target.value.trim() });
  return el("input", { type: "text", maxlength: 400, "aria-label": label, autocomplete: "off", value: item.remark, on: { change } });
}

function acceptButton(row, item, send) {
  if (!row.may_receive) return null;
  const click = () => send(`/api/hand-overs/${row.id}/accept/`, { items: [item.id] });
  const label = fill(gettext("Take %(number)s over"), { number: numberOf(item) });
  return el("button.manage-verb", { type: "button", text: gettext("Take over"), "aria-label": label, on: { click } });
}

function numberOf(item) {
  const ofIncident = ["incident", "callback", "supervision_order", "alert", "search_area"].includes(item.noun) && item.number.length > 12;
  return ofIncident ? `#${shortNumber(item.number)}` : item.number.slice(-10);
}

function stateWordOf(item) {
  switch (item.noun) {
    case "incident": return stageWord(item.state);
    case "call": return callWord(item.state);
    case "alert": return alertWord(item.state);
    default: return "";
  }
}

function scopeWord(scope) {
  switch (scope) {
    case "shift": return pgettext("hand-over", "the shift");
    case "station": return pgettext("hand-over", "the station");
    default: return pgettext("hand-over", "the seat");
  }
}

function stateCell(row) {
  if (row.state === "accepted") return mark("off", "bar", pgettext("hand-over", "taken over"));
  if (row.state === "withdrawn") return mark("off", "bar", pgettext("hand-over", "withdrawn"));
  const left = row.items.filter((item) => !item.accepted_at).length;
  return mark("caution", "square", fill(gettext("%(left)s of %(all)s wait"), { left, all: row.items.length }));
}
