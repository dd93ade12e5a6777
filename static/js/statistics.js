/**
 * The statistics page of the supervisors: eleven sections over the same questions. Keys: Alt+1 to Alt+9, Alt+0 and Alt+-
 * change it, Tab walks from number to number, Enter opens what stands behind one, Esc closes it.
 */

import { makeApi } from "./api.js";
import { formatTime } from "./clock.js";
import { bindShell, recall, remember } from "./shell.js";
import { fill, gettext, makeCodes } from "./words.js";
import { makeDetail } from "./dashboard/detail.js";
import { countingWords } from "./dashboard/figures.js";
import { dayOf, periodOf } from "./dashboard/question.js";
import { cells } from "./dashboard/sections/cells.js";
import { delays } from "./dashboard/sections/delays.js";
import { funnel } from "./dashboard/sections/funnel.js";
import { heat } from "./dashboard/sections/heat.js";
import { pairs } from "./dashboard/sections/pairs.js";
import { single } from "./dashboard/sections/single.js";
import { stations } from "./dashboard/sections/stations.js";
import { trends } from "./dashboard/sections/trends.js";
import { trust } from "./dashboard/sections/trust.js";
import { voice } from "./dashboard/sections/voice.js";
import { worst } from "./dashboard/sections/worst.js";
import { readPalette } from "./dashboard/view.js";

const KINDS = { trends, pairs, stations, heat, cells, funnel, worst, voice, trust, delays, single };
const RENEW_EVERY_MS = 60_000;
const ASKED = "zz110.statistics";

const at = (id) => document.getElementById(id);
const api = makeApi({ onSignedOut: toSignIn });
const tabs = [...document.querySelectorAll("[data-section]")];
const form = at("question");
const sections = {};
const state = { shown: null, codes: makeCodes({}, document.documentElement.lang), definitions: {}, dimensions: {}, names: {}, palette: readPalette(), offset: 0, readAt: null, seq: null, turn: 0 };
const means = {
  api, echarts: globalThis.echarts, codes: () => state.codes, definitions: () => state.definitions, palette: () => state.palette,
  dimensions: () => state.dimensions, names: () => state.names,
  now: () => Date.now() + state.offset, open: (figure, scope, part, button) => detail.open(figure, { ...period(), ...scope }, part, button),
  show: (title, read, button) => detail.show(title, read, button),
  renew: () => load().catch(tell),
};
const detail = makeDetail(at("detail"), means);

start().catch(tell);

async function start() {
  bindShell({
    signOut: () => api.remove("/api/session/").then(toSignIn, tell),
    saveLanguage: (language) => api.patch("/api/me/", { language }),
  });
  restore();
  form.addEventListener("change", asked);
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.section).catch(tell));
  document.addEventListener("keydown", onKey);
  globalThis.addEventListener("hashchange", () => show(named() ?? state.shown).catch(tell));
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const [{ tables }, definitions] = await Promise.all([api.get("/api/codes/"), api.get("/api/statistics/definitions/")]);
  state.codes = makeCodes(tables, document.documentElement.lang);
  const { definitions: said, dimensions, names } = definitions[document.documentElement.lang === "en" ? "en" : "zh-hans"];
  Object.assign(state, { definitions: said, dimensions, names });
  await show(named() ?? tabs[0].dataset.section);
  setInterval(() => {
    showAge();
    if (!document.hidden && !detail.isOpen() && Date.now() - (state.readAt ?? 0) > RENEW_EVERY_MS) load().catch(tell);
  }, 1000);
}

function named() {
  const name = location.hash.slice(1);
  return name in KINDS ? name : null;
}

async function show(name) {
  if (state.shown === name) return;
  state.shown = name;
  detail.isOpen() && detail.close();
  for (const tab of tabs) {
    const mine = tab.dataset.section === name;
    tab.setAttribute("aria-selected", String(mine));
    at(tab.dataset.section).hidden = !mine;
  }
  history.replaceState(null, "", `#${name}`);
  if (!sections[name]) {
    sections[name] = KINDS[name](means);
    at(name).append(...sections[name].nodes);
  }
  // What a section does not ask for cannot be chosen there: nobody shall believe that it had been.
  for (const asked of ["clock", "source", "against"]) form.elements[asked].disabled = !sections[name].uses.includes(asked);
  await load();
}

