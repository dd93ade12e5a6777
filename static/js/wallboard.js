/**
 * The wallboard: large, renewed by itself, and silent about nothing: it says how old its figures are and greys those that
 * cannot be renewed. Tab walks from figure to figure, Enter or a press opens what stands behind one.
 */

import { makeApi } from "./api.js";
import { formatDate, formatTime } from "./clock.js";
import { bindShell } from "./shell.js";
import { fill, gettext, makeCodes } from "./words.js";
import { hoursOption, hoursTable } from "./dashboard/day_charts.js";
import { make, shape, table, write } from "./dashboard/dom.js";
import { ageWord, clockWord, countingWords, figure } from "./dashboard/figures.js";
import { caseWord, valueWord } from "./dashboard/numbers.js";
import { address, dayOf, periodOf } from "./dashboard/question.js";
import { seriesOf, spcOption, spcTable } from "./dashboard/spc_chart.js";
import { readPalette } from "./dashboard/view.js";
import { ageOf, trustOf } from "./dashboard/wall_age.js";
import { makeWallDetail } from "./dashboard/wall_detail.js";
import { daysList, hoursList, missesList } from "./dashboard/wall_lists.js";
import { figureTile, listTile, rateTile, stationRows } from "./dashboard/wall_tiles.js";

const EVERY_MS = 15_000;
const SLOW_EVERY_MS = 120_000;
const WORDS_AGAIN_MS = 5000;
const SHARP = globalThis.innerHeight >= 2100 ? 2 : 1;

