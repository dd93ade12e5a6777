/**
 * The watch entries of the fusion page and their hits (布控): nothing here sends anybody anywhere.
 */

import { SUBJECTS, subjectWord, watchState } from "../casework_words.js";
import { cell } from "../manage/grid.js";
import { gettext, pgettext } from "../words.js";
import { choice, has, mark, moment, number, textField } from "./parts.js";

const ASKING = ["call_taker", "dispatcher", "watch_commander", "analyst", "video"];
const MARKS = { waiting: ["caution", "square"], active: ["normal", "circle"] };
const lastNumber = (value) => Number(value.replace(/\D/g, "").slice(-6)) || null;

/** Describe the section of the entries. */
export function entries({ me }) {
  return {
    path: "/api/watch/",
    noun: "watch_entries",
    label: gettext("Watch entries"),
    columns: [pgettext("watch", "What"), gettext("Value"), gettext("State"), gettext("Incident"), pgettext("console", "Reason"), gettext("Asked by"), gettext("Ends")].map((text) => ({ text })),
    words: (row) => [row.value, row.reason, row.incident_no, row.asked_by_name],
    faint: (row) => !["waiting", "active"].includes(row.state),
    title: (row) => `${subjectWord(row.subject)} ${row.value}`,
    cells: (row) => [
      cell(subjectWord(row.subject)),
      cell(row.value, "code"),
      mark(...(MARKS[row.state] ?? ["off", "bar"]), watchState(row.state)),
      cell(number(row), "code"),
      cell(row.reason),
      cell(`${row.asked_by_name} ${row.asked_by}`),
      cell(moment(row.expires_at)),
    ],
    facts: (row) => [
      [pgettext("console", "Reason"), row.reason],
      [gettext("Legal basis"), row.legal_basis],
      [gettext("Asked by"), `${row.asked_by_name} ${row.asked_by}`],
      [gettext("Approved"), row.approved_at ? `${row.approved_by} ${moment(row.approved_at)}` : ""],
      [gettext("Ends"), moment(row.expires_at)],
      [gettext("Ended"), [moment(row.ended_at), row.end_reason].filter(Boolean).join(" ")],
    ],
    acts: (row) => entryActs(row, me),
    fresh: has(me, ASKING) ? [askAct()] : [],
  };
}

function askAct() {
  return {
    label: gettext("Ask for a watch entry"),
    path: "/api/watch/",
    turn: { incident: lastNumber },
    fields: [
      choice("subject", pgettext("watch", "What"), SUBJECTS.map((value) => ({ value, text: subjectWord(value) }))),
      textField("value", gettext("Plate, number or identity number"), { limit: 60 }),
      textField("incident", gettext("Number of the incident (its last digits)"), { required: false, limit: 32 }),
      textField("reason", pgettext("console", "Reason")),
      textField("legal_basis", gettext("Legal basis"), { limit: 200, value: gettext("Criminal Procedure Law, Art. 115") }),
      { name: "expires_at", kind: "moment", label: gettext("Ends (72 hours when left empty, at most 30 days)"), value: "" },
    ],
  };
}

function entryActs(row, me) {
  const path = (verb) => `/api/watch/${row.id}/${verb}/`;
  const reason = () => [textField("reason", pgettext("console", "Reason"))];
  const own = row.asked_by === me.badge;
  const commands = has(me, ["watch_commander"]);
  const acts = [];
  if (row.state === "waiting" && commands && !own) acts.push({ label: gettext("Approve"), main: true, path: path("approve"), fields: [] }, { label: gettext("Do not approve"), path: path("refuse"), fields: reason() });
  if (["waiting", "active"].includes(row.state) && (own || commands)) acts.push({ label: gettext("Withdraw the entry"), path: path("withdraw"), fields: reason() });
  return acts;
}

/** Describe the section of the hits: a person says what is made of each. */
export function hits({ me }) {
  return {
    path: "/api/watch/",
    noun: "watch_hits",
    label: gettext("Watch hits"),
    columns: [gettext("Seen"), pgettext("watch", "What"), gettext("Value"), gettext("Seen by"), gettext("State"), pgettext("watch", "Made of it")].map((text) => ({ text })),
    words: (row) => [row.value, row.source, row.text, row.handling, row.incident_no],
    faint: (row) => Boolean(row.handled_at),
    title: (row) => `${subjectWord(row.subject)} ${row.value}`,
    cells: (row) => [
      cell(moment(row.seen_at)),
      cell(subjectWord(row.subject)),
      cell(row.value, "code"),
      cell(row.source),
      row.handled_at ? mark("off", "bar", gettext("handled")) : mark("serious", "diamond", gettext("to be looked at")),
      cell(row.handling),
    ],
    facts: (row) => [
      [gettext("Seen"), moment(row.seen_at)],
      [gettext("Seen by"), [row.source, row.camera_name].filter((one, at, all) => one && all.indexOf(one) === at).join(" · ")],
      [gettext("Point"), row.point ? `${row.point.lat.toFixed(5)}, ${row.point.lng.toFixed(5)}` : ""],
      [pgettext("console", "Text"), row.text],
      [gettext("Incident"), number(row)],
      [pgettext("watch", "Made of it"), row.handled_at ? `${row.handling} · ${row.handled_by} ${moment(row.handled_at)}` : ""],
    ],
    acts: (row) => (row.handled_at || !has(me, ASKING) ? [] : [{ label: gettext("Write what is made of it"), main: true, path: `/api/watch-hits/${row.id}/handle/`, fields: [textField("text", pgettext("watch", "Made of it"))] }]),
  };
}
