/**
 * The words of a delay: its parts, its minutes, who would have made it. Pure.
 */

import { fill, gettext, pgettext } from "../words.js";
import { duration } from "./figures.js";

/** Say a part of a delay. */
export function partWord(part) {
  switch (part) {
    case "entry": return pgettext("delay", "entry");
    case "order": return pgettext("delay", "order");
    case "no_unit": return pgettext("delay", "no unit near");
    case "reorder": return pgettext("delay", "new order");
    case "delivery": return pgettext("delay", "delivery");
    case "acceptance": return pgettext("delay", "acceptance");
    case "turnout": return pgettext("delay", "turnout");
    case "wrong_address": return pgettext("delay", "wrong address");
    default: return pgettext("delay", "drive");
  }
}

/** Write seconds as minutes with one digit. */
export function minutes(seconds) {
  return (seconds / 60).toFixed(1);
}

/** Say which of the free units would have made it; what is not known is said. */
export function madeItWord(made) {
  switch (made.why) {
    case "no_order": return gettext("No order was made: nothing can be said about other units.");
    case "no_place": return gettext("No place is known: nothing can be said about other units.");
    case "no_status": return gettext("What the units did then was not kept: nothing can be said about them.");
    case "no_free_unit": return gettext("No unit was free at the moment of the first order.");
    case "no_position": return gettext("No fresh position of that moment is kept: nothing can be said about other units.");
    default: break;
  }
  const others = made.units.filter((unit) => unit.made_it && !unit.sent);
  if (!others.length) return fill(gettext("None of the other free units with a known position would have made it (%(count)s looked at)."), { count: made.units.filter((unit) => !unit.sent).length });
  const named = others.map((unit) => fill(gettext("%(unit)s by %(time)s"), { unit: unit.call_sign, time: duration(unit.margin_s) })).join(", ");
  return fill(gettext("Would have made it: %(units)s"), { units: named });
}

/** Say what the estimate stands on. */
export function basisWords(made) {
  if (made.left_s === null) return [];
  const left = made.left_s < 0 ? `−${duration(-made.left_s)}` : duration(made.left_s);
  const lines = [fill(gettext("%(left)s of the limit were left at the first order; acceptance and turnout usually take %(usual)s."), { left, usual: duration(made.usual_s) })];
  if (made.place === "now") lines.push(gettext("To the present place: the ranking of the decision was not kept."));
  if (made.unknown.length) {
    lines.push(fill(gettext("Not known, because no position younger than 180 s is kept: %(units)s."), { units: made.unknown.map((unit) => unit.call_sign).join(" ") }));
  }
  return lines;
}

/** Say what the decision was, as it was journalled. */
export function chosenWord(chosen, codes) {
  if (!chosen) return "";
  const time = chosen.expected_s === null ? "–" : duration(chosen.expected_s);
  const said = [fill(gettext("Decision: %(unit)s, rank %(rank)s of %(of)s, expected in %(time)s"), { unit: chosen.call_sign, rank: chosen.rank ?? "–", of: chosen.of ?? "–", time })];
  if (chosen.first && chosen.first !== chosen.call_sign) said.push(fill(gettext("first was %(unit)s"), { unit: chosen.first }));
  if (chosen.override_reason) said.push([codes.word("override", chosen.override_reason), chosen.override_text].filter(Boolean).join(" "));
  return said.join(" · ");
}

/** Say on what a unit's drive rests. */
export function wayWord(unit) {
  return unit.basis === "road" ? gettext("by road") : gettext("straight line");
}
