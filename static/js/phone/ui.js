/** What stands on the glass: header, screen, sheet, and the one big button at its one place. */

import { counter, formatTime, timeLeft } from "../clock.js";
import { isOpen, REFUSED } from "../outbox.js";
import { fill, gettext, statusWord } from "../words.js";
import { moveTitle } from "./acts.js";
import { byId, el, say } from "./dom.js";
import { linkWords, makeScreen } from "./screens.js";
import { arrestSheet } from "./sheet_arrest.js";
import { backupSheet, delaySheet, finishSheet, refuseSheet } from "./sheet_order.js";
import { endSheet, leaveSheet, menuSheet, outboxSheet, settingsSheet, reasonOf } from "./sheet_menu.js";
import { meritSheet } from "./sheet_merit.js";
import { pinSheet } from "./sheet_pin.js";
import { handOnSheet, takenSheet } from "./sheet_hand_on.js";
import { correctSheet, reportSheet, subjectOf } from "./sheet_report.js";
import { discoverySheet, shiftSheet, statusSheet } from "./sheet_unit.js";
import { findingWords } from "./findings.js";
import { directiveWords } from "./directives.js";
import { alarmOf, buttonsOf, isHollow, isQuiet, isUnconfirmed, screenOf, STEP_GUARD_MS, unheardFinding, unheardNews } from "./state.js";

const SHEETS = {
  menu: menuSheet, outbox: outboxSheet, settings: settingsSheet, leave: leaveSheet, end: endSheet, pin: pinSheet, merit: meritSheet,
  report: reportSheet, finish: finishSheet, refuse: refuseSheet, delay: delaySheet, backup: backupSheet,
  arrest: arrestSheet, hand_on: handOnSheet, taken: takenSheet, correct: correctSheet,
  status: statusSheet, discovery: discoverySheet, shift: shiftSheet,
};
const DIRECTED = ["directive", "prompt", "broken"];
const FOUND = ["clue", "position", ...DIRECTED];
const NEEDS_ORDER = ["finish", "refuse", "delay", "backup", "arrest", "hand_on", "taken"];
const NEEDS_UNIT = ["end", "status", "discovery"];
const OUTSIDE_SHIFT = ["menu", "outbox", "settings", "pin", "merit", "leave"];

/**
 * Make the page.
 * @param {object} app from `app.js`, with `link ended open close refresh notify leave` set by `phone.js`
 * @param {object} parts `{place, alarm, step}`: `step` carries out a step of the big button
 */
