/**
 * The merit ledger (奖惩台账, M10): what rules propose because of an event, decided by people; totals by unit and officer.
 */

import { formatMoment, parseTime } from "../clock.js";
import { cell } from "../manage/grid.js";
import { el } from "../console/dom.js";
import { fill, gettext, ngettext, pgettext } from "../words.js";
import { has, mark, textField } from "./words.js";

const DAYS = 31;
const heads = (...texts) => texts.map((text) => ({ text }));
const moment = (iso) => (iso ? formatMoment(parseTime(iso), Date.now()) : "");
const isContested = (row) => Boolean(row.objected_at && !row.answered_at);

/** Write points with their sign, so that no colour has to say it. */
export function pointsWord(points) {
  return points > 0 ? `+${points}` : String(points).replace("-", "−");
}

/** The entries of the last days: what waits or is objected to stands first. */
export function merit({ codes, me }) {
  const may = has(me, "leader", "watch_commander");
  return {
    path: `/api/merit/?days=${DAYS}`,
    noun: "entries",
    label: gettext("Merit ledger"),
    columns: heads(gettext("Event"), gettext("Subject"), gettext("Rule"), gettext("Points"), gettext("What happened"), gettext("State")),
    words: (row) => [row.subject, codes.word("merit_rule", row.rule), row.objection],
    faint: (row) => row.state !== "waiting" && !isContested(row),
    title: (row) => `${row.subject} · ${pointsWord(row.points)}`,
    head: ({ entries }) => headWords(entries),
    cells: (row) => [
      cell(moment(row.event_at), "digits"),
      cell(row.subject),
      cell(codes.word("merit_rule", row.rule)),
      cell(pointsWord(row.points), "digits"),
      cell(aboutWords(row, codes)),
      stateCell(row),
    ],
    facts: (row) => [
      [gettext("Rule"), codes.word("merit_rule", row.rule)],
      [gettext("Event"), moment(row.event_at)],
      [gettext("What happened"), aboutWords(row, codes)],
      [gettext("Decided by"), [row.approved_by, moment(row.decided_at)].filter(Boolean).join(" · ")],
      [gettext("Remarks"), row.remark],
      [gettext("Objection"), row.objection],
      [gettext("Answer"), [row.answer, row.answered_by].filter(Boolean).join(" · ")],
    ],
    extra: (row) => (row.incident ? [el("p", {}, el("a", { href: `/incidents/${row.incident}/file/`, target: "_blank", rel: "noopener", text: gettext("Open the incident's file") }))] : []),
    acts: (row) => (may ? actsOf(row) : []),
    fresh: ({ entries }) => (may && entries.some((row) => row.state === "waiting") ? [manyAct(entries.filter((row) => row.state === "waiting"))] : []),
  };
}

function headWords(entries) {
  const waiting = entries.filter((row) => row.state === "waiting").length;
  const contested = entries.filter(isContested).length;
  return fill(gettext("%(waiting)s wait · %(contested)s objected to · last %(days)s days; nothing follows from an entry by itself"), { waiting, contested, days: DAYS });
}

function aboutWords({ about }, codes) {
  if (about.seconds !== undefined) {
    const took = fill(gettext("%(seconds)s s after the order"), about);
    return about.delay_code ? `${took} · ${codes.word("delay", about.delay_code)}` : took;
  }
  if (about.code) return codes.word("refusal", about.code);
  if (about.report_no) return fill(gettext("report %(report_no)s"), about);
  return about.caught_by ? fill(gettext("caught by %(caught_by)s"), about) : "";
}

function stateCell(row) {
  if (isContested(row)) return mark("serious", "diamond", gettext("objected to"));
  switch (row.state) {
    case "waiting": return mark("caution", "square", pgettext("merit", "waits"));
    case "approved": return mark("normal", "circle", pgettext("merit", "approved"));
    default: return mark("off", "bar", pgettext("merit", "refused"));
  }
}

