/**
 * The map of the console: units and incidents, the selected one with its best five candidates, and the
 * picking of a place by F4.
 */

/** Make the map in its panel. */
export function makeMapPanel() {
  return {};
}
