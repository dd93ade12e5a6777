/**
 * What was typed, kept encrypted on this machine: a reload, a crashed page or a killed browser loses less than half a
 * second (F22). Each window keeps its own draft under a lock; a draft whose window is gone belongs to the next one.
 */

const KEEP_AFTER_MS = 200;
const PREFIX = "draft.";

/**
 * Make the keeper of this window's draft.
 * @param {object} vault from `vault.js`
 * @param {{locks?: LockManager, id?: string}} [means]
 */
export function makeDraft(vault, { locks = globalThis.navigator?.locks, id = crypto.getRandomValues(new Uint32Array(2)).join("-") } = {}) {
  const name = `${PREFIX}${id}`;
  let timer = null;
  let read = null;
  let last = "";
  locks?.request(name, () => new Promise(() => {}));

  /** Keep the value that `read` gives, soon: at most once in 200 ms, and at the latest 200 ms after the first call. */
  function soon(from) {
    read = from;
    timer ??= setTimeout(now, KEEP_AFTER_MS);
  }

  async function now() {
    clearTimeout(timer);
    timer = null;
    const value = read?.();
    const text = JSON.stringify(value ?? null);
    if (value && text !== last) {
      last = text;
      await vault.keep(name, value).catch(() => {});
    }
  }

  /** Forget this window's draft: what it held is sent or given up. */
  async function forget() {
    clearTimeout(timer);
    timer = null;
    read = null;
    last = "";
    await vault.drop(name).catch(() => {});
  }

  /** Take over the newest draft of a window that is gone, null when there is none. */
  async function takeOver() {
    const held = new Set(((await locks?.query())?.held ?? []).map((lock) => lock.name));
    const left = [];
    for (const other of await vault.names(PREFIX)) {
      if (other === name || held.has(other)) continue;
      const found = await vault.kept(other);
      if (found) left.push({ ...found, name: other });
    }
    const newest = left.sort((a, b) => b.at - a.at)[0];
    if (!newest) return null;
    await vault.keep(name, newest.value).catch(() => {});
    await vault.drop(newest.name).catch(() => {});
    return newest.value;
  }

  return { soon, now, forget, takeOver };
}
