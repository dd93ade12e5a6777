/**
 * The map of the video desk: the chosen incident, cameras as wedges, search areas, units; F4 draws an area.
 */

import { createMap } from "../map.js";

/**
 * Make the map.
 * @param {HTMLElement} box
 * @param {{api: object, store: object, onCamera: (id: number) => void}} means
 */
export async function makeVideoMap(box, { api, store, onCamera }) {
  const baseMap = await api.get("/api/map/", { seconds: 20 });
  let taken = null;
  const map = createMap(box, { baseMap, onPick: (point) => taken?.(point) });
  let cameras = [];
  store.on("positions", (positions) => map.moved(positions));
  store.on("snapshot", paintUnits);
  map.leaflet.on("click", (event) => {
    if (map.isPicking()) return;
    const near = cameras.map(({ camera }) => ({ id: camera.id, away: map.leaflet.latLngToContainerPoint([camera.lat, camera.lng]).distanceTo(event.containerPoint) }));
    near.sort((a, b) => a.away - b.away);
    if (near[0]?.away <= 16) onCamera(near[0].id);
  });

  function paintUnits() {
    const onDuty = store.rows("unit").filter((unit) => unit.status !== "off_duty" && unit.dispatchable !== false);
    map.setUnits(onDuty, store.positions());
  }

  /** Show an incident with cameras and areas: `{incident, cameras: [{camera, sees, …}], areas: [{ring, chosen, ended}]}`. */
  function show({ incident, cameras: found, areas }) {
    cameras = found;
    map.setIncidents(incident ? [incident] : []);
    map.ground.setSearches(areas);
    map.ground.setCameras([...found].sort((a, b) => Boolean(a.chosen) - Boolean(b.chosen)));
    map.ground.redraw();
    paintUnits();
  }

  /** Draw corner after corner; `onEnd` gets [[lat, lng]] or null. */
  function draw(isArea, onEnd, hint) {
    let points = [];
    const paint = () => {
      map.ground.setDraft(points.length ? { points, area: isArea && points.length > 2 } : null);
      map.ground.redraw();
    };
    map.drawShape({
      hint,
      onPoint({ lat, lng }) {
        const last = points.at(-1);
        if (!last || last[0] !== lat || last[1] !== lng) points = [...points, [lat, lng]];
        paint();
      },
      onBack() {
        points = points.slice(0, -1);
        paint();
      },
      onEnd(done) {
        const drawn = points;
        points = [];
        paint();
        onEnd(done && drawn.length ? drawn : null);
      },
    });
  }

  /** Pick one place; `onEnd` gets it, or null. */
  function pick(onEnd) {
    taken = onEnd;
    map.pick(true);
  }

  return { show, draw, pick, flyTo: map.flyTo, leaflet: map.leaflet };
}
