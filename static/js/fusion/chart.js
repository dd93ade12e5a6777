/**
 * A chart of nodes and edges in SVG: dragged and wheeled, or walked with the arrow keys; plus and minus zoom, 0 fits.
 */

import { gettext } from "../words.js";
import { layout } from "./layout.js";

const SVG = "http://www.w3.org/2000/svg";
const LONGEST = 18;

/**
 * Make the chart.
 * @param {HTMLElement} box
 * @param {object} means
 * @param {(node: object) => string} means.word a node in words
 * @param {(kind: string) => string} means.letter the sign in a node
 * @param {(node: object) => void} means.onOpen Enter or a click
 */
export function makeChart(box, { word, letter, onOpen }) {
  const svg = node("svg", { role: "group", "aria-label": gettext("Link chart; arrow keys walk, plus and minus zoom, 0 shows everything"), class: "links-svg" });
  box.replaceChildren(svg);
  let view = { x: 0, y: 0, width: 1000, height: 600 };
  let shown = [];
  let places = new Map();
  let drag = null;
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15);
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-node]")) return;
    drag = { x: event.clientX, y: event.clientY, view };
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const scale = view.width / svg.clientWidth;
    look({ ...view, x: drag.view.x - (event.clientX - drag.x) * scale, y: drag.view.y - (event.clientY - drag.y) * scale });
  });
  for (const name of ["pointerup", "pointercancel"]) svg.addEventListener(name, () => { drag = null; });
  svg.addEventListener("click", (event) => {
    const found = nodeAt(event.target);
    if (found) onOpen(found);
  });
  svg.addEventListener("keydown", onKey);

  function onKey(event) {
    const here = nodeAt(event.target);
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step && here) focusNode(nearest(here.id, step));
    else if (event.key === "Enter" && here) onOpen(here);
    else if (event.key === "+" || event.key === "=") zoom(1 / 1.25);
    else if (event.key === "-") zoom(1.25);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  }

  const nodeAt = (target) => shown.find((one) => one.id === target.closest?.("[data-node]")?.dataset.node) ?? null;

  /** Find the next node in a direction: near, and more ahead than aside. */
  function nearest(id, [dx, dy]) {
    const from = places.get(id);
    const ahead = [...places].map(([other, at]) => {
      const along = (at.x - from.x) * dx + (at.y - from.y) * dy;
      const aside = Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx);
      return { other, along, cost: along + aside * 2 };
    });
    return ahead.filter(({ other, along }) => other !== id && along > 1).sort((a, b) => a.cost - b.cost)[0]?.other ?? id;
  }

  function focusNode(id) {
    for (const one of svg.querySelectorAll("[data-node]")) one.setAttribute("tabindex", one.dataset.node === id ? "0" : "-1");
    const at = places.get(id);
    if (Math.abs(at.x - view.x - view.width / 2) > view.width * 0.45 || Math.abs(at.y - view.y - view.height / 2) > view.height * 0.45)
      look({ ...view, x: at.x - view.width / 2, y: at.y - view.height / 2 });
    svg.querySelector(`[data-node="${CSS.escape(id)}"]`)?.focus();
  }

  function zoom(by) {
    const width = Math.min(20_000, Math.max(200, view.width * by));
    const height = (width / view.width) * view.height;
    look({ x: view.x + (view.width - width) / 2, y: view.y + (view.height - height) / 2, width, height });
  }

  function look(next) {
    view = next;
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  function fit() {
    const xs = [...places.values()].map(({ x }) => x);
    const ys = [...places.values()].map(({ y }) => y);
    const shape = (svg.clientWidth || 1000) / (svg.clientHeight || 600);
    const wide = Math.max(700, Math.max(...xs) - Math.min(...xs) + 240, (Math.max(...ys) - Math.min(...ys) + 160) * shape);
    const middle = { x: (Math.max(...xs) + Math.min(...xs)) / 2, y: (Math.max(...ys) + Math.min(...ys)) / 2 };
    look({ x: middle.x - wide / 2, y: middle.y - wide / shape / 2, width: wide, height: wide / shape });
  }

  /** Draw another chart. */
  function show(nodes, edges) {
    shown = nodes;
    places = layout(nodes, edges);
    svg.replaceChildren(...edges.map(line), ...nodes.map(mark));
    svg.querySelector("[data-node]")?.setAttribute("tabindex", "0");
    fit();
  }

  function line({ a, b }) {
    const [from, to] = [places.get(a), places.get(b)];
    return node("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, class: "links-edge" });
  }

  function mark(one) {
    const { x, y } = places.get(one.id);
    const said = word(one);
    const group = node("g", { transform: `translate(${x} ${y})`, tabindex: "-1", role: "button", "aria-label": said, "data-node": one.id, class: `links-node kind-${one.id === "start" ? "start" : one.kind}` });
    const sign = node("text", { class: "links-sign", "text-anchor": "middle", y: 5 });
    sign.textContent = letter(one.kind);
    const label = node("text", { class: "links-label", "text-anchor": "middle", y: 34 });
    label.textContent = said.length > LONGEST ? `${said.slice(0, LONGEST - 1)}…` : said;
    const title = node("title", {});
    title.textContent = said;
    group.append(title, form(one.kind), sign, label);
    return group;
  }

  return { show };
}

/** A form for each kind, so that none is told by colour alone. */
function form(kind) {
  if (kind === "incident" || kind === "series") return node("rect", { x: -18, y: -16, width: 36, height: 32, rx: kind === "series" ? 12 : 2 });
  if (kind === "plate") return node("polygon", { points: "0,-20 24,0 0,20 -24,0" });
  if (kind === "phone") return node("polygon", { points: "-20,0 -10,-18 10,-18 20,0 10,18 -10,18" });
  if (kind === "place") return node("polygon", { points: "0,20 -20,-14 20,-14" });
  return node("circle", { r: 18 });
}

function node(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
