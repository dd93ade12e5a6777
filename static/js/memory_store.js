/**
 * A store with the manners of `outbox_store.js` that forgets everything with the page: for tests, and
 * for a phone that opened the page over plain HTTP, where a browser has no cryptography to offer and
 * nothing about an incident may be written down.
 */

/** Make an empty store. */
export function makeMemoryStore() {
  const acts = new Map();
  const values = new Map();
  return {
    /** Tell whether what is put here survives the page. */
    durable: false,
    /** List all acts. */
    acts: async () => [...acts.values()].map((act) => ({ ...act })),
    /** Store an act under its key. */
    put: async (act) => void acts.set(act.key, { ...act }),
    /** Remove an act. */
    remove: async (key) => void acts.delete(key),
    /** Keep a value under a name. */
    keep: async (name, value) => void values.set(name, value),
    /** Read a kept value, `undefined` when there is none. */
    kept: async (name) => values.get(name),
    /** Forget everything. */
    wipe: async () => {
      acts.clear();
      values.clear();
    },
  };
}
