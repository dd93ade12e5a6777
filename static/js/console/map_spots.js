/**
 * A locked position as a spot of the map; shared by the console and the fusion page.
 */

import { formatTime } from "../clock.js";
import { fill, gettext } from "../words.js";

/** Turn a position into what map/ground_layer.js draws. */
export function spotOf(row, lapsed) {
  const words = { time: formatTime(row.valid_until) };
  const says = lapsed ? fill(gettext("ran out %(time)s"), words) : fill(gettext("locked, to %(time)s"), words);
  return { lat: row.point.lat, lng: row.point.lng, radius_m: row.radius_m, lapsed, says };
}
