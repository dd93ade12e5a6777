/**
 * Words on the screen: gettext over Django's JavaScript catalogue, and the names of states and codes.
 *
 * Django's catalogue puts its functions on `globalThis.django`. Without it (in Node) the English
 * message ids are shown, so every pure module can be tested without a browser.
 */

/**
 * Translate a message.
 * @param {string} msgid English message
 * @returns {string} the message in the page's language
 */
export function gettext(msgid) {
  const catalogue = globalThis.django;
  return catalogue?.gettext ? catalogue.gettext(msgid) : msgid;
}

/**
 * Translate a message that means different things in different places.
 * @param {string} context where it stands, such as `unit` or `stage`
 * @param {string} msgid English message
 * @returns {string} the message in the page's language
 */
export function pgettext(context, msgid) {
  const catalogue = globalThis.django;
  return catalogue?.pgettext ? catalogue.pgettext(context, msgid) : msgid;
}

/**
 * Translate a message with a number in it.
 * @param {string} singular English message for one
 * @param {string} plural English message for another number
 * @param {number} count the number that decides
 * @returns {string} the message in the page's language
 */
export function ngettext(singular, plural, count) {
  const catalogue = globalThis.django;
  if (catalogue?.ngettext) return catalogue.ngettext(singular, plural, count);
  return count === 1 ? singular : plural;
}

/**
 * Put values into the named placeholders of a translated message.
 * @param {string} message text with placeholders such as `%(unit)s`
 * @param {Object<string, string|number>} values by placeholder name
 * @returns {string} the filled message; an unknown placeholder stays as it is
 */
