/**
 * The roster (勤务报备): a week by unit and day; Enter opens a shift or plans one, a table is loaded from a file.
 */

import { formatMoment, parseTime } from "../clock.js";
import { el, shape } from "../console/dom.js";
import { makeField, tellFields } from "../manage/form.js";
import { fill, gettext, pgettext } from "../words.js";
import { badgesOf, dayLater, dayOf, daysFrom, fieldOf, hourOf, laidOut, standing } from "./times.js";
import { checkInWords, has, textField } from "./words.js";

const DAYS = 7;
const LEVEL = { ahead: "standby", due: "caution", running: "normal", late: "caution", missing: "serious", done: "off" };
const FORM = { ahead: "ring", due: "ring", running: "circle", late: "square", missing: "diamond", done: "bar" };

/** Bring the week to life; it answers to the same calls as the other sections. */
export function makeRoster({ api, root, means }) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const [search, count, rowsBox, panel, head, tools] = ["search", "count", "rows", "panel", "head", "tools"].map(part);
  const plans = has(means.me, "watch_commander", "station_duty");
  let since = dayOf(Date.now());
  let answer = { units: [], planned_shifts: [], check_in: { due: 0, grace_s: 600 } };
  let opened = null; // {unit, day, plan}
  let saveNow = null;
  const table = el("table.week", { "aria-label": gettext("Roster") });
  rowsBox.append(table);
  search.addEventListener("input", paint);
  table.addEventListener("keydown", onKey);
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-day]");
    if (cell) open(cell);
  });
  tools.append(
    verb(gettext("Week before"), () => move(-DAYS)),
    verb(gettext("Today"), () => move(0)),
    verb(gettext("Week after"), () => move(DAYS)),
    ...(plans ? [fileButton()] : []),
  );

  async function load() {
    answer = await api.get(`/api/roster/?since=${since}&days=${DAYS}`);
    head.textContent = checkInWords(answer.check_in);
    if (!table.contains(document.activeElement)) paint();
    else refresh();
    if (!panel.contains(document.activeElement)) paintPanel();
  }

  function move(days) {
    since = days ? dayLater(since, days) : dayOf(Date.now());
    return load().then(paint);
  }

  /** Paint anew without losing the cell that has the focus. */
  function refresh() {
    const { unit, day, plan } = document.activeElement.dataset;
    paint();
    const same = plan ? `[data-plan="${plan}"]` : `[data-unit="${unit}"][data-day="${day}"]`;
    focusCell(table.querySelector(same) ?? table.querySelector(`[data-unit="${unit}"][data-day="${day}"]`));
  }

  function paint() {
    const wanted = search.value.trim().toLowerCase();
    const laid = laidOut(answer.planned_shifts);
    const words = (unit) => [unit.call_sign, unit.label, unit.squad_name, ...Object.values(laid[unit.id] ?? {}).flat().flatMap((plan) => plan.crew.map((one) => `${one.name} ${one.badge}`))];
    const units = answer.units.filter((unit) => !wanted || words(unit).join(" ").toLowerCase().includes(wanted));
    const days = daysFrom(since, DAYS);
    const today = dayOf(Date.now());
    const headings = days.map((day) => el("th", { scope: "col", "aria-current": day === today ? "date" : null }, el("span.digits", { text: day.slice(5) }), el("span", { text: ` ${weekday(day)}` })));
    table.replaceChildren(
      el("thead", {}, el("tr", {}, el("th", { scope: "col", text: gettext("Unit") }), ...headings)),
      el("tbody", {}, ...units.map((unit) => weekRow(unit, days, laid[unit.id] ?? {}))),
    );
    const first = table.querySelector("[data-day]");
    if (first) first.tabIndex = 0;
    count.textContent = fill(gettext("%(plans)s shifts of %(units)s units"), { plans: answer.planned_shifts.length, units: new Set(answer.planned_shifts.map((plan) => plan.unit)).size });
  }

  function weekRow(unit, days, byDay) {
    const cells = days.map((day) => {
      const mine = byDay[day] ?? [];
      const chips = mine.length ? mine.map((plan) => chip(unit, day, plan)) : [emptyChip(unit, day)];
      return el("td", {}, ...chips);
    });
    return el("tr", {}, el("th", { scope: "row" }, el("span.code", { text: unit.call_sign }), el("span.soft", { text: ` ${unit.squad_name}` })), ...cells);
  }

  function chip(unit, day, plan) {
    const state = standing(plan, Date.now(), answer.check_in.grace_s);
    const words = `${hourOf(plan.starts_at)}–${hourOf(plan.ends_at)}`;
    const names = plan.crew.map((one) => one.name).join(" ");
    const absent = plan.missing.length ? fill(gettext("missing %(n)s"), { n: plan.missing.length }) : "";
    return el(`button.week-chip.level-${LEVEL[state]}`, {
      type: "button", tabindex: "-1", data: { unit: unit.id, day, plan: plan.id }, title: names,
    }, unseen(`${unit.call_sign} ${day}`), shape(FORM[state]), el("span.digits", { text: words }), el("span.week-lead", { text: plan.lead_name }),
      unseen(`${names} ${standingWord(state)}`), absent ? el("b", { text: absent }) : null);
  }

  function emptyChip(unit, day) {
    return el("button.week-chip.is-empty", { type: "button", tabindex: "-1", data: { unit: unit.id, day } }, unseen(`${unit.call_sign} ${day} ${gettext("nothing planned")}`), el("span", { text: "—", "aria-hidden": "true" }));
  }

  function onKey(event) {
    const cell = event.target.closest("[data-day]");
    if (!cell || event.isComposing || event.altKey || event.ctrlKey) return;
    const lines = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("[data-day]")]);
    const y = lines.findIndex((line) => line.includes(cell));
    const x = lines[y].indexOf(cell);
    const to = { ArrowRight: [y, x + 1], ArrowLeft: [y, x - 1], ArrowDown: [y + 1, x], ArrowUp: [y - 1, x], Home: [y, 0], End: [y, lines[y].length - 1] }[event.key];
    if (!to) return;
    event.preventDefault();
    const line = lines[Math.max(0, Math.min(lines.length - 1, to[0]))];
    focusCell(line[Math.max(0, Math.min(line.length - 1, to[1]))]);
  }

  function focusCell(cell) {
    if (!cell) return;
    for (const other of table.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  }

  function open(cell) {
    focusCell(cell);
    opened = { unit: Number(cell.dataset.unit), day: cell.dataset.day, plan: cell.dataset.plan ? Number(cell.dataset.plan) : null };
    root.classList.add("has-panel");
    paintPanel();
    panel.querySelector("input, select, button")?.focus();
  }

  function begin() {
    if (!plans) return;
    opened = { unit: opened?.unit ?? answer.units[0]?.id, day: opened?.day ?? dayOf(Date.now()), plan: null };
    root.classList.add("has-panel");
    paintPanel();
    panel.querySelector("input, select")?.focus();
  }

  function paintPanel() {
    saveNow = null;
    const plan = answer.planned_shifts.find((one) => one.id === opened?.plan);
    const unit = answer.units.find((one) => one.id === opened?.unit);
    if (!opened || !unit) return panel.replaceChildren(el("p.panel-empty", { text: plans ? gettext("Choose a shift with Enter; on an empty day Enter plans one.") : gettext("Choose a shift with Enter.") }));
    const title = el("h2", {}, el("span", { text: unit.label }), el("span.code", { text: unit.call_sign }));
    if (!plan) return panel.replaceChildren(el("div.panel", {}, title, plans ? planForm(unit, null) : el("p", { text: gettext("Nothing is planned.") })));
    const facts = [
      [gettext("Time"), `${formatMoment(parseTime(plan.starts_at), Date.now())} – ${hourOf(plan.ends_at)}`],
      [gettext("Crew"), plan.crew.map((one) => `${one.name} ${one.badge}${one.sworn ? "" : ` ${gettext("(auxiliary)")}`}`).join("、")],
      [gettext("Signed on"), plan.signed_on_at ? formatMoment(parseTime(plan.signed_on_at), Date.now()) : standingWord(standing(plan, Date.now(), answer.check_in.grace_s))],
      [gettext("Missing"), plan.crew.filter((one) => plan.missing.includes(one.badge)).map((one) => one.name).join("、")],
      [gettext("Post"), plan.post], [gettext("Beat"), plan.beat], [gettext("Vehicle"), plan.vehicle],
    ].filter(([, value]) => value).map(([name, value]) => el("div.field.field-fixed", {}, el("span", { text: name }), el("output", { text: value })));
    const over = Date.parse(plan.ends_at) < Date.now();
    const forms = plans && !over ? [planForm(unit, plan), ...(plan.signed_on_at ? [] : [cancelForm(plan)])] : [];
    return panel.replaceChildren(el("div.panel", {}, title, el("div.panel-fields", {}, ...facts), ...forms));
  }

  function planForm(unit, plan) {
    const start = Date.parse(`${opened.day}T08:00:00+08:00`);
    const signed = Boolean(plan?.signed_on_at);
    const people = [
      textField("lead", gettext("Lead, badge number"), { value: plan?.lead_no ?? "", required: true, limit: 12 }),
      textField("crew", gettext("Crew, badge numbers"), { value: (plan?.crew ?? []).slice(1).map((one) => one.badge).join(" "), hint: gettext("with spaces between") }),
      { name: "starts_at", kind: "moment", label: gettext("Start"), value: fieldOf(plan ? Date.parse(plan.starts_at) : start) },
    ];
    const fields = [
      ...(signed ? [] : people),
      { name: "ends_at", kind: "moment", label: gettext("End"), value: fieldOf(plan ? Date.parse(plan.ends_at) : start + 12 * 3600_000) },
      textField("post", gettext("Post"), { value: plan?.post ?? "", limit: 100 }),
      textField("beat", gettext("Beat"), { value: plan?.beat ?? "", limit: 60 }),
      textField("vehicle", gettext("Vehicle"), { value: plan?.vehicle ?? "", limit: 20 }),
    ].map(makeField);
    const run = (body) => (plan ? api.patch(`/api/roster/${plan.id}/`, { version: plan.version, ...body }) : api.post("/api/roster/", { unit: unit.id, ...body }));
    return form(plan ? gettext("Change the shift") : gettext("Plan a shift"), fields, (body) => run({ ...body, ...(signed ? {} : { crew: badgesOf(body.crew ?? "") }) }), true);
  }

  function cancelForm(plan) {
    const fields = [makeField(textField("reason", gettext("Reason"), { required: true, limit: 200 }))];
    return form(gettext("Cancel the shift"), fields, (body) => api.post(`/api/roster/${plan.id}/cancel/`, body), false);
  }

  function form(label, fields, run, main) {
    const told = el("p.panel-told", { role: "alert" });
    const send = el(`button.manage-verb${main ? ".is-main" : ""}`, { type: "submit", text: label });
    const go = async () => {
      send.disabled = true;
      try {
        await run(Object.fromEntries(fields.map((field) => [field.name, field.read()])));
        await load();
        paint();
        opened = null;
        paintPanel();
        focus();
      } catch (error) {
        told.textContent = tellFields(fields, error);
        if (error.code === "stale" || error.code === "wrong_turn") await load();
      }
      send.disabled = false;
    };
    if (main) saveNow = go;
    return el("form", { novalidate: true, on: { submit: (event) => { event.preventDefault(); go(); } } },
      el("fieldset", {}, el("legend", { text: label }), ...fields.map(({ node }) => node), told, el("div.panel-verbs", {}, send)));
  }

  /** Load a table of a spreadsheet; UTF-8, or the GB18030 that Chinese spreadsheets write. */
  function fileButton() {
    const input = el("input", { type: "file", accept: ".csv,text/csv", hidden: true });
    const told = el("span.shift-told", { role: "status" });
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      try {
        const csv = decoded(await file.arrayBuffer());
        const counts = await api.post("/api/roster/import/", { csv });
        told.textContent = fill(gettext("%(made)s new, %(changed)s changed, %(same)s as before"), counts);
        await load();
        paint();
      } catch (error) {
        told.textContent = importTrouble(error);
      }
      input.value = "";
    });
    return el("span.shift-file", {}, verb(gettext("Load a table (CSV)"), () => input.click()), input, told);
  }

  const focus = () => focusCell(table.querySelector('[data-day][tabindex="0"]') ?? table.querySelector("[data-day]"));

  function leavePanel() {
    root.classList.remove("has-panel");
    focus();
  }

  const openCount = () => answer.planned_shifts.filter((plan) => standing(plan, Date.now(), answer.check_in.grace_s) === "missing").length;
  return { load, search, begin, focus, save: () => saveNow?.(), leavePanel, openCount };
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

/** Name the line of the file (the heading is line 1) and what is wrong in it. */
function importTrouble(error) {
  const lines = Object.entries(error.fields ?? {}).slice(0, 4).map(([path, sentences]) => {
    const row = /^rows\.(\d+)\./.exec(path);
    return row ? fill(gettext("line %(line)s: %(trouble)s"), { line: Number(row[1]) + 2, trouble: sentences.join(" ") }) : sentences.join(" ");
  });
  return lines.join(" · ") || error.message;
}

const unseen = (text) => el("span.unseen", { text });

function verb(text, click) {
  return el("button.manage-plain", { type: "button", text, on: { click } });
}

function weekday(day) {
  const names = [gettext("Sun"), gettext("Mon"), gettext("Tue"), gettext("Wed"), gettext("Thu"), gettext("Fri"), gettext("Sat")];
  return names[new Date(`${day}T00:00:00Z`).getUTCDay()];
}

function standingWord(state) {
  switch (state) {
    case "ahead": return pgettext("roster", "planned");
    case "due": return pgettext("roster", "not yet due");
    case "running": return pgettext("roster", "on time");
    case "late": return pgettext("roster", "signed on late");
    case "missing": return pgettext("roster", "not signed on");
    default: return pgettext("roster", "over");
  }
}
