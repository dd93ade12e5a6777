/**
 * The supervisors' dashboard: the live feed for what is open now, the statistics for how well it went.
 *
 * Two ages are on the screen: that of the live picture (strip, chip) and that of the figures (each
 * tile). A picture that is not live is said in red and greyed, so a blank board never looks like a
 * quiet night.
 */

import { makeApi } from "./api.js";
import { formatDate, formatTime, makeServerClock } from "./clock.js";
import { makeLive } from "./live.js";
import { bindShell } from "./shell.js";
import { makeStore } from "./store.js";
import { fill, gettext, makeCodes, pgettext } from "./words.js";
import { showBudget } from "./dashboard/alarms.js";
import { openAlerts, openIncidents, unitsByStatus } from "./dashboard/board.js";
import { bucketOption, bucketTable, buckets } from "./dashboard/bucket_charts.js";
import { figuresOfBuckets } from "./dashboard/bucket_figures.js";
import { hoursOption, hoursTable, unitsOption, unitsTable } from "./dashboard/day_charts.js";
import { showDefinitions } from "./dashboard/definitions.js";
import { write } from "./dashboard/dom.js";
import { ageWord, clockWord, figure } from "./dashboard/figures.js";
import { makeWallDetail } from "./dashboard/wall_detail.js";
import { countBelow, showAlarms, showMisses, showOpen } from "./dashboard/lists.js";
import { trendOption, trendTable } from "./dashboard/rate_charts.js";
import { changesFigures, makeRefresher } from "./dashboard/refresh.js";
import { bindSupervise } from "./dashboard/supervise.js";
import { makeChain, makeTile } from "./dashboard/tiles.js";
import { bindChoice, bindTables, makeChart, readPalette } from "./dashboard/view.js";

/** Figures older than this are greyed; they are read every 30 s. */
const FIGURES_AGED_AFTER_S = 75;
/** A page without any picture after this time says so. */
const STRANGE_AFTER_MS = 15000;
/** Who reads which statistics (contract 7). */
const SUPERVISING = ["leader", "watch_commander", "inspector", "reviewer"];
const TODAY_ROLES = [...SUPERVISING, "dispatcher", "call_taker"];
const NO_CODES = makeCodes({}, document.documentElement.lang);

const at = (id) => document.getElementById(id);
const api = makeApi({ onSignedOut: signedOut });
const clock = makeServerClock();
const store = makeStore();
const live = makeLive({ store, api, clock, onSignedOut: signedOut });
const picture = {
  today: null, days: null, misses: null, codes: NO_CODES, palette: readPalette(),
  todayAt: null, frozenAt: null, mayOpen: false, refused: new Set(), trend: "K7", hours: "A", missLimit: "K8", missDays: 1, signedOut: false,
};

const detail = makeWallDetail(at("detail"), at("main"), { api, codes: () => picture.codes, definitions: definitionsNow, now: () => clock.now() });
const charts = Object.fromEntries(
  [...document.querySelectorAll("[data-chart]")].map((host) => [host.dataset.chart, makeChart(globalThis.echarts, host)]),
);
const tiles = [...document.querySelectorAll("[data-rate]")].map((host) => {
  const { rate, clock: name } = host.dataset;
  const tile = makeTile(globalThis.echarts, host, () => defineRate([`${rate}.${name}`], tile.button));
  return tile;
});
const chain = makeChain(at("chain"), defineRate);

const today = reader("/api/statistics/today/", 2, 30, (answer) => {
  picture.today = answer;
  picture.todayAt = performance.now();
});
const days = reader("/api/statistics/days/?days=30", 30, 120, (answer) => { picture.days = answer; });
const alarms = reader("/api/statistics/alarms/?hours=8", 20, 60, showBudget);
const misses = reader(() => `/api/statistics/misses/?days=${picture.missDays}&most=300`, 4, 30, (answer) => { picture.misses = answer; });

start();

