/**
 * Further sections of the follow-up page: what is overdue (K20), what the watch commander is asked for, legal holds,
 * and how retention goes.
 */

import { formatMoment, parseTime } from "../clock.js";
import { shortNumber } from "../console/board.js";
import { el, shape } from "../console/dom.js";
import { subjectWord } from "../casework_words.js";
import { flagWord } from "../console/number_flag.js";
import { cell } from "../manage/grid.js";
import { deadlineWord, fill, gettext, ngettext, pgettext } from "../words.js";

const HOLDING = ["watch_commander", "inspector", "leader"];
const CITY_DAY = "T00:00:00+08:00";

const has = (me, roles) => me.roles.some((role) => roles.includes(role));
const number = (row) => (row.incident_no ? `#${shortNumber(row.incident_no)}` : "—");
const textField = (name, label, how = {}) => ({ name, kind: "text", label, value: "", limit: 400, ...how });
const day = (name, label) => ({ name, kind: "day", label, value: "" });
const heads = (...texts) => texts.map((text) => ({ text }));

function moment(iso) {
  return iso ? formatMoment(parseTime(iso), Date.now()) : "";
}

function mark(level, form, text) {
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text })));
}

/** Say how long ago something was, in the largest unit that fits. */
export function ageWord(iso, now = Date.now()) {
  const minutes = Math.max(0, Math.floor((now - parseTime(iso)) / 60_000));
  if (minutes < 120) return fill(ngettext("%(count)s minute", "%(count)s minutes", minutes), { count: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return fill(ngettext("%(count)s hour", "%(count)s hours", hours), { count: hours });
  const days = Math.floor(hours / 24);
  return fill(ngettext("%(count)s day", "%(count)s days", days), { count: days });
}

/** What is past a limit (K20): owner, age, step, what is to be done next, and who stands above. The target is none. */
export function overdue({ codes }) {
  return {
    path: "/api/overdue/",
    noun: "overdue",
    key: (row) => `${row.step} ${row.incident ?? ""} ${row.number} ${row.due_at}`,
    label: gettext("Overdue"),
    columns: heads(gettext("Incident"), gettext("Place"), gettext("Step"), gettext("Owner"), gettext("Overdue for"), gettext("Next"), gettext("One level up")),
    words: (row) => [row.incident_no, row.address_text, row.owner, stepWord(row.step)],
    faint: () => false,
    title: (row) => fill(gettext("Overdue: %(step)s"), { step: stepWord(row.step) }),
    head: (answer) => fill(ngettext("%(count)s incident not settled · target 0", "%(count)s incidents not settled · target 0", answer.count), answer),
    cells: (row) => [
      cell(number(row), "code"),
      cell(row.address_text),
      cell(stepWord(row.step)),
      cell(ownerWord(row.owner)),
      mark("serious", "diamond", ageWord(row.due_at)),
      cell(nextWord(row.step)),
      cell(ownerWord(row.above)),
    ],
    facts: (row) => [
      [gettext("Incident"), number(row)],
      [gettext("Place"), row.address_text],
      [pgettext("console", "Type"), codes.word("incident_type", row.type_reported)],
      [pgettext("followup", "Stage"), codes.word("stage", row.stage)],
      [gettext("Limit"), moment(row.due_at)],
      [gettext("Urged"), moment(row.urged_at)],
      [gettext("Owner"), ownerWord(row.owner)],
      [gettext("One level up"), ownerWord(row.above)],
      [gettext("Next"), nextWord(row.step)],
      [gettext("Number"), row.number],
    ],
    extra: (row) => fileLink(row.incident),
    acts: () => [],
  };
}

/** What waits for the watch commander: who asked, why, since when; one key approves. */
export function approvals() {
  return {
    path: "/api/approvals/",
    noun: "approvals",
    key: (row) => `${row.kind} ${row.id}`,
    label: gettext("Approvals"),
    columns: heads(pgettext("approvals", "What"), gettext("Incident"), pgettext("approvals", "About"), gettext("Asked by"), gettext("Reason"), gettext("Waits for")),
    words: (row) => [row.incident_no, whatWord(row), row.about, row.reason, row.asked_by],
    faint: (row) => row.own,
    title: whatWord,
    cells: (row) => [
      cell(whatWord(row)),
      cell(number(row), "code"),
      cell(row.about || row.address_text),
      cell(row.asked_by, "code"),
      cell(row.reason),
      mark("caution", "square", ageWord(row.asked_at)),
    ],
    facts: (row) => [
      [gettext("Incident"), number(row)],
      [gettext("Place"), row.address_text],
      [pgettext("approvals", "About"), row.about],
      [gettext("Asked by"), row.asked_by],
      [gettext("Asked"), moment(row.asked_at)],
      [gettext("Reason"), row.reason],
      [gettext("Ends"), moment(row.expires_at)],
    ],
    extra: (row) => fileLink(row.incident),
    acts: (row) => (row.own ? [] : decisions(row)),
  };
}

function decisions(row) {
  const path = (verb) => `/api/approvals/${row.kind}/${row.id}/${verb}/`;
  return [
    { label: pgettext("approvals", "Approve"), main: true, path: path("approve"), fields: [] },
    { label: gettext("Do not approve"), path: path("refuse"), fields: [textField("reason", gettext("Reason"), { required: true })] },
  ];
}

/** Legal holds: what stops redaction, on which basis, until when; ending one takes two people. */
export function holds({ me }) {
  return {
    path: "/api/holds/",
    noun: "holds",
    label: gettext("Legal holds"),
    columns: heads(gettext("Number"), gettext("Holds"), gettext("Reason"), gettext("Legal basis"), gettext("Until"), gettext("State")),
    words: (row) => [row.hold_no, row.subject, row.incident_no, row.reason, row.legal_basis],
    faint: (row) => !row.active,
    title: (row) => fill(gettext("Legal hold %(number)s"), { number: row.hold_no.slice(-6) }),
    cells: (row) => [
      cell(row.hold_no, "code"),
      cell(heldWord(row)),
      cell(row.reason),
      cell(row.legal_basis),
      cell(row.until ? moment(row.until) : gettext("until it is ended")),
      holdState(row),
    ],
    facts: (row) => [
      [gettext("Holds"), heldWord(row)],
      [gettext("Reason"), row.reason],
      [gettext("Legal basis"), row.legal_basis],
      [gettext("Placed"), `${moment(row.placed_at)} ${row.placed_by}`],
      [gettext("Until"), moment(row.until)],
      [gettext("End asked for"), row.end_asked_at ? `${moment(row.end_asked_at)} ${row.end_asked_by}` : ""],
      [gettext("Why it ends"), row.end_reason],
      [gettext("Ended"), row.ended_at ? `${moment(row.ended_at)} ${row.ended_by}` : ""],
    ],
    extra: (row) => fileLink(row.incident),
    acts: (row) =>
      row.ended_at || row.end_asked_at || !has(me, HOLDING)
        ? []
        : [{ label: gettext("Ask for its end"), path: `/api/holds/${row.id}/end/`, fields: [textField("reason", gettext("Reason"), { required: true })] }],
    fresh: has(me, HOLDING) ? [newHold()] : [],
  };
}

function newHold() {
  return {
    label: gettext("Place a hold"),
    main: true,
    path: "/api/holds/",
    fields: [
      {
        name: "scope", kind: "choice", label: gettext("Holds"), value: "incident",
        options: [
          { value: "incident", text: gettext("an incident") },
          { value: "subject", text: gettext("a person, number or plate") },
          { value: "period", text: gettext("a period") },
        ],
      },
      textField("incident", gettext("Incident (running number)"), { limit: 12 }),
      textField("subject", gettext("Person, number or plate"), { limit: 100 }),
      day("since", gettext("From")),
      day("before", gettext("To (not included)")),
      textField("reason", gettext("Reason"), { required: true }),
      textField("legal_basis", gettext("Legal basis"), { required: true, limit: 200 }),
      day("until", gettext("Until (empty: until it is ended)")),
    ],
    turn: {
      incident: (value) => Number(value.replace("#", "")),
      since: (value) => value + CITY_DAY,
      before: (value) => value + CITY_DAY,
      until: (value) => value + CITY_DAY,
    },
  };
}

function heldWord(row) {
  switch (row.scope) {
    case "incident": return number(row);
    case "subject": return row.subject;
    default: return `${moment(row.since)} – ${moment(row.before)}`;
  }
}

function holdState(row) {
  if (row.ended_at) return mark("off", "bar", pgettext("hold", "ended"));
  if (row.end_asked_at) return mark("caution", "square", gettext("end asked for"));
  return row.active ? mark("standby", "circle", gettext("in force")) : mark("off", "bar", gettext("run out"));
}

/** How retention goes, class by class: periods, what is due and done, when the run last succeeded. */
export function retention({ codes }) {
  const days = (value) => (value ? fill(ngettext("%(count)s day", "%(count)s days", value), { count: value }) : gettext("for good"));
  return {
    path: "/api/retention/",
    noun: "classes",
    key: (row) => row.retention_class,
    label: gettext("Retention"),
    columns: heads(gettext("Class"), gettext("Personal data"), gettext("Recordings"), gettext("Body cameras"), gettext("Kept"), pgettext("retention", "Due"), gettext("Redacted"), gettext("Last success")),
    words: (row) => [codes.word("retention_class", row.retention_class)],
    faint: (row) => !(row.late && row.succeeded_at) && !row.due,
    title: (row) => codes.word("retention_class", row.retention_class),
    cells: (row) => [
      cell(codes.word("retention_class", row.retention_class)),
      cell(days(row.days)),
      cell(days(row.recording_days)),
      cell(row.retention_class === "contact" ? "–" : days(row.camera_days)),
      cell(String(row.kept), "digits"),
      cell(String(row.due), "digits"),
      cell(String(row.redacted), "digits"),
      row.late && row.succeeded_at ? mark("serious", "diamond", moment(row.succeeded_at)) : cell(row.succeeded_at ? moment(row.succeeded_at) : gettext("not yet")),
    ],
    facts: (row) => [
      [gettext("Archived after"), row.archive_days ? days(row.archive_days) : ""],
      [gettext("Last success"), moment(row.succeeded_at)],
      [gettext("Last run"), row.says],
    ],
    acts: () => [],
  };
}

function fileLink(incident) {
  if (!incident) return [];
  return [el("p", {}, el("a.manage-plain", { href: `/incidents/${incident}/file/`, target: "_blank", rel: "noopener", text: gettext("Open the file") }))];
}

/** Name a step that is overdue. */
export function stepWord(step) {
  switch (step) {
    case "supervision": return gettext("supervision order");
    case "transfer": return gettext("receipt of the transfer");
    case "callback": return gettext("callback");
    case "grid_task": return gettext("grid task");
    case "grid_report": return gettext("report of the grid");
    case "review_task": return gettext("task from a review");
    default: return deadlineWord(step);
  }
}

/** Say what is to be done about a step. */
export function nextWord(step) {
  switch (step) {
    case "order": return gettext("Send a unit");
    case "accept": return gettext("Urge by radio or send another unit");
    case "depart": return gettext("Urge by radio");
    case "arrive": return gettext("Tell the caller, send a nearer unit");
    case "report": return gettext("Urge the report");
    case "supervision": return gettext("Demand the reply");
    case "transfer": return gettext("Ask by telephone");
    case "callback": return gettext("Ring the caller");
    case "grid_task": return gettext("Ring the worker");
    case "grid_report": return gettext("Take it on");
    case "review_task": return gettext("Ask the owner of the task");
    default: return gettext("Settle it");
  }
}

/** Name an owner: a unit or organisation by its name, a desk by a word. */
export function ownerWord(owner) {
  switch (owner) {
    case "desk": return gettext("dispatch desk");
    case "agents": return gettext("callback agents");
    case "watch_commander": return gettext("watch commander");
    default: return owner;
  }
}

/** Say what is asked for. */
export function whatWord(row) {
  switch (row.what) {
    case "priority": return fill(gettext("Lower priority %(priority)s to %(to_priority)s"), row);
    case "reopen": return gettext("Reopen the incident");
    case "invalid": return gettext("Declare it invalid");
    case "number_flag": return fill(gettext("Flag a number: %(flag)s"), { flag: flagWord(row.flag) });
    case "watch_entry": return fill(gettext("Watch for a %(subject)s"), { subject: subjectWord(row.subject) });
    case "attachment": return fill(gettext("Partner team %(about)s joins"), row);
    case "hold_end": return gettext("End a legal hold");
    default: return row.what;
  }
}
