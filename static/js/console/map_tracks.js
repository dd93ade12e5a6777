/**
 * The tracks of a pursuit on the map (追击, M40): the way of every unit of the chosen incident since its mode began, with
 * its speed; read anew every two seconds as long as the pursuit lasts.
 */

import { fill, gettext } from "../words.js";

const EVERY_S = 2;
const CHASES = ["pursuit", "interception"];

/**
 * Put the tracks on a map.
 * @param {object} desk the desk
 * @param {object} map of map.js
 */
export function makeTracks(desk, map) {
  let asking = false;
  let drawn = "";
  let seconds = 0;
  let fitted = null; // the pursuit that the map was fitted to: once, then it is the person's

  desk.on("select", ask);
  desk.on("tick", () => {
    seconds += 1;
    if (seconds % EVERY_S === 0) ask();
  });
  desk.store.on("change", ({ changes }) => {
    if (changes.some((change) => change.collection === "incident" && change.id === desk.selected)) ask();
  });

  async function ask() {
    const incident = desk.store.row("incident", desk.selected);
    if (!incident || !CHASES.includes(incident.mode)) return draw([]);
    if (asking || document.hidden) return undefined;
    asking = true;
    try {
      const { units } = await desk.api.get(`/api/incidents/${incident.id}/tracks/`, { seconds: 4 });
      if (desk.selected === incident.id) draw(units);
      if (desk.selected === incident.id && fitted !== incident.mode_at) fitted = fitTo(map, units) ? incident.mode_at : fitted;
    } catch {
      // What was drawn last stays: the marks of the units move on by themselves.
    } finally {
      asking = false;
    }
    return undefined;
  }

  function draw(units) {
    const lines = units.filter((one) => one.points.length > 1).map((one) => ({ line: one.points.map(([lat, lng]) => [lat, lng]), says: trackWords(one) }));
    const wanted = JSON.stringify(lines);
    if (wanted === drawn) return;
    drawn = wanted;
    map.ground.setTracks(lines);
    map.ground.redraw();
  }
}

/** Show all units at once; tells whether there was anything to show. */
function fitTo(map, units) {
  const points = units.flatMap((one) => one.points.slice(-1));
  if (points.length < 2) return false;
  const lats = points.map(([lat]) => lat);
  const lngs = points.map(([, lng]) => lng);
  map.fit([[Math.min(...lats), Math.min(...lngs)], [Math.max(...lats), Math.max(...lngs)]]);
  return true;
}

/** Say call sign and speed of a unit, and how far it has driven. */
export function trackWords(one) {
  const km = (one.metres / 1000).toFixed(1);
  if (one.speed_kmh === null || one.speed_kmh === undefined) return fill(gettext("%(unit)s · %(km)s km"), { unit: one.call_sign, km });
  return fill(gettext("%(unit)s %(speed)s km/h · %(km)s km"), { unit: one.call_sign, speed: Math.round(one.speed_kmh), km });
}