export function makeUi(app, { place, alarm, step }) {
  let screen = { node: [], tick: () => {} };
  let drawn = "";
  let sheet = null;
  let sheetName = "";
  let guardedUntil = 0;
  let notice = null;

  byId("next").addEventListener("click", pressed);

  /** Bring the whole page up to date; cheap when nothing has changed. */
  function render() {
    const view = app.view();
    const name = screenOf(view);
    document.body.dataset.screen = app.ended() ? "ended" : name;
    paintHeader(view);
    paintNotice();
    paintDuty(view);
    paintScreen(view);
    paintSheet(view, name);
    paintButtons(view);
    paintAlarm(view);
    sayNews(view);
    sayFinding(view);
    tick();
  }

  /** What runs with the clock, once a second. */
  function tick() {
    const now = app.clock.now();
    screen.tick(now);
    paintStrip();
    paintPlace();
    paintLimit(now);
    if (!sheet) say(byId("next-hint"), app.ended() ? "" : arrivalHint(app) || hintOf(app.view(), now));
    byId("next").classList.toggle("guarded", Date.now() < guardedUntil && !byId("next").disabled);
  }

  function paintHeader(view) {
    const { unit } = view;
    say(byId("call-sign"), unit ? unit.label || unit.call_sign : "ZZ110");
    const waits = isUnconfirmed(view) ? ` · ${gettext("To send")}` : "";
    say(byId("status"), unit ? `${statusWord(unit.status)}${waits}` : gettext("off duty"));
    byId("emergency").hidden = !unit || Boolean(app.ended());
    byId("emergency").dataset.on = String(Boolean(unit?.emergency_at));
    const acts = app.outbox.list().filter((act) => !act.hidden);
    const refused = acts.filter((act) => act.state === REFUSED).length;
    const waiting = acts.filter(isOpen).length;
    byId("line").dataset.state = refused ? "refused" : waiting ? "waiting" : "empty";
    say(byId("line"), refused ? fill(gettext("▲ refused %(n)s"), { n: refused })
      : waiting ? fill(gettext("◔ to send %(n)s"), { n: waiting }) : gettext("✓ sent"));
  }

  /** The duty level above the everyday one, and the post check that waits for a tap. */
  function paintDuty(view) {
    const { duty_level: level } = view;
    const shown = level && level.level < 3 && !app.ended();
    byId("duty").hidden = !shown;
    if (shown) say(byId("duty"), [fill(gettext("Duty level %(level)s"), { level: app.codes.word("duty_level", String(level.level)) }), level.reason].join(" · "));
    byId("check").hidden = !view.post_answers?.length || !view.unit || Boolean(app.ended());
  }

  function paintLimit(now) {
    const [asked] = app.view().post_answers ?? [];
    if (!asked || byId("check").hidden) return;
    const left = (Date.parse(asked.due_at) - now) / 1000;
    say(byId("check-limit"), left > 0 ? fill(gettext("%(time)s left"), { time: counter(left) }) : fill(gettext("overdue by %(time)s"), { time: counter(-left) }));
  }

  function paintStrip() {
    const link = app.link();
    byId("strip").dataset.state = link.state;
    say(byId("link"), linkWords(link));
    byId("sound").hidden = alarm.isUnlocked() || Boolean(app.ended());
    byId("memory").hidden = app.store.durable;
  }

  function paintPlace() {
    const fix = app.fixes.last();
    const hollow = isHollow(fix, Date.now());
    byId("place").dataset.state = hollow ? "hollow" : "fresh";
    const trouble = place.trouble();
    if (trouble === "denied") return say(byId("fix"), gettext("○ position not allowed"));
    if (!fix) return say(byId("fix"), gettext("○ no position yet"));
    const values = { metres: Math.round(fix.accuracy_m ?? 0), age: counter((Date.now() - fix.at) / 1000) };
    return say(byId("fix"), fill(hollow ? gettext("○ position %(age)s old") : gettext("◉ ±%(metres)s m · %(age)s"), values));
  }

  /** The refused acts that stand first: one reason, however many acts hung on it. */
  function refusedTogether() {
    const refused = app.outbox.list().filter((act) => act.state === REFUSED && !act.hidden);
    return refused.filter((act) => reasonOf(act) === reasonOf(refused[0]));
  }

  function paintNotice() {
    const refused = refusedTogether();
    const titles = refused.map((act) => act.title).join(" · ");
    const text = refused.length ? fill(gettext("%(acts)s refused: %(reason)s"), { acts: titles, reason: reasonOf(refused[0]) }) : notice;
    byId("notice").hidden = !text;
    say(byId("notice-text"), text ?? "");
  }

  /** Put away what the notice says: refused acts are dismissed, a word of ours forgotten. */
  function putAway() {
    const refused = refusedTogether();
    for (const act of refused) app.outbox.dismiss(act.key);
    if (!refused.length) notice = null;
    render();
  }

  function paintScreen(view) {
    const ended = app.ended();
    const signature = JSON.stringify([ended, app.codes.list("result").length, app.kept, { ...view, seq: 0, read_at: 0, offset_ms: 0 }]);
    if (signature === drawn) return;
    drawn = signature;
    const main = byId("main");
    const [top, order] = [main.scrollTop, main.dataset.order];
    screen = ended ? endedScreen(ended) : makeScreen(app, view);
    main.replaceChildren(...screen.node);
    main.dataset.order = String(view.assignment?.id ?? "");
    main.scrollTop = order === main.dataset.order ? top : 0;
  }

  function endedScreen(ended) {
    const words = {
      left: [gettext("Signed out"), gettext("No order rings on this phone.")],
      signed_out: [gettext("Session ended"), gettext("Sign in again to get orders. What waits stays here for you.")],
      barred: [gettext("Not for this account"), gettext("This page is for officers.")],
      elsewhere: [gettext("Open in another window"), gettext("The queue runs there. Use it here instead?")],
    }[ended];
    return { node: [el("h1", { class: "shout", text: words[0] }), el("p", { class: "words", text: words[1] })], tick: () => {} };
  }

  /** Show the sheet that the address names; a new order or a withdrawal pushes every sheet aside. */
  function paintSheet(view, name) {
    let wanted = location.hash.slice(1);
    if (!allowed(wanted, view, name)) {
      if (wanted) history.replaceState(null, "", location.pathname);
      wanted = "";
    }
    if (!wanted && name === "shift" && !app.ended()) wanted = "shift";
    if (wanted !== sheetName) {
      sheetName = wanted;
      sheet = wanted ? SHEETS[wanted](app) : null;
      drawSheet();
    }
    sheet?.paint?.();
  }

  function allowed(wanted, view, name) {
    if (!(wanted in SHEETS) || wanted === "shift" || app.ended()) return false;
    if (name === "order") return wanted === "refuse";
    if (name === "withdrawn" || name === "loading") return false;
    if (name === "shift") return OUTSIDE_SHIFT.includes(wanted);
    if (NEEDS_ORDER.includes(wanted)) return Boolean(view.assignment);
    if (wanted === "correct") return Boolean(view.returned?.some((one) => one.incident));
    if (wanted === "report") return Boolean(subjectOf(view).assignment);
    return !NEEDS_UNIT.includes(wanted) || Boolean(view.unit);
  }

  function drawSheet() {
    document.activeElement?.blur?.();
    byId("sheet").hidden = !sheet;
    document.body.classList.toggle("with-sheet", Boolean(sheet));
    if (!sheet) return;
    byId("sheet-title").textContent = sheet.title;
    byId("sheet-back").hidden = Boolean(sheet.fixed);
    byId("sheet-body").replaceChildren(...sheet.body);
    byId("sheet-body").scrollTop = 0;
  }

  function paintButtons(view) {
    const ended = app.ended();
    const mine = sheet?.next?.();
    const buttons = ended ? { next: ended === "barred" ? "leave" : "sign_in", beside: [] } : buttonsOf(view);
    const next = byId("next");
    next.hidden = Boolean(sheet) && !mine;
    next.disabled = Boolean(sheet) && !mine?.ready;
    next.dataset.step = sheet ? "sheet" : buttons.next;
    say(byId("next-label"), sheet ? mine?.label ?? "" : labelOf(buttons.next, ended));
    if (sheet) say(byId("next-hint"), mine?.hint ?? "");
    paintBeside(sheet ? [] : buttons.beside);
  }

  function paintBeside(names) {
    const box = byId("beside");
    if (box.dataset.names === names.join()) return;
    box.dataset.names = names.join();
    box.replaceChildren(...names.map((name) => el("button", {
      type: "button", class: "second", data: { step: name }, text: labelOf(name), on: { click: () => step(name) },
    })));
  }

  async function pressed() {
    if (Date.now() < guardedUntil || byId("next").disabled) return;
    guardedUntil = Date.now() + STEP_GUARD_MS;
    setTimeout(tick, STEP_GUARD_MS + 20);
    if (!sheet) return step(byId("next").dataset.step);
    const { act, ready } = sheet.next();
    return ready && act();
  }

  function paintAlarm(view) {
    const alarming = app.ended() ? null : alarmOf(view);
    if (alarming) alarm.ring(alarming);
    else alarm.hush();
    document.body.dataset.alarm = !alarming ? "" : alarming.priority === 1 ? "urgent" : alarming.kind;
  }

  /** News of further callers sound once and stand in the notice until they are put away. */
  function sayNews(view) {
    const fresh = app.ended() ? null : unheardNews(view, app.kept.news ?? 0);
    if (!fresh) return;
    app.keep("news", fresh.id);
    if (screenOf(view) !== "task") return;
    if (!isQuiet(view)) alarm.chime("news");
    const words = { text: fresh.text };
    notice = fresh.kind === "retracted" ? fill(gettext("✕ Not of this incident: %(text)s"), words) : fill(gettext("▲ New situation: %(text)s"), words);
    paintNotice();
  }

  /** A clue, a locked position, a directive, a prompt or a break-off sounds once and stands in the notice (M20, M23). */
  function sayFinding(view) {
    const heard = Object.fromEntries(FOUND.map((kind) => [kind, app.kept[kind] ?? 0]));
    const found = app.ended() ? null : unheardFinding(view, heard);
    if (!found) return;
    app.keep(found.kind, Math.max(heard[found.kind], found.mark));
    if (screenOf(view) !== "task") return;
    // Silence is for the approach; whoever must stop is told aloud.
    if (!isQuiet(view) || found.kind === "broken") alarm.chime(found.kind === "broken" ? "withdrawn" : "news");
    notice = DIRECTED.includes(found.kind) ? directiveWords(found) : findingWords(found);
    paintNotice();
  }

  return {
    render, tick, putAway,
    /** Say something that is not an act's refusal. */
    notify(text) {
      notice = text;
      paintNotice();
    },
  };
}

