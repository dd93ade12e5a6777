/**
 * The phone's store: unsent acts and the last known order, in IndexedDB, encrypted.
 *
 * What is written is only the officer's own unsent acts and the one order (targets 3.3). It is
 * AES-GCM with a key that the browser keeps and never hands out; it is wiped on logout, when another
 * person signs in, and by age. Keys of acts, their order and their time stay readable, contents do not.
 */

import { openDB } from "../vendor/idb/build/index.js";

const DATABASE = "zz110-phone";
const VERSION = 1;

/** Tell whether this browser can keep anything: cryptography exists on secure origins only. */
export function canKeep() {
  return Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);
}

/**
 * Open the store.
 * @param {{name?: string, more?: string[]}} [how] another database, with open stores of numbers beside the sealed ones
 * @returns {Promise<object>} `acts put remove keep kept names drop fill takeFirst count clear wipe`, `durable: true`
 */
export async function openStore({ name: ofDatabase = DATABASE, more = [] } = {}) {
  const database = await openDB(ofDatabase, VERSION, {
    upgrade(fresh) {
      fresh.createObjectStore("acts", { keyPath: "key" });
      fresh.createObjectStore("values");
      for (const store of more) fresh.createObjectStore(store, { keyPath: "number" });
    },
    // Another window wants a newer layout: let it have the database, this page works on until reload.
    blocking: (_old, _new, event) => event.target.close(),
  });
  let secret = await secretOf(database);

  async function seal(value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, plain) };
  }

  async function unseal({ iv, box }) {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, secret, box);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  async function sealPhoto(photo) {
    if (!photo) return null;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, await photo.arrayBuffer());
    return { iv, box, type: photo.type };
  }

  async function unsealPhoto(sealed) {
    if (!sealed) return undefined;
    const { iv, box, type } = sealed;
    return new Blob([await crypto.subtle.decrypt({ name: "AES-GCM", iv }, secret, box)], { type });
  }

  async function read(record) {
    try {
      const act = await unseal(record.sealed);
      return { ...act, photo: await unsealPhoto(record.photo) };
    } catch {
      // Written with a key that is gone: nobody can read it any more.
      await database.delete("acts", record.key);
      return null;
    }
  }

  return {
    durable: true,
    async acts() {
      const records = await database.getAll("acts");
      return (await Promise.all(records.map(read))).filter(Boolean);
    },
    async put(act) {
      const { photo, ...rest } = act;
      const record = { key: act.key, sealed: await seal(rest), photo: await sealPhoto(photo) };
      await database.put("acts", record);
    },
    remove: (key) => database.delete("acts", key),
    async keep(name, value) {
      const sealed = await seal(value);
      await database.put("values", sealed, name);
    },
    async kept(name) {
      const sealed = await database.get("values", name);
      return sealed ? unseal(sealed).catch(() => undefined) : undefined;
    },
    /** List the names of the sealed values. */
    names: async () => (await database.getAllKeys("values")).filter((name) => name !== "secret"),
    drop: (name) => database.delete("values", name),
    /** Put rows with a `number` into an open store. */
    async fill(store, rows) {
      const change = database.transaction(store, "readwrite");
      await Promise.all([...rows.map((row) => change.store.put(row)), change.done]);
    },
    /** Take the lowest row out of an open store: of two windows each gets its own. */
    async takeFirst(store) {
      const change = database.transaction(store, "readwrite");
      const cursor = await change.store.openCursor();
      const row = cursor?.value ?? null;
      if (cursor) await cursor.delete();
      await change.done;
      return row;
    },
    count: (store) => database.count(store),
    clear: (store) => database.clear(store),
    async wipe() {
      await Promise.all(["acts", "values", ...more].map((store) => database.clear(store)));
      secret = await secretOf(database);
    },
  };
}

/** Find the key of this device, or make one; it cannot be exported. */
async function secretOf(database) {
  const known = await database.get("values", "secret");
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await database.put("values", fresh, "secret");
  return fresh;
}
