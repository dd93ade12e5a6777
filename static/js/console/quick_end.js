/**
 * The quick end of a call without an incident (R24): F7, then one number.
 */

import { fill, gettext } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el, show } from "./dom.js";
import { isComposing } from "./keys.js";

const KINDS = ["CK05", "CK06", "CK07", "CK09", "CK10", "CK11", "CK12", "CK13"];
const JOIN_KEY = "9";
const PASS_KEY = "0";

/**
 * Make the choice of ends.
 * @param {object} desk the desk
 * @param {{onEnd: (kind: string) => void, onJoin: (incident: number) => void, onPass: () => void, onLeave: () => void}} hears
 * @returns {{node: HTMLElement, open: (selected: object|null) => void, close: () => void}}
 */
export function makeQuickEnd(desk, { onEnd, onJoin, onPass, onLeave }) {
  const title = gettext("End without an incident: press the number");
  const node = el("div.quick", { hidden: true, tabindex: "-1", role: "group", "aria-label": title });
  node.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      close();
      onLeave();
    } else {
      const chosen = node.querySelector(`[aria-keyshortcuts="${Number(event.key.normalize("NFKC"))}"]`);
      if (!chosen) return;
      chosen.click();
    }
    event.preventDefault();
    event.stopPropagation();
  });

  /** Show the ends; with a selected incident also the joining to it. */
  function open(selected) {
    const ends = KINDS.map((code, at) =>
      button(desk.codes.word("call_kind", code), () => onEnd(code), { key: String(at + 1) }),
    );
    node.replaceChildren(el("p.label", { text: title }), ...ends);
    if (selected) {
      const text = fill(gettext("Join to #%(number)s"), { number: shortNumber(selected.incident_no) });
      node.append(button(text, () => onJoin(selected.id), { key: JOIN_KEY }));
    }
    node.append(
      button(gettext("Pass on"), () => {
        close();
        onPass();
      }, { key: PASS_KEY }),
    );
    show(node, true);
    node.focus();
  }

  function close() {
    show(node, false);
  }

  return { node, open, close };
}
