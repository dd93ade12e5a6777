/**
 * What the charts share: patterns, text, tooltips.
 *
 * Pure, as all the chart modules: no DOM, no ECharts; they make options from the server's figures, and
 * the same as a table. Every series has a pattern or a shape of its own beside its colour.
 */

/** Patterns that tell neighbours apart without colour; the first is plain. */
const DECALS = [
  { symbol: "none" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [4, 3], rotation: Math.PI / 4 },
  { symbol: "circle", dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [4, 0], symbolSize: 0.7 },
];

/** Make the pattern of a number in the colour of the theme. */
export function decal(index, palette) {
  return { ...DECALS[index % DECALS.length], color: palette.pattern };
}

/** Start an option: no animation, the theme's text, a description for screen readers. */
export function common(palette) {
  return {
    animation: false,
    textStyle: { color: palette.soft, fontFamily: palette.font, fontSize: 14 },
    aria: { enabled: true },
  };
}

/** Make a tooltip that is drawn on the canvas: the page's policy allows no inline style. */
export function tooltip(palette, formatter) {
  return {
    renderMode: "richText",
    confine: true,
    backgroundColor: palette.raised,
    borderColor: palette.strong,
    textStyle: { color: palette.text, fontSize: 14 },
    formatter,
  };
}

/** Make the text of an axis. */
export function axisText(palette) {
  return { color: palette.soft, fontSize: 14 };
}
