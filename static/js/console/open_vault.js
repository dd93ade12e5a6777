/**
 * Opens the console's vault in the browser's own database.
 */

import { canKeep, openStore } from "../outbox_store.js";
import { NUMBERS, makeMemoryVault, makeVault } from "./vault.js";

const DATABASE = "zz110-console";

/**
 * Open the vault; where the browser can keep nothing (plain HTTP, no storage) it lasts as long as the page.
 * @param {{person: string}} how whose session it is
 */
export async function openVault({ person }) {
  const store = canKeep() ? await openStore({ name: DATABASE, more: [NUMBERS] }).catch(() => null) : null;
  return store ? makeVault(store, { person }) : makeMemoryVault();
}
