/**
 * The community on the card of an incident: the grid's tasks with what the rule proposes (M37), the partner teams that
 * are attached (M48).
 */

import { formatMoment } from "../clock.js";
import { againWord, isLate, markOf, waitsForRecheck } from "../grid/model.js";
import { fill, gettext, pgettext } from "../words.js";
import { button, el } from "./dom.js";

const DESK = ["call_taker", "dispatcher", "watch_commander"];
const DISPUTE = "04";
const TO_GRID = "RS06";
let teams = [];

/** Keep the list of teams, read once when the console starts. */
export function learnTeams(rows) {
  teams = rows;
}

/** Tell whether the rule proposes mediation by the grid; the server says so too. */
export function isProposed(incident, tasks) {
  const dispute = (incident.type_verified || incident.type_reported || "").startsWith(DISPUTE);
  return tasks.length === 0 && (incident.result_code === TO_GRID || (dispute && Boolean(incident.handled_at)));
}

/** Give the words with which a dispute goes to its grid. */
export function usualDemand(incident) {
  return fill(gettext("Mediate the dispute at %(place)s and look at it again."), { place: incident.address_text || incident.incident_no });
}

/** Raise what is proposed, in one key: a person does it, the rule never by itself. */
export function raiseGrid(incident, desk) {
  const body = { demand: usualDemand(incident), by_rule: true };
  return desk.act("POST", `/api/incidents/${incident.id}/grid/`, body, { done: gettext("Grid task made.") });
}

/** Give the act that passes an incident to its grid. */
export function gridAct(incident) {
  return {
    id: "grid",
    label: gettext("To the grid"),
    path: `/api/incidents/${incident.id}/grid/`,
    versioned: false,
    fields: [
      { name: "duty", label: gettext("Duty"), type: "code", table: "grid_duty", required: true, value: "GD4" },
      { name: "demand", label: gettext("What the worker is asked to do"), type: "text", required: true, long: true, value: usualDemand(incident) },
    ],
  };
}

/** Give the act that asks for a partner team. */
export function partnerAct(incident) {
  return {
    id: "partner",
    label: gettext("Partner team"),
    path: `/api/incidents/${incident.id}/partners/`,
    versioned: false,
    fields: [
      { name: "team", label: gettext("Team"), type: "choice", required: true, number: true, options: teams.map((team) => ({ value: team.id, text: [team.call_sign, team.name].filter(Boolean).join(" ") })) },
      { name: "brief", label: gettext("What the team reads (no names, no numbers)"), type: "text", required: true, long: true, value: incident.partner_brief ?? "" },
      { name: "reason", label: pgettext("console", "Reason"), type: "text", required: true },
    ],
  };
}

/**
 * Make the block.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @returns {HTMLElement[]} nothing where nothing concerns the community
 */
export function gridBlock(incident, desk) {
  const tasks = desk.store.ofIncident("grid_task", incident.id);
  const attached = incident.partners ?? [];
  const wanted = isProposed(incident, tasks) && desk.has(...DESK);
  if (!tasks.length && !attached.length && !wanted) return [];
  const raise = button(gettext("Make the grid task"), () => raiseGrid(incident, desk), { key: "Alt+D", data: { act: "raise-grid" } });
  return [
    el("h4", { text: gettext("Community") }),
    wanted ? el("p.proposal.level-caution", {}, el("span", { text: gettext("Proposed: a dispute, let the grid mediate and look again.") }), raise) : null,
    el("ul.parties.community", {}, ...tasks.map((task) => taskLine(task, desk.now())), ...attached.map((team) => teamLine(team, desk))),
  ].filter(Boolean);
}

function taskLine(task, now) {
  const mark = markOf(task, now);
  const by = waitsForRecheck(task) ? fill(gettext("look again %(time)s"), { time: formatMoment(task.recheck_at, now) }) : task.open ? fill(gettext("by %(time)s"), { time: formatMoment(task.due_at, now) }) : "";
  const again = task.reopened.at(-1);
  return el(
    "li",
    { data: { task: task.id, state: task.state, late: isLate(task, now) ? "yes" : "no" } },
    el(`span.level-${mark.level}`, { text: `${mark.shape} ${mark.text}` }),
    el("span", { text: [task.grid_name, task.worker_name, by].filter(Boolean).join(" · ") }),
    again ? el("span.level-serious", { text: fill(gettext("broke out again %(how)s"), { how: againWord(again.how) }) }) : null,
    task.result ? el("span.soft", { text: task.result }) : null,
  );
}

function teamLine(team, desk) {
  const end = () => desk.act("POST", `/api/attachments/${team.attachment}/end/`, { reason: gettext("no longer needed") }, { done: gettext("Team detached.") });
  return el(
    "li",
    { data: { team: team.team } },
    el("b", { text: [team.call_sign, team.name].filter(Boolean).join(" ") }),
    el("span", { text: fill(gettext("attached until %(time)s"), { time: formatMoment(team.until, desk.now()) }) }),
    desk.has(...DESK) ? button(gettext("Detach"), end) : null,
  );
}
