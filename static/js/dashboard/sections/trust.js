/**
 * Trust in the times (K10): button against position, by whose hand, corrections, and what a type was reported as.
 */

import { fill, gettext, pgettext } from "../../words.js";
import { choice, makePart } from "../part.js";
import { address } from "../question.js";
import { handsOption, HANDS, topLevels, typesOption, typesTable } from "../trust_chart.js";

const SHOWN = ["arrival_p50", "arrival_over_60", "departure_over_60", "with_position", ...HANDS, "device_over_60", "corrected", "same_type"];
const MOST_BARS = 14;

/** Make the section. */
export function trust(means) {
  let by = "station";
  const hands = makePart(means, {
    name: "hands", title: gettext("By whose hand the arrivals were set"),
    controls: [choice(gettext("of"), [["station", gettext("Station")], ["branch", gettext("Branch")], ["squad", gettext("Squad")], ["unit", gettext("Unit")]], by, (value) => { by = value; means.renew(); })],
  });
  const types = makePart(means, { name: "types", title: gettext("Type reported (down) and verified (across)") });

  async function read(question) {
    const own = { keys: "K10,times", by, since: question.since, until: question.until, urgent: question.urgent, against: question.against };
    const period = { since: question.since, until: question.until };
    const [all, groups, pairs, today] = await Promise.all([
      means.api.get(address("figures", { ...own, by: "all" })), means.api.get(address("figures", own)),
      means.api.get(address("types", period)), means.api.get("/api/statistics/today/"),
    ]);
    return { own, period, all, groups, pairs, late: today.entered_late, by };
  }

  function draw({ own, period, all, groups, pairs, late, by: dimension }, question) {
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    const rows = [{ ...all.groups[0], label: gettext("The whole centre") }, ...groups.groups.filter((group) => group.figures.some((one) => one.n)).map((group) => ({ ...group, label: group.label || group.value || "–" }))];
    hands.draw(handsOption(rows.slice(0, MOST_BARS), means.palette()));
    hands.table({
      head: [gettext("Group"), ...SHOWN.map((measure) => headOf(measure))],
      rows: rows.map((group, at) => [
        group.label, ...SHOWN.map((measure) => ({ figure: group.figures.find((one) => one.measure === measure), scope: at ? { ...scope, by: dimension, value: group.value } : scope })),
      ]),
    });
    hands.files(address("figures", own));
    hands.say(fill(gettext("entered afterwards today: %(paper)s from paper, %(offline)s from a queue, %(spool)s from the spool; they never improve a rate unseen"), late));
    const word = (code) => (code ? means.codes().word("incident_type", code) : pgettext("type", "not verified"));
    const found = topLevels(pairs.rows);
    if (pairs.n) types.draw(typesOption(found, means.palette(), word));
    types.table(typesTable(found, word));
    types.files(address("types", period));
    types.say(fill(gettext("%(n)s incidents without drills and merged ones; hatched: verified as another type"), { n: pairs.n }));
  }

  return { nodes: [hands.root, types.root], parts: [hands, types], read, draw, uses: ["against"] };
}

function headOf(measure) {
  switch (measure) {
    case "arrival_p50": return gettext("Arrival: median apart");
    case "arrival_over_60": return gettext("Arrival: > 60 s apart");
    case "departure_over_60": return gettext("Departure: > 60 s apart");
    case "with_position": return gettext("With a position");
    case "by_crew": return pgettext("hand", "Crew");
    case "by_radio": return pgettext("hand", "Radio");
    case "implied": return gettext("Implied");
    case "afterwards": return gettext("Afterwards");
    case "device_over_60": return gettext("Device clock > 60 s");
    case "corrected": return gettext("Reports corrected");
    default: return gettext("Type as reported");
  }
}
