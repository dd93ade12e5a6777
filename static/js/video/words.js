/** The words of the video desk: what a camera sees, directions, paces, states. */

import { gettext, pgettext } from "../words.js";

/** Say whether a camera looks at the place, with its level and shape. */
export function seesMark(sees) {
  switch (sees) {
    case "yes": return ["standby", "circle", pgettext("camera", "looks there")];
    case "maybe": return ["caution", "ring", pgettext("camera", "perhaps")];
    case "no": return ["off", "bar", pgettext("camera", "does not see it")];
    default: return ["off", "bar", ""];
  }
}

/** Say whether a camera gives pictures. */
export function stateWord(state) {
  switch (state) {
    case "online": return pgettext("camera", "online");
    case "offline": return pgettext("camera", "offline");
    default: return pgettext("camera", "unknown");
  }
}

/** Name whose camera it is. */
export function netWord(net) {
  return net === "social" ? pgettext("camera", "private") : pgettext("camera", "police");
}

/** Name a direction in degrees from north. */
export function directionWord(degrees) {
  const names = [gettext("north"), gettext("north-east"), gettext("east"), gettext("south-east"), gettext("south"), gettext("south-west"), gettext("west"), gettext("north-west")];
  return names[Math.round(degrees / 45) % 8];
}

/** Name a pace. */
export function paceWord(pace) {
  switch (pace) {
    case "ride": return pgettext("pace", "riding");
    case "drive": return pgettext("pace", "driving");
    default: return pgettext("pace", "on foot");
  }
}
