/**
 * Picking places: by clicks, or by a crosshair that the arrow keys move and Enter takes.
 */

import { fill } from "../words.js";
import { gettext } from "../words.js";

const STEP_PX = 12;
const LONG_STEP_PX = 60;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * Make the pick mode of a map.
 * @param {object} L Leaflet
 * @param {object} map Leaflet's map
 * @param {HTMLElement} element the map's box
 * @param {function({lat: number, lng: number}|null): void} onPick called with the place, or `null` when given up
 * @returns {{set: function(boolean): void, draw: function(object): void, isOn: function(): boolean, remove: Function}}
 *   `draw` picks one place after the other: `{hint, onPoint, onBack, onEnd}`, with Backspace for the last one, and
 *   `onEnd(true)` at the space bar or a double click, `onEnd(false)` at Esc
 */
export function makePick(L, map, element, onPick) {
  const cross = L.DomUtil.create("div", "zz-crosshair", element);
  const hint = L.DomUtil.create("div", "zz-pick-hint", element);
  hint.setAttribute("role", "status");
  cross.hidden = true;
  hint.hidden = true;
  let on = false;
  let drawing = null;
  let at = L.point(0, 0);

  const show = () => {
    L.DomUtil.setPosition(cross, at);
    const { lat, lng } = map.containerPointToLatLng(at);
    const words = drawing?.hint() ?? gettext("Click the place, or arrow keys and Enter; Esc ends. %(lat)s, %(lng)s");
    hint.textContent = fill(words, { lat: lat.toFixed(5), lng: lng.toFixed(5) });
  };
  const set = (wanted, shape = null) => {
    // Another pick in the middle of a drawing gives the drawing up.
    const given_up = drawing;
    drawing = shape;
    given_up?.onEnd(false);
    on = Boolean(wanted);
    map.doubleClickZoom[on ? "disable" : "enable"]();
    element.classList.toggle("zz-picking", on);
    cross.hidden = !on;
    hint.hidden = !on;
    map.keyboard[on ? "disable" : "enable"]();
    if (!on) return;
    at = map.getSize().divideBy(2);
    show();
    map.getContainer().focus({ preventScroll: true });
  };
  const take = (latlng) => {
    const point = { lat: Number(latlng.lat.toFixed(6)), lng: Number(latlng.lng.toFixed(6)) };
    if (drawing) {
      drawing.onPoint(point);
      return show();
    }
    set(false);
    return onPick(point);
  };
  const end = (done) => {
    const ended = drawing;
    drawing = null;
    set(false);
    if (ended) ended.onEnd(done);
    else onPick(null);
  };
  const moveBy = (x, y) => {
    const size = map.getSize();
    const wanted = at.add([x, y]);
    const kept = L.point(Math.min(Math.max(wanted.x, 30), size.x - 30), Math.min(Math.max(wanted.y, 30), size.y - 30));
    if (!kept.equals(wanted)) map.panBy([x * 4, y * 4], { animate: false });
    at = kept;
    show();
  };
  const onKey = (event) => {
    if (!on || event.isComposing || event.keyCode === 229) return;
    const arrow = ARROWS[event.key];
    const step = event.shiftKey ? LONG_STEP_PX : STEP_PX;
    if (arrow) moveBy(arrow[0] * step, arrow[1] * step);
    else if (event.key === "Enter") take(map.containerPointToLatLng(at));
    else if (event.key === "Escape") end(false);
    else if (drawing && event.key === " ") end(true);
    else if (drawing && event.key === "Backspace") {
      drawing.onBack();
      show();
    } else if (event.key === "+" || event.key === "=") map.setZoomAround(at, map.getZoom() + 1);
    else if (event.key === "-") map.setZoomAround(at, map.getZoom() - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onMove = (event) => {
    if (!on) return;
    at = event.containerPoint;
    show();
  };
  map.getContainer().addEventListener("keydown", onKey, true);
  map.on("mousemove", onMove);
  // The two clicks of a double click have put a corner each, the second on the first: the shape leaves it out.
  map.on("dblclick", () => drawing && end(true));
  return {
    set,
    draw: (shape) => set(true, shape),
    take,
    isOn: () => on,
    remove() {
      map.getContainer().removeEventListener("keydown", onKey, true);
      cross.remove();
      hint.remove();
    },
  };
}
