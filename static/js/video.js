/**
 * The video desk (图侦): the squad's queue, cameras near an incident as wedges, the player at T−n, bookmarks, search areas.
 * Keys: Alt+1 queue, Alt+2 cameras, Alt+3 search areas, Alt+4 bookmarks, Alt+5 a directive; Enter opens; F7 plays, F8 opens the next camera,
 * F9 marks the moment, F2 looked through, F4 draws, arrows with Alt move ten seconds.
 *
 * The live feed says that something has changed; the rows come over the routes of the desk, which know who may read what.
 */

import { makeApi } from "./api.js";
import { formatTime } from "./clock.js";
import { makeServerClock } from "./clock.js";
import { el, setText, shape } from "./console/dom.js";
import { makeLive } from "./live.js";
import { cell, makeGrid } from "./manage/grid.js";
import { bindShell, recall, remember } from "./shell.js";
import { makeStore } from "./store.js";
import { makeAreas } from "./video/areas.js";
import { makeBookmarks } from "./video/bookmarks.js";
import { makeDirectives } from "./video/directive.js";
import { makeVideoMap } from "./video/map.js";
import { DIRECTIONS, happenedAt, periodAround, periodBefore, spanOf } from "./video/moments.js";
import { makePlayer } from "./video/player.js";
import { makeQueue } from "./video/queue.js";
import { directionWord, netWord, paceWord, seesMark, stateWord } from "./video/words.js";
import { fill, gettext, makeCodes, pgettext } from "./words.js";

const OURS = /^(fusion|clue|position|bookmark|search|camera|directive|suspect|party)\./;
const RENEW_EVERY_MS = 15_000;
const GATHER_MS = 150;
const PURPOSE = "zz110.video.purpose";
const RADII = [200, 500, 1000, 2000];
const USUAL_RADIUS = 500;
const USUAL_MINUTES = 20;

const api = makeApi({ onSignedOut: toSignIn });
const clock = makeServerClock();
const store = makeStore();
const live = makeLive({ store, api, clock, onSignedOut: toSignIn });
const part = (name) => document.querySelector(`[data-video="${name}"]`);
const trouble = document.getElementById("manage-trouble");
const desk = { tasks: [], branches: [], chosen: null, cameras: [], camera: null, viewing: null, next: [], me: null, codes: null };
const units = {};
let waiting = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
  desk.codes = makeCodes(tables, document.documentElement.lang);
  desk.me = session.user;
  makeTools();
  const has = (...roles) => roles.some((role) => desk.me.roles.includes(role));
  units.queue = makeQueue({ list: part("queue"), context: part("context"), codes: desk.codes, onOpen: (id) => choose(id).catch(tell) });
  units.cameras = makeGrid({
    columns: [pgettext("video", "Camera"), pgettext("video", "View"), gettext("Distance"), pgettext("video", "Direction"), gettext("State"), pgettext("video", "Net")].map((text) => ({ text })),
    label: gettext("Cameras near the place"),
    onOpen: (key) => openById(Number(key)),
  });
  part("cameras").append(units.cameras.node);
  units.player = makePlayer(part("player"));
  units.areas = makeAreas({
    box: part("areas"), api, leads: has("video", "analyst", "watch_commander"), checks: has("video", "analyst", "watch_commander", "station_duty"),
    draw: (isArea, done) => mapNow().draw(isArea, done, () => gettext("Corner after corner with Enter or a click; Backspace takes one back, space ends, Esc gives up.")),
    period: () => periodBefore(task().incident, minutes(), clock.now()), onOpen: (camera) => open(camera).catch(tell), onChange: renew, onPaint: paintMap,
  });
  units.bookmarks = makeBookmarks({
    form: part("bookmark-form"), list: part("bookmarks"), api, finds: has("video", "analyst"), marks: has("video", "analyst", "dispatcher", "watch_commander", "station_duty"),
    player: units.player, viewing: () => desk.viewing, onChange: renew, onTrouble: tell,
  });
  units.directives = makeDirectives({ box: document.getElementById("video-directive"), api, store, issues: has("video", "analyst", "dispatcher", "watch_commander") });
  for (const tab of document.querySelectorAll("[data-pane]")) tab.addEventListener("click", () => showPane(tab.dataset.pane));
  makeVideoMap(part("map"), { api, store, onCamera: openById }).then((made) => {
    units.map = made;
    paintMap();
    const here = task()?.incident.point;
    if (here) made.flyTo(here);
  }, tell);
  store.on("change", ({ frame }) => frame && OURS.test(frame.kind) && renewSoon());
  store.on("snapshot", renewSoon);
  live.on(sayLive);
  live.start();
  await renew();
  const wanted = Number(new URLSearchParams(location.search).get("incident"));
  const first = desk.tasks.find((one) => one.incident.id === wanted) ?? desk.tasks.find((one) => one.has_work) ?? desk.tasks[0];
  if (first) await choose(first.incident.id);
  // Who is at work already keeps the focus.
  if (document.activeElement === document.body) units.queue.focus();
  setInterval(() => {
    if (!document.hidden) renew().catch(tell);
  }, RENEW_EVERY_MS);
}

