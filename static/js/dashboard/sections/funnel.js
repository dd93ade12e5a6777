/**
 * From step to step, and by whom a figure may be split.
 */

import { fill, gettext } from "../../words.js";
import { funnelOption, funnelTable, stepsOf } from "../funnel.js";
import { nameOf } from "../numbers.js";
import { choice, makePart } from "../part.js";
import { address } from "../question.js";

const MEASURES = ["order_p90", "accept_p90", "arrive_p90", "close_p90"];

/** Make the section. */
export function funnel(means) {
  let by = "station";
  const whole = makePart(means, { name: "funnel", title: gettext("Received, ordered, accepted, reached, closed") });
  const split = makePart(means, {
    name: "funnel-split", title: gettext("P90 of each gap"), chart: false,
    controls: [choice(gettext("of"), [
      ["station", gettext("Station")], ["branch", gettext("Branch")], ["unit", gettext("Unit")], ["priority", gettext("Priority")],
      ["top_type_reported", gettext("Type as reported")], ["hour", gettext("Hour")], ["area_kind", gettext("Kind of area")],
    ], by, (value) => { by = value; means.renew(); })],
  });

  async function read(question) {
    const query = { keys: "funnel", since: question.since, until: question.until, urgent: question.urgent, against: question.against };
    const own = { ...query, by, measure: MEASURES.join(",") };
    const [all, groups] = await Promise.all([means.api.get(address("figures", query)), means.api.get(address("figures", own))]);
    return { query, own, all, groups, by };
  }

  function draw({ query, own, all, groups, by: dimension }, question) {
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    const steps = stepsOf(all.groups[0].figures);
    const scoped = (content, more) => ({ ...content, rows: content.rows.map((row) => row.map((cell) => (cell?.scope ? { ...cell, scope: { ...scope, ...more } } : cell))) });
    whole.draw(funnelOption(steps, means.palette()), (at) => {
      const step = steps[steps.length - 1 - at];
      if (step.p90) means.open(step.p90, scope, "", null);
    });
    whole.table(scoped(funnelTable(steps), {}));
    whole.files(address("figures", query));
    whole.say([nameOf({ key: "funnel", definition: "funnel.none" }, means.definitions()), fill(gettext("published times; %(count)s incidents of the base set"), { count: steps[0]?.n ?? 0 })].join(" · "));
    split.table({
      head: [gettext("Group"), gettext("to the order"), gettext("to acceptance"), gettext("to arrival"), gettext("to closing"), "n"],
      rows: groups.groups.filter((group) => group.figures.some((one) => one.n || one.open)).map((group) => {
        const cells = MEASURES.map((measure) => ({ figure: group.figures.find((one) => one.measure === measure), scope: { ...scope, by: dimension, value: group.value } }));
        return [group.label || group.value || "–", ...cells, String(cells[0].figure?.n ?? 0)];
      }),
    });
    split.files(address("figures", own));
  }

  return { nodes: [whole.root, split.root], parts: [whole, split], read, draw, uses: ["against"] };
}
