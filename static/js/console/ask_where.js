/**
 * The location link: one key sends it to the caller's mobile telephone; the position comes as a candidate of the place.
 * A silent contact is asked only in the text thread that it began (R19).
 */

import { counter, parseTime, since } from "../clock.js";
import { fill, gettext } from "../words.js";
import { button, el, setText, show } from "./dom.js";

const MOBILE = /^(?:\+?86)?1\d{10}$/;
const SMS = "CH21";

/** Tell whether a call's contact may be sent a location link. */
export function mayAskWhere(row) {
  if (!row || row.state === "done" || (row.silent && row.channel !== SMS)) return false;
  return [row.caller_number, row.contact_phone].some((number) => MOBILE.test(number ?? ""));
}

/**
 * Make the verb.
 * @param {object} desk the desk
 * @param {() => object|null} call the call in the form
 */
export function makeAskWhere(desk, call) {
  const says = el("span.soft.digits", { role: "status" });
  const verb = button(gettext("Ask by text where"), ask, { key: "Alt+Z" });
  const node = el("span.ask-where", { hidden: true }, verb, says);
  let busy = false;
  desk.keys.bind("Alt+Z", gettext("Send the caller a location link by text"), () => (node.hidden ? false : ask()));

  async function ask() {
    const row = call();
    if (!row || busy) return;
    busy = true;
    verb.disabled = true;
    await desk.act("POST", `/api/calls/${row.id}/where/`, {}, { done: gettext("Location link sent") });
    busy = false;
    verb.disabled = false;
  }

  function tick() {
    const row = call();
    setText(says, row ? stateWords(row) : "");
  }

  function stateWords(row) {
    if (!row.where_asked_at) return "";
    if (!row.where_until) return gettext("answered");
    const left = Math.max(0, (parseTime(row.where_until) - desk.now()) / 1000);
    if (left === 0) return gettext("link has run out");
    return fill(gettext("sent %(age)s ago, no answer yet"), { age: counter(since(row.where_asked_at, desk.now())) });
  }

  return {
    node,
    tick,
    paint() {
      show(node, mayAskWhere(call()));
      tick();
    },
  };
}
