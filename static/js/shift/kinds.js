/**
 * What the sections of the duty page show and let people do: on duty, post checks, seats, duty level.
 */

import { formatMoment, formatTime, parseTime } from "../clock.js";
import { el } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext, statusMark, statusWord } from "../words.js";
import { badgesOf, hourOf } from "./times.js";
import { againstPlan, answerMark, checkInWords, choice, has, levelWord, mark, metres, minutes, textField } from "./words.js";

const heads = (...texts) => texts.map((text) => ({ text }));
const moment = (iso) => (iso ? formatMoment(parseTime(iso), Date.now()) : "");
const CHOSEN = ["available", "on_task", "transporting", "break", "out_of_service"];

/** Who is on duty against the plan; breaks and units out of service with their limit. */
export function onDuty({ codes, me }) {
  return {
    path: "/api/on-duty/",
    noun: "units",
    label: gettext("On duty"),
    columns: heads(gettext("Unit"), gettext("Squad"), gettext("Against the plan"), gettext("Planned"), gettext("Crew"), gettext("Status"), gettext("Back by")),
    words: (row) => [row.call_sign, row.label, row.squad_name, row.shift?.lead_name, row.plan?.lead_name, statusWord(row.status)],
    faint: (row) => row.against_plan === "on_time" && !row.return_overdue_at,
    title: (row) => `${row.label} ${row.call_sign}`,
    head: ({ check_in: rate }) => checkInWords(rate),
    count: ({ units }) => units.filter((row) => row.shift).length,
    cells: (row) => [
      cell(row.call_sign, "code"),
      cell(row.squad_name),
      mark(...againstPlan(row.against_plan)),
      cell(row.plan ? `${hourOf(row.plan.starts_at)}–${hourOf(row.plan.ends_at)}` : "—", "digits"),
      cell(crewWords(row)),
      statusCell(row),
      backCell(row),
    ],
    facts: (row) => [
      [gettext("Lead"), row.shift?.lead_name ?? row.plan?.lead_name],
      [gettext("Crew"), crewWords(row)],
      [gettext("Missing"), (row.plan?.missing ?? []).join(" ")],
      [gettext("Post"), row.plan?.post],
      [gettext("Beat"), row.plan?.beat],
      [gettext("Vehicle"), row.plan?.vehicle],
      [gettext("Signed on"), moment(row.plan?.signed_on_at ?? row.shift?.started_at)],
      [gettext("Status since"), moment(row.status_at)],
      [gettext("Reason"), [codes.word("away_reason", row.away_reason), row.status_reason].filter(Boolean).join(" ")],
      [gettext("Back by"), moment(row.back_by)],
    ],
    acts: (row) => (has(me, "dispatcher", "watch_commander") && row.shift ? [statusAct(codes, [row])] : []),
    fresh: () => (has(me, "dispatcher", "watch_commander") ? [bulkAct(codes)] : []),
  };
}

function crewWords(row) {
  const crew = row.shift?.crew ?? row.plan?.crew ?? [];
  return crew.map((one) => one.name || one.badge).join(" ");
}

function statusCell(row) {
  const { level, shape } = statusMark(row.status);
  return mark(level, shape, statusWord(row.status));
}

function backCell(row) {
  if (!row.back_by) return cell("");
  if (row.return_overdue_at) return mark("serious", "diamond", fill(gettext("overdue since %(time)s"), { time: formatTime(row.back_by) }));
  return cell(formatTime(row.back_by), "digits");
}

function statusFields(codes) {
  const statuses = CHOSEN.map((value) => ({ value, text: statusWord(value) }));
  const reasons = [{ value: "", text: "—" }, ...codes.list("away_reason").map((row) => ({ value: row.code, text: codes.word("away_reason", row.code) }))];
  return [
    choice("status", gettext("Status"), statuses),
    choice("reason_code", gettext("Why out of service"), reasons),
    textField("reason", gettext("Reason"), { limit: 200 }),
    { name: "back_at", kind: "moment", label: gettext("Expected back"), value: "" },
  ];
}

function statusAct(codes, [row]) {
  return { label: gettext("Set status"), title: gettext("Status by radio"), main: true, path: `/api/units/${row.id}/status/`, fields: statusFields(codes) };
}

