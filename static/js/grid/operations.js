/** Joint operations (联合行动) for who commands them: opening, who is there, the roll by radio, the roll as a file. */

import { formatMoment } from "../clock.js";
import { el } from "../phone/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { closeAct, openAct, rollAct } from "./acts.js";
import { field, makeList, way } from "./parts.js";

/**
 * Make the section.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makeOperations(box, app) {
  const cards = el("div", { class: "cards" });
  const list = makeList(cards, (row) => card(row, app), gettext("No joint operation."));
  box.append(...(app.mayCommand() ? [openForm(app)] : []), el("section", { class: "group", data: { group: "operations" } }, el("h2", { text: gettext("Joint operations") }), cards));
  return {
    show() {
      const rows = app.world.operations;
      list.show(rows, (row) => [row.version, ...row.members.map((one) => `${one.version} ${one.position?.fixed_at ?? ""} ${app.pendingOf(`roll-${one.id}`)}`)].join());
      return rows.filter((row) => row.open).length;
    },
  };
}

/** Who takes part is chosen by the call signs and names that the centre knows. */
function openForm(app) {
  const name = el("input", { type: "text", maxlength: "100", required: true });
  const purpose = el("textarea", { rows: "2", maxlength: "1000", required: true });
  const place = el("input", { type: "text", maxlength: "200" });
  const lists = { units: several(pgettext("operation", "Units")), teams: several(gettext("Partner teams")), organisations: several(gettext("Branches and stations")) };
  const form = el("form", { class: "work", data: { form: "operation" }, on: { submit: (event) => {
    event.preventDefault();
    if (!name.value.trim()) return name.focus();
    if (!purpose.value.trim()) return purpose.focus();
    const members = Object.fromEntries(Object.entries(lists).map(([kind, one]) => [kind, [...one.select.selectedOptions].map((option) => Number(option.value))]));
    app.act(openAct({ name: name.value.trim(), purpose: purpose.value.trim(), meeting_place: place.value.trim(), ...members }));
    name.value = "";
    purpose.value = "";
    frame.open = false;
    return undefined;
  } } }, field(pgettext("operation", "Name"), name), field(pgettext("operation", "Purpose"), purpose), field(gettext("Meeting place"), place), ...Object.values(lists).map((one) => one.node), el("button", { type: "submit", class: "main-act", text: gettext("Open the operation") }));
  const frame = el("details", { class: "more new-task", on: { toggle: async () => {
    if (!frame.open) return;
    const known = await app.membersToChoose();
    for (const [kind, one] of Object.entries(lists)) one.select.replaceChildren(...known[kind].map(({ id, text }) => el("option", { value: id, text })));
  } } }, el("summary", { text: gettext("New joint operation") }), form);
  return frame;
}

function several(label) {
  const select = el("select", { multiple: true, size: "4" });
  return { select, node: field(label, select) };
}

function card(row, app) {
  const now = app.now();
  const there = row.members.filter(isThere).length;
  const mark = row.open ? fill(gettext("● %(there)s of %(all)s there"), { there, all: row.members.length }) : gettext("○ over");
  return el(
    "details",
    { class: "card", data: { operation: row.id, state: row.open ? "open" : "closed" } },
    el(
      "summary",
      {},
      el("span", { class: "card-head" }, el("b", { text: row.name }), el("span", { class: `mark level-${row.open ? "normal" : "off"}`, text: mark })),
      el("span", { class: "demand", text: row.purpose }),
      el("span", { class: "card-foot" }, el("span", { class: "digits", text: formatMoment(row.opened_at, now) }), el("span", { text: [row.meeting_place, row.commander_name].filter(Boolean).join(" · ") })),
    ),
    el(
      "div",
      { class: "card-body" },
      way(row.point, row.meeting_place || row.name, app.here()),
      el("ul", { class: "lines" }, ...row.members.map((one) => memberLine(one, row, app))),
      rollTable(row, now),
      el("a", { class: "way-link", href: `/api/operations/${row.id}/roll.csv`, download: true, text: gettext("Roll as a file (CSV)") }),
      row.outcome ? el("p", { class: "result", text: row.outcome }) : null,
      row.open && app.mayCommand() ? closeForm(row, app) : null,
    ),
  );
}

const isThere = (member) => Boolean(member.signed_in_at) && !member.signed_out_at;

function memberLine(member, row, app) {
  const now = app.now();
  const there = isThere(member);
  const says = there ? fill(gettext("● signed in %(time)s"), { time: formatMoment(member.signed_in_at, now) }) : member.signed_out_at ? fill(gettext("○ signed out %(time)s"), { time: formatMoment(member.signed_out_at, now) }) : gettext("○ not signed in");
  const seen = member.position ? fill(gettext("last seen %(time)s"), { time: formatMoment(member.position.fixed_at, now) }) : "";
  const mark = `roll-${member.id}`;
  const sign = () => app.act({ ...rollAct(member.id, !there, null, null), effect: { task: mark } });
  return el(
    "li",
    { class: "member", data: { member: member.id, there: there ? "yes" : "no" } },
    el("b", { text: member.name }),
    el("span", { class: there ? "level-normal" : "soft", text: says }),
    el("span", { class: "soft digits", text: seen }),
    row.open && app.maySign(member) ? el("button", { type: "button", text: there ? pgettext("operation", "Sign out") : pgettext("operation", "Sign in"), disabled: app.pendingOf(mark), on: { click: sign } }) : null,
  );
}

function rollTable(row, now) {
  if (!row.roll.length) return null;
  const names = new Map(row.members.map((one) => [one.id, one.name]));
  const heads = [gettext("Time"), pgettext("operation", "Who"), pgettext("operation", "In or out"), gettext("How many"), pgettext("operation", "Where")];
  const place = (line) => line.place_text || (line.point ? `${line.point.lat.toFixed(5)}, ${line.point.lng.toFixed(5)}` : gettext("no position"));
  const lines = row.roll.map((line) => [formatMoment(line.at, now), names.get(line.member) ?? "", line.came ? pgettext("operation", "Sign in") : pgettext("operation", "Sign out"), line.people ?? "", `${place(line)} · ${sourceWord(line.source)}`]);
  return el("div", { class: "table-box figures roll", tabindex: "0", role: "region", "aria-label": gettext("Roll") }, el("table", {}, el("caption", { text: gettext("Roll") }), el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col", text })))), el("tbody", {}, ...lines.map((cells) => el("tr", {}, ...cells.map((text) => el("td", { class: "digits", text: String(text) })))))));
}

/** Say where a position is known from. */
export function sourceWord(source) {
  switch (source) {
    case "phone": return gettext("by the device");
    case "track": return gettext("by the unit's track");
    case "desk": return gettext("told to the desk");
    default: return gettext("position not known");
  }
}

function closeForm(row, app) {
  const outcome = el("textarea", { rows: "2", maxlength: "4000", required: true });
  const form = el("form", { class: "work", data: { form: "close" }, on: { submit: (event) => {
    event.preventDefault();
    if (!outcome.value.trim()) return outcome.focus();
    app.act(closeAct(row, outcome.value.trim()));
    outcome.value = "";
    return undefined;
  } } }, field(gettext("What came of it"), outcome), el("button", { type: "submit", text: gettext("Close the operation") }));
  return el("details", { class: "more" }, el("summary", { text: gettext("Close the operation") }), form);
}
