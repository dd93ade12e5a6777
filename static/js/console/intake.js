/**
 * The intake: calls that ring or wait, one form, and quick ends for calls without an incident.
 */

import { counter, since } from "../clock.js";
import { callWord, fill, gettext, pgettext, threeFourFour } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el, oncePerFrame, setText, show } from "./dom.js";
import { canOpen, valuesOf } from "./intake_facts.js";
import { makeIntakeForm } from "./intake_form.js";
import { makeSync } from "./intake_sync.js";
import { isComposing } from "./keys.js";
import { similar } from "./similar.js";

const DRAFT = "zz110.draft";
const DRAFT_EVERY_MS = 500;
const SEND_AFTER_MS = 800;
const AGAIN_AFTER_MS = 3000;
const QUICK = ["CK05", "CK06", "CK07", "CK09", "CK10", "CK11", "CK12", "CK13"];

/** Make the intake in its panel. */
export function makeIntake(box, desk, sound) {
  const { store } = desk;
  const waiting = el("ul.calls", { "aria-label": gettext("Calls that wait") });
  const quiet = el("p.empty", { text: gettext("Ringing and lost calls appear here. F2 begins a call, F3 answers the next.") });
  const title = el("b.intake-title");
  const talk = el("span.timer.intake-talk");
  const saved = el("span.intake-saved.soft", { role: "status" });
  const form = makeIntakeForm(desk, onEdit);
  const conflicts = el("div.conflicts");
  const likely = el("div.likely", { hidden: true });
  const quick = el("div.quick", { hidden: true, tabindex: "-1", role: "group", "aria-label": gettext("End without an incident") });
  const save = button(gettext("Open incident"), advance, { key: "Ctrl+Enter", kind: "main" });
  const verbs = el("div.verbs", {}, save, button(gettext("End call"), showQuick, { key: "F7" }));
  const sheet = el("div.intake-form", { hidden: true }, el("header.intake-head", {}, title, talk, saved), form.node, likely, conflicts, quick, verbs);
  box.append(el("div.verbs.intake-verbs", {}, button(gettext("New call"), begin, { key: "F2" }), button(pgettext("console", "Answer"), answerNext, { key: "F3" })), waiting, quiet, sheet);
  const sync = makeSync(desk, { onTake: (some) => form.take(some), onConflict: showConflicts, onState: paintState });
  let dirty = false;
  let timer = null;
  let ringing = new Set();

  const paintSoon = oncePerFrame(paint);
  store.on("snapshot", () => { restore(); paintSoon(); });
  store.on("change", ({ changes }) => {
    if (changes.some((change) => change.collection === "call")) paintSoon();
    if (changes.some((change) => change.collection === "incident")) showLikely();
    const mine = changes.find((change) => change.how !== "dropped" && ((change.collection === "incident" && change.id === sync.link.incident) || (change.collection === "call" && change.id === sync.link.call)));
    if (mine && !dirty) sync.flush(form.values());
  });
  desk.on("tick", tick);
  desk.on("map-picked", (point) => {
    if (sync.link.call && !sheet.hidden) form.setPoint({ ...point, source: "map" }, form.values().address_text || gettext("picked on the map"), "verified");
  });
  setInterval(keepDraft, DRAFT_EVERY_MS);
  quick.addEventListener("keydown", onQuickKey);
  if (store.loaded) { restore(); paint(); }

  /** Begin a call: the form is there at once, the server hears of it in the same moment. */
  async function begin() {
    await leave();
    form.fill({});
    open();
    if (!(await sync.openCall(form.values()))) paintState("unsaved");
  }

  /** Answer the call that has waited longest. */
  async function answerNext() {
    const next = store.rows("call").filter((call) => call.state === "waiting").sort((a, b) => a.id - b.id)[0];
    if (!next) return desk.tell(gettext("No call is waiting."), "normal");
    return answer(next);
  }

  async function answer(call) {
    const { answer: got } = await desk.act("POST", `/api/calls/${call.id}/answer/`, {});
    if (got) await resume(got.call);
  }

  /** Put a call that exists into the form. */
  async function resume(call) {
    await leave();
    sync.adopt(call);
    form.fill(valuesOf(call, store.row("incident", call.incident)));
    open();
  }

  /** Leave the open form: what was typed is sent first. */
  async function leave() {
    if (sheet.hidden) return;
    await push();
    sync.release();
    close();
  }

  function open() {
    show(sheet, true);
    show(quick, false);
    conflicts.replaceChildren();
    paintState();
    paint();
    showLikely();
    form.focus();
    desk.emit("intake", { open: true });
  }

  function close() {
    show(sheet, false);
    dirty = false;
    sync.release();
    forgetDraft();
    paint();
    desk.emit("intake", { open: false });
  }

  function onEdit(name) {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(push, SEND_AFTER_MS);
    paintState("editing");
    if (["point", "type_reported", "contact_phone", "caller_number"].includes(name)) showLikely();
  }

  async function push() {
    clearTimeout(timer);
    if (!dirty || !sync.link.call) return;
    dirty = false;
    await sync.flush(form.values());
  }

  /** Ctrl+Enter: first it opens the incident, the caller may go on talking; then it ends the call. */
  async function advance() {
    if (sheet.hidden) return;
    const values = form.values();
    if (!sync.link.call && !(await sync.openCall(values))) return;
    if (!sync.link.incident && !sync.callRow()?.incident) {
      if (!canOpen(values)) {
        desk.tell(gettext("A place or a type is needed to open an incident."), "caution");
        return;
      }
      clearTimeout(timer);
      dirty = false;
      if (await sync.openIncident(values)) {
        desk.tell(fill(gettext("Incident #%(number)s opened. Go on typing: it is saved as you type."), { number: shortNumber(sync.incidentRow().incident_no) }), "standby");
        desk.select(sync.link.incident);
        showLikely();
      }
      return;
    }
    await push();
    if (await sync.finish({ kind: values.kind })) {
      desk.tell(gettext("Call finished."), "normal");
      close();
    }
  }

  function showQuick() {
    if (sheet.hidden) return;
    const selected = store.row("incident", desk.selected);
    quick.replaceChildren(el("p.label", { text: gettext("End without an incident: press the number") }),
      ...QUICK.map((code, at) => button(desk.codes.word("call_kind", code), () => end(code), { key: String(at + 1) })),
      selected && selected.id !== sync.link.incident ? button(fill(gettext("Join to #%(number)s"), { number: shortNumber(selected.incident_no) }), () => join(selected.id), { key: "9" }) : null);
    show(quick, true);
    quick.focus();
  }

  function onQuickKey(event) {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      show(quick, false);
      form.focus();
    } else {
      const digit = Number(event.key);
      if (!(digit >= 1 && digit <= 9)) return;
      [...quick.querySelectorAll("button")].find((one) => one.getAttribute("aria-keyshortcuts") === event.key)?.click();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  async function end(kind) {
    await push();
    if (!sync.link.call && !(await sync.openCall(form.values()))) return;
    const row = desk.codes.code("call_kind", kind);
    if (await sync.finish({ kind, closing_reason: row?.closing ?? "CL1" })) {
      desk.tell(fill(gettext("Call ended: %(kind)s"), { kind: desk.codes.word("call_kind", kind) }), "normal");
      close();
    }
  }

  async function join(incident) {
    await push();
    if (!(await sync.join(incident))) return;
    await sync.finish({ kind: "CK08" });
    desk.tell(fill(gettext("Call joined to #%(number)s"), { number: shortNumber(store.row("incident", incident)?.incident_no) }), "standby");
    desk.select(incident);
    close();
  }

  /** Show open incidents that may be the same event (F6); Alt+J joins the likeliest. */
  function showLikely() {
    const values = form.values();
    const found = sheet.hidden || sync.link.incident ? []
      : similar({ point: values.point, type: values.type_reported, phone: values.contact_phone || values.caller_number, incident: sync.link.incident }, store.rows("incident"), desk.now());
    show(likely, found.length > 0);
    likely.replaceChildren(el("p.label", { text: gettext("Perhaps the same event") }), ...found.slice(0, 3).map((one, at) => el("div.likely-row", {},
      el("span.code", { text: `#${shortNumber(one.incident.incident_no)}` }),
      el("span", { text: [desk.codes.word("incident_type", one.incident.type_reported), one.incident.address_text].filter(Boolean).join(" ") }),
      el("span.soft.digits", { text: [one.metres === null ? "" : `${Math.round(one.metres)} m`, counter(one.seconds), one.samePhone ? gettext("same number") : ""].filter(Boolean).join(" · ") }),
      button(pgettext("console", "Join"), () => join(one.incident.id), { key: at === 0 ? "Alt+J" : null }))));
  }

  desk.keys.bind("Alt+J", gettext("Join the call to the likeliest incident"), () => likely.hidden ? false : likely.querySelector("button")?.click());

  function showConflicts(part, fields) {
    for (const [name, { mine, theirs }] of Object.entries(fields)) {
      conflicts.querySelector(`[data-name="${name}"]`)?.remove();
      const settle = (keepMine) => {
        sync.settle(part, name, keepMine);
        block.remove();
        dirty = true;
        push();
      };
      const block = el("div.both", { role: "alert", data: { name } },
        el("p", { text: fill(gettext("%(field)s was changed by somebody else as well."), { field: fieldWord(name) }) }),
        el("p", { text: fill(gettext("Mine: %(value)s"), { value: words(mine) }) }), el("p", { text: fill(gettext("Theirs: %(value)s"), { value: words(theirs) }) }),
        el("div.form-verbs", {}, button(gettext("Keep mine"), () => settle(true), { kind: "main" }), button(gettext("Take theirs"), () => settle(false))));
      conflicts.append(block);
    }
  }

  function paintState(state = null, error = null) {
    const call = sync.callRow();
    const incident = sync.incidentRow();
    setText(title, incident ? `#${shortNumber(incident.incident_no)}` : call ? callWord(call.state) : gettext("new call"));
    setText(save.firstChild, sync.link.incident ? gettext("Finish call") : gettext("Open incident"));
    const text = { saving: gettext("saving …"), saved: pgettext("console", "saved"), editing: "", unsaved: error?.message ?? gettext("not saved, will be sent again") }[state];
    if (text !== undefined) setText(saved, text);
    saved.classList.toggle("level-caution", state === "unsaved");
    if (state === "unsaved") {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(push, AGAIN_AFTER_MS);
    }
  }

  function paint() {
    const me = store.me?.badge;
    const calls = store.rows("call").filter((call) => call.id !== sync.link.call && (["waiting", "lost"].includes(call.state)
      || (["in_progress", "wrap_up"].includes(call.state) && call.agent_no === me))).sort((a, b) => a.id - b.id);
    show(quiet, calls.length === 0 && sheet.hidden);
    waiting.replaceChildren(...calls.map((call) => callLine(call)));
    const rings = new Set(calls.filter((call) => call.state === "waiting").map((call) => call.id));
    if ([...rings].some((id) => !ringing.has(id)) && desk.has("call_taker")) sound?.play("ring");
    ringing = rings;
    tick();
  }

  function callLine(call) {
    const level = { waiting: "caution", lost: "serious" }[call.state] ?? "standby";
    const line = el("li.call-line", { data: { id: call.id, state: call.state } },
      el(`b.level-${level}`, { text: callWord(call.state) }), el("span.digits", { text: threeFourFour(call.caller_number) || desk.codes.word("channel", call.channel) }), el("span.timer.call-since"));
    if (call.state === "waiting") line.append(button(pgettext("console", "Answer"), () => answer(call)));
    else if (call.state === "lost") {
      if (!call.silent) line.append(button(gettext("Reached"), () => callBack(call, true)), button(gettext("No answer"), () => callBack(call, false)));
      if (call.callback_attempts?.length || call.silent) line.append(button(pgettext("console", "End"), () => finishLost(call)));
    } else line.append(button(gettext("Go on"), () => resume(call)));
    return line;
  }

  async function callBack(call, reached) {
    const { answer: got } = await desk.act("POST", `/api/calls/${call.id}/call-back/`, { answered: reached });
    if (got && reached) await resume(got.call);
  }

  function finishLost(call) {
    return desk.act("POST", `/api/calls/${call.id}/finish/`, { kind: call.kind || "CK11", closing_reason: "CL4" }, { done: gettext("Call finished.") });
  }

  function tick() {
    const now = desk.now();
    for (const node of waiting.children) {
      const call = store.row("call", Number(node.dataset.id));
      if (call) setText(node.querySelector(".call-since"), counter(since(call.state === "lost" ? call.lost_at : call.answered_at ?? call.ring_at, now)));
    }
    const call = sync.callRow();
    setText(talk, call?.answered_at && !sheet.hidden ? counter(since(call.answered_at, now)) : "");
  }

  function keepDraft() {
    if (sheet.hidden) return;
    const draft = JSON.stringify({ call: sync.link.call, values: form.values() });
    try {
      if (sessionStorage.getItem(DRAFT) !== draft) sessionStorage.setItem(DRAFT, draft);
    } catch {
      // Storage may be refused; the server still has every edit of the last second.
    }
  }

  function forgetDraft() {
    try {
      sessionStorage.removeItem(DRAFT);
    } catch {
      // Nothing was kept.
    }
  }

  /** After a reload the form stands as it was left. */
  function restore() {
    if (!sheet.hidden) return;
    let draft = null;
    try {
      draft = JSON.parse(sessionStorage.getItem(DRAFT));
    } catch {
      return;
    }
    const call = draft?.call ? store.row("call", draft.call) : null;
    if (!draft || (draft.call && (!call || call.state === "done"))) return forgetDraft();
    if (call) sync.adopt(call);
    form.fill(draft.values);
    dirty = true;
    open();
  }

  return {
    begin, answerNext, advance, showQuick,
    isOpen: () => !sheet.hidden,
    place: (text) => form.focusPlace(text),
    type: (text) => form.focusType(text),
    setType: (code) => form.setType(code),
    focus: () => (sheet.hidden ? begin() : form.focus()),
  };
}

function fieldWord(name) {
  switch (name) {
    case "narrative": return gettext("What happened");
    case "address_text":
    case "point": return pgettext("console", "Place");
    case "place_note": return gettext("Entrance, floor, hints");
    case "type_reported": return pgettext("console", "Type");
    case "caller_name":
    case "contact_name": return pgettext("console", "Caller");
    case "contact_phone": return gettext("Phone to reach the caller");
    case "vehicle_plate": return pgettext("console", "Plate");
    case "weapon": return gettext("Weapon");
    case "hazmat": return gettext("Hazmat");
    case "explosion_leak": return gettext("Explosion or leak");
    case "offenders_reported": return gettext("Suspects");
    case "injured": return gettext("Injured");
    case "trapped": return gettext("Trapped");
    case "dead": return gettext("Dead");
    default: return pgettext("console", "Kind");
  }
}

function words(value) {
  if (value === null || value === undefined || value === "") return "—";
  return typeof value === "object" ? `${value.lng}, ${value.lat}` : String(value);
}