/** Return the map; one that is not there yet is said, not waited for. */
function mapNow() {
  if (!units.map) throw new Error(gettext("The map is not there yet."));
  return units.map;
}

const task = () => desk.tasks.find((one) => one.incident.id === desk.chosen) ?? null;
const minutes = () => Math.max(0, Number(part("minutes").value) || 0);

/** Bring what is set before a camera is opened to life: radius, minutes, purpose, direction, pace, the span of figures. */
function makeTools() {
  const option = (value, text) => el("option", { value: String(value), text });
  part("radius").append(...RADII.map((metres) => option(metres, fill(gettext("%(n)s m"), { n: metres }))));
  part("radius").value = String(USUAL_RADIUS);
  part("minutes").value = String(USUAL_MINUTES);
  part("purpose").value = recall(PURPOSE) || gettext("trace the suspect of this incident");
  part("heading").append(option("", gettext("any direction")), ...DIRECTIONS.map((degrees) => option(degrees, fill(gettext("towards %(direction)s"), { direction: directionWord(degrees) }))));
  part("pace").append(...["foot", "ride", "drive"].map((pace) => option(pace, paceWord(pace))));
  part("span").append(option("day", gettext("today")), option("month", gettext("this month")), option("year", gettext("this year")));
  part("span").value = "year";
  part("radius").addEventListener("change", () => loadCameras().catch(tell));
  part("purpose").addEventListener("change", () => remember(PURPOSE, part("purpose").value));
  for (const name of ["heading", "pace"]) part(name).addEventListener("change", () => loadNext().catch(tell));
  part("span").addEventListener("change", () => loadFigures().catch(tell));
}

/** Several entries of one moment are one reading. */
function renewSoon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    renew().catch(tell);
  }, GATHER_MS);
}

async function renew() {
  const [queue] = await Promise.all([api.get("/api/video/"), loadFigures()]);
  Object.assign(desk, queue);
  units.queue.show(desk.tasks, desk.chosen);
  setText(part("count"), String(desk.tasks.filter((one) => one.has_work).length));
  const mine = task();
  if (mine) {
    units.bookmarks.show(mine);
    units.directives.show(mine.incident, store.ofIncident("locked_position", mine.incident.id));
    await units.areas.show(mine, desk.branches);
    setText(part("area-count"), areaCount(mine));
  }
  paintMap();
  trouble.hidden = true;
}

function areaCount({ search_areas: areas }) {
  const open = areas.filter((row) => !row.ended_at).at(-1);
  return open ? fill(gettext("%(checked)s of %(cameras)s"), open) : "";
}

async function loadFigures() {
  const span = spanOf(part("span").value, clock.now());
  const found = await api.get(`/api/video/figures/?${new URLSearchParams(span)}`);
  for (const name of ["caught", "vehicles", "cleared"]) {
    setText(part(name), String(found[name]));
    part(name).parentElement.title = found.definitions[name];
    setText(part(`${name}-means`), found.definitions[name]);
  }
}

async function choose(id) {
  desk.chosen = id;
  desk.viewing = null;
  await renew();
  await loadCameras();
  const here = task()?.incident.point;
  if (here) units.map?.flyTo(here);
}

async function loadCameras() {
  const mine = task();
  const at = mine && new Date(periodBefore(mine.incident, minutes(), clock.now()).since).toISOString();
  const query = mine?.incident.point && new URLSearchParams({ lat: mine.incident.point.lat, lng: mine.incident.point.lng, crs: "WGS84", radius: part("radius").value, at });
  desk.cameras = query ? (await api.get(`/api/cameras/near/?${query}`)).cameras : [];
  units.cameras.fill(desk.cameras.map(cameraRow));
  setText(part("camera-count"), String(desk.cameras.length));
  part("no-cameras").hidden = desk.cameras.length > 0;
  setText(part("no-cameras"), mine?.incident.point ? gettext("No camera stands within this radius.") : gettext("This incident has no place yet."));
  paintMap();
}

function cameraRow(row) {
  const [level, form, text] = seesMark(row.sees);
  const looks = row.bearing === null ? pgettext("camera", "turns") : `${Math.round(row.bearing)}° ${directionWord(row.bearing)}`;
  return {
    key: String(row.id),
    faint: row.sees === "no" || row.state === "offline",
    cells: [cell(row.name), el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text }))), cell(fill(gettext("%(n)s m"), { n: Math.round(row.metres) }), "digits"), cell(looks), cell(stateWord(row.state)), cell(netWord(row.owner_net))],
  };
}

/** Find a camera that is on the page by its id, and open it. */
function openById(id) {
  const marks = units.areas.marks().map((mark) => mark.camera_row);
  const camera = [...desk.cameras, ...marks, ...desk.next.map((one) => one.camera)].find((one) => one.id === id);
  if (camera) open(camera).catch(tell);
}

