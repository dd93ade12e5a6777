/**
 * What the three sections of the follow-up page show and let people do: callbacks, supervision orders, transfers.
 */

import { formatMoment, parseTime } from "../clock.js";
import { shortNumber } from "../console/board.js";
import { el, shape } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";

const ISSUING = ["watch_commander", "leader", "inspector", "reviewer", "callback_agent"];
const ANSWERING = ["station_duty", "watch_commander"];
const DESK = ["call_taker", "dispatcher", "watch_commander"];
const ASPECTS = ["manner", "speed", "dress", "language", "result"];

const has = (me, roles) => me.roles.some((role) => roles.includes(role));
const number = (row) => (row.incident_no ? `#${shortNumber(row.incident_no)}` : "—");
const choice = (name, label, options, value = options[0].value) => ({ name, kind: "choice", label, options, value });
const textField = (name, label, how = {}) => ({ name, kind: "text", label, value: "", limit: 2000, ...how });

function moment(iso) {
  return iso ? formatMoment(parseTime(iso), Date.now()) : "";
}

function mark(level, form, text) {
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text })));
}

function about(row, codes) {
  return [
    [gettext("Incident"), number(row)],
    [gettext("Place"), row.address_text],
    [pgettext("console", "Type"), codes.word("incident_type", row.type_reported)],
  ];
}

/** Callbacks (R27): the three counts stand above the list, always together (K11). */
export function callbacks({ codes, me }) {
  return {
    path: "/api/callbacks/",
    noun: "callbacks",
    label: gettext("Callbacks"),
    columns: [gettext("Incident"), gettext("Place"), gettext("Way"), gettext("Due"), gettext("Outcome")].map((text) => ({ text })),
    words: (row) => [row.incident_no, row.address_text, row.words],
    faint: (row) => Boolean(row.outcome),
    title: (row) => fill(gettext("Callback %(number)s"), { number: number(row) }),
    head: ({ counts }) =>
      fill(gettext("satisfied %(satisfied)s / replied %(replied)s / asked %(asked)s · not to be asked %(unsuitable)s"), counts),
    cells: (row) => [
      cell(number(row), "code"),
      cell(row.address_text),
      cell(row.way === "sms" ? gettext("SMS") : gettext("by telephone")),
      cell(row.outcome ? "" : moment(row.due_at)),
      outcomeCell(row),
    ],
    facts: (row) => [
      ...about(row, codes),
      [pgettext("console", "Telephone"), row.number],
      [gettext("Asked"), moment(row.asked_at)],
      [gettext("Tries"), row.attempts.length ? String(row.attempts.length) : ""],
      [gettext("Replied"), moment(row.replied_at)],
      [gettext("Words of the caller"), row.words],
      [gettext("About"), row.aspects.map(aspectWord).join("、")],
      [gettext("Why not"), row.reason],
      [gettext("Agent"), row.agent_no],
    ],
    acts: (row) => {
      const acts = [];
      if (!row.outcome && has(me, ["callback_agent", "watch_commander"])) acts.push(recordAct(row));
      if (row.outcome && has(me, ISSUING)) acts.push(superviseAct(row.incident, "dissatisfied"));
      return acts;
    },
  };
}

function recordAct(row) {
  const grades = [
    { value: "", text: "—" },
    { value: "1", text: gettext("1 satisfied") },
    { value: "2", text: gettext("2 fairly satisfied") },
    { value: "3", text: gettext("3 not satisfied") },
  ];
  const outcomes = ["answered", "no_answer", "refused", "unsuitable"].map((value) => ({ value, text: outcomeWord(value) }));
  const aspects = [{ value: "", text: "—" }, ...ASPECTS.map((value) => ({ value, text: aspectWord(value) }))];
  return {
    label: gettext("Record"),
    title: pgettext("followup", "What the caller said"),
    main: true,
    path: `/api/callbacks/${row.id}/record/`,
    fixed: { version: row.version },
    fields: [
      choice("outcome", gettext("Outcome"), outcomes),
      choice("grade", gettext("Grade"), grades),
      choice("aspects", gettext("About"), aspects),
      textField("words", gettext("Words of the caller")),
      textField("reason", gettext("Why not"), { limit: 200 }),
    ],
    turn: { grade: Number, aspects: (value) => [value] },
  };
}

