/**
 * The map: our own vector paper, units and incidents on it, and a pick mode; drawn on Leaflet, without tiles.
 *
 * The page loads Leaflet (global `L`), `leaflet.css` and `css/map.css`. Everything is WGS-84.
 */

import { makeBase } from "./map/base_layer.js";
import { makePick } from "./map/crosshair.js";
import { makeGround } from "./map/ground_layer.js";
import { makeLive } from "./map/live_layer.js";
import { readPalette } from "./map/palette.js";
import { project } from "./map/paper.js";
import { makeSheet } from "./map/sheet.js";
import { glide } from "./map_shapes.js";
import { incidentForm } from "./map_shapes.js";
import { isGliding } from "./map_shapes.js";
import { markAt } from "./map_shapes.js";
import { ageSeconds } from "./map_shapes.js";
import { ageStep } from "./map_shapes.js";
import { fill } from "./words.js";
import { gettext } from "./words.js";
import { statusWord } from "./words.js";

const TICK_MS = 250;
const AGES_EVERY_MS = 1000;
const BEST = 5;
const EDGE_PX = 84; // room for a mark at the city's edge beside the zoom buttons

/**
 * Make a map in an element.
 * @param {HTMLElement} element gets the class `zz-map`; it must have a size
 * @param {object} options
 * @param {object} options.baseMap answer of `GET /api/map/`
 * @param {function({lat: number, lng: number}|null): void} [options.onPick] a picked place; `null` when given up
 * @param {function({type: "unit"|"incident", id: number}|null): void} [options.onSelect] a click on a mark, or beside
 * @param {"night"|"day"} [options.theme] the page's own by default
 * @param {function(): number} [options.now] the server's time in ms, for ages; the browser's by default
 * @param {function(string, object): string} [options.describe] text of the tip over a mark
 * @param {function(number): void} [options.onDraw] told the ms of script of each drawing of the marks
 * @returns {object} see the methods below
 */
