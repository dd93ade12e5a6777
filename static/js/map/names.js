/**
 * The names on the base map: stations, places, parks, roads along their lines, rivers in their water.
 */

import { emptyBox } from "./paper.js";
import { lineLabels } from "./paper.js";
import { makeCrowd } from "./paper.js";
import { overlaps } from "./paper.js";
import { widen } from "./paper.js";

// From which zoom a name is written: by rank of a place, by class of a road.
const PLACE_FROM = { 1: 13, 2: 14, 3: 15.6, 4: 17 };
const ROAD_NAME_FROM = { trunk: 13, primary: 13.6, secondary: 14.6, tertiary: 16, foot: 16.6 };

/**
 * List what may be named, the most important first.
 * @param {object} layers of the base map
 * @param {function([number, number]): [number, number]} local from longitude and latitude to the city's units
 * @returns {{places: Array, roads: Array, rivers: Array}}
 */
export function readNames(layers, local) {
  const places = [...stationNames(layers, local), ...parkNames(layers, local), ...placeNames(layers, local)];
  const rivers = layers.water.filter((item) => item.line);
  return {
    places,
    roads: namedRoads(layers.roads, local),
    rivers: rivers.map((item) => ({ text: [...item.name].join("\u2003"), line: item.line.map(local) })),
  };
}

function stationNames(layers, local) {
  return layers.areas.filter((area) => area.kind === "station").map((area) => {
    const station = layers.stations.find((one) => one.code === area.code);
    return { text: area.name, at: local(station ? station.point : area.ring[0]), look: "station", from: 12.4 };
  });
}

function parkNames(layers, local) {
  return layers.parks.map((park) => ({ text: park.name, at: middleOf(park.rings[0].map(local)), look: "park", from: 13.6 }));
}

function placeNames(layers, local) {
  const parks = new Set(layers.parks.map((park) => park.name));
  return layers.places
    .filter((place) => !parks.has(place.name))
    .map((place) => ({ text: place.name, at: local(place.point), look: place.kind, rank: place.rank, from: PLACE_FROM[place.rank] ?? 17 }));
}

function middleOf(points) {
  const box = emptyBox();
  for (const [x, y] of points) widen(box, x, y);
  return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
}

function namedRoads(roads, local) {
  return roads
    .filter((road) => road.name && ROAD_NAME_FROM[road.class])
    .map((road) => {
      const line = road.points.map(local);
      const box = emptyBox();
      for (const [x, y] of line) widen(box, x, y);
      return { text: road.name, class: road.class, line, ...box };
    })
    .reverse();
}

/**
 * Write the names that have room, the most important first.
 * @param {CanvasRenderingContext2D} context in CSS pixels
 * @param {object} names of `readNames`
 * @param {Object<string, string>} palette
 * @param {object} view of the sheet, and `seen`, what of the city is in it
 * @param {function([number, number]): [number, number]} place from the city's units to CSS pixels
 */
export function paintNames(context, names, palette, view, place) {
  const crowd = makeCrowd(view.width, view.height);
  context.textBaseline = "middle";
  context.lineJoin = "round";
  const early = names.places.filter((name) => (name.rank ?? 1) <= 2);
  const late = names.places.filter((name) => (name.rank ?? 1) > 2);
  paintRiverNames(context, names.rivers, palette, view, place, crowd);
  for (const name of early) paintName(context, name, place(name.at), palette, view, crowd);
  paintRoadNames(context, names.roads, palette, view, place, crowd);
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

function paintRoadNames(context, roads, palette, view, place, crowd) {
  for (const road of roads) {
    if (view.zoom < ROAD_NAME_FROM[road.class] || !overlaps(road, view.seen)) continue;
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
function paintRiverNames(context, rivers, palette, view, place, crowd) {
  if (view.zoom < 12.5) return;
  const size = view.zoom >= 14 ? 15 : 13;
  context.font = `italic 400 ${size}px ${palette.font}`;
  for (const { text, line } of rivers) {
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
