/**
 * The way of the unit to its order: when it will be there, by the server's roads, and whether the phone's own fixes say
 * that it is there already. It tells and asks; the button alone reports an arrival (domain 8).
 */

import { formatTime } from "../clock.js";
import { fill, gettext } from "../words.js";
import { targetOf } from "./state.js";

const EVERY_MS = 15_000;
const OLD_MS = 60_000;
const NEAR_M = 100;
const SHARP_M = 50;
const FRESH_MS = 15_000;
const EARTH_M = 6_371_000;
const GOING = ["dispatched", "delivered", "accepted", "en_route"];
const ASKED_FROM = ["accepted", "en_route"];

/**
 * Make the way of the phone's unit.
 * @param {object} parts `{api, view, fix, onChange}`: `view` gives what the phone shows, `fix` its last fix
 * @returns {{tick: Function, words: Function, isThere: Function}}
 */
export function makeWay({ api, view, fix, onChange }) {
  let known = null;
  let askedAt = -Infinity;
  let near = [];

  async function ask(assignment, now) {
    askedAt = now;
    try {
      const way = await api.get(`/api/assignments/${assignment.id}/route/`, { seconds: 5 });
      known = { ...way, read_at: Date.now() };
    } catch {
      known = null; // an old estimate is worse than none
    }
    onChange();
  }

  /** Once a second: keep the last fixes near the place, and ask for the way when it is time. */
  function tick() {
    const shown = view();
    const { assignment } = shown;
    const { point } = targetOf(shown);
    near = nearFixes(near, fix(), point);
    if (!assignment || !GOING.includes(assignment.state)) known = null;
    else if (!document.hidden && navigator.onLine && point && Date.now() - askedAt >= EVERY_MS)
      ask(assignment, Date.now());
  }

  return {
    tick,
    /** Say when the unit will be there and on what that rests; "" when nothing is known. */
    words: (assignment) => wayWords(known, assignment, Date.now()),
    /** Say since when the position is at the place, as a moment; `null` when it is not or the order is not under way. */
    isThere: (assignment) => thereSince(assignment, near, Date.now()),
  };
}

/**
 * Say when the unit will be there.
 * @param {object|null} way answer of `/api/assignments/{id}/route/` with `read_at`
 * @param {object|null} assignment the order on the card
 * @param {number} now ms
 */
export function wayWords(way, assignment, now) {
  if (!way?.line.length || way.assignment !== assignment?.id || now - way.read_at > OLD_MS) return "";
  const values = { time: formatTime(way.arrives_at), km: (way.metres / 1000).toFixed(1) };
  return way.basis === "road"
    ? fill(gettext("There about %(time)s · %(km)s km by road"), values)
    : fill(gettext("There about %(time)s · %(km)s km straight line"), values);
}

/** Keep the fixes that lie at the place, one after the other; one that does not empties the list. */
export function nearFixes(near, fix, point) {
  if (!fix || !point) return [];
  if (near.at(-1)?.at === fix.at) return near;
  const sharp = fix.accuracy_m !== null && fix.accuracy_m <= SHARP_M;
  return sharp && metres(fix, point) <= NEAR_M ? [...near, fix].slice(-2) : [];
}

/** Two fixes in a row, fresh and sharp, or what the server has read from the track: the moment, else null. */
export function thereSince(assignment, near, now) {
  if (!assignment || !ASKED_FROM.includes(assignment.state)) return null;
  if (assignment.on_scene_pos_at) return Date.parse(assignment.on_scene_pos_at);
  return near.length > 1 && now - near.at(-1).at <= FRESH_MS ? near[0].at : null;
}

function metres(a, b) {
  const rad = Math.PI / 180;
  const y = (b.lat - a.lat) * rad;
  const x = (b.lng - a.lng) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return Math.hypot(x, y) * EARTH_M;
}
