/**
 * The intake: the calls that wait, and one form that is saved while the caller still talks.
 */

import { counter, parseTime, since } from "../clock.js";
import { callWord, fill, gettext, pgettext } from "../words.js";
import { shortNumber } from "./board.js";
import { questionsFor } from "../cards.js";
import { makeCalls } from "./calls.js";
import { makeConflicts } from "./conflicts.js";
import { button, el, setText, show } from "./dom.js";
import { makeDraft } from "./draft.js";
import { callFacts, canOpen, filled, incidentFacts, placeFacts, valuesOf } from "./intake_facts.js";
import { makeIntakeForm } from "./intake_form.js";
import { makeSync } from "./intake_sync.js";
import { makeLikely } from "./likely.js";
import { makeNumberFlag } from "./number_flag.js";
import { makePlaceCandidates } from "./place_candidates.js";
import { makeHints } from "./hints.js";
import { makeForm } from "./inline_form.js";
import { callNo } from "./offline_acts.js";
import { makeQueueList } from "./queue_list.js";
import { makeCodedCall, openingWords } from "./coded_call.js";
import { makeQuestionCard } from "./question_card.js";
import { makeQuickEnd } from "./quick_end.js";
import { makeSurroundings } from "./surroundings.js";
import { makeThread } from "./thread.js";
import { transferAct } from "./transfer.js";

const SEND_AFTER_MS = 800;
const AGAIN_AFTER_MS = 3000;
const LIKENESS = ["point", "type_reported", "contact_phone", "caller_number", "address_text", "narrative", "vehicle_plate"];

