/**
 * Cameras and search areas on the ground: a wedge for what a camera sees, a ring where it turns or nobody knows, told
 * apart by form first and by colour beside that.
 */

import { metresPerPixel } from "./paper.js";

const SMALLEST_PX = 13;
const USUAL_FOV = 70;
const USUAL_RANGE_M = 80;
const RIGHT_ANGLE = 90;

/**
 * Tell how a camera's view is drawn; pure.
 * @param {{bearing: number|null, fov_deg: number|null, range_m: number|null}} camera
 * @returns {{from: number, to: number, isWhole: boolean, isSure: boolean, range_m: number}} angles in radians of a canvas
 *   (0 is east, clockwise)
 */
export function wedge({ bearing, fov_deg: fov, range_m: range }) {
  const isWhole = bearing === null || (fov ?? USUAL_FOV) >= 360;
  const half = ((fov ?? USUAL_FOV) / 2) * (Math.PI / 180);
  const middle = isWhole ? 0 : ((bearing - RIGHT_ANGLE) * Math.PI) / 180;
  return {
    from: isWhole ? 0 : middle - half,
    to: isWhole ? 2 * Math.PI : middle + half,
    isWhole,
    isSure: bearing !== null && fov !== null && range !== null,
    range_m: range ?? USUAL_RANGE_M,
  };
}

/** Draw one camera. `sheet` is that of the ground layer; `one` holds the camera, its place and how it stands out. */
export function paintCamera(sheet, { at, camera, sees, chosen, checked, next }, zoom) {
  const { context, palette } = sheet;
  const [x, y] = sheet.point(at);
  const view = wedge(camera);
  const reach = Math.max(SMALLEST_PX, view.range_m / metresPerPixel(camera.lat, zoom));
  const tint = toneOf(palette, { camera, sees, chosen, checked });
  context.beginPath();
  if (!view.isWhole) context.moveTo(x, y);
  context.arc(x, y, reach, view.from, view.to);
  context.closePath();
  context.globalAlpha = chosen ? 0.42 : sees === "no" ? 0.1 : 0.24;
  context.fillStyle = tint;
  context.fill();
  context.globalAlpha = sees === "no" && !chosen ? 0.55 : 1;
  context.setLineDash(view.isSure ? [] : [4, 4]);
  context.lineWidth = chosen ? 3 : 1.5;
  context.strokeStyle = tint;
  context.stroke();
  context.setLineDash([]);
  paintPole(context, palette, { x, y, tint, chosen, next, checked, isOff: camera.state === "offline" });
  context.globalAlpha = 1;
}

function toneOf(palette, { camera, sees, chosen, checked }) {
  if (chosen) return palette.chosen;
  if (camera.state === "offline") return palette.off;
  if (checked) return palette.normal;
  return sees === "yes" ? palette.standby : palette.reach;
}

/** The pole itself: a square; a tick in it when it was looked through, a cross when it gives no picture. */
function paintPole(context, palette, { x, y, tint, chosen, next, checked, isOff }) {
  const half = chosen || next ? 7 : 5;
  context.fillStyle = palette.edge;
  context.fillRect(x - half - 1, y - half - 1, 2 * half + 2, 2 * half + 2);
  context.fillStyle = tint;
  context.fillRect(x - half, y - half, 2 * half, 2 * half);
  context.strokeStyle = palette.edge;
  context.lineWidth = 2;
  context.beginPath();
  if (isOff) {
    context.moveTo(x - 3, y - 3);
    context.lineTo(x + 3, y + 3);
    context.moveTo(x + 3, y - 3);
    context.lineTo(x - 3, y + 3);
  } else if (checked) {
    context.moveTo(x - 3, y);
    context.lineTo(x - 1, y + 3);
    context.lineTo(x + 4, y - 3);
  }
  context.stroke();
  if (!next) return;
  context.strokeStyle = palette.chosen;
  context.setLineDash([3, 3]);
  context.strokeRect(x - half - 5, y - half - 5, 2 * half + 10, 2 * half + 10);
  context.setLineDash([]);
}

/** Draw a search area: an outline with a faint ground; the chosen one is stronger. */
export function paintArea({ context, palette, path }, { path: ring, chosen, ended }) {
  const placed = path(ring);
  context.fillStyle = palette.reach;
  context.globalAlpha = chosen ? 0.13 : 0.06;
  context.fill(placed);
  context.globalAlpha = ended ? 0.4 : 0.95;
  context.strokeStyle = palette.reach;
  context.lineWidth = chosen ? 2.5 : 1.5;
  context.setLineDash([10, 5]);
  context.stroke(placed);
  context.setLineDash([]);
  context.globalAlpha = 1;
}
