/** The PIN as this phone keeps it: salted and derived, so that it opens the lock where no network is. */

const ROUNDS = 200000;

/** Keep a PIN that the server has just taken. */
export async function rememberPin(app, secret) {
  if (!/^\d{4,8}$/.test(secret) || !globalThis.crypto?.subtle) return;
  const salt = [...crypto.getRandomValues(new Uint8Array(16))];
  app.keep("pin", { salt, bits: await derived(secret, salt) });
}

/** Tell whether this is the PIN that opened the phone last. */
export async function isKnownPin(app, secret) {
  const { pin } = app.kept;
  return Boolean(pin && globalThis.crypto?.subtle) && (await derived(secret, pin.salt)) === pin.bits;
}

async function derived(secret, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: new Uint8Array(salt), iterations: ROUNDS };
  return [...new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))].join();
}
