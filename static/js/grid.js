/**
 * The page of the community grid (社区110): the worker's tasks and reports, the partner team's part of an incident, the
 * station's inbox and figures. Made for a phone held in one hand; every act goes through the outbox, so that a yard
 * without network loses nothing. Keys: Alt+1 and up change the section.
 */

import { makeApi } from "./api.js";
import { makeServerClock } from "./clock.js";
import { makeDirectory } from "./grid/directory.js";
import { makeFigures } from "./grid/figures.js";
import { makeOperations } from "./grid/operations.js";
import { makePartner } from "./grid/partner.js";
import { makeRegister } from "./grid/register.js";
import { makeReports } from "./grid/reports.js";
import { makeTasks } from "./grid/tasks.js";
import { makeMemoryStore } from "./memory_store.js";
import { isOpen, makeOutbox } from "./outbox.js";
import { canKeep, openStore } from "./outbox_store.js";
import { makeSender } from "./phone/acts.js";
import { el } from "./phone/dom.js";
import { makeFeed } from "./phone/feed.js";
import { workerForgets } from "./phone/session.js";
import { bindShell } from "./shell.js";
import { fill, gettext, makeCodes } from "./words.js";

const READ_EVERY_MS = 20_000;
const GATHER_MS = 150;
const DATABASE = "zz110-grid";
const MAKERS = { tasks: makeTasks, reports: makeReports, grids: makeDirectory, figures: makeFigures, operations: makeOperations, partner: makePartner, register: makeRegister };
const NOTHING = { grids: [], tasks: [], reports: [], proposals: [], figures: null, team: null, incidents: [], operations: [], register: { posts: { grid_posts: [], without: [] }, teams: [] } };

const api = makeApi({ onSignedOut: toSignIn });
const clock = makeServerClock();
const trouble = document.getElementById("trouble");
const link = document.getElementById("link");
const line = document.getElementById("line");
const waiting = document.getElementById("waiting");
const tabs = [...document.querySelectorAll("[data-section]")];
const sections = {};
let fix = null;
let reading = null;
let heard = true;

const store = canKeep() ? await openStore({ name: DATABASE }).catch(makeMemoryStore) : makeMemoryStore();
const app = {
  world: NOTHING,
  me: null,
  codes: makeCodes({}, document.documentElement.lang),
  now: () => clock.now(),
  here: () => fix,
  act: (act) => outbox.add(act),
  /** Prepare an act on a register: it goes at once, and what is wrong with it is told where it was written. */
  write: (method, path, body) => api.act(method, path, body),
  refresh: () => readSoon(),
  say: tell,
  isOwn: (task) => task.worker === app.me.id || task.officer === app.me.id,
  mayWork: (task) => app.isOwn(task) || has("watch_commander") || (has("station_duty") && task.station === app.me.org),
  mayMake: () => has("grid_worker", "station_duty", "call_taker", "dispatcher", "watch_commander"),
  mayReport: () => has("grid_worker", "partner", "officer", "station_duty"),
  mayAnswer: () => has("station_duty", "call_taker", "dispatcher", "watch_commander"),
  mayCommand: () => has("dispatcher", "watch_commander"),
  maySign: (member) => has("dispatcher", "watch_commander") || (has("station_duty") && member.organisation === app.me.org) || (has("officer") && member.unit === app.me.unit),
  membersToChoose,
  recheckDays: () => app.codes.code("grid_duty", "GD4")?.recheck_days ?? 14,
  /** Tell whether an act about a task waits in the outbox. */
  pendingOf: (task) => outbox.list().some((act) => isOpen(act) && act.effect?.task === task),
};
const outbox = makeOutbox({
  store,
  send: makeSender(api),
  onAnswer: () => readSoon(),
  onRefused: (act, error) => {
    tell(fill(gettext("%(act)s was not taken: %(why)s"), { act: act.title, why: error.message }));
    outbox.dismiss(act.key);
    readSoon();
  },
  onChange: () => paint(),
});
const feed = makeFeed({
  api,
  learn: (at) => clock.learn(at),
  onEntry: readSoon,
  onGap: readSoon,
  onState: () => sayLink(),
  onEnded: () => readSoon(),
});

bindShell({
  signOut: leave,
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section));
document.addEventListener("keydown", (event) => {
  const tab = event.altKey ? tabs[Number(event.key) - 1] : null;
  if (!tab) return;
  event.preventDefault();
  show(tab.dataset.section);
});
addEventListener("online", awake);
addEventListener("offline", () => sayLink());
addEventListener("pageshow", awake);
document.addEventListener("visibilitychange", awake);
start().catch(tell);