function superviseAct(incident, cause) {
  const causes = ["dissatisfied", "overdue", "leader", "quality", "complaint"].map((value) => ({ value, text: causeWord(value) }));
  return {
    label: gettext("Issue supervision order"),
    path: `/api/incidents/${incident}/supervision/`,
    fields: [choice("cause", gettext("Cause"), causes, cause), textField("demand", gettext("Demand"), { required: true, limit: 400 })],
  };
}

function outcomeCell(row) {
  if (row.outcome !== "answered") return row.outcome ? mark("off", "bar", outcomeWord(row.outcome)) : mark("caution", "square", gettext("open"));
  const level = row.grade === 3 ? "serious" : "normal";
  return mark(level, row.grade === 3 ? "diamond" : "circle", gradeWord(row.grade));
}

/** Supervision orders (M9): overdue ones first, with what was asked and what was answered. */
export function supervision({ codes, me }) {
  return {
    path: "/api/supervision/",
    noun: "supervision_orders",
    label: gettext("Supervision orders"),
    columns: [gettext("Incident"), gettext("To"), gettext("Cause"), gettext("Demand"), gettext("Due"), gettext("State")].map((text) => ({ text })),
    words: (row) => [row.incident_no, row.to_name, row.demand, row.reply],
    faint: (row) => row.state === "closed",
    title: (row) => fill(gettext("Supervision order %(number)s"), { number: number(row) }),
    cells: (row) => [
      cell(number(row), "code"),
      cell(row.to_name),
      cell(causeWord(row.cause)),
      cell(row.demand),
      cell(row.state === "closed" ? "" : moment(row.due_at)),
      orderState(row),
    ],
    facts: (row) => [
      ...about(row, codes),
      [gettext("To"), row.to_name],
      [gettext("Issued by"), row.issued_by || gettext("rule")],
      [gettext("Demand"), row.demand],
      [gettext("Due"), moment(row.due_at)],
      [gettext("Reminded"), row.urges.map(moment).join(" ")],
      [gettext("Overdue since"), moment(row.overdue_at)],
      [gettext("Passed up to"), row.escalated_to],
      [gettext("Signed"), moment(row.signed_at)],
      [gettext("Reply"), row.reply],
      [gettext("Replied"), `${moment(row.replied_at)} ${row.replied_by}`.trim()],
      [gettext("Sent back because"), row.return_reason],
    ],
    acts: (row) => supervisionActs(row, me),
  };
}

function supervisionActs(row, me) {
  const path = (verb) => `/api/supervision/${row.id}/${verb}/`;
  const acts = [];
  if (row.state === "issued" && has(me, ANSWERING)) acts.push({ label: gettext("Sign"), path: path("sign"), fields: [] });
  if (["issued", "signed", "returned"].includes(row.state) && has(me, ANSWERING))
    acts.push({ label: gettext("Reply"), main: true, path: path("reply"), fields: [textField("text", pgettext("followup", "What was done"), { required: true })] });
  if (row.state === "replied" && has(me, ISSUING)) {
    acts.push({ label: gettext("Accept and close"), main: true, path: path("close"), fields: [] });
    acts.push({ label: gettext("Send back"), path: path("return"), fields: [textField("reason", gettext("Reason"), { required: true, limit: 400 })] });
  }
  return acts;
}

function orderState(row) {
  if (row.state === "closed") return mark("off", "bar", orderWord(row.state));
  if (row.overdue_at) return mark("serious", "diamond", gettext("overdue"));
  return mark(row.state === "replied" ? "standby" : "caution", row.state === "replied" ? "circle" : "square", orderWord(row.state));
}

