/**
 * A locked position as a spot of the map; shared by the console and the fusion page.
 */

import { formatTime } from "../clock.js";
import { taskWord } from "../directive_words.js";
import { fill, gettext } from "../words.js";

/** Turn a position into what map/ground_layer.js draws. */
export function spotOf(row, lapsed) {
  const words = { time: formatTime(row.valid_until) };
  const says = lapsed ? fill(gettext("ran out %(time)s"), words) : fill(gettext("locked, to %(time)s"), words);
  return { lat: row.point.lat, lng: row.point.lng, radius_m: row.radius_m, lapsed, says };
}

const POINT_RADIUS_M = 25;

/** A point of a directive that rests on no position, with its units. */
export function directedSpot(row) {
  const units = row.units.filter((line) => line.state !== "dropped").map((line) => line.call_sign).join(" ");
  return { lat: row.point.lat, lng: row.point.lng, radius_m: row.radius_m ?? POINT_RADIUS_M, lapsed: false, says: [taskWord(row.task), units].join(" ") };
}

/** A proposed point of an interception: grey until it is sent. */
export function proposedSpot(one) {
  return { lat: one.point.lat, lng: one.point.lng, radius_m: POINT_RADIUS_M, lapsed: true, says: `${one.number} ${one.call_sign}` };
}
