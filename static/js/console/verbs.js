/**
 * What can be done with an incident, an assignment or a call, and what each act asks for; pure.
 *
 * An act is `{id, label, path, method, versioned, fields, kind}`; a field is `{name, label, type, …}`.
 * The server decides; this list only spares the user acts that it would refuse.
 */

import { gettext, pgettext } from "../words.js";
import { fusionAct } from "./casework.js";
import { watchAct } from "./casework.js";
import { gridAct } from "./grid_block.js";
import { partnerAct } from "./grid_block.js";
import { directiveActs } from "./directives.js";

const BEFORE_SCENE = ["dispatched", "delivered", "accepted", "en_route"];
const NOBODY_GOING = ["new", "pending"];
const ORDERABLE = ["new", "pending", "dispatched", "accepted", "en_route", "on_scene", "handled", "reported"];
const DESK = ["call_taker", "dispatcher", "watch_commander"];
const ORDERING = ["dispatcher", "watch_commander"];

const text = (name, label, how = {}) => ({ name, label, type: "text", ...how });
const code = (name, label, table, how = {}) => ({ name, label, type: "code", table, required: true, ...how });

/** Tell whether orders may be sent for an incident. */
export function mayOrder(incident, roles) {
  return incident.open && ORDERABLE.includes(incident.stage) && roles.some((role) => ORDERING.includes(role));
}

/**
 * List the acts on an incident.
 * @param {object} incident an incident row
 * @param {string[]} roles roles of the person
 * @returns {object[]} the acts in the order in which they are shown
 */
