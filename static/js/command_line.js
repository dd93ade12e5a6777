/**
 * The grammar of the command line: text to command and back, without any knowledge of the board.
 *
 *     派 C101 C102 #241        D C101 #241 : by the back gate        C101 到        P2 #241
 *     verb, units, code, level, incident, then text; the text may stand after a colon
 *
 * Full-width characters, Chinese punctuation and small letters are understood everywhere; free text
 * is kept as it was typed. `parse(print(command))` gives the same command back.
 */

/** Every verb: how it is printed, how it may be written, and what may follow it. */
export const VERBS = {
  take: { print: "接", names: ["接", "接警", "接听", "jj", "take", "t"], takes: [] },
  new: { print: "新", names: ["新", "新建", "新警", "xj", "new", "n"], takes: [] },
  place: { print: "地", names: ["地", "地点", "dd", "place"], takes: ["incident", "text"] },
  type: { print: "类", names: ["类", "类型", "类别", "lx", "lb", "type"], takes: ["typecode", "incident", "text"] },
  priority: { print: "级", names: ["级", "等级", "dj", "priority", "p"], takes: ["level", "incident", "text"] },
  order: {
    print: "派",
    names: ["派", "派警", "派单", "pj", "order", "send", "d"],
    takes: ["units", "incident", "text"],
  },
  withdraw: { print: "撤", names: ["撤", "撤回", "ch", "withdraw", "w"], takes: ["units", "code", "incident", "text"] },
  note: { print: "注", names: ["注", "备注", "bz", "note"], takes: ["incident", "text"] },
  find: { print: "找", names: ["找", "查", "查找", "cz", "find", "f"], takes: ["text"] },
  show: { print: "看", names: ["看", "查看", "ck", "show"], takes: ["incident"] },
  accept: { print: "签", names: ["签", "签收", "qs", "accept", "a"], takes: ["units", "incident"] },
  depart: { print: "出", names: ["出", "出警", "出发", "cj", "depart"], takes: ["units", "incident"] },
  arrive: { print: "到", names: ["到", "到场", "到达", "dc", "arrive"], takes: ["units", "incident"] },
  finish: {
    print: "完",
    names: ["完", "完毕", "处置完毕", "wb", "finish"],
    takes: ["units", "code", "incident", "text"],
  },
  told: { print: "告", names: ["告", "告知", "gz", "told"], takes: ["units", "incident"] },
  urge: { print: "催", names: ["催", "催办", "cb", "urge", "u"], takes: ["units", "incident", "text"] },
  status: { print: "状", names: ["状", "状态", "zt", "status"], takes: ["units", "text"] },
  calm: { print: "解", names: ["解", "解除", "jc", "calm"], takes: ["units"] },
  delivered: { print: "达", names: ["达", "送达", "sd", "delivered"], takes: ["units", "incident"] },
  returned: { print: "归", names: ["归", "撤回确认", "chqr", "returned"], takes: ["units", "incident"] },
  delay: { print: "迟", names: ["迟", "晚到", "wd", "delay"], takes: ["units", "code", "incident", "text"] },
  swap: { print: "换", names: ["换", "换派", "hp", "swap"], takes: ["units"] },
  report: { print: "报", names: ["报", "反馈", "fk", "report"], takes: ["units", "incident", "text"] },
  join: { print: "附", names: ["附", "附警", "fj", "join", "j"], takes: ["incident"] },
  end: { print: "结", names: ["结", "结束", "js", "end"], takes: ["code"] },
  open: { print: "立", names: ["立", "立警", "la", "open"], takes: [] },
  supplement: { print: "补", names: ["补", "补充", "bc", "supplement"], takes: ["text"] },
  hangup: { print: "挂", names: ["挂", "挂机", "gj", "hangup"], takes: [] },
  callback: { print: "拨", names: ["拨", "回拨", "hb", "callback"], takes: [] },
  pass: { print: "转", names: ["转", "转办", "zb", "pass"], takes: [] },
  write: { print: "复", names: ["复", "回复", "hf", "write"], takes: [] },
  flag: { print: "标", names: ["标", "标记", "bj", "flag"], takes: ["text"] },
  facts: { print: "改", names: ["改", "修改", "xg", "facts"], takes: ["incident"] },
  person: { print: "人员", names: ["人员", "ry", "person"], takes: ["incident"] },
  vehicle: { print: "车辆", names: ["车辆", "cl", "vehicle"], takes: ["incident"] },
  property: { print: "物品", names: ["物品", "wp", "property"], takes: ["incident"] },
  receipt: { print: "悉", names: ["悉", "知会", "zh", "receipt"], takes: ["incident", "text"] },
  mode: { print: "模式", names: ["模式", "ms", "mode"], takes: ["incident", "text"] },
  merge: { print: "并", names: ["并", "合并", "hbjq", "merge", "m"], takes: ["incident", "into", "text"] },
  handover: { print: "移", names: ["移", "移交", "yj", "handover"], takes: ["incident", "text"] },
  fusion: { print: "合成", names: ["合成", "合成作战", "hc", "fusion"], takes: ["incident", "text"] },
  watch: { print: "布控", names: ["布控", "bk", "watch"], takes: ["incident", "text"] },
  grid: { print: "网格", names: ["网格", "wg", "grid"], takes: ["incident", "text"] },
  partner: { print: "联动", names: ["联动", "ld", "partner"], takes: ["incident", "text"] },
  directive: { print: "指令", names: ["指令", "zl", "directive"], takes: ["incident", "text"] },
  intercept: { print: "堵截", names: ["堵截", "卡点", "kadian", "intercept"], takes: ["incident"] },
  breakoff: { print: "停", names: ["停", "停止追击", "tz", "breakoff"], takes: ["incident", "text"] },
  suspect: { print: "嫌疑", names: ["嫌疑", "嫌疑人", "xy", "suspect"], takes: ["incident"] },
  supervise: { print: "督", names: ["督", "督办", "db", "supervise"], takes: ["incident", "text"] },
  noattendance: { print: "免", names: ["免", "免出警", "mcj", "noattendance"], takes: ["code", "incident", "text"] },
  submit: { print: "审", names: ["审", "送审", "ss", "submit"], takes: ["incident"] },
  approve: { print: "准", names: ["准", "审结", "sj", "approve"], takes: ["incident"] },
  sendback: { print: "驳", names: ["驳", "退回", "tui", "sendback"], takes: ["incident", "text"] },
  cancel: { print: "销", names: ["销", "撤销", "cx", "cancel"], takes: ["code", "incident", "text"] },
  invalidate: { print: "废", names: ["废", "无效", "wx", "invalidate"], takes: ["incident", "text"] },
  reopen: { print: "启", names: ["启", "重启", "cq", "reopen"], takes: ["incident", "text"] },
  rank: { print: "荐", names: ["荐", "推荐", "tj", "rank"], takes: [] },
  close: { print: "封", names: ["封", "封路", "fl", "close"], takes: [] },
  closures: { print: "封闭", names: ["封闭", "fb", "closures"], takes: [] },
  shelve: { print: "搁", names: ["搁", "搁置", "gezhi", "shelve"], takes: ["text"] },
  changed: { print: "变", names: ["变", "变化", "bh", "changed"], takes: [] },
  pin: { print: "密", names: ["密", "设密", "sm", "pin"], takes: [] },
  lock: { print: "锁", names: ["锁", "锁屏", "sp", "lock"], takes: [] },
  acknowledge: { print: "知", names: ["知", "知悉", "确认", "zx", "acknowledge", "ack"], takes: [] },
  undo: { print: "回", names: ["回", "回退", "ht", "undo"], takes: [] },
  help: { print: "?", names: ["?", "帮助", "help", "h"], takes: [] },
};

