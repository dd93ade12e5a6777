/**
 * Rectangles on two axes, filled by step and hatched where there are few cases: heat map, map of cells, matrix of types.
 */

import { SMALL_SAMPLE } from "./figures.js";

/** Bounds of an arrival time in seconds, fast to slow: the same on every picture, so that pictures can be compared. */
export const TIME_STEPS = [300, 450, 600, 900];
/** Bounds of an arrival rate, good to bad. */
export const RATE_STEPS = [0.9, 0.8, 0.7, 0.6];

/**
 * Tell the step of a figure, 0 (best) to 4; of counts by their share of the greatest, 0 (few) to 2 (many), because many is
 * not bad; -1 without a value.
 */
export function stepOf(figure, most = 1) {
  if (!figure || figure.value === null || figure.value === undefined) return -1;
  if (figure.unit === "s") return TIME_STEPS.filter((bound) => figure.value > bound).length;
  if (figure.unit === "share") return RATE_STEPS.filter((bound) => figure.value < bound).length;
  return countStep(figure.value, most);
}

/** Tell the step of a number by its share of the greatest: 0 to 2. */
export function countStep(value, most) {
  return Math.min(2, Math.floor((3 * value) / Math.max(1, most)));
}

/** Tell whether a tile is hatched: its rate or percentile stands on fewer than 20 cases. */
export function isHatched(figure) {
  return Boolean(figure) && figure.unit !== "count" && figure.n < SMALL_SAMPLE;
}

/**
 * Make the series of tiles.
 * @param {{box: number[], step: number, hatched: boolean, lines: string[]}[]} tiles `box` is x0, y0, x1, y1 of the axes
 * @param {object} palette
 * @param {{least?: number}} [how] text is left out of tiles narrower than this many pixels
 */
export function tilesSeries(tiles, palette, { least = 40 } = {}) {
  return {
    type: "custom", coordinateSystem: "cartesian2d", clip: true,
    data: tiles.map((tile) => tile.box),
    encode: { x: [0, 2], y: [1, 3] },
    renderItem: (params, api) => drawTile(tiles[params.dataIndex], api, palette, least),
  };
}

/** Draw one tile; `api.coord` turns axis values into pixels. */
export function drawTile(tile, api, palette, least) {
  const [left, bottom] = api.coord([tile.box[0], tile.box[1]]);
  const [right, top] = api.coord([tile.box[2], tile.box[3]]);
  const shape = { x: Math.min(left, right), y: Math.min(top, bottom), width: Math.abs(right - left), height: Math.abs(bottom - top) };
  const step = palette.steps[tile.step];
  const style = { fill: tile.step < 0 ? palette.panel : step.fill, stroke: palette.line, lineWidth: 1 };
  if (tile.hatched && tile.step >= 0) style.decal = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: palette.pattern };
  const children = [{ type: "rect", shape, style }];
  if (shape.width >= least && tile.lines.length) children.push(text(tile, shape, palette, step));
  return { type: "group", children };
}

function text(tile, shape, palette, step) {
  const style = {
    text: tile.lines.join("\n"), x: shape.x + shape.width / 2, y: shape.y + shape.height / 2, align: "center",
    verticalAlign: "middle", fontSize: 14, lineHeight: 17, fontFamily: palette.font, fill: tile.step < 0 ? palette.soft : step.text,
  };
  // A hatched ground would run through the digits.
  if (tile.hatched && tile.step >= 0) Object.assign(style, { backgroundColor: step.fill, padding: [0, 3] });
  return { type: "text", style, silent: true };
}
