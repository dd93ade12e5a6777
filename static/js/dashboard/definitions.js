/**
 * Definitions on the page: every figure opens its own, in the flow of the page, never over it.
 */

import { fill, gettext } from "../words.js";
import { besideOf } from "./behind.js";
import { make } from "./dom.js";
import { exclusions } from "./figures.js";
import { figureButton } from "./figure_table.js";
import { basisOf, caseWord, valueWord } from "./numbers.js";

/**
 * Write definitions into a host.
 * @param {Element} host
 * @param {object|null} texts `definitions` of an answer, by key
 * @param {string[]} keys such as `["K7.A", "K7.B"]`
 * @param {object[]} figures figures whose basis is shown under the text
 * @param {{exclusion: (code: string) => string, open: Function|null, scope: object}} about `open` shows the rows behind a
 *   figure, to whom may read them
 */
export function showDefinitions(host, texts, keys, figures, about) {
  const known = keys.map((key) => texts?.[key]).filter(Boolean);
  const notes = [...new Set(known.flatMap((one) => one.notes))];
  host.replaceChildren(
    ...known.map((one) => make("p", {},
      make("b", { text: fill(gettext("%(key)s %(name)s, %(clock)s:"), one) }), ` ${one.formula}`)),
    ...notes.map((text) => make("p.note", { text })),
    figures.length ? make("ul.defined", {}, ...figures.map((one) => numbersOf(one, about))) : "",
  );
}

function numbersOf(one, { exclusion, open, scope }) {
  const name = [one.key, basisOf(one)].filter(Boolean).join(" ");
  const value = open ? figureButton(one, scope, open, { name: gettext("Rows behind it") }) : make("b", { text: valueWord(one) });
  const hits = one.unit === "share" && one.hits !== null && one.hits !== undefined ? `${one.hits} / ${caseWord(one)}` : caseWord(one);
  return make("li.digits", {}, make("span", { text: fill(gettext("%(name)s, today:"), { name }) }), " ", value, " ",
    [hits, ...besideOf(one), ...exclusions(one, exclusion)].join(" · "));
}
