/** Question cards (微预案, M63) as `GET /api/cards/` tells them: what is asked, read out and ticked off, by type. Pure. */

/** Cards of a page that has not read them yet. */
export const NO_CARDS = Object.freeze({ version: 0, words: {}, coded: [], cards: { "": { questions: [], checklist: [] } } });

/**
 * Look cards up.
 * @param {object} told the answer of `GET /api/cards/`
 * @param {string} language of the page, such as `zh-hans`
 * @returns {{version: number, of: Function, coded: object[], words: Function, text: Function}}
 */
export function makeCards(told, language) {
  const chinese = language.toLowerCase().startsWith("zh");
  /** Find the card of the longest code that a type begins with. */
  const of = (type) => {
    for (let length = String(type ?? "").length; length > 0; length -= 1) {
      const found = told.cards[type.slice(0, length)];
      if (found) return found;
    }
    return told.cards[""];
  };
  /** Say a question or a step in the page's language. */
  const text = (one) => (chinese ? one.zh : one.en);
  /** Say words such as the opening (`opening`) with their values; an unknown place stays as it is. */
  const words = (name, values = {}) => {
    const template = told.words[`${name}_${chinese ? "zh" : "en"}`] ?? "";
    return template.replace(/\{(\w+)\}/g, (whole, place) => (place in values ? String(values[place]) : whole));
  };
  return { version: told.version, of, coded: told.coded, words, text };
}

/**
 * List what is to be asked: the script of a coded call first (R18), then the card of the type, each key once.
 * @param {object} cards from `makeCards`
 * @param {string} type code of the incident type, "" when nobody has said it
 * @param {boolean} coded whether the caller cannot speak freely
 * @returns {object[]} questions
 */
export function questionsFor(cards, type, coded) {
  const first = coded ? cards.coded : [];
  const keys = new Set(first.map((one) => one.key));
  return [...first, ...cards.of(type).questions.filter((one) => !keys.has(one.key))];
}

/**
 * Read one key as the answer to a question: 1 or Y, 2 or N, 3 or U; a "say" is done with 1, Y or Enter.
 * @returns {string|null} `null` when the key is no answer
 */
export function answerOfKey(kind, key) {
  const plain = key.normalize("NFKC").toLowerCase();
  if (kind === "yesno") return { 1: "yes", y: "yes", 2: "no", n: "no", 3: "unknown", u: "unknown" }[plain] ?? null;
  if (kind === "say") return ["1", "y", "enter"].includes(plain) ? "done" : null;
  return null;
}

/** Tell what a typed answer is; `null` for an empty one or a number that is none. */
export function answerOfText(kind, text) {
  const plain = text.normalize("NFKC").trim();
  if (kind === "count") return /^\d{1,6}$/.test(plain) ? String(Number(plain)) : null;
  return plain || null;
}

/** Find the next question without an answer after a place, from the beginning if need be; -1 when all are answered. */
export function nextOpen(questions, answers, from) {
  const order = [...questions.keys()].map((at) => (at + from) % Math.max(1, questions.length));
  return order.find((at) => !(questions[at].key in answers)) ?? -1;
}

/** Turn an answer into the value of the field that it fills; `undefined` when it fills nothing. */
export function filledBy(question, answer) {
  if (!question.fills) return undefined;
  if (question.kind === "yesno") return answer;
  if (answer === "unknown") return undefined;
  return question.kind === "count" ? Number(answer) : answer;
}
