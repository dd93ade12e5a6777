/**
 * The player: map, boards, timeline and slider of one review, moved by one playhead.
 *
 * Keys: space plays and pauses, arrows step to the next entry, with Shift a minute, + and - change the speed, 1 to 7 go
 * to a chapter, Home and End to the ends, N and T write.
 */

import { formatDate, formatTime } from "../clock.js";
import { el, setText } from "../console/dom.js";
import { createMap } from "../map.js";
import { makeStore } from "../store.js";
import { fill, gettext } from "../words.js";
import { makeBoards } from "./boards.js";
import { makePast } from "./past.js";
import { lineBeside, makePlayhead, SPEEDS } from "./playhead.js";
import { makeTimeline, woven } from "./timeline.js";
import { CHAPTERS } from "./words.js";
import { makeWriting } from "./writing.js";

const MINUTE = 60_000;
const MOST_LINES = 8_000;
const DRAW_EVERY_MS = 200;

/**
 * Open a review in the page.
 * @param {number} id
 * @param {{api: object, codes: object, me: object, tell: (error: Error) => void}} means
 */
export async function makePlayer(id, { api, codes, me, tell }) {
  const part = (name) => document.querySelector(`[data-player="${name}"]`);
  const [found, baseMap] = await Promise.all([api.get(`/api/reviews/${id}/`), api.get("/api/map/", { seconds: 20 })]);
  const { review } = found;
  const span = { since: Date.parse(review.since), until: Date.parse(review.until) };
  const store = makeStore();
  const head = makePlayhead(span);
  const past = makePast({ api, store, id, ...span });
  const boards = makeBoards(part("boards"), { store, codes, own: review.incident, onOpen: fly });
  const timeline = makeTimeline({ list: part("lines"), chapters: part("chapters"), strip: part("strip") }, { ...span, onGo: go, at: head.at });
  const writing = makeWriting({ note: part("note"), task: part("task"), tasks: part("tasks") }, { api, id, me, at: head.at, onWritten: reread });
  const map = createMap(part("map"), { baseMap, now: head.at });
  const slider = part("slider");
  let lines = [];
  let drawnAt = 0;
  let passedAt = performance.now();
  let ended = false;
  let changed = true;

  part("title").textContent = review.name;
  part("span").textContent = `${formatDate(review.since)} ${formatTime(review.since)} – ${formatDate(review.until)} ${formatTime(review.until)}`;
  for (const link of document.querySelectorAll("[data-export]")) link.href = link.dataset.export.replace("{id}", id);
  Object.assign(slider, { min: 0, max: Math.round((span.until - span.since) / 1000), step: 1, value: 0 });
  slider.addEventListener("input", () => go(span.since + Number(slider.value) * 1000));
  const speeds = part("speed");
  speeds.replaceChildren(...SPEEDS.map((speed) => el("option", { value: speed, text: `${speed}×` })));
  speeds.addEventListener("change", () => head.setSpeed(Number(speeds.value)));
  part("play").addEventListener("click", toggle);
  part("back").addEventListener("click", () => step(-1));
  part("on").addEventListener("click", () => step(1));
  store.on("change", () => {
    changed = true;
  });
  store.on("snapshot", () => {
    changed = true;
    boards.stale();
  });
  store.on("positions", (positions) => map.moved(positions));

  await go(span.since);
  await readLines();
  const timer = setInterval(tick, DRAW_EVERY_MS / 4);

  /** Read the whole timeline, page by page; what is longer than a list can be is cut and said. */
  async function readLines() {
    let after = 0;
    while (after !== null && lines.length < MOST_LINES && !ended) {
      const page = await api.get(`/api/reviews/${id}/lines/?after=${after}`, { seconds: 20 });
      lines.push(...page.lines);
      after = page.next;
      timeline.show(woven({ ...found, lines }));
    }
    part("cut").hidden = after === null;
  }

  /** Read notes and tasks again after one was written. */
  async function reread() {
    Object.assign(found, await api.get(`/api/reviews/${id}/`));
    timeline.show(woven({ ...found, lines }));
    writing.showTasks(found.tasks);
  }

  async function go(ms) {
    head.set(ms);
    part("state").textContent = gettext("reading");
    try {
      if (!(await past.seek(head.at()))) return;
      part("state").textContent = "";
      draw(true);
    } catch (error) {
      tell(error);
    }
  }

  function step(direction) {
    const beside = lineBeside(timeline.lines(), head.at(), direction);
    if (beside) go(beside.ms);
  }

  function toggle() {
    if (head.isPlaying()) head.pause();
    else if (head.at() >= span.until) go(span.since).then(head.play);
    else head.play();
    draw(true);
  }

  function tick() {
    const now = performance.now();
    const passed = now - passedAt;
    passedAt = now;
    const was = head.isPlaying();
    if (was && !past.isBehind(head.at())) head.pass(passed);
    past.advance(head.at(), head.speed());
    const hasEnded = was && !head.isPlaying();
    // What comes after the end was reached, or while one stands still, is drawn too.
    if (hasEnded || (!was && changed) || (was && now - drawnAt >= DRAW_EVERY_MS)) draw(changed);
  }

  function draw(all) {
    drawnAt = performance.now();
    const at = head.at();
    setText(part("clock"), formatTime(at));
    setText(part("date"), formatDate(at));
    slider.value = Math.round((at - span.since) / 1000);
    slider.setAttribute("aria-valuetext", formatTime(at));
    const word = head.isPlaying() ? gettext("Pause") : gettext("Play");
    part("play").dataset.playing = String(head.isPlaying());
    setText(part("play").querySelector("span"), word);
    speeds.value = String(head.speed());
    if (all || changed) paintMap();
    changed = false;
    if (all) boards.stale();
    boards.draw(at);
    timeline.draw(at);
    writing.draw(at);
  }

  function paintMap() {
    map.setUnits(store.rows("unit").filter((unit) => unit.status !== "off_duty" && unit.dispatchable !== false), store.positions());
    map.setIncidents(store.rows("incident").filter((incident) => incident.point));
    map.setLinks(store.rows("assignment").filter((order) => order.live).map(({ unit, incident }) => ({ unit, incident })));
    map.drawNow();
  }

  function fly(incident) {
    const row = store.row("incident", incident);
    if (row?.point) map.select({ type: "incident", id: incident }, { fly: true });
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return false;
    const chapter = CHAPTERS[Number(event.key) - 1];
    const acts = {
      " ": toggle,
      ArrowRight: () => (event.shiftKey ? go(head.at() + MINUTE) : step(1)),
      ArrowLeft: () => (event.shiftKey ? go(head.at() - MINUTE) : step(-1)),
      "+": () => head.changeSpeed(1),
      "=": () => head.changeSpeed(1),
      "-": () => head.changeSpeed(-1),
      Home: () => go(span.since),
      End: () => go(span.until),
      n: () => writing.focusNote(),
      t: () => writing.focusTask(),
    };
    const act = chapter ? () => timeline.jump(chapter) : acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return false;
    act();
    draw(false);
    return true;
  }

  function close() {
    ended = true;
    clearInterval(timer);
    map.destroy();
  }

  writing.showTasks(found.tasks);
  document.title = fill(gettext("Review %(name)s"), { name: review.name });
  return { onKey, close };
}
