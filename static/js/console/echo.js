/**
 * The sentence that says what a command will do, before Enter, or what is wrong with it; pure.
 */

import { fill, gettext, statusWord } from "../words.js";
import { shortNumber } from "./board.js";
import { statusOf } from "./meaning.js";

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
    code: codes.word({ finish: "result", withdraw: "cancel", type: "incident_type" }[command.verb], command.code),
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
    case "acknowledge":
      return gettext("Acknowledge the first alert");
    case "undo":
      return gettext("Take the last order back");
    default:
      return gettext("Show the shortcut sheet");
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
      return word === "RS" ? gettext("Which result? RS01 to RS99") : gettext("Why? CX1 to CX9");
    case "no_assignment":
      return fill(gettext("%(word)s has no live order there."), { word });
    default:
      return fill(gettext("“%(word)s” is no status that can be set."), { word });
  }
}
