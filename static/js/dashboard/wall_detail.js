/**
 * What stands behind a figure of the wall: the panel of the other pages, laid over the half of the wall that the figure
 * is not in, so that nothing of the wall moves. Esc closes it, and so does a minute without input (`wall_age.js`).
 */

import { gettext } from "../words.js";
import { makeDetail } from "./detail.js";
import { isLeft, sideOf } from "./wall_age.js";

const INPUTS = ["keydown", "pointerdown", "pointermove", "wheel", "touchmove", "focusin"];

/**
 * Make the panel.
 * @param {HTMLElement} host
 * @param {HTMLElement} wall
 * @param {object} means of `makeDetail()`
 * @returns {{open: Function, show: Function, closeIfLeft: () => void}}
 */
export function makeWallDetail(host, wall, means) {
  const note = gettext("Esc closes this; it closes by itself after a minute without input.");
  const detail = makeDetail(host, { ...means, note });
  let opener = null;
  let touchedAt = 0;
  for (const name of INPUTS) document.addEventListener(name, () => { touchedAt = performance.now(); }, { passive: true, capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing && detail.isOpen()) detail.close();
  });
  // Whoever goes on to another figure by key sees it: the panel makes room.
  wall.addEventListener("focusin", (event) => detail.isOpen() && event.target !== wall && place(event.target));

  function place(button) {
    host.dataset.side = sideOf(button.getBoundingClientRect(), document.body.getBoundingClientRect());
  }

  /** A figure opened from within the panel belongs to what the panel was opened from. */
  function begin(button) {
    touchedAt = performance.now();
    if (!host.contains(button)) opener = button;
    place(opener);
    return opener;
  }

  return {
    open: (figure, scope, part, button) => detail.open(figure, scope, part, begin(button)),
    show: (title, read, button) => detail.show(title, read, begin(button)),
    /** Close it when nobody has touched anything for a minute; called each second. */
    closeIfLeft: () => detail.isOpen() && isLeft(touchedAt, performance.now()) && detail.close(),
  };
}