const SEPARATORS = /[\s,，、;；。]+/u;
const UNIT = /^(?!P[1-4]$|(?:CX|RS|OV|DL|CK)\d{1,2}$)(?:[A-Z]{1,3}\d{1,4}|[\u4e00-\u9fff]{1,3}\d{1,4}|\d{3,4})$/u;
const INCIDENT = /^#(\d{1,12})$/;
const CODE = /^(?:CX|RS|OV|DL|CK)\d{1,2}$/;
const LEVEL = /^P?([1-4])$/;
const TYPE_CODE = /^\d{2,6}$/;
const HAN = /^[\u4e00-\u9fff]/u;

const BY_NAME = new Map(Object.entries(VERBS).flatMap(([verb, { names }]) => names.map((name) => [name, verb])));
const HAN_NAMES = [...BY_NAME.keys()].filter((name) => HAN.test(name)).sort((a, b) => b.length - a.length);
const LONG_NAMES = [...BY_NAME.keys()].filter((name) => /^[a-z]{4,}$/.test(name));

/** Bring text to one form: NFKC, no invisible characters, capitals. */
export function normalise(text) {
  return text
    .normalize("NFKC")
    .replace(/[\u200b-\u200f\u2060\ufeff]/gu, "")
    .toUpperCase();
}

