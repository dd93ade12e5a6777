/** The sheet of an arrest (抓获): whom this unit has caught; one act names and catches (M39, M52). */

import { partyWords } from "../party_words.js";
import { gettext } from "../words.js";
import { arrestAct } from "./acts.js";
import { el } from "./dom.js";
import { choices, textField } from "./fields.js";

/** Choose one who is looked for, or describe somebody else. */
export function arrestSheet(app) {
  const { incident, unit, parties = [], suspects = [] } = app.view();
  const caught = new Set(suspects.filter((row) => row.status !== "at_large").map((row) => row.party));
  const wanted = parties.filter((row) => row.role === "suspect" && !row.void && !caught.has(row.id));
  const who = choices("party", wanted.map((row) => ({ value: String(row.id), label: partyWords(row) })), { onChange: app.refresh });
  const name = textField(gettext("Name"), { name: "name", limit: 100, onChange: app.refresh });
  const description = textField(gettext("Looks, clothes"), { name: "description", limit: 400, onChange: app.refresh });
  const party = () => Number(who.values()[0]) || null;
  return {
    title: gettext("Arrest"),
    body: [
      wanted.length ? el("p", { class: "words", text: gettext("Who of those looked for? Or describe somebody else below.") }) : null,
      wanted.length ? who.node : null, name.node, description.node,
    ].filter(Boolean),
    next: () => ({
      label: gettext("Caught now"),
      hint: gettext("the moment is kept; the desk adds who helped"),
      ready: Boolean(party() || name.value() || description.value()),
      async act() {
        await app.act(arrestAct(incident, unit, { party: party(), name: name.value(), description: description.value() }));
        app.close();
      },
    }),
  };
}
