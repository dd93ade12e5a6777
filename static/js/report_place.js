/**
 * Where a reporter is: by the device, or picked on our own map; the map is fetched only when it is wanted.
 */

import { fill, gettext } from "./words.js";

const LOCATE_WITHIN_MS = 15_000;

/**
 * Make the place of the form.
 * @param {{button: HTMLElement, mapButton: HTMLElement, says: HTMLElement, box: HTMLElement, api: object}} parts
 * @returns {{point: () => object|null, set: (point: object|null) => void}}
 */
export function makePlace({ button, mapButton, says, box, api }) {
  let point = null;
  let map = null;
  button.addEventListener("click", locate);
  mapButton.addEventListener("click", openMap);

  function set(found) {
    point = found;
    says.toggleAttribute("data-set", Boolean(found));
    if (!found) says.textContent = "";
    else if (found.source === "map") says.textContent = gettext("Place picked on the map");
    else {
      const metres = Math.round(found.accuracy_m ?? 0);
      says.textContent = fill(gettext("Your place is known to about %(metres)s metres"), { metres });
    }
  }

  function locate() {
    says.textContent = gettext("Asking the device …");
    if (!navigator.geolocation) return unknown();
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        set({
          lat: coords.latitude,
          lng: coords.longitude,
          crs: "WGS84",
          accuracy_m: Math.min(100_000, Math.round(coords.accuracy)),
          source: "browser",
          taken_at: new Date(timestamp).toISOString(),
        }),
      unknown,
      { enableHighAccuracy: true, timeout: LOCATE_WITHIN_MS, maximumAge: 30_000 },
    );
    return undefined;
  }

  function unknown() {
    says.textContent = gettext("The device does not tell its place. Write the address, or use the map.");
  }

  async function openMap() {
    box.hidden = false;
    mapButton.disabled = true;
    try {
      map ??= await makeMap();
      map.resize();
      map.pick(true);
      says.textContent = gettext("Tap the place on the map.");
    } catch {
      box.hidden = true;
      says.textContent = gettext("The map cannot be shown now. Write the address.");
    }
    mapButton.disabled = false;
  }

  async function makeMap() {
    const { leaflet, leafletCss, mapCss } = document.getElementById("script").dataset;
    await Promise.all([style(leafletCss), style(mapCss)]);
    await import(leaflet);
    const [{ createMap }, baseMap] = await Promise.all([import("./map.js"), api.get("/api/public/map/")]);
    return createMap(box, { baseMap, theme: "day", onPick: picked });
  }

  function picked(found) {
    if (found) set({ ...found, crs: "WGS84", source: "map" });
    box.hidden = true;
    mapButton.focus();
  }

  return { point: () => point, set };
}

function style(href) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = done;
    link.onerror = failed;
    document.head.append(link);
  });
}