const at = (id) => document.getElementById(id);
const api = makeApi({ onSignedOut: () => location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`) });
const state = {
  today: null, days: null, more: null, stations: null, loops: null, misses: null, read: { now: null, days: null }, offset: 0,
  palette: readPalette(), codes: makeCodes({}, document.documentElement.lang), definitions: {}, said: "",
};
const means = { api, codes: () => state.codes, definitions: () => state.definitions, now, open: (...what) => detail.open(...what) };
const detail = makeWallDetail(at("detail"), at("main"), means);
const rates = [["K7", "A"], ["K7", "B"], ["K8", "A"], ["K8", "B"]].map(([key, clock]) => ({ key, clock, tile: rateTile(key, clock, clockWord(clock), means.open) }));
const tiles = {
  arrival: figureTile({ title: gettext("Arrival P90, today"), of: "now" }, means.open),
  answer: figureTile({ title: gettext("Answer P90, today"), of: "now" }, means.open),
  misses: listTile({ title: gettext("Misses without a reason"), of: "now" }, (button) => detail.show(gettext("Misses without a reason"), () => missesList(means), button)),
  loops: figureTile({ title: gettext("Open loops now"), of: "now" }, means.open),
  satisfied: figureTile({ title: gettext("Satisfied, 30 days"), of: "days" }, means.open),
  caught: figureTile({ title: gettext("Caught, 30 days"), of: "days" }, means.open, [{ key: "vehicles", title: gettext("vehicles") }, { key: "cleared", title: gettext("cleared") }]),
};
const showStations = stationRows(at("stations"), means.open);
const pictures = {};

at("rates").append(...rates.map(({ tile }) => tile.node));
at("counts").append(...Object.values(tiles).map((tile) => tile.node));
at("trend-open").addEventListener("click", () => state.days && openTrend());
at("hours-open").addEventListener("click", () => state.today && openHours());
bindShell();
new MutationObserver(() => { state.palette = readPalette(); paint(); }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
setInterval(tick, 1000);
tick();
paint();
readWords();
repeat(readNow, EVERY_MS);
repeat(readSlow, SLOW_EVERY_MS);

/** Read again and again; a failure is seen by the age and tried again. */
async function repeat(read, every) {
  try {
    await read();
    paint();
    tick();
  } catch {
    // The age beside the clock says that nothing came.
  }
  setTimeout(() => repeat(read, every), every);
}

/** Read what codes and figures mean: an opened figure says it. */
async function readWords() {
  try {
    const [{ tables }, definitions] = await Promise.all([api.get("/api/codes/"), api.get("/api/statistics/definitions/")]);
    state.codes = makeCodes(tables, document.documentElement.lang);
    state.definitions = definitions[document.documentElement.lang === "en" ? "en" : "zh-hans"].definitions;
  } catch {
    setTimeout(readWords, WORDS_AGAIN_MS);
  }
}

async function readNow() {
  const [today, loops, misses] = await Promise.all([api.get("/api/statistics/today/"), api.get(address("figures", { keys: "K20" })), api.get("/api/statistics/misses/?days=1&most=300")]);
  Object.assign(state, { today, loops, misses, offset: Date.parse(today.as_of) - Date.now() });
  state.read.now = moment();
}

async function readSlow() {
  const period = { since: dayBack(29), until: dayOf(now()) };
  const [days, stations, more] = await Promise.all([
    api.get(address("series", { keys: "K7", measure: "rate", clock: "A", source: "button", ...period })),
    api.get(address("figures", { keys: "K7", measure: "rate", clock: "A", source: "button", by: "station", ...period })),
    api.get(address("figures", { keys: "K11,K12", source: "button", ...period })),
  ]);
  Object.assign(state, { days, stations, more, period });
  state.read.days = moment();
}

function dayBack(count) {
  return periodOf("today", dayOf(now() - count * 86_400_000)).since;
}

function now() {
  return Date.now() + state.offset;
}

function moment() {
  return { steady: performance.now(), wall: Date.now() };
}

function tick() {
  write(at("clock"), formatTime(now()));
  write(at("date"), formatDate(now()));
  const present = moment();
  const names = { now: gettext("today"), days: gettext("last 30 days") };
  const trust = {};
  for (const kind of ["now", "days"]) {
    const age = ageOf(state.read[kind], present);
    trust[kind] = trustOf(kind, age);
    document.body.dataset[kind] = trust[kind];
    showAge(at(`age-${kind}`), trust[kind], fill(gettext("%(what)s: %(age)s"), { what: names[kind], age: trust[kind] === "aged" ? fill(gettext("not renewed since %(age)s"), { age: ageWord(age) }) : ageWord(age) }));
  }
  tell(Object.keys(trust).filter((kind) => trust[kind] === "aged").map((kind) => fill(gettext("Not renewed any more: %(what)s"), { what: names[kind] })).join(". "));
  detail.closeIfLeft();
}

function showAge(host, trust, text) {
  if (host.dataset.trust !== trust) {
    host.dataset.trust = trust;
    host.replaceChildren(...(trust === "aged" ? [shape({ level: "serious", shape: "diamond" }), " "] : []), make("span"));
  }
  write(host.lastElementChild, text);
}

/** Tell a screen reader when figures stop being renewed, and when they come again; never each second. */
function tell(words) {
  if (words === state.said) return;
  write(at("said"), words || gettext("All figures are renewed again."));
  state.said = words;
}

function paint() {
  const { today, more } = state;
  const scope = today ? { since: today.period.first, until: today.period.last } : {};
  for (const { key, clock, tile } of rates) tile.show(figure(today, key, clock), scope);
  showToday(today, scope);
  showMonth(more?.groups[0]?.figures ?? []);
  if (today) picture("hours", openHours).show(hoursOption(today, "A", state.palette, Number(formatTime(now()).slice(0, 2))), hoursTable(today, "A"), at("hours-title").textContent);
  if (state.days) showTrend();
  if (state.stations) showStations(state.stations.groups, state.period);
  write(at("basis"), [gettext("source: button; today counts from midnight; excluded cases are counted by code in the statistics"), ...countingWords(state.stations ?? {})].join(" · "));
}

function showToday(today, scope) {
  const p90 = figure(today, "K9", "A", "p90");
  const loops = state.loops?.groups[0].figures[0] ?? null;
  const { misses } = state;
  tiles.arrival.show(p90, scope, { under: p90 ? `K9 A · ${caseWord(p90)}` : "" });
  tiles.answer.show(figure(today, "K1", "ring", "p90"), scope);
  tiles.misses.show(misses?.no_reason, misses ? fill(gettext("of %(count)s misses today"), { count: misses.count }) : "");
  tiles.loops.show(loops, {}, { under: gettext("K20, target 0"), standing: loops ? (loops.value ? "below" : "met") : "" });
}

function showMonth(figures) {
  const find = (key, measure, clock) => figures.find((one) => one.key === key && one.measure === measure && (!clock || one.clock === clock)) ?? null;
  const satisfied = find("K11", "satisfied", "handling");
  tiles.satisfied.show(satisfied, state.period, { under: satisfied ? fill(gettext("%(hits)s of %(replied)s replied, %(asked)s asked"), satisfied) : "" });
  tiles.caught.show(find("K12", "suspects"), state.period, { of: { vehicles: find("K12", "vehicles"), cleared: find("K12", "cleared") } });
}

/* --- Pictures ------------------------------------------------------------------------------------------------ */

function trend() {
  return seriesOf(state.days.groups.map((group) => ({ value: group.value, figure: group.figures[0] })), true);
}

function showTrend() {
  const series = trend();
  const content = spcTable(series, () => ({}));
  picture("trend", openDay).show(spcOption(series, state.palette, { name: "K7", target: 0.8 }), { ...content, rows: content.rows.map(plain) }, at("trend-title").textContent);
}

function plain(row) {
  return row.map((cell) => (typeof cell === "string" ? cell : cell.figure ? valueWord(cell.figure) : "–"));
}

function openTrend() {
  const title = at("trend-title").textContent;
  detail.show(title, async () => daysList(trend(), state.days, title, means), at("trend-open"));
}

/** A press on a day's point opens that day's figure. */
function openDay({ dataIndex }) {
  const day = state.days.groups[dataIndex];
  if (day?.figures[0]) means.open(day.figures[0], { since: day.value, until: day.value }, "", at("trend-open"));
}

function openHours() {
  const title = at("hours-title").textContent;
  detail.show(title, () => hoursList(state.today, title, means), at("hours-open"));
}

function picture(name, pressed) {
  pictures[name] ??= startPicture(at(name), pressed);
  return pictures[name];
}

function startPicture(host, pressed) {
  const canvas = make("div.canvas", { role: "img" });
  const numbers = make("div.unseen");
  host.append(canvas, numbers);
  const chart = globalThis.echarts.init(canvas, null, { renderer: "canvas", devicePixelRatio: Math.max(SHARP, globalThis.devicePixelRatio) });
  chart.on("click", pressed);
  new ResizeObserver(() => chart.resize()).observe(canvas);
  return {
    show(option, rows, title) {
      canvas.setAttribute("aria-label", title);
      chart.setOption({ ...option, aria: { enabled: false, decal: { show: true } } }, { notMerge: true });
      numbers.replaceChildren(table(rows, title));
    },
  };
}
