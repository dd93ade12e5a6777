/**
 * Figure by figure: any of K1 to K20 with its formula, every measure, clock and source of time, and by any dimension.
 */

import { fill, gettext } from "../../words.js";
import { make } from "../dom.js";
import { ofTheMoment } from "../behind.js";
import { orderWord } from "../group_words.js";
import { basisOf } from "../numbers.js";
import { choice, makePart } from "../part.js";
import { address } from "../question.js";
import { askFor, everyFigure, groupOption, groupsWord, groupTable, idOf, measureName, rowOfBar, rowsOf, sourcesWord, wholeTable } from "../single_tables.js";

const KEYS = [...Array.from({ length: 20 }, (_, at) => `K${at + 1}`), "funnel", "times", "volume"];
const DIMENSIONS = [
  "branch", "station", "squad", "unit", "officer", "beat", "grid", "cell", "area_kind", "top_type_reported", "type_reported",
  "top_type_verified", "type_verified", "types", "priority", "channel", "hour", "weekday", "slot", "shift",
];

/** Make the section. */
export function single(means) {
  const chosen = { key: "K7", by: "station", id: "" };
  const dimensions = means.dimensions();
  const whole = makePart(means, {
    name: "single-whole", title: gettext("Figure by figure"), chart: false,
    controls: [choice(gettext("Figure"), KEYS.map((key) => [key, keyName(key, means.names())]), chosen.key, (key) => { Object.assign(chosen, { key, id: "" }); means.renew(); })],
  });
  const measure = choice(gettext("Measure"), [], "", (id) => { chosen.id = id; means.renew(); });
  const split = makePart(means, {
    name: "single-split", title: gettext("By dimension"),
    controls: [measure, choice(gettext("by"), DIMENSIONS.filter((by) => dimensions[by]).map((by) => [by, dimensions[by]]), chosen.by, (by) => { chosen.by = by; means.renew(); })],
  });

  async function read(question) {
    const { key, by, id } = chosen;
    const { since, until, urgent, against } = question;
    const query = { keys: key, since, until, urgent, against };
    const all = await means.api.get(address("figures", query));
    const figures = everyFigure(all.groups[0]);
    const one = figures.find((figure) => idOf(figure) === id) ?? preferred(figures, question);
    const own = { ...query, ...askFor(one), by };
    const groups = one && !ofTheMoment(one) ? (await means.api.get(address("figures", own))).groups : [];
    return { key, by, one, query, own, all, figures, groups };
  }

  function draw({ key, by, one, query, own, all, figures, groups }, question) {
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    const against = Boolean(all.against) && !(one && ofTheMoment(one));
    const word = (figure) => measureName(figure, basisOf(named(figure)));
    const code = (exclusion) => means.codes().word("exclusion", exclusion);
    whole.rename(keyName(key, means.names()));
    whole.legend.replaceChildren(...definitionOf(figures, means.definitions()));
    whole.table(wholeTable(figures.map(named), { scope, against, word, code }));
    whole.files(address("figures", query));
    whole.say([against ? fill(gettext("held against %(first)s to %(last)s"), all.against) : "", sourcesWord(figures), one && ofTheMoment(one) ? gettext("This figure is of the whole centre at this moment; it opens its list.") : ""].filter(Boolean).join(" · "));
    split.root.hidden = !one || ofTheMoment(one);
    offer(figures, one, word);
    const rows = one ? rowsOf(groups, by, idOf(one)) : [];
    for (const row of rows) row.figure = named(row.figure);
    const title = one ? `${keyName(key, means.names())} · ${word(one)}` : keyName(key, means.names());
    split.rename(title);
    if (!split.root.hidden) split.draw(groupOption(rows, means.palette(), { name: title, target: one?.target }), (at) => {
      const row = rowOfBar(rows, at);
      if (row) means.open(row.figure, { ...scope, by, value: row.value, label: row.label }, "", null);
    });
    split.table(groupTable(rows, { scope, by, head: dimensions[by], against, code }));
    split.files(address("figures", own));
    split.say(saying(one, rows, by));
  }

  /** Calls are named by their kind. */
  function named(figure) {
    const kind = /^kind_(CK\d+)$/.exec(figure.measure);
    return kind ? { ...figure, label: means.codes().word("call_kind", kind[1]) } : figure;
  }

  function offer(figures, one, word) {
    const select = measure.querySelector("select");
    select.replaceChildren(...figures.map((figure) => make("option", { value: idOf(figure), text: word(figure), selected: one && idOf(figure) === idOf(one) })));
  }

  return { nodes: [whole.root, split.root], parts: [whole, split], read, draw, uses: ["clock", "source", "against"] };
}

/** Choose what stands by the clock and the source that the page asks for, else the first. */
function preferred(figures, { clock, source }) {
  const fits = (one) => (!["A", "B"].includes(one.clock) || one.clock === clock) && (!["button", "position", "published"].includes(one.source) || one.source === source);
  return figures.find(fits) ?? figures[0];
}

function saying(one, rows, by) {
  if (!one) return "";
  if (!rows.length) return gettext("Nothing of this figure lies in this dimension. A call is split by call-taker, channel and hour alone.");
  return [groupsWord(rows), orderWord(by)].filter(Boolean).join(" · ");
}

function keyName(key, names) {
  const name = names[key] ?? key;
  return /^K\d+$/.test(key) ? `${key} ${name}` : name;
}

/** Show formula and notes of every definition that the figures stand on. */
function definitionOf(figures, definitions) {
  const known = [...new Set(figures.map((figure) => figure.definition))].map((key) => definitions[key]).filter(Boolean);
  const notes = [...new Set(known.flatMap((one) => one.notes))];
  return [
    ...known.map((one) => make("p", {}, one.clock ? make("b", { text: `${one.clock}: ` }) : null, one.formula)),
    notes.length ? make("details", {}, make("summary", { text: gettext("Base set, exclusions, sources") }), ...notes.map((text) => make("p.note", { text }))) : null,
  ].filter(Boolean);
}
