/** The photos of a report: they start to travel as soon as they are taken; the report only names them. */

import { gettext } from "../words.js";
import { photoAct } from "./acts.js";
import { el } from "./dom.js";
import { shrink } from "./photo.js";

const PHOTOS_MOST = 6;

/** Make the row; `parts.photos` is the list, `save` is told of each change. */
export function photoRow(app, parts, save) {
  const list = el("div", { class: "photos" });
  const paint = () => list.replaceChildren(...parts.photos.map((photo, index) => thumbnail(photo, index, () => {
    parts.photos = parts.photos.filter((other) => other !== photo);
    save();
    paint();
  })));
  const taken = async ({ target }) => {
    for (const file of [...target.files].slice(0, PHOTOS_MOST - parts.photos.length)) await take(app, parts, file);
    target.value = "";
    save();
    paint();
  };
  paint();
  const input = el("input", { type: "file", accept: "image/*", capture: "environment", class: "unseen", on: { change: taken } });
  return el("div", { class: "field" }, el("label", { class: "camera" }, input, el("b", { text: gettext("Take a photo") })), list);
}

async function take(app, parts, file) {
  try {
    const small = await shrink(file);
    const act = photoAct(small, app.fixes.last());
    await app.act(act);
    parts.photos.push({ key: act.key, address: URL.createObjectURL(small), size: small.size });
  } catch {
    app.notify(gettext("This picture cannot be read."));
  }
}

function thumbnail({ address, size }, index, remove) {
  const picture = address?.startsWith("blob:") ? el("img", { src: address, alt: gettext("Photo") }) : null;
  const tapped = (event) => {
    event.preventDefault();
    remove();
  };
  picture?.addEventListener("error", () => picture.remove());
  return el("figure", {}, picture, el("figcaption", {}, `${index + 1} · ${Math.round(size / 1024)} KB `,
    el("a", { href: "#", role: "button", text: gettext("Remove"), on: { click: tapped } })));
}