function command(verb, facts = {}) {
  return { verb, units: [], incident: null, into: null, code: null, level: null, text: "", ...facts };
}

/**
 * Read one line.
 * @param {string} line what was typed
 * @returns {object|null} `{verb, units, incident, into, code, level, text}`; `verb` is null and `word` the
 *   first word when no verb was understood; null for an empty line
 */
export function parse(line) {
  const tokens = tokenise(line);
  if (!tokens.length) return null;
  const before = { units: [], incident: null };
  let next = 0;
  for (; next < tokens.length; next += 1) {
    const { norm } = tokens[next];
    if (INCIDENT.test(norm)) before.incident = plain(INCIDENT.exec(norm)[1]);
    else if (UNIT.test(norm) && !gluedVerb(norm)) before.units.push(norm);
    else break;
  }
  if (next === tokens.length)
    return before.units.length ? command(null, { ...before, word: tokens[0].raw }) : command("show", before);
  const found = readVerb(tokens[next]);
  if (!found) return command(null, { ...before, word: tokens[next].raw });
  const rest = found.rest ? [found.rest, ...tokens.slice(next + 1)] : tokens.slice(next + 1);
  return readArguments(found.verb, before, rest, line);
}

function tokenise(line) {
  const tokens = [];
  let at = 0;
  for (const raw of line.split(SEPARATORS)) {
    if (!raw) continue;
    const start = line.indexOf(raw, at);
    at = start + raw.length;
    tokens.push(...parted(raw, start, tokens.length === 0));
  }
  return tokens;
}

/** A report such as C101到 is a unit and a verb; only the first word is taken apart. */
function parted(raw, start, first) {
  const glued = first ? /^([A-Za-zＡ-Ｚａ-ｚ]{1,3}[\d０-９]{1,4})(\p{Script=Han}+)$/u.exec(raw) : null;
  if (!glued || !BY_NAME.has(glued[2])) return [token(raw, start)];
  return [token(glued[1], start), token(glued[2], start + glued[1].length)];
}

function token(raw, start) {
  return { raw, start, norm: normalise(raw) };
}

function readVerb(first) {
  const name = first.norm.toLowerCase();
  if (BY_NAME.has(name)) return { verb: BY_NAME.get(name) };
  const level = /^p([1-4])$/.exec(name);
  if (level) return { verb: "priority", rest: token(first.raw.slice(-1), first.start + first.raw.length - 1) };
  const colon = first.raw.search(/[:：]/u);
  const glued = gluedVerb(first.norm) ?? (colon > 0 && BY_NAME.has(name.slice(0, colon)) ? name.slice(0, colon) : null);
  if (glued)
    return { verb: BY_NAME.get(glued), rest: token(first.raw.slice(glued.length), first.start + glued.length) };
  const verb = nearVerb(name);
  return verb ? { verb } : null;
}

