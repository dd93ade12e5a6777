/** Parts that every section of the grid page uses: keyed lists, photos, places. */

import { el } from "../phone/dom.js";
import { linkTo } from "../phone/navigation.js";
import { PROGRAMS } from "../phone/navigation.js";
import { programName } from "../phone/navigation.js";
import { shrink } from "../phone/photo.js";
import { fill, gettext } from "../words.js";
import { pictureAct } from "./acts.js";
import { metres } from "./model.js";

/**
 * Keep a list of cards in step with rows: a card is made anew only when its row has changed, and never while a person
 * writes in it.
 * @param {HTMLElement} box
 * @param {(row: object) => HTMLElement} make
 * @param {string} empty what stands there when there is nothing
 */
export function makeList(box, make, empty) {
  const cards = new Map();
  return {
    show(rows, signature = (row) => `${row.version}`) {
      const wanted = rows.map((row) => {
        const known = cards.get(row.id);
        const sign = signature(row);
        if (known && (known.sign === sign || isBusy(known.node))) return known.node;
        const node = make(row);
        if (known?.node.open) node.open = true;
        cards.set(row.id, { node, sign });
        return node;
      });
      for (const id of cards.keys()) if (!rows.some((row) => row.id === id)) cards.delete(id);
      const nodes = wanted.length ? wanted : [el("p", { class: "empty", text: empty })];
      if (nodes.length === box.children.length && nodes.every((node, at) => box.children[at] === node)) return;
      if (!wanted.length && box.children.length === 1 && box.firstElementChild.className === "empty") return;
      const focused = box.contains(document.activeElement) ? document.activeElement : null;
      box.replaceChildren(...nodes);
      if (focused?.isConnected) focused.focus({ preventScroll: true });
    },
  };
}

/** A card in which somebody is writing is left alone. */
function isBusy(node) {
  const at = document.activeElement;
  if (node.contains(at) && at.matches("textarea, input")) return true;
  return [...node.querySelectorAll("textarea")].some((field) => field.value.trim() !== "" && node.open);
}

/** Make a labelled field. */
export function field(label, input) {
  return el("label", { class: "field" }, el("span", { text: label }), input);
}

/** Make the links that lead to a point, with the distance from here where it is known. */
export function way(point, name, here) {
  if (!point) return null;
  const far = here ? fill(gettext("%(metres)s m from here"), { metres: Math.round(metres(here, point)) }) : "";
  const links = PROGRAMS.map((program) => el("a", { class: "way-link", href: linkTo(program, point, name, navigator.userAgent), text: programName(program) }));
  return el("p", { class: "way" }, el("span", { class: "digits", text: [`${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`, far].filter(Boolean).join(" · ") }), ...links);
}

/**
 * Make a row for photos: each goes into the outbox at once, and the act that follows names it.
 * @param {object} app the page
 * @returns {{node: HTMLElement, keys: () => string[], clear: () => void}}
 */
export function makePhotos(app) {
  let keys = [];
  const count = el("span", { class: "photo-count digits", role: "status" });
  const input = el("input", { type: "file", accept: "image/*", capture: "environment", "aria-label": gettext("Add a photo") });
  input.addEventListener("change", async () => {
    for (const file of input.files) {
      try {
        const act = pictureAct(await shrink(file), app.here());
        await app.act(act);
        keys = [...keys, `key:${act.key}`];
      } catch {
        app.say(gettext("This is no picture that the phone can read."));
      }
    }
    input.value = "";
    paint();
  });
  function paint() {
    count.textContent = keys.length ? fill(gettext("%(n)s photos, each with its place"), { n: keys.length }) : "";
  }
  return {
    node: el("div", { class: "photos" }, el("label", { class: "photo-button" }, el("span", { text: gettext("Add a photo") }), input), count),
    keys: () => keys,
    clear() {
      keys = [];
      paint();
    },
  };
}

/** Show pictures of a row as links that open them. */
export function pictures(rows) {
  if (!rows?.length) return null;
  const one = (row, at) => el("a", { href: row.url, target: "_blank", rel: "noopener" }, el("img", { src: row.url, alt: fill(gettext("Photo %(n)s"), { n: at + 1 }), loading: "lazy", width: "96", height: "72" }));
  return el("p", { class: "pictures" }, ...rows.map(one));
}
