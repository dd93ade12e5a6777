/**
 * The code on a lamp post or camera pole (特征点编号): typed into its own box, Enter takes the place of the first that fits.
 */

import { gettext } from "../words.js";
import { makePick } from "./pick.js";

/**
 * Make the box.
 * @param {object} desk the desk
 * @param {(point: object, text: string, status: string) => void} onPoint the pole was accepted
 */
export function makeMarkerBox(desk, onPoint) {
  const pick = makePick({
    label: gettext("Code on a lamp post or camera pole"),
    placeholder: gettext("Pole code (Alt+9)"),
    name: "marker_code",
    search,
    onPick({ value }) {
      pick.set("");
      onPoint({ lat: value.lat, lng: value.lng, accuracy_m: value.accuracy_m ?? null, source: "marker" }, value.name, "verified");
    },
  });
  desk.keys.bind("Alt+9", gettext("Code on a lamp post or camera pole"), () => {
    if (!pick.input.offsetParent) return false;
    pick.input.focus();
    return undefined;
  });

  async function search(query) {
    try {
      const { places } = await desk.api.get(`/api/places/?q=${encodeURIComponent(query)}&kind=post&limit=8`, { seconds: 4 });
      return places.map((place) => ({ text: place.name, mark: place.code, value: place }));
    } catch {
      return [];
    }
  }

  return { node: pick.box };
}
