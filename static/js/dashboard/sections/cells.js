/**
 * The map: P90 by 500 m cell.
 */

import { fill, gettext } from "../../words.js";
import { cellOption, cellsOf, cellTable, outlines } from "../cell_map.js";
import { askFigures } from "../columns.js";
import { clockWord } from "../figures.js";
import { sourceOf } from "../numbers.js";
import { makePart, stepsLegend } from "../part.js";
import { address } from "../question.js";
import { timeSteps } from "../step_words.js";

const MOST_ROWS = 300;

/** Make the section. */
export function cells(means) {
  const part = makePart(means, { name: "cells", title: gettext("P90 of the arrival time by 500 m cell") });
  let areas = null;

  async function read(question) {
    const query = { keys: "K9", measure: "p90", by: "cell", since: question.since, until: question.until, clock: question.clock, source: question.source, urgent: question.urgent, against: question.against };
    areas ??= await readAreas(means.api);
    return { query, answer: await askFigures(means.api, "figures", query) };
  }

  function draw({ query, answer }, question) {
    const found = cellsOf(answer.groups);
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    const { clientWidth: width, clientHeight: height } = part.drawing;
    if (found.length) {
      part.draw(cellOption(found, areas, means.palette(), { width, height }), (at, series) => {
        if (series === areas.length) means.open(found[at].figure, { ...scope, by: "cell", value: found[at].value }, "", null);
      });
    }
    part.legend.replaceChildren(stepsLegend(timeSteps()));
    const content = cellTable(found.slice(0, MOST_ROWS));
    part.table({ ...content, rows: content.rows.map((row) => row.map((cell) => (cell?.scope ? { ...cell, scope: { ...scope, ...cell.scope } } : cell))) });
    part.files(address("figures", query));
    const said = fill(gettext("%(count)s cells, of these %(few)s with fewer than 20 cases"), { count: found.length, few: found.filter((cell) => cell.figure.n < 20).length });
    part.say([clockWord(question.clock), sourceOf(question.source), said].join(" · "));
  }

  return { nodes: [part.root], parts: [part], read, draw, uses: ["clock", "source", "against"] };
}

/** Read the outlines of the stations' areas; without them the cells stand alone. */
async function readAreas(api) {
  try {
    const { areas } = await api.get("/api/areas/");
    return outlines(areas);
  } catch {
    return [];
  }
}
