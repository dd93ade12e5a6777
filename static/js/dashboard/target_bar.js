/**
 * A share as a bar with the line of its target; the number stands beside it, so the bar adds no fact of its own.
 */

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 200;
const TALL = 16;

/**
 * Tell where bar and target line lie.
 * @param {number|null} value share, 0 to 1
 * @param {number|null} target
 * @returns {{bar: number, line: number|null}} in parts of 200
 */
export function places(value, target) {
  const at = (share) => Math.round(Math.min(1, Math.max(0, share)) * WIDE);
  return { bar: value === null || value === undefined ? 0 : at(value), line: target === null || target === undefined ? null : at(target) };
}

/** Draw the bar. */
export function targetBar(value, target) {
  const { bar, line } = places(value, target);
  const picture = node("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true", class: "target-bar" });
  picture.append(node("rect", { class: "target-track", x: 0, y: 4, width: WIDE, height: 8 }), node("rect", { class: "target-value", x: 0, y: 4, width: bar, height: 8 }));
  if (line !== null) picture.append(node("rect", { class: "target-line", x: Math.min(line, WIDE - 2), y: 0, width: 2, height: TALL }));
  return picture;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