export function incidentActs(incident, roles) {
  const may = (...some) => roles.some((role) => some.includes(role));
  const path = (verb) => `/api/incidents/${incident.id}/${verb}/`;
  const acts = [];
  const add = (when, act) => {
    if (when) acts.push({ method: "POST", versioned: true, fields: [], ...act });
  };
  const { open, stage } = incident;
  const reason = text("reason", pgettext("console", "Reason"), { required: true });

  add(open && may(...DESK), {
    id: "note",
    label: pgettext("console", "Note"),
    path: path("note"),
    versioned: false,
    fields: [text("text", pgettext("console", "Text"), { required: true, long: true })],
  });
  add(open && may("watch_commander"), {
    id: "supervise",
    label: gettext("Supervise"),
    path: path("supervision"),
    versioned: false,
    fields: [
      {
        name: "cause",
        label: gettext("Cause"),
        type: "choice",
        required: true,
        value: "leader",
        options: [
          { value: "leader", text: pgettext("cause", "leader's order") },
          { value: "overdue", text: pgettext("cause", "overdue") },
          { value: "quality", text: pgettext("cause", "quality review") },
          { value: "complaint", text: pgettext("cause", "complaint") },
        ],
      },
      text("demand", gettext("Demand"), { required: true, long: true }),
    ],
  });
  add(open && may(...DESK), fusionAct(incident));
  add(open && may(...DESK), watchAct(incident));
  add(open && may(...DESK), gridAct(incident));
  add(open && may(...DESK), partnerAct(incident));
  for (const act of directiveActs(incident, roles)) acts.push(act);
  add(open && may(...DESK), {
    id: "priority",
    label: pgettext("console", "Priority"),
    path: path("priority"),
    fields: [
      {
        name: "priority",
        label: pgettext("console", "Priority"),
        type: "code",
        table: "priority",
        required: true,
        number: true,
        value: incident.priority,
      },
      text("reason", pgettext("console", "Reason")),
    ],
  });
  const asks = (kind, id, label, more = []) => ({
    id,
    label,
    path: path("ask"),
    versioned: false,
    fixed: { kind },
    fields: [...more, reason],
  });
  const commands = may("watch_commander");
  add(
    open && may(...DESK) && !commands && incident.priority < 4,
    asks("priority", "ask-priority", gettext("Ask: lower priority"), [
      { name: "priority", label: gettext("Lower to"), type: "code", table: "priority", required: true, number: true, value: incident.priority + 1 },
    ]),
  );
  add(open && may(...DESK) && !commands, asks("invalid", "ask-invalidate", gettext("Ask: invalid")));
  add(!open && stage !== "archived" && may(...DESK) && !commands, asks("reopen", "ask-reopen", gettext("Ask: reopen")));
  add(open && may(...DESK), {
    id: "place",
    label: pgettext("console", "Place"),
    path: path("place"),
    fields: [
      {
        name: "point",
        label: pgettext("console", "Place"),
        type: "place",
        required: true,
        value: incident.address_text,
      },
      text("place_note", gettext("Entrance, floor, hints"), { value: incident.place_note }),
    ],
  });
  add(open && may(...DESK), {
    id: "facts",
    label: pgettext("console", "Facts"),
    path: `/api/incidents/${incident.id}/`,
    method: "PATCH",
    fields: factFields(incident),
  });
  add(open && may(...ORDERING), {
    id: "mode",
    label: pgettext("console", "Mode"),
    path: path("mode"),
    fields: [
      code("mode", pgettext("console", "Mode"), "incident_mode", { value: incident.mode }),
      {
        name: "quiet",
        label: gettext("Phones"),
        type: "choice",
        value: null,
        options: [
          { value: null, text: gettext("as usual in this mode") },
          { value: true, text: gettext("silent") },
          { value: false, text: gettext("ring") },
        ],
      },
      text("reason", pgettext("console", "Reason")),
    ],
  });
  add(open && NOBODY_GOING.includes(stage) && may(...DESK), {
    id: "no-attendance",
    label: gettext("No attendance"),
    path: path("no-attendance"),
    fields: [code("result_code", pgettext("console", "Result"), "result"), reason],
  });
  add(open && ["handled", "reported"].includes(stage) && may(...DESK), {
    id: "submit",
    label: gettext("Submit for review"),
    path: path("submit"),
    kind: "main",
  });
  add(stage === "review" && may("reviewer", "watch_commander"), {
    id: "approve",
    label: pgettext("console", "Approve"),
    path: path("approve"),
    kind: "main",
  });
  add(stage === "review" && may("reviewer", "watch_commander"), {
    id: "return",
    label: pgettext("console", "Return"),
    path: path("return"),
    fields: [
      reason,
      {
        name: "assignments",
        label: pgettext("console", "To"),
        type: "choice",
        value: null,
        options: [
          { value: null, text: gettext("the officers: correct the reports") },
          { value: [], text: gettext("the desk alone") },
        ],
      },
    ],
  });
  add(open && may(...ORDERING), {
    id: "merge",
    label: pgettext("console", "Merge"),
    path: path("merge"),
    fields: [{ name: "into", label: gettext("Into incident"), type: "incident", required: true }, reason],
  });
  add(open && may(...ORDERING), {
    id: "hand-over",
    label: gettext("Hand over"),
    path: path("hand-over"),
    fields: [{ name: "to", label: pgettext("console", "To"), type: "station", required: true }, reason],
  });
  add(open && may(...ORDERING), {
    id: "cancel",
    label: gettext("Cancel incident"),
    path: path("cancel"),
    kind: "grave",
    fields: [code("cancel_code", pgettext("console", "Why"), "cancel"), text("reason", pgettext("console", "Remark"))],
  });
  add(open && may("watch_commander"), {
    id: "invalidate",
    label: pgettext("console", "Invalid"),
    path: path("invalidate"),
    kind: "grave",
    fields: [reason],
  });
  add(!open && stage !== "archived" && may("watch_commander"), {
    id: "reopen",
    label: pgettext("console", "Reopen"),
    path: path("reopen"),
    fields: [reason],
  });
  return acts;
}

function factFields(incident) {
  const answer = (name, label) => ({ name, label, type: "code", table: "weapon_answer", value: incident[name] });
  const count = (name, label) => ({ name, label, type: "count", value: incident[name] });
  return [
    { name: "type_reported", label: pgettext("console", "Type"), type: "type", value: incident.type_reported },
    text("address_text", gettext("Address as said"), { value: incident.address_text }),
    text("narrative", gettext("What happened"), { value: incident.narrative, long: true }),
    answer("weapon", gettext("Weapon")),
    answer("hazmat", gettext("Hazmat")),
    answer("explosion_leak", gettext("Explosion or leak")),
    count("offenders_reported", gettext("Suspects")),
    count("injured", gettext("Injured")),
    count("trapped", gettext("Trapped")),
    count("dead", gettext("Dead")),
    text("vehicle_plate", pgettext("console", "Plate"), { value: incident.vehicle_plate, half: true }),
    text("contact_name", pgettext("console", "Contact"), { value: incident.contact_name, half: true }),
    text("contact_phone", pgettext("console", "Phone"), { value: incident.contact_phone, half: true }),
  ];
}