/** Set many units at once by their call signs (row 67). */
function bulkAct(codes) {
  return {
    label: gettext("Set status of these units"),
    title: gettext("Many units at once"),
    main: true,
    path: "/api/units/status/",
    fields: [textField("call_signs", gettext("Call signs, with spaces between"), { required: true }), ...statusFields(codes)],
    turn: { call_signs: badgesOf },
  };
}

/** Post checks (查勤, R15): asked, answered, how far from the post. */
export function checks({ me }) {
  return {
    path: "/api/post-checks/",
    noun: "post_checks",
    label: gettext("Post checks"),
    columns: heads(gettext("Asked"), gettext("By"), gettext("Who"), gettext("Limit"), gettext("Answered"), gettext("Late"), pgettext("post check", "No answer"), gettext("State")),
    words: (row) => [row.asked_by_name, row.scope_name, ...row.answers.map((one) => one.call_sign)],
    faint: (row) => Boolean(row.published_at),
    title: (row) => fill(gettext("Post check of %(time)s"), { time: formatTime(row.asked_at) }),
    cells: (row) => [
      cell(moment(row.asked_at), "digits"),
      cell(row.asked_by_name),
      cell(scopeWord(row)),
      cell(formatTime(row.due_at), "digits"),
      cell(countOf(row, "answered"), "digits"),
      cell(countOf(row, "late"), "digits"),
      cell(countOf(row, "no_answer"), "digits"),
      row.published_at ? mark("off", "bar", pgettext("post check", "published")) : mark("caution", "square", pgettext("post check", "running")),
    ],
    facts: (row) => [
      [gettext("Asked by"), `${row.asked_by_name} ${row.asked_by}`],
      [gettext("Limit"), formatTime(row.due_at)],
      [pgettext("post check", "Published"), moment(row.published_at)],
    ],
    extra: (row, send) => [answersTable(row, send, has(me, "dispatcher", "watch_commander"))],
    acts: () => [],
    fresh: ({ squads }) => (has(me, "watch_commander", "inspector") ? [askAct(squads)] : []),
  };
}

const countOf = (row, state) => String(row.answers.filter((one) => one.state === state).length);

function scopeWord(row) {
  if (row.scope === "all") return fill(gettext("all on duty (%(n)s)"), { n: row.answers.length });
  return row.scope_name;
}

