/**
 * The leader's phone: few large figures with their targets; a tap opens definition and rows.
 */

import { makeApi } from "./api.js";
import { formatTime } from "./clock.js";
import { bindShell } from "./shell.js";
import { fill, gettext, makeCodes } from "./words.js";
import { makeDetail } from "./dashboard/detail.js";
import { make } from "./dashboard/dom.js";
import { ageWord, standing, standingMark } from "./dashboard/figures.js";
import { basisOf, caseWord, changeWord, nameOf, valueWord } from "./dashboard/numbers.js";
import { address, dayOf, periodOf } from "./dashboard/question.js";
import { targetBar } from "./dashboard/target_bar.js";

const EVERY_MS = 30_000;
const CARDS = [["K7", "A", "rate", true], ["K8", "A", "rate", true], ["K7", "B", "rate"], ["K8", "B", "rate"], ["K9", "A", "p90"], ["K11", "handling", "satisfied"], ["K20", "none", "open"], ["K12", "none", "suspects"], ["K15", "none", "rate"], ["volume", "none", "incidents"]];

const at = (id) => document.getElementById(id);
const api = makeApi({ onSignedOut: toSignIn });
const state = { span: "today", answer: null, codes: makeCodes({}, document.documentElement.lang), definitions: {}, offset: 0 };
const means = { api, codes: () => state.codes, definitions: () => state.definitions, now: () => Date.now() + state.offset };
const detail = makeDetail(at("detail"), means);

bindShell({ signOut: () => api.remove("/api/session/").then(toSignIn, tell), saveLanguage: (language) => api.patch("/api/me/", { language }) });
for (const button of document.querySelectorAll("[data-span]")) {
  button.addEventListener("click", () => {
    state.span = button.dataset.span;
    for (const other of document.querySelectorAll("[data-span]")) other.setAttribute("aria-pressed", String(other === button));
    load();
  });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && detail.isOpen()) detail.close();
});
start().catch(tell);

async function start() {
  const [{ tables }, definitions] = await Promise.all([api.get("/api/codes/"), api.get("/api/statistics/definitions/")]);
  state.codes = makeCodes(tables, document.documentElement.lang);
  state.definitions = definitions[document.documentElement.lang === "en" ? "en" : "zh-hans"].definitions;
  await load();
  setInterval(() => { if (!document.hidden && !detail.isOpen()) load(); }, EVERY_MS);
  setInterval(showAge, 1000);
}

async function load() {
  const span = state.span;
  try {
    const asked = { keys: [...new Set(CARDS.map(([key]) => key))].join(","), source: "published", against: span === "today" ? "" : "previous", ...periodOf(span, dayOf(means.now())) };
    const answer = await api.get(address("figures", asked));
    if (span !== state.span) return;
    Object.assign(state, { answer, asked, offset: Date.parse(answer.as_of) - Date.now() });
    at("trouble").hidden = true;
    paint();
  } catch (error) {
    tell(error);
  }
}

function paint() {
  const { figures } = state.answer.groups[0];
  const found = CARDS.map(([key, clock, measure, wide]) => [figures.find((one) => one.key === key && one.clock === clock && one.measure === measure), wide]).filter(([one]) => one);
  const held = [...at("main").children].indexOf(document.activeElement);
  at("main").replaceChildren(...found.map(([one, wide]) => card(one, wide)));
  if (held >= 0) at("main").children[held]?.focus();
  showAge();
}

function card(figure, wide) {
  const state_ = figure.key === "K20" ? (figure.value ? "below" : "met") : figure.target ? standing(figure) : "";
  const mark = figure.target && figure.unit === "share" ? standingMark(state_) : null;
  const button = make("button.leader-card", { type: "button", data: { standing: state_, card: `${figure.key}.${figure.clock}`, ...(wide ? { wide: "yes" } : {}) } },
    make("span.leader-name", { text: nameOf(figure, state.definitions) }), make("span.leader-basis", { text: basisOf(figure) }),
    make("span.leader-value.digits", { text: valueWord(figure) }),
    figure.unit === "share" && figure.value !== null ? targetBar(figure.value, figure.target) : null,
    make("span.leader-mark", {}, mark ? make(`span.level-${mark.level}`, {}, make("span.shape", { "aria-hidden": "true", data: { shape: mark.shape } }), ` ${mark.word}`) : null,
      make("span.digits", { text: [caseWord(figure), changeWord(figure)].filter(Boolean).join(" · ") })));
  button.addEventListener("click", () => detail.open(figure, { since: state.asked.since, until: state.asked.until }, "", button));
  return button;
}

function showAge() {
  if (!state.answer) return;
  const seconds = (means.now() - Date.parse(state.answer.as_of)) / 1000;
  at("age").textContent = fill(gettext("as of %(time)s, %(age)s"), { time: formatTime(state.answer.as_of), age: ageWord(seconds) });
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  if (error.status === 401) return;
  at("trouble").textContent = error.message;
  at("trouble").hidden = false;
}
