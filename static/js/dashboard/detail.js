/**
 * What stands behind a figure: its definition, its age, its cases and its rows, in a panel beside the pictures.
 */

import { formatMoment, formatTime } from "../clock.js";
import { assignmentWord, callWord, fill, gettext, pgettext, stageWord } from "../words.js";
import { make } from "./dom.js";
import { besideOf, ofTheMoment, partsOf } from "./behind.js";
import { exclusions } from "./figures.js";
import { basisOf, caseWord, changeWord, nameOf, valueOf, valueWord } from "./numbers.js";
import { address } from "./question.js";

/**
 * Make the panel.
 * @param {HTMLElement} host
 * @param {object} means `api`, `codes()`, `definitions()`, `now()`; `note` is said under the heading
 * @returns {{open: Function, show: Function, close: () => void, isOpen: () => boolean}}
 */
export function makeDetail(host, means) {
  let opener = null;
  let asked = 0;

  /**
   * Open a figure.
   * @param {object} figure
   * @param {object} scope `since`, `until`, `by`, `value`, `urgent`; `label` names the value
   * @param {string} part which rows first; "" for all of n
   * @param {HTMLElement} button where the focus goes back to
   */
  function open(figure, scope, part, button) {
    opener = button ?? opener;
    host.hidden = false;
    document.body.dataset.detail = "open";
    const rows = make("div.detail-rows");
    const close = make("button.tool", { type: "button", text: gettext("Close"), "aria-keyshortcuts": "Escape" });
    close.addEventListener("click", shut);
    host.replaceChildren(
      make("div.panel-head", {}, make("h2", { text: nameOf(figure, means.definitions()), tabindex: "-1" }), close),
      noteOf(means),
      make("p.detail-basis", { text: [scope.label, basisOf(figure), ofTheMoment(figure) ? "" : spanOf(scope)].filter(Boolean).join(" · ") }),
      make("p.detail-value.digits", { text: valueWord(figure) }),
      ...facts(figure, means).map((text) => make("p.detail-fact.digits", { text })),
      definition(figure, means) ?? "",
      ...partsRow(figure, scope, part, rows),
      rows,
    );
    host.querySelector("h2").focus();
    readRows(figure, scope, part, rows);
  }

  /** Tell which rows the figure opens; exclusions by their names. */
  function partsFor(figure) {
    return partsOf(figure, (code) => means.codes().word("exclusion", code));
  }

  /**
   * Show something else than a figure; what an answer brings later comes only while it is still asked for.
   * @param {string} title
   * @param {() => Promise<Node[]>} read
   * @param {HTMLElement} button where the focus goes back to
   */
  async function show(title, read, button) {
    opener = button;
    asked += 1;
    const mine = asked;
    host.hidden = false;
    document.body.dataset.detail = "open";
    const close = make("button.tool", { type: "button", text: gettext("Close"), "aria-keyshortcuts": "Escape" });
    close.addEventListener("click", shut);
    const body = make("div.detail-body", {}, make("p.soft", { role: "status", text: gettext("Reading the rows.") }));
    host.replaceChildren(make("div.panel-head", {}, make("h2", { text: title, tabindex: "-1" }), close), noteOf(means), body);
    host.querySelector("h2").focus();
    try {
      const nodes = await read();
      if (mine === asked) body.replaceChildren(...nodes.filter(Boolean));
    } catch (error) {
      if (mine === asked) body.replaceChildren(make("p", { role: "alert", text: error.message }));
    }
  }

  function partsRow(figure, scope, chosen, rows) {
    const parts = partsFor(figure);
    if (!parts.length) return [];
    const first = chosen || parts[0][0];
    const buttons = parts.map(([part, text]) => make("button", { type: "button", text, "aria-pressed": String(part === first), data: { rows: part } }));
    const group = make("div.toggle", { role: "group", "aria-label": gettext("Which rows") }, ...buttons);
    group.addEventListener("click", (event) => {
      const part = event.target.closest("[data-rows]")?.dataset.rows;
      if (!part) return;
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.rows === part));
      readRows(figure, scope, part, rows);
    });
    return [group];
  }

  async function readRows(figure, scope, part, host_) {
    asked += 1;
    const mine = asked;
    if (figure.key === "K20") return readLoops(host_, mine);
    const parts = partsFor(figure);
    const [, , asked_] = parts.find(([key]) => key === part) ?? parts[0] ?? [];
    if (!asked_) {
      host_.replaceChildren(make("p.soft", { text: gettext("This figure stands on no rows of its own.") }));
      return null;
    }
    const query = { ...asked_, since: scope.since, until: scope.until, by: scope.by, value: scope.value, urgent: scope.urgent };
    host_.replaceChildren(make("p.soft", { role: "status", text: gettext("Reading the rows.") }));
    return readPage(host_, query, null, mine);
  }

  async function readPage(host_, query, after, mine) {
    try {
      const answer = await means.api.get(address("rows", { ...query, after }));
      if (mine !== asked) return;
      if (!after) host_.replaceChildren(filesOf(query), rowTable(answer.rows, means));
      else host_.querySelector("tbody").append(...answer.rows.map((row) => line(row, means)));
      host_.querySelector(".more")?.remove();
      if (!answer.rows.length && !after) host_.querySelector("table").replaceWith(make("p.soft", { text: gettext("No rows.") }));
      if (answer.hidden) host_.append(make("p.soft", { text: fill(gettext("not visible to you %(count)s"), { count: answer.hidden }) }));
      if (answer.next) {
        const more = make("button.tool.more", { type: "button", text: gettext("More rows") });
        more.addEventListener("click", () => readPage(host_, query, answer.next, mine));
        host_.append(more);
      }
    } catch (error) {
      if (mine === asked) host_.replaceChildren(make("p", { role: "alert", text: error.message }));
    }
  }

  async function readLoops(host_, mine) {
    try {
      const { rows, hidden } = await means.api.get("/api/statistics/open-loops/");
      if (mine !== asked) return;
      const head = [gettext("Incident"), gettext("Owner"), gettext("Due")];
      const files = make("p.files", {}, ...["csv", "xlsx"].map((form) => make("a.tool", { href: address("open-loops", { as: form }), download: true, text: form.toUpperCase() })));
      host_.replaceChildren(files, make("table.numbers", {}, headRow(head), make("tbody", {}, ...rows.map((row) => make("tr", {},
        make("th", { scope: "row" }, file(row)), make("td", { text: row.owner_name || "–" }), make("td.digits", { text: formatMoment(row.due_at, means.now()) }))))));
      if (hidden) host_.append(make("p.soft", { text: fill(gettext("not visible to you %(count)s"), { count: hidden }) }));
    } catch (error) {
      host_.replaceChildren(make("p", { role: "alert", text: error.message }));
    }
  }

  function shut() {
    host.hidden = true;
    delete document.body.dataset.detail;
    asked += 1;
    if (opener?.isConnected) opener.focus();
    else document.getElementById("main").focus();
  }

  return { open, show, close: shut, isOpen: () => !host.hidden };
}

