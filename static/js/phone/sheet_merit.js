/** What the merit ledger says of this officer (奖惩, M10), with an objection where one is possible. */

import { formatMoment, parseTime } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { el, say } from "./dom.js";
import { textField } from "./fields.js";

const OBJECT_WITHIN_MS = 7 * 86_400_000;

/** Show the decided entries; one that may be objected to is chosen and objected to here. */
export function meritSheet(app) {
  const list = el("ol", { class: "queue" }, el("li", { class: "empty", text: gettext("Loading …") }));
  const trouble = el("p", { class: "warning", role: "alert", hidden: true });
  const words = textField(gettext("Why the entry is wrong"), { name: "words", limit: 400, onChange: app.refresh });
  let chosen = null;
  let contestable = false;
  load().then(app.refresh).catch(tell);

  async function load() {
    const { entries } = await app.api.get("/api/merit/mine/");
    contestable = entries.some(mayObject);
    list.replaceChildren(...(entries.length ? entries.map(line) : [el("li", { class: "empty", text: gettext("No entries.") })]));
  }

  function line(row) {
    const box = mayObject(row)
      ? el("label", { class: "choice" }, el("input", { type: "radio", name: "entry", value: String(row.id), on: { change: ({ target }) => choose(row, target) } }), el("span", {}, el("b", { text: gettext("Object to this entry") })))
      : "";
    return el("li", {},
      el("b", { class: "queue-state", text: row.points > 0 ? `+${row.points}` : `−${Math.abs(row.points)}` }),
      el("span", { class: "queue-title", text: app.codes.word("merit_rule", row.rule) }),
      el("time", { text: formatMoment(parseTime(row.event_at), Date.now()) }),
      el("p", { class: "reason", text: stateWords(row) }), box);
  }

  /** The words stand below the entry that they are about. */
  function choose(row, box) {
    chosen = row;
    box.closest("li").append(words.node);
    app.refresh();
    words.field.focus();
  }

  function tell(error) {
    trouble.hidden = false;
    say(trouble, error.message);
  }

  async function object() {
    try {
      await app.api.post(`/api/merit/${chosen.id}/object/`, { words: words.value() });
      chosen = null;
      trouble.hidden = true;
      await load();
      app.refresh();
    } catch (error) {
      tell(error);
    }
  }

  return {
    title: gettext("Merit ledger"),
    body: [el("p", { class: "words", text: gettext("Entries are proposed by rule and decided by people. Nothing follows from one by itself.") }), list, trouble],
    next() {
      if (!chosen) return contestable ? { label: gettext("Object"), hint: gettext("choose an entry"), ready: false } : null;
      return { label: gettext("Object"), hint: words.value() ? "" : gettext("say why"), ready: words.value() !== "", act: object };
    },
  };
}

function mayObject(row) {
  return row.state === "approved" && !row.objected_at && Date.now() < parseTime(row.decided_at) + OBJECT_WITHIN_MS;
}

function stateWords(row) {
  if (row.answered_at) return fill(row.state === "approved" ? gettext("objection answered, the entry stands: %(answer)s") : gettext("objection answered, the entry is lifted: %(answer)s"), row);
  if (row.objected_at) return gettext("objected to, an answer follows");
  return row.state === "approved" ? pgettext("merit", "approved") : pgettext("merit", "refused");
}
