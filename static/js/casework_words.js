/**
 * The words of the fusion desk: what is asked, states, kinds of clues, confidence; shared by console, phone and page.
 */

import { gettext, pgettext } from "./words.js";

/** What a request may ask for, in the order of the form. */
export const ASKS = ["person", "vehicle", "thing", "track", "identity"];
/** Kinds of clues. */
export const CLUE_KINDS = ["person", "vehicle", "phone", "track", "picture"];
/** Degrees of confidence, the surest first. */
export const CONFIDENCES = ["high", "medium", "low"];
/** What may be watched for. */
export const SUBJECTS = ["vehicle", "number", "person"];

/** Say what a request asks for. */
export function askWord(ask) {
  switch (ask) {
    case "person": return pgettext("fusion", "find a person");
    case "vehicle": return pgettext("fusion", "find a vehicle");
    case "thing": return pgettext("fusion", "find a thing");
    case "track": return pgettext("fusion", "track");
    case "identity": return pgettext("fusion", "identity");
    default: return String(ask ?? "");
  }
}

/** Say the state of a request. */
export function fusionState(state) {
  switch (state) {
    case "waiting": return pgettext("fusion", "waiting");
    case "working": return pgettext("fusion", "in work");
    case "locked": return pgettext("fusion", "position locked");
    case "done": return pgettext("fusion", "done");
    case "no_result": return pgettext("fusion", "no result");
    default: return String(state ?? "");
  }
}

/** Tell level and shape of a request's state. */
export function fusionMark(state) {
  switch (state) {
    case "waiting": return ["caution", "square"];
    case "working": return ["standby", "ring"];
    case "locked": return ["normal", "circle"];
    default: return ["off", "bar"];
  }
}

/** Name the kind of a clue. */
export function clueWord(kind) {
  switch (kind) {
    case "person": return pgettext("clue", "Person");
    case "vehicle": return pgettext("clue", "Vehicle");
    case "phone": return pgettext("clue", "Telephone");
    case "track": return pgettext("clue", "Track");
    case "picture": return pgettext("clue", "Picture");
    default: return String(kind ?? "");
  }
}

/** Say how far something may be trusted. */
export function confidenceWord(confidence) {
  switch (confidence) {
    case "high": return gettext("confidence high");
    case "medium": return gettext("confidence medium");
    default: return gettext("confidence low");
  }
}

/** Name what is watched for. */
export function subjectWord(subject) {
  switch (subject) {
    case "vehicle": return pgettext("watch", "vehicle");
    case "number": return pgettext("watch", "number");
    default: return pgettext("watch", "person");
  }
}

/** Say the state of a watch entry. */
export function watchState(state) {
  switch (state) {
    case "waiting": return pgettext("watch", "waits for approval");
    case "active": return pgettext("watch", "in force");
    case "expired": return pgettext("watch", "expired");
    case "withdrawn": return pgettext("watch", "withdrawn");
    default: return pgettext("watch", "refused");
  }
}

/** Tell whether a locked position holds no more: replaced, run out, or nobody works on its request any longer. */
export function isLapsed(position, request, now) {
  return Boolean(position.replaced_at) || Date.parse(position.valid_until) <= now || (request !== null && request?.open === false);
}
