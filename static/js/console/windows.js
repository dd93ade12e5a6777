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

/** Open a panel in a window of its own, where it stood before; a window that is open already comes to the front. */
export function openPanel(panel, layout) {
  const [width, height] = SIZES[panel];
  const place = { width, height, ...layout.place(panel) };
  const features = Object.entries(place).map(([name, value]) => `${name}=${Math.round(value)}`);
  window.open(`/console/?panel=${panel}`, `zz110-${panel}`, ["popup", ...features].join())?.focus();
}

/** Open the windows again that stood open at this seat. */
export function reopenWindows(layout) {
  for (const panel of layout.toReopen()) openPanel(panel, layout);
}

/** Keep where a window stands for the next time: looked at each second, because moving a window is no event. */
export function keepWindow(panel, layout, desk) {
  let kept = "";
  desk.on("tick", () => {
    const place = { left: screenX, top: screenY, width: innerWidth, height: innerHeight };
    if (JSON.stringify(place) === kept) return;
    kept = JSON.stringify(place);
    layout.keep(panel, place);
  });
  addEventListener("pagehide", () => layout.closed(panel, Date.now()));
}

/** Bring the "open in a window" buttons of the panel heads to life. */
export function bindWindowButtons(root, layout) {
  for (const node of root.querySelectorAll("[data-window]"))
    node.addEventListener("click", () => openPanel(node.dataset.window, layout));
}

/** Open the channel over which windows of one seat share the selection; null where there is none. */
export function openChannel(name) {
  return "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
}
