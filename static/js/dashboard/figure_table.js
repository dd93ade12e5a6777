/**
 * Tables whose numbers are buttons: the keyboard's and the screen reader's way to every figure.
 */

import { gettext } from "../words.js";
import { make, write } from "./dom.js";
import { basisOf, caseWord, valueWord } from "./numbers.js";

/**
 * Make a button that shows a figure and opens what stands behind it; it may be given newer figures, and keeps its focus.
 * @param {(figure: object, scope: object, part: string, button: HTMLElement) => void} open
 * @returns {{button: HTMLElement, show: (figure: object|null, scope: object, how?: {name?: string, part?: string}) => void}}
 */
export function liveFigure(open) {
  const button = make("button.figure.digits", { type: "button" });
  let shown = null;
  button.addEventListener("click", () => shown?.figure && open(shown.figure, shown.scope, shown.part, button));

  function show(figure, scope, { name = "", part = "" } = {}) {
    shown = { figure, scope, part };
    const said = figure ? [name, basisOf(figure), valueWord(figure), caseWord(figure)] : [name, gettext("not read yet")];
    button.setAttribute("aria-label", said.filter(Boolean).join(", "));
    if (figure) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
    button.dataset.figure = figure ? `${figure.key}.${figure.clock}.${figure.measure}` : "";
    write(button, figure ? valueWord(figure) : "–");
  }

  return { button, show };
}

/**
 * Make the button of a figure.
 * @param {object} figure
 * @param {object} scope what narrows it down: `by`, `value`, `at`
 * @param {(figure: object, scope: object, part: string, button: HTMLElement) => void} open
 * @param {{name?: string, part?: string}} [how]
 */
export function figureButton(figure, scope, open, how = {}) {
  const { button, show } = liveFigure(open);
  show(figure, scope, how);
  return button;
}

/**
 * Make a table.
 * @param {{head: string[], rows: (string|{figure: object, scope: object, part?: string}|{long: string}|{text: string, href: string})[][]}} content
 * @param {string} caption
 * @param {Function} open opens a figure
 */
export function figureTable({ head, rows }, caption, open) {
  return make("table.numbers", {},
    make("caption.unseen", { text: caption }),
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((cell, at) => make(at ? "td" : "th", at ? {} : { scope: "row" }, content(cell, `${caption}, ${plain(row[0])}, ${head[at]}`, open)))))));
}

function content(cell, name, open) {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "string") return cell;
  if (cell.href) return make("a", { href: cell.href, text: cell.text, target: "_blank", rel: "noopener" });
  if (cell.long) return make("span.wide", { text: cell.long });
  if (cell.node) return cell.node;
  return cell.figure ? figureButton(cell.figure, cell.scope, open, { name, part: cell.part }) : "–";
}

function plain(cell) {
  return typeof cell === "string" ? cell : cell?.text ?? "";
}