/**
 * List the acts on an assignment: moves that the desk enters by radio, withdrawal, delay.
 * @param {object} assignment an assignment row
 * @param {string[]} roles roles of the person
 * @param {string} [mode] mode of its incident
 * @returns {object[]}
 */
export function assignmentActs(assignment, roles, mode = "routine") {
  if (!roles.some((role) => ORDERING.includes(role))) return [];
  const { state } = assignment;
  const path = (verb) => `/api/assignments/${assignment.id}/${verb}/`;
  const acts = [];
  const add = (when, act) => {
    if (when) acts.push({ method: "POST", versioned: false, fields: [], ...act });
  };
  add(["dispatched", "delivered"].includes(state), {
    id: "accept",
    label: pgettext("radio", "Accepts"),
    path: path("accept"),
    kind: "main",
  });
  add(["dispatched", "delivered", "accepted"].includes(state), {
    id: "depart",
    label: pgettext("radio", "Departs"),
    path: path("depart"),
    kind: state === "accepted" ? "main" : "",
  });
  add(BEFORE_SCENE.includes(state), {
    id: "arrive",
    label: pgettext("radio", "Arrives"),
    path: path("arrive"),
    kind: state === "en_route" ? "main" : "",
  });
  // The unit's lead finishes; by radio only the watch commander does (domain 5).
  const commands = roles.includes("watch_commander");
  add(commands && state === "on_scene", {
    id: "finish",
    label: pgettext("radio", "Finishes"),
    path: path("finish"),
    kind: "main",
    fields: [code("result_code", pgettext("console", "Result"), "result")],
  });
  add(commands && ["accepted", "en_route"].includes(state), {
    id: "finish",
    label: pgettext("radio", "No attendance"),
    path: path("finish"),
    fixed: { no_attendance: true },
    fields: [code("result_code", pgettext("console", "Result"), "result")],
  });
  add(BEFORE_SCENE.includes(state), {
    id: "withdraw",
    label: pgettext("console", "Withdraw"),
    path: path("withdraw"),
    fields: [code("cancel_code", pgettext("console", "Why"), "cancel"), text("text", pgettext("console", "Remark"))],
  });
  add(BEFORE_SCENE.includes(state), delayAct(assignment));
  add(assignment.live && mode === "stake_out", {
    id: "status-told",
    label: gettext("Tells how it stands"),
    path: path("status-told"),
    fields: [text("text", pgettext("console", "Remark"))],
  });
  add(assignment.live && mode === "stake_out", {
    id: "relieve",
    label: gettext("Relieve"),
    path: path("relieve"),
    fields: [{ name: "unit", label: gettext("By unit"), type: "unit", required: true }],
  });
  add(assignment.live || (state === "finished" && !assignment.reported_at), {
    id: "urge",
    label: gettext("Urge"),
    path: path("urge"),
  });
  add(assignment.handed_at && !assignment.handed_received_at, {
    id: "taken-over",
    label: gettext("Taken over"),
    path: path("taken-over"),
    fields: [text("received_by", gettext("Who took it"), { required: true }), text("reply", gettext("What they said"))],
  });
  return acts;
}

/** The act of noting why a unit is late; also after it has arrived (R14). */
export function delayAct(assignment) {
  return {
    id: "delay",
    label: pgettext("console", "Delay"),
    method: "POST",
    path: `/api/assignments/${assignment.id}/delay/`,
    fields: [code("delay_code", pgettext("console", "Why"), "delay"), text("text", pgettext("console", "Remark"))],
  };
}

/** Tell which tab of the card shows what is needed at this stage. */
export function tabFor(incident, roles) {
  if (NOBODY_GOING.includes(incident.stage)) return mayOrder(incident, roles) ? "candidates" : "facts";
  return incident.open ? "orders" : "timeline";
}
