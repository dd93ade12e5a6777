/**
 * What is said of a person, a vehicle or a thing in one line; shared by console and phone.
 */

import { fill, gettext, pgettext } from "./words.js";

/** Say in one line what is known of a party. */
export function partyWords(row) {
  const value = row.value_yuan ? fill(gettext("%(yuan)s yuan"), { yuan: row.value_yuan }) : "";
  const age = row.age !== null && row.age !== undefined ? fill(gettext("%(age)s years"), { age: row.age }) : "";
  const parts = [row.name, sexWord(row.sex), age, row.plate, row.colour, row.brand, row.description, row.frame_no, value, row.phone, row.address];
  return parts.filter(Boolean).join(" · ");
}

/** Name the role of a person. */
export function roleWord(role) {
  switch (role) {
    case "suspect":
      return pgettext("party", "Suspect");
    case "victim":
      return pgettext("party", "Victim");
    case "witness":
      return pgettext("party", "Witness");
    case "missing":
      return pgettext("party", "Missing person");
    case "caller":
      return pgettext("party", "Caller");
    default:
      return pgettext("party", "Other");
  }
}

function sexWord(sex) {
  if (sex === "male") return pgettext("party", "male");
  return sex === "female" ? pgettext("party", "female") : "";
}