function spanOf({ since, until }) {
  return since === until ? since : `${since} – ${until}`;
}

function noteOf(means) {
  return means.note ? make("p.detail-note", { text: means.note }) : "";
}

function facts(figure, means) {
  const bucket = figure.measure === "bucket";
  const parts = [bucket ? `${figure.hits} / ${caseWord(figure)}` : caseWord(figure)];
  if (!bucket && figure.hits !== null && figure.hits !== undefined && figure.unit === "share") parts.push(fill(gettext("%(hits)s of %(n)s"), { hits: figure.hits, n: figure.n }));
  if (figure.target !== null && figure.target !== undefined) parts.push(fill(gettext("target %(share)s"), { share: valueOf(figure.unit, figure.target) }));
  const lines = [parts.join(" · ")];
  if (figure.before) lines.push(fill(gettext("before: %(value)s, n=%(n)s; change %(change)s"), { value: valueOf(figure.unit, figure.before.value), n: figure.before.n, change: changeWord(figure) || "–" }));
  const beside = besideOf(figure);
  if (beside.length) lines.push(beside.join(" · "));
  lines.push(...exclusions(figure, (code) => means.codes().word("exclusion", code)));
  lines.push(ageOf(figure.as_of, means));
  return lines;
}

function ageOf(asOf, means) {
  const age = fill(gettext("%(count)s s old"), { count: Math.max(0, Math.round((means.now() - Date.parse(asOf)) / 1000)) });
  return fill(gettext("as of %(time)s, %(age)s"), { time: formatTime(asOf), age });
}

/** Say how old an answer is, in the words of every figure. */
export function ageLine(asOf, means) {
  return make("p.detail-fact.digits", { text: ageOf(asOf, means) });
}

/** Show the definition of a figure; null before the definitions have come. */
export function definition(figure, means) {
  const said = means.definitions()?.[figure.definition];
  if (!said) return null;
  return make("div.definition", {}, make("p", {}, make("b", { text: `${said.clock}: ` }), said.formula), ...said.notes.map((text) => make("p.note", { text })));
}

function filesOf(query) {
  return make("p.files", {}, ...["csv", "xlsx"].map((form) => make("a.tool", { href: address("rows", { ...query, as: form }), download: true, text: form.toUpperCase() })));
}

function headRow(head) {
  return make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" }))));
}

function rowTable(rows, means) {
  const call = rows.length > 0 && "call" in rows[0];
  const head = call ? [gettext("Call"), pgettext("rows", "Counted from"), pgettext("rows", "Took"), gettext("State")] : [gettext("Incident"), pgettext("rows", "Counted from"), pgettext("rows", "Took"), gettext("Type, place"), gettext("Stage")];
  return make("table.numbers.rows", {}, headRow(head), make("tbody", {}, ...rows.map((row) => line(row, means))));
}

function line(row, means) {
  const moment = make("td.digits", { text: formatMoment(row.at, means.now()) });
  const taken = make("td.digits", { text: valueOf("s", row.seconds) });
  if ("call" in row) return make("tr", {}, make("th.code", { scope: "row", text: row.call_no }), moment, taken, make("td", { text: callWord(row.state) }));
  const what = [row.call_sign, means.codes().word("incident_type", row.type_reported), row.address_text].filter(Boolean).join(" · ");
  return make("tr", {}, make("th", { scope: "row" }, file(row)), moment, taken, make("td.wide", { text: what }), make("td", { text: row.state ? assignmentWord(row.state) : stageWord(row.stage) }));
}

/** Make the way to an incident's file with its timeline. */
export function file(row) {
  return make("a.code", { href: `/incidents/${row.incident}/file/`, target: "_blank", rel: "noopener", text: row.incident_no });
}
