/**
 * The shortcut sheet: every key and every command on one page, opened by `?`, closed by Esc.
 */

import { VERBS } from "../command_line.js";
import { gettext, pgettext } from "../words.js";
import { el, show } from "./dom.js";
import { isComposing } from "./keys.js";
import { keyCap, localKeys } from "./local_keys.js";

/** Bring the sheet to life. */
export function makeSheet(box, desk) {
  let back = null;
  desk.on("sheet", toggle);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !isComposing(event)) {
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
      el("div.sheet-columns", {}, keysTable(), placesTable(), commandsTable()),
    );
  }

  function keysTable() {
    const rows = desk.keys.list().map(({ chord, says }) => keyRow(chord.split("+").map(keyCap), says));
    return section(pgettext("console", "Keys"), rows);
  }

  /** Keys that mean something only where the focus is. */
  function placesTable() {
    const rows = localKeys().flatMap(({ says, keys }) => [
      el("tr", {}, el("th.sheet-place", { scope: "rowgroup", colspan: "2", text: says })),
      ...keys.map(([some, does]) => keyRow(some.map(keyCap), does)),
    ]);
    return section(gettext("Keys of one place"), rows);
  }

  function keyRow(some, says) {
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, ...some.map((key) => el("kbd", { text: key }))),
      el("td", { text: says }),
    );
  }

  function section(title, rows) {
    return el("section", {}, el("h3", { text: title }), el("table", {}, el("tbody", {}, ...rows)));
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
    return section(gettext("Commands (F1)"), rows);
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
    case "merge":
      return "并 #241 #238：…";
    case "swap":
      return "换 C101 C102";
    case "delay":
      return "迟 C101 DL1";
    case "report":
      return "报 C101：…";
    case "cancel":
      return "销 CX1 #241";
    case "noattendance":
      return "免 RS16 #241：…";
    case "mode":
      return "模式 蹲守 #241";
    case "supplement":
      return "补 …";
    case "end":
      return "结 CK05";
    case "join":
      return "附 #241";
    default:
      return VERBS[verb].takes.includes("units") ? `C101 ${VERBS[verb].print}` : VERBS[verb].print;
  }
}