function actsOf(row) {
  if (isContested(row)) return [answerAct(row, false), answerAct(row, true)];
  if (row.state !== "waiting") return [];
  const decide = (approve, more) => ({ path: "/api/merit/decide/", fixed: { entries: [row.id], approve }, ...more });
  return [
    decide(true, { label: gettext("Approve"), title: gettext("Approve the entry"), main: true, fields: [textField("remark", gettext("Remarks"), { limit: 200 })] }),
    decide(false, { label: pgettext("merit", "Refuse"), title: gettext("Refuse the entry"), fields: [textField("remark", gettext("Reason"), { required: true, limit: 200 })] }),
  ];
}

function answerAct(row, lift) {
  return {
    label: lift ? gettext("Lift the entry") : gettext("Let it stand"),
    title: lift ? gettext("The objection is right") : gettext("The entry stands"),
    main: !lift,
    path: `/api/merit/${row.id}/answer/`,
    fixed: { lift },
    fields: [textField("words", gettext("Answer"), { required: true })],
  };
}

function manyAct(rows) {
  const shown = rows.slice(0, 200);
  return {
    label: fill(ngettext("Approve %(count)s entry", "Approve all %(count)s entries", shown.length), { count: shown.length }),
    title: gettext("Everything that waits"),
    path: "/api/merit/decide/",
    fixed: { entries: shown.map((row) => row.id), approve: true },
    fields: [textField("remark", gettext("Remarks"), { limit: 200 })],
  };
}

/** What the approved entries come to. */
export function meritTotals({ codes, api }) {
  return {
    path: `/api/merit/?days=${DAYS}`,
    noun: "totals",
    rows: ({ totals }) => totals,
    key: (row) => `${row.unit_id ?? ""}/${row.person_id ?? ""}`,
    label: gettext("Merit totals"),
    columns: heads(gettext("Subject"), gettext("Points"), pgettext("merit", "Approved"), pgettext("merit", "Waiting"), gettext("Objections")),
    words: (row) => [row.subject],
    faint: (row) => !row.approved && !row.waiting,
    title: (row) => row.subject,
    head: () => fill(gettext("last %(days)s days · counts of entries, no judgement of persons"), { days: DAYS }),
    cells: (row) => [cell(row.subject), ...[pointsWord(row.points), row.approved, row.waiting, row.objected].map((value) => cell(String(value), "digits"))],
    facts: (row) => [[gettext("Points"), pointsWord(row.points)], [pgettext("merit", "Approved"), String(row.approved)], [pgettext("merit", "Waiting"), String(row.waiting)], [gettext("Objections"), String(row.objected)]],
    extra: (row) => [entriesOf(row, codes, api)],
    acts: () => [],
  };
}

/** What a total comes from: the entries of this unit or officer, read when it is opened. */
function entriesOf(row, codes, api) {
  const host = el("div", { role: "status", text: gettext("Reading the entries.") });
  const who = row.person_id ? `person=${row.person_id}` : `unit=${row.unit_id}`;
  api.get(`/api/merit/?days=${DAYS}&${who}`).then((answer) => host.replaceChildren(...behind(answer, codes)), (error) => host.replaceChildren(error.message));
  return host;
}

function behind({ entries, count }, codes) {
  const columns = heads(gettext("Event"), gettext("Rule"), gettext("Points"), gettext("State"));
  const line = (one) => el("tr", {}, cell(moment(one.event_at), "digits"), cell(codes.word("merit_rule", one.rule)), cell(pointsWord(one.points), "digits"), stateCell(one));
  const table = el("table.grid.merit-behind", { "aria-label": gettext("Merit ledger") },
    el("thead", {}, el("tr", {}, ...columns.map(({ text }) => el("th", { scope: "col", text })))),
    el("tbody", {}, ...[...entries].sort((one, other) => other.event_at.localeCompare(one.event_at)).map(line)));
  return count > entries.length ? [table, el("p.soft", { text: fill(gettext("%(shown)s of %(count)s entries, the open ones and the newest"), { shown: entries.length, count }) })] : [table];
}
