/**
 * The words of the five steps.
 */

import { gettext } from "../words.js";

/** Steps of an arrival time. */
export function timeSteps() {
  return [gettext("≤ 5 min"), gettext("5–7.5 min"), gettext("7.5–10 min"), gettext("10–15 min"), gettext("> 15 min")];
}

/** Steps of an arrival rate. */
export function rateSteps() {
  return ["≥ 90%", "80–90%", "70–80%", "60–70%", "< 60%"];
}

/** Steps of a number, by its share of the greatest. */
export function countSteps() {
  return [gettext("few"), gettext("some"), gettext("many")];
}
