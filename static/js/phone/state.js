/**
 * What the officer sees and which button comes next. Pure.
 *
 * The picture is the world plus the acts that are still in the outbox: a state shows at the tap and is
 * marked 待发 until the server has confirmed it.
 */

import { isOpen } from "../outbox.js";

const AFTER = { deliver: "delivered", accept: "accepted", depart: "en_route", arrive: "on_scene" };
const STATUS_OF = { accepted: "assigned", en_route: "en_route", on_scene: "on_scene" };
const STEP_OF = {
  dispatched: "accept", delivered: "accept", accepted: "depart", en_route: "arrive", on_scene: "finish",
};

/** After a step the big button ignores taps for this long: a double tap must not be two steps. */
export const STEP_GUARD_MS = 1200;

/** A fix older than this is shown hollow (domain 5, stale). */
export const FIX_STALE_MS = 60000;

/** Statuses that a crew may choose (domain 5); 30 to 50 follow from the order. */
export const CHOSEN_STATUSES = ["available", "on_task", "transporting", "break", "out_of_service"];

/**
 * Apply the acts that are not confirmed to what the server said.
 * @param {object} world from `world.js`
 * @param {object[]} acts of the outbox, in order
 * @returns {object} the world as it will be, with `pending`: the names of what is not confirmed
 */
export function project(world, acts) {
  const open = acts.filter((act) => isOpen(act) && act.effect);
  return open.reduce(applied, { ...world, pending: [] });
}

function applied(view, act) {
  const { effect } = act;
  const noted = { ...view, pending: [...view.pending, effect.kind === "move" ? effect.move : effect.kind] };
  switch (effect.kind) {
    case "move": return moved(noted, act);
    case "status": return { ...noted, unit: noted.unit && { ...noted.unit, status: effect.status } };
    case "start_shift": return { ...noted, unit: effect.unit };
    case "end_shift": return { ...noted, unit: null, assignment: null, incident: null };
    case "discovery": return discovered(noted, act);
    case "confirm_withdrawal":
      return { ...noted, withdrawn: noted.withdrawn.filter((row) => row.id !== effect.assignment) };
    case "report": return reported(noted, effect);
    case "answer_check":
      return { ...noted, post_answers: noted.post_answers.filter((row) => row.id !== effect.answer) };
    case "hint": return { ...noted, hints: (noted.hints ?? []).filter((row) => row.id !== effect.warning) };
    case "tick": return ticked(noted, act);
    case "hand_on":
      return changed(noted, effect.assignment, { handed_at: deviceTime(act, view), handed_to_name: effect.name, handed_received_at: null });
    case "taken_over":
      return changed(noted, effect.assignment, { handed_received_at: deviceTime(act, view), handed_received_by: effect.by });
    case "directive": return accepted(noted, effect);
    case "delay": return changed(noted, effect.assignment, { delay_code: effect.code });
    default: return noted;
  }
}

function moved(view, { effect, made_at: at }) {
  const { assignment } = view;
  if (!assignment || !sameRow(assignment.id, effect.assignment)) return view;
  if (effect.move === "refuse") return cleared(view, effect.status);
  if (effect.move === "finish") {
    const owed = [{ assignment, incident: view.incident }, ...view.owed];
    return { ...cleared(view), owed };
  }
  const state = AFTER[effect.move];
  if (rank(state) <= rank(assignment.state)) return view;
  const stamped = state === "on_scene" ? arrived(view.incident, at + view.offset_ms) : view.incident;
  const unit = view.unit && { ...view.unit, status: STATUS_OF[state] ?? view.unit.status };
  return { ...view, unit, incident: stamped, assignment: { ...assignment, state } };
}

/** Stop both clocks at the tap, on the server's time as far as the phone knows it. */
function arrived(incident, at) {
  if (!incident || incident.first_on_scene_at) return incident;
  return { ...incident, first_on_scene_at: new Date(at).toISOString() };
}

function discovered(view, { key, effect, made_at: at }) {
  if (view.assignment) return view;
  const now = new Date(at + view.offset_ms).toISOString();
  const incident = {
    id: `key:${key}`, version: 0, incident_no: "", open: true, stage: "on_scene", priority: 3, attendance: true,
    address_text: effect.address_text, narrative: effect.narrative, type_reported: effect.type_reported,
    point: effect.point, answered_at: now, first_dispatched_at: now, first_on_scene_at: now,
  };
  const assignment = {
    id: `key:${key}`, version: 0, incident: incident.id, unit: view.unit?.id, state: "on_scene", purpose: "self",
    live: true, order_text: "", dispatched_at: now,
  };
  return { ...view, assignment, incident, unit: view.unit && { ...view.unit, status: "on_scene" } };
}

const deviceTime = ({ made_at: at }, { offset_ms: offset }) => new Date(at + offset).toISOString();

