/**
 * The sentence that says what a command will do, before Enter, or what is wrong with it; pure.
 */

import { fill, gettext, statusWord } from "../words.js";
import { shortNumber } from "./board.js";
import { statusOf } from "./meaning.js";

const CODE_TABLES = {
  finish: "result",
  noattendance: "result",
  withdraw: "cancel",
  cancel: "cancel",
  delay: "delay",
  end: "call_kind",
  type: "incident_type",
};

/**
 * Say the meaning of a bound command.
 * @param {object} bound from `meaning.bind`
 * @param {object} codes from `words.makeCodes`
 * @returns {string} one sentence
 */
export function echo(bound, codes) {
  if (bound.problem) return complain(bound.problem);
  const { command } = bound;
  const values = {
    units: bound.units.map((unit) => unit.call_sign).join(" "),
    incident: bound.incident ? name(bound.incident, codes) : gettext("the open form"),
    text: command.text ? `：${command.text}` : "",
    into: command.into === null ? "" : `#${command.into}`,
    code: codes.word(CODE_TABLES[command.verb], command.code),
    level: command.level === null ? "" : codes.word("priority", String(command.level)),
    of: [...new Set(bound.assignments.map((row) => row.incident))].length ? names(bound, codes) : "",
  };
  return fill(sentence(command, values), values);
}

function sentence(command) {
  switch (command.verb) {
    case "take":
      return gettext("Answer the call that has waited longest");
    case "new":
      return gettext("Begin a new call");
    case "place":
      return gettext("Set the place of %(incident)s%(text)s");
    case "type":
      return gettext("Set the type of %(incident)s %(code)s%(text)s");
    case "priority":
      return gettext("Set %(incident)s to priority %(level)s%(text)s");
    case "order":
      return gettext("Send %(units)s to %(incident)s%(text)s");
    case "withdraw":
      return gettext("Withdraw %(units)s from %(of)s: %(code)s%(text)s");
    case "note":
      return gettext("Note on %(incident)s%(text)s");
    case "find":
      return gettext("Find%(text)s");
    case "show":
      return gettext("Show %(incident)s");
    case "accept":
      return gettext("%(units)s accepts %(of)s by radio");
    case "depart":
      return gettext("%(units)s departs to %(of)s by radio");
    case "arrive":
      return gettext("%(units)s arrives at %(of)s by radio");
    case "finish":
      return gettext("%(units)s finishes %(of)s by radio: %(code)s%(text)s");
    case "told":
      return gettext("The caller of %(of)s has been told that %(units)s is late");
    case "urge":
      return gettext("Urge %(units)s on %(of)s%(text)s");
    case "status":
      return fill(gettext("Set %(units)s to “%(status)s”"), {
        units: "%(units)s",
        status: statusWord(statusOf(command.text)),
      });
    case "calm":
      return gettext("End the emergency of %(units)s");
    case "delivered":
      return gettext("%(units)s has received the order for %(of)s");
    case "returned":
      return gettext("%(units)s has confirmed the withdrawal from %(of)s");
    case "delay":
      return gettext("%(units)s is late for %(of)s: %(code)s%(text)s");
    case "swap":
      return gettext("The second of %(units)s goes to %(of)s instead of the first");
    case "report":
      return gettext("%(units)s reports on %(of)s%(text)s");
    case "acknowledge":
      return gettext("Acknowledge the first alert");
    case "shelve":
      return gettext("Shelve the first alert for ten minutes%(text)s");
    case "undo":
      return gettext("Take the last order back");
    case "help":
      return gettext("Show the shortcut sheet");
    default:
      return sentenceOfCall(command) ?? sentenceOfIncident(command) ?? sentenceOfWindow(command);
  }
}

function sentenceOfCall({ verb, code }) {
  switch (verb) {
    case "open":
      return gettext("Open the incident of the call in the form, then finish the call");
    case "end":
      return code ? gettext("End the call in the form: %(code)s") : gettext("End the call in the form");
    case "join":
      return gettext("Join the call in the form to %(incident)s and finish it");
    case "supplement":
      return gettext("Add to the call in the form%(text)s");
    case "hangup":
      return gettext("The caller in the form has hung up");
    case "callback":
      return gettext("The first lost contact was rung back and reached");
    case "pass":
      return gettext("Pass the contact in the form on to another body");
    case "write":
      return gettext("Write to the contact in the form");
    case "flag":
      return gettext("Ask for a flag on the number in the form%(text)s");
    default:
      return null;
  }
}

