/**
 * The base map on one canvas: land, water, parks, houses, roads by class, areas, and names from near enough.
 *
 * Every outline is kept as a path in world pixels and drawn through the canvas's own transformation, so that a
 * drawing at a new place costs a handful of strokes, not a projection of the city.
 */

import { paintNames } from "./names.js";
import { readNames } from "./names.js";
import { eachHouse } from "./paper.js";
import { emptyBox } from "./paper.js";
import { overlaps } from "./paper.js";
import { project } from "./paper.js";
import { roadWidth } from "./paper.js";
import { scaleAt } from "./paper.js";
import { widen } from "./paper.js";

const ROAD_ORDER = ["lane", "foot", "tertiary", "secondary", "primary", "trunk"];
const CASED = new Set(["tertiary", "secondary", "primary", "trunk"]);
const HOUSES_FROM = 15.6;
const CELL_PX = 12000; // world pixels, about 1.6 km at zoom 18: what is stroked or left out together
/**
 * Make the painter of a base map.
 * @param {object} base answer of `GET /api/map/`
 * @returns {{draw: function(CanvasRenderingContext2D, object, object): void, middle: {lat: number, lng: number}}}
 */
export function makeBase(base) {
  const [originX, originY] = project(base.box.north, base.box.west);
  const local = ([lng, lat]) => {
    const [x, y] = project(lat, lng);
    return [x - originX, y - originY];
  };
  const city = readLayers(base, local);
  const draw = (context, view, palette) => {
    const scale = scaleAt(view.zoom);
    const shift = { x: originX * scale - view.left, y: originY * scale - view.top };
    const seen = {
      left: -shift.x / scale, top: -shift.y / scale,
      right: (view.width - shift.x) / scale, bottom: (view.height - shift.y) / scale,
    };
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, view.width, view.height);
    const dense = view.dense;
    context.setTransform(dense * scale, 0, 0, dense * scale, dense * shift.x, dense * shift.y);
    paintLand(context, city, palette, scale);
    paintRoads(context, city, palette, view.zoom, scale, seen);
    paintAreas(context, city, palette, view.zoom, scale);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    paintNames(context, city.names, palette, { ...view, seen }, ([x, y]) => [x * scale + shift.x, y * scale + shift.y]);
  };
  return { draw };
}

const NO_LAYERS = { land: [], water: [], parks: [], buildings: { kinds: [], plots: [] }, roads: [], bridges: [], places: [], stations: [], areas: [] };

/** Prepare what is drawn; a centre without a map of its own has a box and no layers. */
function readLayers(base, local) {
  const layers = { ...NO_LAYERS, ...base.layers };
  const metres = base.metres ?? { per_lng: 101300, per_lat: 110800 };
  const ring = (path, points) => {
    points.forEach((point, at) => (at ? path.lineTo(...local(point)) : path.moveTo(...local(point))));
    path.closePath();
  };
  const shape = (items) => {
    const path = new Path2D();
    for (const item of items) for (const points of item.rings) ring(path, points);
    return path;
  };
  const land = new Map();
  for (const item of layers.land) land.set(item.kind, [...(land.get(item.kind) ?? []), item]);
  const station_areas = layers.areas.filter((area) => area.kind === "station");
  const borders = innerBorders(station_areas, base.box, local);
  const fromMetres = (x, y) => local([base.box.west + x / metres.per_lng, base.box.south + y / metres.per_lat]);
  return {
    land: [...land].map(([kind, items]) => ({ kind, path: shape(items) })),
    water: shape(layers.water),
    parks: shape(layers.parks),
    roads: cutByCells(layers.roads.map((road) => ({ ...road, line: road.points.map(local) }))),
    bridges: layers.bridges.map((bridge) => ({ ...bridge, line: bridge.points.map(local) })),
    houses: lazy(() => houseCells(layers.buildings, fromMetres)),
    borders,
    names: readNames(layers, local),
  };
}

/** Borders between stations, without the edge of the region itself. */
function innerBorders(areas, box, local) {
  const path = new Path2D();
  const near = (a, b) => Math.abs(a - b) < 1e-4;
  const edges = [[0, box.west], [0, box.east], [1, box.south], [1, box.north]];
  for (const { ring } of areas) {
    for (let at = 1; at < ring.length; at += 1) {
      const [from, to] = [ring[at - 1], ring[at]];
      if (edges.some(([axis, value]) => near(from[axis], value) && near(to[axis], value))) continue;
      // Each border belongs to two areas and is drawn once.
      if (from[0] > to[0] || (from[0] === to[0] && from[1] > to[1])) continue;
      path.moveTo(...local(from));
      path.lineTo(...local(to));
    }
  }
  return path;
}

