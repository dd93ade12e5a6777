/**
 * What lies on the ground between paper and marks: areas within reach, what would be lost of them, the roads that
 * units under way have before them, and closed roads.
 */

import { paintArea } from "./camera_layer.js";
import { paintCamera } from "./camera_layer.js";
import { paintPlate } from "./marks.js";
import { metresPerPixel } from "./paper.js";
import { project } from "./paper.js";
import { scaleAt } from "./paper.js";

const HATCH_PX = 9;
const CLOSED_DASH = [10, 7];
const PLATE_TALL = 19;

/**
 * Make the painter.
 * @param {object} base answer of `GET /api/map/`; lines are kept relative to its corner, for canvases count in floats
 * @returns {object} `draw(context, view, palette)` and one setter for each thing that is drawn
 */
export function makeGround(base) {
  const [originX, originY] = project(base.box.north, base.box.west);
  const local = (lat, lng) => {
    const [x, y] = project(lat, lng);
    return [x - originX, y - originY];
  };
  const shown = { reach: [], lost: null, routes: [], tracks: [], closures: [], draft: null, spots: [], searches: [], cameras: [] };
  const line = (points, { close = false } = {}) => lineOf(points.map(([lat, lng]) => local(lat, lng)), close);
  const areas = (found) => areasOf(found, local);

  function draw(context, view, palette) {
    const scale = scaleAt(view.zoom);
    const left = originX * scale - view.left;
    const top = originY * scale - view.top;
    const sheet = {
      context, palette,
      path(path) {
        const placed = new Path2D();
        placed.addPath(path, new DOMMatrix([scale, 0, 0, scale, left, top]));
        return placed;
      },
      point: ([x, y]) => [x * scale + left, y * scale + top],
    };
    if (shown.lost) paintLost(sheet, shown.lost);
    for (const one of shown.reach) paintReach(sheet, one);
    for (const one of shown.searches) paintArea(sheet, one);
    for (const one of shown.closures) paintClosure(sheet, one);
    for (const one of shown.tracks) paintTrack(sheet, one);
    for (const one of shown.routes) paintRoute(sheet, one);
    for (const one of shown.cameras) paintCamera(sheet, one, view.zoom);
    for (const one of shown.spots) paintSpot(sheet, one, view.zoom);
    if (shown.draft) paintDraft(sheet, shown.draft);
  }

  return {
    draw,
    /** Areas within reach: `[{minutes, areas}]`, the widest first; `[]` takes them away. */
    setReach(found) {
      shown.reach = found.map((one) => ({ minutes: one.minutes, path: areas(one.areas) }));
    },
    /** Hatch what `before` covers and `after` does not; `null` takes it away. */
    setLost(found) {
      shown.lost = found && { before: areas(found.before), after: areas(found.after) };
    },
    /** Roads of orders: `[{line: [[lat, lng]], basis, says}]`. */
    setRoutes(found) {
      shown.routes = found.map((one) => ({
        path: line(one.line), basis: one.basis, says: one.says, middle: middleOf(one.line, local),
      }));
    },
    /** The ways that units have come: `[{line: [[lat, lng]], says}]`, the words stand at the last point. */
    setTracks(found) {
      shown.tracks = found.map((one) => ({ path: line(one.line), says: one.says, end: local(...one.line.at(-1)) }));
    },
    /** Closed roads: `[{shape: {kind, points: [[lng, lat]]}, says, begun}]`. */
    setClosures(found) {
      shown.closures = found.map(({ shape, says, begun }) => {
        const points = shape.points.map(([lng, lat]) => [lat, lng]);
        const area = shape.kind === "polygon";
        return { path: line(points, { close: area }), area, says, begun, middle: middleOf(points, local) };
      });
    },
    /** Locked positions: `[{lat, lng, radius_m, lapsed, says}]`; what has run out is grey and dashed. */
    setSpots(found) {
      shown.spots = found.map((one) => ({ ...one, at: local(one.lat, one.lng) }));
    },
    /** Search areas: `[{ring: [[lng, lat]], chosen, ended}]`. */
    setSearches(found) {
      shown.searches = found.map((one) => ({ ...one, path: line(one.ring.map(([lng, lat]) => [lat, lng]), { close: true }) }));
    },
    /** Cameras: `[{camera, sees, chosen, checked, next}]`, the chosen one last. */
    setCameras(found) {
      shown.cameras = found.map((one) => ({ ...one, at: local(one.camera.lat, one.camera.lng) }));
    },
    /** What is being drawn: `{points: [[lat, lng]], area}` or `null`. */
    setDraft(draft) {
      shown.draft = draft && {
        path: line(draft.points, { close: draft.area }), area: draft.area,
        corners: draft.points.map(([lat, lng]) => local(lat, lng)),
      };
    },
  };
}

function lineOf(points, close) {
  const path = new Path2D();
  points.forEach(([x, y], at) => (at ? path.lineTo(x, y) : path.moveTo(x, y)));
  if (close) path.closePath();
  return path;
}

/** Join areas (rings of [lng, lat], the outline first) in one path for the even-odd rule. */
function areasOf(found, local) {
  const path = new Path2D();
  for (const area of found)
    for (const ring of area) {
      ring.forEach(([lng, lat], at) => {
        const [x, y] = local(lat, lng);
        if (at) path.lineTo(x, y);
        else path.moveTo(x, y);
      });
      path.closePath();
    }
  return path;
}

function middleOf(points, local) {
  const [lat, lng] = points[Math.floor(points.length / 2)] ?? [0, 0];
  return local(lat, lng);
}

