/**
 * Where delays come from: minutes by part, by group, the incidents behind them; and units compared by what was to be
 * expected of them.
 */

import { formatMoment } from "../../clock.js";
import { fill, gettext, pgettext } from "../../words.js";
import { delayOption, inOrder, ratioWord, unitCells, unitMark } from "../delay_chart.js";
import { splitBar, splitNodes, splitWords } from "../delay_split.js";
import { minutes, partWord } from "../delay_words.js";
import { file } from "../detail.js";
import { make } from "../dom.js";
import { duration, percent } from "../figures.js";
import { choice, makePart } from "../part.js";
import { address, dayAfter, daysIn } from "../question.js";

/** What is read incident by incident goes back at most three months. */
const MOST_DAYS = 92;

/** Make the section. */
export function delays(means) {
  const asked = { limit: "K7", by: "station", value: null, part: "" };
  const change = (more) => { Object.assign(asked, more); means.renew(); };
  const all = make("button.tool", { type: "button", text: gettext("all incidents") });
  all.addEventListener("click", () => change({ part: "", value: null }));
  const whole = makePart(means, {
    name: "delay-parts", title: gettext("Delay by part"),
    controls: [choice(gettext("beyond"), [["K7", gettext("5 minutes")], ["K8", gettext("10 minutes")]], asked.limit, (limit) => change({ limit }))],
  });
  const split = makePart(means, {
    name: "delay-groups", title: gettext("Delay by group"), chart: false,
    controls: [choice(gettext("of"), [["station", gettext("Station")], ["priority", gettext("Priority")], ["hour", gettext("Hour")]], asked.by, (by) => change({ by, value: null }))],
  });
  const list = makePart(means, { name: "delay-rows", title: gettext("Late incidents"), chart: false, controls: [all] });
  const units = makePart(means, { name: "unit-times", title: gettext("Units against their expectation"), chart: false });

  async function read(question) {
    const since = daysIn(question) > MOST_DAYS ? dayAfter(question.until, 1 - MOST_DAYS) : question.since;
    const span = { since, until: question.until, urgent: question.urgent };
    const own = { ...span, ...asked };
    const [found, compared] = await Promise.all([means.api.get(address("delays", own)), means.api.get(address("unit-times", span))]);
    return { found, compared, own, span };
  }

  function draw({ found, compared, own, span }) {
    drawParts(found, own);
    drawGroups(found, own);
    drawRows(found, own);
    drawUnits(compared, span);
  }

  function drawParts(found, own) {
    const rows = inOrder(found.parts);
    whole.draw(delayOption(found.parts, means.palette()), (at) => change({ part: rows[rows.length - 1 - at].part }));
    whole.table({
      head: [pgettext("delay", "Part"), gettext("Delay, min"), gettext("Share"), gettext("Incidents")],
      rows: rows.map((row) => [partWord(row.part), row.delay_s ? { node: pressed(minutes(row.delay_s), row.part === found.part, () => change({ part: row.part === found.part ? "" : row.part }), partWord(row.part)) } : minutes(0), `${percent(row.share)}%`, String(row.n)]),
    });
    whole.files(address("delays", own));
    whole.say(fill(gettext("%(count)s incidents, %(minutes)s min beyond the limit on clock A, by button; the parts add up to the delay; ringing lies before clock A"), { count: found.count, minutes: minutes(found.delay_s) }));
  }

  function drawGroups(found, own) {
    split.table({
      head: [gettext("Group"), gettext("Delay, min"), gettext("Incidents"), pgettext("delay", "Longest part"), ...found.parts.map((part) => partWord(part.part))],
      rows: found.groups.map((group) => {
        const [longest] = inOrder(group.parts);
        const name = group.label || group.value || "–";
        return [name, group.value ? { node: pressed(minutes(group.delay_s), group.value === found.value, () => change({ value: group.value === found.value ? null : group.value }), name) } : minutes(group.delay_s), String(group.count), partWord(longest.part), ...group.parts.map((part) => minutes(part.delay_s))];
      }),
    });
    split.files(address("delays", own));
    split.say(gettext("minutes of delay of each part; a number shows the incidents behind it"));
  }

  function drawRows(found, own) {
    all.hidden = !found.part && found.value === null;
    list.rename([gettext("Late incidents"), found.part ? partWord(found.part) : "", groupWord(found)].filter(Boolean).join(" · "));
    list.table({
      head: [gettext("Incident"), pgettext("incident", "Answered"), gettext("A elapsed"), gettext("Delay"), gettext("Where the time went"), gettext("Type, place")],
      rows: found.rows.map((row) => [
        { node: file(row) }, formatMoment(row.answered_at, means.now()), duration(row.elapsed_s), { node: opener(row, found.limit) },
        { node: make("span.wide.split-cell", {}, splitBar(row.parts), make("span.soft", { text: splitWords(row.parts) })) },
        { node: make("span.wide", { text: [means.codes().word("incident_type", row.type_reported), row.address_text, row.units.join(" ")].filter(Boolean).join(" · ") }) },
      ]),
    });
    list.files(address("delays", own));
    const text = gettext("the delay opens parts, norms and who would have made it; the number opens the timeline");
    list.say(found.hidden ? `${text} · ${fill(gettext("not visible to you %(count)s"), { count: found.hidden })}` : text);
  }

  function groupWord(found) {
    if (found.value === null) return "";
    return found.groups.find((group) => group.value === found.value)?.label || found.value || "–";
  }

  function opener(row, limit) {
    const button = make("button.figure.digits", { type: "button", text: `+${duration(row.delay_s)}`, "aria-label": fill(gettext("%(incident)s: delay %(delay)s, open its parts"), { incident: row.incident_no, delay: duration(row.delay_s) }) });
    button.addEventListener("click", () => means.show(fill(gettext("Delay of %(incident)s"), { incident: row.incident_no }), async () => splitNodes(await means.api.get(address(`misses/${row.incident}`, { limit })), means), button));
    return button;
  }

  function drawUnits(compared, span) {
    units.table({
      head: [gettext("Unit"), pgettext("unit", "Rank"), "n", gettext("Observed"), gettext("Expected"), gettext("Observed ÷ expected, with its interval"), gettext("Chart")],
      rows: compared.rows.map((row) => [...unitCells(row), { node: make(row.few ? "span.soft" : "span", { text: ratioWord(row) }) }, { node: unitMark(row) }]),
    });
    units.files(address("unit-times", span));
    units.say(fill(gettext("A basis for talk, never for discipline. From order to arrival of %(n)s orders, expected from the ranking's estimate at that moment, the way, the hour and the load of the shift; %(without)s without an estimate. Fewer than %(least)s orders: dashed and not ranked."), { n: compared.n, without: compared.without_estimate, least: compared.least_n }));
  }

  return { nodes: [whole.root, split.root, list.root, units.root], parts: [whole, split, list, units], read, draw, uses: [] };
}

function pressed(text, on, act, name) {
  const button = make("button.figure.digits", { type: "button", text, "aria-pressed": String(on), "aria-label": `${name} ${text}` });
  button.addEventListener("click", act);
  return button;
}
