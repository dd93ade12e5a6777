/**
 * Buckets (K4 to K6) as figures of their own: a share of n with its count, which opens its orders. Pure.
 */

import { gettext } from "../words.js";
import { bucketWords } from "./bucket_charts.js";

/**
 * Make a figure of each bucket, and of "not yet".
 * @param {object} row buckets of an answer
 * @returns {object[]} they add up to n
 */
export function figuresOfBuckets(row) {
  const words = bucketWords(row);
  const found = row.buckets.map((one, at) => ({ count: one.count, past: one.before, label: words[at], bounds: [one.over_s, one.up_to_s] }));
  found.push({ count: row.not_yet, past: row.before?.not_yet, label: gettext("not yet"), bounds: null });
  return found.map((one) => figureOf(row, one));
}

function figureOf(row, { count, past, label, bounds }) {
  const { key, clock, source, n, rows, as_of, definition, excluded, refused, withdrawn, needless } = row;
  const value = n ? count / n : null;
  const figure = {
    key, clock, source, n, rows, as_of, definition, excluded, refused, withdrawn, needless, label, bounds, measure: "bucket", unit: "share",
    value, hits: count, open: 0, target: null,
  };
  if (!row.before) return figure;
  const was = row.before.n ? past / row.before.n : null;
  return { ...figure, before: { value: was, n: row.before.n }, change: value === null || was === null ? null : value - was };
}
