/**
 * A section of the follow-up page: a list on the left, the chosen row with its facts and acts on the right.
 */

import { el } from "../console/dom.js";
import { makeField, tellFields } from "../manage/form.js";
import { makeGrid } from "../manage/grid.js";
import { fill, gettext } from "../words.js";

/**
 * Bring a section to life.
 * @param {object} means
 * @param {object} means.api the way to the server
 * @param {HTMLElement} means.root the section
 * @param {object} means.about what the section is: `path`, `noun`, `label`, `columns`, `cells(row)`, `facts(row)`,
 *   `key(row)` where ids are not unique, `title(row)`, `faint(row)`, `acts(row)`, `words(row)` for the search, `head(answer)` above the list; where there is
 *   more, `count(answer)` for the tab, `fresh` or `fresh(answer)`: acts that need no row (an act's `ready()` is awaited before it is sent), `extra(row, send)`: nodes below the facts, `rows(answer)`: the list
 */
export function makeSection({ api, root, about }) {
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const [search, count, rowsBox, panel, head] = ["search", "count", "rows", "panel", "head"].map(part);
  const grid = makeGrid({ label: about.label, columns: about.columns, onOpen: open });
  const keyOf = (row) => about.key?.(row) ?? String(row.id);
  let rows = [];
  let latest = null;
  let opened = null;
  let saveNow = null;
  let touched = false;
  rowsBox.append(grid.node);
  paintPanel();
  search.addEventListener("input", show);
  // What was chosen or written stays, also while its writer looks at the map or the list.
  panel.addEventListener("input", () => { touched = true; });

  async function load() {
    const answer = await api.get(about.path);
    latest = answer;
    rows = about.rows?.(answer) ?? answer[about.noun];
    if (head) head.textContent = about.head?.(answer) ?? "";
    show();
    if (!touched && !panel.contains(document.activeElement)) paintPanel();
  }

  function show() {
    const wanted = search.value.trim().toLowerCase();
    const shown = rows.filter((row) => !wanted || about.words(row).join(" ").toLowerCase().includes(wanted));
    grid.fill(shown.map((row) => ({ key: keyOf(row), cells: about.cells(row), faint: about.faint(row) })));
    count.textContent = fill(gettext("%(shown)s of %(all)s"), { shown: shown.length, all: rows.length });
    if (opened !== null) grid.mark(opened);
  }

  function open(key) {
    opened = key;
    grid.mark(key);
    root.classList.add("has-panel");
    paintPanel();
    panel.querySelector("input, textarea, select, button")?.focus();
  }

  function paintPanel() {
    const row = rows.find((one) => keyOf(one) === opened);
    saveNow = null;
    touched = false;
    if (!row) return paintFresh();
    const facts = about
      .facts(row)
      .filter(([, value]) => value)
      .map(([name, value]) => el("div.field.field-fixed", {}, el("span", { text: name }), el("output", { text: value })));
    return panel.replaceChildren(
      el("div.panel", {}, el("h2", { text: about.title(row) }), el("div.panel-fields", {}, ...facts), ...(about.extra?.(row, send) ?? []), ...about.acts(row).map((act) => form(act))),
    );
  }

  /** Without a row: what can be begun, or how to choose one. */
  function paintFresh() {
    const acts = typeof about.fresh === "function" ? (latest ? about.fresh(latest) : []) : (about.fresh ?? []);
    const empty = el("p.panel-empty", { text: gettext("Choose a row with Enter.") });
    return panel.replaceChildren(...(acts.length ? [el("div.panel", {}, ...acts.map((act) => form(act)))] : [empty]));
  }

  /** Begin something new. */
  function begin() {
    opened = null;
    grid.mark(null);
    root.classList.add("has-panel");
    paintPanel();
    panel.querySelector("input, textarea, select, button")?.focus();
  }

  /** Carry out an act that has no form; what the server says of it stands at the panel's end. */
  async function send(path, body) {
    try {
      await api.post(path, body);
      await load();
      paintPanel();
    } catch (error) {
      panel.append(el("p.panel-told", { role: "alert", text: error.message }));
      if (error.code === "stale" || error.code === "wrong_turn") await load();
    }
  }

  function form(act) {
    const fields = act.fields.map(makeField);
    const told = el("p.panel-told", { role: "alert" });
    const send = el(`button.manage-verb${act.main ? ".is-main" : ""}`, { type: "submit", text: act.label });
    const run = async () => {
      const body = { ...act.fixed };
      for (const field of fields) {
        const value = field.read();
        if (value !== "" && value !== null) body[field.name] = act.turn?.[field.name]?.(value) ?? value;
      }
      send.disabled = true;
      try {
        await act.ready?.();
        const path = act.address?.(body) ?? act.path;
        const answer = await (act.method === "PATCH" ? api.patch(path, body) : api.post(path, act.shape ? act.shape(body) : body));
        act.onAnswer?.(answer);
        told.textContent = gettext("Saved.");
        await load();
        if (!isElsewhere()) {
          paintPanel();
          grid.focus();
        }
      } catch (error) {
        told.textContent = tellFields(fields, error);
        if (error.code === "stale" || error.code === "wrong_turn") {
          touched = false; // it was written about a row that is no longer so
          await load();
        }
      }
      send.disabled = false;
    };
    if (act.main) saveNow = run;
    // Who has begun to write in another form of the panel meanwhile keeps what is written there.
    const isElsewhere = () => panel.contains(document.activeElement) && !node.contains(document.activeElement);
    const node = el(
      "form",
      { novalidate: true, on: { submit: (event) => { event.preventDefault(); run(); } } },
      el("fieldset", {}, el("legend", { text: act.title ?? act.label }), ...fields.map(({ node }) => node), told, el("div.panel-verbs", {}, send)),
    );
    return node;
  }

  function leavePanel() {
    opened = null;
    paintPanel();
    root.classList.remove("has-panel");
    grid.focus();
  }

  return { load, search, begin, focus: () => grid.focus(), save: () => saveNow?.(), leavePanel, openCount: () => (latest && about.count?.(latest)) ?? rows.filter((row) => !about.faint(row)).length };
}
