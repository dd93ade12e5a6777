/**
 * The pictures of units, incidents and clusters: a shape and a word first, a colour second (targets 4.2).
 */

/** Draw the outline of a unit's shape around 0, 0. */
function outline(context, shape, r) {
  context.beginPath();
  if (shape === "triangle") {
    context.moveTo(0, -r * 1.25);
    context.lineTo(r * 1.2, r * 0.85);
    context.lineTo(-r * 1.2, r * 0.85);
    context.closePath();
  } else if (shape === "square") {
    context.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8);
  } else if (shape === "bar") {
    context.rect(-r, -r * 0.68, r * 2, r * 1.36);
  } else {
    context.arc(0, 0, r, 0, 2 * Math.PI);
  }
}

const FILLED = new Set(["disc", "square", "triangle"]);

/**
 * Paint a unit's mark around 0, 0.
 * @param {CanvasRenderingContext2D} context
 * @param {{shape: string, tone: string, hollow: boolean, struck: boolean}} form of map_shapes
 * @param {number} r radius in CSS pixels
 * @param {string} letter the character of its kind, "" for none
 * @param {Object<string, string>} palette
 */
export function paintUnit(context, form, r, letter, palette) {
  const tone = palette[form.tone];
  const filled = FILLED.has(form.shape) && !form.hollow;
  outline(context, form.shape, r + 1.6);
  context.fillStyle = palette.edge;
  context.fill();
  outline(context, form.shape, r);
  context.fillStyle = filled ? tone : palette.plate;
  context.fill();
  if (form.shape === "half" && !form.hollow) {
    context.beginPath();
    context.arc(0, 0, r, Math.PI / 2, (3 * Math.PI) / 2);
    context.fillStyle = tone;
    context.fill();
  }
  if (!filled) {
    outline(context, form.shape, r - 1);
    context.strokeStyle = tone;
    context.lineWidth = 2;
    context.setLineDash(form.hollow ? [3, 2.2] : []);
    context.stroke();
    context.setLineDash([]);
  }
  if (form.shape === "triangle") {
    outline(context, form.shape, r);
    context.strokeStyle = palette.chosen;
    context.lineWidth = 1.8;
    context.stroke();
  }
  if (letter) paintLetter(context, letter, form, filled, palette);
  if (form.struck) strike(context, r, palette);
}

/** Paint a small wedge outside of a unit's mark in the direction of travel, in radians clockwise from north. */
export function paintHeading(context, form, r, turn, palette) {
  const [near, far, wide] = [r + 2, r + 8, 5];
  context.save();
  context.rotate(turn);
  context.beginPath();
  context.moveTo(0, -far);
  context.lineTo(wide, -near);
  context.lineTo(-wide, -near);
  context.closePath();
  context.lineWidth = 2.6;
  context.strokeStyle = palette.edge;
  context.stroke();
  context.fillStyle = palette[form.tone];
  context.fill();
  context.restore();
}

function paintLetter(context, letter, form, filled, palette) {
  context.font = `600 12px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  const half = form.shape === "half" && !form.hollow;
  context.fillStyle = filled ? palette.onTone : palette[form.tone];
  if (half) {
    context.lineWidth = 3;
    context.strokeStyle = palette.plate;
    context.lineJoin = "round";
    context.strokeText(letter, 0, 0.5);
    context.fillStyle = palette.plateText;
  }
  context.fillText(letter, 0, form.shape === "triangle" ? 2 : 0.5);
}

function strike(context, r, palette) {
  for (const [width, colour] of [[4, palette.edge], [2, palette.plateText]]) {
    context.beginPath();
    context.moveTo(-r - 2, r + 2);
    context.lineTo(r + 2, -r - 2);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

function diamond(context, r) {
  context.beginPath();
  context.moveTo(0, -r);
  context.lineTo(r, 0);
  context.lineTo(0, r);
  context.lineTo(-r, 0);
  context.closePath();
}

/**
 * Paint an incident's mark around 0, 0: a diamond with its priority.
 * @param {{priority: number, state: string, unverified: boolean}} form of map_shapes
 */
export function paintIncident(context, form, r, palette) {
  const tone = palette[`p${form.priority}`] ?? palette.off;
  const full = form.state === "waiting";
  diamond(context, r + 2);
  context.fillStyle = palette.edge;
  context.fill();
  diamond(context, r);
  context.fillStyle = full ? tone : palette.plate;
  context.fill();
  diamond(context, r - 1);
  context.strokeStyle = tone;
  context.lineWidth = form.state === "done" ? 1.2 : 2;
  context.setLineDash(form.unverified && !full ? [3.5, 2.5] : []);
  context.stroke();
  context.setLineDash([]);
  context.font = `700 ${r >= 11 ? 13 : 11}px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = full ? palette.onTone : tone;
  context.fillText(String(form.priority), 0, 0.5);
  if (form.unverified) paintDoubt(context, r, palette);
}

/** A place that nobody has checked carries a question mark at its corner. */
function paintDoubt(context, r, palette) {
  context.beginPath();
  context.arc(r * 0.78, -r * 0.72, 6, 0, 2 * Math.PI);
  context.fillStyle = palette.plate;
  context.fill();
  context.font = `700 10px ${palette.font}`;
  context.fillStyle = palette.plateText;
  context.fillText("?", r * 0.78, -r * 0.7);
}

/**
 * Paint a cluster of units: how many, and a ring of what they are doing.
 * @param {Object<string, number>} counts by tone, of map_shapes.shares
 */
export function paintCluster(context, counts, r, palette) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  context.beginPath();
  context.arc(0, 0, r + 2, 0, 2 * Math.PI);
  context.fillStyle = palette.edge;
  context.fill();
  let from = -Math.PI / 2;
  context.lineWidth = 4;
  for (const tone of ["critical", "standby", "normal", "off"]) {
    if (!counts[tone]) continue;
    const to = from + (2 * Math.PI * counts[tone]) / total;
    context.beginPath();
    context.arc(0, 0, r - 2, from, to);
    context.strokeStyle = palette[tone];
    context.stroke();
    from = to;
  }
  context.beginPath();
  context.arc(0, 0, r - 4, 0, 2 * Math.PI);
  context.fillStyle = palette.plate;
  context.fill();
  context.font = `600 13px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = palette.plateText;
  context.fillText(String(total), 0, 0.5);
}

/** Paint a cluster of incidents: a frame in the most urgent priority's colour, and "×3" lest it be read as a priority. */
export function paintIncidentCluster(context, priority, count, r, palette) {
  diamond(context, r + 6);
  context.fillStyle = palette.edge;
  context.fill();
  diamond(context, r + 4);
  context.fillStyle = palette[`p${priority}`] ?? palette.off;
  context.fill();
  diamond(context, r);
  context.fillStyle = palette.plate;
  context.fill();
  context.font = `700 12px ${palette.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = palette.plateText;
  context.fillText(`×${count}`, 0, 0.5);
}

/** Paint a plate with a text, its left edge at the left of the picture. */
export function paintPlate(context, text, { width, height, tint, weight = 600, size = 13 }, palette) {
  context.beginPath();
  context.roundRect(-width / 2, -height / 2, width, height, 3);
  context.fillStyle = palette.plate;
  context.fill();
  context.font = `${weight} ${size}px ${palette.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = tint;
  context.fillText(text, -width / 2 + 5, 0.5);
}