/** Find a Chinese verb at the beginning of a word, as in 派C101. A call sign such as 巡101 is none. */
function gluedVerb(norm) {
  return HAN_NAMES.find((name) => norm.startsWith(name)) ?? null;
}

function nearVerb(name) {
  if (!/^[a-z]{2,}$/.test(name)) return null;
  const begun = new Set(LONG_NAMES.filter((long) => long.startsWith(name)).map((long) => BY_NAME.get(long)));
  if (begun.size === 1) return [...begun][0];
  if (name.length < 4) return null;
  const close = new Set(LONG_NAMES.filter((long) => distance(long, name) <= 1).map((long) => BY_NAME.get(long)));
  return close.size === 1 ? [...close][0] : null;
}

/** Count the edits between two words: insert, delete, replace, swap of neighbours. */
export function distance(a, b) {
  const table = [...Array(a.length + 1)].map((_, row) => [row, ...Array(b.length).fill(0)]);
  for (let column = 0; column <= b.length; column += 1) table[0][column] = column;
  for (let row = 1; row <= a.length; row += 1) {
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + same);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, table[row - 2][column - 2] + 1);
      }
      table[row][column] = best;
    }
  }
  return table[a.length][b.length];
}

function readArguments(verb, before, tokens, line) {
  const takes = new Set(VERBS[verb].takes);
  const read = command(verb, {
    units: takes.has("units") ? [...new Set(before.units)] : [],
    incident: takes.has("incident") ? before.incident : null,
  });
  for (let next = 0; next < tokens.length; next += 1) {
    const here = tokens[next];
    const colon = here.raw.search(/[:：]/u);
    if (colon >= 0 && takes.has("text")) {
      const head = token(here.raw.slice(0, colon), here.start);
      if (!head.raw || readOne(read, takes, head.norm))
        return { ...read, text: clean(line.slice(here.start + colon + 1)) };
    }
    if (readOne(read, takes, here.norm)) continue;
    if (takes.has("text")) return withText(read, takes, line.slice(here.start));
  }
  return read;
}

function readOne(read, takes, norm) {
  const incident = INCIDENT.exec(norm);
  if (incident && takes.has("incident") && read.incident === null) {
    read.incident = plain(incident[1]);
    return true;
  }
  if (incident && takes.has("into") && read.into === null) {
    read.into = plain(incident[1]);
    return true;
  }
  const level = LEVEL.exec(norm);
  if (takes.has("level") && read.level === null && level) read.level = Number(level[1]);
  else if (takes.has("typecode") && read.code === null && TYPE_CODE.test(norm)) read.code = norm;
  else if (takes.has("code") && read.code === null && CODE.test(norm)) read.code = norm;
  else if (takes.has("units") && UNIT.test(norm) && !read.text) {
    if (!read.units.includes(norm)) read.units.push(norm);
  } else return false;
  return true;
}

/** Take the rest as text; an incident number at its very end belongs to the command (地 中山公园 #241). */
function withText(read, takes, rest) {
  let text = clean(rest);
  const last = /[\s,，、;；。]([#＃][\d０-９]+)$/u.exec(text);
  if (last && read.incident === null && takes.has("incident")) {
    read.incident = plain(INCIDENT.exec(normalise(last[1]))[1]);
    text = clean(text.slice(0, last.index));
  }
  return { ...read, text };
}

function clean(text) {
  return text.replace(/\s+/gu, " ").trim();
}

function plain(digits) {
  return digits.replace(/^0+(?=\d)/, "");
}

/**
 * Write a command in its usual form.
 * @param {object} read a command as `parse` gives it
 * @returns {string} one line that `parse` reads as the same command
 */
export function print(read) {
  const { print: word } = VERBS[read.verb];
  const parts = [word, ...read.units];
  if (read.level !== null) parts.push(String(read.level));
  if (read.code !== null) parts.push(read.code);
  if (read.incident !== null) parts.push(`#${read.incident}`);
  if (read.into !== null) parts.push(`#${read.into}`);
  const head = parts.join(" ");
  return read.text ? `${head} ：${read.text}` : head;
}