export function fill(message, values) {
  return message.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * Look words up in the code tables of `GET /api/codes/`.
 * @param {Object<string, Array<{code: string, zh: string, en: string}>>} tables by table name
 * @param {string} language language of the page, such as `zh-hans` or `en`
 * @returns {{word: Function, code: Function, list: Function, language: string}}
 */
export function makeCodes(tables, language) {
  const chinese = language.toLowerCase().startsWith("zh");
  const byTable = new Map();
  for (const [name, rows] of Object.entries(tables)) {
    byTable.set(name, new Map(rows.map((row) => [row.code, row])));
  }
  /** Find the whole row of a code, `null` when the table does not know it. */
  const code = (table, key) => byTable.get(table)?.get(key) ?? null;
  /** Say a code in the page's language; an unknown code is shown as it is, an empty one as "". */
  const word = (table, key) => {
    if (key === null || key === undefined || key === "") return "";
    const row = code(table, key);
    if (!row) return String(key);
    return (chinese ? row.zh : row.en) || row.zh || String(key);
  };
  /** List the rows of a table in the table's order. */
  const list = (table) => [...(byTable.get(table)?.values() ?? [])];
  return { word, code, list, language };
}

/** Say the stage of an incident. */
export function stageWord(stage) {
  switch (stage) {
    case "new": return pgettext("stage", "new");
    case "pending": return pgettext("stage", "pending");
    case "dispatched": return pgettext("stage", "dispatched");
    case "accepted": return pgettext("stage", "accepted");
    case "en_route": return pgettext("stage", "en route");
    case "on_scene": return pgettext("stage", "on scene");
    case "handled": return pgettext("stage", "handled");
    case "reported": return pgettext("stage", "reported");
    case "review": return pgettext("stage", "in review");
    case "closed": return pgettext("stage", "closed");
    case "archived": return pgettext("stage", "archived");
    case "merged": return pgettext("stage", "merged");
    case "handed_over": return pgettext("stage", "handed over");
    case "cancelled": return pgettext("stage", "cancelled");
    case "invalid": return pgettext("stage", "invalid");
    default: return String(stage ?? "");
  }
}

/** Say the state of an assignment. */
export function assignmentWord(state) {
  switch (state) {
    case "dispatched": return pgettext("assignment", "sent");
    case "delivered": return pgettext("assignment", "delivered");
    case "accepted": return pgettext("assignment", "accepted");
    case "en_route": return pgettext("assignment", "en route");
    case "on_scene": return pgettext("assignment", "on scene");
    case "finished": return pgettext("assignment", "finished");
    case "refused": return pgettext("assignment", "refused");
    case "withdrawn": return pgettext("assignment", "withdrawn");
    default: return String(state ?? "");
  }
}

/** Say the duty status of a unit. */
export function statusWord(status) {
  switch (status) {
    case "off_duty": return pgettext("unit", "off duty");
    case "available": return pgettext("unit", "available");
    case "on_task": return pgettext("unit", "on task");
    case "assigned": return pgettext("unit", "assigned");
    case "en_route": return pgettext("unit", "en route");
    case "on_scene": return pgettext("unit", "on scene");
    case "transporting": return pgettext("unit", "transporting");
    case "break": return pgettext("unit", "break");
    case "out_of_service": return pgettext("unit", "out of service");
    default: return String(status ?? "");
  }
}

/** Say the state of a call. */
export function callWord(state) {
  switch (state) {
    case "waiting": return pgettext("call", "waiting");
    case "in_progress": return pgettext("call", "in progress");
    case "wrap_up": return pgettext("call", "wrap-up");
    case "done": return pgettext("call", "done");
    case "lost": return pgettext("call", "lost");
    default: return String(state ?? "");
  }
}

/** Say the purpose of an assignment. */
export function purposeWord(purpose) {
  switch (purpose) {
    case "first": return pgettext("purpose", "first response");
    case "support": return pgettext("purpose", "support");
    case "relief": return pgettext("purpose", "relief");
    case "directive": return pgettext("purpose", "directive");
    case "self": return pgettext("purpose", "self-initiated");
    default: return String(purpose ?? "");
  }
}

/** Say how a call was entered afterwards. */
export function sourceWord(source) {
  switch (source) {
    case "offline": return gettext("queue of a console");
    case "spool": return gettext("emergency spool");
    case "paper": return gettext("paper card");
    default: return "";
  }
}

/** Say what an alert is about. */
export function alertWord(kind) {
  switch (kind) {
    case "emergency": return gettext("Officer emergency");
    case "backup_requested": return gettext("Backup requested");
    case "refused": return gettext("Order refused");
    case "undelivered": return gettext("Order not delivered");
    case "unaccepted": return gettext("Order not accepted");
    case "order_overdue": return gettext("No order sent in time");
    case "late5": return gettext("Five minutes passed");
    case "late10": return gettext("Ten minutes passed");
    case "transfer_unanswered": return gettext("Transfer without a receipt");
    case "premise_review": return gettext("A premise note waits for its review");
    case "case_unsent": return gettext("Case not passed on");
    case "transfer_unsent": return gettext("Transfer not sent");
    case "transfer_returned": return gettext("Transfer returned");
    case "supervision_due": return gettext("Supervision order nearly due");
    case "supervision_overdue": return gettext("Supervision order overdue");
    case "approval_asked": return gettext("An approval is asked for");
    case "retention_late": return gettext("Personal data not redacted in time");
    case "return_overdue": return gettext("Not back in time");
    case "watch_asked": return gettext("A watch entry waits for approval");
    case "watch_hit": return gettext("Watch hit");
    case "review_task_overdue": return gettext("Task from a review overdue");
    case "export_limit": return gettext("Export limit reached");
    case "directive_issued": return gettext("Directive issued");
    case "prompt_unanswered": return gettext("Status prompt not answered");
    case "flag_asked": return gettext("A flag waits for approval");
    case "grid_reopened": return gettext("A dispute broke out again");
    case "grid_overdue": return gettext("Grid task overdue");
    case "grid_returned": return gettext("Grid task given back");
    case "grid_urgent": return gettext("Urgent report of the grid");
    case "grid_waiting": return gettext("A report of the grid waits");
    case "partner_asked": return gettext("A partner team waits for approval");
    case "call_spooled": return gettext("Call out of the emergency spool");
    case "card_unchecked": return gettext("P1 card waits for a second person");
    case "text_failed": return gettext("Text not sent");
    case "not_departed": return gettext("Not departed");
    case "unreported": return gettext("Report overdue");
    case "delayed": return gettext("Unit reports a delay");
    case "late_unexplained": return gettext("Late, no reason given");
    case "handed_on": return gettext("Hand-over waits for its receipt");
    case "unit_silent": return gettext("Unit gone silent");
    case "withdrawal_unconfirmed": return gettext("Withdrawal not confirmed");
    case "at_risk": return gettext("Will probably be late");
    case "swap_proposed": return gettext("A nearer unit is free");
    case "sweep_failed": return gettext("Deadline check failed");
    default: return String(kind ?? "");
  }
}

/** Say the mode of an incident. */
export function modeWord(mode) {
  switch (mode) {
    case "routine": return pgettext("mode", "routine");
    case "stake_out": return pgettext("mode", "stake-out");
    case "pursuit": return pgettext("mode", "pursuit");
    case "interception": return pgettext("mode", "interception");
    default: return String(mode ?? "");
  }
}

/** Say what a deadline is about. */
export function deadlineWord(kind) {
  switch (kind) {
    case "order": return pgettext("deadline", "order");
    case "deliver": return pgettext("deadline", "delivery");
    case "accept": return pgettext("deadline", "acceptance");
    case "depart": return pgettext("deadline", "departure");
    case "arrive": return pgettext("deadline", "arrival");
    case "report": return pgettext("deadline", "report");
    case "prompt": return pgettext("deadline", "next status prompt");
    case "answer": return pgettext("deadline", "answer to the prompt");
    case "arrive5_a": return pgettext("deadline", "5 min from the answer");
    case "arrive10_a": return pgettext("deadline", "10 min from the answer");
    case "arrive5_b": return pgettext("deadline", "5 min from the order");
    case "arrive10_b": return pgettext("deadline", "10 min from the order");
    default: return String(kind ?? "");
  }
}

/** Tell shape and level of a unit's status; both are always shown together with the word. */
export function statusMark(status) {
  switch (status) {
    case "available": return { shape: "circle", level: "normal" };
    case "on_task": return { shape: "half", level: "normal" };
    case "assigned": return { shape: "arrow-hollow", level: "standby" };
    case "en_route": return { shape: "chevrons", level: "standby" };
    case "on_scene": return { shape: "square", level: "standby" };
    case "transporting": return { shape: "house", level: "standby" };
    case "break": return { shape: "pause", level: "off" };
    case "out_of_service": return { shape: "cross", level: "off" };
    default: return { shape: "bar", level: "off" };
  }
}

/** Tell the shape of a level of severity (targets 4.2). */
export function levelShape(level) {
  switch (level) {
    case "critical": return "triangle";
    case "serious": return "diamond";
    case "caution": return "square";
    case "normal": return "circle";
    case "standby": return "ring";
    default: return "bar";
  }
}

/** Write a phone number in groups of 3-4-4; other numbers stay as they are. */
export function threeFourFour(phone) {
  const digits = /^(\d{3})(\d{4})(\d{4})$/.exec(phone ?? "");
  return digits ? `${digits[1]} ${digits[2]} ${digits[3]}` : phone ?? "";
}
