/**
 * Marks what changed while nobody was at the seat, and lists it by one key.
 */

import { formatTime } from "../clock.js";
import { gettext } from "../words.js";
import { shortNumber } from "./board.js";
import { makeChanges } from "./changes.js";

const TOUCHES = ["keydown", "pointerdown", "pointermove"];

/** Watch the store and the hands of a window. */
export function bindChanges(desk) {
  const changes = makeChanges();
  desk.store.on("change", ({ changes: some, frame }) => changes.note(some, frame, desk.store.me?.badge, Date.now()));
  for (const what of TOUCHES) document.addEventListener(what, touch, { capture: true, passive: true });
  desk.on("window.touched", touch);
  desk.keys.bind("Ctrl+B", gettext("What has changed while nobody was here"), show);
  changes.touch(Date.now());

  function touch() {
    const incidents = changes.touch(Date.now());
    if (incidents.length) desk.emit("returned", incidents);
  }

  function show() {
    const options = changes
      .list()
      .map((one) => ({ one, row: desk.store.row("incident", one.incident) }))
      .filter(({ row }) => row)
      .slice(0, 9)
      .map(({ one, row }) => ({
        value: one.incident,
        text: [formatTime(one.at), `#${shortNumber(row.incident_no)}`, row.address_text, one.text].filter(Boolean).join(" "),
      }));
    if (!options.length) return desk.tell(gettext("Nothing has changed while nobody was here."), "normal");
    return desk.emit("offer", { says: gettext("Changed while nobody was here"), options, onPick: (id) => desk.select(Number(id)) });
  }
}
