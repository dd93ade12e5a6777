/**
 * Keeps the intake form and the server equal: opens the call, then the incident, then sends each edit.
 *
 * An edit goes out with the version that the board shows. When somebody else changed other fields
 * meanwhile, mine still go out: nobody's words are overwritten. When the same field was changed by both,
 * nothing is sent and the form shows both values.
 */

import { callFacts, compare, emptyValues, factsOf, filled, incidentFacts, placeFacts } from "./intake_facts.js";

// With a number of its own a call can be asked for once and go on here at once: it cannot be doubled.
const AT_ONCE = { quiet: true, how: { again: false, seconds: 4 } };

/**
 * Make the link between a form and the server.
 * @param {object} desk the desk
 * @param {{onTake: Function, onConflict: Function, onState: Function}} hears values of others, conflicts, progress
 */
export function makeSync(desk, { onTake, onConflict, onState }) {
  const { store } = desk;
  const link = { call: null, incident: null, local: null };
  let base = { call: {}, incident: {}, place: {} };
  let queue = Promise.resolve();

  const callRow = () => store.row("call", link.call);
  const incidentRow = () => store.row("incident", link.incident);

  /** Do one thing after the other; an act never overtakes an earlier one. */
  function inTurn(what) {
    queue = queue.then(what, what);
    return queue;
  }

  /**
   * Begin a call of one's own: answered in this moment, which starts clock A. When the server does not take it, the
   * call goes on here under the seat's `ticket`: its number, and when it was answered.
   */
  function openCall(values, ticket = null) {
    return inTurn(async () => {
      // Asked for twice before the first answer came: it is one call.
      if (link.call !== null) return true;
      const facts = filled({ channel: values.channel, caller_number: values.caller_number, number: ticket?.number });
      const { answer, error } = await desk.act("POST", "/api/calls/", { ...facts, state: "in_progress" }, ticket ? AT_ONCE : {});
      if (answer?.call) adopt(answer.call);
      else if (ticket && (answer?.spooled || error.mayRepeat)) {
        link.local = ticket;
        onState("here");
        return true;
      } else if (ticket) onState("unsaved", error);
      return !error;
    });
  }

  /** Take over a call that exists, with its incident. */
  function adopt(call) {
    link.call = call.id;
    link.incident = call.incident ?? null;
    rebase();
    onState();
  }

  function rebase() {
    const empty = emptyValues();
    const call = callRow();
    const incident = incidentRow();
    base = {
      call: call ? factsOf(call, callFacts(empty)) : {},
      incident: incident ? factsOf(incident, incidentFacts(empty)) : {},
      place: incident ? factsOf(incident, placeFacts(empty)) : {},
    };
  }

  /** Open the incident of the call with everything that is known so far. */
  function openIncident(values) {
    return inTurn(async () => {
      if (!link.call || link.incident) return Boolean(link.incident);
      await sendCall(values);
      const facts = filled({ ...incidentFacts(values), ...placeFacts(values), priority: values.priority });
      if (values.point) facts.point_status = values.point_status === "verified" ? "verified" : "unverified";
      const { answer, error } = await desk.act("POST", `/api/calls/${link.call}/incident/`, facts);
      if (error) return false;
      link.incident = answer.incident.id;
      rebase();
      onState();
      return true;
    });
  }

  /** Send what was edited since the last time. */
  function flush(values) {
    return inTurn(async () => {
      if (link.call) await sendCall(values);
      if (link.incident) await sendIncident(values);
    });
  }

  async function sendCall(values) {
    const row = callRow();
    if (!row || row.state === "done") return;
    await sendPart("call", row, callFacts(values), (facts, version) => [
      "PATCH",
      `/api/calls/${row.id}/`,
      { ...facts, version },
    ]);
  }

  async function sendIncident(values) {
    const path = `/api/incidents/${link.incident}/`;
    if (!incidentRow()?.open) return;
    await sendPart("incident", incidentRow(), incidentFacts(values), (facts, version) => [
      "PATCH",
      path,
      { ...facts, version },
    ]);
    await sendPart("place", incidentRow(), placeFacts(values), (facts, version) => {
      if (!facts.point) return ["PATCH", path, { ...facts, version }];
      const status = values.point_status === "verified" ? "verified" : "unverified";
      return ["POST", `${path}place/`, { ...facts, point_status: status, version }];
    });
    const row = incidentRow();
    if (values.priority && row && values.priority !== row.priority && values.priorityByHand) {
      await desk.act("POST", `${path}priority/`, { version: row.version, priority: values.priority });
    }
  }

  async function sendPart(part, row, mine, request) {
    if (!row) return;
    const { send, take, conflicts } = compare(base[part], row, mine);
    if (Object.keys(take).length) onTake(take);
    if (Object.keys(conflicts).length) onConflict(part, conflicts);
    base[part] = { ...factsOf(row, mine), ...baseOf(conflicts, part) };
    if (!Object.keys(send).length) return;
    onState("saving");
    const { error } = await desk.act(...request(send, row.version), { quiet: true });
    onState(error ? "unsaved" : "saved", error);
    if (!error) {
      const fresh = part === "call" ? callRow() : incidentRow();
      if (fresh) base[part] = { ...factsOf(fresh, mine), ...baseOf(conflicts, part) };
    } else {
      for (const name of Object.keys(send)) base[part][name] = row[name];
    }
  }

  /** While a conflict is open the old base stays, so that nothing is sent over it. */
  function baseOf(conflicts, part) {
    return Object.fromEntries(Object.keys(conflicts).map((name) => [name, base[part][name]]));
  }

  /** Settle a conflict: from now on the present row is the base, so that mine is sent or theirs is taken. */
  function settle(part, name, keepMine) {
    const row = part === "call" ? callRow() : incidentRow();
    if (!row) return;
    base[part][name] = row[name];
    if (!keepMine) onTake({ [name]: row[name] });
  }

  /** End the call with its outcome. */
  function finish(outcome) {
    return inTurn(async () => {
      if (!link.call) return true;
      const { error, noted } = await desk.act("POST", `/api/calls/${link.call}/finish/`, outcome);
      return !error || noted === true;
    });
  }

  /** Attach the call to an incident that somebody else reported. */
  function join(incident) {
    return inTurn(async () => {
      const { error } = await desk.act("POST", `/api/calls/${link.call}/join/`, { incident });
      if (error) return false;
      link.incident = null;
      return true;
    });
  }

  return {
    link,
    openCall,
    adopt,
    openIncident,
    flush,
    finish,
    join,
    settle,
    callRow,
    incidentRow,
    release() {
      link.call = null;
      link.incident = null;
      link.local = null;
    },
  };
}
