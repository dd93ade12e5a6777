/**
 * The playhead of a review: where one stands in the span, how fast it moves, and what it may be set to. Pure.
 */

/** How many times faster than life. */
export const SPEEDS = [1, 2, 5, 10, 30, 60, 120];

/**
 * Make a playhead.
 * @param {{since: number, until: number}} span milliseconds since 1970
 * @returns {object} see the methods below
 */
export function makePlayhead({ since, until }) {
  let at = since;
  let playing = false;
  let speed = 10;
  const held = (moment) => Math.min(until, Math.max(since, moment));
  return {
    since,
    until,
    at: () => at,
    isPlaying: () => playing,
    speed: () => speed,
    play() {
      if (at >= until) at = since;
      playing = true;
    },
    pause() {
      playing = false;
    },
    /** Go to a moment; one outside the span becomes its end. */
    set(moment) {
      at = held(moment);
      return at;
    },
    /** Take the next faster (1) or slower (-1) speed. */
    changeSpeed(step) {
      speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(speed) + step))];
      return speed;
    },
    setSpeed(wanted) {
      if (SPEEDS.includes(wanted)) speed = wanted;
    },
    /** Let real milliseconds pass; it stands still at the end. */
    pass(ms) {
      if (!playing) return at;
      at = held(at + ms * speed);
      if (at >= until) playing = false;
      return at;
    },
  };
}

/** Find the next line after a moment (`step` 1) or the one before it (-1); `null` when there is none. */
export function lineBeside(lines, at, step) {
  if (step > 0) return lines.find((line) => line.ms > at) ?? null;
  return lines.findLast((line) => line.ms < at) ?? null;
}

/** Find the next line of a chapter after a moment; after the last one the first one again. */
export function nextOfChapter(lines, chapter, at) {
  const own = lines.filter((line) => line.chapter === chapter);
  return own.find((line) => line.ms > at) ?? own[0] ?? null;
}

/** Find the last line that is not younger than a moment, by halving; -1 before the first. */
export function lineAt(lines, at) {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].ms <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Count the lines of each chapter. */
export function countChapters(lines) {
  const counts = {};
  for (const { chapter } of lines) if (chapter) counts[chapter] = (counts[chapter] ?? 0) + 1;
  return counts;
}
