/**
 * How the groups of a dimension are called, and in which order they stand. Pure.
 */

import { gettext, pgettext } from "../words.js";
import { weekdays } from "./heat.js";
import { placeWord } from "./cell_map.js";

/** Dimensions whose groups follow one another; the others stand by their value. */
const IN_ORDER = ["priority", "slot", "hour", "weekday", "shift"];
const SHIFTS = ["day", "evening", "night"];

/** Tell whether the groups of a dimension have an order of their own. */
export function hasOrder(by) {
  return IN_ORDER.includes(by);
}

/**
 * Name a group.
 * @param {string} by dimension
 * @param {{value: string, label: string, box?: number[]|null}} group
 */
export function groupWord(by, { value, label, box }) {
  if (value === "") return by === "all" ? gettext("The whole centre") : pgettext("group", "none or unknown");
  switch (by) {
    case "priority": return `P${value}`;
    case "hour": return `${value}:00`;
    case "weekday": return weekdays()[Number(value) - 1];
    case "slot": return `${weekdays()[Number(value[0]) - 1]} ${value.slice(2)}:00`;
    case "shift": return shiftWord(value);
    case "area_kind": return areaWord(value);
    case "cell": return box ? placeWord({ box }) : value;
    default: return label || value;
  }
}

function shiftWord(value) {
  switch (value) {
    case "day": return pgettext("shift", "day, 8 to 16");
    case "evening": return pgettext("shift", "evening, 16 to 24");
    default: return pgettext("shift", "night, 0 to 8");
  }
}

function areaWord(value) {
  switch (value) {
    case "urban": return pgettext("area", "urban");
    case "suburban": return pgettext("area", "suburban");
    case "rural": return pgettext("area", "rural");
    default: return value;
  }
}

/**
 * Put groups into their order: of time and priority as they follow, the others by value, the largest first; who has
 * nothing decided stands last.
 * @param {string} by
 * @param {{value: string, figure: object}[]} rows
 */
export function inOrder(by, rows) {
  if (by === "shift") return [...rows].sort((one, other) => SHIFTS.indexOf(one.value) - SHIFTS.indexOf(other.value));
  if (hasOrder(by)) return rows;
  const size = ({ figure }) => (figure.n && figure.value !== null ? figure.value : -1);
  return [...rows].sort((one, other) => size(other) - size(one) || other.figure.n - one.figure.n);
}

/** Say which order the rows stand in. */
export function orderWord(by) {
  return hasOrder(by) ? "" : gettext("the largest value first");
}
