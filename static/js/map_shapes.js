/**
 * The marks on the map, worked out without a browser: shapes by status, ages of fixes, clusters, gliding.
 *
 * Positions are world pixels (map/paper.js) or screen pixels, as each function says.
 */

/** Seconds after which a fix is shown hollow, and after which it is struck through (domain 5: stale, 180 s). */
export const STALE_AFTER_S = 60;
export const LOST_AFTER_S = 180;
/** Below the first zoom marks always gather in clusters; below the second when there are many of them. */
const CLUSTER_BELOW_ZOOM = 12.5;
const CROWD_BELOW_ZOOM = 14;
const CROWD = 120;

const LONGEST_GLIDE_MS = 1500;
const JUMP_PX = 6000; // world pixels, about 3 km: a mark that far away is set down, not driven there

/**
 * Say how old a fix is.
 * @param {number|null} fixedAt moment of the fix, ms since 1970
 * @param {number} now ms since 1970, the server's time
 * @returns {number|null} whole seconds, never negative; `null` without a fix
 */
export function ageSeconds(fixedAt, now) {
  if (fixedAt === null || fixedAt === undefined) return null;
  return Math.max(0, Math.floor((now - fixedAt) / 1000));
}

/** Tell how far a fix can be trusted by its age: `fresh`, `stale` (over 60 s) or `lost` (over 180 s, or none). */
export function trust(age) {
  if (age === null || age > LOST_AFTER_S) return "lost";
  return age > STALE_AFTER_S ? "stale" : "fresh";
}

/** Round an age to what is written beside a mark: seconds by five, then minutes, then hours. */
export function ageStep(age) {
  if (age === null) return { unit: "none", n: 0 };
  if (age < STALE_AFTER_S) return { unit: "s", n: age - (age % 5) };
  if (age < 3600) return { unit: "m", n: Math.floor(age / 60) };
  return { unit: "h", n: Math.floor(age / 3600) };
}

const FORMS = {
  emergency: ["triangle", "critical"],
  off_duty: ["bar", "off"],
  available: ["disc", "normal"],
  on_task: ["half", "normal"],
  assigned: ["ring", "standby"],
  en_route: ["ring", "standby"],
  on_scene: ["square", "standby"],
  transporting: ["square", "standby"],
  break: ["bar", "off"],
  out_of_service: ["bar", "off"],
};

const known_forms = new Map();

/**
 * Choose the mark of a unit: its shape and tone by status, red only in an emergency (targets 4.2).
 * @param {{status: string, emergency_at: string|null}} unit row of the contract
 * @param {number|null} age seconds of its fix
 * @returns {{shape: string, tone: string, hollow: boolean, struck: boolean, key: string}} the same object for the
 *   same look, so that a picture is found by its `key`
 */
export function unitForm(unit, age) {
  const status = unit.emergency_at ? "emergency" : unit.status;
  const key = `${status}.${trust(age)}`;
  let form = known_forms.get(key);
  if (!form) {
    const [shape, tone] = FORMS[status] ?? FORMS.off_duty;
    const hollow = trust(age) !== "fresh";
    form = Object.freeze({ shape, tone, hollow, struck: trust(age) === "lost", key });
    known_forms.set(key, form);
  }
  return form;
}

/** Order units by how much they matter when there is not room for every label: the lower, the sooner. */
export function unitRank(unit) {
  if (unit.emergency_at) return 0;
  const order = ["available", "on_task", "en_route", "assigned", "on_scene", "transporting"];
  const at = order.indexOf(unit.status);
  return at < 0 ? 9 : at + 1;
}

/** Tell whether a unit belongs on the map: seats never do, and nobody off duty whose whereabouts are unknown. */
export function isShown(unit, position) {
  if (unit.kind === "UV" || unit.kind === "UJ") return false;
  return Boolean(position) || (unit.status !== "off_duty" && Boolean(unit.home));
}

/** Name the one character that stands in a unit's mark for its kind: 巡, 摩, 步, 所, 航, 联. */
export function kindLetter(unit) {
  return (unit.label || unit.call_sign || "?").slice(0, 1);
}

const WAITING = new Set(["new", "pending"]);
const DONE = new Set(["handled", "reported", "review"]);

/**
 * Choose the mark of an incident: full while it waits for a unit, outlined while units are on it, faint when handled.
 * @param {{stage: string, priority: number, point_status: string}} incident row of the contract
 */
