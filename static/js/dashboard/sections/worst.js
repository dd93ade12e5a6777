/**
 * The ten slowest of the last 24 hours, and every miss of the period with its reason, those without one on top: each opens
 * its incident's timeline.
 */

import { formatMoment } from "../../clock.js";
import { fill, gettext, pgettext, stageWord } from "../../words.js";
import { file } from "../detail.js";
import { make } from "../dom.js";
import { duration } from "../figures.js";
import { sourceOf } from "../numbers.js";
import { choice, makePart } from "../part.js";
import { address, dayAfter, daysIn } from "../question.js";

/** Misses are listed for at most three months: the last ones of the period. */
const MOST_DAYS = 92;

/** Make the section. */
export function worst(means) {
  let hours = "24";
  const asked = { limit: "", skip: 0, before: [] };
  const slow = makePart(means, {
    name: "worst", title: gettext("The ten slowest"), chart: false,
    controls: [choice(gettext("of the last"), [["24", gettext("24 hours")], ["72", gettext("72 hours")]], hours, (value) => { hours = value; means.renew(); })],
  });
  const before = pager(gettext("Page before"), () => turn(-1));
  const after = pager(gettext("Next page"), () => turn(1));
  const open = makePart(means, {
    name: "misses", title: gettext("Misses, without a reason first"), chart: false,
    controls: [
      choice(gettext("Limit"), [["", gettext("5 and 10 min")], ["K7", gettext("5 min")], ["K8", gettext("10 min")]], asked.limit, (limit) => { Object.assign(asked, { limit, skip: 0, before: [] }); means.renew(); }),
      before, after,
    ],
  });
  let shown = { next: null, of: "" };

  /** Where a page begins the server says; the way back is the way that was gone. */
  function turn(direction) {
    if (direction > 0 && asked.skip !== shown.next) asked.before.push(asked.skip);
    asked.skip = direction > 0 ? shown.next : asked.before.pop() ?? 0;
    means.renew();
  }

  async function read(question) {
    const { until, source, urgent } = question;
    const since = daysIn(question) > MOST_DAYS ? dayAfter(until, 1 - MOST_DAYS) : question.since;
    const query = { since, until, source, urgent, limit: asked.limit };
    // Another question begins with its first page.
    if (shown.of !== JSON.stringify(query)) Object.assign(asked, { skip: 0, before: [] });
    const skip = asked.skip || "";
    const [slowest, misses] = await Promise.all([means.api.get(address("worst", { hours })), means.api.get(address("misses", { ...query, skip }))]);
    return { slowest, misses, query, skip: asked.skip, hours };
  }

  function draw({ slowest, misses, query, skip, hours: span }) {
    slow.table({ head: heads(), rows: slowest.rows.map((row) => cells(row, means)) });
    slow.files(address("worst", { hours: span }));
    slow.say(hiddenWord(gettext("clock A, by button; whoever is not there yet has taken the time until now; the number opens the timeline"), slowest.hidden));
    shown = { next: misses.next, of: JSON.stringify(query) };
    before.disabled = skip === 0;
    after.disabled = misses.next === null;
    open.table({ head: heads(), rows: misses.misses.map((row) => cells(row, means)) });
    open.files(address("misses", query));
    open.say(hiddenWord([
      sourceOf(query.source), missesWord(misses), pageWord(misses, skip), gettext("a reason explains a miss and never removes it"),
    ].filter(Boolean).join(" · "), misses.hidden));
  }

  return { nodes: [slow.root, open.root], parts: [slow, open], read, draw, uses: ["source"] };
}

function pager(text, turn) {
  const button = make("button.tool", { type: "button", text });
  button.addEventListener("click", turn);
  return button;
}

function missesWord({ count, no_reason, period }) {
  return fill(gettext("%(first)s to %(last)s: %(count)s misses, %(bare)s of them without a reason"), { ...period, count, bare: no_reason });
}

function pageWord({ misses, count }, skip) {
  return misses.length < count ? fill(gettext("rows %(first)s to %(last)s"), { first: skip + 1, last: skip + misses.length }) : "";
}

function heads() {
  return [gettext("Incident"), pgettext("incident", "Answered"), gettext("A elapsed"), gettext("B elapsed"), gettext("Missed"), gettext("Where the time went"), gettext("Type, place"), gettext("Reason"), gettext("Stage")];
}

function cells(row, means) {
  const codes = means.codes();
  return [
    { node: file(row) }, formatMoment(row.answered_at, means.now()), duration(row.elapsed.A), duration(row.elapsed.B), row.missed.join(" ") || "–",
    { node: make("span.wide", { text: row.gaps.map((gap) => `${stepWord(gap.step)} ${duration(gap.seconds)}`).join(" · ") || "–" }) },
    { node: make("span.wide", { text: [codes.word("incident_type", row.type_reported), row.address_text, row.units.join(" ")].filter(Boolean).join(" · ") }) },
    { node: make(row.reasons.length ? "span" : "span.level-serious", {}, ...(row.reasons.length ? [row.reasons.map((one) => codes.word("delay", one.code)).join(", ")] : [make("span.shape", { "aria-hidden": "true", data: { shape: "diamond" } }), ` ${gettext("none yet")}`])) },
    stageWord(row.stage),
  ];
}

function stepWord(step) {
  switch (step) {
    case "order": return pgettext("gap", "order");
    case "reorder": return pgettext("gap", "new order");
    case "accept": return pgettext("gap", "acceptance");
    case "depart": return pgettext("gap", "departure");
    default: return pgettext("gap", "drive");
  }
}

function hiddenWord(text, hidden) {
  return hidden ? `${text} · ${fill(gettext("not visible to you %(count)s"), { count: hidden })}` : text;
}