async function start() {
  bindShell({ signOut: leave });
  bindTables(charts);
  bindChoice("trend", (key) => { picture.trend = key; showFigures(); });
  bindChoice("hours", (name) => { picture.hours = name; showFigures(); });
  bindChoice("miss-limit", (limit) => { picture.missLimit = limit; showBoard(); });
  bindChoice("miss-days", (count) => { picture.missDays = Number(count); picture.misses = null; showBoard(); misses.nudge(); });
  bindDefinitions();
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  for (const name of ["open", "miss"]) at(`${name}-scroll`).addEventListener("scroll", () => below(name), { passive: true });
  globalThis.addEventListener("resize", () => ["open", "miss"].forEach(below));
  store.on("change", ({ frame }) => frame && changesFigures(frame.kind) && [today, misses].forEach((one) => one.nudge()));
  store.on("change", showBoard);
  store.on("snapshot", () => { showBoard(); [today, misses, days].forEach((one) => one.nudge()); });
  live.on(showLive);
  live.start();
  setInterval(tick, 1000);
  tick();
  await Promise.all([startReaders(), readCodes()]);
}

/** Read what the person's roles may read; asking for the rest would only fill the auditor's list of denials. */
async function startReaders() {
  try {
    const { me, roles = me?.roles ?? [] } = await api.get("/api/me/");
    const may = (allowed) => roles.some((role) => allowed.includes(role));
    const allowed = [[today, TODAY_ROLES], [days, SUPERVISING], [misses, SUPERVISING], [alarms, SUPERVISING]];
    picture.mayOpen = may(SUPERVISING);
    if (picture.mayOpen) bindSupervise(api);
    for (const [one, wanted] of allowed) {
      if (may(wanted)) one.start();
      else picture.refused.add(one);
    }
    showFigures();
    showBoard();
  } catch (error) {
    if (error.status !== 401) setTimeout(startReaders, 3000);
  }
}

async function readCodes() {
  try {
    const { tables } = await api.get("/api/codes/");
    picture.codes = makeCodes(tables, document.documentElement.lang);
    for (const row of document.querySelectorAll("[data-version]")) delete row.dataset.version;
    for (const row of document.querySelectorAll("[data-row]")) delete row.dataset.row;
    showBoard();
  } catch {
    setTimeout(readCodes, 5000);
  }
}

/** Make the repeating reader of one answer; what the role may not read is said, not tried for ever. */
function reader(path, atMostEvery, atLeastEvery, take) {
  const refresher = makeRefresher({
    atMostEvery,
    atLeastEvery,
    read: async () => {
      const address = typeof path === "string" ? path : path();
      take(await api.get(address));
      showFigures();
      showBoard();
    },
    onFailed: (error) => {
      if (error.status !== 403) return;
      picture.refused.add(refresher);
      refresher.stop();
      showFigures();
      showBoard();
    },
  });
  return refresher;
}

/* --- What is open now --------------------------------------------------------------------------------------- */

function tick() {
  const now = clock.now();
  write(at("clock"), formatTime(now));
  write(at("date"), formatDate(now));
  showBoard();
  showAges();
  detail.closeIfLeft();
}

function showBoard() {
  // Without a live picture nobody knows who has arrived meanwhile: the counters stand still.
  const now = picture.frozenAt ?? clock.now();
  if (store.centre) write(at("centre"), centreName(store.centre));
  showDuty();
  const groups = openIncidents(store, now);
  showOpen(groups, picture.codes, now, store.loaded);
  nothing("open", groups.waiting.length + groups.reached.length, store.loaded,
    gettext("No incident is waiting for a unit or being handled."), gettext("Waiting for the first picture."));
  const shown = showMisses(picture.misses, picture.missLimit, picture.codes, now);
  nothing("miss", shown, picture.misses !== null, gettext("No limit was missed in this period."), missesPending());
  showAlarms(openAlerts(store), store, now);
  showUnits(unitsByStatus(store, now));
  ["open", "miss"].forEach(below);
}

/** Level 3 is the everyday one and needs no banner (R26). */
function showDuty() {
  const level = store.rows("duty_level").find((row) => row.open);
  at("duty").hidden = !level || level.level === 3;
  if (at("duty").hidden) return;
  at("duty").dataset.level = String(level.level);
  const name = fill(gettext("Duty level %(level)s"), { level: picture.codes.word("duty_level", String(level.level)) });
  write(at("duty"), [name, level.reason, level.task_sheet.replaceAll("\n", " / ")].filter(Boolean).join(" · "));
}

