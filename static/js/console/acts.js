/**
 * The acts that several panels offer: sending an order, and taking it back within ten seconds.
 */

import { fill, gettext } from "../words.js";
import { shortNumber } from "./board.js";

/** An order may be undone by one key for this long. */
export const UNDO_WITHIN = 10;

const WRONG_ORDER = "CX8";
const MOST_SEEN = 20;

/** Give the desk its common acts: `sendOrder`, `remember` and `undo`. */
export function bindActs(desk) {
  let undoable = null;

  /**
   * Send units to an incident.
   * @param {object} incident incident row
   * @param {Array<{unit: number, call_sign: string, override_reason?: string, override_text?: string, drop?: number}>} units
   * @param {string} orderText words for the order
   * @returns {Promise<boolean>} whether the orders went out
   */
  desk.sendOrder = async (incident, units, orderText = "") => {
    const already = desk.store.ofIncident("assignment", incident.id).some((row) => row.live);
    const wanted = units.map(({ unit, override_reason, override_text, drop }, at) => ({
      unit,
      purpose: already || at > 0 ? "support" : "first",
      ...(override_reason ? { override_reason } : {}),
      ...(override_text ? { override_text } : {}),
      ...(drop ? { drop } : {}),
    }));
    const body = { units: wanted, seen: firstSeen(desk, incident), ...(orderText ? { order_text: orderText } : {}) };
    const { answer, error, noted } = await desk.act("POST", `/api/incidents/${incident.id}/orders/`, body, { quiet: true });
    const names = units.map((one) => one.call_sign).join(" ");
    if (noted) {
      desk.tell(fill(gettext("Offline: give the order to %(units)s by radio. It is noted and will be entered."), { units: names }), "serious");
      return true;
    }
    if (error) {
      desk.tell(fill(gettext("%(units)s not sent: %(why)s"), { units: names, why: refusal(error) }), "serious");
      return false;
    }
    const assignments = answer.assignments ?? (answer.assignment ? [answer.assignment].flat() : []);
    desk.remember(names, () => takeBack(desk, assignments));
    desk.tell(
      fill(gettext("%(units)s sent to #%(number)s. Ctrl+Z takes it back for 10 s."), {
        units: names,
        number: shortNumber(incident.incident_no),
      }),
      "standby",
    );
    desk.emit("sent", { assignments, incident });
    return true;
  };

  /** Remember how the last act is undone; `says` names what is undone, Ctrl+Z does it for ten seconds. */
  desk.remember = (says, undo) => {
    undoable = { says, undo, until: desk.now() + UNDO_WITHIN * 1000 };
  };

  /** Undo the last act, if it was done a moment ago and can be undone. */
  desk.undo = async () => {
    if (!undoable || desk.now() > undoable.until) {
      desk.tell(gettext("Nothing to take back."), "caution");
      return;
    }
    const { says, undo } = undoable;
    undoable = null;
    const answers = [await undo()].flat();
    if (answers.every(({ error }) => !error)) desk.tell(fill(gettext("Taken back: %(what)s"), { what: says }), "standby");
  };
}

/** Nobody is on scene yet: the server refuses otherwise. */
function takeBack(desk, assignments) {
  return Promise.all(
    assignments.map((row) => desk.act("POST", `/api/assignments/${row.id}/withdraw/`, { cancel_code: WRONG_ORDER })),
  );
}

/** Tell which units stood first on the screen: who takes one of them needs no reason. */
function firstSeen(desk, incident) {
  const list = desk.ranking?.incident === incident.id ? desk.ranking.list : [];
  return list.slice(0, MOST_SEEN).map((one) => one.unit);
}

function refusal(error) {
  if (error.code === "unit_busy") {
    const unit = error.current?.call_sign;
    return unit
      ? fill(gettext("%(unit)s was just taken by another order"), { unit })
      : gettext("the unit was just taken by another order");
  }
  return error.message;
}
