/**
 * Definitions on the page: every figure opens its own, in the flow of the page, never over it.
 */

import { fill, gettext } from "../words.js";
import { make } from "./dom.js";
import { basis, exclusions } from "./figures.js";

/**
 * Write definitions into a host.
 * @param {Element} host
 * @param {object|null} texts `definitions` of an answer, by key
 * @param {string[]} keys such as `["K7.A", "K7.B"]`
 * @param {object[]} figures figures whose basis is shown under the text
 * @param {(code: string) => string} exclusionWord
 */
export function showDefinitions(host, texts, keys, figures, exclusionWord) {
  const known = keys.map((key) => texts?.[key]).filter(Boolean);
  const notes = [...new Set(known.flatMap((one) => one.notes))];
  host.replaceChildren(
    ...known.map((one) => make("p", {},
      make("b", { text: fill(gettext("%(key)s %(name)s, %(clock)s:"), one) }), ` ${one.formula}`)),
    ...notes.map((text) => make("p.note", { text })),
    ...figures.map((one) => numbersOf(one, exclusionWord)),
  );
}

function numbersOf(one, exclusionWord) {
  const values = { key: one.key, clock: one.clock };
  return make("p.digits", {}, make("b", { text: fill(gettext("%(key)s %(clock)s today:"), values) }), " ",
    [...basis(one), ...exclusions(one, exclusionWord)].join(" · "));
}
