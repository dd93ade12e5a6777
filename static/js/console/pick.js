/**
 * A search field with a list below it: type, arrow keys, Enter. The first hit is chosen already.
 */

import { fill, gettext, pgettext } from "../words.js";
import { el, setAttr, show } from "./dom.js";
import { isComposing } from "./keys.js";

const WAIT_MS = 120;
let lists = 0;

/**
 * Make a search field.
 * @param {object} how
 * @param {string} how.label what is searched, for screen readers
 * @param {(query: string) => Promise<Array>|Array} how.search finds items `{text, note, mark, value}`
 * @param {(item: object) => void} how.onPick an item was accepted
 * @param {(text: string) => void} [how.onText] the text changed by hand
 * @param {string} [how.placeholder]
 * @param {string} [how.name]
 * @param {(running: Promise) => Promise} [how.hold] keeps what is typed until the list has come, see `type_ahead.js`
 * @returns {{box: HTMLElement, input: HTMLInputElement, set: Function, close: Function}}
 */
export function makePick({ label, search, onPick, onText = () => {}, placeholder = "", name = "", id = null, hold = null }) {
  lists += 1;
  const listId = `pick-${lists}`;
  const list = el("ul.pick-list", { id: listId, role: "listbox", "aria-label": label, hidden: true });
  const input = el("input.field", {
    type: "text",
    name,
    id,
    placeholder,
    autocomplete: "off",
    spellcheck: "false",
    role: "combobox",
    "aria-label": label,
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
  });
  const box = el("div.pick", {}, input, list);
  let items = [];
  let chosen = 0;
  let asked = 0;
  let timer = null;
  let searching = false;
  let onFound = null;

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    onText(input.value);
    ask();
  });
  input.addEventListener("compositionend", () => {
    onText(input.value);
    ask();
  });
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const node = event.target.closest("li");
    if (node) accept(Number(node.dataset.at));
  });

  function ask() {
    clearTimeout(timer);
    searching = input.value.trim() !== "";
    timer = setTimeout(run, onFound ? 0 : WAIT_MS);
  }

  async function run() {
    const mine = ++asked;
    const query = input.value.trim();
    const found = query ? await search(query) : [];
    if (mine !== asked) return;
    searching = false;
    if (document.activeElement !== input) {
      onFound?.(false);
      return;
    }
    items = found;
    chosen = 0;
    paint();
    onFound?.(items.length > 0);
  }

  /** Enter before the list has come takes its first hit when it comes; what is typed meanwhile waits for it. */
  function acceptWhenFound() {
    clearTimeout(timer);
    const found = new Promise((done) => {
      onFound = done;
    }).then((some) => {
      onFound = null;
      if (some) accept(chosen);
      return some;
    });
    run();
    return hold(found);
  }

  function paint() {
    list.replaceChildren(
      ...items.map((item, at) =>
        el(
          "li",
          { role: "option", id: `${listId}-${at}`, data: { at } },
          item.mark ? el("span.pick-mark.code", { text: item.mark }) : null,
          el("span.pick-text", { text: item.text }),
          item.note ? el("span.pick-note", { text: item.note }) : null,
        ),
      ),
    );
    show(list, items.length > 0);
    setAttr(input, "aria-expanded", String(items.length > 0));
    highlight();
  }

  function highlight() {
    for (const [at, node] of [...list.children].entries()) setAttr(node, "aria-selected", String(at === chosen));
    setAttr(input, "aria-activedescendant", items.length ? `${listId}-${chosen}` : null);
    list.children[chosen]?.scrollIntoView?.({ block: "nearest" });
  }

  function onKey(event) {
    if (isComposing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && items.length) {
      close();
      event.stopPropagation();
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" && searching && hold && !onFound) {
      event.preventDefault();
      event.stopPropagation();
      acceptWhenFound();
      return;
    }
    if (!items.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (chosen + step + items.length) % items.length;
      highlight();
      event.preventDefault();
    } else if (event.key === "Enter") {
      accept(chosen);
      event.preventDefault();
      event.stopPropagation();
    }
  }

  function accept(at) {
    const item = items[at];
    close();
    if (!item) return;
    input.value = item.text;
    onPick(item);
  }

  function close() {
    asked += 1;
    searching = false;
    onFound?.(false);
    items = [];
    show(list, false);
    setAttr(input, "aria-expanded", "false");
    setAttr(input, "aria-activedescendant", null);
  }

  /** Put a text into the field without searching. */
  function set(text) {
    input.value = text;
    close();
  }

  return { box, input, set, close };
}

/** Search places by name, pinyin or initials at the server. */
export async function searchPlaces(desk, query) {
  try {
    const { places } = await desk.api.get(`/api/places/?q=${encodeURIComponent(query)}&limit=8`, { seconds: 4 });
    return places.map((place) => ({ text: place.name, note: placeNote(place), value: place }));
  } catch {
    return [];
  }
}

/** Say beside a place what kind it is: an old name that found it, its note, or the kind. */
function placeNote(place) {
  if (place.alias) return fill(gettext("formerly %(name)s"), { name: place.alias });
  if (place.kind === "house") return fill(gettext("within %(numbers)s, ±%(metres)s m"), { numbers: place.note, metres: Math.round(place.accuracy_m) });
  return place.note || placeKindWord(place.kind);
}

function placeKindWord(kind) {
  switch (kind) {
    case "road":
      return pgettext("place", "road");
    case "crossing":
      return pgettext("place", "crossing");
    case "station":
      return pgettext("place", "police station");
    case "post":
      return pgettext("place", "pole");
    default:
      return pgettext("place", "place");
  }
}
