/**
 * Where the windows of a seat stand, kept on the seat's own machine; pure but for the storage it is given.
 *
 * Windows that were closed together, as at the end of a shift or by a crash, come back together; one that
 * was closed by itself was not wanted any more.
 */

const TOGETHER_MS = 60000;

/**
 * Make the memory of a seat's windows.
 * @param {string} seat name of the seat
 * @param {{recall: (name: string) => string|null, remember: (name: string, value: string) => void}} storage
 */
export function makeLayout(seat, { recall, remember }) {
  const name = `zz110.layout.${seat}`;
  const read = () => {
    try {
      return JSON.parse(recall(name) ?? "{}");
    } catch {
      return {};
    }
  };
  const put = (panel, facts) => {
    const all = read();
    remember(name, JSON.stringify({ ...all, [panel]: { ...all[panel], ...facts } }));
  };
  return {
    /** Tell place and size of a panel's window, null for one that never stood anywhere. */
    place: (panel) => read()[panel]?.place ?? null,
    /** Keep place and size of a panel's window, which is open. */
    keep: (panel, place) => put(panel, { place, closed_at: null }),
    /** Note that a panel's window was closed. */
    closed: (panel, now) => put(panel, { closed_at: now }),
    /** List the panels whose windows stood open at the end. */
    toReopen() {
      const all = Object.entries(read());
      const last = Math.max(0, ...all.map(([, one]) => one.closed_at ?? 0));
      return all.filter(([, one]) => !one.closed_at || last - one.closed_at < TOGETHER_MS).map(([panel]) => panel);
    },
  };
}
