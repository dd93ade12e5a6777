/**
 * Ground within reach on the map: what the available units cover, how far one unit or point comes, and what would be
 * left after sending a candidate. Which of them is drawn: the preview before the isochrone before the coverage.
 */

import { fill, gettext } from "../words.js";

const COVERAGE_EVERY_S = 10;
const ISOCHRONE_EVERY_S = 15;
const AGAIN_AFTER_S = 2; // after a failure
const ASK = { seconds: 6 };
const ALWAYS = 5; // K19 is the share within five minutes, whatever the rings are

/**
 * Keep the ground of a map.
 * @param {object} desk the desk
 * @param {object} map of map.js
 * @param {() => void} onChange told when the legend must be written anew
 * @returns {object} `coverage(on) isochrone(start|null) preview(candidate|null) refresh tick shown`
 */
export function makeReach(desk, map, onChange) {
  const state = { on: false, start: null, candidate: null, now: null, reached: null, left: null, failed: new Set() };
  const asked = { now: 0, reached: 0, left: 0 };
  let drawn = "";
  let seconds = 0;
  let underway = 0;

  /** The rings of the present duty level (R17, R26), with the five minutes of K19. */
  function minutes() {
    const level = desk.store.rows("duty_level").find((row) => row.open)?.level ?? 3;
    const rings = desk.codes.code("duty_level", String(level))?.ring_minutes ?? [5, 10];
    return [...new Set([ALWAYS, ...rings])].sort((a, b) => a - b).slice(0, 4).join(",");
  }

  /** Ask for one of the three; only the last answer counts, and a failure leaves no old picture behind. */
  async function ask(what, path) {
    const mine = ++asked[what];
    underway += 1;
    try {
      const answer = await desk.api.get(path, ASK);
      if (mine !== asked[what]) return;
      state[what] = answer;
      state.failed.delete(what);
    } catch {
      if (mine !== asked[what]) return;
      state[what] = null;
      state.failed.add(what);
    } finally {
      underway -= 1;
    }
    paint();
  }

  function refresh() {
    if (document.hidden || !desk.store.loaded) return;
    if (state.on || state.candidate) ask("now", `/api/coverage/?minutes=${minutes()}`);
    if (state.candidate) ask("left", `/api/coverage/?minutes=${minutes()}&without=${state.candidate.unit}`);
  }

  function askIsochrone() {
    const { unit, point } = state.start;
    const from = unit ? `unit=${unit}` : `lat=${point.lat}&lng=${point.lng}&crs=WGS84`;
    ask("reached", `/api/isochrone/?minutes=${minutes()}&${from}`);
  }

  /** Draw what is wanted, if it is another picture than the one that stands there. */
  function paint() {
    const { reach, lost } = picture(state);
    const wanted = JSON.stringify([reach, lost]);
    if (wanted !== drawn) {
      drawn = wanted;
      map.ground.setReach(reach);
      map.ground.setLost(lost);
      map.ground.redraw();
    }
    onChange();
  }

  return {
    /** Switch the coverage layer. */
    coverage(on) {
      state.on = on;
      if (on) refresh();
      else asked.now += 1;
      if (!on && !state.candidate) state.now = null;
      paint();
    },
    /** Show how far `{unit}` or `{point}` comes; `null` ends it. */
    isochrone(start) {
      state.start = start;
      state.reached = null;
      state.failed.delete("reached");
      asked.reached += 1;
      if (start) askIsochrone();
      paint();
    },
    /** Show what sending a candidate `{unit, rank, call_sign}` leaves; `null` ends it. */
    preview(candidate) {
      if (candidate?.unit === state.candidate?.unit) return;
      state.candidate = candidate;
      state.left = null;
      state.failed.delete("left");
      asked.left += 1;
      if (candidate) refresh();
      paint();
    },
    refresh,
    /** Once a second: ask again what may have changed, and soon what had no answer, but nothing on top of a question. */
    tick() {
      seconds += 1;
      const again = !underway && seconds % AGAIN_AFTER_S === 0 && needed(state).some((what) => state.failed.has(what));
      if (again || seconds % COVERAGE_EVERY_S === 0) refresh();
      const moves = state.start?.unit && seconds % ISOCHRONE_EVERY_S === 0;
      if (state.start && !document.hidden && (again || moves)) askIsochrone();
    },
    /** Say in words what is drawn: `[]` when nothing is. */
    legend: (now) => legend(state, now),
    started: () => state.start,
  };
}

