/** Keeping the screen on during an order: a dark screen sends no position and rings late. */

/** Make the lock; browsers without one simply let the screen go dark. */
export function makeWakeLock() {
  let wanted = false;
  let lock = null;
  let asking = false;

  async function take() {
    if (!wanted || lock || asking || document.hidden || !navigator.wakeLock) return;
    asking = true;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => { lock = null; });
    } catch {
      // Low battery or a policy: the page says anyway that positions need the screen.
    } finally {
      asking = false;
    }
    if (!wanted) want(false);
  }

  /** Ask for the screen to stay on, or let it go. */
  function want(on) {
    wanted = on;
    if (on) return take();
    const held = lock;
    lock = null;
    return held?.release().catch(() => {});
  }

  document.addEventListener("visibilitychange", take);
  return { want };
}
