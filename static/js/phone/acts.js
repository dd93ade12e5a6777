/**
 * The officer's acts as the outbox keeps them: path, body, title, and what the screen shows meanwhile. Pure.
 */

import { freshUuid } from "../api.js";
import { fill, gettext, statusWord } from "../words.js";

/** Seconds that a photo may take on a bad network; everything else has the usual time-out. */
const PHOTO_WITHIN = 60;

const deviceTime = () => new Date().toISOString();

function act(path, body, facts) {
  return { key: freshUuid(), method: "POST", path, body, ...facts };
}

/**
 * Move an assignment: deliver, accept, refuse, depart, arrive or finish.
 * @param {object} assignment a row, or one that a discovery in the outbox will make
 * @param {string} move the last part of the route
 * @param {object} [body] what the move requires, such as a result code
 */
export function moveAct(assignment, move, body = {}) {
  return act(`/api/assignments/${assignment.id}/${move}/`, { ...body, device_at: deviceTime() }, {
    title: moveTitle(move),
    // A unit that refuses for a broken vehicle is out of service, as the server decides too.
    effect: { kind: "move", move, assignment: assignment.id, status: body.refusal_code === "RF1" ? "out_of_service" : undefined },
    hidden: move === "deliver",
  });
}

/** Confirm that a withdrawn order was understood. */
export function confirmWithdrawalAct(assignment) {
  return act(`/api/assignments/${assignment.id}/confirm-withdrawal/`, { device_at: deviceTime() }, {
    title: gettext("Withdrawal confirmed"),
    effect: { kind: "confirm_withdrawal", assignment: assignment.id },
  });
}

/** Report a late arrival with its reason (R14). */
export function delayAct(assignment, code, text) {
  const body = { delay_code: code, text, device_at: deviceTime() };
  return act(`/api/assignments/${assignment.id}/delay/`, body, {
    title: gettext("Delay report"),
    effect: { kind: "delay", assignment: assignment.id, code },
  });
}

/**
 * File a report.
 * @param {object} assignment the row it belongs to
 * @param {object} report `kind` and its fields; `photos` holds `key:<key of a photo act>`
 */
export function reportAct(assignment, report) {
  return act(`/api/assignments/${assignment.id}/reports/`, { ...report, device_at: deviceTime() }, {
    title: reportTitle(report.kind),
    effect: { kind: "report", report: report.kind, assignment: assignment.id },
    slow: report.photos.length > 0,
  });
}

/** Tick a step of the checklist off, or take the tick back; `words` say the step in the list of acts. */
export function tickAct(assignment, step, words, done) {
  return act(`/api/assignments/${assignment.id}/checklist/`, { item: step.key, done, device_at: deviceTime() }, {
    title: `${done ? "✓" : "–"} ${words}`,
    effect: { kind: "tick", assignment: assignment.id, item: step.key, done },
  });
}

/** Say that one has looked in where a warning stands. */
export function hintAct(hint, words) {
  return act(`/api/warnings/${hint.id}/act/`, { words }, {
    title: gettext("Patrol hint seen to"),
    effect: { kind: "hint", warning: hint.id },
  });
}

/** Accept a directive that joined the running order (指令签收). */
export function acceptDirectiveAct(directive) {
  return act(`/api/directives/${directive.id}/accept/`, { device_at: deviceTime() }, {
    title: gettext("Directive accepted"),
    effect: { kind: "directive", directive: directive.id },
  });
}

/** Say how a unit of a stake-out stands (M40). */
export function statusToldAct(assignment, text = "") {
  return act(`/api/assignments/${assignment.id}/status-told/`, { text, device_at: deviceTime() }, {
    title: gettext("Status told"),
    effect: { kind: "status_told", assignment: assignment.id },
  });
}

/** Note an arrest: somebody who stands on the incident already, or who is described here. */
export function arrestAct(incident, unit, { party, name, description }) {
  const who = party ? { party } : { name, description };
  return act(`/api/incidents/${incident.id}/suspects/`, { ...who, caught_by: unit.call_sign, device_at: deviceTime() }, {
    title: gettext("Arrest"),
    effect: { kind: "arrest" },
  });
}

/** Ask the unit that is responsible to take the scene over (R16). */
export function handOnAct(assignment, { to, name, contact }) {
  const body = { ...(to ? { to } : { to_name: name }), contact, device_at: deviceTime() };
  return act(`/api/assignments/${assignment.id}/hand-on/`, body, {
    title: gettext("Hand over"),
    effect: { kind: "hand_on", assignment: assignment.id, name },
  });
}

/** Note who took the scene over. */
export function takenOverAct(assignment, receivedBy, reply) {
  return act(`/api/assignments/${assignment.id}/taken-over/`, { received_by: receivedBy, ...(reply ? { reply } : {}) }, {
    title: gettext("Taken over"),
    effect: { kind: "taken_over", assignment: assignment.id, by: receivedBy },
  });
}

