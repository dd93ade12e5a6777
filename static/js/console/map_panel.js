/**
 * The map of the console: units and incidents, the selected one with its best five candidates, and the
 * picking of a place by F4.
 */

import { isLapsed } from "../casework_words.js";
import { createMap } from "../map.js";
import { directedSpot, proposedSpot, spotOf } from "./map_spots.js";
import { gettext, pgettext } from "../words.js";
import { atMostEvery, el, show } from "./dom.js";
import { makeMapLayers } from "./map_layers.js";
import { makeTracks } from "./map_tracks.js";

const BEST = 5;
const AGAIN_AFTER_MS = 3000;
const PAINT_EVERY_MS = 500;

/** Make the map in its panel; the base map is read first, then the map appears. */
export function makeMapPanel(box, desk) {
  const { store } = desk;
  const frame = el("div.map-box");
  const waiting = el("p.empty", { text: gettext("The map is being loaded.") });
  box.append(frame, waiting);
  let map = null;
  let layers = null;
  let back = null;
  let fitted = false;
  let asked = false;
  let drawnSpots = "[]";
  let ranked = { incident: null, list: [] };
  const paintSoon = atMostEvery(PAINT_EVERY_MS, paint);
  load();

  async function load() {
    try {
      const baseMap = await desk.api.get("/api/map/", { seconds: 20 });
      map = createMap(frame, { baseMap, onPick: picked, onSelect: selected, now: desk.now, describe });
      layers = makeMapLayers(frame, desk, map, paintLinks);
      makeTracks(desk, map);
      show(waiting, false);
      paint();
      select(desk.selected, true);
    } catch (error) {
      if (!error.code) throw error;
      setTimeout(load, AGAIN_AFTER_MS);
    }
  }

  store.on("snapshot", paintSoon);
  store.on("change", ({ changes }) => {
    if (changes.some((change) => ["incident", "unit", "assignment", "fusion_request", "locked_position", "directive"].includes(change.collection))) paintSoon();
  });
  store.on("positions", (positions) => map?.moved(positions));
  desk.on("select", (id) => select(id, true));
  desk.on("candidates", ({ incident, list }) => {
    ranked = { incident, list };
    paintCandidates();
  });
  desk.on("unit", (id) => {
    map?.select({ type: "unit", id }, { fly: true });
    layers?.chosen(id);
  });
  desk.on("tick", () => {
    if (map && drawnSpots !== "[]") paintSpots();
  });
  desk.on("interception", () => map && paintSpots());
  desk.on("map-pick", pick);
  desk.on("window.map-pick", () => {
    asked = true;
    pick();
  });

  function paint() {
    if (!map || !store.loaded) return;
    const onDuty = store.rows("unit").filter((unit) => unit.status !== "off_duty" && unit.dispatchable !== false);
    map.setUnits(onDuty, store.positions());
    map.setIncidents(store.rows("incident"));
    if (!fitted) fitToUnits();
    paintLinks();
    paintCandidates();
    paintSpots();
  }

  /** Locked positions, the present one of each request; one that has run out stays, grey. */
  function paintSpots() {
    const now = desk.now();
    const rows = store.rows("locked_position").filter((row) => !row.replaced_at);
    const directed = store.rows("directive").filter((row) => row.open && row.point && !row.locked_position);
    const spots = [
      ...rows.map((row) => spotOf(row, isLapsed(row, store.row("fusion_request", row.request), now))),
      ...directed.map(directedSpot),
      ...(desk.interception?.points ?? []).map(proposedSpot),
    ];
    const wanted = JSON.stringify(spots);
    if (wanted === drawnSpots) return;
    drawnSpots = wanted;
    map.ground.setSpots(spots);
    map.ground.redraw();
  }

  /** A straight link for each order whose road is not drawn. */
  function paintLinks() {
    const straight = store.rows("assignment").filter((row) => row.live && !layers?.hasRoute(row.id));
    map.setLinks(straight.map((row) => ({ unit: row.unit, incident: row.incident })));
  }

  /** The first look is at the town where the units stand. */
  function fitToUnits() {
    const homes = store
      .rows("unit")
      .map((unit) => unit.home)
      .filter(Boolean);
    if (homes.length < 2) return;
    fitted = true;
    const lats = homes.map((home) => home.lat);
    const lngs = homes.map((home) => home.lng);
    map.fit([
      [Math.min(...lats), Math.min(...lngs)],
      [Math.max(...lats), Math.max(...lngs)],
    ]);
  }

  function paintCandidates() {
    if (!map) return;
    const incident = store.row("incident", desk.selected);
    const wanted = incident && ranked.incident === incident.id && ["new", "pending"].includes(incident.stage);
    map.setCandidates(wanted ? ranked.list.slice(0, BEST).map((one) => one.unit) : [], wanted ? incident.id : null);
  }

  function select(id, fly) {
    if (!map) return;
    // What has just been opened may not be on the map yet.
    if (id) paint();
    map.select(id ? { type: "incident", id } : null, { fly });
    paintCandidates();
  }

  function selected(mark) {
    if (mark?.type !== "incident") layers?.chosen(mark?.id ?? null);
    if (mark?.type === "incident") desk.select(mark.id);
    if (mark?.type === "unit") {
      const unit = store.row("unit", mark.id);
      const assignment = unit?.assignment ? store.row("assignment", unit.assignment) : null;
      if (assignment) desk.select(assignment.incident);
    }
  }

  function pick() {
    if (!map) return;
    back = document.activeElement;
    map.pick(true);
  }

  function picked(point) {
    if (point && asked) desk.broadcast("map-picked", { point });
    else if (point) desk.emit("map-picked", point);
    asked = false;
    if (back?.isConnected) back.focus();
    back = null;
  }

  function describe(type, row) {
    if (type === "incident")
      return [desk.codes.word("incident_type", row.type_reported), row.address_text || pgettext("console", "Incident")]
        .filter(Boolean)
        .join(" · ");
    return [row.call_sign, row.shift?.lead_name].filter(Boolean).join(" · ");
  }

  return { focus: () => frame.querySelector(".leaflet-container")?.focus() };
}
