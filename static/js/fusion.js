/**
 * The fusion desk (合成作战): requests with their products, watch entries, hits, links. Keys: Alt+1 to Alt+7 change the
 * section, F3 searches, F4 picks a point, arrows walk, Enter opens, Ctrl+Enter does the main act, Esc goes back.
 *
 * The live feed says that something has changed; the rows come over the routes of the desk, which know who may read what.
 */

import { makeApi } from "./api.js";
import { makeServerClock } from "./clock.js";
import { makeSection } from "./followup/section.js";
import { directives } from "./fusion/directives.js";
import { requests } from "./fusion/kinds.js";
import { makeLinks } from "./fusion/links.js";
import { makeFusionMap } from "./fusion/map.js";
import { property, suspects } from "./fusion/outcomes.js";
import { entries } from "./fusion/watch.js";
import { hits } from "./fusion/watch.js";
import { makeLive } from "./live.js";
import { bindShell } from "./shell.js";
import { makeStore } from "./store.js";
import { gettext } from "./words.js";
import { makeCodes } from "./words.js";

const OURS = /^(fusion|clue|position|watch|directive|suspect|party)\./;
const RENEW_EVERY_MS = 10_000;
const GATHER_MS = 120;

const api = makeApi({ onSignedOut: toSignIn });
const store = makeStore();
const live = makeLive({ store, api, clock: makeServerClock(), onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
const tabs = [...document.querySelectorAll("[data-section]")];
const sections = {};
const found = new Map(); // points of interception by incident, until they are sent
let shown = null;
let map = null;
let waiting = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section));
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
  const means = { codes: makeCodes(tables, document.documentElement.lang), me: session.user, units: () => store.rows("unit"), found };
  const kinds = { requests: withMap(requests(means)), entries: entries(means), hits: hits(means), directives: directives(means), suspects: suspects(means), property: property(means) };
  for (const { dataset } of tabs) {
    const name = dataset.section;
    sections[name] = name === "links" ? linksSection(means) : makeSection({ api, root: document.getElementById(name), about: kinds[name] });
  }
  makeFusionMap(document.getElementById("fusion-map"), { api, store }).then((made) => {
    map = made;
    renew().catch(tell);
  }, tell);
  store.on("change", ({ frame }) => frame && OURS.test(frame.kind) && renewSoon());
  store.on("snapshot", renewSoon);
  live.on(sayLive);
  live.start();
  await show(location.hash.slice(1) in sections ? location.hash.slice(1) : tabs[0].dataset.section);
  await renew();
  setInterval(() => {
    if (!document.hidden) renew().catch(tell);
  }, RENEW_EVERY_MS);
}

function withMap(about) {
  const rows = (answer) => {
    map?.show(answer.fusion_requests);
    return about.rows(answer);
  };
  return { ...about, rows };
}

function linksSection(means) {
  const links = makeLinks({ api, codes: means.codes });
  return { ...links, load: async () => {}, openCount: () => "", leavePanel: links.focus };
}

/** Several entries of one moment are one reading. */
function renewSoon() {
  waiting ??= setTimeout(() => {
    waiting = null;
    renew().catch(tell);
  }, GATHER_MS);
}

async function renew() {
  await Promise.all(Object.values(sections).map((section) => section.load()));
  for (const tab of tabs) tab.querySelector(".count").textContent = String(sections[tab.dataset.section].openCount());
  trouble.hidden = true;
}

/** A picture that is not live is said, in words and shape. */
function sayLive() {
  const { state } = live.status();
  const chip = document.getElementById("fusion-live");
  const text = state === "live" ? gettext("● live") : gettext("◆ not live");
  if (chip.textContent !== text) chip.textContent = text;
  chip.dataset.state = state;
}

async function show(name) {
  shown = name;
  for (const other of Object.keys(sections)) document.getElementById(other).hidden = other !== name;
  for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.section === name));
  history.replaceState(null, "", `#${name}`);
  const held = document.activeElement;
  await sections[name].load();
  // Who has begun to write while the rows were on their way keeps the focus.
  if (shown === name && [held, document.body].includes(document.activeElement)) sections[name].focus();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || !shown) return;
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
}

function actOf(event) {
  const section = sections[shown];
  const tab = event.altKey ? tabs[Number(event.key) - 1] : null;
  if (tab) return () => show(tab.dataset.section);
  if (event.key === "F3") return () => section.search.select();
  if (event.key === "F4") return () => map?.pick();
  if (event.key === "Enter" && event.ctrlKey) return section.save;
  if (event.key === "Escape") return section.leavePanel;
  return null;
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  trouble.textContent = error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.hidden = false;
}
