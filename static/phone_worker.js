/**
 * The phone page's service worker: lets the page itself open without network.
 *
 * It keeps only the shell: the page, which holds nothing personal, and the static files that the page
 * names. Nothing of the API is ever kept here; the last order lies encrypted in the page's own store.
 */

const SHELL = "zz110-phone-shell";
const PAGE = "/m/";
const PAGE_WITHIN_MS = 3000;
const HASHED = /\.[0-9a-f]{12}\./;

/** What is being kept just now, and whether the person has signed out since the page was opened. */
let keeping = Promise.resolve();
let signedOut = false;

self.addEventListener("install", (event) => {
  keeping = keepShell();
  event.waitUntil(keeping.catch(() => {}).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

/** At the end of a session nothing stays: not either what was on its way into the cache. */
self.addEventListener("message", (event) => {
  if (event.data !== "forget") return;
  signedOut = true;
  const done = keeping.catch(() => {}).then(() => caches.delete(SHELL)).then(() => event.ports[0]?.postMessage("gone"));
  event.waitUntil(done);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === PAGE) event.respondWith(page(event));
  else if (isShellFile(address)) event.respondWith(file(request, address));
});

function isShellFile({ pathname }) {
  return pathname.startsWith("/static/") || pathname === "/jsi18n/phone/" || pathname === "/m/manifest.webmanifest";
}

/** The fresh page if it comes in time, else the kept one: a phone in a tunnel opens at once. */
async function page(event) {
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((response) => isPage(response) && keepAgain(response.clone())).catch(() => {}));
  const kept = await caches.match(PAGE, { cacheName: SHELL });
  if (!kept) return fresh;
  const late = new Promise((done) => { setTimeout(done, PAGE_WITHIN_MS, kept); });
  return Promise.race([fresh.then((response) => (response.status < 500 ? response : kept), () => kept), late]);
}

/** A file with a hash in its name never changes; any other is asked for first. */
async function file(request, address) {
  const kept = await caches.match(request, { cacheName: SHELL, ignoreVary: true });
  if (kept && HASHED.test(address.pathname)) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok && kept && !signedOut) await (await caches.open(SHELL)).put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

/** Only the page itself is kept: not the login that it redirects to, not a refusal. */
function isPage(response) {
  return response.ok && !response.redirected;
}

/** The page was opened by somebody who is signed in: keep it, once what is being kept is done. */
function keepAgain(response) {
  signedOut = false;
  keeping = keeping.catch(() => {}).then(() => (signedOut ? null : keepShell(response)));
  return keeping;
}

/** Keep the page and every file that it names; forget the files of an older one. */
async function keepShell(response = null) {
  const found = response ?? (await fetch(PAGE, { credentials: "same-origin", cache: "no-store" }));
  if (!isPage(found)) return;
  const wanted = filesOf(await found.clone().text());
  const cache = await caches.open(SHELL);
  await Promise.all(wanted.map((path) => keepFile(cache, path)));
  await cache.put(PAGE, found);
  const known = new Set([PAGE, ...wanted]);
  for (const request of await cache.keys()) {
    if (!known.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}

async function keepFile(cache, path) {
  if (HASHED.test(path) && (await cache.match(path))) return;
  const response = await fetch(path, { credentials: "same-origin" });
  if (response.ok) await cache.put(path, response);
}

/** The page lists all its modules as preloads, so its links and scripts are the whole shell. */
function filesOf(page) {
  const paths = [...page.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map((match) => match[1]);
  return [...new Set(paths)].filter((path) => isShellFile(new URL(path, location.origin)));
}
