/**
 * The deployment page (警力部署): demand against unit hours, and what another deployment would have done. Keys: Alt and a
 * digit change the section, Enter opens, Ctrl+Enter starts a trial.
 */

import { makeApi } from "./api.js";
import { makeDemand } from "./deployment/demand.js";
import { makeTrials } from "./deployment/trials.js";
import { bindShell } from "./shell.js";
import { gettext, makeCodes } from "./words.js";

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
const tabs = [...document.querySelectorAll("[data-section]")];
const sections = {};

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section).catch(tell));
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session, baseMap, { units }] = await Promise.all([
    api.get("/api/codes/"), api.get("/api/session/"), api.get("/api/map/", { seconds: 20 }), api.get("/api/units/", { seconds: 20 }),
  ]);
  const means = { api, codes: makeCodes(tables, document.documentElement.lang), me: session.user, baseMap, units, tell, calm };
  sections.demand = makeDemand(document.getElementById("demand"), means);
  sections.trials = makeTrials(document.getElementById("trials"), means);
  await show(location.hash === "#trials" ? "trials" : "demand");
}

async function show(name) {
  if (!sections[name]) return;
  for (const tab of tabs) {
    tab.setAttribute("aria-selected", String(tab.dataset.section === name));
    document.getElementById(tab.dataset.section).hidden = tab.dataset.section !== name;
  }
  history.replaceState(null, "", `#${name}`);
  await sections[name].open();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const tab = event.altKey && /^[12]$/.test(event.key) ? tabs[Number(event.key) - 1] : null;
  if (tab) {
    event.preventDefault();
    tab.focus();
    show(tab.dataset.section).catch(tell);
  } else if (event.key === "Enter" && event.ctrlKey && sections.trials && !document.getElementById("trials").hidden) {
    event.preventDefault();
    sections.trials.submit();
  }
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  trouble.textContent = error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.hidden = false;
}

function calm() {
  trouble.hidden = true;
}
