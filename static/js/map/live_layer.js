/**
 * What moves: units and incidents on one canvas, drawn at most four times a second.
 */

import { makeAtlas } from "./atlas.js";
import { paintCluster } from "./marks.js";
import { paintHeading } from "./marks.js";
import { paintIncident } from "./marks.js";
import { paintIncidentCluster } from "./marks.js";
import { paintPlate } from "./marks.js";
import { paintUnit } from "./marks.js";
import { makeCrowd } from "./paper.js";
import { scaleAt } from "./paper.js";
import { ageSeconds } from "../map_shapes.js";
import { cluster } from "../map_shapes.js";
import { gathers } from "../map_shapes.js";
import { isShown } from "../map_shapes.js";
import { kindLetter } from "../map_shapes.js";
import { shares } from "../map_shapes.js";
import { unitForm } from "../map_shapes.js";
import { unitRank } from "../map_shapes.js";
import { whereNow } from "../map_shapes.js";

const CLUSTER_REACH_PX = 42;
const INCIDENT_REACH_PX = 34;
const LABELS_FROM = 13;
const LETTERS_FROM = 14;
const PLATE_TALL = 19;
const FADED = 0.34;
const MOVES_ABOVE_KMH = 3;
const STEP_DEG = 15;

/**
 * Make the painter of the marks.
 * @param {object} state of map.js: `units`, `positions`, `tracks`, `incidents`, `spots`, `selected`, `candidates`,
 *   `links` and `ageWord`
 * @returns {{draw: Function, forget: Function, marks: function(): Array}} `marks` lists what was drawn, for pointers
 */
export function makeLive(state) {
  const marks = new Map();
  let atlas = null;
  let drawn = [];
  let labelled = new Set();
  let crowd = null;
  let paper_size = "";

  const forget = () => {
    atlas = null;
  };

  const draw = (context, view, palette, moment) => {
    atlas ??= makeAtlas(view.dense);
    if (paper_size !== `${view.width},${view.height}`) {
      crowd = makeCrowd(view.width, view.height);
      paper_size = `${view.width},${view.height}`;
    }
    crowd.clear();
    const look = { context, palette, atlas, crowd, zoom: view.zoom, r: view.zoom >= LETTERS_FROM ? 10 : 7 };
    const scale = scaleAt(view.zoom);
    const place = ([x, y]) => ({ x: x * scale - view.left, y: y * scale - view.top });
    const units = gatherUnits(marks, state, moment, view, scale);
    const incidents = gatherIncidents(state, view, scale);
    drawn = [];
    drawLinks(look, state, place, moment);
    const single = drawClusters(look, state, units, drawn);
    drawIncidents(look, state, incidents, drawn);
    labelled = drawUnits(look, state, single, drawn, labelled);
  };

  return { draw, forget, marks: () => drawn };
}

/** Bring every unit's mark up to date and list those in view; the marks are kept from drawing to drawing. */
function gatherUnits(marks, state, { clock, now }, view, scale) {
  const found = [];
  for (const unit of state.units.values()) {
    const position = state.positions.get(unit.id);
    const track = state.tracks.get(unit.id);
    if (!track || !isShown(unit, position)) continue;
    const [world_x, world_y] = whereNow(track, clock);
    const x = world_x * scale - view.left;
    const y = world_y * scale - view.top;
    if (x < -60 || y < -40 || x > view.width + 60 || y > view.height + 40) continue;
    let mark = marks.get(unit.id);
    if (mark?.unit !== unit) {
      mark = { type: "unit", id: unit.id, unit, letter: kindLetter(unit), rank: unitRank(unit) };
      marks.set(unit.id, mark);
    }
    mark.x = x;
    mark.y = y;
    mark.position = position;
    mark.age = ageSeconds(position ? position[6] : null, now);
    mark.form = unitForm(unit, mark.age);
    mark.turn = turnOf(mark);
    found.push(mark);
  }
  if (marks.size > 2 * state.units.size + 100) marks.clear();
  return found;
}

/** Say which of 24 ways a unit drives, -1 when it stands or when its fix is old. */
function turnOf({ position, form }) {
  if (!position || form.hollow || !(position[4] > MOVES_ABOVE_KMH) || typeof position[5] !== "number") return -1;
  return Math.round(position[5] / STEP_DEG) % (360 / STEP_DEG);
}

