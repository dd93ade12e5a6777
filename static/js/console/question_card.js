/**
 * The question card of the intake (微预案, M63): safety first, one key per answer, what is answered stands as done and
 * flows into the incident while the caller still talks. Things to read out stand in the same list.
 */

import { answerOfKey, answerOfText, nextOpen, questionsFor } from "../cards.js";
import { fill, gettext, pgettext } from "../words.js";
import { button, el, setText, show } from "./dom.js";
import { isComposing } from "./keys.js";

const PRESSES = ["Enter", " "]; // on a button these press it

/**
 * Make the card.
 * @param {object} desk the desk
 * @param {{type: () => string, coded: () => boolean, answers: () => Object<string, string>,
 *   onAnswer: (question: object, answer: string) => void, onLeave: () => void}} form what is in the form
 */
export function makeQuestionCard(desk, { type, coded, answers, onAnswer, onLeave }) {
  const heading = el("span.label");
  const now = el("div.question-now", { tabindex: "-1", role: "group" });
  const all = el("div.question-list");
  const node = el("section.question-card", { hidden: true, "aria-label": gettext("Question card") }, el("p.question-head", {}, heading, el("kbd", { text: "Alt+A" })), now, all);
  let questions = [];
  let at = -1;
  let painted = "";
  node.addEventListener("keydown", onKey);
  desk.keys.bind("Alt+A", gettext("Question card: answer with one key"), () => (node.hidden ? false : focus()));

  /** Bring the card up to date; the question that is being asked stays. */
  function paint() {
    const key = questions[at]?.key;
    questions = questionsFor(desk.cards, type(), coded());
    const said = answers();
    at = questions.findIndex((one) => one.key === key);
    if (at < 0) at = nextOpen(questions, said, 0);
    const wanted = JSON.stringify([desk.cards.version, questions.map((one) => one.key), said, at]);
    show(node, questions.length > 0);
    if (wanted === painted) return;
    painted = wanted;
    const done = questions.filter((one) => one.key in said).length;
    setText(heading, fill(gettext("Question card %(done)s of %(all)s"), { done, all: questions.length }));
    const held = now.contains(document.activeElement);
    now.replaceChildren(...asking(questions[at], said));
    if (held) focus();
    all.replaceChildren(...questions.map((one, index) => chip(one, index, said[one.key])));
  }

  function asking(question, said) {
    if (!question) return [el("p.soft", { text: gettext("All questions are answered.") })];
    now.setAttribute("aria-label", desk.cards.text(question));
    const text = el(`p.question-text${question.kind === "say" ? ".question-say" : ""}`, {}, question.kind === "say" ? el("b", { text: gettext("Read out:") }) : null, el("span", { text: desk.cards.text(question) }));
    return [text, el("div.question-answers", {}, ...controls(question, said[question.key]))];
  }

  function controls(question, said) {
    if (question.kind === "say") return [button(pgettext("card", "Read out"), () => give("done"), { key: "1" })];
    if (question.kind === "yesno")
      return ["yes", "no", "unknown"].map((value, index) =>
        button(answerWord(value), () => give(value), { key: String(index + 1), kind: said === value ? "chosen" : "", data: { answer: value } }),
      );
    const input = el("input.field", { type: "text", autocomplete: "off", maxlength: "200", inputmode: question.kind === "count" ? "numeric" : null, "aria-label": desk.cards.text(question), value: said && said !== "unknown" ? said : "", placeholder: question.kind === "count" ? gettext("number, Enter") : gettext("words, Enter") });
    return [input, button(answerWord("unknown"), () => give("unknown"))];
  }

  function chip(question, index, said) {
    const done = said !== undefined;
    const mark = question.kind === "say" ? (done ? "✓" : "◁") : done ? "✓" : "?";
    const text = done && question.kind !== "say" ? `${desk.cards.text(question)}：${answerWord(said)}` : desk.cards.text(question);
    return el("button.question-chip", { type: "button", tabindex: "-1", title: text, data: { done: done ? "yes" : "no", now: index === at ? "yes" : "no", question: question.key }, on: { click: () => goTo(index) } },
      el("span.question-mark", { text: mark, "aria-hidden": "true" }), el("span", { text }));
  }

  function onKey(event) {
    if (isComposing(event) || event.ctrlKey || event.altKey || event.metaKey) return;
    const question = questions[at];
    const typing = event.target.tagName === "INPUT";
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    let act = null;
    if (event.key === "Escape") act = onLeave;
    else if (step) act = () => goTo((at + step + questions.length) % questions.length);
    else if (question && typing && event.key === "Enter") act = () => giveText(event.target.value);
    else if (question && !typing && !(event.target.tagName === "BUTTON" && PRESSES.includes(event.key))) {
      const answer = answerOfKey(question.kind, event.key);
      if (answer) act = () => give(answer);
    }
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  function giveText(text) {
    const answer = answerOfText(questions[at].kind, text);
    if (answer !== null) give(answer);
    else goTo(at); // an empty line leaves the question open
  }

  function give(answer) {
    const question = questions[at];
    const before = at;
    onAnswer(question, answer);
    at = nextOpen(questions, { ...answers(), [question.key]: answer }, before + 1);
    painted = "";
    paint();
    if (at < 0) onLeave();
    else focus();
  }

  function goTo(index) {
    at = index;
    painted = "";
    paint();
    focus();
  }

  /** Take the focus: the next key answers. */
  function focus() {
    (now.querySelector("input") ?? now).focus();
  }

  return { node, paint, focus };
}

/** Say an answer; a number or words stand as they are. */
export function answerWord(answer) {
  switch (answer) {
    case "yes":
      return pgettext("answer", "yes");
    case "no":
      return pgettext("answer", "no");
    case "unknown":
      return pgettext("answer", "not known");
    case "done":
      return pgettext("answer", "read out");
    default:
      return answer;
  }
}

/**
 * Make the block of an incident's answers for its card of facts.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @returns {HTMLElement[]} nothing before something was asked
 */
export function answerBlock(incident, desk) {
  const rows = desk.store.ofIncident("card_answer", incident.id);
  if (!rows.length) return [];
  const lines = rows.flatMap((row) => [el("dt", { text: desk.cards.text(row) }), el("dd", { text: answerWord(row.answer) })]);
  return [el("h4", { text: fill(gettext("Asked and answered (%(count)s)"), { count: rows.length }) }), el("dl.facts.answers", {}, ...lines)];
}