/** Tell which answers the picture needs. */
function needed({ on, start, candidate }) {
  if (candidate) return ["now", "left"];
  if (start) return ["reached"];
  return on ? ["now"] : [];
}

/** Choose what is drawn: areas within reach, the widest first, and what would be lost. */
function picture({ on, start, candidate, now, reached, left }) {
  const areas = (answer) => [...(answer?.minutes ?? [])].sort((a, b) => b.minutes - a.minutes);
  if (candidate && now && left) {
    return { reach: areas(left), lost: { before: five(now)?.areas ?? [], after: five(left)?.areas ?? [] } };
  }
  if (start) return { reach: areas(reached), lost: null };
  return { reach: on ? areas(now) : [], lost: null };
}

const five = (answer) => answer?.minutes.find((one) => one.minutes === 5);
const percent = (share) => (share * 100).toFixed(1);

/** List the lines of the legend as `{mark, text}`. */
function legend(state, now) {
  const { on, start, candidate, reached, left } = state;
  if (needed(state).some((what) => state.failed.has(what))) return [{ mark: "", text: gettext("No answer: nothing is drawn") }];
  if (candidate) return left && state.now ? previewLines(state, now) : waiting();
  if (start) return reached ? isochroneLines(reached, start) : waiting();
  if (!on) return [];
  return state.now ? coverageLines(state.now, now) : waiting();
}

function waiting() {
  return [{ mark: "", text: gettext("Working it out …") }];
}

function coverageLines(answer, now) {
  if (!answer.network) return noNetwork();
  const lines = answer.minutes.map(({ minutes, share }) => ({
    mark: minutes <= 5 ? "near" : "far",
    text: fill(gettext("Within %(minutes)s min: %(share)s % of the demand"), { minutes, share: percent(share) }),
  }));
  return [...lines, { mark: "", text: basis(answer, now) }];
}

function previewLines({ candidate, now: before, left }, now) {
  if (!left.network) return noNetwork();
  const who = fill(gettext("After sending %(unit)s"), { unit: candidate.call_sign });
  const lines = left.minutes.map(({ minutes, share }, at) => ({
    mark: minutes <= 5 ? "near" : "far",
    text: fill(gettext("%(minutes)s min: %(before)s % → %(after)s %"), {
      minutes,
      before: percent(before.minutes[at].share),
      after: percent(share),
    }),
  }));
  const lost = { mark: "lost", text: gettext("no longer within 5 minutes") };
  return [{ mark: "", strong: true, text: who }, ...lines, lost, { mark: "", text: basis(before, now) }];
}

function isochroneLines(answer, { name }) {
  if (!answer.network) return noNetwork();
  return [
    { mark: "", strong: true, text: fill(gettext("How far from %(start)s"), { start: name }) },
    { mark: "near", text: gettext("Within 5 min by road") },
    { mark: "far", text: gettext("Within 10 min by road") },
  ];
}

function noNetwork() {
  return [{ mark: "", text: gettext("No road network: coverage cannot be worked out") }];
}

/** Say how many units were counted, on which demand, and how old the figure is. */
function basis(answer, now) {
  const values = {
    units: answer.units,
    demand: demandWord(answer.demand),
    age: Math.max(0, Math.round((now - Date.parse(answer.at)) / 1000)),
  };
  return fill(gettext("%(units)s units free · demand: %(demand)s · %(age)s s ago"), values);
}

function demandWord({ basis: from, n }) {
  if (from === "density") return gettext("density of the town");
  if (from === "history_hour") return fill(gettext("this hour's history, n=%(n)s"), { n });
  return fill(gettext("history, n=%(n)s"), { n });
}
