/**
 * What stands behind a late incident: its parts as a bar and a table, and which unit would have made it.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { basisWords, chosenWord, madeItWord, partWord, wayWord } from "./delay_words.js";
import { file } from "./detail.js";
import { make } from "./dom.js";
import { duration } from "./figures.js";

/** Make the bar of parts; the words beside it say the same. */
export function splitBar(parts) {
  const bar = make("span.gaps.split", { "aria-hidden": "true" });
  for (const one of parts) {
    const piece = make("span", { data: { part: one.part } });
    piece.style.flexGrow = String(Math.max(1, one.seconds));
    bar.append(piece);
  }
  return bar;
}

/** Say the parts in one line. */
export function splitWords(parts) {
  return parts.map((one) => `${partWord(one.part)} ${duration(one.seconds)}`).join(" · ") || "–";
}

/**
 * Make everything that stands behind a late incident.
 * @param {object} found answer of `/api/statistics/misses/<id>/`
 * @param {object} means `codes()`, `now()`
 */
export function splitNodes(found, means) {
  const codes = means.codes();
  const ringing = found.ringing_s === null ? null : make("p.detail-fact.digits", { text: fill(gettext("rang %(time)s before the answer: before clock A, in none of the parts"), { time: duration(found.ringing_s) }) });
  return [
    make("p.detail-basis", { text: [codes.word("incident_type", found.type_reported), found.address_text, `P${found.priority}`].filter(Boolean).join(" · ") }),
    make("p", {}, file(found), " ", make("span.digits.soft", { text: formatMoment(found.answered_at, means.now()) })),
    make("p.detail-fact.digits", { text: fill(gettext("clock A %(elapsed)s, limit %(limit)s, delay %(delay)s"), { elapsed: duration(found.elapsed_s), limit: duration(found.limit_s), delay: duration(found.delay_s) }) }),
    ringing,
    splitBar(found.parts),
    partTable(found.parts),
    ...madeItNodes(found.made_it, codes),
  ].filter(Boolean);
}

function partTable(parts) {
  const head = [pgettext("delay", "Part"), pgettext("rows", "Took"), pgettext("delay", "Norm"), pgettext("delay", "Beyond"), pgettext("delay", "Of the delay")];
  return make("table.numbers.split-table", {},
    make("caption.unseen", { text: gettext("Where the time went") }),
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })))),
    make("tbody", {}, ...parts.map((one) => make("tr", {},
      make("th", { scope: "row" }, make("span.part-mark", { "aria-hidden": "true", data: { part: one.part } }), ` ${partWord(one.part)}`),
      ...[one.seconds, one.norm_s, one.excess_s, one.delay_s].map((seconds) => make("td.digits", { text: duration(seconds) }))))));
}

function madeItNodes(made, codes) {
  const head = [gettext("Unit"), gettext("Drive"), gettext("Would have taken"), gettext("Made it"), gettext("Rests on")];
  const rows = made.units.map((unit) => make("tr", {},
    make("th", { scope: "row", text: unit.sent ? fill(gettext("%(unit)s (sent)"), { unit: unit.call_sign }) : unit.call_sign }),
    make("td.digits", { text: duration(unit.seconds) }), make("td.digits", { text: duration(unit.expected_s) }),
    make("td", { text: unit.made_it ? pgettext("made it", "yes") : pgettext("made it", "no") }),
    make("td", { text: fill(gettext("%(way)s, position %(age)s s old"), { way: wayWord(unit), age: unit.fix_age_s }) })));
  const table = rows.length ? make("table.numbers", {}, make("caption.unseen", { text: gettext("Free units at the first order") }), make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })))), make("tbody", {}, ...rows)) : null;
  return [
    make("h3", { text: gettext("Who would have made it") }), make("p.made-it", {}, make("b", { text: madeItWord(made) })),
    ...basisWords(made).map((text) => make("p.detail-fact", { text })), table,
    make("p.detail-fact", { text: chosenWord(made.chosen, codes) }),
  ];
}