/**
 * Upload a photo that a later report names.
 * @param {Blob} photo a small JPEG
 * @param {{lat: number, lng: number}|null} place where it was taken, WGS-84
 */
export function photoAct(photo, place) {
  const where = place ? { lat: place.lat, lng: place.lng, crs: "WGS84" } : {};
  return act("/api/photos/", { taken_at: deviceTime(), ...where }, { title: gettext("Photo"), photo, slow: true });
}

/** Set the unit's status; idempotent on the server. */
export function statusAct(status, reason = "", more = {}) {
  return act("/api/my-unit/status/", { status, reason, ...more }, {
    title: fill(gettext("Status: %(status)s"), { status: statusWord(status) }),
    effect: { kind: "status", status },
  });
}

/**
 * Answer a post check: where the unit is, by the phone's own position (R15).
 * @param {object} asked the row that waits
 * @param {{lat: number, lng: number}|null} fix WGS-84; without one the unit's last position counts
 */
export function answerCheckAct(asked, fix) {
  const body = fix ? { point: { lat: fix.lat, lng: fix.lng, crs: "WGS84", source: "terminal" } } : {};
  return act(`/api/post-answers/${asked.id}/answer/`, body, {
    title: gettext("Post check answered"),
    effect: { kind: "answer_check", answer: asked.id },
  });
}

/** Call for backup at the unit's own place. */
export function backupAct(text) {
  return act("/api/my-unit/backup/", { text, device_at: deviceTime() }, { title: gettext("Call for backup"), effect: { kind: "backup" } });
}

/** Call for help in silence: first in the line, in no list. */
export function emergencyAct() {
  return act("/api/my-unit/emergency/", { silent: true, device_at: deviceTime() }, { title: "", urgent: true, hidden: true });
}

/**
 * Report what the patrol found by itself (巡逻发现).
 * @param {{type_reported: string, point: object, address_text: string, narrative: string, channel: string,
 *   caller_name: string, contact_phone: string}} found
 */
export function discoveryAct(found) {
  return act("/api/my-unit/discovery/", { ...found, device_at: deviceTime() }, {
    title: gettext("Patrol discovery"),
    effect: { kind: "discovery", ...found },
  });
}

/**
 * Start a shift.
 * @param {object} unit the row chosen
 * @param {object} me the person
 * @param {string[]} crew badges of the others
 * @param {string} lead badge of the lead; "" leaves it to the server
 */
export function startShiftAct(unit, me, crew, lead) {
  const body = lead ? { unit: unit.id, lead, crew } : { unit: unit.id, crew };
  const shift = { id: null, started_at: deviceTime(), lead_no: lead || me.badge, lead_name: "", crew: [] };
  return act("/api/my-unit/shift/", body, {
    title: fill(gettext("Shift started on %(unit)s"), { unit: unit.call_sign }),
    effect: { kind: "start_shift", unit: { ...unit, status: "available", shift } },
  });
}

/** End the shift. */
export function endShiftAct() {
  return act("/api/my-unit/shift/end/", {}, { title: gettext("Shift ended"), effect: { kind: "end_shift" } });
}

/** Say a move on its button and in the list. */
export function moveTitle(move) {
  switch (move) {
    case "accept": return gettext("Accept");
    case "refuse": return gettext("Refuse");
    case "depart": return gettext("En route");
    case "arrive": return gettext("On scene");
    case "finish": return gettext("Finished");
    default: return gettext("Receipt");
  }
}

function reportTitle(kind) {
  if (kind === "arrival") return gettext("Arrival report");
  if (kind === "correction") return gettext("Correction");
  return kind === "handling" ? gettext("Handling report") : gettext("Progress report");
}

/**
 * Make the sender of the outbox.
 * @param {object} api from `api.js`; repeating is the outbox's work
 * @returns {(act: object) => Promise<object>}
 */
export function makeSender(api) {
  return ({ method, path, body, key, photo }) => {
    const seconds = photo ? PHOTO_WITHIN : undefined;
    return api.act(method, path, photo ? multipart(key, body, photo) : body, { key, seconds, again: false }).send();
  };
}

/**
 * Write a form with a file by hand: a browser's own would have another boundary at each retry, and the
 * server takes another body under the same key for another act.
 */
export function multipart(key, fields, file) {
  const boundary = `zz110-${key}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n`
    + `Content-Type: ${file.type || "image/jpeg"}\r\n\r\n`;
  return new Blob([...parts, head, file, `\r\n--${boundary}--\r\n`], {
    type: `multipart/form-data; boundary=${boundary}`,
  });
}
