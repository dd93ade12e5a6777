/**
 * Words and marks of the duty page.
 */

import { el, shape } from "../console/dom.js";
import { fill, gettext, pgettext } from "../words.js";

/** Tell whether somebody holds one of these roles. */
export const has = (me, ...roles) => me.roles.some((role) => roles.includes(role));

/** Make a choice for a form. */
export const choice = (name, label, options, value = options[0]?.value) => ({ name, kind: "choice", label, options, value });

/** Make a text field for a form. */
export const textField = (name, label, how = {}) => ({ name, kind: "text", label, value: "", limit: 400, ...how });

/** Make a cell with shape and word in a level's colour. */
export function mark(level, form, text) {
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text })));
}

/** Write seconds as minutes, with the seconds where they matter. */
export function minutes(seconds) {
  const rest = seconds % 60;
  const whole = Math.floor(seconds / 60);
  if (!rest) return fill(gettext("%(minutes)s min"), { minutes: whole });
  return fill(gettext("%(minutes)s min %(seconds)s s"), { minutes: whole, seconds: rest });
}

/** Write a distance. */
export function metres(value) {
  if (value === null) return gettext("unknown");
  return value < 1000 ? fill(gettext("%(metres)s m"), { metres: Math.round(value) }) : fill(gettext("%(km)s km"), { km: (value / 1000).toFixed(1) });
}

/** Say how a unit stands against its plan, with its mark. */
export function againstPlan(state) {
  switch (state) {
    case "on_time": return ["normal", "circle", pgettext("roster", "on time")];
    case "late": return ["caution", "square", pgettext("roster", "signed on late")];
    case "missing": return ["serious", "diamond", pgettext("roster", "not signed on")];
    case "not_yet": return ["standby", "ring", pgettext("roster", "not yet due")];
    default: return ["off", "bar", pgettext("roster", "not planned")];
  }
}

/** Say the state of an answer to a post check, with its mark. */
export function answerMark(state) {
  switch (state) {
    case "answered": return ["normal", "circle", pgettext("post check", "answered")];
    case "late": return ["caution", "square", pgettext("post check", "answered late")];
    case "no_answer": return ["serious", "diamond", pgettext("post check", "no answer")];
    default: return ["standby", "ring", pgettext("post check", "asked")];
  }
}

/** Say a duty level. */
export function levelWord(codes, level) {
  return fill(gettext("Duty level %(level)s"), { level: codes.word("duty_level", String(level)) });
}

/** Say the check-in rate (R26) with its n. */
export function checkInWords(rate) {
  if (!rate.due) return gettext("terminal check-in: nothing was due yet");
  const values = { rate: (100 * rate.rate).toFixed(0), on_time: rate.on_time, due: rate.due, late: rate.late, missing: rate.missing };
  return fill(gettext("terminal check-in %(rate)s % (%(on_time)s/%(due)s on time, %(late)s late, %(missing)s missing)"), values);
}