/** Transfers (R10, R22, R23): what was passed on, whether the other body has it, and what came of it. */
export function transfers({ codes, me }) {
  return {
    path: "/api/transfers/",
    noun: "transfers",
    label: gettext("Transfers"),
    columns: [gettext("Number"), gettext("Body"), gettext("Call"), pgettext("followup", "Sent"), gettext("State")].map((text) => ({ text })),
    words: (row) => [row.transfer_no, row.call_no, row.incident_no, codes.word("body", row.to_body), row.told_caller],
    faint: (row) => ["finished", "returned"].includes(row.state),
    title: (row) => fill(gettext("Transfer %(number)s"), { number: row.transfer_no.slice(-6) }),
    cells: (row) => [
      cell(row.transfer_no, "code"),
      cell(`${row.direction === "in" ? "← " : "→ "}${codes.word("body", row.to_body)}`),
      cell(row.call_no, "code"),
      cell(moment(row.sent_at ?? row.created_at)),
      transferState(row),
    ],
    facts: (row) => [
      ...about(row, codes),
      [gettext("Way"), wayWord(row.way)],
      [gettext("Danger"), row.danger ? gettext("yes, police first") : gettext("no")],
      [gettext("Told to the caller"), row.told_caller],
      [gettext("Receipt expected by"), row.receipt_at ? "" : moment(row.receipt_by)],
      [pgettext("followup", "Receipt"), `${moment(row.receipt_at)} ${row.receipt_no}`.trim()],
      [gettext("Result"), row.result_text],
      [gettext("Returned because"), row.return_reason],
    ],
    acts: (row) => transferActs(row, me),
  };
}

function transferActs(row, me) {
  if (!has(me, DESK) || row.direction === "in") return [];
  const path = (verb) => `/api/transfers/${row.id}/${verb}/`;
  const acts = [];
  if (["unsent", "sent"].includes(row.state))
    acts.push({ label: gettext("They have it"), main: true, path: path("accept"), fields: [textField("receipt_no", gettext("Their number"), { limit: 60 })] });
  if (row.state === "accepted")
    acts.push({ label: gettext("Settled"), main: true, path: path("finish"), fields: [textField("result_text", gettext("Result"), { required: true })] });
  if (["unsent", "sent", "accepted"].includes(row.state))
    acts.push({ label: gettext("Returned"), path: path("return"), fields: [textField("reason", gettext("Reason"), { required: true, limit: 400 })] });
  return acts;
}

function transferState(row) {
  if (row.push_failed && row.state === "unsent") return mark("serious", "diamond", gettext("not sent, pass it on by telephone"));
  if (row.unanswered_at && ["unsent", "sent"].includes(row.state)) return mark("serious", "diamond", gettext("no receipt in time"));
  const levels = { unsent: ["caution", "square"], sent: ["caution", "square"], accepted: ["standby", "circle"], finished: ["off", "bar"], returned: ["serious", "diamond"] };
  return mark(...levels[row.state], stateWord(row.state));
}

/** Name a way of passing on. */
export function wayWord(way) {
  switch (way) {
    case "one_key": return gettext("one-key transfer");
    case "three_way": return gettext("three-way call");
    case "first_receiver": return gettext("first receiver takes it");
    default: return gettext("pushed after police went");
  }
}

function stateWord(state) {
  switch (state) {
    case "unsent": return gettext("not yet sent");
    case "sent": return pgettext("transfer", "sent");
    case "accepted": return pgettext("transfer", "accepted");
    case "finished": return pgettext("transfer", "settled");
    default: return pgettext("transfer", "returned");
  }
}

function orderWord(state) {
  switch (state) {
    case "issued": return pgettext("supervision", "issued");
    case "signed": return pgettext("supervision", "signed");
    case "replied": return pgettext("supervision", "replied");
    case "returned": return pgettext("supervision", "sent back");
    default: return pgettext("supervision", "closed");
  }
}

function causeWord(cause) {
  switch (cause) {
    case "overdue": return pgettext("cause", "overdue");
    case "dissatisfied": return pgettext("cause", "caller not satisfied");
    case "leader": return pgettext("cause", "leader's order");
    case "quality": return pgettext("cause", "quality review");
    default: return pgettext("cause", "complaint");
  }
}

function outcomeWord(outcome) {
  switch (outcome) {
    case "answered": return pgettext("callback", "answered");
    case "no_answer": return pgettext("callback", "no answer");
    case "refused": return pgettext("callback", "refused");
    default: return pgettext("callback", "not to be asked");
  }
}

function gradeWord(grade) {
  return [gettext("1 satisfied"), gettext("2 fairly satisfied"), gettext("3 not satisfied")][grade - 1];
}

function aspectWord(aspect) {
  switch (aspect) {
    case "manner": return pgettext("aspect", "manner");
    case "speed": return pgettext("aspect", "speed");
    case "dress": return pgettext("aspect", "dress");
    case "language": return pgettext("aspect", "language");
    default: return pgettext("aspect", "result");
  }
}
