/**
 * The list of the prevention board: what stands, its reason, its place and hours, who sees to it and what came of it.
 */

import { formatMoment, parseTime } from "../clock.js";
import { el, shape } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { hoursWord, outcomeWord, reasonWords, warningState, warningWord } from "../prevention_words.js";
import { fill, gettext, pgettext } from "../words.js";

const SEEING_TO = ["watch_commander", "station_duty", "analyst"];
const OUTCOMES = ["quiet", "again", "caught", "no_matter"];
const MARKS = { open: ["caution", "square"], acknowledged: ["standby", "ring"], acted: ["normal", "circle"], ended: ["off", "bar"] };
const moment = (iso) => (iso ? formatMoment(parseTime(iso), Date.now()) : "");

/** Warnings. */
export function warnings({ codes, me }) {
  const mine = me.roles.some((role) => SEEING_TO.includes(role));
  return {
    path: "/api/warnings/",
    noun: "warnings",
    label: gettext("Warnings"),
    columns: [gettext("State"), pgettext("search", "Kind"), gettext("Place"), gettext("Hours"), gettext("Reason"), gettext("Station"), pgettext("review", "Owner"), gettext("Until")].map((text) => ({ text })),
    words: (row) => [warningWord(row.kind), row.place_text, row.organisation_name, row.owner_name, row.number],
    faint: (row) => !row.open,
    title: (row) => `${warningWord(row.kind)} ${placeWord(row)}`,
    cells: (row) => [state(row), cell(warningWord(row.kind)), cell(placeWord(row)), cell(hoursWord(row), "digits"), cell(reasonWords(row)), cell(row.organisation_name), cell(row.owner_name), cell(moment(row.open ? row.valid_until : row.ended_at), "digits")],
    facts: (row) => [
      [gettext("Reason"), reasonWords(row)],
      [gettext("Chance of so many, had nothing changed"), row.reason.chance === undefined ? "" : String(row.reason.chance)],
      [pgettext("console", "Type"), codes.word("incident_type", row.type_group)],
      [gettext("Hours"), hoursWord(row)],
      [gettext("Raised"), moment(row.raised_at)],
      [gettext("Until"), moment(row.valid_until)],
      [gettext("Station"), row.organisation_name],
      [pgettext("review", "Owner"), row.owner ? `${row.owner} ${row.owner_name}` : ""],
      [gettext("What came of it"), [outcomeWord(row.outcome), row.outcome_words].filter(Boolean).join(" · ")],
    ],
    extra: (row) => [acts(row), incidents(row)].filter(Boolean),
    acts: (row) => (mine ? [...taken(row), ...done(row)] : []),
  };
}

/** Name the place of a warning: the number of a caller where it is one, else its name or point. */
export function placeWord(row) {
  return row.number || row.place_text || (row.point ? `${row.point.lat.toFixed(4)}, ${row.point.lng.toFixed(4)}` : "");
}

function taken(row) {
  if (row.state !== "open") return [];
  return [{ label: gettext("Take it on"), main: true, path: `/api/warnings/${row.id}/acknowledge/`, fields: [] }];
}

function done(row) {
  if (!row.open) return [];
  const words = (label) => ({ name: "words", kind: "text", label, value: "", required: true, limit: 400 });
  const outcome = { name: "outcome", kind: "choice", label: gettext("What came of it"), options: OUTCOMES.map((value) => ({ value, text: outcomeWord(value) })), value: "quiet" };
  return [
    { label: gettext("Note what was done"), main: row.state !== "open", path: `/api/warnings/${row.id}/act/`, fields: [words(pgettext("warning", "What was done"))] },
    { label: pgettext("warning", "End it"), path: `/api/warnings/${row.id}/end/`, fields: [outcome, words(gettext("In words"))] },
  ];
}

function acts(row) {
  if (!row.acts.length) return null;
  const lines = row.acts.map((one) => el("li", { text: fill(gettext("%(at)s %(who)s: %(words)s"), { at: moment(one.at), who: one.unit || one.by_name, words: one.words }) }));
  return el("div.warning-acts", {}, el("h3", { text: pgettext("warning", "What was done") }), el("ol", {}, ...lines));
}

function incidents(row) {
  const links = row.incidents.slice(-12).map((id) => el("a", { href: `/incidents/${id}/file/`, target: "_blank", rel: "noopener", text: `#${id}` }));
  return el("div.warning-acts", {}, el("h3", { text: gettext("It rests on") }), el("p.warning-incidents", {}, ...links));
}

function state(row) {
  const [level, form] = MARKS[row.state];
  const word = row.state === "ended" ? outcomeWord(row.outcome) : warningState(row.state);
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text: word })));
}
