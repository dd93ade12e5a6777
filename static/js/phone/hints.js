/** Patrol hints (巡逻提示): what is nearby and holds in this shift, what holds now first; one tap says that one looked. */

import { hoursWord, reasonWords, warningWord } from "../prevention_words.js";
import { fill, gettext } from "../words.js";
import { hintAct } from "./acts.js";
import { el } from "./dom.js";

const SHOWN = 6;

/**
 * List the hints of the unit that waits for orders.
 * @returns {HTMLElement|null} nothing where there are none
 */
export function hintList(app, view) {
  const hints = (view.hints ?? []).slice(0, SHOWN);
  if (!hints.length) return null;
  return el("section", { class: "hints", "aria-label": gettext("Patrol hints") },
    el("h2", { text: gettext("Patrol hints") }),
    el("ul", {}, ...hints.map((hint) => line(app, hint))));
}

function line(app, hint) {
  const when = hint.now ? gettext("now") : hoursWord(hint);
  const place = hint.place_text || `${hint.point.lat.toFixed(4)}, ${hint.point.lng.toFixed(4)}`;
  const button = el("button", { type: "button", class: "hint-seen", text: gettext("Looked in") });
  button.addEventListener("click", () => {
    button.disabled = true;
    app.act(hintAct(hint, gettext("Patrolled, looked in.")));
  });
  return el("li", { "data-hint": hint.id },
    el("b", { text: `${warningWord(hint.kind)} · ${place}` }),
    el("span", { text: [app.codes.word("incident_type", hint.type_group), reasonWords(hint)].filter(Boolean).join(" · ") }),
    el("span", { class: "digits", text: [fill(gettext("%(metres)s m"), hint), when].filter(Boolean).join(" · ") }),
    button);
}