function answersTable(row, send, mayProxy) {
  const line = (one) => el("tr", {},
    el("th", { scope: "row" }, el("span.code", { text: one.call_sign })),
    mark(...answerMark(one.state)),
    el("td.digits", { text: one.answered_at ? formatTime(one.answered_at) : "" }),
    el("td", { text: one.state === "answered" || one.state === "late" ? metres(one.distance_m) : "" }),
    el("td", { text: [one.post, one.place_text, one.by_proxy ? gettext("by radio") : ""].filter(Boolean).join(" · ") }),
    el("td", {}, mayProxy && ["asked", "no_answer"].includes(one.state) ? proxyButton(one, send) : null));
  const names = [gettext("Unit"), gettext("State"), gettext("Answered"), gettext("From the post"), gettext("Post"), gettext("By radio")];
  return el("table.shift-lines", { "aria-label": gettext("Answers") },
    el("thead", {}, el("tr", {}, ...names.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, ...row.answers.map(line)));
}

function proxyButton(one, send) {
  const path = `/api/post-answers/${one.id}/answer/`;
  const click = () => send(path, {});
  return el("button.manage-verb", { type: "button", text: gettext("Told by radio"), "aria-label": fill(gettext("%(unit)s told by radio"), { unit: one.call_sign }), on: { click } });
}

function askAct(squads) {
  return {
    label: gettext("Ask where they are"),
    title: gettext("New post check"),
    main: true,
    path: "/api/post-checks/",
    fields: [
      choice("squad", gettext("Who is asked"), [{ value: "", text: gettext("everybody on duty") }, ...squads.map((one) => ({ value: String(one.id), text: one.name }))]),
      textField("call_signs", gettext("or these call signs"), { limit: 400 }),
      { name: "within_s", kind: "number", label: gettext("Limit in seconds; empty: that of the duty level"), value: "" },
    ],
    turn: { squad: Number, call_signs: badgesOf },
  };
}

/** Seats (M19): who sits there, what they need, what the watch commander allowed. */
export function seats({ codes, me }) {
  const skills = (list) => list.map((skill) => codes.word("skill", skill)).join("、");
  return {
    path: "/api/seats/",
    noun: "seats",
    label: gettext("Seats"),
    columns: heads(gettext("Seat"), gettext("Name"), gettext("Kind"), gettext("Skills needed"), gettext("Sits there"), gettext("Since"), gettext("Allowed by")),
    words: (row) => [row.code, row.name, row.sits?.name, row.sits?.badge],
    faint: (row) => !row.sits,
    title: (row) => `${row.code} ${row.name}`,
    cells: (row) => [
      cell(row.code, "code"),
      cell(row.name),
      cell(codes.word("seat_kind", row.kind)),
      cell(skills(row.skills)),
      row.sits ? cell(`${row.sits.name} ${row.sits.badge}`) : cell(gettext("empty")),
      cell(row.sits ? moment(row.sits.since) : "", "digits"),
      row.sits?.permit ? mark("caution", "square", row.sits.permit.allowed_by) : cell(""),
    ],
    facts: (row) => [
      [gettext("Roles"), row.roles.map((role) => codes.word("role", role)).join("、")],
      [gettext("Skills needed"), skills(row.skills)],
      [gettext("Sits there"), row.sits ? `${row.sits.name} ${row.sits.badge}` : ""],
      [gettext("Allowed because"), row.sits?.permit?.reason],
    ],
    acts: (row) => (has(me, "watch_commander") ? [allowAct(row)] : []),
  };
}

function allowAct(row) {
  return {
    label: gettext("Allow for this shift"),
    title: gettext("Without the qualification"),
    path: "/api/seats/permits/",
    fixed: { seat: row.code },
    fields: [textField("badge", gettext("Badge"), { required: true, limit: 12 }), textField("reason", gettext("Reason"), { required: true })],
  };
}

/** Duty level (等级勤务, R26): what it changes, where units are missing. */
export function level({ codes, me }) {
  return {
    path: "/api/duty-level/",
    label: gettext("Duty level"),
    rows: ({ shortfall }) => shortfall.map((one) => ({ ...one, id: one.squad })),
    columns: heads(gettext("Squad"), pgettext("squad", "Units"), gettext("On duty"), gettext("Wanted"), pgettext("squad", "Missing")),
    words: (row) => [row.name],
    faint: (row) => !row.missing,
    title: (row) => row.name,
    head: (answer) => settingsWords(codes, answer),
    count: ({ settings }) => settings.level,
    cells: (row) => [
      cell(row.name),
      cell(String(row.units), "digits"),
      cell(String(row.have), "digits"),
      cell(String(row.want), "digits"),
      row.missing ? mark("serious", "diamond", fill(gettext("%(n)s missing"), { n: row.missing })) : mark("normal", "circle", gettext("enough")),
    ],
    facts: (row) => [[gettext("On duty"), `${row.have} / ${row.units}`], [gettext("Wanted"), String(row.want)]],
    acts: () => [],
    fresh: ({ settings }) => (has(me, "watch_commander") ? [levelAct(codes, settings)] : []),
  };
}

function settingsWords(codes, { settings }) {
  const values = {
    level: codes.word("duty_level", String(settings.level)),
    units: settings.min_units,
    breaks: settings.breaks_at_once,
    length: minutes(settings.break_s),
    check: minutes(settings.check_s),
    percent: settings.limit_percent,
    rings: settings.ring_minutes.join(" / "),
  };
  return fill(gettext("Level %(level)s: %(units)s units per squad · %(breaks)s breaks at once, %(length)s · post check %(check)s · limits %(percent)s % · rings %(rings)s min"), values);
}

function levelAct(codes, settings) {
  const levels = codes.list("duty_level").map((row) => ({ value: row.code, text: levelWord(codes, row.code) }));
  return {
    label: gettext("Set duty level"),
    title: gettext("New duty level"),
    main: true,
    path: "/api/duty-level/",
    fields: [
      choice("level", gettext("Duty level"), levels, String(settings.level)),
      textField("reason", gettext("Reason"), { required: true }),
      { name: "task_sheet", kind: "lines", label: gettext("Task sheet"), value: ["", "", ""] },
    ],
    turn: { level: Number, task_sheet: (lines) => lines.join("\n") },
  };
}
