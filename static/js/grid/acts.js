/** The acts of the grid page as the outbox keeps them: path, body and title. Pure. */

import { freshUuid } from "../api.js";
import { fill, gettext, pgettext } from "../words.js";
import { kindWord, outcomeWord } from "./model.js";

const deviceTime = () => new Date().toISOString();

function act(path, body, facts) {
  return { key: freshUuid(), method: "POST", path, body, ...facts };
}

const ofTask = (task, move, body, title, more = {}) =>
  act(`/api/grid/tasks/${task.id}/${move}/`, body, { title: fill("%(title)s · %(number)s", { title, number: task.task_no }), effect: { task: task.id, move }, ...more });

/** Begin with a task. */
export const startAct = (task) => ofTask(task, "start", {}, gettext("Begin"));

/**
 * End a task.
 * @param {object} task row
 * @param {{result: string, recheck_at: string|null, photos: string[]}} said `photos` holds `key:<key of a picture act>`
 */
export function finishAct(task, said) {
  return ofTask(task, "finish", said, gettext("Done"), { slow: said.photos.length > 0 });
}

/** Give a task back. */
export const returnAct = (task, reason) => ofTask(task, "return", { reason }, pgettext("grid", "Give back"));

/** Say what somebody found who looked again. */
export const recheckAct = (task, calm, text) => ofTask(task, "recheck", { calm, text }, calm ? gettext("Calm") : gettext("Broke out again"));

/** Upload a picture that a later act names. */
export function pictureAct(photo, place) {
  const where = place ? { lat: place.lat, lng: place.lng, crs: "WGS84" } : {};
  return act("/api/grid/pictures/", { taken_at: deviceTime(), ...where }, { title: gettext("Photo"), photo, slow: true });
}

/** Bring a hazard or information in. */
export function reportAct(said) {
  return act("/api/grid/reports/", { ...said, device_at: deviceTime() }, {
    title: kindWord(said.kind),
    urgent: said.urgent && said.photos.length === 0,
    slow: said.photos.length > 0,
  });
}

/** Make a task by hand. */
export const taskAct = (said) => act("/api/grid/tasks/", said, { title: gettext("New task") });

/** Raise what the rule proposes. */
export const toGridAct = (incident, demand) =>
  act(`/api/incidents/${incident}/grid/`, { demand, by_rule: true }, { title: gettext("Grid task") });

/** Take a report on. */
export const takeAct = (report) => act(`/api/grid/reports/${report.id}/take/`, {}, { title: gettext("Take on") });

/** Say what came of a report. */
export const settleAct = (report, outcome, text) =>
  act(`/api/grid/reports/${report.id}/settle/`, { outcome, text }, { title: outcomeWord(outcome) });

/** Open a joint operation. */
export const openAct = (said) => act("/api/operations/", said, { title: gettext("Joint operation") });

/** Close a joint operation with its outcome. */
export const closeAct = (row, outcome) => act(`/api/operations/${row.id}/close/`, { outcome }, { title: gettext("Close the operation") });

/** Sign in to, or out of, a joint operation. */
export function rollAct(member, came, place, people) {
  const point = place ? { lat: place.lat, lng: place.lng, crs: "WGS84", accuracy_m: place.accuracy_m ?? null } : null;
  const body = { came, ...(point ? { point } : {}), ...(people === null ? {} : { people }) };
  return act(`/api/operation-members/${member}/roll/`, body, { title: came ? pgettext("operation", "Sign in") : pgettext("operation", "Sign out") });
}
