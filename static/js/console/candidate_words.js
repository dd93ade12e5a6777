/**
 * A candidate's figures in words: chances, arrival on both clocks, and on what they rest; pure.
 */

import { counter } from "../clock.js";
import { fill, gettext } from "../words.js";

/** Say which way of handling the ranking follows (R8). */
export function strategyWord(strategy) {
  if (strategy === "category") return gettext("By category");
  return strategy === "direct" ? gettext("Owning station first") : gettext("Nearest first");
}

/** Say on what the ranking rests. */
export function basisWord(basis) {
  return basis === "road" ? gettext("road time") : gettext("straight-line distance");
}

/** Say the chance of being there in 5 and in 10 minutes on clock A, from the answered call. */
export function chanceWords({ chance }) {
  return fill(gettext("5 min %(five)s % · 10 min %(ten)s %"), { five: whole(chance.A5), ten: whole(chance.A10) });
}

/** Say on which clocks the chances are. */
export function chanceTitle({ chance }) {
  return fill(gettext("chance to be there: A 5 min %(a5)s %, 10 min %(a10)s %; B 5 min %(b5)s %, 10 min %(b10)s %"), {
    a5: whole(chance.A5),
    a10: whole(chance.A10),
    b5: whole(chance.B5),
    b10: whole(chance.B10),
  });
}

/** Say what both clocks will show at the arrival. */
export function arrivalWords({ arrives }) {
  return fill(gettext("A %(a)s B %(b)s"), { a: counter(arrives.A), b: counter(arrives.B) });
}

const whole = (share) => Math.round(share * 100);
/** Write a share as per cent with one digit. */
export const percent = (share) => (share * 100).toFixed(1);

/** Say on which delays the chances rest, and whether they are the centre's own. */
export function parameterWords(parameters) {
  if (!parameters) return null;
  const part = (name) => {
    const { mu, n, source } = parameters[name];
    const from = source === "history" ? fill(gettext("own history, n=%(n)s"), { n }) : gettext("shipped");
    return { median: Math.exp(mu).toFixed(name === "road" ? 2 : 0), from };
  };
  const [accept, turnout, road] = ["accept", "turnout", "road"].map(part);
  return fill(
    gettext("accept %(accept)s s (%(a)s) · drive off %(turnout)s s (%(t)s) · road × %(road)s (%(r)s)"),
    { accept: accept.median, a: accept.from, turnout: turnout.median, t: turnout.from, road: road.median, r: road.from },
  );
}

/** Say how old a unit's position is. */
export function fixWords(age) {
  if (age === null || age === undefined) return gettext("no position");
  return fill(gettext("fix %(age)s"), { age: age < 100 ? `${Math.round(age)} s` : counter(age) });
}
