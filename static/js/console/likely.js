/**
 * Open incidents that may be the same event as the call in the form (F6): one key joins, a person decides.
 */

import { counter } from "../clock.js";
import { gettext, pgettext } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el, show } from "./dom.js";
import { similar } from "./similar.js";

const SHOWN = 3;

/**
 * Make the list of likely incidents.
 * @param {object} desk the desk
 * @param {(incident: number) => void} onJoin
 * @returns {{node: HTMLElement, show: (values: object|null) => void}} `null` hides it
 */
export function makeLikely(desk, onJoin) {
  const node = el("div.likely", { hidden: true });
  desk.keys.bind("Alt+J", gettext("Join the call to the likeliest incident"), () =>
    node.hidden ? false : node.querySelector("button")?.click(),
  );

  function paint(values) {
    const found = values ? similar(factsOf(values), desk.store.rows("incident"), desk.now()).slice(0, SHOWN) : [];
    show(node, found.length > 0);
    node.replaceChildren(el("p.label", { text: gettext("Perhaps the same event") }), ...found.map(line));
  }

  function line(one, at) {
    const { incident } = one;
    const what = [desk.codes.word("incident_type", incident.type_reported), incident.address_text];
    const why = [
      one.metres === null ? "" : `${Math.round(one.metres)} m`,
      counter(one.seconds),
      one.samePhone ? gettext("same number") : "",
    ];
    return el(
      "div.likely-row",
      {},
      el("span.code", { text: `#${shortNumber(incident.incident_no)}` }),
      el("span", { text: what.filter(Boolean).join(" ") }),
      el("span.soft.digits", { text: why.filter(Boolean).join(" · ") }),
      button(pgettext("console", "Join"), () => onJoin(incident.id), { key: at === 0 ? "Alt+J" : null }),
    );
  }

  return { node, show: paint };
}

function factsOf(values) {
  return {
    point: values.point,
    type: values.type_reported,
    phone: values.contact_phone || values.caller_number,
    incident: null,
  };
}
