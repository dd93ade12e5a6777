/**
 * What the lists of the fusion page show and let people do: requests with their clues and positions.
 */

import { counter, formatTime, parseTime } from "../clock.js";
import { askWord, CLUE_KINDS, clueWord, confidenceWord, CONFIDENCES, fusionMark, fusionState, isLapsed } from "../casework_words.js";
import { el } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";
import { directiveAct, interceptionActs } from "./directives.js";
import { choice, has, mark, moment, number, pointOf, textField } from "./parts.js";

const FINDING = ["analyst", "video"];
const ISSUING = ["analyst", "video", "dispatcher", "watch_commander"];
const DESK = ["call_taker", "dispatcher", "watch_commander"];

const confidence = () => choice("confidence", gettext("Confidence"), CONFIDENCES.map((value) => ({ value, text: confidenceWord(value) })), "medium");

/** Describe the section of the requests; what the rule proposes stands above them, to be raised by a person. */
export function requests({ codes, me, units, found }) {
  const directing = (row) => (row.incident_open && has(me, ISSUING) ? [directiveAct(row, units), ...interceptionActs(row, found)] : []);
  const age = (row) => counter((Date.now() - parseTime(row.asked_at)) / 1000);
  return {
    path: "/api/fusion/",
    noun: "fusion_requests",
    label: gettext("Fusion requests"),
    columns: [gettext("Incident"), pgettext("console", "Type"), gettext("Place"), pgettext("fusion", "What for"), gettext("State"), pgettext("fusion", "Owner"), pgettext("fusion", "Speciality"), pgettext("fusion", "Age")].map((text) => ({ text })),
    rows: (answer) => [...(has(me, DESK) ? answer.proposals.map(asProposal) : []), ...answer.fusion_requests.map((row) => ({ ...row, analysts: answer.analysts }))],
    key: (row) => (row.proposed ? `p${row.incident}` : String(row.id)),
    words: (row) => [row.request_no ?? "", row.incident_no, row.address_text ?? "", row.text ?? "", row.owner_name ?? ""],
    faint: (row) => !row.proposed && !row.open,
    count: (answer) => answer.fusion_requests.filter((row) => row.open).length,
    title: (row) => (row.proposed ? fill(gettext("Proposed for %(number)s"), { number: number(row) }) : `${number(row)} · ${askWord(row.ask)}`),
    cells: (row) => [
      cell(number(row), "code"),
      cell(codes.word("incident_type", row.type_reported)),
      cell(row.address_text ?? ""),
      cell(row.proposed ? gettext("proposed by rule") : askWord(row.ask)),
      row.proposed ? mark("caution", "square", gettext("to be raised")) : mark(...fusionMark(row.state), fusionState(row.state)),
      cell(row.owner_name ?? ""),
      cell(row.speciality ?? ""),
      cell(row.proposed || !row.open ? "" : age(row), "digits"),
    ],
    facts: (row) => (row.proposed ? [] : factsOf(row)),
    extra: (row) => (row.proposed ? [] : [shiftLog(row)].filter(Boolean)),
    acts: (row) => (row.proposed ? [raiseAct(row)] : [...actsOf(row, me), ...directing(row)]),
    main: (row) => row,
  };
}

function asProposal(row) {
  return { ...row, id: -row.incident, proposed: true };
}

function factsOf(row) {
  return [
    [gettext("Request"), row.request_no],
    [pgettext("fusion", "What is known"), row.text],
    [gettext("Legal basis"), row.legal_basis],
    [gettext("Asked by"), `${row.asked_by_name} ${row.asked_by} ${moment(row.asked_at)}${row.by_rule ? ` · ${gettext("proposed by rule")}` : ""}`],
    [gettext("Taken on"), row.accepted_at ? `${row.owner_name} ${moment(row.accepted_at)}` : ""],
    [gettext("First locked"), moment(row.locked_at)],
    [gettext("Result"), row.result_text],
    ...row.positions.filter((one) => !one.replaced_at).map((one) => [gettext("Locked position"), positionWords(one, row)]),
    ...[...row.clues].reverse().map((one) => [`${pgettext("fusion", "Clue")} ${clueWord(one.kind)}`, clueWords(one)]),
  ];
}

/** Say a position in a line. */
export function positionWords(one, row) {
  const lapsed = isLapsed(one, row, Date.now());
  const words = { radius: Math.round(one.radius_m), time: formatTime(one.valid_until) };
  const says = lapsed ? gettext("±%(radius)s m · ran out %(time)s") : gettext("±%(radius)s m · valid to %(time)s");
  return [`${one.point.lat.toFixed(5)}, ${one.point.lng.toFixed(5)}`, fill(says, words), confidenceWord(one.confidence), one.source].join(" · ");
}

function clueWords(one) {
  const state = one.void ? fill(gettext("taken back: %(reason)s"), { reason: one.void_reason }) : one.pushed_at ? fill(gettext("pushed %(time)s"), { time: formatTime(one.pushed_at) }) : gettext("not pushed");
  return [one.value, one.text, one.source, confidenceWord(one.confidence), state].filter(Boolean).join(" · ");
}