function ticked(view, { effect, made_at: at }) {
  const others = (view.ticks ?? []).filter((row) => row.item !== effect.item);
  const tick = { item: effect.item, done: effect.done, at: deviceTime({ made_at: at }, view), waits: true };
  return { ...view, ticks: [...others, tick] };
}

function reported(view, effect) {
  if (effect.report === "correction")
    return { ...view, returned: view.returned.filter((one) => !sameRow(one.assignment.id, effect.assignment)) };
  if (effect.report !== "handling") return view;
  return { ...view, owed: view.owed.filter((one) => !sameRow(one.assignment.id, effect.assignment)) };
}

function accepted(view, { directive }) {
  const mine = (line) => (line.unit === view.unit?.id && line.state === "waiting" ? { ...line, state: "accepted" } : line);
  const rows = (view.directives ?? []).map((row) => (row.id === directive ? { ...row, units: row.units.map(mine) } : row));
  return { ...view, directives: rows };
}

function changed(view, id, facts) {
  if (!sameRow(view.assignment?.id, id)) return view;
  return { ...view, assignment: { ...view.assignment, ...facts } };
}

function cleared(view, status = "available") {
  const unit = view.unit && { ...view.unit, status, assignment: null };
  return { ...view, unit, assignment: null, incident: null, contact: null, deadlines: [], answers: [], clues: [], positions: [], directives: [], suspects: [], ticks: [] };
}

const ORDER = ["dispatched", "delivered", "accepted", "en_route", "on_scene", "finished"];
const rank = (state) => ORDER.indexOf(state);
const sameRow = (one, other) => one !== undefined && String(one) === String(other);

/**
 * Choose the screen.
 * @param {object} view from `project`
 * @returns {"loading"|"shift"|"withdrawn"|"order"|"task"|"idle"}
 */
export function screenOf(view) {
  if (view.read_at === null && !view.unit) return "loading";
  if (view.withdrawn.length) return "withdrawn";
  if (!view.unit) return "shift";
  if (!view.assignment) return "idle";
  return isNewOrder(view.assignment) ? "order" : "task";
}

/** Tell whether an order waits for the officer's answer. */
export function isNewOrder(assignment) {
  return ["dispatched", "delivered"].includes(assignment?.state);
}

/**
 * Choose the one big button and at most two beside it.
 * @returns {{next: string, beside: string[]}} names of acts; `next` is "" while nothing is known
 */
export function buttonsOf(view) {
  const lead = isLead(view);
  switch (screenOf(view)) {
    case "shift": return { next: "start_shift", beside: [] };
    case "withdrawn": return { next: "confirm_withdrawal", beside: [] };
    case "order": return { next: "accept", beside: lead ? ["refuse"] : [] };
    case "task": return taskButtons(view.assignment.state, lead);
    case "idle": return idleButtons(view);
    default: return { next: "", beside: [] };
  }
}

function taskButtons(state, lead) {
  const step = STEP_OF[state];
  if (step !== "finish") return { next: step, beside: ["backup", "delay"] };
  // Only the lead may finish (domain 5); the crew's own next act is the report.
  return lead ? { next: "finish", beside: ["backup", "report"] } : { next: "report", beside: ["backup"] };
}

function idleButtons(view) {
  const { status } = view.unit;
  if (view.returned?.some((one) => one.incident)) return { next: "correct", beside: ["discovery", "status"] };
  if (view.owed.length) return { next: "report", beside: ["discovery", "status"] };
  if (!["available", "on_task"].includes(status)) return { next: "available", beside: ["discovery", "status"] };
  return { next: "discovery", beside: ["break", "status"] };
}

/** Tell whether the person leads the shift: refuses, finishes, signs the report. */
export function isLead(view) {
  return Boolean(view.me) && view.unit?.shift?.lead_no === view.me.badge;
}

/** Tell whether an act of this name is shown but not confirmed. */
export function isPending(view, name) {
  return view.pending.includes(name);
}

/**
 * Tell whether the shown state itself is not confirmed yet.
 * @returns {boolean} true while a move, a status or a shift waits in the outbox
 */
export function isUnconfirmed(view) {
  const quiet = ["deliver", "report", "delay", "backup", "answer_check", "tick", "hand_on", "taken_over", "directive", "status_told", "arrest"];
  return view.pending.some((name) => !quiet.includes(name));
}

/** Find this unit's line of a directive, the newest. */
export function lineOf(view, row) {
  return row.units.filter((line) => line.unit === view.unit?.id).at(-1) ?? null;
}

/** Find the point that the order leads to: a directive's, for an order that was made for one; else the incident's. */
export function targetOf(view) {
  const told = view.assignment?.purpose === "directive" ? (view.directives ?? []).filter((row) => row.open && row.point).at(-1) : null;
  return told ? { point: told.point, name: told.place } : { point: view.incident?.point ?? null, name: "" };
}

