/**
 * The shortcut sheet: every key and every command on one page, opened by `?`, closed by Esc.
 */

import { VERBS } from "../command_line.js";
import { gettext, pgettext } from "../words.js";
import { el, show } from "./dom.js";

/** Bring the sheet to life. */
export function makeSheet(box, desk) {
  let back = null;
  desk.on("sheet", toggle);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });

  function toggle() {
    if (!box.hidden) return close();
    back = document.activeElement;
    paint();
    show(box, true);
    return box.focus();
  }

  function close() {
    show(box, false);
    if (back?.isConnected) back.focus();
  }

  function paint() {
    box.replaceChildren(
      el(
        "div.sheet-head",
        {},
        el("h2", { text: gettext("Keys and commands") }),
        el("button.verb", { type: "button", text: pgettext("console", "Close"), on: { click: close } }),
      ),
      el("div.sheet-columns", {}, keysTable(), commandsTable()),
    );
  }

  function keysTable() {
    const rows = desk.keys
      .list()
      .map(({ chord, says }) =>
        el("tr", {}, el("th", { scope: "row" }, el("kbd", { text: chord })), el("td", { text: says })),
      );
    return el(
      "section",
      {},
      el("h3", { text: pgettext("console", "Keys") }),
      el("table", {}, el("tbody", {}, ...rows)),
    );
  }

  function commandsTable() {
    const rows = Object.entries(VERBS).map(([verb, { names }]) =>
      el(
        "tr",
        {},
        el("th", { scope: "row" }, el("span.code", { text: example(verb) })),
        el("td", { text: names.join("  ") }),
      ),
    );
    return el("section", {}, el("h3", { text: gettext("Commands (F1)") }), el("table", {}, el("tbody", {}, ...rows)));
  }

  return { toggle };
}

function example(verb) {
  switch (verb) {
    case "order":
      return "派 C101 C102 #241";
    case "withdraw":
      return "撤 C101 CX3";
    case "note":
      return "注 #241：…";
    case "place":
      return "地 中山公园 #241";
    case "type":
      return "类 自行车 #241";
    case "priority":
      return "级 2 #241";
    case "find":
      return "找 新华路";
    case "show":
      return "看 #241";
    case "accept":
      return "C101 签";
    case "depart":
      return "C101 出";
    case "arrive":
      return "C101 到";
    case "finish":
      return "完 C101 RS16";
    case "told":
      return "告 C101";
    case "urge":
      return "催 C101";
    case "calm":
      return "解 C101";
    case "status":
      return "状 C101：休整";
    default:
      return VERBS[verb].print;
  }
}
