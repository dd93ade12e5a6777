/**
 * The review page (要案复盘): the list of reviews, the tasks, and the player of the one that was chosen. The address
 * holds the review (`#12`); Esc goes back to the list.
 */

import { makeApi } from "./api.js";
import { makeSection } from "./followup/section.js";
import { reviews, reviewsToo, tasks } from "./review/kinds.js";
import { makePlayer } from "./review/player.js";
import { bindShell } from "./shell.js";
import { gettext, makeCodes } from "./words.js";

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
const tabs = [...document.querySelectorAll("[data-section]")];
const playerBox = document.getElementById("player");
const lists = document.getElementById("lists");
const sections = {};
let shown = null;
let player = null;
let means = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section).catch(tell));
document.querySelector("[data-player=close]").addEventListener("click", closePlayer);
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
  const asked = new URLSearchParams(location.search);
  means = { api: playing(), tell, codes: makeCodes(tables, document.documentElement.lang), me: session.user, incident: asked.get("incident") ?? "" };
  const kinds = { reviews: () => reviews({ ...means, since: "", until: "" }), tasks: () => tasks(means) };
  for (const { dataset } of tabs) sections[dataset.section] = makeSection({ api: playing(), root: document.getElementById(dataset.section), about: kinds[dataset.section]() });
  const wanted = Number(location.hash.slice(1));
  if (wanted && reviewsToo(means.me)) await openPlayer(wanted);
  else await show(tabs[0].dataset.section);
}

/** The API; whoever opens or reads a review with a purpose goes on to its player. */
function playing() {
  const post = async (path, body) => {
    const answer = await api.post(path, body);
    if (answer.review && /^\/api\/reviews\/(\d+\/read\/)?$/.test(path)) setTimeout(() => openPlayer(answer.review.id).catch(tell));
    return answer;
  };
  return { ...api, post };
}

async function openPlayer(id) {
  player?.close();
  player = null;
  lists.hidden = true;
  playerBox.hidden = false;
  history.replaceState(null, "", `#${id}`);
  try {
    player = await makePlayer(id, means);
    trouble.hidden = true;
    document.querySelector("[data-player=play]").focus();
  } catch (error) {
    closePlayer();
    if (error.code !== "purpose_needed") tell(error);
  }
}

function closePlayer() {
  player?.close();
  player = null;
  playerBox.hidden = true;
  lists.hidden = false;
  history.replaceState(null, "", location.pathname);
  show(shown ?? tabs[0].dataset.section).catch(tell);
}

async function show(name) {
  shown = name;
  for (const other of Object.keys(sections)) document.getElementById(other).hidden = other !== name;
  for (const tab of tabs) tab.setAttribute("aria-selected", String(tab.dataset.section === name));
  await sections[name].load();
  for (const tab of tabs) tab.querySelector(".count").textContent = String(sections[tab.dataset.section].openCount() || "");
  sections[name].focus();
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const isWriting = event.target.closest?.("input:not([type=range]), textarea, select");
  if (player && event.key === "Escape" && isWriting) return document.querySelector("[data-player=play]").focus();
  const act = player ? playerAct(event, isWriting) : listAct(event);
  if (!act) return undefined;
  event.preventDefault();
  return act();
}

function playerAct(event, isWriting) {
  if (event.key === "Escape") return closePlayer;
  if (isWriting) return null;
  // A button that has the focus is pressed by space; only the play button may be.
  if (event.key === " " && event.target.closest("button, a") && event.target.dataset.player !== "play") return null;
  return player.onKey(event) ? () => {} : null;
}

function listAct(event) {
  const section = sections[shown];
  const tab = event.altKey ? tabs[Number(event.key) - 1] : null;
  if (tab) return () => show(tab.dataset.section);
  if (!section) return null;
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
