/**
 * XmR charts: the limits within which a series moves by itself, and the signs that it did not. Pure.
 *
 * Limits: mean ± 2.66 × mean moving range. Rules: a point outside the limits; eight in a row on one side of the mean; two
 * of three beyond two sigma on the same side (Shewhart, Western Electric). Everything else is noise.
 */

const XMR = 2.66;
/** Mean moving range of two ÷ d₂ = 1.128 is sigma; 2.66 × range is three of it. */
const D2 = 1.128;
const LEAST = 10;
const RUN = 8;

/**
 * Compute the limits of a series.
 * @param {(number|null)[]} values in their order; a null is no point, and the next range spans it
 * @param {{floor?: number, ceiling?: number}} [possible] what no value can pass; the limits are cut there
 * @returns {{mean: number, sigma: number, lower: number, upper: number, n: number}|null} null below ten points
 */
export function limitsOf(values, { floor = -Infinity, ceiling = Infinity } = {}) {
  const points = values.filter((value) => value !== null && value !== undefined);
  if (points.length < LEAST) return null;
  const mean = points.reduce((sum, value) => sum + value, 0) / points.length;
  const ranges = points.slice(1).map((value, at) => Math.abs(value - points[at]));
  const range = ranges.reduce((sum, value) => sum + value, 0) / ranges.length;
  const reach = XMR * range;
  return { mean, sigma: range / D2, lower: Math.max(floor, mean - reach), upper: Math.min(ceiling, mean + reach), n: points.length };
}

/**
 * Find what is more than noise.
 * @param {(number|null)[]} values
 * @param {{mean: number, sigma: number, lower: number, upper: number}|null} limits
 * @returns {(string[])[]} of every value the rules that it breaks: outside, run, two_of_three
 */
export function signalsOf(values, limits) {
  const found = values.map(() => []);
  if (!limits) return found;
  const at = values.map((value, index) => ({ value, index })).filter(({ value }) => value !== null && value !== undefined);
  at.forEach(({ value, index }, place) => {
    if (value < limits.lower || value > limits.upper) found[index].push("outside");
    if (isRun(at, place, limits.mean)) found[index].push("run");
    if (isTwoOfThree(at, place, limits)) found[index].push("two_of_three");
  });
  return found;
}

function isRun(points, place, mean) {
  if (place + 1 < RUN) return false;
  const last = points.slice(place + 1 - RUN, place + 1).map(({ value }) => Math.sign(value - mean));
  return last[0] !== 0 && last.every((side) => side === last[0]);
}

function isTwoOfThree(points, place, { mean, sigma }) {
  if (place < 2 || sigma === 0) return false;
  const sides = points.slice(place - 2, place + 1).map(({ value }) => (Math.abs(value - mean) > 2 * sigma ? Math.sign(value - mean) : 0));
  // The point itself must be one of the two: a calm point after two wild ones is no sign.
  return sides[2] !== 0 && sides.filter((side) => side === sides[2]).length >= 2;
}
