/** Both arrival clocks on the card: each named, each with its five and its ten minutes (domain line 14). */

import { clocks, counter } from "../clock.js";
import { fill, gettext } from "../words.js";
import { el, say } from "./dom.js";

const NAMES = { a: () => gettext("From the call"), b: () => gettext("From the order") };

/**
 * Make the two clocks.
 * @returns {{node: HTMLElement, tick: (incident: object, now: number) => void}} `now` is the server's time in ms
 */
export function makeClocks() {
  const faces = { a: makeFace("A", NAMES.a()), b: makeFace("B", NAMES.b()) };
  return {
    node: el("div", { class: "clocks" }, faces.a.node, faces.b.node),
    tick(incident, now) {
      const reading = clocks(incident, now);
      for (const which of ["a", "b"]) faces[which].show(reading[which]);
    },
  };
}

function makeFace(letter, name) {
  const elapsed = el("span", { class: "elapsed" });
  const words = el("span", { class: "left" });
  const bar = el("progress", { max: 600, "aria-hidden": "true" });
  const title = el("span", { class: "clock-name" }, el("b", { text: letter }), ` ${name}`);
  const node = el("section", { class: "clock" }, el("div", { class: "clock-line" }, title, elapsed), bar, words);
  return {
    node,
    show(reading) {
      node.dataset.state = reading.state;
      say(elapsed, counter(reading.elapsed));
      say(words, sentence(reading));
      bar.value = Math.min(600, reading.elapsed ?? 0);
    },
  };
}

/** Say how a clock stands: what is left of five minutes, then of ten, then how it ended. */
function sentence({ state, left, limit }) {
  const minutes = Math.round(limit / 60);
  switch (state) {
    case "running":
    case "near":
    case "missed5": return fill(gettext("%(left)s to %(minutes)s min"), { left: counter(left), minutes });
    case "missed10": return fill(gettext("over 10 min by %(over)s"), { over: counter(-left) });
    case "met5": return gettext("arrived within 5 min");
    case "met10": return gettext("arrived within 10 min, over 5");
    case "late": return gettext("arrived after 10 min");
    default: return gettext("does not run");
  }
}
