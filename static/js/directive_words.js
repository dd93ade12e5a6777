/**
 * The words of directives, suspects and modes; shared by console, phone and the desks.
 */

import { gettext, pgettext } from "./words.js";

/** Tasks in the order of the form. */
export const TASKS = ["assist", "arrest", "stake_out", "track", "intercept"];
/** Tasks that rest on a locked position. */
export const RESTING = ["arrest", "stake_out"];

/** Say what a directive asks for. */
export function taskWord(task) {
  switch (task) {
    case "arrest": return pgettext("directive", "arrest");
    case "stake_out": return pgettext("directive", "stake-out");
    case "track": return pgettext("directive", "track");
    case "intercept": return pgettext("directive", "intercept");
    case "assist": return pgettext("directive", "assist");
    default: return String(task ?? "");
  }
}

/** Say the state of a directive. */
export function directiveState(state) {
  switch (state) {
    case "issued": return pgettext("directive", "issued");
    case "accepted": return pgettext("directive", "accepted");
    case "under_way": return pgettext("directive", "under way");
    case "done": return pgettext("directive", "done");
    case "withdrawn": return pgettext("directive", "withdrawn");
    default: return String(state ?? "");
  }
}

/** Tell level and shape of a directive's state. */
export function directiveMark(state) {
  switch (state) {
    case "issued": return ["caution", "square"];
    case "accepted": return ["standby", "ring"];
    case "under_way": return ["standby", "chevrons"];
    case "done": return ["normal", "circle"];
    default: return ["off", "bar"];
  }
}

/** Say how far a unit of a directive is. */
export function lineWord(state) {
  switch (state) {
    case "waiting": return pgettext("directive", "not accepted");
    case "accepted": return pgettext("directive", "accepted");
    case "working": return pgettext("directive", "at work");
    case "finished": return pgettext("directive", "finished");
    default: return pgettext("directive", "off it");
  }
}

/** Name the desk that a directive comes from. */
export function deskWord(from) {
  switch (from) {
    case "fusion": return gettext("fusion desk");
    case "video": return gettext("video desk");
    default: return gettext("dispatch desk");
  }
}

/** Say what became of a suspect. */
export function suspectState(status) {
  switch (status) {
    case "at_large": return pgettext("suspect", "at large");
    case "controlled": return pgettext("suspect", "caught");
    case "handed_over": return pgettext("suspect", "handed over");
    default: return pgettext("suspect", "released");
  }
}

/** Tell level and shape of a suspect's status. */
export function suspectMark(status) {
  switch (status) {
    case "at_large": return ["caution", "square"];
    case "controlled": return ["normal", "circle"];
    case "handed_over": return ["normal", "house"];
    default: return ["off", "bar"];
  }
}

/** Read call signs as people write them, capitals, each once. */
export function signsOf(text) {
  const words = String(text ?? "").normalize("NFKC").toUpperCase().split(/[\s,，、;；]+/u);
  return [...new Set(words.filter(Boolean))];
}

/** Say a bearing in eight directions. */
export function bearingWord(degrees) {
  const names = [gettext("north"), gettext("north-east"), gettext("east"), gettext("south-east"), gettext("south"), gettext("south-west"), gettext("west"), gettext("north-west")];
  return names[Math.round(degrees / 45) % 8];
}
