/**
 * The ten slowest of the last 24 hours, and the misses without a reason: each opens its incident's timeline.
 */

import { formatMoment } from "../../clock.js";
import { fill, gettext, pgettext, stageWord } from "../../words.js";
import { file } from "../detail.js";
import { make } from "../dom.js";
import { duration } from "../figures.js";
import { choice, makePart } from "../part.js";
import { address, daysIn } from "../question.js";

/** Misses are listed for at most three months. */
const MOST_DAYS = 92;

/** Make the section. */
export function worst(means) {
  let hours = "24";
  const slow = makePart(means, {
    name: "worst", title: gettext("The ten slowest"), chart: false,
    controls: [choice(gettext("of the last"), [["24", gettext("24 hours")], ["72", gettext("72 hours")]], hours, (value) => { hours = value; means.renew(); })],
  });
  const open = makePart(means, { name: "no-reason", title: gettext("Misses without a reason"), chart: false });

  async function read(question) {
    const days = Math.min(MOST_DAYS, Math.max(1, daysIn({ since: question.since, until: question.today })));
    const [slowest, misses] = await Promise.all([means.api.get(address("worst", { hours })), means.api.get(address("misses", { days }))]);
    return { slowest, misses, days, hours };
  }

  function draw({ slowest, misses, days, hours: span }, question) {
    slow.table({ head: heads(), rows: slowest.rows.map((row) => cells(row, means)) });
    slow.files(address("worst", { hours: span }));
    slow.say(hiddenWord(gettext("clock A, by button; whoever is not there yet has taken the time until now; the number opens the timeline"), slowest.hidden));
    const bare = misses.misses.filter((row) => !row.reasons.length && row.answered_at >= `${question.since}T00:00:00+08:00`.slice(0, 10));
    open.table({ head: heads(), rows: bare.map((row) => cells(row, means)) });
    open.files(address("misses", { days }));
    open.say(hiddenWord(fill(gettext("%(bare)s of %(count)s misses of %(days)s days have no reason yet; a reason explains a miss and never removes it"), { bare: misses.no_reason, count: misses.count, days }), misses.hidden));
  }

  return { nodes: [slow.root, open.root], parts: [slow, open], read, draw };
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