function missesPending() {
  return picture.refused.has(misses) ? gettext("Misses are for supervisors only.") : gettext("The list has not been read yet.");
}

/** An empty list says why it is empty, and as of when. */
function nothing(name, count, known, empty, pending) {
  const line = at(`${name}-nothing`);
  line.hidden = count > 0;
  at(`${name}-scroll`).dataset.empty = count > 0 ? "no" : "yes";
  if (count === 0) write(line, known ? empty : pending);
}

function below(name) {
  const list = name === "open" ? document.querySelector("#open-list tbody") : at("miss-list");
  countBelow(at(`${name}-scroll`), list, at(`${name}-below`));
}

function showUnits(counts) {
  if (!store.loaded) {
    write(at("units-facts"), gettext("Waiting for the first picture."));
    return;
  }
  charts.units.show(unitsOption(counts, picture.palette), unitsTable(counts), gettext("Units by status"));
  const facts = [
    fill(gettext("may be sent %(free)s of %(duty)s on duty"), { free: counts.free, duty: counts.onDuty }),
    fill(gettext("position older than 60 s: %(stale)s, than 180 s: %(lost)s"), counts),
  ];
  if (counts.seats) facts.push(fill(gettext("seats and partner teams %(seats)s, not counted"), counts));
  write(at("units-facts"), facts.join(" · "));
}

function centreName(centre) {
  return document.documentElement.lang === "en" && centre.name_en ? centre.name_en : centre.name;
}

/* --- How well it went --------------------------------------------------------------------------------------- */

function showFigures() {
  const { palette } = picture;
  for (const tile of tiles) tile.show(picture.today, picture.days, palette);
  chain.show(picture.today);
  showBuckets("K4");
  showBuckets("K5");
  if (picture.today) showHours();
  if (picture.days) showTrend();
  else if (picture.refused.has(days)) write(caption("trend"), gettext("The figures of the last days are for supervisors only."));
}

function showTrend() {
  const limits = picture.days.limits?.[`${picture.trend}.A`];
  const words = fill(gettext("%(key)s by day of the answer; source: button; a hollow point is the unfinished day"), { key: picture.trend });
  const band = limits
    ? fill(gettext("band: ordinary variation of clock A, n=%(n)s days"), limits)
    : gettext("no band yet: fewer than ten whole days");
  charts.trend.show(trendOption(picture.days, picture.trend, picture.palette), trendTable(picture.days, picture.trend), at("trend-title").textContent);
  write(caption("trend"), `${words} · ${band}`);
}

function showBuckets(key) {
  const now = buckets(picture.today, key);
  if (!now) return;
  const before = buckets(picture.days, key);
  const words = { now: gettext("today"), before: gettext("30 days"), width: 66 };
  charts[key].show(bucketOption(now, before, picture.palette, words), bucketTable(now, before, words), at(`${key.toLowerCase()}-title`).textContent);
  const values = { clock: clockWord("order"), refused: now.refused, withdrawn: now.withdrawn };
  write(caption(key), fill(gettext("clock: %(clock)s; source: button; beside it, refused %(refused)s, withdrawn %(withdrawn)s"), values));
}

function showHours() {
  const hour = Number(formatTime(clock.now()).slice(0, 2));
  charts.hours.show(hoursOption(picture.today, picture.hours, picture.palette, hour), hoursTable(picture.today, picture.hours), at("hours-title").textContent);
  const n = figure(picture.today, "K8", picture.hours)?.n ?? 0;
  const values = { clock: clockWord(picture.hours), n, own: picture.today.self_initiated };
  const { paper = 0, offline = 0, spool = 0 } = picture.today.entered_late ?? {};
  const late = paper + offline + spool ? ` · ${fill(gettext("entered afterwards: %(paper)s from paper, %(others)s from queue and spool"), { paper, others: offline + spool })}` : "";
  write(caption("hours"), fill(gettext("by hour of the answer; clock %(clock)s; n=%(n)s decided; self-initiated apart: %(own)s"), values) + late);
}

function caption(name) {
  return document.querySelector(`[data-caption="${name}"]`);
}

