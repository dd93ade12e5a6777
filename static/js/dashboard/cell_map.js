/**
 * P90 by 500 m cell: where it takes long. North is up; a cell with fewer than 20 cases is hatched.
 */

import { fill, gettext } from "../words.js";
import { axisText, common, tooltip } from "./chart_parts.js";
import { valueWord } from "./numbers.js";
import { isHatched, stepOf, tilesSeries } from "./tiles_series.js";

/** Keep the cells that have a place and a number, the slowest first. */
export function cellsOf(groups) {
  return groups
    .filter((group) => group.box && group.figures[0]?.n)
    .map((group) => ({ value: group.value, box: group.box, figure: group.figures[0] }))
    .sort((one, other) => other.figure.value - one.figure.value || one.value.localeCompare(other.value));
}

/** Tell the box around cells, with the outliers that a city does not see: the middle 98 of 100 in each direction. */
export function extentOf(cells) {
  const edges = (at) => cells.map((cell) => cell.box[at]).sort((one, other) => one - other);
  const cut = Math.floor(cells.length / 100);
  const [south, west, north, east] = [0, 1, 2, 3].map(edges);
  const last = cells.length - 1 - cut;
  return { south: south[cut], west: west[cut], north: north[last], east: east[last] };
}

/**
 * Draw the cells on a plain map with the outlines of the areas.
 * @param {object[]} cells from `cellsOf()`
 * @param {{name: string, ring: number[][]}[]} areas outlines as [lng, lat]
 * @param {{width: number, height: number}} room of the canvas: a degree of longitude is shorter than one of latitude
 */
export function cellOption(cells, areas, palette, room) {
  const frame = framed(extentOf(cells), room);
  const tiles = cells.map((cell) => ({
    box: [cell.box[1], cell.box[0], cell.box[3], cell.box[2]], step: stepOf(cell.figure), hatched: isHatched(cell.figure),
    lines: [valueWord(cell.figure)],
  }));
  const axis = (low, high) => ({
    type: "value", min: low, max: high, splitLine: { show: false }, axisTick: { show: false },
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { ...axisText(palette), formatter: (value) => value.toFixed(2), hideOverlap: true, showMinLabel: false, showMaxLabel: false },
  });
  return {
    ...common(palette),
    grid: MARGIN,
    tooltip: { ...tooltip(palette, (point) => (point.seriesIndex === areas.length ? tip(cells[point.dataIndex]) : "")), trigger: "item" },
    xAxis: axis(frame.west, frame.east),
    yAxis: axis(frame.south, frame.north),
    series: [
      ...areas.map((area) => ({
        type: "line", name: area.name, data: area.ring, symbol: "none", silent: true, lineStyle: { color: palette.strong, width: 1.5 },
      })),
      tilesSeries(tiles, palette, { least: 44 }),
    ],
  };
}

const MARGIN = { left: 56, right: 12, top: 12, bottom: 30 };

/** Widen a box until a metre is as long upwards as sideways. */
export function framed({ south, west, north, east }, { width, height }) {
  const shrink = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const wide = Math.max(1, width - MARGIN.left - MARGIN.right) / Math.max(1, height - MARGIN.top - MARGIN.bottom);
  const tall = Math.max(north - south, ((east - west) * shrink) / wide) * 1.04;
  const across = (tall * wide) / shrink;
  const [lat, lng] = [(south + north) / 2, (west + east) / 2];
  return { south: lat - tall / 2, north: lat + tall / 2, west: lng - across / 2, east: lng + across / 2 };
}

function tip(cell) {
  const few = isHatched(cell.figure) ? `\n${gettext("hatched: fewer than 20 cases")}` : "";
  return `${placeWord(cell)}\n${valueWord(cell.figure)}  n=${cell.figure.n}${few}`;
}

/** Say where the middle of a cell is. */
export function placeWord({ box }) {
  const values = { lat: ((box[0] + box[2]) / 2).toFixed(4), lng: ((box[1] + box[3]) / 2).toFixed(4) };
  return fill(gettext("%(lat)s N %(lng)s E"), values);
}

/** Describe the cells as a table, the slowest first; each opens its rows. */
export function cellTable(cells) {
  return {
    head: [gettext("Middle of the cell, WGS-84"), "P90", "n", gettext("Few cases")],
    rows: cells.map((cell) => [
      placeWord(cell), { figure: cell.figure, scope: { by: "cell", value: cell.value } }, String(cell.figure.n),
      isHatched(cell.figure) ? gettext("n<20") : "",
    ]),
  };
}

/** Choose the outlines of the stations from the areas of the centre. */
export function outlines(areas) {
  return (areas ?? []).filter((area) => area.kind === "station").map((area) => ({ name: area.name, ring: area.ring }));
}
