/**
 * The alarm budget: what a seat of each role heard, against one alarm in ten minutes and ten in a flood (EEMUA 191).
 */

import { fill, gettext, pgettext } from "../words.js";
import { make, shape, write } from "./dom.js";

/** Say whether a role's seats keep the budget: `met`, `near` (the mean holds, a flood did not) or `over`. */
export function budgetOf(role, limits) {
  if (role.per_10_min > limits.steady) return "over";
  return role.worst_10_min >= limits.flood ? "near" : "met";
}

const MARKS = {
  met: { shape: "circle", level: "normal" },
  near: { shape: "square", level: "caution" },
  over: { shape: "diamond", level: "serious" },
};

/** Show the figures; without an answer the section stays away. */
export function showBudget(answer) {
  const section = document.getElementById("budget");
  section.hidden = !answer;
  if (!answer) return;
  document.getElementById("budget-seats").replaceChildren(...answer.roles.map((role) => seatLine(role, answer.limits)));
  write(document.getElementById("budget-rest"), restWords(answer));
}

function seatLine(role, limits) {
  const values = { role: roleWord(role.role), mean: role.per_10_min, worst: role.worst_10_min, rung: role.rung };
  const text = fill(gettext("%(role)s %(mean)s in 10 min, worst %(worst)s, n=%(rung)s"), values);
  return make("li", {}, shape(MARKS[budgetOf(role, limits)]), make("span", { text }));
}

/** What was silent is counted beside what rang: nothing is hidden. */
function restWords(answer) {
  const { median, n } = answer.taken_on_s;
  const words = [
    fill(gettext("last %(hours)s h: %(raised)s alerts, %(rung)s rang, %(listed)s listed, %(joined)s joined, %(shelved)s shelved"), answer),
    fill(gettext("standing over an hour: %(standing)s"), answer),
  ];
  if (n) words.push(fill(gettext("taken on after %(median)s s (median, n=%(n)s)"), { median, n }));
  return words.join(" · ");
}

function roleWord(role) {
  switch (role) {
    case "call_taker":
      return pgettext("role", "call-taker");
    case "dispatcher":
      return pgettext("role", "dispatcher");
    default:
      return pgettext("role", "watch commander");
  }
}
