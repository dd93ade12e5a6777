/**
 * The duty page (勤务): roster, who is on duty, post checks, hand-overs, seats, duty level, qualifications, merit. Keys: Alt and a digit change the
 * section, F2 begins something, F3 searches, arrows walk, Enter opens, Ctrl+Enter does the main act, Esc goes back.
 */

import { makeApi } from "./api.js";
import { makeSection } from "./followup/section.js";
import { bindShell } from "./shell.js";
import { handOvers } from "./shift/hand_overs.js";
import { checks, level, onDuty, seats } from "./shift/kinds.js";
import { merit, meritTotals } from "./shift/merit.js";
import { qualifications } from "./shift/qualifications.js";
import { makeRoster } from "./shift/roster.js";
import { levelWord } from "./shift/words.js";
import { gettext, makeCodes } from "./words.js";

const KINDS = { on_duty: onDuty, checks, hand_overs: handOvers, seats, level, qualifications, merit, merit_totals: meritTotals };
const RENEW_EVERY_MS = 5_000;

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
const banner = document.getElementById("duty-banner");
const tabs = [...document.querySelectorAll("[data-section]")];
const sections = {};
let shown = null;
let codes = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section).catch(tell));
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
  codes = makeCodes(tables, document.documentElement.lang);
  const means = { codes, me: session.user, api };
  for (const { dataset } of tabs) {
    const root = document.getElementById(dataset.section);
    sections[dataset.section] = dataset.section === "roster" ? makeRoster({ api, root, means }) : makeSection({ api, root, about: KINDS[dataset.section](means) });
  }
  await show(location.hash.slice(1) in sections ? location.hash.slice(1) : tabs[0].dataset.section);
  await renew();
  setInterval(() => {
    if (!document.hidden) renew().catch(tell);
  }, RENEW_EVERY_MS);
}

async function renew() {
  const [{ duty_level: present }] = await Promise.all([api.get("/api/duty-level/"), ...Object.values(sections).map((section) => section.load())]);
  paintBanner(present);
  for (const tab of tabs) tab.querySelector(".count").textContent = String(sections[tab.dataset.section].openCount());
  trouble.hidden = true;
}

/** Level 3 is the everyday one and needs no banner. */
function paintBanner(present) {
  banner.hidden = !present || present.level === 3;
  if (banner.hidden) return;
  banner.dataset.level = String(present.level);
  banner.textContent = [levelWord(codes, present.level), present.reason, present.task_sheet.replaceAll("\n", " / ")].filter(Boolean).join(" · ");
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
  if (tab) return () => show(tab.dataset.section).catch(tell);
  if (event.key === "F2") return section.begin;
  if (event.key === "F3") return () => section.search.select();
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
