/**
 * Making and changing elements. Text goes in as text, never as markup.
 */

/**
 * Make an element.
 * @param {string} tag name, optionally with classes: `span.code.soft`
 * @param {object} [props] attributes; `text`, `on` (listeners) and `data` (data-…) are special, null is left out
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) setProp(node, key, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

function setProp(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key === "text") node.textContent = value;
  else if (key === "on") for (const [what, listener] of Object.entries(value)) node.addEventListener(what, listener);
  else if (key === "data") Object.assign(node.dataset, value);
  else if (key === "value") node.value = value;
  else node.setAttribute(key, value === true ? "" : value);
}

/** Set the text of a node, if it differs. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set or remove an attribute, if it differs. */
export function setAttr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
}

/** Make a shape of the tokens' set. */
export function shape(name) {
  return el("span.shape", { data: { shape: name }, "aria-hidden": "true" });
}

/** Show or hide a node. */
export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
}

/** Make a button with one verb on it, and the key that does the same. */
export function button(text, onClick, { key = null, kind = "", title = null, data = {} } = {}) {
  return el(
    `button.verb${kind ? `.${kind}` : ""}`,
    {
      type: "button",
      on: { click: onClick },
      title,
      data,
      "aria-keyshortcuts": key ? key.replace("Ctrl", "Control") : null,
    },
    el("span", { text }),
    key ? el("kbd", { text: key }) : null,
  );
}

/** Listen to text that is typed; what an input method is still composing is no text yet. */
export function onText(field, run) {
  field.addEventListener("input", (event) => {
    if (!event.isComposing) run();
  });
  let before = "";
  field.addEventListener("compositionstart", () => {
    before = field.value;
  });
  // A composition that was given up has changed nothing.
  field.addEventListener("compositionend", () => {
    if (field.value !== before) run();
  });
}

const HOLD_MS = 400;
const HOLD_LONGEST_MS = 3000;

/**
 * Keep a list of nodes equal to a list of keys without moving anything under the pointer: while the
 * pointer moves over the list or the focus in it works, a new order waits until 400 ms of rest.
 * @param {HTMLElement} box the list
 * @param {(key: number|string) => HTMLElement} make makes the node of a key once
 * @param {{onWaiting?: (count: number) => void, onDrop?: Function}} [how] `onWaiting` hears how many new rows wait
 * @returns {{order: (keys: Array) => void, node: Function, nodes: Map, settle: Function}}
 */
export function steadyList(box, make, { onWaiting = () => {}, onDrop = () => {} } = {}) {
  const nodes = new Map();
  let wanted = [];
  let busyAt = -Infinity;
  let inside = false;
  let askedAt = null;
  let timer = null;
  const touch = () => {
    busyAt = performance.now();
  };
  box.addEventListener("pointermove", () => {
    inside = true;
    touch();
  });
  box.addEventListener("pointerleave", () => {
    inside = false;
  });
  box.addEventListener("pointerdown", touch);
  box.addEventListener("keydown", touch);

  function order(keys) {
    wanted = keys;
    if (isEqual()) return;
    askedAt ??= performance.now();
    attempt();
  }

  function attempt() {
    clearTimeout(timer);
    const now = performance.now();
    const watched = inside || box.contains(document.activeElement);
    const rested = now - busyAt >= HOLD_MS && now - askedAt >= HOLD_MS;
    if (watched && nodes.size && !rested && now - askedAt < HOLD_LONGEST_MS) {
      onWaiting(wanted.filter((key) => !nodes.has(key)).length);
      timer = setTimeout(attempt, HOLD_MS / 2);
      return;
    }
    settle();
  }

  /** Put the wanted order on the screen now. */
  function settle() {
    clearTimeout(timer);
    askedAt = null;
    onWaiting(0);
    const keep = new Set(wanted);
    for (const [key, node] of nodes) {
      if (keep.has(key)) continue;
      node.remove();
      nodes.delete(key);
      onDrop(key);
    }
    let place = box.firstElementChild;
    for (const key of wanted) {
      // What left while the list was at rest has no node any more.
      const node = nodes.get(key) ?? make(key);
      if (!node) continue;
      nodes.set(key, node);
      if (node === place) place = place.nextElementSibling;
      else box.insertBefore(node, place);
    }
  }

  function isEqual() {
    const shown = [...box.children];
    return shown.length === wanted.length && wanted.every((key, index) => nodes.get(key) === shown[index]);
  }

  return { order, settle, nodes, node: (key) => nodes.get(key) ?? null };
}

/** Run something at most once in so many milliseconds, the last time included. */
export function atMostEvery(ms, what) {
  let ranAt = -Infinity;
  let timer = null;
  const run = () => {
    clearTimeout(timer);
    timer = null;
    ranAt = performance.now();
    what();
  };
  return () => {
    const wait = ranAt + ms - performance.now();
    if (wait <= 0) run();
    else timer ??= setTimeout(run, wait);
  };
}

/** Run something at most once per frame, also in a hidden window. */
export function oncePerFrame(what) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    const run = () => {
      asked = false;
      what();
    };
    if (document.hidden) setTimeout(run, 50);
    else requestAnimationFrame(run);
  };
}
