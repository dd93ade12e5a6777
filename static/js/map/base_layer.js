/**
 * The base map on one canvas: land, water, parks, houses, roads by class, areas, and names from near enough.
 *
 * Every outline is kept as a path in world pixels and drawn through the canvas's own transformation, so that a
 * drawing at a new place costs a handful of strokes, not a projection of the city.
 */

import { eachHouse } from "./paper.js";
import { lineLabels } from "./paper.js";
import { makeCrowd } from "./paper.js";
import { project } from "./paper.js";
import { roadWidth } from "./paper.js";
import { scaleAt } from "./paper.js";

const ROAD_ORDER = ["lane", "foot", "tertiary", "secondary", "primary", "trunk"];
const CASED = new Set(["tertiary", "secondary", "primary", "trunk"]);
const HOUSES_FROM = 15.6;
const CELL_PX = 12000; // world pixels, about 1.6 km at zoom 18: what is stroked or left out together
// From which zoom a name is written: by rank of a place, by class of a road.
const PLACE_FROM = { 1: 13, 2: 14, 3: 15.6, 4: 17 };
const ROAD_NAME_FROM = { trunk: 13, primary: 13.6, secondary: 14.6, tertiary: 16, foot: 16.6 };

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
    paintNames(context, city, palette, view, scale, shift);
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
    names: readNames(layers, local, station_areas),
    rivers: layers.water.filter((item) => item.line).map((item) => ({ text: [...item.name].join("\u2003"), line: item.line.map(local) })),
    named_roads: namedRoads(layers.roads, local),
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
  return { path: new Path2D(), left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}

function widen(box, x, y) {
  box.left = Math.min(box.left, x);
  box.right = Math.max(box.right, x);
  box.top = Math.min(box.top, y);
  box.bottom = Math.max(box.bottom, y);
}

function inSight(box, seen) {
  return box.left < seen.right && box.right > seen.left && box.top < seen.bottom && box.bottom > seen.top;
}

function middleOf(points) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) widen(box, x, y);
  return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
}

/** List what may be named, the most important first. */
function readNames(layers, local, station_areas) {
  const names = [];
  for (const area of station_areas) {
    const station = layers.stations.find((one) => one.code === area.code);
    names.push({ text: area.name, at: local(station ? station.point : area.ring[0]), look: "station", from: 12.4, until: 99 });
  }
  for (const park of layers.parks) names.push({ text: park.name, at: middleOf(park.rings[0].map(local)), look: "park", from: 13.6 });
  const parks = new Set(layers.parks.map((park) => park.name));
  for (const place of layers.places) {
    if (!parks.has(place.name)) names.push({ text: place.name, at: local(place.point), look: place.kind, rank: place.rank, from: PLACE_FROM[place.rank] ?? 17 });
  }
  return names;
}

function namedRoads(roads, local) {
  return roads
    .filter((road) => road.name && ROAD_NAME_FROM[road.class])
    .map((road) => {
      const line = road.points.map(local);
      const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
      for (const [x, y] of line) widen(box, x, y);
      return { text: road.name, class: road.class, line, ...box };
    })
    .reverse();
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
    for (const cell of city.houses().values()) if (inSight(cell, seen)) context.fill(cell.path);
  }
  context.lineCap = "round";
  context.lineJoin = "round";
  const stroke = (road_class, width, colour) => {
    context.strokeStyle = colour;
    context.lineWidth = width / scale;
    for (const cell of city.roads.get(road_class)?.values() ?? []) if (inSight(cell, seen)) context.stroke(cell.path);
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

function paintNames(context, city, palette, view, scale, shift) {
  const crowd = makeCrowd();
  const place = ([x, y]) => [x * scale + shift.x, y * scale + shift.y];
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const early = city.names.filter((name) => (name.rank ?? 1) <= 2);
  const late = city.names.filter((name) => (name.rank ?? 1) > 2);
  paintRiverNames(context, city, palette, view, place, crowd);
  for (const name of early) paintName(context, name, place(name.at), palette, view, crowd);
  paintRoadNames(context, city, palette, view, place, scale, shift, crowd);
  for (const name of late) paintName(context, name, place(name.at), palette, view, crowd);
}

function paintName(context, name, [x, y], palette, view, crowd) {
  if (view.zoom < name.from || x < -80 || y < -20 || x > view.width + 80 || y > view.height + 20) return;
  const size = name.look === "station" ? 13 : name.rank === 1 || name.look === "park" ? 13 : 12;
  context.font = `${name.look === "station" ? 600 : 400} ${size}px ${palette.font}`;
  const width = context.measureText(name.text).width;
  const centred = name.look === "park";
  const left = centred ? x - width / 2 : x + 8;
  if (!crowd.place((centred ? left : x - 6) - 3, y - size / 2 - 3, width + (centred ? 6 : 20), size + 6)) return;
  if (name.look === "station") badge(context, x, y, palette);
  else if (!centred) dot(context, x, y, name.rank, palette);
  const tint = { station: palette.station, park: palette.labelPark }[name.look] ?? (name.rank === 1 ? palette.label : palette.labelSoft);
  write(context, name.text, left, y, tint, palette);
}

/** A station is a small shield. */
function badge(context, x, y, palette) {
  context.fillStyle = palette.station;
  context.strokeStyle = palette.halo;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - 6.5);
  context.lineTo(x + 5.5, y - 4);
  context.lineTo(x + 5, y + 2);
  context.quadraticCurveTo(x + 3.5, y + 5, x, y + 7);
  context.quadraticCurveTo(x - 3.5, y + 5, x - 5, y + 2);
  context.lineTo(x - 5.5, y - 4);
  context.closePath();
  context.stroke();
  context.fill();
}

