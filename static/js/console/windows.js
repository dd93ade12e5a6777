/**
 * Panels as windows of their own: the same page with one panel, placed on any screen.
 */

/** Names of the panels, as in `/console/?panel=…`. */
export const PANELS = ["intake", "queue", "map", "incident", "messages", "units"];

const SIZES = {
  intake: [460, 940],
  queue: [900, 900],
  map: [1200, 900],
  incident: [560, 980],
  messages: [640, 700],
  units: [1400, 420],
};

/** Open a panel in a window of its own; a window that is open already comes to the front. */
export function openPanel(panel) {
  const [width, height] = SIZES[panel];
  window.open(`/console/?panel=${panel}`, `zz110-${panel}`, `popup,width=${width},height=${height}`)?.focus();
}

/** Bring the "open in a window" buttons of the panel heads to life. */
export function bindWindowButtons(root) {
  for (const node of root.querySelectorAll("[data-window]"))
    node.addEventListener("click", () => openPanel(node.dataset.window));
}

/** Open the channel over which windows of one seat share the selection; null where there is none. */
export function openChannel(name) {
  return "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
}
