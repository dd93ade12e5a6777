/**
 * Carries out a bound command: the same acts as the buttons, by words.
 */

import { fill, gettext } from "../words.js";
import { searchCodes } from "./pinyin.js";
import { statusOf } from "./meaning.js";

const MOVES = { accept: "accept", depart: "depart", arrive: "arrive", told: "caller-told" };

/**
 * Run a command.
 * @param {object} bound from `meaning.bind`, without a problem
 * @param {object} desk the desk; `desk.panels` are the panels of this window
 * @returns {Promise<boolean>} whether the line may be cleared
 */
export async function run(bound, desk) {
  const { command, incident, units, assignments } = bound;
  const { panels } = desk;
  switch (command.verb) {
    case "take":
      return act(panels.intake?.answerNext());
    case "new":
      return act(panels.intake?.begin());
    case "find":
      return find(command.text, desk);
    case "show":
      return act(desk.select(incident.id));
    case "order":
      return order(incident, units, command, desk);
    case "note":
      return did(
        await desk.act(
          "POST",
          `/api/incidents/${incident.id}/note/`,
          { text: command.text },
          { done: gettext("Note saved") },
        ),
      );
    case "priority":
      return did(
        await desk.act(
          "POST",
          `/api/incidents/${incident.id}/priority/`,
          { version: incident.version, priority: command.level, reason: command.text },
          { done: gettext("Priority set") },
        ),
      );
    case "place":
      return place(incident, command, desk);
    case "type":
      return type(incident, command, desk);
    case "withdraw":
      return forEach(assignments, desk, "withdraw", { cancel_code: command.code, text: command.text });
    case "finish":
      return forEach(assignments, desk, "finish", finishBody(command, assignments));
    case "urge":
      return urge(assignments, command, desk);
    case "status":
      return status(units, command, desk);
    case "calm":
      return calm(units, desk);
    case "acknowledge":
      return act(panels.messages?.acknowledgeFirst());
    case "undo":
      return act(desk.undo());
    case "help":
      return act(desk.emit("sheet"));
    default:
      return forEach(assignments, desk, MOVES[command.verb], {});
  }
}

async function act(running) {
  await running;
  return true;
}

function did({ error }) {
  return !error;
}

/** Send units; a first order to another than the first-ranked needs a reason: one key, asked right here. */
async function order(incident, units, command, desk) {
  const list = desk.ranking?.incident === incident.id ? desk.ranking.list : [];
  const best = list
    .filter((one) => one.recommended)
    .slice(0, units.length)
    .map((one) => one.unit);
  const support = desk.store.ofIncident("assignment", incident.id).some((row) => row.live);
  if (!support && best.length && !best.includes(units[0].id)) {
    desk.emit("ask-override", { bound: { incident, units, text: command.text }, first: list[0].call_sign });
    return false;
  }
  return desk.sendOrder(
    incident,
    units.map((unit) => ({ unit: unit.id, call_sign: unit.call_sign })),
    command.text,
  );
}

async function place(incident, command, desk) {
  const form = desk.panels.intake;
  if (command.incident === null && form?.isOpen()) return act(form.place(command.text));
  if (!incident) return false;
  desk.select(incident.id);
  desk.emit("card-act", { id: "place", fields: { point: command.text } });
  return true;
}

async function type(incident, command, desk) {
  const hits = command.code
    ? [desk.codes.code("incident_type", command.code)].filter(Boolean)
    : searchCodes(desk.codes.list("incident_type"), command.text, 1);
  if (!hits.length) {
    desk.tell(fill(gettext("No type “%(word)s”."), { word: command.code ?? command.text }), "caution");
    return false;
  }
  const form = desk.panels.intake;
  if (command.incident === null && form?.isOpen()) return act(form.setType(hits[0].code));
  if (!incident) return false;
  const said = fill(gettext("Type set: %(type)s"), { type: desk.codes.word("incident_type", hits[0].code) });
  return did(
    await desk.act(
      "PATCH",
      `/api/incidents/${incident.id}/`,
      { version: incident.version, type_reported: hits[0].code },
      { done: said },
    ),
  );
}

async function forEach(assignments, desk, move, body) {
  const filled = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== null));
  const answers = await Promise.all(
    assignments.map((row) => desk.act("POST", `/api/assignments/${row.id}/${move}/`, filled)),
  );
  const good = answers.filter(({ error }) => !error);
  if (good.length)
    desk.tell(
      fill(gettext("Done for %(units)s"), {
        units: assignments
          .filter((_, at) => !answers[at].error)
          .map((row) => row.call_sign)
          .join(" "),
      }),
      "normal",
    );
  return good.length === answers.length;
}

/** From accepted or en route an order is only finished because nobody was needed (domain 5). */
function finishBody(command, assignments) {
  const early = assignments.some((row) => ["accepted", "en_route"].includes(row.state));
  return { result_code: command.code, ...(early ? { no_attendance: true } : {}) };
}

/** An urge is a note with its time and its unit: the contract has no route of its own for it. */
async function urge(assignments, command, desk) {
  const answers = await Promise.all(
    assignments.map((row) =>
      desk.act(
        "POST",
        `/api/incidents/${row.incident}/note/`,
        {
          text: [fill(gettext("Urged by radio: %(unit)s"), { unit: row.call_sign }), command.text]
            .filter(Boolean)
            .join(" · "),
        },
        { done: fill(gettext("%(unit)s urged, noted"), { unit: row.call_sign }) },
      ),
    ),
  );
  return answers.every(did);
}

async function status(units, command, desk) {
  const wanted = statusOf(command.text);
  const reason = command.text.split(" ").slice(1).join(" ");
  const answers = await Promise.all(
    units.map((unit) =>
      desk.act("POST", `/api/units/${unit.id}/status/`, { status: wanted, ...(reason ? { reason } : {}) }),
    ),
  );
  return answers.every(did);
}

async function calm(units, desk) {
  const answers = await Promise.all(
    units.map((unit) =>
      desk.act(
        "POST",
        `/api/units/${unit.id}/emergency/end/`,
        {},
        { done: fill(gettext("Emergency of %(unit)s ended"), { unit: unit.call_sign }) },
      ),
    ),
  );
  return answers.every(did);
}

async function find(text, desk) {
  desk.emit("find", text);
  return true;
}
