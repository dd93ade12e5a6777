/**
 * The timeline of a review: entries as sentences with notes, tasks, recordings and pictures between them, the chapters
 * as buttons, and the strip above the slider on which all of them are marks.
 */

import { formatMoment, formatTime } from "../clock.js";
import { el, setText } from "../console/dom.js";
import { fill, gettext } from "../words.js";
import { countChapters, lineAt, nextOfChapter } from "./playhead.js";
import { CHAPTERS, chapterWord } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = 400; // lines in the list at once, around the playhead

/** Put notes, tasks, recordings and pictures between the entries, in the order of their moments. */
export function woven({ lines, notes, tasks, recordings, bookmarks }) {
  const told = [
    ...lines,
    ...notes.map((row) => ({ at: row.at, chapter: "note", sentence: row.text, by: `${row.by} ${row.by_name}` })),
    ...tasks.filter((row) => row.at).map((row) => ({ at: row.at, chapter: "task", sentence: fill(gettext("%(text)s – %(owner)s"), { text: row.text, owner: row.owner_name }), by: "" })),
    ...recordings.map((row) => ({ at: row.at, chapter: "recording", sentence: fill(gettext("Recording %(id)s of call %(call)s"), { id: row.recording_id, call: row.call_no }), by: "" })),
    ...bookmarks.map((row) => ({ at: row.at, chapter: "bookmark", sentence: [row.camera_code, row.camera_name, row.text].filter(Boolean).join(" "), by: row.by_name, still: row.still })),
  ];
  const placed = told.map((line, order) => ({ ...line, ms: Date.parse(line.at), order }));
  return placed.sort((a, b) => a.ms - b.ms || a.order - b.order);
}

/**
 * Make the timeline.
 * @param {{list: HTMLElement, chapters: HTMLElement, strip: SVGElement}} parts
 * @param {{since: number, until: number, onGo: (ms: number) => void, at: () => number}} means
 */
export function makeTimeline({ list, chapters, strip }, { since, until, onGo, at }) {
  let lines = [];
  let current = null;
  let from = 0;
  const buttons = CHAPTERS.map((name, index) => {
    const count = el("span.digits");
    const node = el("button", { type: "button", data: { chapter: name }, "aria-keyshortcuts": String(index + 1), on: { click: () => jump(name) } }, el("kbd", { text: String(index + 1) }), el("span", { text: chapterWord(name) }), count);
    return { name, node, count };
  });
  chapters.replaceChildren(...buttons.map(({ node }) => node));
  list.addEventListener("click", (event) => {
    const row = event.target.closest("[data-ms]");
    if (row && !event.target.closest("a")) onGo(Number(row.dataset.ms));
  });

  function show(found) {
    lines = found;
    const counts = countChapters(lines);
    for (const { name, node, count } of buttons) {
      setText(count, String(counts[name] ?? 0));
      node.disabled = !counts[name];
    }
    drawStrip();
    current = null;
    draw(at());
  }

  function jump(name) {
    const line = nextOfChapter(lines, name, at());
    if (line) onGo(line.ms);
  }

  /** Mark the last line that is not younger than a moment, and keep it in sight. */
  function draw(ms) {
    const index = lineAt(lines, ms);
    if (index === current) return;
    const wanted = Math.max(0, Math.min(lines.length - DRAWN, index - DRAWN / 2));
    if (current === null || wanted !== from) {
      from = wanted;
      list.replaceChildren(...lines.slice(from, from + DRAWN).map(node));
    }
    current = index;
    for (const old of list.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
    const row = list.children[index - from];
    if (!row) return;
    row.setAttribute("aria-current", "true");
    const [top, bottom] = [row.offsetTop, row.offsetTop + row.offsetHeight];
    if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) list.scrollTop = top - list.clientHeight / 2;
    const chapter = lines[index].chapter;
    for (const { name, node: one } of buttons) one.setAttribute("aria-pressed", String(name === chapter));
  }

  function node(line) {
    const label = chapterWord(line.chapter);
    const says = line.still ? el("a", { href: line.still, target: "_blank", rel: "noopener", text: line.sentence || gettext("picture") }) : el("span", { text: line.sentence });
    return el(`li.chapter-${line.chapter}`, { data: { ms: line.ms } }, el("time.digits", { text: formatMoment(line.at, since), title: line.at }), el("span.review-chapter", { text: label }), says, line.by ? el("span.review-by", { text: line.by }) : null);
  }

  function drawStrip() {
    const bins = new Map();
    for (const { ms, chapter } of lines) {
      if (ms < since || ms > until) continue;
      const x = Math.round(((ms - since) / (until - since)) * 1000);
      const row = CHAPTERS.indexOf(chapter);
      bins.set(`${x}.${row}`, { x, row, chapter });
    }
    strip.replaceChildren(...[...bins.values()].map(mark));
  }

  function mark({ x, row, chapter }) {
    const extra = row < 0;
    const node = document.createElementNS(SVG, "rect");
    const facts = { x, y: extra ? 0 : 4 + row * 6, width: 2.5, height: extra ? 46 : 5, class: `strip-${chapter}` };
    for (const [name, value] of Object.entries(facts)) node.setAttribute(name, value);
    return node;
  }

  return { show, draw, jump, lines: () => lines, timeWord: formatTime };
}
