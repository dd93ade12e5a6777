/**
 * The words of the administrator's page: names of tables, columns and attributes.
 */

import { gettext, pgettext } from "../words.js";

/** Groups of tables in the order in which an incident meets them. */
export function groups() {
  return [
    [gettext("Call taking"), ["incident_type", "priority", "intake_class", "call_kind", "channel", "closing", "weapon_answer"]],
    [gettext("Handling"), ["result", "refusal", "delay", "cancel", "override", "exclusion", "incident_mode"]],
    [gettext("Duty"), ["unit_kind", "unit_status", "grid_duty", "duty_level"]],
    [gettext("System"), ["stage", "assignment_state", "deadline_kind", "alert_kind", "role"]],
  ];
}

/** Name a code table. */
export function tableWord(table) {
  switch (table) {
    case "incident_type": return gettext("Incident types");
    case "priority": return gettext("Priorities and time limits");
    case "intake_class": return gettext("Intake classes");
    case "call_kind": return gettext("Kinds of calls");
    case "channel": return gettext("Channels");
    case "closing": return gettext("Reasons for closing a call");
    case "weapon_answer": return gettext("Answers about weapons");
    case "result": return gettext("Results");
    case "refusal": return gettext("Reasons for refusal");
    case "delay": return gettext("Reasons for delay");
    case "cancel": return gettext("Reasons for cancelling or withdrawing");
    case "override": return gettext("Reasons for not taking the first unit");
    case "exclusion": return gettext("Exclusions from arrival rates");
    case "incident_mode": return gettext("Modes of an incident");
    case "unit_kind": return gettext("Kinds of units");
    case "unit_status": return gettext("Statuses of units");
    case "grid_duty": return gettext("Grid duties");
    case "duty_level": return gettext("Duty levels");
    case "stage": return gettext("Stages of an incident");
    case "assignment_state": return gettext("States of an order");
    case "deadline_kind": return gettext("Kinds of deadlines");
    case "alert_kind": return gettext("Kinds of alerts");
    case "role": return gettext("Roles");
    default: return table;
  }
}

/** Name a column or an attribute. */
export function fieldWord(name) {
  switch (name) {
    case "zh": return gettext("Chinese");
    case "en": return gettext("English");
    case "ext_code": return gettext("External code");
    case "active": return gettext("In use");
    case "attributes": return gettext("Settings");
    case "level": return gettext("Level");
    case "parent": return gettext("Above it");
    case "priority": return gettext("Priority");
    case "attendance": return gettext("Needs attendance");
    case "intake_class": return gettext("Intake class");
    case "units_wanted": return gettext("Units to send");
    case "unit_kinds": return gettext("Suitable kinds of units, one a line");
    case "first_units": return gettext("First units (Chinese)");
    case "first_units_en": return gettext("First units (English)");
    case "told": return gettext("Told at once (Chinese), one a line");
    case "told_en": return gettext("Told at once (English), one a line");
    case "order_s": return gettext("Order within (s)");
    case "deliver_s": return gettext("Deliver within (s)");
    case "accept_s": return gettext("Accept within (s)");
    case "depart_s": return gettext("Depart within (s)");
    case "arrive_s": return gettext("Arrive within (s)");
    case "report_s": return gettext("Report within (s)");
    case "units_min": return gettext("Units at least");
    case "units_max": return gettext("Units at most");
    case "meaning_zh": return gettext("Meaning (Chinese)");
    case "meaning_en": return gettext("Meaning (English)");
    case "needs_text": return gettext("Needs an explanation");
    case "voice": return gettext("Voice call");
    case "never_ring_back": return gettext("Never ring back");
    case "self_initiated": return gettext("Self-initiated");
    case "extra_zh": return gettext("Extra field (Chinese)");
    case "extra_en": return gettext("Extra field (English)");
    case "no_attendance": return gettext("Without attendance");
    case "call_back": return gettext("Call back to check");
    case "label": return gettext("Sign on the label");
    case "dispatchable": return gettext("May be sent to a scene");
    case "armed": return gettext("Armed");
    case "carries_detainees": return gettext("May carry detainees");
    case "lanes": return gettext("Gets through lanes");
    case "seconds": return gettext("Seconds");
    case "username": return gettext("Account");
    case "password": return gettext("Password");
    case "badge": return gettext("Badge number");
    case "name": return gettext("Name");
    case "sworn": return gettext("Sworn officer");
    case "roles": return gettext("Roles");
    case "organisation": return gettext("Organisation");
    case "is_active": return gettext("May sign in");
    case "language": return gettext("Language");
    default: return name;
  }
}

/** Say a value of a row for reading. */
export function valueWord(value) {
  if (value === true) return pgettext("answer", "yes");
  if (value === false) return pgettext("answer", "no");
  if (value === null || value === undefined || value === "") return "—";
  if (Array.isArray(value)) return value.length ? value.join(gettext(", ")) : "—";
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => `${fieldWord(name)}: ${valueWord(inner)}`).join("\n");
  return String(value);
}
