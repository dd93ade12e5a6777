/**
 * What is foreseen for the open incidents, asked every few seconds: the queue's sort key and the words of its rows.
 */

import { counter } from "../clock.js";
import { fill, gettext } from "../words.js";

const EVERY_S = 5;
const DANGER_BELOW = 0.3;
const PENDING = ["new", "pending"];

/** Ask for outlooks while the desk is live; `desk.outlook(id)` is the one of an incident, or null. */
export function makeOutlook(desk) {
  let known = new Map();
  let seconds = 0;
  let asking = false;
  desk.outlook = (id) => known.get(id) ?? null;
  desk.on("tick", () => {
    seconds += 1;
    if (seconds % EVERY_S === 1) ask();
  });

  async function ask() {
    if (asking || !desk.store.loaded || !desk.has("call_taker", "dispatcher", "watch_commander")) return;
    asking = true;
    try {
      const answer = await desk.api.get("/api/outlook/", { seconds: 4 });
      known = new Map(answer.outlooks.map((one) => [one.incident, one]));
      const pending = answer.outlooks.filter((one) => PENDING.includes(desk.store.row("incident", one.incident)?.stage));
      const joint = pending.length > 1 ? await desk.api.get("/api/proposals/", { seconds: 4 }) : null;
      desk.emit("outlook", { joint });
    } catch {
      known = new Map();
      desk.emit("outlook", { joint: null });
    } finally {
      asking = false;
    }
  }
}

/**
 * Say what is foreseen in a few words, with its level.
 * @param {object|null} one an outlook
 * @returns {{text: string, level: string}|null}
 */
export function outlookWords(one) {
  if (!one) return null;
  const limit = "A5" in one.chance ? "A5" : "A10" in one.chance ? "A10" : null;
  if (!one.who) return { text: gettext("nobody can go"), level: "serious" };
  if (!limit) return { text: fill(gettext("there in %(time)s"), { time: counter(one.best_s) }), level: "off" };
  const minutes = limit.slice(1);
  const values = { who: one.who, time: counter(one.best_s), minutes, miss: Math.round(100 - one.chance[limit] * 100) };
  if (one.unreachable.includes(limit))
    return { text: fill(gettext("%(who)s in %(time)s · not in %(minutes)s min"), values), level: "serious" };
  if (one.swap) {
    const swap = { ...values, other: one.swap.call_sign, gain: Math.round(one.swap.gain_s) };
    return { text: fill(gettext("%(who)s in %(time)s · %(other)s %(gain)s s sooner"), swap), level: "standby" };
  }
  const text = fill(gettext("%(who)s in %(time)s · over %(minutes)s min: %(miss)s %"), values);
  return { text, level: one.chance[limit] < DANGER_BELOW ? "caution" : "off" };
}
