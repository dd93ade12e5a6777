/**
 * What a store is fed with in a review: a board at the moment gone to, then the entries and positions that followed it,
 * as the live feed sent them. The store cannot tell the past from the present.
 */

const AHEAD_S = 20;
const SHORTEST_MS = 60_000;
const LONGEST_MS = 3_600_000;

/**
 * Make the feed of a review.
 * @param {{api: object, store: object, id: number, since: number, until: number}} parts
 * @returns {{seek: Function, advance: Function, isBehind: () => boolean}}
 */
export function makePast({ api, store, id, since, until }) {
  const path = `/api/reviews/${id}/`;
  let round = 0; // a seek makes everything that was asked before it void
  let frames = [];
  let framesEnd = false;
  let lastSeq = 0;
  let framesAsked = null;
  let tracks = [];
  let tracksUntil = since;
  let tracksAsked = null;
  let ready = false;

  /** Show the board of a moment. */
  async function seek(at) {
    const mine = (round += 1);
    ready = false;
    const board = await api.get(`${path}board/?at=${iso(at)}`, { seconds: 20 });
    if (mine !== round) return false;
    [frames, framesEnd, framesAsked, tracks, tracksUntil, tracksAsked] = [[], false, null, [], at, null];
    lastSeq = board.seq;
    store.load({ ...board, me: null });
    ready = true;
    return true;
  }

  /** Apply everything until a moment; what is needed soon is asked for meanwhile. `speed` says how far ahead. */
  function advance(at, speed) {
    if (!ready) return;
    const due = countUntil(frames, at, (frame) => frame.ms);
    for (const frame of frames.splice(0, due)) store.apply(frame);
    const moved = countUntil(tracks, at, (position) => position[6]);
    const positions = tracks.splice(0, moved);
    if (positions.length) store.move(positions);
    const ahead = at + AHEAD_S * 1000 * speed;
    if (!framesEnd && (frames.at(-1)?.ms ?? 0) < ahead) framesAsked ??= askFrames(round);
    if (tracksUntil < Math.min(until, ahead)) tracksAsked ??= askTracks(round, speed);
  }

  async function askFrames(mine) {
    try {
      const { entries, next } = await api.get(`${path}frames/?after=${lastSeq}&until=${iso(until)}`, { seconds: 20 });
      if (mine !== round) return;
      for (const entry of entries) frames.push({ ...entry, ms: Date.parse(entry.at) });
      framesEnd = next === null;
      lastSeq = next ?? lastSeq;
    } finally {
      if (mine === round) framesAsked = null;
    }
  }

  async function askTracks(mine, speed) {
    const from = tracksUntil;
    const to = Math.min(until, from + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, AHEAD_S * 2000 * speed)));
    const step = Math.max(1, Math.floor(speed / 4));
    try {
      const { positions } = await api.get(`${path}tracks/?since=${iso(from)}&until=${iso(to)}&step=${step}`, { seconds: 20 });
      if (mine !== round) return;
      tracks.push(...positions);
      tracksUntil = to;
    } finally {
      if (mine === round) tracksAsked = null;
    }
  }

  /** Say whether the entries of a moment are not here yet: then the playhead waits. */
  const isBehind = (at) => !ready || (!framesEnd && (frames.at(-1)?.ms ?? -Infinity) < at);

  return { seek, advance, isBehind };
}

function countUntil(list, at, momentOf) {
  let count = 0;
  while (count < list.length && momentOf(list[count]) <= at) count += 1;
  return count;
}

function iso(ms) {
  return encodeURIComponent(new Date(ms).toISOString());
}