function lazy(make) {
  let made = null;
  return () => (made ??= make());
}

/** Gather lines of one class that start in one cell into one path. */
function cutByCells(roads) {
  const byClass = new Map();
  for (const road of roads) {
    const cells = byClass.get(road.class) ?? byClass.set(road.class, new Map()).get(road.class);
    const key = cellOf(road.line[0]);
    const cell = cells.get(key) ?? cells.set(key, emptyCell()).get(key);
    road.line.forEach(([x, y], at) => (at ? cell.path.lineTo(x, y) : cell.path.moveTo(x, y)));
    for (const [x, y] of road.line) widen(cell, x, y);
  }
  return byClass;
}

function houseCells(buildings, fromMetres) {
  const cells = new Map();
  eachHouse(buildings, fromMetres, (corners) => {
    const key = cellOf(corners[0]);
    const cell = cells.get(key) ?? cells.set(key, emptyCell()).get(key);
    corners.forEach(([x, y], at) => (at ? cell.path.lineTo(x, y) : cell.path.moveTo(x, y)));
    cell.path.closePath();
    for (const [x, y] of corners) widen(cell, x, y);
  });
  return cells;
}

function cellOf([x, y]) {
  return `${Math.floor(x / CELL_PX)},${Math.floor(y / CELL_PX)}`;
}

function emptyCell() {
  return { path: new Path2D(), ...emptyBox() };
}

function paintLand(context, city, palette, scale) {
  const tints = { town: palette.town, village: palette.town, old_town: palette.works, campus: palette.campus, hospital: palette.campus, industry: palette.works, sports: palette.park };
  for (const { kind, path } of city.land) {
    context.fillStyle = tints[kind] ?? palette.town;
    context.fill(path, "evenodd");
  }
  context.fillStyle = palette.park;
  context.fill(city.parks, "evenodd");
  context.fillStyle = palette.water;
  context.fill(city.water, "evenodd");
  context.strokeStyle = palette.shore;
  context.lineWidth = 1 / scale;
  context.stroke(city.water);
}

function paintRoads(context, city, palette, zoom, scale, seen) {
  if (zoom >= HOUSES_FROM) {
    context.fillStyle = palette.house;
    for (const cell of city.houses().values()) if (overlaps(cell, seen)) context.fill(cell.path);
  }
  context.lineCap = "round";
  context.lineJoin = "round";
  const stroke = (road_class, width, colour) => {
    context.strokeStyle = colour;
    context.lineWidth = width / scale;
    for (const cell of city.roads.get(road_class)?.values() ?? []) if (overlaps(cell, seen)) context.stroke(cell.path);
  };
  paintRail(context, stroke, palette, zoom, scale);
  for (const road_class of ROAD_ORDER) {
    const width = roadWidth(road_class, zoom);
    if (CASED.has(road_class) && width > 2) stroke(road_class, width + (zoom >= 15 ? 2.4 : 1.6), palette.casing);
  }
  for (const road_class of ROAD_ORDER) {
    const width = roadWidth(road_class, zoom);
    if (width > 0) stroke(road_class, width, palette[road_class]);
  }
  paintBridges(context, city, palette, zoom, scale);
}

function paintRail(context, stroke, palette, zoom, scale) {
  stroke("rail", roadWidth("rail", zoom) + 1.2, palette.rail);
  context.setLineDash([7 / scale, 7 / scale]);
  stroke("rail", roadWidth("rail", zoom), palette.ground);
  context.setLineDash([]);
}

/** Bridges get bright rails on both sides, so that they read as what crosses the river. */
function paintBridges(context, city, palette, zoom, scale) {
  if (zoom < 13) return;
  context.lineCap = "butt";
  for (const bridge of city.bridges) {
    const width = roadWidth(bridge.class, zoom);
    for (const [extra, colour] of [[3.4, palette.labelSoft], [1.4, palette.casing], [0, palette[bridge.class]]]) {
      context.strokeStyle = colour;
      context.lineWidth = (width + extra) / scale;
      context.beginPath();
      bridge.line.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }
  }
}

function paintAreas(context, city, palette, zoom, scale) {
  context.globalAlpha = 0.55;
  context.strokeStyle = palette.area;
  context.lineWidth = (zoom >= 14 ? 1.6 : 1.1) / scale;
  context.setLineDash([8 / scale, 5 / scale, 2 / scale, 5 / scale]);
  context.stroke(city.borders);
  context.setLineDash([]);
  context.globalAlpha = 1;
}