/** Make the intake in its panel. */
export function makeIntake(box, desk, sound) {
  const { store } = desk;
  const card = makeQuestionCard(desk, {
    type: () => form.values().type_reported,
    coded: () => Boolean(sync.callRow()?.coded_at),
    answers,
    onAnswer: answer,
    onLeave: () => form.focusWords(),
  });
  const form = makeIntakeForm(desk, onEdit, card.node);
  const sync = makeSync(desk, {
    onTake: (some) => form.take(some),
    onConflict: (part, fields) => conflicts.show(part, fields),
    onState: paintState,
  });
  const draft = makeDraft(desk.vault);
  const calls = makeCalls(desk, sound, { onOpen: resume, openId: () => (sheet.hidden ? undefined : sync.link.call) });
  const likely = makeLikely(desk, {
    values: () => (sheet.hidden || sync.link.incident ? null : form.values()),
    call: () => sync.link.call,
    onJoin: join,
  });
  const quick = makeQuickEnd(desk, { onEnd: end, onJoin: join, onPass: passOn, onLeave: () => form.focus() });
  const thread = makeThread(desk, () => (sheet.hidden ? null : sync.callRow()));
  const spots = makePlaceCandidates(desk, {
    call: () => (sheet.hidden ? null : sync.callRow()),
    values: () => form.values(),
    onPoint: (...accepted) => form.setPoint(...accepted),
    onText: (text) => form.focusPlace(text),
  });
  const known = makeSurroundings(
    desk,
    () => {
      const { point, caller_number: number, contact_phone: phone, address_text: name } = form.values();
      return sheet.hidden ? {} : { point, number: number || phone, incident: sync.link.incident, name };
    },
    { key: "Alt+0", compact: true },
  );
  form.placeSlot.append(known.node);
  const hints = makeHints(desk, {
    values: () => form.values(),
    onType: (code) => form.setType(code),
    onPriority: (level) => form.setPriority(level),
    onDanger: (name) => form.setDanger(name),
  });
  const flag = makeNumberFlag(desk, () => (sheet.hidden ? null : sync.callRow()));
  const coded = makeCodedCall(desk, {
    call: () => (sheet.hidden ? null : sync.callRow()),
    ensure: ensureCall,
    onCoded: () => {
      form.take({ silent: true });
      card.paint();
      card.focus();
    },
  });
  const opening = el("p.opening-words", { hidden: true });
  const conflicts = makeConflicts((part, name, keepMine) => {
    sync.settle(part, name, keepMine);
    dirty = true;
    push();
  });
  const passSlot = el("div");
  const title = el("b.intake-title");
  const talk = el("span.timer.intake-talk");
  const saved = el("span.intake-saved.soft", { role: "status" });
  const save = button(gettext("Open incident"), advance, { key: "Ctrl+Enter", kind: "main" });
  const sheet = el(
    "div.intake-form",
    { hidden: true },
    el("header.intake-head", {}, title, talk, saved),
    opening,
    coded.node,
    thread.node,
    spots.node,
    form.node,
    flag.node,
    conflicts.node,
    quick.node,
    passSlot,
    el("div.verbs", {}, likely.node, hints.node, save, button(gettext("End call"), showQuick, { key: "F7" })),
  );
  box.append(
    el(
      "div.verbs.intake-verbs",
      {},
      button(gettext("New call"), begin, { key: "F2" }),
      button(pgettext("console", "Answer"), calls.answerNext, { key: "F3" }),
    ),
    ...calls.nodes,
    sheet,
    makeQueueList(desk),
  );
  let dirty = false;
  let timer = null;
  let ticket = null;
  let asking = null;

  store.on("snapshot", restore);
  store.on("change", ({ changes }) => {
    if (changes.some((change) => change.collection === "incident")) likely.ask();
    if (isOver()) close();
    else if (!dirty && changes.some(isMine)) sync.flush(form.values());
    if (!sheet.hidden) {
      flag.paint();
      spots.paint();
      paintScript();
    }
  });
  desk.on("tick", () => {
    const answeredAt = sync.link.local ? new Date(sync.link.local.answeredAt).toISOString() : sync.callRow()?.answered_at;
    setText(talk, answeredAt && !sheet.hidden ? counter(since(answeredAt, desk.now())) : "");
  });
  desk.on("window.map-picked", ({ point }) => desk.emit("map-picked", point));
  desk.on("map-picked", (point) => {
    if (sheet.hidden) return;
    form.setPoint({ ...point, source: "map" }, form.values().address_text || gettext("picked on the map"), "verified");
  });
  globalThis.addEventListener("pagehide", () => draft.now());
  desk.on("cards", paintScript);
  if (store.loaded) {
    restore();
    calls.paint();
  }

  /** The call in the form was finished in another window. */
  function isOver() {
    if (sheet.hidden || sync.link.call === null) return false;
    const call = sync.callRow();
    return call === null || call.state === "done";
  }

  function isMine(change) {
    if (change.how === "dropped") return false;
    const { call, incident } = sync.link;
    return change.id === (change.collection === "incident" ? incident : change.collection === "call" ? call : null);
  }

  /** The words to say first stand there until something is written (R3); the card follows type and script. */
  function paintScript() {
    const { narrative, type_reported: type } = form.values();
    const voice = desk.codes.code("channel", form.values().channel)?.voice;
    show(opening, Boolean(voice) && !narrative && !type);
    setText(opening, openingWords(desk));
    coded.paint();
    card.paint();
  }

  /** What was answered: in the incident, and what waits here for it. */
  function answers() {
    const rows = sync.link.incident ? store.ofIncident("card_answer", sync.link.incident) : [];
    return { ...Object.fromEntries(rows.map((row) => [row.question, row.answer])), ...form.values().answers };
  }

  /** An answer fills its field here at once and flows into the incident while the caller still talks. */
  async function answer(question, said) {
    form.answer(question, said);
    if (sync.link.incident) {
      await push();
      await sendAnswers();
    }
  }

  async function sendAnswers() {
    const path = `/api/incidents/${sync.link.incident}/answers/`;
    for (const [question, said] of Object.entries(form.values().answers)) {
      const { error } = await desk.act("POST", path, { question, answer: said });
      if (!error || error.status === 400) form.answered(question);
    }
    card.paint();
  }

  /** Begin a call: the form is there at once, the server hears of it in the same moment. */
  async function begin() {
    await desk.keys.during(stand({}));
    asking = openCall();
    if (!(await asking)) paintState("unsaved");
  }

  /** Open the call under one of the seat's numbers, so that it has one even when the answer never comes. */
  async function openCall() {
    const answeredAt = desk.now();
    const given = ticket ?? (await desk.offline.take());
    ticket = given && { answeredAt, ...given };
    draft.soon(drafted);
    return sync.openCall(form.values(), ticket);
  }

  const drafted = () => (sheet.hidden ? null : { call: sync.link.call, local: sync.link.local, ticket, values: form.values() });

  /** Put a call that exists into the form. */
  async function resume(call) {
    await desk.keys.during(stand(valuesOf(call, store.row("incident", call.incident)), call));
  }

  async function stand(values, call = null) {
    await leave();
    if (call) sync.adopt(call);
    form.fill(values);
    open();
  }

  /** Leave the open form: what was typed is sent first. */
  async function leave() {
    if (sheet.hidden) return;
    await asking;
    // A call that only this machine knows is noted with what there is: without a place it waits in wrap-up.
    if (sync.link.local) await finishHere(form.values().kind, null, { leaving: true });
    else {
      await push();
      close();
    }
  }

  function open() {
    show(sheet, true);
    quick.close();
    passSlot.replaceChildren();
    conflicts.clear();
    paintState();
    calls.paint();
    thread.paint();
    flag.paint();
    spots.paint();
    known.ask();
    paintScript();
    hints.ask();
    likely.ask();
    form.focus();
    desk.emit("intake", { open: true });
  }

  function close() {
    show(sheet, false);
    dirty = false;
    hints.clear();
    sync.release();
    ticket = null;
    asking = null;
    likely.ask();
    draft.forget();
    calls.paint();
    desk.emit("intake", { open: false });
  }

  /** Close the form of a call that has ended. The feed may have told it first: then the form is the next call's already. */
  function closeOf(call) {
    if (call === null || sync.link.call === call) close();
  }

  function onEdit(name) {
    dirty = true;
    draft.soon(drafted);
    pushIn(SEND_AFTER_MS);
    paintState("editing");
    if (LIKENESS.includes(name)) likely.ask();
    if (name === "point") spots.paint();
    if (LIKENESS.includes(name)) known.ask();
    paintScript();
    if (["narrative", "type_reported", "priority", "weapon", "hazmat", "explosion_leak"].includes(name)) hints.ask();
  }

  function pushIn(ms) {
    clearTimeout(timer);
    timer = setTimeout(push, ms);
  }

  async function push() {
    clearTimeout(timer);
    if (!dirty || !sync.link.call) return;
    dirty = false;
    await sync.flush(form.values());
  }

  /** Ctrl+Enter: first it opens the incident, the caller may go on talking; then it ends the call. */
  async function advance() {
    if (sheet.hidden || !(await ensureCall())) return;
    if (sync.link.local) await finishHere(form.values().kind);
    else if (sync.link.incident || sync.callRow()?.incident) await finish();
    else await openIncident(form.values());
  }

  async function ensureCall() {
    await asking;
    if (sync.link.call !== null || sync.link.local !== null) return true;
    asking = openCall();
    return asking;
  }

  /** Write what the question card got as lines: without the server it goes with the words. */
  function answered(values) {
    const asked = questionsFor(desk.cards, values.type_reported, true);
    const text = (key) => { const one = asked.find((question) => question.key === key); return one ? desk.cards.text(one) : key; };
    return Object.entries(values.answers ?? {}).map(([key, said]) => `${text(key)} ${said}`);
  }

  /** Put the call into the offline records with its number and its own times; the server enters it later. */
  async function finishHere(kind, closing = null, { leaving = false } = {}) {
    const values = form.values();
    if (!closing && !leaving && !canOpen(values)) {
      desk.tell(gettext("A place or a type is needed to open an incident."), "caution");
      return;
    }
    const row = sync.callRow();
    const ticket = sync.link.local ?? { number: row.id, answeredAt: parseTime(row.answered_at), call_no: row.call_no };
    const number = ticket.call_no ?? callNo(ticket.prefix, ticket.number, ticket.answeredAt);
    const narrative = [values.narrative, ...answered(values)].filter(Boolean).join("\n");
    const facts = filled({ ...callFacts(values), narrative, channel: values.channel, caller_number: values.caller_number, kind });
    const incident = closing || !canOpen(values) ? null : incidentOf({ ...values, narrative });
    const title = `${number} ${values.address_text || desk.codes.word("incident_type", values.type_reported) || ""}`;
    await desk.offline.enter({ ...ticket, hungUpAt: desk.now(), call: facts, incident, closing: closing ?? {} }, title);
    desk.tell(fill(gettext("Noted here as %(number)s; it will be entered when the server is back."), { number }), "caution");
    close();
  }

  async function openIncident(values) {
    if (!canOpen(values)) {
      desk.tell(gettext("A place or a type is needed to open an incident."), "caution");
      return;
    }
    clearTimeout(timer);
    dirty = false;
    if (!(await sync.openIncident(values))) {
      if (desk.offline.mustWait()) await finishHere(values.kind);
      return;
    }
    await sendAnswers();
    const number = shortNumber(sync.incidentRow().incident_no);
    desk.tell(
      fill(gettext("Incident #%(number)s opened. Go on typing: it is saved as you type."), { number }),
      "standby",
    );
    desk.select(sync.link.incident);
    likely.ask();
  }

  async function finish() {
    await push();
    const mine = sync.link.call;
    if (!(await sync.finish({ kind: form.values().kind }))) return;
    desk.tell(gettext("Call finished."), "normal");
    closeOf(mine);
  }

  /** Pass the contact on to another body: the danger check comes first (R10, R22). */
  async function passOn() {
    if (sheet.hidden) return noForm();
    await push();
    if (!(await ensureCall()) || sync.link.local) return;
    const call = sync.callRow();
    passSlot.replaceChildren(makeForm(transferAct(call), call, desk, () => passSlot.replaceChildren()));
    passSlot.scrollIntoView({ block: "center" });
  }

  /** Write what the caller adds into the record of the call. */
  async function supplement(text) {
    if (sheet.hidden || !(await ensureCall())) return noForm();
    const { error } = await desk.act("POST", `/api/calls/${sync.link.call}/supplement/`, { text });
    return !error;
  }

  /** The caller hung up: the call goes to its wrap-up, or counts as lost where nobody knows yet what it was. */
  async function hangUp() {
    if (sheet.hidden || !(await ensureCall())) return noForm();
    await push();
    const { error } = await desk.act("POST", `/api/calls/${sync.link.call}/hang-up/`, {});
    return !error;
  }

  function noForm() {
    desk.tell(gettext("No call is open in the form."), "caution");
    return false;
  }

  function showQuick() {
    if (sheet.hidden) return;
    const selected = store.row("incident", desk.selected);
    quick.open(selected && selected.id !== sync.link.incident ? selected : null);
  }

  async function end(kind) {
    await push();
    if (!(await ensureCall())) return;
    const closing = desk.codes.code("call_kind", kind)?.closing ?? "CL1";
    if (sync.link.local) {
      await finishHere(kind, { closing_reason: closing });
      return;
    }
    const mine = sync.link.call;
    if (!(await sync.finish({ kind, closing_reason: closing }))) return;
    desk.tell(fill(gettext("Call ended: %(kind)s"), { kind: desk.codes.word("call_kind", kind) }), "normal");
    closeOf(mine);
  }

  async function join(incident) {
    await push();
    if (!(await ensureCall())) return;
    if (sync.link.local) {
      desk.tell(gettext("Offline: enter it as an incident; that it may be the same event is proposed later."), "caution");
      return;
    }
    if (!(await sync.join(incident))) return;
    const call = sync.link.call;
    await sync.finish({ kind: "CK08" });
    const number = shortNumber(store.row("incident", incident)?.incident_no);
    desk.remember(fill(gettext("call attached to #%(number)s"), { number }), () => detach(call));
    desk.tell(fill(gettext("Call attached to #%(number)s. Ctrl+Z takes it back for 10 s."), { number }), "standby");
    desk.select(incident);
    closeOf(call);
  }

  /** The call was another event after all: it comes back into the form and the caller is heard on. */
  async function detach(call) {
    const body = { reason: gettext("attached by mistake") };
    const done = await desk.act("POST", `/api/calls/${call}/detach/`, body);
    if (!done.error) await resume(done.answer.call);
    return done;
  }

  function paintState(state = null, error = null) {
    const call = sync.callRow();
    const incident = sync.incidentRow();
    const name = call ? callWord(call.state) : gettext("new call");
    const here = sync.link.local;
    const local = here && fill(gettext("offline · %(number)s"), { number: String(here.number).padStart(6, "0") });
    setText(title, incident ? `#${shortNumber(incident.incident_no)}` : local || name);
    setText(save.firstChild, incident ? gettext("Finish call") : local ? gettext("Note the incident") : gettext("Open incident"));
    if (state) setText(saved, savedWord(state, error));
    saved.classList.toggle("level-caution", state === "unsaved");
    if (state === "unsaved") {
      dirty = true;
      pushIn(AGAIN_AFTER_MS);
    }
  }

  /** After a reload, a crash or in the next window the form stands as it was left. */
  async function restore() {
    const left = sheet.hidden ? await draft.takeOver() : null;
    if (!left || !sheet.hidden) return;
    const call = store.row("call", left.call ?? left.ticket?.number ?? 0);
    if ((left.call && !call) || call?.state === "done") {
      draft.forget();
      return;
    }
    ticket = left.ticket ?? null;
    if (call) sync.adopt(call);
    else sync.link.local = left.local ?? null;
    form.fill(left.values);
    dirty = true;
    open();
    draft.soon(drafted);
    if (call) pushIn(0);
    else if (!left.local) asking = openCall();
  }

  return {
    begin,
    advance,
    showQuick,
    answerNext: calls.answerNext,
    isOpen: () => !sheet.hidden,
    passOn,
    supplement,
    hangUp,
    end: (kind) => (sheet.hidden ? noForm() : end(kind)),
    join: (incident) => (sheet.hidden ? noForm() : join(incident)),
    callBackNext: calls.callBackNext,
    flag: (kind) => (sheet.hidden ? noForm() : flag.open(kind)),
    write: () => (thread.focus() ? undefined : desk.tell(gettext("This contact has no text thread."), "normal")),
    place: (text) => form.focusPlace(text),
    type: (text) => form.focusType(text),
    setType: (code) => form.setType(code),
    focus: () => (sheet.hidden ? box.querySelector("button").focus() : form.focus()),
  };
}

/** Write the incident of the form's values, as the server takes it with a late entry. */
function incidentOf(values) {
  const facts = filled({ ...incidentFacts(values), ...placeFacts(values), priority: values.priority });
  if (values.point) facts.point_status = values.point_status === "verified" ? "verified" : "unverified";
  return facts;
}

function savedWord(state, error) {
  switch (state) {
    case "saving":
      return gettext("saving …");
    case "saved":
      return pgettext("console", "saved");
    case "here":
      return gettext("kept on this machine");
    case "unsaved":
      return error?.message ?? gettext("not saved, will be sent again");
    default:
      return "";
  }
}