function sentenceOfIncident({ verb }) {
  switch (verb) {
    case "facts":
      return gettext("Change the facts of %(incident)s");
    case "person":
      return gettext("Add a person to %(incident)s");
    case "vehicle":
      return gettext("Add a vehicle to %(incident)s");
    case "property":
      return gettext("Add property to %(incident)s");
    case "receipt":
      return gettext("The first body told of %(incident)s has confirmed%(text)s");
    case "mode":
      return gettext("Switch the mode of %(incident)s%(text)s");
    case "merge":
      return gettext("Merge %(incident)s into %(into)s%(text)s");
    case "handover":
      return gettext("Hand %(incident)s over%(text)s");
    case "supervise":
      return gettext("Supervision order on %(incident)s%(text)s");
    case "fusion":
      return gettext("Ask the fusion centre about %(incident)s%(text)s");
    case "grid":
      return gettext("Give %(incident)s to its grid%(text)s");
    case "partner":
      return gettext("Ask for a partner team at %(incident)s%(text)s");
    case "watch":
      return gettext("Ask for a watch entry about %(incident)s%(text)s");
    case "directive":
      return gettext("Issue a directive for %(incident)s%(text)s");
    case "intercept":
      return gettext("Propose points of interception for %(incident)s");
    case "breakoff":
      return gettext("Break the pursuit of %(incident)s off%(text)s");
    case "suspect":
      return gettext("Name a suspect of %(incident)s");
    case "noattendance":
      return gettext("Nobody needs to go to %(incident)s: %(code)s%(text)s");
    case "submit":
      return gettext("Submit %(incident)s for review");
    case "approve":
      return gettext("Approve %(incident)s");
    case "sendback":
      return gettext("Return %(incident)s%(text)s");
    case "cancel":
      return gettext("Cancel %(incident)s: %(code)s%(text)s");
    case "invalidate":
      return gettext("%(incident)s is invalid%(text)s");
    case "reopen":
      return gettext("Reopen %(incident)s%(text)s");
    default:
      return null;
  }
}

function sentenceOfWindow({ verb }) {
  switch (verb) {
    case "rank":
      return gettext("Show who could go");
    case "close":
      return gettext("Draw a closed road on the map");
    case "closures":
      return gettext("Show or hide closed roads");
    case "pin":
      return gettext("Set the PIN of your locked seat");
    case "changed":
      return gettext("Show what has changed");
    default:
      return gettext("Lock this seat");
  }
}

function name(incident, codes) {
  return [
    `#${shortNumber(incident.incident_no)}`,
    codes.word("incident_type", incident.type_reported),
    incident.address_text,
  ]
    .filter(Boolean)
    .join(" ");
}

function names(bound, codes) {
  const incidents = new Map(bound.assignments.map((row) => [row.incident, row]));
  return [...incidents.values()]
    .map((row) => (row.incident_row ? name(row.incident_row, codes) : ""))
    .filter(Boolean)
    .join(" / ");
}

function complain(problem) {
  const { code, word = "", near = [] } = problem;
  switch (code) {
    case "verb":
      return fill(gettext("“%(word)s” is no command. ? shows all commands."), { word });
    case "unit":
      return near.length
        ? fill(gettext("No unit %(word)s. Near: %(near)s"), { word, near: near.join(" ") })
        : fill(gettext("No unit %(word)s."), { word });
    case "incident":
      return fill(gettext("%(word)s is not on the board."), { word });
    case "no_incident":
      return gettext("Which incident? Select one, or write # and its number.");
    case "no_units":
      return gettext("Which unit?");
    case "no_level":
      return gettext("Which priority, 1 to 4?");
    case "no_text":
      return gettext("Some words are missing.");
    case "no_code":
      if (word === "DL") return gettext("Why late? DL1 to DL9");
      return word === "RS" ? gettext("Which result? RS01 to RS99") : gettext("Why? CX1 to CX9");
    case "no_assignment":
      return fill(gettext("%(word)s has no live order there."), { word });
    default:
      return fill(gettext("“%(word)s” is no status that can be set."), { word });
  }
}