/** Tell whether this phone must neither sound nor light up: the incident's mode or a directive says so (M40). */
export function isQuiet(view) {
  return Boolean(view.incident?.quiet) || (view.directives ?? []).some((row) => row.open && row.silent && lineOf(view, row));
}

/** Find the prompt of a stake-out that waits for this unit's answer, also one whose limit has passed. */
export function promptOf(view) {
  return (view.deadlines ?? []).find((row) => row.kind === "answer" && row.assignment === view.assignment?.id && !row.stopped_at && row.state !== "void") ?? null;
}

/**
 * Tell what must sound and colour the whole screen; nothing does while silence is ordered, but a withdrawal.
 * @returns {{kind: "order"|"withdrawn", id: number, priority: number}|null}
 */
export function alarmOf(view) {
  const screen = screenOf(view);
  if (screen === "withdrawn") return { kind: "withdrawn", id: view.withdrawn[0].id, priority: 0 };
  if (screen !== "order" || isQuiet(view)) return null;
  return { kind: "order", id: view.assignment.id, priority: view.incident?.priority ?? 3 };
}

/**
 * Tell which news of further callers nobody on this phone has been told of yet.
 * @param {object} view from `project`
 * @param {number} heard id of the last note that sounded
 * @returns {object|null} the newest such note; a new order rings anyway, so its news do not sound apart
 */
export function unheardNews(view, heard) {
  const fresh = (view.notes ?? []).filter((note) => note.facts?.length && note.id > heard);
  return fresh.length ? fresh.reduce((a, b) => (a.id > b.id ? a : b)) : null;
}

/**
 * Tell which clue, locked position or directive, which prompt or break-off nobody on this phone has been told of yet.
 * @param {object} view from `project`
 * @param {{clue: number, position: number}} heard what sounded last, by kind; a clue that is taken back, a directive
 *   that moves with its position or is withdrawn sounds again
 * @returns {{kind: "clue"|"position"|"directive"|"prompt"|"broken", mark: number, row: object}|null}
 */
export function unheardFinding(view, heard) {
  const told = (kind, mark, row) => ({ kind, mark, row });
  const { incident } = view;
  const broken = incident?.broken_off_at && incident.mode === "routine" ? [told("broken", Date.parse(incident.broken_off_at), incident)] : [];
  const prompt = promptOf(view);
  const modes = [
    ...broken,
    ...(prompt ? [told("prompt", prompt.id, prompt)] : []),
    ...(view.directives ?? []).map((row) => told("directive", row.id * 100 + Math.min(row.moved.length, 40) * 2 + Number(row.state === "withdrawn"), row)),
  ].filter((one) => one.mark > (heard[one.kind] ?? 0));
  const finds = [
    ...modes,
    ...(view.positions ?? []).filter((row) => !row.replaced_at && row.id > heard.position).map((row) => ({ kind: "position", mark: row.id, row })),
    ...(view.clues ?? []).map((row) => ({ kind: "clue", mark: row.id * 2 + Number(row.void), row })).filter((one) => one.mark > heard.clue),
  ];
  return finds[0] ?? null;
}

/**
 * Tell which order needs its receipt: stored on this device, and the server does not know yet.
 * @returns {number|null} id of the assignment
 */
export function undelivered(world, acts) {
  const { assignment } = world;
  if (assignment?.state !== "dispatched") return null;
  const isOnTheWay = acts.some((act) => act.effect?.move && sameRow(act.effect.assignment, assignment.id));
  return isOnTheWay ? null : assignment.id;
}

/**
 * Tell whether the screen should stay on: an order is there or has just been taken away.
 * @param {object} view from `project`
 * @param {"order"|"shift"} [wish] `shift` keeps it on as long as the unit is on duty, for a phone with a charger
 */
export function keepsAwake(view, wish = "order") {
  return Boolean(view.assignment) || view.withdrawn.length > 0 || (wish === "shift" && Boolean(view.unit));
}

/**
 * Say how the phone is connected.
 * @param {{online: boolean, socket: boolean, heard_at: number|null, now: number}} facts `heard_at`: last answer
 * @returns {{state: "live"|"slow"|"offline", age: number|null}} age of the data in seconds
 */
export function linkOf({ online, socket, heard_at: heardAt, now }) {
  const age = heardAt === null ? null : Math.max(0, (now - heardAt) / 1000);
  if (!online || age === null || age > 20) return { state: "offline", age };
  return { state: socket ? "live" : "slow", age };
}

/** Tell whether a fix is too old to stand for the place where the phone is. */
export function isHollow(fix, now) {
  return !fix || now - fix.at > FIX_STALE_MS;
}
