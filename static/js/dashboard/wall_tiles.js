/**
 * The wall's tiles and rows. Their nodes stay while their numbers change, so that a key or a screen reader that rests on
 * one loses nothing every fifteen seconds. The number is the button; its surface is the whole tile.
 */

import { fill, gettext } from "../words.js";
import { keep, make, shape, write } from "./dom.js";
import { liveFigure } from "./figure_table.js";
import { basis, percent, standing, standingMark } from "./figures.js";
import { caseWord } from "./numbers.js";
import { targetBar } from "./target_bar.js";

const MOST_STATIONS = 9;

/**
 * Make a tile.
 * @param {{title: string, basis?: string, of: "now"|"days", data?: object}} about `of`: by which answer it is renewed
 * @param {HTMLElement} button the number
 */
function makeTile({ title, basis: beside = "", of, data = {} }, button) {
  const bar = make("div.wall-bar");
  const mark = make("p.wall-mark.digits");
  const node = make("article.wall-tile", { data: { of, ...data } },
    make("h2", {}, title, beside ? make("span.soft", { text: beside }) : null), make("p.wall-number", {}, button), bar, mark);
  return { node, bar, mark };
}

/** Make the tile of an arrival rate. */
export function rateTile(key, clock, clockWord, open) {
  const title = key === "K7" ? gettext("On scene in 5 min") : gettext("On scene in 10 min");
  const { button, show } = liveFigure(open);
  const tile = makeTile({ title, basis: `${key} ${clockWord}`, of: "now", data: { rate: key, clock } }, button);
  return {
    node: tile.node,
    show(figure, scope) {
      show(figure, scope, { name: `${title}, ${key}` });
      button.replaceChildren(percent(figure?.value), make("small", { text: figure && figure.value !== null ? "%" : "" }));
      const state = standing(figure);
      const mark = standingMark(state);
      tile.node.dataset.standing = state;
      tile.bar.replaceChildren(targetBar(figure?.value ?? null, figure?.target ?? null));
      tile.mark.replaceChildren(make("span", {}, shape(mark), make(`span.level-${mark.level}`, { text: ` ${mark.word}` })), make("span", { text: basis(figure).slice(0, 2).join(" · ") }));
    },
  };
}

/**
 * Make the tile of any other figure.
 * @param {{title: string, of: string}} about
 * @param {Function} open
 * @param {{key: string, title: string}[]} [others] figures that stand in its last line
 */
export function figureTile(about, open, others = []) {
  const { button, show } = liveFigure(open);
  const tile = makeTile(about, button);
  const beside = others.map((other) => ({ ...other, ...liveFigure(open) }));
  tile.mark.append(...beside.map((other) => make("span", {}, `${other.title} `, other.button)));
  return {
    node: tile.node,
    show(figure, scope, { under = null, standing: state = "", of = {} } = {}) {
      show(figure, scope, { name: about.title });
      tile.node.dataset.standing = state;
      for (const other of beside) other.show(of[other.key] ?? null, scope, { name: other.title });
      if (!beside.length) write(tile.mark, under ?? (figure ? `${figure.key} · ${caseWord(figure)}` : ""));
    },
  };
}

/** Make the tile of a number that is no figure of the statistics but opens its own list. */
export function listTile(about, opened) {
  const button = make("button.figure.digits", { type: "button" });
  button.addEventListener("click", () => opened(button));
  const tile = makeTile(about, button);
  return {
    node: tile.node,
    show(count, under) {
      const known = count !== null && count !== undefined;
      write(button, known ? String(count) : "–");
      button.setAttribute("aria-label", [about.title, known ? String(count) : gettext("not read yet"), under].filter(Boolean).join(", "));
      tile.node.dataset.standing = known ? (count ? "below" : "met") : "";
      write(tile.mark, under);
    },
  };
}

/**
 * Make the rows of the stations with the lowest rates: what needs help stands on the wall, small samples last.
 * @param {HTMLElement} host
 * @param {Function} open
 */
export function stationRows(host, open) {
  const figures = new WeakMap();

  function build() {
    const live = liveFigure(open);
    const node = make("p.wall-row", {}, make("span.name"), make("span.wall-bar"), make("b", {}, live.button), make("span.digits.soft"));
    figures.set(node, live);
    return node;
  }

  function update(node, { label, figure, scope }) {
    const [name, bar, , count] = node.children;
    write(name, label);
    bar.replaceChildren(targetBar(figure.value, figure.target));
    figures.get(node).show(figure, scope, { name: label });
    write(count, fill(gettext("n=%(n)s"), figure));
  }

  return (groups, scope) => {
    const rows = groups.map((group) => ({ value: group.value, label: group.label || "–", figure: group.figures[0], scope: { ...scope, by: "station", value: group.value, label: group.label } })).filter((row) => row.figure?.n);
    rows.sort((one, other) => Number(one.figure.n < 20) - Number(other.figure.n < 20) || one.figure.value - other.figure.value);
    const held = host.contains(document.activeElement) ? document.activeElement : null;
    keep(host, rows.slice(0, MOST_STATIONS), (row) => String(row.value), build, update);
    if (held?.isConnected && held !== document.activeElement) held.focus();
  };
}
