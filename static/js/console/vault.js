/**
 * What a console keeps on its own machine while the server cannot be reached: unsent acts, drafts, the last picture,
 * code tables, and the seat's numbers (targets D4, 3.3).
 *
 * AES-GCM with a key that the browser keeps and never hands out. Pictures and drafts expire after twelve hours and are
 * wiped on sign-out; an act that the server has not taken is never dropped by age, for it may be an emergency call. The
 * numbers are no secret and lie open, so that of several windows each takes its own in one transaction.
 */

import { KEPT_FOR_MS } from "../outbox.js";

/** The open store of numbers. */
export const NUMBERS = "numbers";

/** Make a vault on an opened store. */
export async function makeVault(store, { person, now = Date.now }) {
  const owner = await store.kept("owner");
  const isAnother = owner !== undefined && owner !== person;
  if (isAnother) await store.clear(NUMBERS);
  await dropOld();
  await store.keep("owner", person);

  /** What has expired goes at the next start, and with it everything of another person but the unsent acts. */
  async function dropOld() {
    for (const name of await store.names()) {
      const found = await store.kept(name);
      if (found?.at && (isAnother || now() - found.at > KEPT_FOR_MS)) await store.drop(name);
    }
  }

  return {
    durable: true,
    /** The acts, for an outbox. */
    acts: store,
    /** Keep a value under a name, with its time. */
    keep: (name, value) => store.keep(name, { at: now(), value }),
    /** Recall `{at, value}`, null when there is none or it is older than twelve hours. */
    async kept(name) {
      const found = await store.kept(name);
      return found?.at && now() - found.at <= KEPT_FOR_MS ? found : null;
    },
    drop: (name) => store.drop(name),
    /** List the names that begin so. */
    async names(prefix) {
      return (await store.names()).filter((name) => name.startsWith(prefix));
    },
    /** Put numbers in stock that were given out to this seat. */
    stock: (prefix, numbers) => store.fill(NUMBERS, numbers.map((number) => ({ number, prefix }))),
    /** Take the lowest number, `{number, prefix}` or null. */
    take: () => store.takeFirst(NUMBERS),
    count: () => store.count(NUMBERS),
    /** Forget everything, the key's contents too: the session has ended. */
    wipe: () => store.wipe(),
  };
}

/** Make a vault that lasts as long as the page. */
export function makeMemoryVault(now = Date.now) {
  const values = new Map();
  const acts = new Map();
  let numbers = [];
  return {
    durable: false,
    acts: {
      acts: async () => [...acts.values()],
      put: async (act) => void acts.set(act.key, act),
      remove: async (key) => void acts.delete(key),
      keep: async () => {},
      kept: async () => undefined,
    },
    keep: async (name, value) => void values.set(name, { at: now(), value }),
    kept: async (name) => values.get(name) ?? null,
    drop: async (name) => void values.delete(name),
    names: async (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)),
    stock: async (prefix, fresh) => { numbers = [...numbers, ...fresh.map((number) => ({ number, prefix }))]; },
    take: async () => numbers.shift() ?? null,
    count: async () => numbers.length,
    wipe: async () => { values.clear(); acts.clear(); numbers = []; },
  };
}
