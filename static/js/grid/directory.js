/** The grids: who answers for each, which teams belong to it, what is known of its places (2+N, M36). */

import { el } from "../phone/dom.js";
import { phoneDigits, telLink } from "../phone/navigation.js";
import { fill, gettext } from "../words.js";
import { makeList } from "./parts.js";
import { teamWord } from "./model.js";

/**
 * Make the section.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makeDirectory(box, app) {
  const cards = el("div", { class: "cards" });
  const list = makeList(cards, card, gettext("No grid is yours. The centre names worker and officer of each."));
  box.append(el("section", { class: "group" }, el("h2", { text: gettext("Grids") }), cards));
  return {
    show() {
      list.show(app.world.grids, (row) => `${row.version} ${row.teams.length} ${row.notes.map((one) => one.version).join()}`);
      return 0;
    },
  };
}

function card(row) {
  return el(
    "article",
    { class: "card", data: { grid: row.grid_code } },
    el("p", { class: "card-head" }, el("b", { text: row.grid_name }), el("span", { class: "digits", text: row.grid_code })),
    el("p", { text: fill(gettext("Worker %(worker)s · officer %(officer)s"), { worker: row.worker_name, officer: row.officer_name }) }, tel(row.worker_phone)),
    row.teams.length ? el("ul", { class: "lines" }, ...row.teams.map((team) => el("li", {}, el("b", { text: [team.call_sign, team.name].filter(Boolean).join(" ") }), el("span", { text: ` ${teamWord(team.kind)} · ${team.leader} ` }), tel(team.phone)))) : el("p", { class: "soft", text: gettext("No team belongs to this grid.") }),
    row.notes.length ? el("ul", { class: "lines" }, ...row.notes.map((note) => el("li", { class: note.kind === "hazard" ? "level-serious" : "", text: [note.kind === "hazard" ? "▲" : "", note.place_name, note.text].filter(Boolean).join(" ") }))) : el("p", { class: "soft", text: gettext("No premise note in this grid.") }),
  );
}

function tel(number) {
  return number ? el("a", { class: "way-link digits", href: telLink(number), text: ` ${phoneDigits(number)}` }) : null;
}
