/**
 * What a premise note says, in words; shared by console and phone. Pure.
 */

import { gettext, pgettext } from "./words.js";

const HAZARDS = ["hazard", "person_at_risk"];
export const PREMISE_KINDS = ["hazard", "person_at_risk", "access", "contact", "other"];

/** Tell whether a note raises attention: somebody may come to harm. */
export function isHazard(note) {
  return HAZARDS.includes(note.kind);
}

/** Name the kind of a note. */
export function premiseWord(kind) {
  switch (kind) {
    case "hazard":
      return pgettext("premise", "Hazard");
    case "person_at_risk":
      return pgettext("premise", "Person at risk");
    case "access":
      return pgettext("premise", "Access");
    case "contact":
      return pgettext("premise", "Local contact");
    default:
      return pgettext("premise", "Note");
  }
}

/** Say what stands in a note; a sensitive one says that it must be asked for. */
export function premiseText(note) {
  return note.sensitive ? gettext("sensitive: read it with a purpose") : note.text;
}