export function createMap(element, options) {
  const { baseMap, onPick = () => {}, onSelect = () => {}, now = () => Date.now(), onDraw = () => {} } = options;
  const L = globalThis.L;
  element.classList.add("zz-map");
  if (options.theme) element.dataset.theme = options.theme;
  const stage = document.createElement("div");
  stage.setAttribute("aria-label", gettext("Map; arrow keys move it, plus and minus zoom"));
  element.append(stage);
  const box = L.latLngBounds([baseMap.box.south, baseMap.box.west], [baseMap.box.north, baseMap.box.east]);
  const map = L.map(stage, {
    preferCanvas: true, zoomControl: false, attributionControl: false, minZoom: 10, maxZoom: 18, zoomSnap: 0.5,
    zoomDelta: 1, wheelPxPerZoomLevel: 110, maxBounds: box.pad(0.2), maxBoundsViscosity: 0.8,
  });
  // From further away than the whole region there is nothing to see.
  const limitZoom = () => map.setMinZoom(Math.max(10, map.getBoundsZoom(box) - 0.5));
  limitZoom();
  map.on("resize", limitZoom);
  map.fitBounds(options.view ?? coreOf(box), { animate: false });
  addControls(L, map);

  const state = {
    units: new Map(), positions: new Map(), tracks: new Map(), incidents: new Map(), spots: new Map(),
    selected: null, candidates: new Map(), links: [], ageWord: makeAgeWord(),
  };
  let palette = readPalette(element);
  const base = makeBase(baseMap);
  const live = makeLive(state);
  const ground = makeGround(baseMap);
  const clock = () => performance.now();
  const paper = makeSheet(L, { pane: "tilePane", margin: 0.25, opaque: true, draw: (context, view) => base.draw(context, view, palette) });
  const soil = makeSheet(L, { pane: "overlayPane", margin: 0.25, draw: (context, view) => ground.draw(context, view, palette) });
  const marks = makeSheet(L, {
    pane: "overlayPane", margin: 0.08,
    draw(context, view) {
      const started = clock();
      live.draw(context, view, palette, { clock: started, now: now() });
      drawn_at = started;
      dirty = false;
      onDraw(clock() - started);
    },
  });
  let dirty = false;
  let drawn_at = -Infinity;
  map.addLayer(paper);
  map.addLayer(soil);
  map.addLayer(marks);

  const redraw = () => {
    dirty = true;
  };
  const tick = () => {
    if (document.hidden) return;
    const moment = clock();
    if (!dirty && moment - drawn_at >= AGES_EVERY_MS) dirty = state.units.size > 0;
    if (!dirty) for (const track of state.tracks.values()) if (isGliding(track, moment - TICK_MS)) { dirty = true; break; }
    if (dirty) marks.redraw();
  };
  const timer = setInterval(tick, TICK_MS);

  const pick = makePick(L, map, element, onPick);
  const tip = makeTip(element, options.describe ?? describer(now, state.ageWord));
  bindPointer({ L, map, marks, live, pick, tip, state, onSelect, select });

  function track(unit_id, lat, lng) {
    state.tracks.set(unit_id, glide(state.tracks.get(unit_id) ?? null, project(lat, lng), clock()));
  }

  function moved(positions) {
    for (const position of positions) {
      const known = state.positions.get(position[0]);
      if (known && known[6] === position[6] && known[1] === position[1] && known[2] === position[2]) continue;
      state.positions.set(position[0], position);
      track(position[0], position[1], position[2]);
    }
    redraw();
  }

  function setUnits(units, positions) {
    state.units = new Map(units.map((unit) => [unit.id, unit]));
    for (const id of [...state.tracks.keys()]) if (!state.units.has(id)) state.tracks.delete(id);
    for (const id of [...state.positions.keys()]) if (!state.units.has(id)) state.positions.delete(id);
    if (positions) moved(positions);
    // A unit that has never sent a fix stands at its post, struck through.
    for (const unit of units) if (!state.tracks.has(unit.id) && unit.home) track(unit.id, unit.home.lat, unit.home.lng);
    redraw();
  }

  function setIncidents(incidents) {
    const placed = incidents.filter((incident) => incident.point);
    placed.sort((a, b) => b.priority - a.priority || a.id - b.id);
    state.incidents = new Map(placed.map((incident) => [incident.id, incident]));
    state.spots = new Map(placed.map((incident) => [incident.id, incidentMark(incident)]));
    redraw();
  }

  function select(chosen, { fly = false } = {}) {
    state.selected = chosen;
    if (chosen && fly) flyToMark(chosen);
    redraw();
  }

  function flyToMark({ type, id }) {
    const incident = state.incidents.get(id);
    const position = state.positions.get(id);
    if (type === "incident" && incident) flyTo(incident.point);
    if (type === "unit" && position) flyTo({ lat: position[1], lng: position[2] });
  }

  function flyTo({ lat, lng }, zoom = Math.max(map.getZoom(), 15)) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    map.setView([lat, lng], zoom, { animate: !calm });
  }

  function setCandidates(ids, incident = null) {
    const best = (ids ?? []).slice(0, BEST);
    state.candidates = new Map(best.map((id, at) => [id, at + 1]));
    const links = state.links.filter((link) => !link.candidate);
    state.links = incident === null ? links : [...links, ...best.map((unit) => ({ unit, incident, candidate: true }))];
    redraw();
  }

  function setLinks(links) {
    state.links = [...links, ...state.links.filter((link) => link.candidate)];
    redraw();
  }

  function setTheme(theme) {
    if (theme) element.dataset.theme = theme;
    palette = readPalette(element);
    live.forget();
    paper.redraw();
    soil.redraw();
    marks.redraw();
  }

  const page_theme = new MutationObserver(() => setTheme());
  page_theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const size = new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false }));
  size.observe(element);
  document.fonts?.ready.then(() => setTheme());

  /** The place so many pixels outside a corner of the city, as far in as the map is now. */
  function beside(corner, side) {
    return map.unproject(map.project(corner).add([side * EDGE_PX, -side * EDGE_PX]));
  }

  return {
    /** Replace all units; `positions` as in the snapshot. */
    setUnits,
    /** Take a batch of positions of the feed. */
    moved,
    /** Replace all incidents; those without a point are left out. */
    setIncidents,
    /** Ring a unit or an incident: `{type, id}` or `null`; `{fly: true}` brings it into the middle. */
    select,
    /** Switch the pick mode on or off. */
    pick: pick.set,
    /** Pick one place after the other, as `draw` of map/crosshair.js says. */
    drawShape: pick.draw,
    /** What lies on the ground: the setters of map/ground_layer.js; call `redraw` after them. */
    ground: { ...ground, redraw: () => soil.redraw() },
    /** Say whether the pick mode is on. */
    isPicking: pick.isOn,
    /** Label only these units, best first, at most five, and fade the others; `[]` ends it. */
    setCandidates,
    /** Draw lines from units to incidents: `[{unit, incident}]` by id. */
    setLinks,
    /** Move to a place. */
    flyTo,
    /** Show a box `[[south, west], [north, east]]`; `inside` moves the view back over the city where the box lies at its
     * edge, so that no half of the map is empty. */
    fit(bounds, { inside = false } = {}) {
      map.fitBounds(bounds, { padding: [40, 40], ...(inside ? { animate: false } : {}) });
      if (inside) map.panInsideBounds(L.latLngBounds(beside(box.getSouthWest(), -1), beside(box.getNorthEast(), 1)), { animate: false });
    },
    /** Read the colours again, after another theme was set on the page, or set one on this map alone. */
    setTheme,
    /** Take the element's new size. */
    resize: () => map.invalidateSize({ animate: false }),
    /** Draw the marks now, without waiting for the next quarter of a second. */
    drawNow: () => marks.redraw(),
    /** Leaflet's own map, for pages that need more of it. */
    leaflet: map,
    /** Take everything away. */
    destroy() {
      clearInterval(timer);
      page_theme.disconnect();
      size.disconnect();
      pick.remove();
      tip.remove();
      map.remove();
      stage.remove();
      element.classList.remove("zz-map");
    },
  };
}

