/**
 * The console: joins the live feed, puts the panels on the page, binds the keys.
 */

import { isProposed } from "./console/casework.js";
import { raise } from "./console/casework.js";
import { isProposed as isGridProposed } from "./console/grid_block.js";
import { learnTeams } from "./console/grid_block.js";
import { raiseGrid } from "./console/grid_block.js";
import { makeApi } from "./api.js";
import { makeCards } from "./cards.js";
import { makeServerClock } from "./clock.js";
import { VERBS } from "./command_line.js";
import { bindActs } from "./console/acts.js";
import { makeCommandBar } from "./console/command_bar.js";
import { bindChanges } from "./console/changes_view.js";
import { makeDesk } from "./console/desk.js";
import { setAttr, show } from "./console/dom.js";
import { makeIncidentCard } from "./console/incident_card.js";
import { makeIntake } from "./console/intake.js";
import { makeKeys } from "./console/keys.js";
import { makeLock } from "./console/lock.js";
import { makeMapPanel } from "./console/map_panel.js";
import { makeMessages } from "./console/messages.js";
import { makeOffline } from "./console/offline.js";
import { openVault } from "./console/open_vault.js";
import { makeOutlook } from "./console/outlook.js";
import { makeQueue } from "./console/queue.js";
import { makeSharedLive } from "./console/shared_live.js";
import { makeSheet } from "./console/sheet.js";
import { makeSound } from "./console/sound.js";
import { makeStrip } from "./console/strip.js";
import { makeTypeAhead } from "./console/type_ahead.js";
import { makeUnitsBoard } from "./console/units_board.js";
import { PANELS, bindWindowButtons, keepWindow, openChannel, reopenWindows } from "./console/windows.js";
import { makeLayout } from "./console/layout.js";
import { workerForgets } from "./phone/session.js";
import { bindShell, recall, remember } from "./shell.js";
import { makeStore } from "./store.js";
import { gettext, makeCodes } from "./words.js";

const root = document.getElementById("console");
// The page may be the one that the service worker kept, without the panel of this window.
const panel = new URLSearchParams(location.search).get("panel");
const only = PANELS.includes(panel) ? panel : null;
const toLogin = () => location.assign(`/login/?next=${encodeURIComponent(location.pathname + location.search)}`);

begin();

async function begin() {
  if (only) Object.assign(root.dataset, { only, panel: only });
  else delete root.dataset.panel;
  const api = makeApi({ onSignedOut: toLogin });
  const store = makeStore();
  const clock = makeServerClock();
  const live = makeSharedLive({
    store,
    api,
    clock,
    onSignedOut: toLogin,
    url: root.dataset.worker,
    name: `zz110-${root.dataset.person}`,
    csrf: () => document.querySelector('meta[name="csrf-token"]').content,
  });
  live.start();
  window.addEventListener("online", () => live.reconnect());
  window.addEventListener("pagehide", () => live.stop());
  // A page that comes back out of the browser's own cache has no feed any more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  const vault = await openVault({ person: root.dataset.person });
  const [tables, me, questions] = await firstWords(api, vault);
  const codes = makeCodes(tables.tables, document.documentElement.lang);
  const cards = makeCards(questions, document.documentElement.lang);
  const dropped = () => desk.tell(gettext("What was typed ahead was not taken: the form did not come."), "caution");
  const keys = { ...makeKeys(document), ...makeTypeAhead(document, dropped) };
  const desk = makeDesk({
    store,
    api,
    clock,
    codes,
    cards,
    live,
    keys,
    config: { only, stations: [] },
    channel: openChannel("zz110-console"),
  });
  desk.vault = vault;
  desk.offline = makeOffline(desk, vault);
  bindActs(desk);
  renewCards(desk);
  furnish(desk);
  makeLock(document.getElementById("lock"), desk, me);
  bindShell({ signOut: () => signOut(desk) });
  navigator.serviceWorker?.register("/console/sw.js", { scope: "/console/" }).catch(() => {});
  untilAnswered(() => api.get("/api/areas/")).then((answer) => {
    desk.config.stations = stationsOf(answer);
  });
  untilAnswered(() => api.get("/api/partner-teams/")).then((answer) => learnTeams(answer.partner_teams));
  beat(desk);
}

/** Read the code tables, who sits here and the question cards; while the server is away, as they were kept. */
async function firstWords(api, vault) {
  const ask = () => Promise.all(["codes", "me", "cards"].map((name) => api.get(`/api/${name}/`, { seconds: 4 })));
  try {
    const words = await ask();
    vault.keep("words", words).catch(() => {});
    return words;
  } catch (error) {
    if (error.status === 401 || error.status === 403) throw error;
    const kept = await vault.kept("words").catch(() => null);
    return kept?.value ?? untilAnswered(ask);
  }
}

