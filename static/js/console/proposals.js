/**
 * The joint proposal beside the queue: several pending incidents matched to units together. It sends nothing.
 */

import { counter } from "../clock.js";
import { fill, gettext } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el, setText, show } from "./dom.js";

/** Make the panel; it shows itself when there are several pending incidents. */
export function makeProposals(desk) {
  const says = el("span");
  const pairs = el("span.proposal-pairs");
  const node = el("div.proposals", { hidden: true, role: "status" }, says, pairs);
  desk.on("outlook", ({ joint }) => paint(joint));

  function paint(joint) {
    show(node, Boolean(joint?.proposals.length));
    if (!joint) return;
    setText(says, saying(joint));
    pairs.replaceChildren(
      ...joint.proposals.map((one) =>
        button(pairWords(one), () => desk.select(one.incident), { title: gettext("Show the incident; nothing is sent") }),
      ),
    );
  }
  return node;
}

/** Name the pair, and who would go one by one where that is another unit. */
function pairWords(one) {
  const pair = `#${shortNumber(one.incident_no)} → ${one.call_sign} ${counter(one.expected_s)}`;
  if (!one.alone || one.alone === one.call_sign) return pair;
  return `${pair} ${fill(gettext("(alone %(unit)s %(time)s)"), { unit: one.alone, time: counter(one.alone_s) })}`;
}

function saying(joint) {
  const left = joint.without.length ? ` · ${fill(gettext("%(count)s without a unit"), { count: joint.without.length })}` : "";
  if (joint.saves_s > 0) {
    return fill(gettext("Together %(seconds)s s sooner than one by one"), { seconds: joint.saves_s }) + left;
  }
  return gettext("Together as fast as one by one") + left;
}
