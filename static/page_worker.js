/**
 * The service worker of the console and of the grid page: lets the page itself open while the server cannot be reached
 * (targets D4). It serves the page that its own address lies below.
 *
 * It keeps only the shell: the page, which holds nothing of any incident, and the files that it needs. Nothing of the
 * API is ever kept here; what was read last lies in the page's own store.
 */

const PAGE = location.pathname.slice(0, location.pathname.lastIndexOf("/") + 1);
const SHELL = `zz110-${PAGE.slice(1, -1)}-shell`;
const PAGE_WITHIN_MS = 3000;
const FILE_WITHIN_MS = 1500;
const AWAY_FOR_MS = 15_000;
const HASHED = /\.[0-9a-f]{12}\./;
const IMPORT = /(?:from\s*|import\s*)["'](\.{1,2}\/[^"']+)["']/g;

let keeping = Promise.resolve();
let signedOut = false;
/** Until when the server counts as away: a page that came out of the cache gets its files from there, too. */
let awayUntil = 0;

self.addEventListener("install", (event) => {
  keeping = keepShell();
  event.waitUntil(keeping.catch(() => {}).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

/** At the end of a session nothing stays. */
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
  return pathname.startsWith("/static/") || pathname.startsWith("/jsi18n/");
}

/** The fresh page if it comes in time, else the kept one; which panel it shows, its address says. */
async function page(event) {
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((response) => isPage(response) && keepAgain()).catch(() => {}));
  const kept = await caches.match(PAGE, { cacheName: SHELL, ignoreVary: true });
  if (!kept) return fresh;
  const late = new Promise((done) => { setTimeout(done, PAGE_WITHIN_MS, kept); });
  const shown = await Promise.race([fresh.then((response) => (response.status < 500 ? response : kept), () => kept), late]);
  awayUntil = shown === kept ? Date.now() + AWAY_FOR_MS : 0;
  return shown;
}

/** A file with a hash in its name never changes; any other is asked for first. */
async function file(request, address) {
  const kept = await caches.match(request, { cacheName: SHELL, ignoreVary: true });
  if (kept && (HASHED.test(address.pathname) || Date.now() < awayUntil)) return kept;
  if (!kept) return fetch(request);
  const late = new Promise((done) => { setTimeout(done, FILE_WITHIN_MS, null); });
  const fresh = await Promise.race([fetch(request).catch(() => null), late]);
  if (fresh) return fresh;
  awayUntil = Date.now() + AWAY_FOR_MS;
  return kept;
}

function isPage(response) {
  return response.ok && !response.redirected;
}

/** The page was opened by somebody who is signed in: keep it, once what is being kept is done. */
function keepAgain() {
  signedOut = false;
  keeping = keeping.catch(() => {}).then(() => (signedOut ? null : keepShell()));
  return keeping;
}

/** Keep the page, every file that it names and every module that these import. */
async function keepShell() {
  const found = await fetch(PAGE, { credentials: "same-origin", cache: "no-store" });
  if (!isPage(found)) return;
  const cache = await caches.open(SHELL);
  const known = new Set([PAGE]);
  let wanted = filesOf(await found.clone().text());
  while (wanted.length) {
    for (const path of wanted) known.add(path);
    const next = await Promise.all(wanted.map((path) => keepFile(cache, path)));
    wanted = [...new Set(next.flat())].filter((path) => !known.has(path));
  }
  await cache.put(PAGE, found);
  for (const request of await cache.keys()) {
    if (!known.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}

/** Keep one file; returns the modules that it imports. */
async function keepFile(cache, path) {
  let response = HASHED.test(path) ? await cache.match(path) : null;
  if (!response) {
    response = await fetch(path, { credentials: "same-origin" });
    if (!response.ok) return [];
    await cache.put(path, response.clone());
  }
  if (!path.endsWith(".js")) return [];
  const text = await response.text();
  return [...text.matchAll(IMPORT)].map((match) => new URL(match[1], new URL(path, location.origin)).pathname);
}

function filesOf(page) {
  const paths = [...page.matchAll(/(?:href|src|data-worker)="(\/[^"]+)"/g)].map((match) => match[1]);
  return [...new Set(paths)].filter((path) => isShellFile(new URL(path, location.origin)));
}
