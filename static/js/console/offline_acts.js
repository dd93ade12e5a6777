/**
 * What becomes of an act that could not reach the server: the request that brings it in afterwards; pure.
 */

// The incident may be one that a queued call is to make: `key:` and the key of that act.
const ORDERS = /^\/api\/incidents\/(\d+|key:[0-9a-f-]{36})\/orders\/$/;
const MOVE = /^\/api\/assignments\/(\d+)\/(accept|depart|arrive|finish)\/$/;
const AS_IT_IS = [/^\/api\/calls\/\d+\/(finish|supplement|hang-up)\/$/, /^\/api\/incidents\/\d+\/note\/$/];
const TIME_OF = { accept: "accepted_at", depart: "departed_at", arrive: "arrived_at", finish: "finished_at" };

/**
 * Turn an act into the one that is sent later. Orders and moves become orders and moves by radio with the time of now.
 * @param {string} method
 * @param {string} path
 * @param {object} body
 * @param {{now: number, reason: string}} when server time, and why the times are entered by hand
 * @returns {{method: string, path: string, body: object, kind: "orders"|"move"|"same"}|null} null: it cannot wait
 */
export function laterAct(method, path, body, { now, reason }) {
  if (method !== "POST") return null;
  const at = new Date(now).toISOString();
  const ordered = ORDERS.exec(path);
  if (ordered) {
    const orders = body.units.map(({ unit }) => ({ unit, sent_at: at }));
    return { method, path: `/api/incidents/${ordered[1]}/late-orders/`, body: { source: "offline", reason, orders }, kind: "orders" };
  }
  const moved = MOVE.exec(path);
  if (moved) {
    const result = body.result_code ? { result_code: body.result_code } : {};
    const moves = { source: "offline", reason, [TIME_OF[moved[2]]]: at, ...result };
    return { method, path: `/api/assignments/${moved[1]}/late-moves/`, body: moves, kind: "move" };
  }
  return AS_IT_IS.some((pattern) => pattern.test(path)) ? { method, path, body, kind: "same" } : null;
}

/**
 * Write a call that was taken down here as a late entry.
 * @param {{number: number, answeredAt: number, hungUpAt: number, call: object, incident: object|null, closing: object}} taken
 */
export function lateEntry({ number, answeredAt, hungUpAt, call, incident, closing = {} }) {
  return {
    source: "offline",
    number,
    answered_at: new Date(answeredAt).toISOString(),
    hung_up_at: new Date(Math.max(hungUpAt, answeredAt)).toISOString(),
    ...call,
    ...closing,
    ...(incident ? { incident } : {}),
  };
}

/**
 * Say how a call's number reads: prefix, J, day of the city, six digits.
 * @param {string} prefix
 * @param {number} number
 * @param {number} at milliseconds
 */
export function callNo(prefix, number, at) {
  const day = new Date(at + 8 * 3600 * 1000).toISOString().slice(0, 10).replaceAll("-", "");
  return `${prefix}J${day}${String(number).padStart(6, "0")}`;
}
