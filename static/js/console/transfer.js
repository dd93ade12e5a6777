/**
 * Passing a contact on to another body (R10, R11, R22): the danger check, the four ways in their order, the words.
 */

import { wayWord } from "../followup/kinds.js";
import { gettext, pgettext } from "../words.js";

const WAYS = ["one_key", "three_way", "first_receiver", "push"];

/**
 * Make the act of passing a call on.
 * @param {object} call the call's row
 * @returns {object} an act for `makeForm`
 */
export function transferAct(call) {
  return {
    label: gettext("Pass on"),
    method: "POST",
    path: `/api/calls/${call.id}/transfers/`,
    fields: [
      {
        name: "danger",
        label: gettext("Is anyone in danger?"),
        type: "choice",
        required: true,
        options: [
          { value: false, text: pgettext("danger", "No") },
          { value: true, text: pgettext("danger", "Yes: police first") },
        ],
      },
      { name: "to_body", label: gettext("Body"), type: "code", table: "body", required: true },
      {
        name: "way",
        label: gettext("Way"),
        type: "choice",
        required: true,
        value: call.incident ? "push" : "one_key",
        options: WAYS.map((value) => ({ value, text: wayWord(value) })),
      },
      { name: "told_caller", label: gettext("Told to the caller"), type: "text", required: true },
    ],
  };
}