/** Another version of the question cards was loaded: it holds at once. */
function renewCards(desk) {
  desk.store.on("change", async ({ frame }) => {
    if (frame?.kind !== "cards.loaded") return;
    desk.cards = makeCards(await untilAnswered(() => desk.api.get("/api/cards/")), document.documentElement.lang);
    desk.emit("cards", desk.cards.version);
  });
}

/** Ask until the server answers: the console opens also while it restarts. */
async function untilAnswered(ask) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error.status === 401 || error.status === 403) throw error;
      await new Promise((done) => {
        setTimeout(done, 1500);
      });
    }
  }
}

function furnish(desk) {
  const sound = only && only !== "messages" ? null : makeSound();
  const body = (name) => document.getElementById(`panel-${name}`);
  const has = (name) => !only || only === name;
  bindKeys(desk);
  if (has("queue")) makeOutlook(desk);
  desk.panels = {
    intake: has("intake") ? makeIntake(body("intake"), desk, sound) : null,
    queue: has("queue") ? makeQueue(body("queue"), desk) : null,
    map: has("map") ? makeMapPanel(body("map"), desk) : null,
    messages: has("messages") ? makeMessages(body("messages"), desk, sound) : null,
    incident: has("incident") ? makeIncidentCard(body("incident"), desk) : null,
    units: has("units") ? makeUnitsBoard(body("units"), desk) : null,
  };
  desk.bar = makeCommandBar(document.getElementById("command"), desk);
  makeStrip(document.getElementById("strip"), document.getElementById("not-live"), desk);
  makeSheet(document.getElementById("sheet"), desk);
  bindChanges(desk);
  const layout = makeLayout(seatOf(desk), { recall, remember });
  bindWindowButtons(root, layout);
  if (only) keepWindow(only, layout, desk);
  else desk.keys.bind("Alt+E", gettext("Open the windows of this seat again"), () => reopenWindows(layout));
  document.getElementById("open-sheet").addEventListener("click", () => desk.emit("sheet"));
  document.querySelector("[data-part=alarms]").addEventListener("click", () => desk.panels.messages?.focus());
  document.getElementById("map-large").addEventListener("click", swapMap);
  bindLock(desk);
  const showRole = () =>
    setAttr(root, "data-desk", desk.has("call_taker", "dispatcher", "watch_commander") ? null : "no");
  desk.store.on("snapshot", showRole);
  if (desk.store.loaded) showRole();
  desk.on("intake", ({ open }) => setAttr(root, "data-intake", open ? "open" : null));
  if (desk.panels.intake?.isOpen()) root.dataset.intake = "open";
  if (sound) watchSound(sound, desk);
}

function seatOf(desk) {
  return desk.store.me?.seat || root.dataset.person;
}

function bindKeys(desk) {
  const { keys } = desk;
  const bar = (text) => desk.bar.open(text);
  keys.bind("F1", gettext("Command line"), () => bar(""));
  keys.bind(";", gettext("Command line (outside of fields)"), () => bar(""));
  keys.bind("F2", gettext("New call"), () => desk.panels.intake?.begin());
  keys.bind("F3", gettext("Answer the next call"), () => desk.panels.intake?.answerNext());
  keys.bind("F4", gettext("Pick the place on the map"), () => desk.pickOnMap());
  keys.bind("F6", gettext("Next panel"), () => nextPanel(desk, 1));
  keys.bind("Shift+F6", gettext("Panel before"), () => nextPanel(desk, -1));
  keys.bind("F7", gettext("End the call without an incident"), () => desk.panels.intake?.showQuick());
  keys.bind("F8", gettext("Candidates: then 1 to 9 sends"), () => toCandidates(desk));
  keys.bind("F9", gettext("Acknowledge the first alert"), () => desk.panels.messages?.acknowledgeFirst());
  keys.bind("Shift+F9", gettext("Shelve the first alert for ten minutes"), () => bar(`${VERBS.shelve.print} `));
  keys.bind("Alt+F", gettext("Ask the fusion centre: raise what is proposed, else the form"), () => askFusion(desk));
  keys.bind("Alt+P", gettext("Pass the contact on to another body"), () => desk.panels.intake?.passOn());
  keys.bind("Alt+T", gettext("Write to the contact in the form"), () => desk.panels.intake?.write());
  keys.bind("Alt+Y", gettext("Accept the first proposed swap"), () => desk.panels.messages?.answerSwap(true));
  keys.bind("Alt+N", gettext("Decline the first proposed swap"), () => desk.panels.messages?.answerSwap(false));
  keys.bind("Ctrl+Enter", gettext("Open the incident, then finish the call"), () => desk.panels.intake?.advance());
  keys.bind("Ctrl+Z", gettext("Take the last order back (10 s)"), (event) => (isTyping(event) ? false : desk.undo()));
  keys.bind("Alt+ArrowDown", gettext("Next incident"), () => desk.panels.queue?.step(1));
  keys.bind("Alt+ArrowUp", gettext("Incident before"), () => desk.panels.queue?.step(-1));
  keys.bind("Shift+F3", gettext("Search everything (own window)"), () => globalThis.open("/search/", "zz110-search"));
  keys.bind("Alt+D", gettext("Give the dispute to its grid: what is proposed, else the form"), () => toGrid(desk));
  keys.bind("Alt+M", gettext("Swap map and queue"), swapMap);
  keys.bind("?", gettext("This sheet (outside of fields)"), () => desk.emit("sheet"));
}

