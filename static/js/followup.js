/**
 * The follow-up page: callbacks, supervision orders, the quality sample, transfers, series, what is overdue, approvals,
 * legal holds, retention. Keys: Alt and a digit change the section, F3 searches,
 * arrows walk, Enter opens, Ctrl+Enter does the main act, Esc goes back to the list.
 */

import { makeApi } from "./api.js";
import { approvals, holds, overdue, retention } from "./followup/board_kinds.js";
import { callbacks, supervision, transfers } from "./followup/kinds.js";
import { quality } from "./followup/quality.js";
import { series } from "./followup/series.js";
import { makeSection } from "./followup/section.js";
import { bindShell } from "./shell.js";
import { gettext, makeCodes } from "./words.js";

const KINDS = { callbacks, supervision, quality, transfers, series, overdue, approvals, holds, retention };
const RENEW_EVERY_MS = 10_000;

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
const tabs = [...document.querySelectorAll("[data-section]")];
const sections = {};
let shown = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section));
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
  const means = { codes: makeCodes(tables, document.documentElement.lang), me: session.user };
  for (const { dataset } of tabs) {
    const name = dataset.section;
    sections[name] = makeSection({ api, root: document.getElementById(name), about: KINDS[name](means) });
  }
  await show(location.hash.slice(1) in sections ? location.hash.slice(1) : tabs[0].dataset.section);
  await renew();
  setInterval(() => {
    if (!document.hidden) renew().catch(tell);
  }, RENEW_EVERY_MS);
}

async function renew() {
  await Promise.all(Object.values(sections).map((section) => section.load()));
  for (const tab of tabs) tab.querySelector(".count").textContent = String(sections[tab.dataset.section].openCount());
  trouble.hidden = true;
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
