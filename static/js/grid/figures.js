/** The figures of the grids: tasks by duty and by grid, reopenings, what came in. */

import { formatTime } from "../clock.js";
import { el } from "../phone/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { summed } from "./model.js";

/**
 * Make the section.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makeFigures(box, app) {
  const place = el("div", { class: "figures" });
  box.append(place);
  return {
    show() {
      const found = app.world.figures;
      if (!found || place.dataset.asOf === found.as_of) return 0;
      place.dataset.asOf = found.as_of;
      const waiting = found.reports.filter((one) => one.state !== "settled").reduce((sum, one) => sum + one.n, 0);
      const all = found.reports.reduce((sum, one) => sum + one.n, 0);
      place.replaceChildren(
        el("p", { class: "soft digits", text: fill(gettext("As of %(time)s · reports %(all)s, of these open %(waiting)s"), { time: formatTime(found.as_of), all, waiting }) }),
        table(gettext("Tasks by duty"), summed(found.tasks, "duty"), (row) => app.codes.word("grid_duty", row.value)),
        table(gettext("Tasks by grid"), summed(found.tasks, "grid_code"), (row) => `${row.value} ${row.name}`),
      );
      return 0;
    },
  };
}

function table(title, rows, name) {
  const heads = [gettext("All"), pgettext("grid", "to do"), pgettext("grid", "in hand"), pgettext("grid", "done"), pgettext("grid", "returned"), gettext("overdue"), gettext("opened again"), gettext("to look at again")];
  const counts = ["n", "todo", "doing", "done", "returned", "overdue", "reopened", "to_recheck"];
  const line = (row) => el("tr", {}, el("th", { scope: "row", text: name(row) }), ...counts.map((one) => el("td", { class: one === "overdue" && row[one] ? "digits level-critical" : "digits", text: String(row[one]) })));
  return el("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": title }, el("table", {}, el("caption", { text: title }), el("thead", {}, el("tr", {}, el("th", { scope: "col", text: "" }), ...heads.map((text) => el("th", { scope: "col", text })))), el("tbody", {}, ...rows.map(line))));
}
