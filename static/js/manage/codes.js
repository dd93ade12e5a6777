/**
 * The code tables: browse, edit one row, decide when somebody else was faster.
 */

import { el, shape } from "../console/dom.js";
import { fill, gettext } from "../words.js";
import { makeConflict, makeField, tellFields } from "./form.js";
import { cell, makeGrid } from "./grid.js";
import { fieldWord, groups, tableWord } from "./labels.js";
import { attributesOf, changed, kindOf, matches, replaced } from "./model.js";

/**
 * Bring the section of the code tables to life.
 * @param {{api: object, root: HTMLElement, remember: (table: string) => void}} means
 */
export function makeCodesSection({ api, root, remember }) {
  const parts = Object.fromEntries(["tables", "rows", "panel", "search", "count"].map((name) => [name, root.querySelector(`[data-part="${name}"]`)]));
  const grid = makeGrid({
    label: gettext("Codes"),
    columns: [{ text: gettext("Code") }, { text: gettext("Chinese") }, { text: gettext("English") }, { text: gettext("External code") }, { text: gettext("State") }],
    onOpen: openRow,
  });
  const drafts = new Map();
  let tables = {};
  let table = "";
  let opened = null;
  parts.rows.append(grid.node);
  parts.search.addEventListener("input", showRows);

  /** Read the tables and show one of them. */
  async function start(wanted) {
    ({ tables } = await api.get("/api/codes/"));
    showTables();
    show(wanted in tables ? wanted : "incident_type");
  }

  function showTables() {
    const known = new Set(groups().flatMap(([, names]) => names));
    const rest = Object.keys(tables).filter((name) => !known.has(name));
    const all = rest.length ? [...groups(), [gettext("Further tables"), rest]] : groups();
    parts.tables.replaceChildren(...all.map(([title, names]) => el("div", {}, el("h2", { text: title }),
      el("ul", {}, ...names.filter((name) => name in tables).map(makeTableButton)))));
  }

  function makeTableButton(name) {
    return el("li", {}, el("button", { type: "button", data: { table: name }, on: { click: () => show(name) } },
      el("span", { text: tableWord(name) }), el("span.digits", { text: String(tables[name].length) })));
  }

  function show(name) {
    table = name;
    opened = null;
    remember(name);
    parts.search.value = "";
    for (const button of parts.tables.querySelectorAll("button")) {
      if (button.dataset.table === name) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    root.querySelector('[data-part="title"]').textContent = tableWord(name);
    closePanel();
    showRows();
  }

  function showRows() {
    const rows = tables[table].filter((row) => matches([row.code, row.zh, row.en, row.ext_code], parts.search.value));
    grid.fill(rows.map(makeRow));
    parts.count.textContent = fill(gettext("%(shown)s of %(all)s"), { shown: rows.length, all: tables[table].length });
  }

  function makeRow(row) {
    const code = cell(row.code, "code");
    if (drafts.has(keyOf(row))) code.append(el("span.draft-mark", { text: gettext("unsaved") }));
    return {
      key: row.code,
      faint: row.active === false,
      level: row.level ?? 0,
      cells: [code, cell(row.zh), cell(row.en), cell(row.ext_code, "code"), el("td", {}, stateMark(row.active !== false))],
    };
  }

  function openRow(code) {
    opened = code;
    grid.mark(code);
    const row = rowOf(code);
    showPanel(row, drafts.get(keyOf(row)) ?? row);
    parts.panel.querySelector("input:not([type=checkbox])")?.focus();
  }

  function showPanel(row, values, extra = null) {
    const fields = makeFields(row, values);
    const told = el("p.panel-told", { role: "status" });
    const form = el("form.panel", { on: { submit: (event) => save(event, row, fields, told) }, novalidate: true },
      el("h2", {}, el("span.code", { text: row.code }), el("span", { text: row.zh })),
      extra,
      el("div.panel-fields", {}, ...fields.own.map(({ node }) => node)),
      ...makeSettings(fields.settings),
      told,
      el("div.panel-verbs", {},
        el("button.manage-verb.is-main", { type: "submit", text: gettext("Save"), "aria-keyshortcuts": "Control+Enter" }),
        el("button.manage-verb", { type: "button", text: gettext("Discard"), on: { click: () => discard(row) } }),
        el("small", { text: fill(gettext("Version %(version)s"), { version: row.version }) })));
    form.addEventListener("input", () => keepDraft(row, fields));
    parts.panel.replaceChildren(form);
    parts.panel.hidden = false;
    root.classList.add("has-panel");
  }

  function makeFields(row, values) {
    const own = [
      makeField({ name: "zh", kind: "text", value: values.zh, required: true, limit: 60 }),
      makeField({ name: "en", kind: "text", value: values.en, required: true, limit: 120 }),
      makeField({ name: "ext_code", kind: "text", value: values.ext_code, limit: 40, hint: gettext("the customer's own scheme") }),
      makeField({ name: "active", kind: "flag", value: values.active !== false }),
    ];
    const shown = values.attributes ?? attributesOf(values);
    const settings = Object.entries(attributesOf(row)).map(([name, value]) =>
      makeField({ name, kind: kindOf(name, value), value: shown[name] ?? value }));
    return { own, settings };
  }

  function makeSettings(settings) {
    const editable = settings.filter(({ input }) => input);
    const fixed = settings.filter(({ input }) => !input);
    return [
      editable.length ? el("fieldset", {}, el("legend", { text: fieldWord("attributes") }), ...editable.map(({ node }) => node)) : null,
      fixed.length ? el("details", {}, el("summary", { text: gettext("Set by the system") }), ...fixed.map(({ node }) => node)) : null,
    ];
  }

  /** Read the form as the facts of `PATCH /api/codes/…/`. */
  function factsOf({ own, settings }) {
    const facts = Object.fromEntries(own.map((field) => [field.name, field.read()]));
    return { ...facts, attributes: Object.fromEntries(settings.map((field) => [field.name, field.read()])) };
  }

  function comparable(row) {
    return { zh: row.zh, en: row.en, ext_code: row.ext_code, active: row.active !== false, attributes: attributesOf(row) };
  }

  function keepDraft(row, fields) {
    const facts = factsOf(fields);
    const isNew = !drafts.has(keyOf(row));
    if (Object.keys(changed(comparable(row), facts)).length) drafts.set(keyOf(row), facts);
    else drafts.delete(keyOf(row));
    if (isNew !== !drafts.has(keyOf(row))) showRows();
  }

  function discard(row) {
    drafts.delete(keyOf(row));
    showRows();
    showPanel(row, row);
    grid.focus();
  }

  async function save(event, row, fields, told) {
    event.preventDefault();
    const facts = changed(comparable(row), factsOf(fields));
    if (!Object.keys(facts).length) {
      told.textContent = gettext("Nothing was changed.");
      return;
    }
    try {
      const answer = await api.patch(`/api/codes/${row.table ?? table}/${encodeURIComponent(row.code)}/`, { version: row.version, ...facts });
      accept(answer.code);
    } catch (error) {
      if (error.status === 409) return offer(row, facts, error);
      const all = [...fields.own, ...fields.settings];
      told.textContent = error.mayRepeat ? gettext("The server does not answer. Please try again.") : tellFields(all, error);
    }
  }

  function accept(row) {
    drafts.delete(keyOf(row));
    tables[table] = replaced(tables[table], row);
    showRows();
    if (opened !== row.code) return;
    showPanel(row, row);
    parts.panel.querySelector(".panel-told").textContent = gettext("Saved.");
    grid.focus();
  }

  /** Show both versions: mine goes over the present row, or the present row is taken. */
  async function offer(row, facts, error) {
    const current = error.current ?? (await api.get("/api/codes/")).tables[table].find(({ code }) => code === row.code);
    tables[table] = replaced(tables[table], current);
    const mine = { ...comparable(current), ...facts };
    const conflict = makeConflict(facts, comparable(current), {
      keep: () => parts.panel.querySelector("form").requestSubmit(),
      take: () => { drafts.delete(keyOf(current)); accept(current); },
    });
    showRows();
    showPanel(current, mine, conflict);
    conflict.querySelector("button").focus();
  }

  function closePanel() {
    opened = null;
    grid.mark(null);
    root.classList.remove("has-panel");
    parts.panel.replaceChildren(el("p.panel-empty", { text: gettext("Choose a code to edit it.") }));
  }

  function leavePanel() {
    if (!parts.panel.contains(document.activeElement) && !root.classList.contains("has-panel")) return false;
    grid.focus();
    closePanel();
    return true;
  }

  const rowOf = (code) => tables[table].find((row) => row.code === code);
  const keyOf = (row) => `${table}/${row.code}`;
  return { start, leavePanel, focus: grid.focus, search: parts.search, save: () => parts.panel.querySelector("form")?.requestSubmit() };
}

/** Say whether something is in use, by shape and word. */
export function stateMark(isOn, words = [gettext("in use"), gettext("not in use")]) {
  return el(`span.mark.level-${isOn ? "normal" : "off"}`, {}, shape(isOn ? "circle" : "bar"), el("span", { text: isOn ? words[0] : words[1] }));
}
