/**
 * The list of late entries: where from, own time and time of entry, the second person's check, proposals to merge.
 */

import { el } from "../console/dom.js";
import { formatMoment, parseTime } from "../clock.js";
import { fill, gettext, sourceWord } from "../words.js";

/** Paint the list. */
export function paintEntries(root, page) {
  const now = Date.now();
  const moment = (at) => formatMoment(parseTime(at), now);
  const heads = [gettext("Serial"), gettext("Entered from"), gettext("Answered at"), gettext("Entered at"), gettext("Incident"), gettext("To do")];
  const rows = page.now.entries.map((entry) =>
    el(
      "tr",
      {},
      el("td.code", { text: String(entry.serial) }),
      el("td", { text: sourceWord(entry.source) }),
      el("td.digits", { text: moment(entry.answered_at) }),
      el("td.digits", { text: `${moment(entry.entered_at)} ${entry.entered_by}` }),
      el("td", { text: incidentWords(entry, page) }),
      el("td", {}, acts(entry, page)),
    ),
  );
  if (root.contains(document.activeElement)) return;
  root.replaceChildren(
    el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((text) => (text ? el("th", { scope: "col", text }) : el("td"))))), el("tbody", {}, ...rows)),
  );
}

function incidentWords(entry, page) {
  if (!entry.incident) return gettext("no incident");
  return [`P${entry.priority}`, page.codes.word("incident_type", entry.type_reported), entry.address_text].filter(Boolean).join(" · ");
}

function acts(entry, page) {
  const todo = [];
  if (entry.needs_check && !entry.checked_at) {
    if (entry.entered_by === page.me.badge) todo.push(el("span.level-caution", { text: gettext("a second person compares it") }));
    else todo.push(verb(gettext("Compared: same"), page, () => page.api.post(`/api/late-entries/${entry.id}/check/`)));
  }
  if (entry.checked_at) todo.push(el("span", { text: fill(gettext("compared by %(badge)s"), { badge: entry.checked_by }) }));
  const mayMerge = page.me.roles.some((role) => ["dispatcher", "watch_commander"].includes(role));
  for (const other of entry.similar) {
    const said = fill(gettext("maybe the same as %(no)s"), { no: other.incident_no.slice(-6) });
    todo.push(el("span.level-caution", { text: said, title: `${other.address_text} ${other.metres ?? ""}` }));
    if (mayMerge) {
      const body = { version: entry.version_of_incident, into: other.incident, reason: gettext("same event, found at catch-up") };
      todo.push(verb(gettext("Merge"), page, () => page.api.post(`/api/incidents/${entry.incident}/merge/`, body)));
    }
  }
  if (entry.similar.length) todo.push(verb(gettext("Different event"), page, () => page.api.post(`/api/late-entries/${entry.id}/apart/`)));
  return el("div.catchup-acts", {}, ...todo);
}

function verb(text, page, act) {
  const run = async (event) => {
    event.target.blur();
    try {
      await act();
      await page.load();
    } catch (error) {
      page.tell(error);
    }
  };
  return el("button.manage-verb", { type: "button", text, on: { click: run } });
}
