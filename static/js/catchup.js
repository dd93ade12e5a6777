/**
 * The catch-up page: cards come back by keyboard, with their own times; numbers are accounted for.
 * Keys: Tab walks the card, Ctrl+Enter enters it, F2 goes to the serial.
 */

import { makeApi } from "./api.js";
import { makeCard } from "./catchup/card.js";
import { paintBlocks } from "./catchup/blocks.js";
import { paintEntries } from "./catchup/entries.js";
import { makeOpening } from "./catchup/opening.js";
import { formatMoment, parseTime } from "./clock.js";
import { bindShell } from "./shell.js";
import { fill, gettext, makeCodes } from "./words.js";

const RENEW_EVERY_MS = 10_000;

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
const page = { api, codes: null, me: null, units: [], now: null, load, tell };
let card = null;
let opening = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
start().catch(tell);

async function start() {
  const [{ tables }, session, { units }] = await Promise.all([
    api.get("/api/codes/"),
    api.get("/api/session/"),
    api.get("/api/units/"),
  ]);
  Object.assign(page, { codes: makeCodes(tables, document.documentElement.lang), me: session.user, units });
  card = makeCard(document.getElementById("card"), page);
  opening = makeOpening(document.getElementById("opening"), page);
  document.addEventListener("keydown", onKey);
  await load();
  card.focus();
  setInterval(() => {
    if (!document.hidden) load().catch(tell);
  }, RENEW_EVERY_MS);
}

/** Read how catch-up stands and show it. */
async function load() {
  page.now = await api.get("/api/catch-up/");
  trouble.hidden = true;
  paintMode(page.now.catch_up);
  opening.paint();
  card.renew();
  paintEntries(document.getElementById("entries"), page);
  paintBlocks(document.getElementById("blocks"), page);
  document.getElementById("entries-count").textContent = String(page.now.entries.length);
}

function paintMode(open) {
  const mode = document.getElementById("mode");
  mode.dataset.open = open ? "yes" : "no";
  const span = (at) => formatMoment(parseTime(at), Date.now());
  mode.textContent = open
    ? fill(gettext("Catch-up is open: outage %(from)s to %(to)s · %(reason)s"), {
        from: span(open.began_at),
        to: span(open.over_at),
        reason: open.reason,
      })
    : gettext("Catch-up is not open: the watch commander opens it.");
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "F2") card.focus();
  else if (event.key === "Enter" && event.ctrlKey) card.enter();
  else return;
  event.preventDefault();
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  trouble.textContent = error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.hidden = false;
}
