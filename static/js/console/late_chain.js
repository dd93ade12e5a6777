/**
 * A late arrival on one line (R14): reported → caller told → another unit sent, each with its time and the key that
 * does what is missing; and the question for the reason when an arrival limit passed in silence.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext } from "../words.js";
import { button, el, show } from "./dom.js";

const BEFORE_SCENE = ["dispatched", "delivered", "accepted", "en_route"];

/**
 * Tell how far the chain of an order is; pure.
 * @param {object} order an assignment row
 * @param {object[]} orders all orders of its incident
 * @param {object[]} deadlines of the incident
 * @returns {{silent: object|null, reported: string|null, told: string|null, other: object|null}|null} `silent` is the
 *   limit that passed without a word, `other` the order that went out after the report
 */
export function lateChain(order, orders, deadlines) {
  const missed = deadlines.find((one) => one.kind === "arrive" && one.assignment === order.id && one.state === "missed") ?? null;
  if (!order.delay_at && !(missed && !["withdrawn", "refused"].includes(order.state))) return null;
  const from = order.delay_at ?? missed.due_at;
  const other = orders.find((one) => one.id !== order.id && one.dispatched_at > from) ?? null;
  return { silent: order.delay_at ? null : missed, reported: order.delay_at, told: order.caller_told_at, other };
}

/**
 * Make the block of an incident's late orders; it stands on the card above the tabs, whichever is open.
 * @param {object} desk the desk
 * @param {(order: object) => void} onReason opens the form that asks for the reason
 * @returns {{node: HTMLElement, paint: (incident: object) => void}}
 */
export function makeLateBlock(desk, onReason) {
  const node = el("div.late-block", { hidden: true });
  let painted = "";

  /** Paint the lines, if something about them has changed: a button under a finger stays where it is. */
  function paint(incident) {
    const orders = desk.store.ofIncident("assignment", incident.id);
    const alerts = desk.store.rows("alert").filter((one) => one.incident === incident.id);
    const deadlines = desk.store.ofIncident("deadline", incident.id);
    const wanted = [incident.id, desk.cards.version, ...[...orders, ...alerts, ...deadlines].map((row) => `${row.id}.${row.version}`)].join();
    if (wanted === painted) return;
    painted = wanted;
    const held = node.contains(document.activeElement);
    node.replaceChildren(...orders.flatMap((order) => lateLine(order, desk, desk.now(), { onReason: () => onReason(order) })));
    show(node, node.childElementCount > 0);
    if (held) node.querySelector("button")?.focus();
  }

  return { node, paint };
}

/**
 * Make the line.
 * @param {object} order an assignment row
 * @param {object} desk the desk
 * @param {number} now milliseconds
 * @param {{onReason: () => void}} hears opens the form that asks for the reason
 * @returns {HTMLElement[]} nothing for an order that is in time
 */
export function lateLine(order, desk, now, { onReason }) {
  const chain = lateChain(order, desk.store.ofIncident("assignment", order.incident), desk.store.ofIncident("deadline", order.incident));
  if (!chain) return [];
  const time = (at) => formatMoment(at, now);
  const reason = [desk.codes.word("delay", order.delay_code), order.delay_text].filter(Boolean).join(" ");
  const first = chain.silent
    ? step("serious", fill(gettext("late since %(time)s, no reason"), { time: time(chain.silent.due_at) }), ask(order, desk, onReason))
    : step("serious", fill(gettext("late, reported %(time)s: %(why)s"), { time: time(chain.reported), why: reason }));
  const told = chain.told
    ? step("off", fill(gettext("caller told %(time)s"), { time: time(chain.told) }))
    : step("caution", gettext("caller not told"), tell(order, desk));
  const other = chain.other
    ? step("off", fill(gettext("%(unit)s sent %(time)s"), { unit: chain.other.call_sign, time: time(chain.other.dispatched_at) }))
    : step("caution", gettext("no other unit sent"), send(order, desk));
  const arrow = () => el("span.soft", { text: "→", "aria-hidden": "true" });
  const line = el("p.late-chain", {}, el("b.code", { text: order.call_sign }), first, arrow(), told, arrow(), other);
  return chain.told || chain.silent ? [line] : [line, el("p.late-words", { text: lateWords(order, desk, reason) })];
}

function step(level, text, act = null) {
  return el(`span.late-step.level-${level}`, {}, el("span", { text }), act);
}

/** The words to the caller, with unit and reason, as the centre has written them. */
function lateWords(order, desk, reason) {
  return desk.cards.words("late", { unit: order.call_sign, reason });
}

function ask(order, desk, onReason) {
  const may = [...BEFORE_SCENE, "on_scene"].includes(order.state) && desk.has("dispatcher", "watch_commander");
  return may ? button(gettext("Ask for the reason"), onReason, { data: { late: "reason" } }) : null;
}

function tell(order, desk) {
  if (!order.delay_at || !desk.has("call_taker", "dispatcher", "watch_commander")) return null;
  const done = fill(gettext("%(unit)s: caller told"), { unit: order.call_sign });
  return button(gettext("Caller told"), () => desk.act("POST", `/api/assignments/${order.id}/caller-told/`, {}, { done }), { data: { act: "caller-told" }, kind: "main" });
}

function send(order, desk) {
  if (!BEFORE_SCENE.includes(order.state) || !desk.has("dispatcher", "watch_commander")) return null;
  const sign = proposedFor(order, desk);
  const unit = sign && desk.store.rows("unit").find((one) => one.call_sign === sign);
  if (!unit) return null;
  const incident = desk.store.row("incident", order.incident);
  const go = () => desk.sendOrder(incident, [{ unit: unit.id, call_sign: sign }], order.order_text);
  return button(fill(gettext("Send %(unit)s"), { unit: sign }), go, { data: { late: "send" } });
}

/** The unit that the ranking named when the delay was reported, or the first that it names now. */
function proposedFor(order, desk) {
  const alert = desk.store.rows("alert").find((one) => one.assignment === order.id && one.data?.proposed);
  const ranked = desk.ranking?.incident === order.incident ? desk.ranking.list.find((one) => one.recommended)?.call_sign : null;
  return alert?.data.proposed ?? ranked ?? null;
}
