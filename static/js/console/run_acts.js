/**
 * Verbs of the command line that stand for an act with fields: carried out at once when the line says
 * everything that is asked for, else opened as the form of the act with what the line said.
 */

import { fill, gettext } from "../words.js";
import { findIncident } from "./meaning.js";
import { nameAct } from "./outcomes.js";
import { addAct } from "./parties.js";
import { searchCodes } from "./pinyin.js";
import { incidentActs } from "./verbs.js";

/** Verb → the act on an incident and the fields that the line fills. */
const INCIDENT_ACTS = {
  facts: ["facts", () => ({})],
  mode: ["mode", (command, desk) => ({ mode: searchCodes(desk.codes.list("incident_mode"), command.text, 1)[0]?.code })],
  merge: ["merge", (command, desk) => ({ into: intoOf(command, desk), reason: command.text })],
  handover: ["hand-over", (command) => ({ reason: command.text })],
  fusion: ["fusion", (command) => ({ text: command.text })],
  watch: ["watch", (command) => ({ value: command.text })],
  grid: ["grid", (command) => ({ demand: command.text })],
  partner: ["partner", (command) => ({ brief: command.text })],
  directive: ["directives", (command) => ({ text: command.text })],
  intercept: ["interception", () => ({})],
  breakoff: ["break-off", (command) => ({ reason: command.text })],
  supervise: ["supervise", (command) => ({ demand: command.text })],
  noattendance: ["no-attendance", (command) => ({ result_code: command.code, reason: command.text })],
  submit: ["submit", () => ({})],
  approve: ["approve", () => ({})],
  sendback: ["return", (command) => ({ reason: command.text })],
  cancel: ["cancel", (command) => ({ cancel_code: command.code, reason: command.text })],
  invalidate: ["invalidate", (command) => ({ reason: command.text })],
  reopen: ["reopen", (command) => ({ reason: command.text })],
};
/** Verbs that only make sense with a form: persons, vehicles, property. */
const PARTIES = ["person", "vehicle", "property"];

/** Tell whether a verb is one of these. */
export const isAct = (verb) => verb in INCIDENT_ACTS || PARTIES.includes(verb) || verb === "suspect";

function intoOf(command, desk) {
  return command.into === null ? null : (findIncident(command.into, desk.store.rows("incident"))?.id ?? null);
}

/**
 * Carry out the act of a verb, or open its form.
 * @param {object} bound from `meaning.bind`
 * @param {object} desk the desk
 * @returns {Promise<boolean>} whether the line may be cleared
 */
export async function runAct({ command, incident }, desk) {
  desk.select(incident.id);
  if (PARTIES.includes(command.verb)) {
    desk.emit("card-form", { act: addAct(incident, command.verb), row: incident });
    return true;
  }
  if (command.verb === "suspect") {
    desk.emit("card-form", { act: nameAct(incident), row: incident });
    return true;
  }
  const [id, read] = INCIDENT_ACTS[command.verb];
  const acts = incidentActs(incident, desk.roles());
  // Who may not do it may ask for it.
  const act = acts.find((one) => one.id === id) ?? acts.find((one) => one.id === `ask-${id}`);
  if (!act) {
    desk.tell(gettext("That is not possible at this stage."), "caution");
    return false;
  }
  const said = Object.fromEntries(
    Object.entries(read(command, desk)).filter(([, value]) => value !== null && value !== undefined && value !== ""),
  );
  const whole = act.fields.every((field) => !field.required || field.name in said) && !["facts", "supervise", "fusion", "watch", "grid", "partner", "directives", "interception"].includes(id);
  if (!whole) {
    desk.emit("card-act", { id: act.id, fields: said });
    return true;
  }
  const body = { ...act.fixed, ...said, ...(act.versioned ? { version: incident.version } : {}) };
  const { error } = await desk.act(act.method, act.path, body, { done: fill(gettext("Done: %(what)s"), { what: act.label }) });
  if (!error && id === "mode") rememberMode(incident, desk);
  return !error;
}

/** A mode is switched back by the same key as an order is taken back. */
function rememberMode(before, desk) {
  desk.remember(gettext("Mode set"), () => {
    const row = desk.store.row("incident", before.id);
    return desk.act("POST", `/api/incidents/${before.id}/mode/`, { version: row.version, mode: before.mode });
  });
}
