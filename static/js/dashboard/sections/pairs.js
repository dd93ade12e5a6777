/**
 * The four pairs (M11): every figure with its target, its cases and what it was before.
 */

import { fill, gettext, pgettext } from "../../words.js";
import { make } from "../dom.js";
import { standing, standingMark } from "../figures.js";
import { basisOf, caseWord, changeWord, isSmall, nameOf, valueOf } from "../numbers.js";
import { figuresOf, PAIR_KEYS, PAIRS } from "../pairs.js";
import { makePart } from "../part.js";
import { address } from "../question.js";
import { targetBar } from "../target_bar.js";

/** Make the section. */
export function pairs(means) {
  const parts = PAIRS.map((pair) => makePart(means, { name: `pair-${pair.name}`, title: pair.title(), chart: false }));

  const ledger = makePart(means, { name: "ledger", title: gettext("Reward and sanction ledger"), chart: false });

  const queryOf = (question) => ({
    keys: PAIR_KEYS.join(","), since: question.since, until: question.until, clock: question.clock, source: question.source,
    against: question.against, urgent: question.urgent,
  });

  async function read(question) {
    const path = `/api/merit/?since=${question.since}&until=${question.until}`;
    const [answer, merit] = await Promise.all([means.api.get(address("figures", queryOf(question))), means.api.get(path)]);
    return { answer, merit, path };
  }

  function draw({ answer, merit, path }, question) {
    const { figures } = answer.groups[0];
    const scope = { since: question.since, until: question.until, urgent: question.urgent };
    PAIRS.forEach((pair, at) => {
      const rows = figuresOf(pair, figures);
      parts[at].table({
        head: [gettext("Figure"), pgettext("figure", "Value"), gettext("Target"), gettext("Cases"), ...(answer.against ? [gettext("Before"), gettext("Change")] : [])],
        rows: rows.map((figure) => [
          { node: nameNode(figure, means) }, { figure, scope }, { node: targetNode(figure) }, caseText(figure),
          ...(answer.against ? [figure.before ? valueOf(figure.unit, figure.before.value) : "–", changeWord(figure) || "–"] : []),
        ]),
      });
      parts[at].files(address("figures", { ...queryOf(question), keys: [...new Set(pair.rows.map(([key]) => key))].join(",") }));
      parts[at].say(answer.against ? fill(gettext("held against %(first)s to %(last)s"), answer.against) : "");
    });
    ledger.table({
      head: [gettext("Unit or person"), gettext("Points"), pgettext("ledger", "Approved"), pgettext("ledger", "Waiting"), pgettext("ledger", "Objected")],
      rows: merit.totals.map((row) => [row.subject, ...[row.points, row.approved, row.waiting, row.objected].map(String)]),
    });
    ledger.files(path);
    ledger.say(fill(gettext("%(since)s to %(until)s; only approved entries have points; nothing follows by itself"), question));
  }

  const every = [...parts, ledger];
  return { nodes: every.map((part) => part.root), parts: every, read, draw, uses: ["clock", "source", "against"] };
}

function nameNode(figure, means) {
  return make("span.figure-name", {}, make("b", { text: nameOf(figure, means.definitions()) }), make("span.soft", { text: basisOf(figure) }));
}

function caseText(figure) {
  return isSmall(figure) ? `${caseWord(figure)} · ${gettext("few")}` : caseWord(figure);
}

/** Draw a share against its target; the mark is a shape with its word. */
export function targetNode(figure) {
  if (figure.unit !== "share" || figure.value === null) return make("span.soft", { text: "–" });
  const bar = targetBar(figure.value, figure.target);
  if (figure.target === null || figure.target === undefined) return make("span.target", {}, bar);
  const mark = standingMark(standing(figure));
  return make("span.target", {}, bar, make(`span.level-${mark.level}`, {}, make("span.shape", { "aria-hidden": "true", data: { shape: mark.shape } }), ` ${mark.word}`));
}