export function incidentForm(incident) {
  const state = WAITING.has(incident.stage) ? "waiting" : DONE.has(incident.stage) ? "done" : "working";
  const unverified = incident.point_status !== "verified";
  return { priority: incident.priority, state, unverified, key: `${incident.priority}${state}${unverified ? "?" : ""}` };
}

/** Tell whether marks should gather in clusters: from far away, and from nearer when there are many in view. */
export function gathers(zoom, count) {
  return zoom < CLUSTER_BELOW_ZOOM || (zoom < CROWD_BELOW_ZOOM && count > CROWD);
}

/**
 * Gather marks that lie close together.
 * @param {Array<{x: number, y: number}>} items with screen positions; order decides who leads a cluster
 * @param {number} reach_px how near is close
 * @returns {Array<{x: number, y: number, items: Array}>} clusters of one or more at their middle
 */
export function cluster(items, reach_px) {
  const cells = new Map();
  const clusters = [];
  for (const item of items) {
    const column = Math.floor(item.x / reach_px);
    const row = Math.floor(item.y / reach_px);
    const home = nearestCluster(cells, item, column, row, reach_px);
    if (home) {
      home.items.push(item);
      home.x += (item.x - home.x) / home.items.length;
      home.y += (item.y - home.y) / home.items.length;
      continue;
    }
    const fresh = { x: item.x, y: item.y, seedX: item.x, seedY: item.y, items: [item] };
    clusters.push(fresh);
    const key = cellKey(column, row);
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [fresh]);
    else cell.push(fresh);
  }
  return clusters;
}

/** One whole number for a cell: strings as keys cost most of the clustering. */
function cellKey(column, row) {
  return (column + 32768) * 65536 + row + 32768;
}

function nearestCluster(cells, item, column, row, reach) {
  let best = null;
  let least = reach * reach;
  for (let x = column - 1; x <= column + 1; x += 1) {
    for (let y = row - 1; y <= row + 1; y += 1) {
      const cell = cells.get(cellKey(x, y));
      if (cell === undefined) continue;
      for (const one of cell) {
        const far = (one.seedX - item.x) ** 2 + (one.seedY - item.y) ** 2;
        if (far < least) {
          best = one;
          least = far;
        }
      }
    }
  }
  return best;
}

/** Count a cluster's marks by what the units are doing, in the order in which its ring shows them. */
export function shares(marks) {
  const counts = { normal: 0, standby: 0, off: 0, critical: 0 };
  for (const mark of marks) counts[mark.form.tone] += 1;
  return counts;
}

/**
 * Begin or continue a unit's way over the map.
 * @param {object|null} track what an earlier call returned
 * @param {[number, number]} to world pixels of the new fix
 * @param {number} now ms, any clock that only goes forward
 * @returns {{from: Array, to: Array, since: number, lasts: number}}
 */
export function glide(track, to, now) {
  if (!track) return { from: to, to, since: now, lasts: 0 };
  if (track.to[0] === to[0] && track.to[1] === to[1]) return track;
  const from = whereNow(track, now);
  const far = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (far > JUMP_PX) return { from: to, to, since: now, lasts: 0 };
  return { from, to, since: now, lasts: Math.min(LONGEST_GLIDE_MS, Math.max(250, now - track.since)) };
}

/** Say where a unit is on its way, in world pixels. */
export function whereNow(track, now) {
  const share = track.lasts > 0 ? Math.min(1, Math.max(0, (now - track.since) / track.lasts)) : 1;
  return [track.from[0] + (track.to[0] - track.from[0]) * share, track.from[1] + (track.to[1] - track.from[1]) * share];
}

/** Tell whether a unit is still on its way. */
export function isGliding(track, now) {
  return track.lasts > 0 && now - track.since < track.lasts;
}

/**
 * Find the mark under a point.
 * @param {Array<{x: number, y: number, reach: number}>} marks as drawn, the last one on top
 * @returns the mark, or `null`
 */
export function markAt(marks, x, y) {
  let best = null;
  let least = Infinity;
  for (let at = marks.length - 1; at >= 0; at -= 1) {
    const mark = marks[at];
    const far = Math.hypot(mark.x - x, mark.y - y);
    if (far <= mark.reach && far < least - 2) [best, least] = [mark, far];
  }
  return best;
}
