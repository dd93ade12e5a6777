/** The page of a partner team: the incidents that it is attached to, as far as it may see them, and its roll calls. */

import { formatMoment } from "../clock.js";
import { el } from "../phone/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { rollAct } from "./acts.js";
import { field, makeList, way } from "./parts.js";

/**
 * Make the section.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makePartner(box, app) {
  const team = el("p", { class: "team" });
  const cards = el("div", { class: "cards" });
  const list = makeList(cards, (row) => card(row, app), gettext("Your team is attached to no incident."));
  const calls = el("div", { class: "cards" });
  const operations = makeList(calls, (row) => operation(row, app), gettext("No joint operation."));
  box.append(
    team,
    el("section", { class: "group", data: { group: "attached" } }, el("h2", { text: gettext("With the police now") }), cards),
    el("section", { class: "group", data: { group: "operations" } }, el("h2", { text: gettext("Joint operations") }), calls),
  );
  return {
    show() {
      const mine = app.world.team;
      team.textContent = mine ? [mine.call_sign, mine.name].filter(Boolean).join(" ") : gettext("Your account belongs to no team yet.");
      list.show(app.world.incidents, (row) => `${row.version} ${row.until_at}`);
      operations.show(app.world.operations.map((row) => ({ ...row, id: row.member })), (row) => `${row.version} ${app.pendingOf(`roll-${row.member}`)}`);
      return app.world.incidents.length;
    },
  };
}

function card(row, app) {
  const now = app.now();
  return el(
    "article",
    { class: "card", data: { incident: row.id } },
    el("p", { class: "card-head" }, el("b", { text: row.plate || gettext("Plate not known") }), el("span", { class: "mark level-standby", text: fill(gettext("until %(time)s"), { time: formatMoment(row.until_at, now) }) })),
    el("p", { class: "demand", text: row.description || gettext("No description.") }),
    el("p", { class: "digits", text: fill(gettext("Happened %(time)s"), { time: formatMoment(row.time, now) }) }),
    way(row.point, row.plate || row.description || "110", app.here()),
    el("p", { class: "soft", text: gettext("Watch and tell: do not chase, do not stop anybody. Danger: call 110.") }),
  );
}

function operation(row, app) {
  const inside = row.signed_in_at && !row.signed_out_at;
  const people = el("input", { type: "number", min: "0", max: "10000", inputmode: "numeric" });
  const sign = (came) => app.act({ ...rollAct(row.member, came, app.here(), people.value === "" ? null : Number(people.value)), effect: { task: `roll-${row.member}` } });
  const now = app.now();
  return el(
    "article",
    { class: "card", data: { operation: row.member } },
    el("p", { class: "card-head" }, el("b", { text: row.name }), el("span", { class: `mark level-${inside ? "normal" : "off"}`, text: inside ? fill(gettext("● signed in %(time)s"), { time: formatMoment(row.signed_in_at, now) }) : gettext("○ not signed in") })),
    el("p", { text: [row.task, row.meeting_place].filter(Boolean).join(" · ") }),
    way(row.point, row.meeting_place || row.name, app.here()),
    inside ? null : field(gettext("How many you are"), people),
    el("button", { type: "button", class: "main-act", text: inside ? pgettext("operation", "Sign out") : pgettext("operation", "Sign in"), disabled: app.pendingOf(`roll-${row.member}`), on: { click: () => sign(!inside) } }),
  );
}