async function start() {
  const kept = (await store.kept("page")) ?? null;
  if (kept) Object.assign(app, { me: kept.me, world: { ...NOTHING, ...kept.world }, codes: makeCodes(kept.tables, document.documentElement.lang) });
  try {
    const [{ tables }, { user }] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/")]);
    if (!user) return toSignIn();
    if (kept && kept.me.id !== user.id) {
      await store.wipe();
      app.world = NOTHING;
    }
    const some = Object.fromEntries(["grid_duty", "incident_type"].map((name) => [name, tables[name] ?? []]));
    app.me = user;
    app.codes = makeCodes(some, document.documentElement.lang);
    app.tables = some;
  } catch (error) {
    if (!app.me) throw error;
  }
  await outbox.load();
  for (const { dataset } of tabs) sections[dataset.section] = MAKERS[dataset.section](document.getElementById(dataset.section), app);
  const wish = location.hash.slice(1);
  show(wish in sections ? wish : tabs[0].dataset.section);
  navigator.geolocation?.watchPosition(({ coords }) => {
    fix = { lat: coords.latitude, lng: coords.longitude, accuracy_m: Math.round(coords.accuracy) };
  }, () => {}, { enableHighAccuracy: true, maximumAge: 15_000 });
  navigator.serviceWorker?.register("/grid/sw.js", { scope: "/grid/" }).catch(() => {});
  if (app.me.audience) feed.start();
  await read();
  setInterval(() => {
    if (!document.hidden) read();
  }, READ_EVERY_MS);
  outbox.flush(true);
  return undefined;
}

/** Read what one may see; without network the page goes on with what it holds, and says so. */
async function read() {
  try {
    const [found, figures, joint, register] = await Promise.all([
      has("partner") ? ofPartner() : api.get("/api/grid/"),
      "figures" in sections ? api.get("/api/grid/figures/") : null,
      "operations" in sections ? api.get("/api/operations/") : {},
      "register" in sections ? ofRegister() : NOTHING.register,
    ]);
    app.world = { ...NOTHING, ...found, ...joint, figures, register };
    heard = true;
    store.keep("page", { me: app.me, world: app.world, tables: app.tables ?? {} }).catch(() => {});
  } catch (error) {
    heard = Boolean(error.status);
    if (error.status) tell(error);
  }
  paint();
}

async function ofPartner() {
  const [found, { operations }] = await Promise.all([api.get("/api/partner/"), api.get("/api/operations/mine/")]);
  return { ...found, operations };
}

/** Read who answers for each grid, and the list of the partner teams. */
async function ofRegister() {
  const [posts, { partner_teams: teams }] = await Promise.all([api.get("/api/grid/posts/"), api.get("/api/partner-teams/")]);
  return { posts, teams };
}

/** Read who can take part in a joint operation. */
async function membersToChoose() {
  const [{ units }, { partner_teams: teams }, { areas }] = await Promise.all(["/api/units/", "/api/partner-teams/", "/api/areas/"].map((path) => api.get(path)));
  const stations = new Map(areas.filter((area) => area.kind === "station" && area.owner).map((area) => [area.owner, area.name]));
  return {
    units: units.map((unit) => ({ id: unit.id, text: `${unit.call_sign} ${unit.label}` })),
    teams: teams.map((team) => ({ id: team.id, text: [team.call_sign, team.name].filter(Boolean).join(" ") })),
    organisations: [...stations].map(([id, text]) => ({ id, text })),
  };
}

/** Several entries of one moment are one reading. */
function readSoon() {
  reading ??= setTimeout(() => {
    reading = null;
    read();
  }, GATHER_MS);
}

function paint() {
  for (const tab of tabs) {
    const section = sections[tab.dataset.section];
    if (!section) continue;
    const count = section.show();
    const badge = tab.querySelector(".count");
    badge.textContent = count ? String(count) : "";
  }
  const open = outbox.list().filter(isOpen);
  line.textContent = open.length ? fill(gettext("%(n)s to send"), { n: open.length }) : "";
  waiting.replaceChildren(...(navigator.onLine && heard ? [] : open.map((act) => el("li", { text: act.title }))));
  waiting.hidden = waiting.children.length === 0;
  sayLink();
}

/** A picture that is not live is said, in words and shape. */
function sayLink() {
  const state = !navigator.onLine || !heard ? "offline" : feed.isOpen() ? "live" : "polled";
  const words = { offline: gettext("◆ no network: everything is kept and sent later"), live: gettext("● live"), polled: gettext("◐ every 20 seconds") };
  if (link.dataset.state === state) return;
  link.dataset.state = state;
  link.textContent = words[state];
}

function show(name) {
  for (const tab of tabs) {
    const chosen = tab.dataset.section === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.dataset.section).hidden = !chosen;
  }
  history.replaceState(null, "", `#${name}`);
  scrollTo(0, 0);
}

function awake() {
  sayLink();
  if (document.hidden || !app.me) return;
  outbox.flush(true);
  feed.wake();
  readSoon();
}

function has(...roles) {
  return roles.some((role) => app.me?.roles.includes(role));
}

/** Sign out: what the device holds is wiped; what was not sent yet is lost with it, so it is asked first. */
async function leave() {
  const open = outbox.list().filter(isOpen).length;
  if (open && !line.dataset.warned) {
    line.dataset.warned = "yes";
    return tell(fill(gettext("%(n)s acts are not sent yet. Press again to sign out without them."), { n: open }));
  }
  outbox.halt("left");
  feed.stop();
  await Promise.all([store.wipe(), workerForgets()]);
  await api.remove("/api/session/").catch(() => {});
  return location.replace("/login/");
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  const text = typeof error === "string" ? error : error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.textContent = text;
  trouble.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { trouble.hidden = true; }, 12_000);
}
