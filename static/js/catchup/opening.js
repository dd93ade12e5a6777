/**
 * Opening and ending catch-up (watch commander), and giving out cards.
 */

import { el } from "../console/dom.js";
import { gettext } from "../words.js";
import { readTime } from "./card_times.js";

const DAYS_BACK_MS = 3 * 24 * 3600 * 1000;

/** Make the part above the lists. */
export function makeOpening(root, page) {
  let shown = null;

  function paint() {
    const open = page.now.catch_up;
    const key = String(open?.id ?? "closed");
    if (shown === key) return;
    shown = key;
    const commands = page.me.roles.includes("watch_commander");
    const mode = commands ? (open ? ending(open) : beginning()) : null;
    root.replaceChildren(...[mode, cards()].filter(Boolean));
  }

  function beginning() {
    const from = input(gettext("Outage from (day hhmm)"));
    const to = input(gettext("to (day hhmm)"));
    const reason = input(gettext("Reason"));
    const now = Date.now();
    const open = () => {
      const began = readTime(from.input.value, now - DAYS_BACK_MS, now);
      const over = began && readTime(to.input.value, began, now);
      if (!began || !over) return page.tell({ message: gettext("Write the outage as 1432 or 27 1432, within three days.") });
      const body = { began_at: new Date(began).toISOString(), over_at: new Date(over).toISOString(), reason: reason.input.value.trim() };
      return act(() => page.api.post("/api/catch-up/", body));
    };
    return el("div.catchup-opening", {}, from.node, to.node, reason.node, verb(gettext("Open catch-up"), open));
  }

  function ending(open) {
    return el("div.catchup-opening", {}, verb(gettext("End catch-up"), () => act(() => page.api.post(`/api/catch-up/${open.id}/end/`))));
  }

  function cards() {
    const size = input(gettext("Cards to print"));
    size.input.value = "20";
    const issue = () => act(() => page.api.post("/api/number-blocks/", { purpose: "paper", size: Number(size.input.value) }));
    return el("div.catchup-opening", {}, size.node, verb(gettext("Give out serials"), issue));
  }

  async function act(what) {
    try {
      await what();
      document.activeElement.blur();
      await page.load();
    } catch (error) {
      page.tell(error);
    }
  }

  return { paint };
}

function input(label) {
  const field = el("input", { type: "text", autocomplete: "off" });
  return { input: field, node: el("label.field", {}, el("span", { text: label }), field) };
}

function verb(text, click) {
  return el("button.manage-verb", { type: "button", text, on: { click } });
}