function dot(context, x, y, rank, palette) {
  context.beginPath();
  context.arc(x, y, rank <= 2 ? 2.6 : 2, 0, 2 * Math.PI);
  context.fillStyle = rank <= 2 ? palette.label : palette.labelSoft;
  context.fill();
}

function write(context, text, x, y, tint, palette) {
  context.strokeStyle = palette.halo;
  context.lineWidth = 3;
  context.strokeText(text, x, y);
  context.fillStyle = tint;
  context.fillText(text, x, y);
}

function paintRoadNames(context, city, palette, view, place, scale, shift, crowd) {
  const seen = { left: -shift.x / scale, top: -shift.y / scale, right: (view.width - shift.x) / scale, bottom: (view.height - shift.y) / scale };
  for (const road of city.named_roads) {
    if (view.zoom < ROAD_NAME_FROM[road.class] || !inSight(road, seen)) continue;
    const size = road.class === "trunk" || road.class === "primary" ? 13 : 12;
    context.font = `400 ${size}px ${palette.font}`;
    const tint = road.class === "trunk" || road.class === "primary" ? palette.label : palette.labelSoft;
    const width = context.measureText(road.text).width;
    for (const spot of lineLabels(road.line.map(place), width + 10, 420)) {
      if (spot.x < 0 || spot.y < 0 || spot.x > view.width || spot.y > view.height) continue;
      paintRoadName(context, road.text, spot, { size, width, tint }, palette, crowd);
    }
  }
}

/** The names of rivers stand in their water, widely spaced. */
function paintRiverNames(context, city, palette, view, place, crowd) {
  if (view.zoom < 12.5) return;
  const size = view.zoom >= 14 ? 15 : 13;
  context.font = `italic 400 ${size}px ${palette.font}`;
  for (const { text, line } of city.rivers) {
    const width = context.measureText(text).width;
    for (const spot of lineLabels(line.map(place), width, 900)) {
      if (spot.x < 0 || spot.y < 0 || spot.x > view.width || spot.y > view.height || spot.upright) continue;
      paintRoadName(context, text, spot, { size, width, tint: palette.labelWater, bare: true }, palette, crowd);
    }
  }
}

function paintRoadName(context, text, spot, { size, width, tint, bare = false }, palette, crowd) {
  const tall = Math.abs(Math.sin(spot.angle)) * width + size;
  const wide = Math.abs(Math.cos(spot.angle)) * width + size;
  const stacked = spot.upright && /^[\u4e00-\u9fff]+$/.test(text);
  const [boxWide, boxTall] = stacked ? [size + 4, text.length * (size + 2) + 4] : [wide, tall];
  if (!crowd.place(spot.x - boxWide / 2, spot.y - boxTall / 2, boxWide, boxTall)) return;
  context.textAlign = "center";
  if (stacked) {
    const lean = Math.cos(spot.angle) / Math.sin(spot.angle);
    [...text].forEach((character, at) => {
      const down = (at - (text.length - 1) / 2) * (size + 2);
      write(context, character, spot.x + down * lean, spot.y + down, tint, palette);
    });
  } else {
    context.save();
    context.translate(spot.x, spot.y);
    context.rotate(spot.angle);
    if (bare) context.fillStyle = tint;
    if (bare) context.fillText(text, 0, 0);
    else write(context, text, 0, 0, tint, palette);
    context.restore();
  }
  context.textAlign = "left";
}
