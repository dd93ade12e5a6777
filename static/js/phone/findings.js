/** What the fusion centre found: pushed clues (线索) and the locked position, the place to go to first. */

import { formatTime } from "../clock.js";
import { clueWord, confidenceWord, isLapsed } from "../casework_words.js";
import { fill, gettext } from "../words.js";
import { el } from "./dom.js";
import { linkTo } from "./navigation.js";

/** Make the lines of the card: the present position first, then the clues, the newest first. */
export function findingLines(app, { positions = [], clues = [] }, now) {
  const present = positions.filter((row) => !row.replaced_at);
  return [...present.map((row) => positionLine(app, row, isLapsed(row, null, now))), ...[...clues].sort((a, b) => b.id - a.id).map(clueLine)];
}

function positionLine(app, row, lapsed) {
  const title = lapsed ? gettext("✕ Locked position, run out") : gettext("◎ Locked position");
  const point = `${row.point.lat.toFixed(5)}, ${row.point.lng.toFixed(5)} WGS-84`;
  return el("p", { class: `words news finding${lapsed ? " taken-back" : ""}`, data: { position: row.id } },
    el("b", { text: title }), el("span", { class: "news-fact", text: `${point} · ${rangeWords(row, lapsed)}` }),
    lapsed ? null : el("a", { class: "finding-way", href: linkTo(app.program(), row.point, gettext("Locked position"), navigator.userAgent), text: gettext("Navigate") }));
}

function rangeWords(row, lapsed) {
  const words = { radius: Math.round(row.radius_m), time: formatTime(row.valid_until) };
  const says = lapsed ? gettext("±%(radius)s m · ran out %(time)s") : gettext("±%(radius)s m · valid to %(time)s");
  return [fill(says, words), confidenceWord(row.confidence)].join(" · ");
}

function clueLine(row) {
  const title = row.void ? gettext("✕ Clue taken back") : gettext("▲ Clue");
  const words = [row.value, row.text].filter(Boolean).join(" · ");
  return el("p", { class: `words news finding${row.void ? " taken-back" : ""}`, data: { clue: row.id } },
    el("b", { text: `${title} ${formatTime(row.pushed_at)} · ${clueWord(row.kind)} · ${confidenceWord(row.confidence)}` }),
    el(row.void ? "s" : "span", { class: "news-fact", text: words }),
    row.void ? el("span", { class: "news-fact", text: row.void_reason }) : stillOf(row));
}

/** The still of a picture clue; only who was sent there may read it. */
function stillOf(row) {
  if (!row.bookmark) return null;
  const still = `/api/bookmarks/${row.bookmark}/still/`;
  const picture = el("img", { src: still, alt: gettext("Still of the camera"), loading: "lazy", width: "320", height: "180" });
  // A bookmark without a picture has no still: the words stay.
  picture.addEventListener("error", () => link.remove());
  const link = el("a", { class: "finding-still", href: still, target: "_blank", rel: "noopener" }, picture);
  return link;
}

/** Say in one notice what was found, or taken back. */
export function findingWords({ kind, row }) {
  if (kind === "position") return fill(gettext("◎ Locked position: %(text)s"), { text: rangeWords(row, false) });
  if (row.void) return fill(gettext("✕ Clue taken back: %(text)s"), { text: row.void_reason });
  return fill(gettext("▲ Clue: %(text)s"), { text: [row.value, row.text].filter(Boolean).join(" ") });
}