function labelOf(name, ended = "") {
  switch (name) {
    case "start_shift": return gettext("Start shift");
    case "confirm_withdrawal": return gettext("Withdrawal understood");
    case "depart": return gettext("Depart");
    case "arrive": return gettext("Arrived");
    case "finish": return gettext("Handled");
    case "report": return gettext("Report");
    case "correct": return gettext("Correct the report");
    case "discovery": return gettext("Patrol discovery");
    case "available": return gettext("Back on the street");
    case "backup": return gettext("Backup");
    case "delay": return gettext("Delay");
    case "status": return gettext("Status");
    case "break": return gettext("Take a break");
    case "leave": return gettext("Sign out");
    case "sign_in": return ended === "elsewhere" ? gettext("Use it here") : gettext("Sign in");
    case "": return "";
    default: return moveTitle(name);
  }
}

/** Ask for the tap when the position says that the unit is there; the tap stays the officer's. */
function arrivalHint(app) {
  const view = app.view();
  const since = buttonsOf(view).next === "arrive" ? app.way?.isThere(view.assignment) : null;
  return since ? fill(gettext("At the place by position since %(time)s. Arrived? Tap"), { time: formatTime(since) }) : "";
}

/** Tell whether the arrival limit passed and nobody has said why (R14). */
function isLate({ assignment, deadlines }) {
  return !assignment.delay_code && deadlines.some((row) => row.kind === "arrive" && row.assignment === assignment.id && row.state === "missed");
}

/** Say beside the big button how long its step may still take. */
function hintOf(view, now) {
  const { next } = buttonsOf(view);
  if (next === "arrive" && isLate(view)) return gettext("The arrival limit has passed: report the delay with its reason.");
  const kind = { accept: "accept", depart: "depart" }[next];
  const deadline = kind && view.deadlines.find((row) => row.kind === kind && row.state !== "void");
  if (!deadline || deadline.stopped_at) return "";
  const { left } = timeLeft(deadline, now);
  if (left < 0) return fill(gettext("overdue by %(time)s"), { time: counter(-left) });
  if (deadline.urged_at) return fill(gettext("Urged by the desk: %(time)s left"), { time: counter(left) });
  return fill(gettext("%(time)s left"), { time: counter(left) });
}
