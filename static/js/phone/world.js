/**
 * What the phone knows: its unit, the order, the incident and what hangs on them. Pure.
 *
 * A world is a plain object, so that it can be kept in the store and shown without network. Of two
 * versions of a row the higher one stays, whichever way it came.
 */

/** A phone that knows nothing yet. */
export const NOTHING = Object.freeze({
  epoch: null, seq: 0, read_at: null, offset_ms: 0, me: null,
  unit: null, assignment: null, incident: null, contact: null,
  deadlines: [], reports: [], notes: [], parties: [], premises: [], premisesOf: null, answers: [], clues: [], positions: [], directives: [], suspects: [], ticks: [], returned: [], withdrawn: [], choices: [], owed: [], places: {},
  planned: null, post_answers: [], hints: [], duty_level: null,
});

const OWED_KEPT = 5;
const PLACES_KEPT = 4;

/**
 * Take the answer of `GET /api/my-unit/`.
 * @param {object} world what is known
 * @param {object} answer the body
 * @param {number} now the device's time in milliseconds
 * @returns {object|null} the new world; `null` when the answer is older than what is known: ask again
 */
export function takeMyUnit(world, answer, now) {
  if (answer.epoch === world.epoch && answer.seq < world.seq) return null;
  const owed = (answer.unreported ?? []).map(({ incident_row: incident, ...assignment }) => ({ assignment, incident }));
  // The rows are read one after the other: an order that ended in between comes as the ended row.
  const held = answer.assignment?.live ? answer : {};
  return {
    ...world,
    epoch: answer.epoch,
    seq: answer.seq,
    read_at: now,
    unit: answer.unit?.shift ? answer.unit : null,
    assignment: held.assignment ?? null,
    incident: held.incident ?? null,
    contact: held.call_contact ?? null,
    deadlines: held.deadlines ?? [],
    reports: held.reports ?? [],
    notes: held.notes ?? [],
    parties: held.parties ?? [],
    premises: held.premise_notes ?? [],
    premisesOf: placeKey(held.incident),
    answers: held.answers ?? [],
    clues: held.clues ?? [],
    positions: held.locked_positions ?? [],
    directives: held.directives ?? [],
    suspects: held.suspects ?? [],
    ticks: held.ticks ?? [],
    returned: (answer.returned ?? []).map(({ incident_row: incident, report_row: report, ...assignment }) => ({ assignment, incident, report })),
    withdrawn: answer.withdrawn ?? [],
    choices: answer.choices ?? [],
    planned: answer.planned ?? null,
    post_answers: answer.post_answers ?? [],
    hints: answer.hints ?? [],
    duty_level: answer.duty_level ?? null,
    owed: stillOwed(owed, world.reports),
    places: placesWith(world.places, held.assignment, held.incident),
  };
}

/**
 * Take rows, of an entry frame or of the answer to a command, as `{collection: [row…]}`.
 * @returns {object} the new world
 */
export function takeRows(world, rows, seq = 0) {
  let next = { ...world, seq: Math.max(world.seq, seq) };
  for (const row of rows.unit ?? []) next = takeUnit(next, row);
  for (const row of rows.assignment ?? []) next = takeAssignment(next, row);
  for (const row of rows.incident ?? []) next = takeIncident(next, row);
  const mine = (row) => row.assignment === next.assignment?.id || row.incident === next.incident?.id;
  next.deadlines = merged(next.deadlines, (rows.deadline ?? []).filter(mine));
  next.reports = merged(next.reports, (rows.report ?? []).filter((row) => row.unit === next.unit?.id));
  next.notes = merged(next.notes, (rows.note ?? []).filter((row) => row.incident === next.incident?.id));
  next.parties = merged(next.parties ?? [], (rows.party ?? []).filter((row) => row.incident === next.incident?.id));
  for (const row of rows.post_answer ?? []) next.post_answers = askedWith(next, row);
  for (const row of rows.duty_level ?? []) next.duty_level = levelWith(next.duty_level, row);
  next.answers = merged(next.answers ?? [], (rows.card_answer ?? []).filter((row) => row.incident === next.incident?.id));
  next.clues = merged(next.clues ?? [], (rows.clue ?? []).filter((row) => row.incident === next.incident?.id && row.pushed_at));
  next.positions = merged(next.positions ?? [], (rows.locked_position ?? []).filter((row) => row.incident === next.incident?.id));
  const told = (row) => row.incident === next.incident?.id && row.units.some((line) => line.unit === next.unit?.id);
  next.suspects = merged(next.suspects ?? [], (rows.suspect ?? []).filter((row) => row.incident === next.incident?.id));
  next.directives = merged(next.directives ?? [], (rows.directive ?? []).filter(told));
  next.ticks = merged(next.ticks ?? [], (rows.tick ?? []).filter((row) => row.assignment === next.assignment?.id));
  next.owed = stillOwed(next.owed, next.reports);
  next.places = placesWith(next.places, next.assignment, next.incident);
  return next;
}

