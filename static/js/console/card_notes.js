/**
 * The notes of an incident, the newest on top, and a line to add one.
 */

import { formatMoment } from "../clock.js";
import { gettext } from "../words.js";
import { el, show } from "./dom.js";
import { isComposing } from "./keys.js";

/** Make the page of notes. */
export function makeNotes(page, desk) {
  const input = el("textarea.field", {
    rows: "2",
    maxlength: "2000",
    "aria-label": gettext("New note"),
    placeholder: gettext("New note, Enter saves"),
  });
  const list = el("ol.notes");
  const empty = el("p.empty", { text: gettext("Notes of all seats appear here.") });
  page.append(input, list, empty);
  input.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    save();
  });
  desk.on("select", () => {
    input.value = "";
  });

  async function save() {
    const text = input.value.trim();
    if (!text || !desk.selected) return;
    const { error } = await desk.act(
      "POST",
      `/api/incidents/${desk.selected}/note/`,
      { text },
      { done: gettext("Note saved") },
    );
    if (!error) input.value = "";
  }

  /** Paint the notes of an incident. */
  function paint(incident) {
    const notes = [...desk.store.ofIncident("note", incident.id)].reverse();
    show(empty, notes.length === 0);
    show(input, incident.open);
    const now = desk.now();
    list.replaceChildren(
      ...notes.map((note) =>
        el(
          "li",
          {},
          el(
            "span.note-head.soft",
            {},
            el("span.digits", { text: formatMoment(note.at, now) }),
            ` ${note.by_name ?? ""} ${note.by ?? ""}`,
          ),
          el("span.note-text", { text: note.text }),
        ),
      ),
    );
  }

  return { paint, focus: () => input.focus() };
}