function showAges() {
  const age = picture.todayAt === null ? null : (performance.now() - picture.todayAt) / 1000;
  const words = picture.refused.has(today)
    ? gettext("The figures are for supervisors and the desk.")
    : fill(gettext("source: button · read %(age)s"), { age: ageWord(age) });
  for (const tile of [...tiles, chain]) tile.age(words);
  const aged = age === null || age > FIGURES_AGED_AFTER_S;
  document.body.dataset.figures = picture.refused.has(today) ? "refused" : aged ? "aged" : "fresh";
}

/** The colours of the theme have changed: draw everything again. */
function repaint() {
  picture.palette = readPalette();
  for (const chart of [...Object.values(charts), ...tiles]) chart.redraw();
  showFigures();
  showBoard();
}

/* --- Definitions -------------------------------------------------------------------------------------------- */

const PANEL_DEFINITIONS = {
  trend: () => [`${picture.trend}.A`, `${picture.trend}.B`],
  K4: () => ["K4.order"],
  K5: () => ["K5.order"],
  hours: () => [`K8.${picture.hours}`],
};

function bindDefinitions() {
  for (const button of document.querySelectorAll("[data-define]")) {
    const name = button.dataset.define;
    const host = document.querySelector(`[data-definition="${name}"]`);
    button.addEventListener("click", () => {
      host.hidden = !host.hidden;
      button.setAttribute("aria-expanded", String(!host.hidden));
      if (!host.hidden) define(host, PANEL_DEFINITIONS[name]());
    });
  }
}

/** Open the definition of a tile below the tiles; a second press closes it. */
function defineRate(keys, button) {
  const host = at("rate-definition");
  const buttons = [...tiles.map((tile) => tile.button), ...chain.buttons];
  const open = button.getAttribute("aria-expanded") !== "true";
  for (const other of buttons) other.setAttribute("aria-expanded", String(other === button && open));
  host.hidden = !open;
  if (open) define(host, keys);
}

function definitionsNow() {
  return (picture.today ?? picture.days)?.definitions;
}

function define(host, keys) {
  const { figures = [], buckets: rows = [], period } = picture.today ?? {};
  const of = (one) => keys.includes(`${one.key}.${one.clock}`);
  const found = [...figures.filter((one) => of(one) && one.group === "all"), ...rows.filter(of).flatMap(figuresOfBuckets)];
  const about = { exclusion: (code) => picture.codes.word("exclusion", code), open: picture.mayOpen ? detail.open : null, scope: { since: period?.first, until: period?.last } };
  showDefinitions(host, definitionsNow(), keys, found, about);
}

/* --- Is this live? ------------------------------------------------------------------------------------------ */

function showLive(status) {
  const [level, shape] = { live: ["normal", "circle"], catching_up: ["caution", "square"], stale: ["critical", "triangle"] }[status.state];
  at("live").className = `top-live level-${level}`;
  at("live").querySelector(".shape").dataset.shape = shape;
  write(at("live-words"), liveWord(status.state));
  write(at("live-age"), status.age === null ? "" : ageWord(status.age));
  document.body.dataset.live = store.loaded ? status.state : "stale";
  picture.frozenAt = status.state === "stale" ? picture.frozenAt ?? clock.now() : null;
  if (!picture.signedOut) showStrip(status);
}

/** The strip says that nothing on the page may be trusted as the present; ages change beside it, unspoken. */
function showStrip(status) {
  const neverLive = status.age === null && performance.now() > STRANGE_AFTER_MS;
  at("strip").hidden = status.state !== "stale" && !neverLive;
  if (at("strip").hidden) return;
  write(at("strip-words"), store.loaded ? gettext("NOT LIVE: this was the last picture") : gettext("NOT LIVE: no connection to the server"));
  write(at("strip-age"), status.age === null ? "" : ageWord(status.age));
}

function liveWord(state) {
  switch (state) {
    case "live": return pgettext("dashboard", "live");
    case "stale": return pgettext("dashboard", "not live");
    default: return gettext("connecting");
  }
}

function signedOut() {
  picture.signedOut = true;
  document.body.dataset.live = "stale";
  at("strip").hidden = false;
  at("strip-enter").hidden = false;
  write(at("strip-words"), gettext("NOT LIVE: your session has ended"));
}

async function leave() {
  live.stop();
  await api.remove("/api/session/");
  location.assign("/login/");
}
