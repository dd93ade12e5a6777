/**
 * The flag of the caller's number (R20): shown as a warning, asked for in one form; the watch commander approves.
 */

import { gettext, pgettext } from "../words.js";
import { button, el, show } from "./dom.js";
import { makeForm } from "./inline_form.js";

const DAYS = { nuisance: 30, protected: 180 };
const DAY_MS = 24 * 3600 * 1000;

/** Say what a flag means at the desk. */
export function flagWord(flag) {
  if (flag === "nuisance") return gettext("flagged: nuisance");
  return flag === "protected" ? gettext("flagged: protected") : "";
}

/** Make the chip of a flag; null without one. */
export function flagChip(flag) {
  return flag ? el(`span.flag.level-${flag === "protected" ? "standby" : "caution"}`, { text: flagWord(flag) }) : null;
}

/**
 * Make the line of the intake that shows the number's flag and asks for one.
 * @param {object} desk the desk
 * @param {() => object|null} openCall the call in the form
 */
export function makeNumberFlag(desk, openCall) {
  const slot = el("div");
  const chip = el("span");
  const ask = (kind, label) => button(label, () => open(kind, label));
  const verbs = el(
    "span.number-flag-verbs",
    {},
    ask("nuisance", gettext("Flag as nuisance")),
    ask("protected", gettext("Protect number")),
  );
  const node = el("div.number-flag", { hidden: true }, chip, verbs, slot);

  function open(kind, label = flagWord(kind)) {
    const call = openCall();
    if (!call?.caller_number) return false;
    const until = new Date(desk.now() + DAYS[kind] * DAY_MS).toISOString();
    const act = {
      label,
      method: "POST",
      path: "/api/number-flags/",
      fixed: { number: call.caller_number, kind, expires_at: until },
      fields: [{ name: "reason", label: pgettext("console", "Reason"), type: "text", required: true }],
    };
    slot.replaceChildren(makeForm(act, call, desk, () => slot.replaceChildren()));
    return true;
  }

  return {
    node,
    /** Open the form that asks for a flag, `nuisance` or `protected`; false where the call has no number. */
    open,
    paint() {
      const call = openCall();
      const number = call?.caller_number ?? "";
      show(node, Boolean(number));
      if (node.dataset.number !== number) slot.replaceChildren();
      node.dataset.number = number;
      const shown = flagChip(call?.number_flag);
      chip.replaceChildren(...(shown ? [shown] : []));
      show(verbs, !call?.number_flag);
    },
  };
}
