/**
 * Trends: one figure over time with what it does by itself (XmR).
 */

import { fill, gettext, pgettext } from "../../words.js";
import { askFigures } from "../columns.js";
import { clockWord } from "../figures.js";
import { sourceOf } from "../numbers.js";
import { choice, makePart } from "../part.js";
import { address, daysIn } from "../question.js";
import { limitsWord, seriesOf, spcOption, spcTable } from "../spc_chart.js";

/** What can be watched: key, measure, whether it has the clocks. */
const SERIES = {
  K7: { keys: "K7", measure: "rate", clocks: true, target: 0.8 },
  K8: { keys: "K8", measure: "rate", clocks: true, target: 1 },
  K9: { keys: "K9", measure: "p90", clocks: true, target: null },
  K2: { keys: "K2", measure: "p90", target: null },
  K1: { keys: "K1", measure: "p90", target: null },
  K11: { keys: "K11", measure: "satisfied", target: null },
  volume: { keys: "volume", measure: "incidents", target: null },
};

/** Make the section. */
export function trends(means) {
  const chosen = { first: "K7", second: "K9", third: "volume", per: "day" };
  const parts = Object.fromEntries(["first", "second", "third"].map((name) => [name, makePart(means, {
    name: `trend-${name}`, title: fill(gettext("Trend %(number)s"), { number: ["first", "second", "third"].indexOf(name) + 1 }),
    controls: [
      choice(gettext("Figure"), names(), chosen[name], (key) => { chosen[name] = key; means.renew(); }),
      ...(name === "first" ? [choice(gettext("by"), grains(), chosen.per, (per) => { chosen.per = per; means.renew(); })] : []),
    ],
  })]));

  async function read(question) {
    return Promise.all(Object.keys(parts).map(async (name) => {
      const asked = SERIES[chosen[name]];
      const query = {
        keys: asked.keys, measure: asked.measure, per: chosen.per, since: question.since, until: question.until,
        clock: asked.clocks ? question.clock : "", source: asked.clocks ? question.source : "", urgent: question.urgent, against: question.against,
      };
      return { name, key: chosen[name], query, answer: await askFigures(means.api, "series", query) };
    }));
  }

  function draw(found, question) {
    for (const { name, key, query, answer } of found) {
      const asked = SERIES[key];
      const rows = answer.groups.map((group) => ({ value: group.value, figure: group.figures.find((one) => key !== "K11" || one.clock === "handling") }));
      const series = seriesOf(rows, question.until === question.today);
      const part = parts[name];
      const title = names().find(([code]) => code === key)[1];
      const scopeOf = (row) => ({ ...spanOf(row.value, chosen.per, question), urgent: question.urgent });
      part.rename(title);
      part.draw(spcOption(series, means.palette(), { name: title, target: asked.target }), (at) => rows[at].figure && means.open(rows[at].figure, scopeOf(rows[at]), "", null));
      part.table(spcTable(series, scopeOf));
      part.files(address("series", query));
      const basis = asked.clocks ? [clockWord(question.clock), sourceOf(question.source)] : [];
      part.say([...basis, fill(gettext("%(days)s days"), { days: daysIn(question) }), limitsWord(series), answer.against ? fill(gettext("grey: %(first)s to %(last)s"), answer.against) : ""].filter(Boolean).join(" · "));
    }
  }

  return { nodes: Object.values(parts).map((part) => part.root), parts: Object.values(parts), read, draw, uses: ["clock", "source", "against"] };
}

function names() {
  return [
    ["K7", gettext("K7 on scene in 5 min")], ["K8", gettext("K8 on scene in 10 min")], ["K9", gettext("K9 arrival time P90")],
    ["K2", gettext("K2 call to order P90")], ["K1", gettext("K1 answer time P90")], ["K11", gettext("K11 satisfied of replied")],
    ["volume", gettext("Number of incidents")],
  ];
}

function grains() {
  return [["day", pgettext("grain", "day")], ["week", pgettext("grain", "week")], ["month", pgettext("grain", "month")]];
}

/** Tell the days of one point, cut at the period. */
export function spanOf(first, per, { since, until }) {
  let last = first;
  if (per === "week") last = new Date(Date.parse(`${first}T00:00:00Z`) + 6 * 86400000).toISOString().slice(0, 10);
  if (per === "month") {
    const [year, month] = first.split("-").map(Number);
    last = new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
  }
  return { since: first < since ? since : first, until: last > until ? until : last };
}
