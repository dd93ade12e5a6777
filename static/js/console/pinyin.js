/**
 * First letters of Chinese words, for searching short lists such as the incident types; pure.
 *
 * The browser's own collation knows the pinyin order of all common characters: the letter of a
 * character is that of the last boundary before it. Characters with two readings get the common one.
 */

const BOUNDARIES = [
  ["a", "阿"],
  ["b", "八"],
  ["c", "嚓"],
  ["d", "哒"],
  ["e", "蛾"],
  ["f", "发"],
  ["g", "旮"],
  ["h", "哈"],
  ["j", "讥"],
  ["k", "咔"],
  ["l", "垃"],
  ["m", "妈"],
  ["n", "拿"],
  ["o", "噢"],
  ["p", "趴"],
  ["q", "七"],
  ["r", "然"],
  ["s", "仨"],
  ["t", "他"],
  ["w", "哇"],
  ["x", "夕"],
  ["y", "丫"],
  ["z", "匝"],
];
const collator = new Intl.Collator("zh-Hans-CN-u-co-pinyin");
const HAN = /[\u4e00-\u9fff]/u;

/**
 * Write the pinyin initials of a text; other letters and digits stay, the rest is left out.
 * @param {string} text such as 盗窃自行车
 * @returns {string} such as `dqzxc`
 */
export function initials(text) {
  let letters = "";
  for (const character of text.toLowerCase()) {
    if (HAN.test(character)) letters += letterOf(character);
    else if (/[a-z0-9]/.test(character)) letters += character;
  }
  return letters;
}

function letterOf(character) {
  let letter = "a";
  for (const [name, first] of BOUNDARIES) {
    if (collator.compare(character, first) < 0) break;
    letter = name;
  }
  return letter;
}

/**
 * Search code rows by code, Chinese, English or pinyin initials.
 * @param {Array<{code: string, zh: string, en: string}>} rows
 * @param {string} query what was typed
 * @param {number} limit how many to return
 * @returns {object[]} the best rows first
 */
export function searchCodes(rows, query, limit = 8) {
  const asked = query.normalize("NFKC").trim().toLowerCase();
  if (!asked) return [];
  const ranked = [];
  for (const [place, row] of rows.entries()) {
    const rank = rankOf(row, asked);
    if (rank !== null) ranked.push({ row, rank, place });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, limit)
    .map(({ row }) => row);
}

function rankOf(row, asked) {
  if (row.code.toLowerCase() === asked) return 0;
  if (row.code.toLowerCase().startsWith(asked)) return 1 + row.code.length / 100;
  if (row.zh.startsWith(asked)) return 2 + row.zh.length / 100;
  if (row.zh.includes(asked)) return 3 + row.zh.length / 100;
  if (/^[a-z0-9]+$/.test(asked)) {
    const letters = initials(row.zh);
    if (letters.startsWith(asked)) return 4 + letters.length / 100;
    if (asked.length > 1 && letters.includes(asked)) return 5 + letters.length / 100;
    if (asked.length > 2 && inOrder(letters, asked)) return 6 + letters.length / 100;
  }
  if (asked.length > 1 && row.en.toLowerCase().includes(asked)) return 7;
  return asked.length > 2 && inOrder(row.zh, asked) ? 8 : null;
}

/** Tell whether all characters occur in this order: 盗电动 finds 盗窃电动自行车. */
function inOrder(text, asked) {
  let at = -1;
  for (const character of asked) {
    at = text.indexOf(character, at + 1);
    if (at < 0) return false;
  }
  return true;
}
