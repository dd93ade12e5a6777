/**
 * The map of the fusion page: units, the incidents that are asked about, clues and locked positions; F4 picks a point.
 */

import { createMap } from "../map.js";
import { isLapsed } from "../casework_words.js";
import { spotOf } from "../console/map_spots.js";

const CLUE_RADIUS_M = 15;

/**
 * Make the map.
 * @param {HTMLElement} box
 * @param {{api: object, store: object}} means
 * @returns {Promise<{show: (rows: object[]) => void, pick: () => void}>}
 */
export async function makeFusionMap(box, { api, store }) {
  let back = null;
  const baseMap = await api.get("/api/map/", { seconds: 20 });
  const map = createMap(box, { baseMap, onPick: picked });
  store.on("positions", (positions) => map.moved(positions));
  store.on("snapshot", paintUnits);

  function paintUnits() {
    const onDuty = store.rows("unit").filter((unit) => unit.status !== "off_duty" && unit.dispatchable !== false);
    map.setUnits(onDuty, store.positions());
  }

  /** Show the open requests. */
  function show(rows) {
    paintUnits();
    const open = rows.filter((row) => row.open);
    map.setIncidents(open.filter((row) => row.point).map((row) => store.row("incident", row.incident)).filter(Boolean));
    map.ground.setSpots(open.flatMap((row) => [...row.positions.filter((one) => !one.replaced_at).map((one) => spotOf(one, isLapsed(one, row, Date.now()))), ...row.clues.filter((one) => one.point && !one.void).map(clueSpot)]));
    map.ground.redraw();
  }

  function clueSpot(one) {
    return { lat: one.point.lat, lng: one.point.lng, radius_m: CLUE_RADIUS_M, lapsed: false, says: one.value || one.text.slice(0, 12) };
  }

  function pick() {
    const field = document.activeElement?.closest("form")?.querySelector("[name=point]");
    back = field ?? document.querySelector("#requests [name=point]");
    if (back) map.pick(true);
  }

  function picked(point) {
    if (point && back?.isConnected) back.value = `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
    if (back?.isConnected) back.focus();
    back = null;
  }

  return { show, pick };
}
