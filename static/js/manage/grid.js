/**
 * A list of rows that is walked with the arrow keys: one row is in the tab order, Enter opens it.
 */

import { el } from "../console/dom.js";

/**
 * Make a grid.
 * @param {{columns: Array<{text: string, kind?: string}>, label: string, onOpen: (key: string) => void}} facts
 */
export function makeGrid({ columns, label, onOpen }) {
  const body = el("tbody");
  const heads = columns.map(({ text, kind }) => el(`th${kind ? `.${kind}` : ""}`, { scope: "col", text }));
  const table = el("table.grid", { "aria-label": label }, el("thead", {}, el("tr", {}, ...heads)), body);
  let opened = null;
  body.addEventListener("keydown", onKey);
  body.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row) open(row);
  });

  function onKey(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = event.target.closest("tr");
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity }[event.key];
    if (step !== undefined) walk(row, step, event);
    if (event.key === "Enter" && row) {
      event.preventDefault();
      open(row);
    }
  }

  function walk(row, step, event) {
    const rows = [...body.rows];
    const at = Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + step));
    event.preventDefault();
    focusRow(rows[at]);
  }

  function focusRow(row) {
    if (!row) return;
    for (const other of body.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
    row.focus();
  }

  function open(row) {
    focusRow(row);
    onOpen(row.dataset.key);
  }

  /** Show these rows: `{key, cells: Node[], faint, changed}`. */
  function fill(rows) {
    const hadFocus = body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    body.replaceChildren(...rows.map(makeRow));
    const first = body.querySelector(`[data-key="${CSS.escape(hadFocus ?? opened ?? "")}"]`) ?? body.rows[0];
    if (first) first.tabIndex = 0;
    if (hadFocus !== null) first?.focus();
  }

  function makeRow({ key, cells, faint = false, level = 0 }) {
    const row = el("tr", { data: { key, level: String(level) }, tabindex: "-1", "aria-selected": String(key === opened) }, ...cells);
    if (faint) row.classList.add("is-faint");
    return row;
  }

  /** Mark the row whose panel is open; null for none. */
  function mark(key) {
    opened = key;
    for (const row of body.rows) row.setAttribute("aria-selected", String(row.dataset.key === key));
  }

  /** Put the focus back on the open row, or on the first. */
  function focus() {
    focusRow(body.querySelector('[aria-selected="true"]') ?? body.rows[0]);
  }

  return { node: table, fill, mark, focus };
}

/** Make a cell. */
export function cell(text, kind = "") {
  return el(`td${kind ? `.${kind}` : ""}`, { text });
}
