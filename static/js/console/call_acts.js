/**
 * What can be done with a call of an incident that several people reported: give it back, or split it off; pure.
 */

import { parseTime } from "../clock.js";
import { gettext, pgettext } from "../words.js";

/** Who attached a call may take it back for so long; the server decides. Milliseconds. */
const DETACHED_WITHIN_MS = 10 * 60 * 1000;

/**
 * List the acts on a call.
 * @param {object} call a call row of the incident
 * @param {object} incident the incident row
 * @param {{calls: number, me: object, now: number}} how how many calls it has, who asks, the server's time
 * @returns {object[]} acts for `makeForm`
 */
export function callActs(call, incident, { calls, me, now }) {
  const commands = me.roles.includes("watch_commander");
  const orders = commands || me.roles.includes("dispatcher");
  const reason = { name: "reason", label: pgettext("console", "Reason"), type: "text", required: true };
  const mine = call.agent_no === me.badge && now - parseTime(call.joined_at ?? 0) <= DETACHED_WITHIN_MS;
  const acts = [];
  if (call.joined_at && (commands || mine))
    acts.push({ id: "detach", label: gettext("Detach call"), method: "POST", path: `/api/calls/${call.id}/detach/`, fields: [reason] });
  if (incident.open && orders && calls > 1)
    acts.push({
      id: "split",
      label: gettext("Split off as an incident"),
      method: "POST",
      versioned: true,
      path: `/api/incidents/${incident.id}/split/`,
      fixed: { call: call.id },
      fields: [reason],
    });
  return acts;
}
