/**
 * Fields that two people changed at once: both values stand side by side until a person chooses.
 */

import { fill, gettext, pgettext } from "../words.js";
import { button, el } from "./dom.js";

/**
 * Make the place where conflicts are shown.
 * @param {(part: string, field: string, keepMine: boolean) => void} onSettle
 * @returns {{node: HTMLElement, show: (part: string, fields: object) => void, clear: () => void}}
 */
export function makeConflicts(onSettle) {
  const node = el("div.conflicts");

  function paint(part, fields) {
    for (const [name, { mine, theirs }] of Object.entries(fields)) {
      node.querySelector(`[data-name="${name}"]`)?.remove();
      node.append(block(part, name, mine, theirs));
    }
  }

  function block(part, name, mine, theirs) {
    const settle = (keepMine) => {
      box.remove();
      onSettle(part, name, keepMine);
    };
    const box = el(
      "div.both",
      { role: "alert", data: { name } },
      el("p", { text: fill(gettext("%(field)s was changed by somebody else as well."), { field: fieldWord(name) }) }),
      el("p", { text: fill(gettext("Mine: %(value)s"), { value: words(mine) }) }),
      el("p", { text: fill(gettext("Theirs: %(value)s"), { value: words(theirs) }) }),
      el(
        "div.form-verbs",
        {},
        button(gettext("Keep mine"), () => settle(true), { kind: "main" }),
        button(gettext("Take theirs"), () => settle(false)),
      ),
    );
    return box;
  }

  return { node, show: paint, clear: () => node.replaceChildren() };
}

function fieldWord(name) {
  switch (name) {
    case "narrative":
      return gettext("What happened");
    case "address_text":
    case "point":
      return pgettext("console", "Place");
    case "place_note":
      return gettext("Entrance, floor, hints");
    case "type_reported":
      return pgettext("console", "Type");
    case "caller_name":
    case "contact_name":
      return pgettext("console", "Caller");
    case "contact_phone":
      return gettext("Phone to reach the caller");
    case "vehicle_plate":
      return pgettext("console", "Plate");
    case "weapon":
      return gettext("Weapon");
    case "hazmat":
      return gettext("Hazmat");
    case "explosion_leak":
      return gettext("Explosion or leak");
    case "offenders_reported":
      return gettext("Suspects");
    case "injured":
      return gettext("Injured");
    case "trapped":
      return gettext("Trapped");
    case "dead":
      return gettext("Dead");
    default:
      return pgettext("console", "Kind");
  }
}

function words(value) {
  if (value === null || value === undefined || value === "") return "—";
  return typeof value === "object" ? `${value.lng}, ${value.lat}` : String(value);
}
