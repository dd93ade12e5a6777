/**
 * The administrator's page: code tables and accounts. Keys: Alt+1 and Alt+2 change the section, F3 searches,
 * arrows walk, Enter opens, Ctrl+Enter saves, Esc goes back to the list, Alt+N makes a new account.
 */

import { makeApi } from "./api.js";
import { makeCodesSection } from "./manage/codes.js";
import { makeUsersSection } from "./manage/users.js";
import { bindShell } from "./shell.js";
import { gettext, makeCodes } from "./words.js";

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
let words = null;
let me = null;

const codes = makeCodesSection({ api, root: document.getElementById("codes"), remember: (table) => goTo(`codes/${table}`) });
const users = makeUsersSection({ api, root: document.getElementById("users"), codes: () => words, me: () => me });
const sections = { codes, users };
let shown = "codes";

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of document.querySelectorAll("[data-section]")) tab.addEventListener("click", () => showSection(tab.dataset.section));
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
  words = makeCodes(tables, document.documentElement.lang);
  me = session.user;
  const [section, table] = location.hash.slice(1).split("/");
  await Promise.all([codes.start(table ?? ""), users.start()]);
  showSection(section === "users" ? "users" : "codes");
}

function showSection(name) {
  shown = name;
  for (const section of Object.keys(sections)) document.getElementById(section).hidden = section !== name;
  for (const tab of document.querySelectorAll("[data-section]")) tab.setAttribute("aria-selected", String(tab.dataset.section === name));
  if (name === "users") goTo("users");
  sections[name].focus();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
}

function actOf(event) {
  const section = sections[shown];
  if (event.altKey && event.key === "1") return () => showSection("codes");
  if (event.altKey && event.key === "2") return () => showSection("users");
  if (event.altKey && event.key.toLowerCase() === "n") return () => { showSection("users"); users.add(); };
  if (event.key === "F3") return () => section.search.select();
  if (event.key === "Enter" && event.ctrlKey) return section.save;
  if (event.key === "Escape") return section.leavePanel;
  return null;
}

function goTo(place) {
  history.replaceState(null, "", `#${place}`);
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  trouble.textContent = error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.hidden = false;
}
