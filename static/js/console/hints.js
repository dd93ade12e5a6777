/**
 * What the caller's words suggest while they are typed: types, a priority, dangers (M16). A person accepts or goes on;
 * what a person has chosen is never changed.
 */

import { fill, gettext } from "../words.js";
import { button, el, show } from "./dom.js";

const ASK_AFTER_MS = 350;
const SHORTEST = 2;

/**
 * Make the line of hints.
 * @param {object} desk the desk
 * @param {{values: () => object, onType: (code: string) => void, onPriority: (level: number) => void,
 *   onDanger: (name: string) => void}} form what is in the form, and the ways to accept
 */
export function makeHints(desk, { values, onType, onPriority, onDanger }) {
  const node = el("div.hints", { hidden: true, role: "group", "aria-label": gettext("Suggested by the words") });
  let timer = null;
  let asked = "";
  let found = null;
  desk.keys.bind("Alt+Q", gettext("Accept the first suggested type"), () =>
    node.hidden ? false : node.querySelector("[data-hint=type]")?.click(),
  );
  desk.keys.bind("Alt+W", gettext("Accept the suggested priority"), () =>
    node.hidden ? false : node.querySelector("[data-hint=priority]")?.click(),
  );

  function ask() {
    clearTimeout(timer);
    timer = setTimeout(read, ASK_AFTER_MS);
  }

  async function read() {
    const text = values().narrative.trim();
    if (text === asked) return paint();
    asked = text;
    if (text.length < SHORTEST) {
      found = null;
      return paint();
    }
    try {
      const answer = await desk.api.post("/api/hints/", { text }, { again: false, seconds: 3 });
      if (text === asked) found = answer;
    } catch {
      asked = ""; // asked again with the next words; nothing depends on it
    }
    return paint();
  }

  function paint() {
    const now = values();
    const lines = found ? [...types(now), ...priority(now), ...dangers(now)] : [];
    show(node, lines.length > 0);
    node.replaceChildren(...lines);
  }

  function types(now) {
    return found.types
      .filter((hint) => !now.type_reported.startsWith(hint.value))
      .map((hint, at) => chip("type", desk.codes.word("incident_type", hint.value), hint, () => onType(hint.value), at === 0 ? "Alt+Q" : null));
  }

  function priority(now) {
    const hint = found.priority;
    if (!hint || (now.priority && now.priority <= Number(hint.value))) return [];
    const text = fill(gettext("raise to %(level)s"), { level: desk.codes.word("priority", hint.value) });
    return [chip("priority", text, hint, () => onPriority(Number(hint.value)), "Alt+W")];
  }

  function dangers(now) {
    return found.dangers
      .filter((hint) => now[hint.value] === "unknown")
      .map((hint) => chip("danger", fill(gettext("%(danger)s: yes?"), { danger: dangerWord(hint.value) }), hint, () => onDanger(hint.value)));
  }

  function chip(kind, text, hint, accept, key = null) {
    const node_ = button(text, () => {
      accept();
      paint();
    }, { key, title: fill(gettext("because of: %(words)s"), { words: reasons(hint, 9) }), data: { hint: kind } });
    node_.append(el("span.hint-because.soft", { text: reasons(hint, 2) }));
    return node_;
  }

  return {
    node,
    ask,
    clear() {
      clearTimeout(timer);
      asked = "";
      found = null;
      paint();
    },
  };
}

/** The words that a hint rests on; `A~B` of the rules is read as A … B. */
function reasons(hint, most) {
  return hint.because
    .slice(0, most)
    .map((word) => word.replaceAll("~", "…"))
    .join("、");
}

function dangerWord(name) {
  switch (name) {
    case "weapon":
      return gettext("Weapon");
    case "hazmat":
      return gettext("Hazmat");
    default:
      return gettext("Explosion or leak");
  }
}
