/**
 * Times as they stand on a card: "1432", "143205" or "27 1432" of the city, within an outage; pure.
 */

const CITY_OFFSET_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
const WRITTEN = /^(?:(\d{1,2})\s+)?(\d{2}):?(\d{2})(?::?(\d{2}))?$/;

/**
 * Read a time of a card as a moment.
 * @param {string} text "1432", "14:32", "143205", or with the day of the month before it
 * @param {number} from the earliest moment that it can be, milliseconds
 * @param {number} to the latest
 * @returns {number|null} the latest such moment not after `to`; null when nothing fits or the text is no time
 */
export function readTime(text, from, to) {
  const found = WRITTEN.exec(text.trim());
  if (!found) return null;
  const [, day, hour, minute, second = "0"] = found;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const ofDay = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
  const lastDay = Math.floor((to + CITY_OFFSET_MS) / DAY_MS) * DAY_MS - CITY_OFFSET_MS;
  for (let start = lastDay; start + DAY_MS > from; start -= DAY_MS) {
    const at = start + ofDay;
    const isDay = !day || new Date(start + CITY_OFFSET_MS).getUTCDate() === Number(day);
    if (isDay && at <= to && at >= from) return at;
  }
  return null;
}

const STEPS = ["sent_at", "departed_at", "arrived_at", "finished_at"];

/**
 * Read a line of a card: unit, ordered, departed, there, finished, result; what is not known is a dash or left out.
 * @param {string} text e.g. "C101 1433 1435 1440 1510 RS16"
 * @param {{units: Array<{id: number, call_sign: string, label: string}>, from: number, to: number}} known
 * @returns {{order: object|null, wrong: string}} `wrong` is "" or the word that cannot be read
 */
export function readOrder(text, { units, from, to }) {
  const words = text.trim().toUpperCase().split(/\s+/);
  const unit = units.find((one) => one.call_sign.toUpperCase() === words[0] || one.label === words[0]);
  if (!unit) return { order: null, wrong: words[0] };
  const order = { unit: unit.id };
  let before = from;
  let step = 0;
  for (const word of words.slice(1)) {
    if (/^RS\d+$/.test(word)) {
      order.result_code = word;
      continue;
    }
    const name = STEPS[step];
    step += 1;
    if (word === "-" || word === "—") continue;
    const at = name ? readTime(word, before, to) : null;
    if (at === null) return { order: null, wrong: word };
    order[name] = new Date(at).toISOString();
    before = at;
  }
  if (!order.sent_at) return { order: null, wrong: words[0] };
  if (order.finished_at && !order.result_code) return { order: null, wrong: "RS" };
  return { order, wrong: "" };
}
