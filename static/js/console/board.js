/**
 * The order of the queue and the facts of its rows; pure.
 *
 * Three sections: pending (nobody is going), running (somebody is), closing (paper is left). The
 * most urgent row is the first of pending: by priority, then by the time left to send an order.
 */

import { clocks, parseTime, timeLeft } from "../clock.js";

/** An order without the terminal's receipt for this long counts as undelivered (targets 1.1). */
export const DELIVER_WITHIN = 10;

const PENDING = ["new", "pending"];
const CLOSING = ["handled", "reported", "review"];
const FINAL = ["finished", "refused", "withdrawn"];
const EVENT_FIELDS = [
  "dispatched_at",
  "delivered_at",
  "accepted_at",
  "departed_at",
  "on_scene_at",
  "finished_at",
  "refused_at",
  "withdrawn_at",
  "delay_at",
  "caller_told_at",
  "reported_at",
];

/** Tell the section of an incident: `pending`, `running` or `closing`. */
export function sectionOf(incident) {
  if (PENDING.includes(incident.stage)) return "pending";
  return CLOSING.includes(incident.stage) ? "closing" : "running";
}

/**
 * Sort incidents into the three sections, each by urgency.
 * @param {object[]} incidents incident rows
 * @param {(id: number) => object[]} deadlinesOf deadline rows of an incident
 * @param {number} now server time in milliseconds
 * @param {(id: number) => number|null} slackOf seconds left minus best achievable time, null where it is not foreseen
 * @returns {{pending: object[], running: object[], closing: object[]}}
 */
export function sections(incidents, deadlinesOf, now, slackOf = () => null) {
  const sorted = { pending: [], running: [], closing: [] };
  for (const incident of incidents) sorted[sectionOf(incident)].push(incident);
  sorted.pending = byKeys(sorted.pending, (row) => [
    row.priority,
    slackOf(row.id) ?? Infinity,
    orderDue(row, deadlinesOf(row.id)),
    row.id,
  ]);
  sorted.running = byKeys(sorted.running, (row) => [...arrivalRank(row, now, slackOf), row.priority, row.id]);
  sorted.closing = byKeys(sorted.closing, (row) => [closingRank(row), parseTime(row.handled_at) ?? 0, row.id]);
  return sorted;
}

function byKeys(list, keysOf) {
  return list
    .map((row) => ({ row, keys: keysOf(row) }))
    .sort((a, b) => compare(a.keys, b.keys))
    .map(({ row }) => row);
}

function compare(a, b) {
  for (let place = 0; place < a.length; place += 1) if (a[place] !== b[place]) return a[place] < b[place] ? -1 : 1;
  return 0;
}

function orderDue(incident, deadlines) {
  const order = deadlines.find((row) => row.kind === "order" && row.state !== "void");
  return parseTime(order?.due_at) ?? parseTime(incident.answered_at) ?? 0;
}

/** Those still on the way first, the least slack or else the earliest start on top; those on scene after them. */
function arrivalRank(incident, now, slackOf) {
  const reading = clocks(incident, now).a;
  const there = incident.first_on_scene_at !== null || incident.stage === "on_scene";
  const slack = there ? null : slackOf(incident.id);
  return [there ? 1 : 0, slack ?? Infinity, -(reading.elapsed ?? 0)];
}

function closingRank(incident) {
  return ["review", "reported", "handled"].indexOf(incident.stage);
}

/**
 * Tell when something last happened on an incident.
 * @returns {string|null} ISO time
 */
export function lastEventAt(incident, assignments, notes) {
  const moments = [
    incident.answered_at,
    incident.created_at,
    incident.placed_at,
    incident.handled_at,
    incident.reported_at,
    incident.submitted_at,
    ...notes.map((note) => note.at),
  ];
  for (const row of assignments) for (const field of EVENT_FIELDS) moments.push(row[field]);
  return moments
    .filter(Boolean)
    .reduce((latest, moment) => (latest === null || moment > latest ? moment : latest), null);
}

/**
 * Tell how far the hand-shake with a unit is (指令签收).
 * @param {object} assignment an assignment row
 * @param {number} now server time in milliseconds
 * @returns {{shape: string, level: string, state: string}} `state` is the assignment's, or `undelivered`
 */
export function handshake(assignment, now) {
  switch (assignment.state) {
    case "dispatched": {
      const waited = (now - parseTime(assignment.dispatched_at)) / 1000;
      const undelivered = waited > DELIVER_WITHIN;
      return {
        shape: "arrow-hollow",
        level: undelivered ? "serious" : "standby",
        state: undelivered ? "undelivered" : "dispatched",
      };
    }
    case "delivered":
      return { shape: "half", level: "standby", state: "delivered" };
    case "accepted":
      return { shape: "circle", level: "standby", state: "accepted" };
    case "en_route":
      return { shape: "chevrons", level: "standby", state: "en_route" };
    case "on_scene":
      return { shape: "square", level: "normal", state: "on_scene" };
    case "refused":
      return { shape: "cross", level: "serious", state: "refused" };
    default:
      return { shape: "bar", level: "off", state: assignment.state };
  }
}

/** List the assignments that a row shows: those that still bind a unit, then refusals if nobody goes. */
export function shownAssignments(assignments) {
  const live = assignments.filter((row) => !FINAL.includes(row.state));
  if (live.length) return live;
  return assignments.filter((row) => row.state === "refused" || row.state === "finished");
}

/**
 * Find the deadline that presses most: the running or missed one that is due first.
 * @param {object[]} deadlines deadline rows of an incident
 * @param {number} now server time in milliseconds
 * @returns {{kind: string, left: number, state: string, assignment: number|null}|null}
 */
export function pressing(deadlines, now) {
  const open = deadlines
    .filter(
      (row) => !row.kind.startsWith("arrive") && row.stopped_at === null && ["running", "missed"].includes(row.state),
    )
    .sort((a, b) => parseTime(a.due_at) - parseTime(b.due_at));
  if (!open.length) return null;
  const limit = { kind: open[0].kind, assignment: open[0].assignment, ...timeLeft(open[0], now) };
  // A short limit is near in its last ten seconds, not from its start.
  if (limit.state === "near" && limit.left > 10) limit.state = "running";
  return limit;
}

/** Tell shape and level of an arrival clock's state. */
export function clockMark(state) {
  switch (state) {
    case "running":
      return { shape: "ring", level: "standby" };
    case "near":
      return { shape: "square", level: "caution" };
    case "missed5":
      return { shape: "diamond", level: "serious" };
    case "missed10":
      return { shape: "triangle", level: "critical" };
    case "met5":
      return { shape: "circle", level: "normal" };
    case "met10":
      return { shape: "diamond", level: "serious" };
    case "late":
      return { shape: "triangle", level: "critical" };
    default:
      return { shape: "bar", level: "off" };
  }
}

/**
 * Find the running number at the end of an incident or call number: what people say on the radio.
 * @param {string} number such as `350600-20260101-0241`
 * @returns {string} such as `241`
 */
export function shortNumber(number) {
  const digits = /(\d+)$/.exec(number ?? "");
  if (!digits) return number ?? "";
  return digits[1].slice(-4).replace(/^0+(?=\d)/, "");
}
