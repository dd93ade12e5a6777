/**
 * The search page: one box for everything that one may see. Enter searches, arrows walk, Enter opens the file;
 * F3 goes back to the box, Alt and the arrows turn pages.
 */

import { makeApi } from "./api.js";
import { formatMoment, parseTime } from "./clock.js";
import { el } from "./console/dom.js";
import { cell, makeGrid } from "./manage/grid.js";
import { resultCells, resultKey } from "./search/results.js";
import { bindShell } from "./shell.js";
import { fill, gettext, makeCodes, ngettext, pgettext, statusWord } from "./words.js";

const api = makeApi({ onSignedOut: toSignIn });
const form = document.getElementById("search-form");
const told = document.getElementById("search-told");
const beside = document.getElementById("search-beside");
const rowsBox = document.getElementById("search-rows");
const pager = document.getElementById("search-pager");
const grid = makeGrid({
  label: gettext("Results"),
  columns: [pgettext("search", "Kind"), gettext("Number"), gettext("Time"), gettext("What and where"), gettext("Contact"), pgettext("followup", "Stage"), gettext("Found in")].map((text) => ({ text })),
  onOpen: open,
});
let codes = makeCodes({}, document.documentElement.lang);
let asked = null;
let results = [];

rowsBox.append(grid.node);
bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  asked = question();
  search(1);
});
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const { tables } = await api.get("/api/codes/");
  codes = makeCodes(tables, document.documentElement.lang);
  const stages = form.elements.stage;
  for (const { code } of codes.list("stage")) stages.append(el("option", { value: code, text: codes.word("stage", code) }));
  const types = form.elements.type;
  for (const { code } of codes.list("incident_type").filter((one) => one.code.length === 2))
    types.append(el("option", { value: code, text: `${code} ${codes.word("incident_type", code)}` }));
  form.elements.q.focus();
}

function question() {
  const said = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
  // Days of the city; the last one is included.
  if (said.since) said.since += "T00:00:00+08:00";
  if (said.before) said.before = new Date(Date.parse(`${said.before}T00:00:00+08:00`) + 86_400_000).toISOString();
  return said;
}

async function search(page) {
  if (!asked) return;
  told.textContent = gettext("Searching");
  try {
    show(await api.post("/api/search/", { ...asked, page }));
  } catch (error) {
    told.textContent = Object.values(error.fields ?? {})[0]?.[0] ?? error.message;
    form.elements.q.focus();
  }
}

function show(answer) {
  results = answer.results;
  grid.fill(results.map((row) => ({ key: resultKey(row), cells: resultCells(row, { codes, cell, moment }), faint: false })));
  const count = answer.more ? `${answer.count}+` : String(answer.count);
  const found = fill(ngettext("%(count)s found", "%(count)s found", answer.count), { count });
  told.textContent = answer.personal || answer.count ? found : `${found}. ${gettext("Names, numbers and calls are searched once a purpose is given.")}`;
  pager.textContent = fill(gettext("Page %(page)s of %(pages)s"), answer);
  pager.dataset.page = answer.page;
  pager.dataset.pages = answer.pages;
  const units = answer.units.map((unit) => `${unit.call_sign} ${unit.label} ${statusWord(unit.status)}`);
  const places = answer.places.map((place) => place.name);
  beside.replaceChildren(
    ...[[gettext("Units"), units], [gettext("Places"), places]]
      .filter(([, names]) => names.length)
      .map(([label, names]) => el("p", {}, el("b", { text: label }), ` ${names.join(" · ")}`)),
  );
  if (results.length) grid.focus();
}

function open(key) {
  const row = results.find((one) => resultKey(one) === key);
  if (row?.file) globalThis.open(row.file, "_blank", "noopener");
}

function moment(iso) {
  return iso ? formatMoment(parseTime(iso), Date.now()) : "";
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229) return;
  const step = event.altKey ? { ArrowRight: 1, ArrowLeft: -1 }[event.key] : null;
  if (event.key === "F3") form.elements.q.select();
  else if (step) turn(step);
  else return;
  event.preventDefault();
}

function turn(step) {
  const page = Number(pager.dataset.page || 1) + step;
  if (page >= 1 && page <= Number(pager.dataset.pages || 1)) search(page);
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  told.textContent = error.message;
}