function shiftLog(row) {
  if (!row.shift_log.length) return null;
  const lines = row.shift_log.map((one) => el("li", { text: `${moment(one.at)} ${one.from_name} → ${one.to_name} ${one.words}` }));
  return el("div.fusion-log", {}, el("h3", { text: gettext("Handed over") }), el("ol", {}, ...lines));
}

function raiseAct(row) {
  const fields = [choice("ask", pgettext("fusion", "What for"), ["person", "vehicle"].map((value) => ({ value, text: askWord(value) }))), textField("text", pgettext("fusion", "What is known"), { limit: 1000 }), textField("legal_basis", gettext("Legal basis"), { value: gettext("Criminal Procedure Law, Art. 115") })];
  return { label: gettext("Raise"), main: true, path: `/api/incidents/${row.incident}/fusion/`, fixed: { by_rule: true }, fields };
}

function actsOf(row, me) {
  if (!row.open) return [];
  const acts = [];
  const path = (verb) => `/api/fusion/${row.id}/${verb}/`;
  const works = has(me, ["analyst"]);
  const leads = row.owner === me.badge || has(me, ["watch_commander"]);
  if (row.state === "waiting" && works) acts.push({ label: gettext("Take on"), main: true, path: path("accept"), fields: [textField("speciality", pgettext("fusion", "Speciality"), { required: false, limit: 40, value: gettext("criminal investigation") })] });
  if (row.state !== "waiting" && has(me, FINDING)) acts.push(...clueActs(row), positionAct(row));
  if (row.state !== "waiting" && (works || leads)) acts.push(handOverAct(row, path("hand-over")));
  if (row.state !== "waiting" ? leads : works || leads) acts.push(endAct(row, path("end")));
  return acts;
}

function clueActs(row) {
  const open = row.clues.filter((one) => !one.void);
  const waiting = open.filter((one) => !one.pushed_at);
  const named = (list) => list.map((one) => ({ value: String(one.id), text: `${clueWord(one.kind)} ${one.value || one.text}`.slice(0, 40) }));
  const acts = [];
  if (waiting.length) acts.push({ label: gettext("Push to the units"), main: true, fields: [choice("clue", pgettext("fusion", "Clue"), named(waiting), String(waiting.at(-1).id))], address: ({ clue }) => `/api/clues/${clue}/push/`, shape: () => ({}) });
  acts.push({
    label: gettext("Note a clue"),
    main: !waiting.length,
    path: `/api/incidents/${row.incident}/clues/`,
    fixed: { request: row.id },
    turn: { point: pointOf },
    fields: [
      choice("kind", pgettext("fusion", "Kind"), CLUE_KINDS.map((value) => ({ value, text: clueWord(value) }))),
      textField("text", pgettext("fusion", "What is known"), { limit: 1000 }),
      textField("value", gettext("Plate or telephone"), { required: false, limit: 60 }),
      textField("source", pgettext("fusion", "Source"), { limit: 100 }),
      confidence(),
      textField("point", gettext("Point: latitude, longitude (F4)"), { required: false }),
    ],
  });
  if (open.length) acts.push({ label: gettext("Take a clue back"), fields: [choice("clue", pgettext("fusion", "Clue"), named(open)), textField("reason", pgettext("console", "Reason"), { limit: 200 })], address: ({ clue }) => `/api/clues/${clue}/void/`, shape: ({ reason }) => ({ reason }) });
  return acts;
}

function positionAct(row) {
  const present = row.positions.find((one) => !one.replaced_at);
  const valid = present && !isLapsed(present, row, Date.now());
  return {
    label: valid ? gettext("Renew the position") : gettext("Lock the position"),
    path: valid ? `/api/locked-positions/${present.id}/renew/` : `/api/fusion/${row.id}/lock/`,
    turn: { point: pointOf, radius_m: Number, minutes: Number },
    fields: [
      textField("point", gettext("Point: latitude, longitude (F4)"), { value: present ? `${present.point.lat.toFixed(5)}, ${present.point.lng.toFixed(5)}` : "" }),
      { name: "radius_m", kind: "number", label: gettext("Radius, m"), value: present ? Math.round(present.radius_m) : 60, required: true },
      textField("source", pgettext("fusion", "Source"), { limit: 100, value: present?.source ?? "" }),
      confidence(),
      { name: "minutes", kind: "number", label: gettext("Valid for, min"), value: 30, required: true },
    ],
  };
}

function handOverAct(row, path) {
  const others = row.analysts.filter((one) => one.badge !== row.owner).map((one) => ({ value: one.badge, text: `${one.name} ${one.badge}` }));
  const to = others.length ? others : [{ value: "", text: gettext("nobody else") }];
  return { label: pgettext("fusion", "Hand over"), path, fields: [choice("to", pgettext("fusion", "Receiver"), to), textField("words", gettext("What the receiver must know"), { required: false })] };
}

function endAct(row, path) {
  const states = row.state === "waiting" ? ["no_result"] : ["done", "no_result"];
  return { label: gettext("End the request"), path, fields: [choice("state", gettext("Outcome"), states.map((value) => ({ value, text: fusionState(value) }))), textField("text", gettext("Result"), { limit: 4000 })] };
}