/** Five minutes: filled and outlined; ten: fainter and dashed. */
function paintReach({ context, palette, path }, { minutes, path: area }) {
  const near = minutes <= 5;
  const placed = path(area);
  context.fillStyle = palette.reach;
  context.strokeStyle = palette.reach;
  context.globalAlpha = near ? 0.2 : 0.1;
  context.fill(placed, "evenodd");
  context.globalAlpha = near ? 0.95 : 0.7;
  context.lineWidth = near ? 2 : 1.5;
  context.setLineDash(near ? [] : [7, 6]);
  context.stroke(placed);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function paintLost({ context, palette, path }, { before, after }) {
  context.fillStyle = hatch(context, palette.lost);
  context.fill(path(before), "evenodd");
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = "#000000";
  context.fill(path(after), "evenodd");
  context.globalCompositeOperation = "source-over";
  context.strokeStyle = palette.lost;
  context.lineWidth = 1.5;
  context.setLineDash([3, 4]);
  context.stroke(path(before));
  context.setLineDash([]);
}

const hatches = new Map();

function hatch(context, colour) {
  if (!hatches.has(colour)) {
    const tile = new OffscreenCanvas(HATCH_PX, HATCH_PX);
    const paper = tile.getContext("2d");
    paper.strokeStyle = colour;
    paper.lineWidth = 1.6;
    paper.beginPath();
    for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
      paper.moveTo(shift - 1, HATCH_PX + 1);
      paper.lineTo(shift + HATCH_PX + 1, -1);
    }
    paper.stroke();
    hatches.set(colour, tile);
  }
  return context.createPattern(hatches.get(colour), "repeat");
}

function paintRoute(sheet, { path, basis, says, middle }) {
  const { context, palette } = sheet;
  const placed = sheet.path(path);
  context.lineJoin = "round";
  context.lineCap = "round";
  context.setLineDash(basis === "road" ? [] : [7, 7]);
  for (const [width, colour, alpha] of [[6, palette.edge, 0.7], [3, palette.standby, 0.95]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.globalAlpha = alpha;
    context.stroke(placed);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  plate(sheet, middle, says, palette.standby);
}

/** The way that a unit has come: dotted, so that it is no road ahead. */
function paintTrack(sheet, { path, says, end }) {
  const { context, palette } = sheet;
  const placed = sheet.path(path);
  context.lineJoin = "round";
  context.lineCap = "round";
  context.setLineDash([1, 6]);
  for (const [width, colour] of [[7, palette.edge], [4, palette.normal]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke(placed);
  }
  context.setLineDash([]);
  plate(sheet, end, says, palette.normal);
}

/** A barrier: light and dark pieces in turn, told from every road; one that has not begun is thinner. */
function paintClosure(sheet, { path, area, says, begun, middle }) {
  const { context, palette } = sheet;
  const placed = sheet.path(path);
  context.lineCap = "butt";
  if (area) {
    context.fillStyle = hatch(context, palette.closed);
    context.globalAlpha = begun ? 0.7 : 0.35;
    context.fill(placed);
    context.globalAlpha = 1;
  }
  const width = begun ? 6 : 3;
  context.lineWidth = width;
  context.strokeStyle = palette.edge;
  context.stroke(placed);
  context.lineWidth = width - 1.5;
  context.strokeStyle = palette.closed;
  context.setLineDash(CLOSED_DASH);
  context.stroke(placed);
  context.setLineDash([]);
  plate(sheet, middle, says, palette.closed);
}

/** A ring with a cross in it; told by its form, and by colour only beside that. */
function paintSpot(sheet, { at, lat, radius_m: radius, lapsed, says }, zoom) {
  const { context, palette } = sheet;
  const [x, y] = sheet.point(at);
  const reach = Math.max(9, radius / metresPerPixel(lat, zoom));
  const colour = lapsed ? palette.off : palette.chosen;
  context.beginPath();
  context.arc(x, y, reach, 0, 2 * Math.PI);
  context.globalAlpha = lapsed ? 0.08 : 0.2;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
  context.setLineDash(lapsed ? [4, 5] : []);
  for (const [width, tint] of [[5, palette.edge], [2.5, colour]]) {
    context.lineWidth = width;
    context.strokeStyle = tint;
    context.stroke();
  }
  context.setLineDash([]);
  context.beginPath();
  for (const [dx, dy] of [[1, 0], [0, 1]]) {
    context.moveTo(x - dx * 6, y - dy * 6);
    context.lineTo(x + dx * 6, y + dy * 6);
  }
  context.stroke();
  plate(sheet, [at[0], at[1]], says, colour, -reach - 14);
}

function paintDraft({ context, palette, path, point }, { path: line, area, corners }) {
  const placed = path(line);
  if (area) {
    context.fillStyle = hatch(context, palette.closed);
    context.fill(placed);
  }
  context.lineWidth = 3;
  context.strokeStyle = palette.closed;
  context.stroke(placed);
  for (const corner of corners) {
    const [x, y] = point(corner);
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fillStyle = palette.edge;
    context.fill();
    context.stroke();
  }
}

function plate({ context, palette, point }, middle, text, tint, up = 0) {
  if (!text) return;
  let wide = 12;
  for (const character of text) wide += character > "\u2e80" ? 13 : 8;
  const [x, y] = point(middle);
  context.save();
  context.translate(x, y + up);
  paintPlate(context, text, { width: wide, height: PLATE_TALL, tint }, palette);
  context.restore();
}