function incidentMark(incident) {
  const world = project(incident.point.lat, incident.point.lng);
  return { type: "incident", id: incident.id, form: incidentForm(incident), world, x: 0, y: 0, reach: 0 };
}

/** The middle two thirds of the region: the town without its outskirts. */
function coreOf(box) {
  return box.pad(-0.2);
}

function addControls(L, map) {
  L.control.attribution({ prefix: false }).addAttribution(gettext("Schematic map · invented roads")).addTo(map);
  L.control.zoom({ position: "bottomright", zoomInTitle: gettext("Zoom in"), zoomOutTitle: gettext("Zoom out") }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140, updateWhenIdle: true }).addTo(map);
}

/** Make the words for ages, each said once: a map says hundreds of them four times a second. */
function makeAgeWord() {
  const patterns = { s: gettext("%(n)s s"), m: gettext("%(n)s min"), h: gettext("%(n)s h") };
  const known = new Map();
  return (age) => {
    let word = known.get(age);
    if (word === undefined) {
      const { unit, n } = ageStep(age);
      word = unit === "none" ? gettext("no fix") : fill(patterns[unit], { n });
      if (known.size > 5000) known.clear();
      known.set(age, word);
    }
    return word;
  };
}

/** Describe marks in the words of the page. */
function describer(now, ageWord) {
  return (type, row, position) => {
    if (type === "incident") return [row.incident_no, row.address_text].filter(Boolean).join(" · ");
    const age = ageWord(ageSeconds(position ? position[6] : null, now()));
    const speed = position?.[4] ? fill(gettext("%(n)s km/h"), { n: Math.round(position[4]) }) : "";
    const doubt = position?.[8] ? gettext("doubtful fix") : "";
    return [row.label, statusWord(row.status), age, speed, doubt].filter(Boolean).join(" · ");
  };
}

function makeTip(element, describe) {
  const tip = document.createElement("div");
  tip.className = "zz-mark-tip";
  tip.hidden = true;
  element.append(tip);
  return {
    show(type, row, position, at) {
      tip.textContent = describe(type, row, position);
      tip.hidden = !tip.textContent;
      const left = Math.min(at.x + 16, element.clientWidth - tip.offsetWidth - 8);
      const top = at.y + 40 > element.clientHeight ? at.y - 44 : at.y + 14;
      tip.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
    },
    hide: () => {
      tip.hidden = true;
    },
    remove: () => tip.remove(),
  };
}

function bindPointer({ L, map, marks, live, pick, tip, state, onSelect, select }) {
  const under = (point) => {
    const view = marks.view();
    if (!view) return null;
    const world = map.containerPointToLayerPoint(point).add(map.getPixelOrigin());
    return markAt(live.marks(), world.x - view.left, world.y - view.top);
  };
  map.on("click", (event) => {
    if (pick.isOn()) return pick.take(event.latlng);
    const mark = under(event.containerPoint);
    if (mark?.type === "cluster") return map.setView(event.latlng, Math.min(map.getZoom() + 2, 18));
    const chosen = mark ? { type: mark.type, id: mark.id } : null;
    select(chosen);
    marks.redraw();
    return onSelect(chosen);
  });
  map.on("mousemove", (event) => {
    const mark = pick.isOn() ? null : under(event.containerPoint);
    map.getContainer().classList.toggle("zz-over-mark", Boolean(mark));
    if (!mark || mark.type === "cluster") return tip.hide();
    const row = mark.type === "unit" ? state.units.get(mark.id) : state.incidents.get(mark.id);
    return row ? tip.show(mark.type, row, state.positions.get(mark.id), event.containerPoint) : tip.hide();
  });
  map.on("mouseout movestart zoomstart", tip.hide);
  L.DomEvent.on(map.getContainer(), "contextmenu", L.DomEvent.preventDefault);
}
