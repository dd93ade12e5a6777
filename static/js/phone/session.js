/** Who is signed in, in which window, with which token; and the way out. */

const LEAVING = "zz110.leaving";
const LOCK = "zz110-phone";
const RENEW_EVERY_MS = 60000;
const TOKEN_REFUSED = ["csrf", "forbidden"];
const FORGET_WITHIN_MS = 3000;

/**
 * Make the session.
 * @param {{onAnswer: (date: string|null) => void}} parts told of every answer, with the server's date
 */
export function makeSession({ onAnswer }) {
  let renewedAt = 0;
  let token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  /** Fetch; learns the server's time, and renews the token when the shell's copy may be too old. */
  async function answered(path, request) {
    const response = await fetch(path, request);
    if (response.status < 500) onAnswer(dateOf(response));
    if (response.status !== 403 || request.method === "GET" || Date.now() - renewedAt < RENEW_EVERY_MS) return response;
    if (!(await mayBeToken(response.clone()))) return response;
    await renew();
    return fetch(path, { ...request, headers: { ...request.headers, "X-CSRFToken": token } });
  }

  /** Tell whether it may be the token that was refused. A wrong PIN says so itself: sent again it would count twice
   * among the tries after which the session ends. */
  async function mayBeToken(response) {
    const { error } = await response.json().catch(() => ({}));
    return !error || TOKEN_REFUSED.includes(error);
  }

  /** A refused write may only have carried the token of an older session. */
  async function renew() {
    renewedAt = Date.now();
    const response = await fetch("/api/session/", { credentials: "same-origin", cache: "no-store" });
    token = (await response.json()).csrf ?? token;
  }

  /** Ask who is signed in, `null` for nobody; a sign-out that had no network is made up for first. */
  async function whoAmI(api) {
    const { csrf, user } = await api.get("/api/session/");
    token = csrf ?? token;
    if (!localStorage.getItem(LEAVING)) return user;
    if (user) await api.remove("/api/session/");
    localStorage.removeItem(LEAVING);
    return null;
  }

  /**
   * Sign out at the server; without network at the next start.
   * @returns {Promise<boolean>} whether the server has heard it
   */
  async function signOut(api) {
    localStorage.setItem(LEAVING, "1");
    await dropCaches();
    try {
      await api.remove("/api/session/", { again: false });
    } catch (error) {
      if (error.status !== 401) return false;
    }
    localStorage.removeItem(LEAVING);
    return true;
  }

  /**
   * Wait to be the only window with the queue; one that is opened later takes it over.
   * @param {() => void} onTaken this window has lost it
   */
  function alone(onTaken) {
    if (!navigator.locks) return Promise.resolve();
    return new Promise((begin) => {
      const hold = () => new Promise(() => { begin(); });
      navigator.locks.request(LOCK, { steal: true }, hold).catch(onTaken);
    });
  }

  function registerWorker() {
    navigator.serviceWorker?.register("/m/sw.js", { scope: "/m/" }).catch(() => {});
  }

  return { fetch: answered, csrf: () => token, whoAmI, signOut, alone, registerWorker };
}

/** HTTP dates have whole seconds, always rounded down: half a second more is nearer on average. */
function dateOf(response) {
  const at = Date.parse(response.headers.get("Date") ?? "");
  return Number.isNaN(at) ? null : new Date(at + 500).toISOString();
}

/** Drop what the service worker keeps: it does so itself, after what it is just keeping; without one the page does. */
async function dropCaches() {
  await workerForgets();
  const names = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(names.filter((name) => name.startsWith("zz110-phone")).map((name) => caches.delete(name)));
}

/** Let the page's service worker drop what it keeps. */
export function workerForgets() {
  const worker = globalThis.navigator?.serviceWorker?.controller;
  if (!worker) return Promise.resolve();
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    setTimeout(done, FORGET_WITHIN_MS);
    worker.postMessage("forget", [port2]);
  });
}