/** Read and draw the shown section; an answer that another question overtook is dropped. */
async function load() {
  const name = state.shown;
  if (!name) return;
  state.turn += 1;
  const turn = state.turn;
  const question = { ...period(), ...settings(), today: dayOf(means.now()) };
  document.body.dataset.reading = "yes";
  try {
    const found = await sections[name].read(question);
    if (turn !== state.turn) return;
    learn(found);
    sections[name].last = { found, question };
    sections[name].draw(found, question);
    at("trouble").hidden = true;
  } finally {
    if (turn === state.turn) delete document.body.dataset.reading;
  }
}

function learn(found) {
  state.readAt = Date.now();
  const answer = found.as_of ? found : Object.values(found).flatMap((one) => [one, one?.answer]).find((one) => one?.as_of);
  if (!answer) return;
  state.offset = Date.parse(answer.as_of) - Date.now();
  Object.assign(state, { asOf: answer.as_of, seq: answer.seq ?? state.seq, rebuilding: answer.rebuilding, outdated: answer.outdated });
  showAge();
}

function showAge() {
  if (!state.asOf) return;
  const seconds = Math.max(0, Math.round((means.now() - Date.parse(state.asOf)) / 1000));
  const parts = [fill(gettext("as of %(time)s, %(age)s"), { time: formatTime(state.asOf), age: fill(gettext("%(count)s s old"), { count: seconds }) })];
  if (state.seq) parts.push(fill(gettext("counted up to entry %(seq)s"), state));
  parts.push(...countingWords(state));
  if (at("age").textContent !== parts.join(" · ")) at("age").textContent = parts.join(" · ");
}

function settings() {
  const { clock, source, against, urgent } = form.elements;
  return { clock: clock.value, source: source.value, against: against.value, urgent: urgent.checked };
}

function period() {
  const { preset, since, until } = form.elements;
  return preset.value === "own" && since.value && until.value ? { since: since.value, until: until.value } : periodOf(preset.value, dayOf(means.now()));
}

function asked(event) {
  const { preset, since, until } = form.elements;
  if (event.target.name === "since" || event.target.name === "until") preset.value = "own";
  else if (preset.value !== "own") Object.entries(period()).forEach(([name, day]) => { form.elements[name].value = day; });
  if (!since.value || !until.value || since.value > until.value) return;
  remember(ASKED, JSON.stringify({ ...settings(), preset: preset.value === "own" ? "d28" : preset.value }));
  load().catch(tell);
}

function restore() {
  let kept = {};
  try {
    kept = JSON.parse(recall(ASKED) ?? "{}");
  } catch {
    // What another version kept is no question of this one.
  }
  const { elements } = form;
  for (const name of ["preset", "clock", "source", "against"]) {
    if ([...elements[name].options].some((option) => option.value === kept[name])) elements[name].value = kept[name];
  }
  elements.urgent.checked = kept.urgent === true;
  Object.entries(period()).forEach(([name, day]) => { elements[name].value = day; });
}

function repaint() {
  state.palette = readPalette();
  for (const section of Object.values(sections)) {
    for (const part of section.parts) part.forget();
    if (section.last && section === sections[state.shown]) section.draw(section.last.found, section.last.question);
  }
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const tab = event.altKey && !event.ctrlKey ? tabs.find((one) => one.dataset.key === event.key) : null;
  if (tab) {
    event.preventDefault();
    show(tab.dataset.section).then(() => tab.focus()).catch(tell);
  } else if (event.key === "Escape" && detail.isOpen()) {
    detail.close();
  }
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  if (error.status === 401) return;
  at("trouble").textContent = error.mayRepeat ? gettext("The server does not answer; the figures on the page are older than they say.") : error.message;
  at("trouble").hidden = false;
}
