/**
 * The four pairs (M11): 快派快处, 快破快挽, 快督快结, 快奖快惩; which figures belong to each. Pure.
 */

import { gettext } from "../words.js";

/** Which figures stand under which pair, in their order: key and the measures that are shown; no measures means all. */
export const PAIRS = [
  {
    name: "dispatch", title: () => gettext("Dispatch and handle"),
    rows: [
      ["K1", ["within", "p90"]], ["K2", ["p50", "p90"]], ["K3", ["p90", "unverified"]], ["K7", ["rate"]], ["K8", ["rate"]], ["K9", ["p50", "p90"]], ["K18", ["valid", "returned"]],
    ],
  },
  {
    name: "solve", title: () => gettext("Solve and recover the loss"),
    rows: [["K12", []], ["K13", []], ["K14", ["recovered_of_loss", "recovered_yuan", "returned_of_recovered"]], ["K16", []]],
  },
  {
    name: "supervise", title: () => gettext("Supervise and close"),
    rows: [["K15", ["rate"]], ["K20", ["open"]], ["K17", []], ["K10", ["arrival_over_60", "with_position"]]],
  },
  {
    name: "reward", title: () => gettext("Reward and sanction"),
    rows: [["K11", []], ["volume", ["incidents", "orders"]], ["K19", ["covered"]]],
  },
];

/** Every key that the page asks for. */
export const PAIR_KEYS = [...new Set(PAIRS.flatMap((pair) => pair.rows.map(([key]) => key)))];

/**
 * Choose the figures of a pair from an answer.
 * @param {object} pair one of PAIRS
 * @param {object[]} figures
 */
export function figuresOf(pair, figures) {
  return pair.rows.flatMap(([key, measures]) => figures.filter((one) => one.key === key && (!measures.length || measures.includes(one.measure))));
}

/** Which figures stand under which of the five elements of management (M30) in the bulletin. */
export const ELEMENTS = [
  { title: () => gettext("Stability and public security"), rows: [["K7", ["rate"]], ["K8", ["rate"]], ["K9", ["p50", "p90"]]] },
  { title: () => gettext("Social prevention and control"), rows: [["volume", []], ["K18", ["valid", "duplicate", "invalid", "returned"]]] },
  { title: () => gettext("Crime fighting"), rows: [["K12", []], ["K13", ["p50", "within_24_h"]], ["K14", ["recovered_of_loss", "recovered_yuan"]]] },
  { title: () => gettext("Lawful enforcement"), rows: [["K11", ["satisfied", "replied"]], ["K10", ["arrival_over_60", "with_position"]], ["K17", ["refused", "late_reported"]]] },
  { title: () => gettext("Management of the force"), rows: [["K1", ["within", "p90"]], ["K2", ["p90"]], ["K15", ["rate"]]] },
];

/** Every key of the five elements. */
export const ELEMENT_KEYS = [...new Set(ELEMENTS.flatMap((one) => one.rows.map(([key]) => key)))];
