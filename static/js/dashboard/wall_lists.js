/**
 * What a picture of the wall opens: its numbers as a table whose figures open in turn, with definition and age.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext } from "../words.js";
import { ageLine, definition, file } from "./detail.js";
import { hoursTable } from "./day_charts.js";
import { make } from "./dom.js";
import { figureTable } from "./figure_table.js";
import { duration } from "./figures.js";
import { address } from "./question.js";
import { spcTable } from "./spc_chart.js";

/** Show the days of the trend, the last one first. */
export function daysList(series, answer, title, means) {
  const content = spcTable(series, (row) => ({ since: row.value, until: row.value }));
  return [ageLine(answer.as_of, means), definition({ definition: "K7.A" }, means), figureTable(content, title, means.open)];
}

/** Show today's hours: how fast somebody arrived, and the rate of each hour as a figure. */
export async function hoursList(today, title, means) {
  const scope = { since: today.period.first, until: today.period.last };
  const answer = await means.api.get(address("figures", { keys: "K7", measure: "rate", clock: "A", source: "button", by: "hour", ...scope }));
  const of = new Map(answer.groups.map((group) => [Number(group.value), group]));
  const { head, rows } = hoursTable(today, "A");
  const content = {
    head: [...head, "K7"],
    rows: rows.filter((row) => row.at(-1) !== "0").map((row) => [...row, cellOf(of.get(Number(row[0])), scope)]),
  };
  return [ageLine(answer.as_of, means), definition({ definition: "K7.A" }, means), figureTable(content, title, means.open)];
}

function cellOf(group, scope) {
  if (!group) return null;
  const hour = Number(group.value);
  const label = fill(gettext("%(hour)s:00 to %(next)s:00"), { hour, next: hour + 1 });
  return { figure: group.figures[0], scope: { ...scope, by: "hour", value: group.value, label } };
}

/** Show today's misses for which nobody has given a reason. */
export async function missesList(means) {
  const answer = await means.api.get("/api/statistics/misses/?days=1&most=300");
  const rows = answer.misses.filter((row) => !row.reasons.length);
  const head = [gettext("Incident"), gettext("Answered"), "A", "B", gettext("Type, place")];
  const nodes = [
    ageLine(answer.as_of, means),
    make("div.definition", {}, make("p", { text: gettext("Incidents of today that missed the five or the ten minutes on either clock, by button, and for which nobody has given a reason of delay.") })),
    rows.length ? missTable(head, rows, means) : make("p.soft", { text: gettext("No rows.") }),
  ];
  if (answer.hidden) nodes.push(make("p.soft", { text: fill(gettext("not visible to you %(count)s"), { count: answer.hidden }) }));
  if (answer.count > answer.misses.length + answer.hidden) nodes.push(make("p.soft", { text: fill(gettext("list cut at %(count)s"), { count: answer.misses.length }) }));
  return nodes;
}

function missTable(head, rows, means) {
  const line = (row) => make("tr", {}, make("th", { scope: "row" }, file(row)), make("td.digits", { text: formatMoment(row.answered_at, means.now()) }),
    ...["A", "B"].map((clock) => make("td.digits", { text: row.elapsed[clock] === null ? gettext("no order yet") : duration(row.elapsed[clock]) })),
    make("td.wide", { text: [means.codes().word("incident_type", row.type_reported), row.address_text].filter(Boolean).join(" · ") }));
  return make("table.numbers", {}, make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })))), make("tbody", {}, ...rows.map(line)));
}
