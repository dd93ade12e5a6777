/**
 * The colours of the map, read from the page's style sheet, so that a theme is a matter of CSS alone.
 */

const NAMES = {
  ground: "--zz-map-ground", town: "--zz-map-town", works: "--zz-map-works", campus: "--zz-map-campus",
  water: "--zz-map-water", shore: "--zz-map-shore", park: "--zz-map-park", house: "--zz-map-house",
  trunk: "--zz-map-trunk", primary: "--zz-map-primary", secondary: "--zz-map-secondary",
  tertiary: "--zz-map-tertiary", lane: "--zz-map-lane", foot: "--zz-map-foot", rail: "--zz-map-rail",
  casing: "--zz-map-casing", area: "--zz-map-area", areaName: "--zz-map-area-name",
  label: "--zz-map-label", labelSoft: "--zz-map-label-soft", labelWater: "--zz-map-label-water",
  labelPark: "--zz-map-label-park", halo: "--zz-map-halo", station: "--zz-map-station",
  plate: "--zz-mark-plate", plateText: "--zz-mark-text", plateSoft: "--zz-mark-soft", edge: "--zz-mark-edge",
  onTone: "--zz-mark-on-tone", chosen: "--zz-mark-chosen", critical: "--zz-mark-critical",
  normal: "--zz-mark-normal", standby: "--zz-mark-standby", off: "--zz-mark-off",
  reach: "--zz-map-reach", lost: "--zz-map-lost", closed: "--zz-map-closed",
  p1: "--zz-mark-p1", p2: "--zz-mark-p2", p3: "--zz-mark-p3", p4: "--zz-mark-p4",
};

/**
 * Read the colours and the typeface that hold for an element now.
 * @param {Element} element the map's box
 * @returns {Object<string, string>} by role, with `font` beside them
 */
export function readPalette(element) {
  const style = getComputedStyle(element);
  const palette = {};
  for (const [role, name] of Object.entries(NAMES)) palette[role] = style.getPropertyValue(name).trim() || "#888888";
  palette.font = style.fontFamily || "sans-serif";
  return palette;
}
