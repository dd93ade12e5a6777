/**
 * The wallboard: read-only, renewed by itself, large. It says how old it is and greys itself when it cannot be renewed.
 */

import { makeApi } from "./api.js";
import { formatDate, formatTime } from "./clock.js";
import { bindShell } from "./shell.js";
import { fill, gettext } from "./words.js";
import { hoursOption, hoursTable } from "./dashboard/day_charts.js";
import { make, table, write } from "./dashboard/dom.js";
import { ageWord, basis, clockWord, figure, percent, standing, standingMark } from "./dashboard/figures.js";
import { caseWord, valueWord } from "./dashboard/numbers.js";
import { address, dayOf, periodOf } from "./dashboard/question.js";
import { seriesOf, spcOption, spcTable } from "./dashboard/spc_chart.js";
import { targetBar } from "./dashboard/target_bar.js";
import { readPalette } from "./dashboard/view.js";

const EVERY_MS = 15_000;
const SLOW_EVERY_MS = 120_000;
const AGED_AFTER_S = 60;
const MOST_STATIONS = 9;
const SHARP = globalThis.innerHeight >= 2100 ? 2 : 1;

const at = (id) => document.getElementById(id);
const api = makeApi({ onSignedOut: () => location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`) });
const state = { today: null, days: null, more: null, stations: null, loops: null, readAt: null, offset: 0, palette: readPalette() };
const pictures = {};

bindShell();
new MutationObserver(() => { state.palette = readPalette(); paint(); }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
setInterval(tick, 1000);
tick();
repeat(readNow, EVERY_MS);
repeat(readSlow, SLOW_EVERY_MS);

/** Read again and again; a failure is seen by the age and tried again. */
async function repeat(read, every) {
  try {
    await read();
    paint();
  } catch {
    // The age beside the clock says that nothing came.
  }
  setTimeout(() => repeat(read, every), every);
}

async function readNow() {
  const [today, loops, misses] = await Promise.all([api.get("/api/statistics/today/"), api.get("/api/statistics/open-loops/"), api.get("/api/statistics/misses/?days=1")]);
  Object.assign(state, { today, loops, misses, readAt: performance.now(), offset: Date.parse(today.as_of) - Date.now() });
}

async function readSlow() {
  const period = { since: dayBack(29), until: dayOf(now()) };
  const [days, stations, more] = await Promise.all([
    api.get(address("series", { keys: "K7", measure: "rate", clock: "A", source: "button", ...period })),
    api.get(address("figures", { keys: "K7", measure: "rate", clock: "A", source: "button", by: "station", ...period })),
    api.get(address("figures", { keys: "K9,K11,K12,volume,K19", clock: "A", source: "button", ...period })),
  ]);
  Object.assign(state, { days, stations, more });
}

function dayBack(count) {
  return periodOf("today", dayOf(now() - count * 86_400_000)).since;
}

function now() {
  return Date.now() + state.offset;
}

function tick() {
  write(at("clock"), formatTime(now()));
  write(at("date"), formatDate(now()));
  const age = state.readAt === null ? null : (performance.now() - state.readAt) / 1000;
  const aged = age === null ? performance.now() > AGED_AFTER_S * 1000 : age > AGED_AFTER_S;
  document.body.dataset.figures = aged ? "aged" : "fresh";
  write(at("state"), age === null ? gettext("not read yet") : aged ? fill(gettext("not renewed since %(age)s"), { age: ageWord(age) }) : fill(gettext("figures %(age)s"), { age: ageWord(age) }));
}

function paint() {
  if (state.today) {
    at("rates").replaceChildren(...[["K7", "A"], ["K7", "B"], ["K8", "A"], ["K8", "B"]].map(([key, clock]) => rateTile(key, clock)));
    at("counts").replaceChildren(...countTiles());
    picture("hours").show(hoursOption(state.today, "A", state.palette, Number(formatTime(now()).slice(0, 2))), hoursTable(state.today, "A"), at("hours-title").textContent);
  }
  if (state.days) {
    const series = seriesOf(state.days.groups.map((group) => ({ value: group.value, figure: group.figures[0] })), true);
    const content = spcTable(series, () => ({}));
    picture("trend").show(spcOption(series, state.palette, { name: "K7", target: 0.8 }), { ...content, rows: content.rows.map(plain) }, at("trend-title").textContent);
  }
  if (state.stations) showStations();
  write(at("basis"), gettext("source: button; today counts from midnight; excluded cases are counted by code in the statistics"));
}

function plain(row) {
  return row.map((cell) => (typeof cell === "string" ? cell : cell.figure ? valueWord(cell.figure) : "–"));
}

function rateTile(key, clock) {
  const one = figure(state.today, key, clock);
  const mark = standingMark(standing(one));
  return make("article.wall-tile", { data: { standing: standing(one), rate: key, clock } },
    make("h2", {}, key === "K7" ? gettext("On scene in 5 min") : gettext("On scene in 10 min"), make("span.soft", { text: `${key} ${clockWord(clock)}` })),
    make("p.wall-number.digits", {}, percent(one?.value), make("small", { text: one?.value === null ? "" : "%" })),
    targetBar(one?.value ?? null, one?.target ?? null),
    make("p.wall-mark", {}, make(`span.level-${mark.level}`, {}, make("span.shape", { "aria-hidden": "true", data: { shape: mark.shape } }), ` ${mark.word}`), make("span.digits", { text: basis(one).slice(0, 2).join(" · ") })));
}

function countTiles() {
  const today = state.today;
  const p90 = figure(today, "K9", "A", "p90");
  const answer = figure(today, "K1", "ring", "p90");
  const month = state.more?.groups[0].figures ?? [];
  const find = (key, measure, clock) => month.find((one) => one.key === key && one.measure === measure && (!clock || one.clock === clock));
  const satisfied = find("K11", "satisfied", "handling");
  const caught = find("K12", "suspects");
  return [
    tile(gettext("Arrival P90, today"), valueWord(p90), p90 ? `K9 A · ${caseWord(p90)}` : ""),
    tile(gettext("Answer P90, today"), valueWord(answer), answer ? `K1 · ${caseWord(answer)}` : ""),
    tile(gettext("Misses without a reason"), String(state.misses?.no_reason ?? "–"), fill(gettext("of %(count)s misses today"), { count: state.misses?.count ?? 0 }), state.misses?.no_reason ? "below" : "met"),
    tile(gettext("Open loops now"), String(state.loops?.count ?? "–"), gettext("K20, target 0"), state.loops?.count ? "below" : "met"),
    tile(gettext("Satisfied, 30 days"), valueWord(satisfied), satisfied ? fill(gettext("%(hits)s of %(replied)s replied, %(asked)s asked"), satisfied) : ""),
    tile(gettext("Caught, 30 days"), valueWord(caught), fill(gettext("vehicles %(vehicles)s, cleared %(cleared)s"), { vehicles: valueWord(find("K12", "vehicles")), cleared: valueWord(find("K12", "cleared")) })),
  ];
}

function tile(name, value, under, standing_ = "") {
  return make("article.wall-tile", { data: { standing: standing_ } }, make("h2", { text: name }), make("p.wall-number.digits", { text: value }), make("p.wall-mark.digits", { text: under }));
}

/** The stations with the lowest rates: what needs help stands on the wall, small samples last. */
function showStations() {
  const rows = state.stations.groups.map((group) => ({ label: group.label || "–", figure: group.figures[0] })).filter((row) => row.figure?.n);
  rows.sort((one, other) => Number(one.figure.n < 20) - Number(other.figure.n < 20) || one.figure.value - other.figure.value);
  at("stations").replaceChildren(...rows.slice(0, MOST_STATIONS).map((row) => make("p.wall-row", {},
    make("span.name", { text: row.label }), targetBar(row.figure.value, row.figure.target), make("b.digits", { text: `${percent(row.figure.value)}%` }), make("span.digits.soft", { text: `n=${row.figure.n}` }))));
}

function picture(name) {
  pictures[name] ??= startPicture(at(name));
  return pictures[name];
}

function startPicture(host) {
  const canvas = make("div.canvas", { role: "img" });
  const numbers = make("div.unseen");
  host.append(canvas, numbers);
  const chart = globalThis.echarts.init(canvas, null, { renderer: "canvas", devicePixelRatio: Math.max(SHARP, globalThis.devicePixelRatio) });
  new ResizeObserver(() => chart.resize()).observe(canvas);
  return {
    show(option, rows, title) {
      canvas.setAttribute("aria-label", title);
      chart.setOption({ ...option, aria: { enabled: false, decal: { show: true } } }, { notMerge: true });
      numbers.replaceChildren(table(rows, title));
    },
  };
}