/** Sort the rows of a command's answer, `{seq, <noun>: row}`, by collection. */
export function rowsOf(answer) {
  const rows = {};
  for (const [noun, value] of Object.entries(answer ?? {})) {
    if (value && typeof value === "object" && "version" in value) rows[noun] = [value];
  }
  return rows;
}

/** Tell whether the phone must ask `GET /api/my-unit/`, because a row it needs is missing. */
export function isIncomplete(world) {
  const { unit, assignment, incident } = world;
  if (!unit) return false;
  if ((world.returned ?? []).some((one) => !one.incident)) return true;
  if ((unit.assignment ?? null) !== (assignment?.id ?? null)) return true;
  if (!assignment) return false;
  // What is known of the place comes with my-unit alone: another order, or another place, asks again.
  return assignment.incident !== incident?.id || placeKey(incident) !== (world.premisesOf ?? null);
}

function placeKey(incident) {
  return incident?.point ? `${incident.id}/${incident.point.lat},${incident.point.lng}` : null;
}

function takeUnit(world, row) {
  const known = world.unit;
  if (known && row.id !== known.id) return world;
  if (known && row.version <= known.version) return world;
  if (!known && !isOf(row, world.me)) return world;
  return { ...world, unit: row.shift ? row : null };
}

function isOf(unit, me) {
  const people = [unit.shift?.lead_no, ...(unit.shift?.crew ?? []).map((person) => person.badge)];
  return Boolean(me) && people.includes(me.badge);
}

function takeAssignment(world, row) {
  if (row.unit !== world.unit?.id) return world;
  world = { ...world, returned: returnedWith(world.returned ?? [], row) };
  const withdrawn = withdrawnWith(world.withdrawn, row);
  const known = world.assignment;
  if (known?.id === row.id && row.version <= known.version) return world;
  if (row.live) return { ...world, withdrawn, assignment: row };
  const owed = row.state === "finished" && !row.reported_at ? owedWith(world, row) : without(world.owed, row);
  if (known?.id !== row.id) return { ...world, withdrawn, owed };
  return { ...world, withdrawn, owed, assignment: null, incident: null, contact: null, deadlines: [], notes: [], parties: [], premises: [], answers: [], clues: [], positions: [], directives: [], suspects: [], ticks: [] };
}

/** A report that the reviewer sent back; incident and report are asked for, they did not come with the row. */
function returnedWith(list, row) {
  const others = list.filter((one) => one.assignment.id !== row.id);
  const before = list.find((one) => one.assignment.id === row.id);
  if (!row.returned_at) return others;
  return [...others, { incident: null, report: null, ...before, assignment: row }];
}

function withdrawnWith(list, row) {
  const others = list.filter((other) => other.id !== row.id);
  return row.state === "withdrawn" && !row.withdrawal_confirmed_at ? [...others, row] : others;
}

function owedWith(world, row) {
  const before = world.owed.find((owed) => owed.assignment.id === row.id);
  const incident = world.incident?.id === row.incident ? world.incident : before?.incident ?? null;
  return [{ assignment: row, incident }, ...without(world.owed, row)].slice(0, OWED_KEPT);
}

/** Keep the post checks that wait for this unit's answer, also those whose limit has passed (R15). */
function askedWith(world, row) {
  const known = world.post_answers ?? [];
  if (row.unit !== world.unit?.id || known.some((one) => one.id === row.id && one.version >= row.version)) return known;
  const others = known.filter((one) => one.id !== row.id);
  return ["asked", "no_answer"].includes(row.state) ? [...others, row] : others;
}

/** Keep the duty level that holds; the one before ends in the same entry. */
function levelWith(known, row) {
  if (row.open) return !known || row.id > known.id || row.version > known.version ? row : known;
  return known?.id === row.id ? null : known;
}

const without = (owed, row) => owed.filter((other) => other.assignment.id !== row.id);

function takeIncident(world, row) {
  if (row.id !== world.assignment?.incident) return world;
  if (world.incident?.id === row.id && row.version <= world.incident.version) return world;
  return { ...world, incident: row };
}

function stillOwed(owed, reports) {
  const seen = new Set();
  const isDone = ({ assignment }) => assignment.reported_at
    || reports.some((report) => report.assignment === assignment.id && report.kind === "handling" && report.complete);
  const isNew = ({ assignment }) => !seen.has(assignment.id) && seen.add(assignment.id);
  return owed.filter((one) => !isDone(one) && isNew(one)).slice(0, OWED_KEPT);
}

/** Remember where the last orders led: a withdrawn one comes without its incident. */
function placesWith(places, assignment, incident) {
  if (!assignment || incident?.id !== assignment.incident || !incident.address_text) return places;
  const others = Object.entries(places).filter(([id]) => id !== String(assignment.id)).slice(-PLACES_KEPT);
  return { ...Object.fromEntries(others), [assignment.id]: incident.address_text };
}

function merged(list, fresh) {
  const byId = new Map(list.map((row) => [row.id, row]));
  for (const row of fresh) if (row.version > (byId.get(row.id)?.version ?? -1)) byId.set(row.id, row);
  return [...byId.values()];
}
