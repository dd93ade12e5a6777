/**
 * Carries out a bound command: the same acts as the buttons, by words.
 */

import { fill, gettext } from "../words.js";
import { searchCodes } from "./pinyin.js";
import { isAct, runAct } from "./run_acts.js";
import { SET_BY_HAND, statusOf } from "./meaning.js";

const MOVES = { delivered: "deliver", accept: "accept", depart: "depart", arrive: "arrive", told: "caller-told" };
/** Verbs that press the key of a panel: what the key does stands in one place. */
const KEYS = { rank: "F8", close: "Alt+X", closures: "Alt+K", changed: "Ctrl+B", lock: "Alt+L" };
const FLAGS = { nuisance: ["骚扰", "滋扰", "nuisance", "sr"], protected: ["保护", "protected", "bh"] };

/**
 * Run a command.
 * @param {object} bound from `meaning.bind`, without a problem
 * @param {object} desk the desk; `desk.panels` are the panels of this window
 * @returns {Promise<boolean>} whether the line may be cleared
 */
export async function run(bound, desk) {
  const { command, incident, units, assignments } = bound;
  const { panels } = desk;
  if (isAct(command.verb)) return runAct(bound, desk);
  if (command.verb in KEYS) return press(KEYS[command.verb], desk);
  switch (command.verb) {
    case "open":
      return act(panels.intake?.advance());
    case "end":
      return command.code ? act(panels.intake?.end(command.code)) : act(panels.intake?.showQuick());
    case "join":
      return act(panels.intake?.join(incident.id));
    case "supplement":
      return (await panels.intake?.supplement(command.text)) !== false;
    case "hangup":
      return act(panels.intake?.hangUp());
    case "callback":
      return act(panels.intake?.callBackNext());
    case "pass":
      return act(panels.intake?.passOn());
    case "write":
      return act(panels.intake?.write());
    case "flag":
      return act(panels.intake?.flag(flagOf(command.text)));
    case "receipt":
      return receipt(incident, command, desk);
    case "swap":
      return swap(bound, desk);
    case "returned":
      return forEach(assignments, desk, "confirm-withdrawal", {});
    case "delay":
      return forEach(assignments, desk, "delay", { delay_code: command.code, text: command.text });
    case "report":
      return forEach(assignments, desk, "reports", { kind: "progress", process_text: command.text });
    case "pin":
      return act(desk.emit("set-pin"));
    case "shelve":
      return act(panels.messages?.shelveFirst(command.text));
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
      return priority(incident, command, desk);
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

function press(chord, desk) {
  if (desk.keys.press(chord)) return true;
  desk.tell(fill(gettext("%(key)s has no meaning in this window."), { key: chord }), "caution");
  return false;
}

function flagOf(text) {
  const word = text.trim().toLowerCase();
  return FLAGS.protected.includes(word) ? "protected" : "nuisance";
}

/** Only what the same person may undo is offered: lowering a priority is the watch commander's. */
async function priority(incident, command, desk) {
  const set = (level, reason) => {
    const { version } = desk.store.row("incident", incident.id) ?? incident;
    return desk.act("POST", `/api/incidents/${incident.id}/priority/`, { version, priority: level, reason });
  };
  const before = incident.priority;
  // Only the watch commander lowers; everybody else asks (7.2).
  if (command.level > before && !desk.has("watch_commander")) {
    desk.select(incident.id);
    desk.emit("card-act", { id: "ask-priority", fields: { priority: command.level, reason: command.text } });
    return true;
  }
  const { error } = await set(command.level, command.text);
  if (error) return false;
  desk.tell(gettext("Priority set"), "normal");
  if (before && (command.level > before || desk.has("watch_commander")))
    desk.remember(gettext("Priority set"), () => set(before, gettext("set by mistake")));
  return true;
}

/** The first body that was told and has not confirmed yet. */
async function receipt(incident, command, desk) {
  const open = desk.store.ofIncident("notice", incident.id).find((row) => !row.received_at);
  if (!open) {
    desk.tell(gettext("Nobody is left to confirm."), "normal");
    return true;
  }
  const body = command.text ? { received_by: command.text } : {};
  return did(await desk.act("POST", `/api/notices/${open.id}/receipt/`, body, { done: gettext("Receipt noted") }));
}

/** The first unit gives its order up, the second one goes instead, in one act. */
async function swap({ units, assignments }, desk) {
  const body = { unit: units[1].id };
  const done = fill(gettext("%(to)s goes instead of %(from)s"), { from: units[0].call_sign, to: units[1].call_sign });
  return did(await desk.act("POST", `/api/assignments/${assignments[0].id}/swap/`, body, { done }));
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
  const set = (code) => {
    const { version } = desk.store.row("incident", incident.id) ?? incident;
    return desk.act("PATCH", `/api/incidents/${incident.id}/`, { version, type_reported: code });
  };
  if (!did(await set(hits[0].code))) return false;
  desk.tell(fill(gettext("Type set: %(type)s"), { type: desk.codes.word("incident_type", hits[0].code) }), "normal");
  if (incident.type_reported) desk.remember(gettext("Type set"), () => set(incident.type_reported));
  return true;
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

async function urge(assignments, command, desk) {
  const answers = await Promise.all(
    assignments.map((row) =>
      desk.act(
        "POST",
        `/api/assignments/${row.id}/urge/`,
        command.text ? { text: command.text } : {},
        { done: fill(gettext("%(unit)s urged"), { unit: row.call_sign }) },
      ),
    ),
  );
  return answers.every(did);
}

async function status(units, command, desk) {
  const wanted = statusOf(command.text);
  const reason = command.text.split(" ").slice(1).join(" ");
  const set = (unit, to) =>
    desk.act("POST", `/api/units/${unit.id}/status/`, { status: to, ...(reason ? { reason } : {}) });
  const answers = await Promise.all(units.map((unit) => set(unit, wanted)));
  const back = units.filter((unit, at) => did(answers[at]) && SET_BY_HAND.includes(unit.status));
  if (back.length)
    desk.remember(gettext("Status set"), () => Promise.all(back.map((unit) => set(unit, unit.status))));
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
