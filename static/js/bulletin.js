/**
 * The weekly bulletin (通报): the buckets of K4 to K6 by branch or station in the order of Ankang's, and the five elements
 * of management; made to be printed. `?week=` names any day of the week.
 */

import { makeApi } from "./api.js";
import { formatTime } from "./clock.js";
import { bindShell } from "./shell.js";
import { fill, gettext, makeCodes } from "./words.js";
import { elementTable, filesOf, headline, unitTable } from "./dashboard/bulletin_tables.js";
import { makeDetail } from "./dashboard/detail.js";
import { make } from "./dashboard/dom.js";
import { ELEMENT_KEYS, ELEMENTS } from "./dashboard/pairs.js";
import { address, dayAfter, dayOf, weekOf } from "./dashboard/question.js";
import { makeStanding } from "./dashboard/standing.js";

const RENEW_EVERY_MS = 30_000;
const BUCKET_KEYS = ["K4", "K5", "K6"];
const api = makeApi({ onSignedOut: () => location.assign(`/login/?next=${encodeURIComponent(location.pathname + location.search)}`) });
const at = (id) => document.getElementById(id);
const form = at("bulletin-question");
const state = { codes: makeCodes({}, document.documentElement.lang), definitions: {}, offset: 0 };
const detail = makeDetail(at("detail"), { api, codes: () => state.codes, definitions: () => state.definitions, now: () => Date.now() + state.offset });

bindShell();
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && detail.isOpen()) detail.close();
});
form.elements.week.value = new URLSearchParams(location.search).get("week") ?? dayAfter(dayOf(Date.now()), -7);
form.addEventListener("change", () => load().catch(tell));
form.addEventListener("submit", (event) => event.preventDefault());
at("print").addEventListener("click", () => globalThis.print());
for (const step of document.querySelectorAll("[data-step]")) {
  step.addEventListener("click", () => {
    form.elements.week.value = dayAfter(form.elements.week.value, Number(step.dataset.step));
    load().catch(tell);
  });
}
load().catch(tell);
startStanding().catch(tell);
readCodes().catch(tell);

async function readCodes() {
  const { tables } = await api.get("/api/codes/");
  state.codes = makeCodes(tables, document.documentElement.lang);
}

async function startStanding() {
  const words = (await api.get("/api/statistics/definitions/"))[document.documentElement.lang === "en" ? "en" : "zh-hans"];
  const standing = makeStanding(at("standing"), { api, tell, words });
  await standing.load();
  setInterval(() => document.hidden || standing.load().catch(tell), RENEW_EVERY_MS);
}

async function load() {
  const day = form.elements.week.value;
  if (!day) return;
  const week = weekOf(day);
  const by = form.elements.by.value;
  history.replaceState(null, "", `?week=${week.since}`);
  const ask = (asked) => api.get(address("figures", { ...week, source: "published", ...asked }));
  const [whole, year, units, definitions] = await Promise.all([
    ask({ keys: [...new Set([...BUCKET_KEYS, ...ELEMENT_KEYS])].join(","), against: "previous" }),
    ask({ keys: ELEMENT_KEYS.join(","), against: "year" }),
    ask({ keys: BUCKET_KEYS.join(","), by }),
    api.get("/api/statistics/definitions/"),
  ]);
  const said = definitions[document.documentElement.lang === "en" ? "en" : "zh-hans"].definitions;
  at("trouble").hidden = true;
  Object.assign(state, { definitions: said, offset: Date.parse(whole.as_of) - Date.now() });
  if (detail.isOpen()) detail.close();
  show({ week, by, whole, year, units, said });
}

function show({ week, by, whole, year, units, said }) {
  at("period").textContent = fill(gettext("%(since)s to %(until)s (week %(number)s of %(year)s)"), { ...week, ...isoWeek(week.since) });
  const [all] = whole.groups;
  at("headline").textContent = headline(all.figures);
  const scope = { since: week.since, until: week.until };
  const rows = [
    { label: gettext("The whole centre"), buckets: all.buckets, scope },
    ...units.groups.filter((group) => group.buckets.some((one) => one.n)).map((group) => ({
      label: group.label || "–", buckets: group.buckets, scope: { ...scope, by, value: group.value, label: group.label },
    })),
  ];
  at("buckets").replaceChildren(...[["K4", "order"], ["K5", "order"], ["K6", "order"]].map(([key, clock], number) => make("section.sheet-part", {},
    make("h2", { text: `${number + 1}. ${key} ${said[`${key}.${clock}`].name} · ${said[`${key}.${clock}`].clock}` }),
    unitTable(rows, key, clock, form.elements.by.selectedOptions[0].textContent, detail.open), make("p.sheet-note", { text: said[`${key}.${clock}`].formula }))));
  at("elements").replaceChildren(make("h2", { text: `4. ${gettext("The five elements of management")}` }), ...ELEMENTS.map((element) => elementTable(element, all.figures, year.groups[0].figures, said, { scope, open: detail.open })));
  at("files").replaceChildren(...filesOf(address("figures", { ...week, source: "published", keys: BUCKET_KEYS.join(","), by })));
  at("age").textContent = fill(gettext("Figures as of %(day)s %(time)s, counted up to journal entry %(seq)s, definitions version %(version)s; published times: by position where there is one, else by button."), { day: dayOf(Date.parse(whole.as_of)), time: formatTime(whole.as_of), seq: whole.seq, version: whole.version });
}

/** Tell the ISO week of a Monday. */
function isoWeek(monday) {
  const thursday = new Date(`${dayAfter(monday, 3)}T00:00:00Z`);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return { number: Math.floor((thursday.getTime() - first) / (7 * 86_400_000)) + 1, year: thursday.getUTCFullYear() };
}

function tell(error) {
  at("trouble").textContent = error.message;
  at("trouble").hidden = false;
}
