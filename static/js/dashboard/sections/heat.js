/**
 * Hour × weekday.
 */

import { gettext } from "../../words.js";
import { askFigures } from "../columns.js";
import { clockWord } from "../figures.js";
import { heatOption, heatTable } from "../heat.js";
import { sourceOf } from "../numbers.js";
import { choice, makePart, stepsLegend } from "../part.js";
import { address } from "../question.js";
import { countSteps, rateSteps, timeSteps } from "../step_words.js";

const FIGURES = { K9: ["K9", "p90"], K7: ["K7", "rate"], K8: ["K8", "rate"], volume: ["volume", "incidents"] };

/** Make the section. */
export function heat(means) {
  let key = "K9";
  const part = makePart(means, {
    name: "heat", title: gettext("Hour of the day × day of the week"),
    controls: [choice(gettext("Figure"), [
      ["K9", gettext("K9 arrival time P90")], ["K7", gettext("K7 on scene in 5 min")], ["K8", gettext("K8 on scene in 10 min")], ["volume", gettext("Number of incidents")],
    ], key, (value) => { key = value; means.renew(); })],
  });

  async function read(question) {
    const [keys, measure] = FIGURES[key];
    const query = { keys, measure, by: "slot", since: question.since, until: question.until, clock: question.clock, source: question.source, urgent: question.urgent, against: question.against };
    return { key, query, answer: await askFigures(means.api, "figures", query) };
  }

  function draw({ key: shown, query, answer }, question) {
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    const content = heatTable(answer.groups);
    const rows = content.rows.map((row) => row.map((cell) => (cell?.scope ? { ...cell, scope: { ...scope, ...cell.scope } } : cell)));
    part.draw(heatOption(answer.groups, means.palette()), (at) => {
      const cell = rows[at % 24][Math.floor(at / 24) + 1];
      if (cell.figure) means.open(cell.figure, cell.scope, "", null);
    });
    part.legend.replaceChildren(stepsLegend(shown === "volume" ? countSteps() : shown === "K9" ? timeSteps() : rateSteps()));
    part.table({ ...content, rows });
    part.files(address("figures", query));
    part.say([clockWord(question.clock), sourceOf(question.source), gettext("by the hour of the answer")].join(" · "));
  }

  return { nodes: [part.root], parts: [part], read, draw, uses: ["clock", "source", "against"] };
}
