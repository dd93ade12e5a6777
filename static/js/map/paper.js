/**
 * The paper of the map, without a browser: projection, widths of roads, places of names, houses.
 *
 * World pixels are those of the Web Mercator projection at zoom 18, on which every drawn line is kept once
 * and scaled; screen pixels are CSS pixels of the map's view.
 */

export const REFERENCE_ZOOM = 18;

const WORLD_PX = 256 * 2 ** REFERENCE_ZOOM;

/**
 * Project a WGS-84 point.
 * @param {number} lat degrees
 * @param {number} lng degrees
 * @returns {[number, number]} world pixels, x to the east and y to the south
 */
export function project(lat, lng) {
  const sine = Math.min(Math.max(Math.sin((lat * Math.PI) / 180), -0.9999), 0.9999);
  return [
    ((lng + 180) / 360) * WORLD_PX,
    (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD_PX,
  ];
}

/**
 * Find the WGS-84 point of a place in world pixels.
 * @returns {{lat: number, lng: number}} degrees
 */
export function unproject(x, y) {
  const north = Math.PI * (1 - (2 * y) / WORLD_PX);
  return { lat: (Math.atan(Math.sinh(north)) * 180) / Math.PI, lng: (x / WORLD_PX) * 360 - 180 };
}

/** Say how many screen pixels a world pixel is at a zoom. */
export function scaleAt(zoom) {
  return 2 ** (zoom - REFERENCE_ZOOM);
}

/** Say how many metres a screen pixel is at a latitude and zoom. */
export function metresPerPixel(lat, zoom) {
  return (156543.03392 * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom;
}

const WIDTHS = {
  //         z11  z12  z13  z14  z15  z16  z17   z18
  trunk:    [1.6, 2.2, 2.8, 3.8, 5.6, 8.5, 13.0, 20],
  primary:  [1.0, 1.6, 2.2, 3.2, 4.8, 7.5, 11.5, 18],
  secondary:[0.6, 1.0, 1.5, 2.2, 3.6, 6.0, 9.5,  15],
  tertiary: [0.0, 0.4, 0.7, 1.2, 2.2, 4.0, 7.0,  11],
  lane:     [0.0, 0.0, 0.4, 0.7, 1.3, 2.8, 5.0,  8],
  foot:     [0.0, 0.0, 0.4, 0.7, 1.1, 2.0, 3.2,  5],
  rail:     [0.8, 0.9, 1.0, 1.2, 1.4, 1.8, 2.2,  3],
};

/** Say how wide a road is drawn, in screen pixels; 0 means not at all at this zoom. */
export function roadWidth(roadClass, zoom) {
  const widths = WIDTHS[roadClass];
  if (!widths) return 0;
  const at = Math.min(Math.max(zoom - 11, 0), widths.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, widths.length - 1);
  if (zoom < 10.5) return roadClass === "trunk" || roadClass === "primary" ? widths[0] * 0.8 : 0;
  return widths[low] + (widths[high] - widths[low]) * (at - low);
}

/**
 * Choose where a road's name stands along its line.
 * @param {Array<[number, number]>} line screen pixels
 * @param {number} length_px of the written name
 * @param {number} every_px distance from one name to the next
 * @returns {Array<{x: number, y: number, angle: number, upright: boolean}>} middles of the names; `angle` in radians
 *   turned so that no name stands on its head; `upright` where the road runs so steeply that the characters are set
 *   one below the other
 */
export function lineLabels(line, length_px, every_px) {
  const spots = [];
  let walked = 0;
  let next = every_px / 2;
  for (let at = 1; at < line.length; at += 1) {
    const [x1, y1] = line[at - 1];
    const [x2, y2] = line[at];
    const step = Math.hypot(x2 - x1, y2 - y1);
    while (step > 0 && walked + step >= next) {
      const share = (next - walked) / step;
      const middle = { x: x1 + (x2 - x1) * share, y: y1 + (y2 - y1) * share };
      const before = pointAlong(line, at - 1, share, -length_px / 2);
      const after = pointAlong(line, at - 1, share, length_px / 2);
      if (before && after) spots.push({ ...middle, ...slant(before, after) });
      next += every_px;
    }
    walked += step;
  }
  return spots;
}

function pointAlong(line, segment, share, far) {
  const forward = far > 0;
  let left = Math.abs(far);
  let index = segment;
  let [x, y] = [0, 1].map((axis) => line[segment][axis] + (line[segment + 1][axis] - line[segment][axis]) * share);
  for (;;) {
    const target = line[forward ? index + 1 : index];
    if (!target) return null;
    const step = Math.hypot(target[0] - x, target[1] - y);
    if (step >= left) return [x + ((target[0] - x) * left) / step, y + ((target[1] - y) * left) / step];
    left -= step;
    [x, y] = target;
    index += forward ? 1 : -1;
    if (index < 0 || index >= line.length) return null;
  }
}

function slant([x1, y1], [x2, y2]) {
  let angle = Math.atan2(y2 - y1, x2 - x1);
  if (angle > Math.PI / 2) angle -= Math.PI;
  if (angle <= -Math.PI / 2) angle += Math.PI;
  return { angle, upright: Math.abs(angle) > 1.05 };
}

/**
 * Spread the houses of the base map, which travel as rows per plot, into their corners.
 * @param {{kinds: Array<Array<number>>, plots: Array<Array>}} buildings of the base map
 * @param {function(number, number): [number, number]} place from metres to the drawing's units
 * @param {function(Array<[number, number]>): void} house called with the four corners of each house
 */
export function eachHouse(buildings, place, house) {
  for (const [x, y, turn, columns, rows, kind, present] of buildings.plots) {
    const [width, depth, beside, behind] = buildings.kinds[kind];
    const angle = (turn * Math.PI) / 180;
    const bits = BigInt(`0x${present}`);
    for (let index = 0; index < columns * rows; index += 1) {
      if (!((bits >> BigInt(index)) & 1n)) continue;
      const u = ((index % columns) + 0.5) * (width + beside);
      const v = (Math.floor(index / columns) + 0.5) * (depth + behind);
      const corner = (du, dv) => place(
        x + (u + du) * Math.cos(angle) - (v + dv) * Math.sin(angle),
        y + (u + du) * Math.sin(angle) + (v + dv) * Math.cos(angle),
      );
      house([corner(-width / 2, -depth / 2), corner(width / 2, -depth / 2), corner(width / 2, depth / 2),
        corner(-width / 2, depth / 2)]);
    }
  }
}

const CELL_PX = 6;

/**
 * Keep labels from covering each other: a raster of small cells, each taken or free.
 * @param {number} width of the paper in CSS pixels
 * @param {number} height of it
 * @returns {{place: Function, clear: Function}} `place(x, y, width, height)` takes the room and answers `true`, or
 *   answers `false` when something stands there already; what lies off the paper is always free
 */
export function makeCrowd(width, height) {
  const columns = Math.max(1, Math.ceil(width / CELL_PX));
  const rows = Math.max(1, Math.ceil(height / CELL_PX));
  const taken = new Uint8Array(columns * rows);
  const place = (x, y, wide, tall) => {
    const left = Math.max(0, Math.floor(x / CELL_PX));
    const right = Math.min(columns, Math.ceil((x + wide) / CELL_PX));
    const top = Math.max(0, Math.floor(y / CELL_PX));
    const bottom = Math.min(rows, Math.ceil((y + tall) / CELL_PX));
    for (let row = top; row < bottom; row += 1) {
      for (let at = row * columns + left; at < row * columns + right; at += 1) if (taken[at]) return false;
    }
    for (let row = top; row < bottom; row += 1) taken.fill(1, row * columns + left, row * columns + Math.max(left, right));
    return true;
  };
  return { place, clear: () => taken.fill(0), columns, rows };
}

/** Make a box that holds nothing yet. */
export function emptyBox() {
  return { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}

/** Widen a box until it holds a point. */
export function widen(box, x, y) {
  box.left = Math.min(box.left, x);
  box.right = Math.max(box.right, x);
  box.top = Math.min(box.top, y);
  box.bottom = Math.max(box.bottom, y);
}

/** Tell whether two boxes share anything. */
export function overlaps(one, other) {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}
