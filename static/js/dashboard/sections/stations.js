/**
 * Small multiples: each station by week on one scale.
 */

import { fill, gettext, pgettext } from "../../words.js";
import { askFigures } from "../columns.js";
import { make } from "../dom.js";
import { clockWord } from "../figures.js";
import { linesOf, multipleOption, multiplesTable, scaleOf } from "../multiples.js";
import { sourceOf } from "../numbers.js";
import { choice, makePart } from "../part.js";
import { address } from "../question.js";
import { spanOf } from "./trends.js";

const FIGURES = { K7: ["K7", "rate", 0.8], K8: ["K8", "rate", 1], K9: ["K9", "p90", null] };

/** Make the section. */
export function stations(means) {
  const chosen = { key: "K7", by: "station", per: "week" };
  const part = makePart(means, {
    name: "multiples", title: gettext("Every station on one scale"),
    controls: [
      choice(gettext("Figure"), [["K7", gettext("K7 on scene in 5 min")], ["K8", gettext("K8 on scene in 10 min")], ["K9", gettext("K9 arrival time P90")]], chosen.key, change("key")),
      choice(gettext("of"), [["station", gettext("Station")], ["branch", gettext("Branch")], ["squad", gettext("Squad")], ["unit", gettext("Unit")]], chosen.by, change("by")),
      choice(gettext("by"), [["day", pgettext("grain", "day")], ["week", pgettext("grain", "week")], ["month", pgettext("grain", "month")]], chosen.per, change("per")),
    ],
  });
  part.drawing.setAttribute("aria-label", fill(gettext("%(title)s: pictures"), { title: gettext("Every station on one scale") }));
  part.drawing.setAttribute("tabindex", "0");
  part.drawing.setAttribute("role", "region");
  const pictures = new Map();

  function change(name) {
    return (value) => {
      chosen[name] = value;
      means.renew();
    };
  }

  const queryOf = (question) => ({
    keys: FIGURES[chosen.key][0], measure: FIGURES[chosen.key][1], clock: question.clock, source: question.source, by: chosen.by,
    per: chosen.per, split: true, since: question.since, until: question.until, urgent: question.urgent,
  });

  async function read(question) {
    return { ...chosen, query: queryOf(question), answer: await askFigures(means.api, "series", queryOf(question)) };
  }

  function draw({ key, by, per, query, answer }, question) {
    const lines = linesOf(answer.groups);
    const scale = scaleOf(lines);
    keepPictures(lines);
    for (const line of lines) pictures.get(line.value).show(multipleOption(line, scale, means.palette(), FIGURES[key][2]), line);
    part.table(scoped(multiplesTable(lines, { name: means.dimensions()[by] ?? gettext("Group") }, by), per, question));
    part.files(address("series", query));
    part.say([clockWord(question.clock), sourceOf(question.source), fill(gettext("%(count)s on one scale; a hollow point stands on fewer than 20 cases"), { count: lines.length })].join(" · "));
  }

  function scoped(content, per, question) {
    const own = (cell) => (cell?.scope ? { ...cell, scope: { ...cell.scope, ...spanOf(cell.scope.at, per, question), urgent: question.urgent } } : cell);
    return { ...content, rows: content.rows.map((row) => row.map(own)) };
  }

  function keepPictures(lines) {
    const wanted = new Set(lines.map((line) => line.value));
    for (const [value, picture] of pictures) {
      if (wanted.has(value)) continue;
      picture.end();
      pictures.delete(value);
    }
    for (const line of lines) {
      if (!pictures.has(line.value)) pictures.set(line.value, makeSmall(means.echarts));
      part.drawing.append(pictures.get(line.value).root);
    }
  }

  return { nodes: [part.root], parts: [{ ...part, forget: () => pictures.forEach((one) => one.forget()) }], read, draw, uses: ["clock", "source"] };
}

function makeSmall(echarts) {
  const canvas = make("div.canvas");
  const name = make("figcaption");
  const root = make("figure.multiple", {}, name, make("div.multiple-chart", {}, canvas));
  let chart = null;
  let drawn = "";
  return {
    root,
    show(option, line) {
      chart ??= echarts.init(canvas, null, { renderer: "canvas" });
      name.replaceChildren(make("b", { text: line.label }), make("span.soft.digits", { text: ` n=${line.n}` }));
      const fresh = JSON.stringify(option);
      if (fresh !== drawn) chart.setOption(option, { notMerge: true });
      drawn = fresh;
      chart.resize();
    },
    forget() {
      drawn = "";
    },
    end() {
      chart?.dispose();
      root.remove();
    },
  };
}