/** List the incidents in view, the least urgent first; their marks are made by `setIncidents`. */
function gatherIncidents(state, view, scale) {
  const found = [];
  for (const mark of state.spots.values()) {
    mark.x = mark.world[0] * scale - view.left;
    mark.y = mark.world[1] * scale - view.top;
    if (mark.x > -60 && mark.y > -40 && mark.x < view.width + 60 && mark.y < view.height + 40) found.push(mark);
  }
  return found;
}

function isSelected(state, type, id) {
  return state.selected?.type === type && state.selected.id === id;
}

/** Lines from units to the incident they go to, and from the chosen incident to the candidates. */
function drawLinks({ context, palette }, state, place, { clock }) {
  context.lineWidth = 2;
  for (const { unit, incident, candidate } of state.links) {
    const track = state.tracks.get(unit);
    const target = state.spots.get(incident);
    if (!track || !target) continue;
    const from = place(whereNow(track, clock));
    const to = place(target.world);
    context.strokeStyle = candidate ? palette.plateSoft : palette.standby;
    context.globalAlpha = candidate ? 0.55 : 0.8;
    context.setLineDash(candidate ? [2, 5] : [7, 5]);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawIncidents(look, state, incidents, drawn) {
  const { atlas, palette } = look;
  if (!gathers(look.zoom, incidents.length)) {
    for (const mark of incidents) drawIncident(look, state, mark, drawn);
    return;
  }
  // Most urgent first, so that it leads its cluster; drawn last, so that it lies on top.
  for (const group of cluster(incidents.reverse(), INCIDENT_REACH_PX).reverse()) {
    const { x, y, items } = group;
    if (items.length === 1) {
      drawIncident(look, state, items[0], drawn);
      continue;
    }
    const urgent = items[0].form.priority;
    atlas.stamp(look.context, `I${urgent}:${items.length}`, x, y, 48, 48,
      (paper) => paintIncidentCluster(paper, urgent, items.length, 15, palette));
    drawn.push({ x, y, reach: 18, type: "cluster", items });
  }
}

function drawIncident(look, state, mark, drawn) {
  const { context, palette, atlas, zoom } = look;
  const { form, x, y } = mark;
  const r = zoom >= LETTERS_FROM ? 13 : 10;
  context.globalAlpha = form.state === "done" ? 0.6 : 1;
  atlas.stamp(context, `i${form.key}${r}`, x, y, r * 2 + 12, r * 2 + 12, (paper) => paintIncident(paper, form, r, palette));
  context.globalAlpha = 1;
  if (isSelected(state, "incident", mark.id)) ring(look, x, y, r + 8);
  mark.reach = r + 3;
  drawn.push(mark);
}

/** A unit that must be seen by itself: in danger, chosen, or proposed. */
function standsAlone(state, { unit }) {
  return Boolean(unit.emergency_at) || isSelected(state, "unit", unit.id) || state.candidates.has(unit.id);
}

/** Gather units that would cover each other, draw the clusters, and return the units that stand by themselves. */
function drawClusters(look, state, units, drawn) {
  if (!gathers(look.zoom, units.length)) return units;
  const single = units.filter((one) => standsAlone(state, one));
  for (const group of cluster(units.filter((one) => !standsAlone(state, one)), CLUSTER_REACH_PX)) {
    if (group.items.length === 1) single.push(group.items[0]);
    else drawCluster(look, state, group, drawn);
  }
  return single;
}

function drawUnits(look, state, single, drawn, before) {
  single.sort((a, b) => b.rank - a.rank || a.id - b.id);
  for (const one of single) drawUnit(look, state, one, drawn);
  return drawLabels(look, state, single, before);
}

function drawCluster({ context, palette, atlas }, state, group, drawn) {
  const counts = shares(group.items);
  const r = group.items.length > 20 ? 19 : 16;
  context.globalAlpha = state.candidates.size ? FADED : 1;
  atlas.stamp(context, `c${Object.values(counts).join()}`, group.x, group.y, r * 2 + 6, r * 2 + 6,
    (paper) => paintCluster(paper, counts, r, palette));
  context.globalAlpha = 1;
  drawn.push({ x: group.x, y: group.y, reach: r, type: "cluster", items: group.items });
}

function drawUnit(look, state, mark, drawn) {
  const { context, palette, atlas, zoom, r } = look;
  const { form, x, y, turn } = mark;
  const letter = zoom >= LETTERS_FROM ? mark.letter : "";
  const faded = (state.candidates.size && !standsAlone(state, mark)) || form.struck;
  context.globalAlpha = faded ? FADED : form.hollow ? 0.8 : 1;
  atlas.stamp(context, `u${form.key}${letter}${r}.${turn}`, x, y, r * 2 + 20, r * 2 + 20, (paper) => {
    if (turn >= 0) paintHeading(paper, form, r, (turn * STEP_DEG * Math.PI) / 180, palette);
    paintUnit(paper, form, r, letter, palette);
  });
  context.globalAlpha = 1;
  if (isSelected(state, "unit", mark.id)) {
    drawAccuracy(look, mark);
    ring(look, x, y, r + 6);
  }
  mark.reach = r + 4;
  drawn.push(mark);
}

/** The circle in which the fix says the unit is; small ones hide under the mark. */
function drawAccuracy({ context, palette, zoom, r }, { x, y, position }) {
  const metres = position?.[3];
  if (!metres) return;
  const radius = metres / ((156543.03392 * Math.cos((position[1] * Math.PI) / 180)) / 2 ** zoom);
  if (radius < r + 6 || radius > 2000) return;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.strokeStyle = palette.chosen;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
}

function ring({ context, palette }, x, y, radius) {
  for (const [width, colour] of [[5, palette.edge], [2.4, palette.chosen]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** Write labels where there is room, the same ones as before first, so that they do not flicker while units drive. */
function drawLabels(look, state, units, before) {
  const { crowd } = look;
  const written = new Set();
  const must = units.filter((one) => standsAlone(state, one));
  for (const one of must) writeLabel(look, state, one, crowd, true);
  if (state.candidates.size || look.zoom < LABELS_FROM) return written;
  const wanted = units.filter((one) => !standsAlone(state, one));
  wanted.sort((a, b) => before.has(b.id) - before.has(a.id) || a.rank - b.rank || a.id - b.id);
  for (const one of units) crowd.place(one.x - look.r, one.y - look.r, look.r * 2, look.r * 2);
  for (const one of wanted) if (writeLabel(look, state, one, crowd, false)) written.add(one.unit.id);
  return written;
}

function writeLabel(look, state, one, crowd, always) {
  const { context, palette, atlas, r } = look;
  const rank = state.candidates.get(one.unit.id);
  const name = rank ? `${rank} ${one.unit.label}` : one.unit.label;
  const age = state.ageWord(one.age);
  const name_wide = textWidth(name, 13);
  const age_wide = textWidth(age, 12);
  const wide = name_wide + age_wide;
  const left = one.x + r + 4;
  if (!crowd.place(left, one.y - PLATE_TALL / 2, wide, PLATE_TALL) && !always) return false;
  const alpha = one.form.struck ? 0.6 : 1;
  context.globalAlpha = alpha;
  const tint = one.unit.emergency_at ? palette.critical : palette.plateText;
  atlas.stamp(context, `n${name}${one.unit.emergency_at ? "!" : ""}`, left + name_wide / 2, one.y, name_wide, PLATE_TALL,
    (paper) => paintPlate(paper, name, { width: name_wide, height: PLATE_TALL, tint }, palette));
  atlas.stamp(context, `a${age}`, left + name_wide + age_wide / 2, one.y, age_wide, PLATE_TALL,
    (paper) => paintPlate(paper, age, { width: age_wide, height: PLATE_TALL, tint: palette.plateSoft, weight: 400, size: 12 }, palette));
  context.globalAlpha = 1;
  return true;
}

const known_widths = new Map();

/** Estimate a label's width: Hanzi are square, digits and letters a little over half; measuring would cost more. */
function textWidth(text, size) {
  const known = known_widths.get(text);
  if (known) return known;
  let wide = 10;
  for (const character of text) wide += character > "\u2e80" ? size : size * 0.6;
  known_widths.set(text, Math.ceil(wide));
  return Math.ceil(wide);
}
