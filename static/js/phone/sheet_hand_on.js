/** Sheets for handing a scene over to the unit that is responsible, and for its receipt (R16). */

import { gettext } from "../words.js";
import { handOnAct, takenOverAct } from "./acts.js";
import { el } from "./dom.js";
import { textField } from "./fields.js";

/** Ask the owning station, or another unit by its name. */
export function handOnSheet(app) {
  const { assignment, incident } = app.view();
  const owner = incident?.jurisdiction_name ?? "";
  const name = textField(gettext("To which unit"), { name: "to_name", limit: 100, value: owner, onChange: app.refresh });
  const contact = textField(gettext("Contact there"), { name: "contact", limit: 100, onChange: app.refresh });
  return {
    title: gettext("Hand the scene over"),
    body: [
      el("p", { class: "words", text: gettext("Protect the scene. You stay responsible until the other unit has taken it.") }),
      name.node, contact.node,
    ],
    next: () => ({
      label: gettext("Ask them to take over"),
      hint: name.value() ? "" : gettext("name the unit"),
      ready: name.value() !== "",
      async act() {
        const to = name.value() === owner ? incident?.jurisdiction : null;
        await app.act(handOnAct(assignment, { to, name: name.value(), contact: contact.value() }));
        app.close();
      },
    }),
  };
}

/** Note who has taken it. */
export function takenSheet(app) {
  const { assignment } = app.view();
  const who = textField(gettext("Who took it (name, number)"), { name: "received_by", limit: 100, onChange: app.refresh });
  const reply = textField(gettext("What they said"), { name: "reply", limit: 200, onChange: app.refresh });
  return {
    title: assignment.handed_to_name || gettext("Hand the scene over"),
    body: [who.node, reply.node],
    next: () => ({
      label: gettext("Taken over"),
      hint: who.value() ? "" : gettext("a name is needed"),
      ready: who.value() !== "",
      async act() {
        await app.act(takenOverAct(assignment, who.value(), reply.value()));
        app.close();
      },
    }),
  };
}
