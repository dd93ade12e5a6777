/**
 * The timeline of an incident: the journal's sentences, the newest on top.
 */

import { formatMoment } from "../clock.js";
import { gettext } from "../words.js";
import { el, setText, show } from "./dom.js";

const AFTER_CHANGE_MS = 500;

/** Make the page of the timeline. */
export function makeTimeline(page, desk) {
  const list = el("ol.timeline");
  const empty = el("p.empty", { text: gettext("Every step with its time and its person appears here.") });
  page.append(list, empty);
  let shownFor = null;
  let timer = null;

  /** Read the timeline when it is shown and something happened. */
  function paint(incident) {
    const wanted = `${incident.id}.${incident.version}.${desk.store.seq}`;
    if (wanted === shownFor) return;
    const first = shownFor === null || !shownFor.startsWith(`${incident.id}.`);
    shownFor = wanted;
    if (first) list.replaceChildren();
    clearTimeout(timer);
    timer = setTimeout(() => read(incident.id), first ? 0 : AFTER_CHANGE_MS);
  }

  async function read(id) {
    try {
      const { entries } = await desk.api.get(`/api/incidents/${id}/timeline/`);
      if (desk.selected !== id) return;
      const now = desk.now();
      show(empty, entries.length === 0);
      list.replaceChildren(
        ...[...entries]
          .reverse()
          .map((entry) =>
            el(
              "li",
              {},
              el("span.digits.soft", { text: formatMoment(entry.at, now) }),
              el("span.timeline-text", { text: entry.sentence }),
              el("span.soft", { text: byWords(entry.by) }),
            ),
          ),
      );
    } catch (error) {
      setText(empty, error.message);
      show(empty, true);
    }
  }

  return { paint };
}

function byWords(by) {
  if (!by) return gettext("system");
  return typeof by === "string" ? by : [by.name, by.badge].filter(Boolean).join(" ");
}
