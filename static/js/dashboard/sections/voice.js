/**
 * Satisfaction with its three counts, for the whole and by station.
 */

import { gettext, pgettext } from "../../words.js";
import { choice, makePart } from "../part.js";
import { address } from "../question.js";
import { countsOf, voiceOption, voiceTable } from "../voice_chart.js";

/** Make the section. */
export function voice(means) {
  let by = "station";
  const whole = makePart(means, { name: "voice", title: gettext("Satisfied, replied, asked") });
  const split = makePart(means, {
    name: "voice-split", title: gettext("About the officers, by group"), chart: false,
    controls: [choice(gettext("of"), [["station", gettext("Station")], ["branch", gettext("Branch")], ["unit", gettext("Unit")], ["top_type_reported", gettext("Type as reported")]], by, (value) => { by = value; means.renew(); })],
  });

  async function read(question) {
    const query = { keys: "K11", since: question.since, until: question.until, urgent: question.urgent, against: question.against };
    const own = { ...query, by };
    const [all, groups] = await Promise.all([means.api.get(address("figures", query)), means.api.get(address("figures", own))]);
    return { query, own, all, groups, by };
  }

  function draw({ query, own, all, groups, by: dimension }, question) {
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    const { figures } = all.groups[0];
    const counts = ["handling", "taking"].map((aim) => countsOf(figures, aim)).filter(Boolean);
    const content = voiceTable(counts, figures);
    whole.draw(voiceOption(counts, means.palette()));
    whole.table({ ...content, rows: content.rows.map((row) => row.map((cell) => (cell?.scope ? { ...cell, scope } : cell))) });
    whole.files(address("figures", query));
    whole.say(gettext("Satisfied is grade 1 or 2. Cities publish 88.9 to 99.7 %; about a third of the callers reply."));
    split.table({
      head: [gettext("Group"), gettext("Satisfied"), pgettext("callback", "Replied"), pgettext("callback", "Asked"), gettext("Satisfied of replied"), gettext("Replied of asked")],
      rows: groups.groups.map((group) => {
        const one = countsOf(group.figures, "handling");
        const find = (measure) => ({ figure: group.figures.find((each) => each.clock === "handling" && each.measure === measure), scope: { ...scope, by: dimension, value: group.value } });
        return one?.asked ? [group.label || group.value || "–", String(one.satisfied), String(one.replied), String(one.asked), find("satisfied"), find("replied")] : null;
      }).filter(Boolean),
    });
    split.files(address("figures", own));
  }

  return { nodes: [whole.root, split.root], parts: [whole, split], read, draw, uses: ["against"] };
}