/** Open a camera at T−n, or for a period: journalled with its purpose, then played. */
async function open(camera, period = null, at = null) {
  const mine = task();
  if (!mine) return;
  const span = period ?? periodBefore(mine.incident, minutes(), clock.now());
  desk.camera = camera;
  units.areas.follow(camera.id);
  units.cameras.mark(String(camera.id));
  setText(part("camera-name"), camera.name);
  setText(part("camera-code"), camera.gb_code);
  paintMap();
  const body = { incident: mine.incident.id, since: new Date(span.since).toISOString(), until: new Date(span.until).toISOString(), purpose: part("purpose").value.trim() };
  desk.viewing = (await api.post(`/api/cameras/${camera.id}/open/`, body)).viewing;
  try {
    units.player.open(await api.get(`/api/viewings/${desk.viewing.id}/source/`), span, at ?? span.since);
  } catch (error) {
    units.player.fail(error.message);
  }
  await loadNext();
}

async function loadNext() {
  if (!desk.camera || !desk.viewing) return;
  const at = units.player.isOpen() ? units.player.at() : happenedAt(task().incident);
  const query = new URLSearchParams({ at: new Date(at).toISOString(), pace: part("pace").value, heading: part("heading").value });
  desk.next = (await api.get(`/api/cameras/${desk.camera.id}/next/?${query}`)).next;
  part("next").replaceChildren(...desk.next.map(nextLine));
  paintMap();
}

function nextLine(one, index) {
  const words = { metres: one.metres, direction: directionWord(one.bearing), seconds: one.travel_s };
  const says = fill(gettext("%(metres)s m %(direction)s, %(seconds)s s later"), words);
  return el("li", {}, el("button.video-next", { type: "button", "aria-keyshortcuts": index ? null : "F8", data: { next: one.camera.id }, on: { click: () => goOn(one).catch(tell) } },
    el("b", { text: one.camera.name }), el("span", { text: says }), el("span.soft", { text: [one.declared ? gettext("neighbour") : "", one.by_road ? pgettext("video", "by road") : ""].filter(Boolean).join(" · ") }), index ? null : el("kbd", { text: "F8" })));
}

/** Hand over to the next camera at the time plus the expected travel. */
async function goOn(one) {
  if (!one) return;
  const at = units.player.at() + one.travel_s * 1000;
  await open(one.camera, periodAround(at, clock.now()), at - 5000);
}

function paintMap() {
  if (!units.map || !units.areas) return;
  const mine = task();
  const area = units.areas.chosen();
  const marks = new Map(units.areas.marks().map((mark) => [mark.camera, mark]));
  const shown = new Map(desk.cameras.map((row) => [row.id, { camera: row, sees: row.sees }]));
  for (const [id, mark] of marks) shown.set(id, { camera: mark.camera_row, sees: shown.get(id)?.sees ?? "maybe", checked: Boolean(mark.checked_at) });
  for (const one of desk.next) if (!shown.has(one.camera.id)) shown.set(one.camera.id, { camera: one.camera, sees: "maybe" });
  if (desk.camera && !shown.has(desk.camera.id)) shown.set(desk.camera.id, { camera: desk.camera, sees: "maybe" });
  const next = desk.next[0]?.camera.id;
  units.map.show({
    incident: mine?.incident ?? null,
    cameras: [...shown.values()].map((one) => ({ ...one, chosen: one.camera.id === desk.camera?.id, next: one.camera.id === next })),
    areas: (mine?.search_areas ?? []).filter((row) => !row.ended_at || row.id === area?.id).map((row) => ({ ring: row.ring, chosen: row.id === area?.id, ended: Boolean(row.ended_at) })),
  });
}

function showPane(name) {
  for (const tab of document.querySelectorAll("[data-pane]")) {
    const isShown = tab.dataset.pane === name;
    tab.setAttribute("aria-selected", String(isShown));
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isShown;
  }
}

/** A picture that is not live is said, in words and shape. */
function sayLive() {
  const { state } = live.status();
  const chip = document.getElementById("video-live");
  setText(chip, state === "live" ? gettext("● live") : gettext("◆ not live"));
  chip.dataset.state = state;
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || !units.bookmarks) return;
  const act = event.altKey ? altAct(event.key) : keyAct(event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

function altAct(key) {
  const panes = { 2: () => { showPane("cameras"); units.cameras.focus(); }, 3: () => { showPane("areas"); units.areas.focus(); } };
  return { 1: units.queue.focus, ...panes, 4: units.bookmarks.focus, 5: units.directives.focus, ArrowLeft: () => units.player.move(-10), ArrowRight: () => units.player.move(10) }[key] ?? null;
}

function keyAct(key) {
  return {
    F2: () => { showPane("areas"); units.areas.focusCheck(); },
    F4: () => drawOrPick().catch(tell),
    F7: units.player.toggle,
    F8: () => goOn(desk.next[0]).catch(tell),
    F9: units.bookmarks.focus,
  }[key] ?? null;
}

/** F4 in the form of a directive picks its point, everywhere else it draws the search area. */
async function drawOrPick() {
  if (units.directives.isBusy()) return mapNow().pick(units.directives.place);
  showPane("areas");
  return units.areas.drawShape();
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  trouble.textContent = error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.hidden = false;
}
