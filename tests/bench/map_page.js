/**
 * The page of map_frames.py and of the map's browser tests: n units that drive, m incidents, and a clock on every piece
 * of script that an update costs.
 */

import { createMap } from "/static/js/map.js";

const wanted = new URLSearchParams(location.search);
const count = Number(wanted.get("units"));
const incident_count = Number(wanted.get("incidents"));
const zoom = Number(wanted.get("zoom"));

const base = await (await fetch("/base_map.json")).json();
const costs = [];
let spent = 0;
const told = [];
const map = createMap(document.getElementById("map"), {
  baseMap: wanted.has("bare") ? { box: base.box, layers: {} } : base,
  onDraw: (ms) => { spent += ms; },
  onPick: (point) => told.push(["pick", point]),
  onSelect: (mark) => told.push(["select", mark]),
});
const middle = [(base.box.south + base.box.north) / 2, (base.box.west + base.box.east) / 2];
map.leaflet.setView(middle, zoom, { animate: false });

/** A small repeatable generator. */
function dice(seed) {
  let state = seed;
  return () => ((state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296);
}

const random = dice(110);
const spread = () => [
  middle[0] + (random() - 0.5) * (base.box.north - base.box.south) * 0.8,
  middle[1] + (random() - 0.5) * (base.box.east - base.box.west) * 0.8,
];
const statuses = ["available", "available", "available", "en_route", "on_scene", "assigned", "on_task", "break"];
const fleet = Array.from({ length: count }, (_, at) => {
  const [lat, lng] = spread();
  return { id: at + 1, lat, lng, turn: random() * 360, kmh: 20 + random() * 40, status: statuses[at % statuses.length] };
});
const positions = () => fleet.map((unit) => {
  const step = unit.kmh / 3.6;
  unit.turn += (random() - 0.5) * 20;
  unit.lat += (Math.cos((unit.turn * Math.PI) / 180) * step) / 110800;
  unit.lng += (Math.sin((unit.turn * Math.PI) / 180) * step) / 101300;
  return [unit.id, unit.lat, unit.lng, 8, unit.kmh, (unit.turn + 3600) % 360, Date.now() - random() * 8000, "gps", 0];
});
map.setUnits(
  fleet.map(({ id, status }) => ({ id, status, kind: "UP", label: `巡${1000 + id}`, call_sign: `C${id}`, emergency_at: null, home: null })),
  positions(),
);
map.setIncidents(Array.from({ length: incident_count }, (_, at) => {
  const [lat, lng] = spread();
  return { id: at + 1, incident_no: `A${at}`, priority: 1 + (at % 4), stage: at % 3 ? "en_route" : "pending", point_status: "verified", point: { lat, lng } };
}));
map.drawNow();

// Positions come once a second in one batch, as from the live feed; the map draws four times a second.
setInterval(() => {
  const batch = positions();
  const started = performance.now();
  map.moved(batch);
  spent += performance.now() - started;
}, 1000);
setInterval(() => {
  costs.push(spent);
  spent = 0;
}, 250);

/** Count the frames that the browser shows, and the longest wait for one, until the promise is kept. */
async function watch(until) {
  let [frames, longest, last, going] = [0, 0, performance.now(), true];
  const started = last;
  const frame = (now) => {
    frames += 1;
    longest = Math.max(longest, now - last);
    last = now;
    if (going) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await until;
  going = false;
  return { fps: (frames * 1000) / (performance.now() - started), longest };
}

/** Pan the map as a drag does, for so many seconds: 800 px to and fro, inside the region. */
async function pan(seconds) {
  const legs = Math.max(1, Math.round(seconds / 1.5));
  const drag = async () => {
    for (let leg = 0; leg <= legs; leg += 1) {
      const rest = new Promise((done) => map.leaflet.once("moveend", done));
      const way = (leg % 2 ? -1 : 1) * (leg === 0 ? 400 : 800);
      map.leaflet.panBy([way, way / 6], { animate: true, duration: 1.5, easeLinearity: 1 });
      await rest;
    }
  };
  return watch(drag());
}

globalThis.bench = { map, pan, costs, told, fleet, ready: true };
