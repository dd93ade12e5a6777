/**
 * The words of prevention: kinds of warnings, states, outcomes, hours; shared by page and phone.
 */

import { fill, gettext, pgettext } from "./words.js";

/** Name a kind of warning. */
export function warningWord(kind) {
  switch (kind) {
    case "repeat_address": return gettext("Repeated address");
    case "repeat_caller": return gettext("Repeated caller");
    case "series": return gettext("Possible series");
    case "hot_spot": return gettext("Hot spot");
    case "near_repeat": return gettext("Near-repeat");
    default: return String(kind ?? "");
  }
}

/** Say why a warning was raised, with the figures that it rests on. */
export function reasonWords({ kind, reason }) {
  switch (kind) {
    case "repeat_address": return fill(gettext("%(n)s times in %(days)s days; %(expected)s were to be expected"), reason);
    case "repeat_caller": return fill(gettext("%(n)s incidents in %(days)s days"), reason);
    case "series": return fill(gettext("%(n)s incidents in %(days)s days have much in common"), reason);
    case "hot_spot": return fill(gettext("%(n)s times in %(weeks)s weeks; %(expected)s were to be expected"), reason);
    case "near_repeat": return fill(gettext("%(n)s alike within %(metres)s m and %(days)s days"), reason);
    default: return "";
  }
}

/** Name the day and hours of a warning; "" when it holds at any hour. */
export function hoursWord({ hour, hours }) {
  if (hour === null || hour === undefined) return "";
  const begin = hour % 24;
  return fill(gettext("%(day)s %(from)s–%(until)s h"), { day: dayWord(Math.floor(hour / 24)), from: begin, until: ((begin + hours - 1) % 24) + 1 });
}

function dayWord(day) {
  return [gettext("Monday"), gettext("Tuesday"), gettext("Wednesday"), gettext("Thursday"), gettext("Friday"), gettext("Saturday"), gettext("Sunday")][day];
}

/** Name the state of a warning. */
export function warningState(state) {
  switch (state) {
    case "open": return pgettext("warning", "waiting");
    case "acknowledged": return pgettext("warning", "taken on");
    case "acted": return pgettext("warning", "acted on");
    default: return pgettext("warning", "ended");
  }
}

/** Name what came of a warning. */
export function outcomeWord(outcome) {
  switch (outcome) {
    case "quiet": return gettext("did not happen again");
    case "again": return gettext("happened again");
    case "caught": return gettext("somebody was caught");
    case "no_matter": return gettext("nothing was to be done");
    case "run_out": return gettext("ran out, nobody saw to it");
    default: return "";
  }
}