/** Alt+F: one key raises what the rule proposes; where nothing is proposed the form opens. */
function askFusion(desk) {
  const incident = desk.store.row("incident", desk.selected);
  if (!incident) return desk.tell(gettext("Choose an incident first."), "normal");
  const proposed = isProposed(incident, desk.store.ofIncident("fusion_request", incident.id));
  return proposed ? raise(incident, desk) : desk.emit("card-act", { id: "fusion", fields: {} });
}

/** Alt+D: one key makes the grid task that the rule proposes; where nothing is proposed the form opens. */
function toGrid(desk) {
  const incident = desk.store.row("incident", desk.selected);
  if (!incident) return desk.tell(gettext("Choose an incident first."), "normal");
  const proposed = isGridProposed(incident, desk.store.ofIncident("grid_task", incident.id));
  return proposed ? raiseGrid(incident, desk) : desk.emit("card-act", { id: "grid", fields: {} });
}

/** On small screens queue and map change places. */
function swapMap() {
  setAttr(root, "data-map", root.dataset.map ? null : "large");
}

function isTyping(event) {
  return ["INPUT", "TEXTAREA"].includes(event.target.tagName) && event.target.value !== "";
}

/** F8: the selected incident, or else the most urgent one, with its candidates under the number keys. */
function toCandidates(desk) {
  if (!desk.selected) desk.panels.queue?.focus();
  desk.panels.incident?.candidates();
}

function nextPanel(desk, by) {
  const names = PANELS.filter((name) => desk.panels[name]);
  const here = names.findIndex((name) => document.activeElement?.closest(`[data-name=${name}]`));
  const next = names[(here + by + names.length) % names.length];
  const panel = desk.panels[next];
  if (next === "incident") desk.emit("show-card");
  else if (next === "intake" && !panel.isOpen()) document.querySelector("#panel-intake button")?.focus();
  else panel.focus?.();
}

function bindLock(desk) {
  const lock = document.getElementById("selection-lock");
  show(lock, Boolean(only));
  lock.addEventListener("click", () => {
    desk.locked = !desk.locked;
    setAttr(lock, "aria-pressed", String(desk.locked));
  });
}

function watchSound(sound, desk) {
  const says = document.querySelector("[data-part=sound]");
  desk.on("tick", () => show(says, !sound.ready()));
}

/** One beat a second, on the server's full second. */
function beat(desk) {
  const wait = 1000 - (desk.now() % 1000);
  setTimeout(
    () => {
      desk.emit("tick", desk.now());
      beat(desk);
    },
    Math.max(50, wait),
  );
}

/** End the session and wipe what this machine keeps of it; not while a call waits here to be sent. */
async function signOut(desk) {
  if (!desk.offline.mayLeave()) {
    desk.tell(gettext("Records of this seat are not sent yet. Sign out once they are."), "serious");
    return;
  }
  await Promise.all([desk.offline.wipe().catch(() => {}), workerForgets()]);
  try {
    await desk.api.remove("/api/session/");
  } finally {
    toLogin();
  }
}

/** Find the stations among the areas, for handing over: an area of a station names its owner. */
function stationsOf(answer) {
  const found = new Map();
  for (const area of answer.areas)
    if (area.kind === "station" && area.owner) found.set(area.owner, { id: area.owner, name: area.name });
  return [...found.values()];
}
