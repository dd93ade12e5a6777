/**
 * The attention list: alerts that stand, the gravest on top; F9 acknowledges the first.
 */

import { counter, formatTime, since } from "../clock.js";
import { whatWord } from "../followup/board_kinds.js";
import { alertWord, fill, gettext, levelShape, pgettext, statusWord } from "../words.js";
import { subjectWord } from "../casework_words.js";
import { taskWord } from "../directive_words.js";
import { freshSeverity, isShelved, needsTwoTone, standing } from "./alarms.js";
import { shortNumber } from "./board.js";
import { flagWord } from "./number_flag.js";
import { atMostEvery, button, el, setText, shape, show, steadyList } from "./dom.js";

const PAINT_EVERY_MS = 150;
const SHELVED_MINUTES = 10;

/** Make the attention list in its panel; `sound` may be null in a window that stays silent. */
export function makeMessages(box, desk, sound) {
  const list = el("ol.alerts", { "aria-label": gettext("Alerts") });
  const empty = el(
    "p.empty",
    {},
    shape("circle"),
    gettext("No alert. Late or undelivered orders, refusals and emergencies appear here."),
  );
  const fresh = el("p.fresh", { hidden: true, role: "status" });
  const live = el("p.unseen", { role: "alert" });
  const dangers = el("div.emergencies");
  box.append(dangers, fresh, list, empty, live);
  const rows = new Map();
  const heard = new Set();
  let first = true;
  const steady = steadyList(list, (id) => rows.get(id)?.node, {
    onWaiting: (count) => {
      show(fresh, count > 0);
      if (count) setText(fresh, fill(gettext("%(count)s more"), { count }));
    },
  });
  const paintSoon = atMostEvery(PAINT_EVERY_MS, paint);
  desk.store.on("snapshot", paintSoon);
  desk.store.on("change", ({ changes }) => {
    if (changes.some((change) => ["alert", "incident", "assignment", "unit"].includes(change.collection))) paintSoon();
  });
  desk.on("tick", tick);
  list.addEventListener("click", (event) => {
    const node = event.target.closest(".alert");
    const alert = node && desk.store.row("alert", Number(node.dataset.id));
    if (alert?.incident && !event.target.closest("button")) desk.select(alert.incident);
  });

  function paint() {
    const alerts = standing(desk.store.rows("alert"), desk.now());
    for (const alert of alerts) {
      if (!rows.has(alert.id)) rows.set(alert.id, makeAlert(alert));
      paintAlert(rows.get(alert.id), alert);
    }
    steady.order(alerts.map((alert) => alert.id));
    for (const id of rows.keys()) if (!alerts.some((alert) => alert.id === id)) rows.delete(id);
    paintEmergencies();
    show(empty, alerts.length === 0 && !dangers.children.length);
    announce(alerts);
    tick();
  }

  /** An officer's emergency stays on top until the desk has ended it, acknowledged or not. */
  function paintEmergencies() {
    const units = desk.store.rows("unit").filter((unit) => unit.emergency_at);
    const wanted = units.map((unit) => `${unit.id}.${unit.emergency_at}`).join();
    if (dangers.dataset.wanted === wanted) return;
    dangers.dataset.wanted = wanted;
    dangers.replaceChildren(
      ...units.map((unit) =>
        el(
          "p.emergency",
          { data: { unit: unit.id } },
          shape("triangle"),
          el("b.code", { text: unit.call_sign }),
          el("span", { text: alertWord("emergency") }),
          el("span.timer"),
          button(gettext("End it"), () => desk.emit("command", { verb: "calm", units: [unit.call_sign] })),
        ),
      ),
    );
  }

  /** One sound per alert when it is raised; what stood already when the window opened stays silent. */
  function announce(alerts) {
    const severity = freshSeverity(alerts, heard, desk.roles(), desk.now());
    if (severity && !first) {
      sound?.play(severity);
      desk.emit("flash", severity);
      const newest = alerts.filter((alert) => !alert.acknowledged_at)[0];
      if (newest) setText(live, `${alertWord(newest.kind)} ${subject(newest)}`);
    }
    first = false;
    sound?.twoTone(needsTwoTone(alerts));
  }

  function makeAlert(alert) {
    const part = {
      mark: shape(levelShape(alert.severity)),
      title: el("b.alert-title"),
      subject: el("span.alert-subject"),
      detail: el("span.alert-detail.soft"),
      since: el("span.timer.alert-since"),
      who: el("span.alert-who.soft"),
    };
    const [yes, act] = answersTo(alert);
    const node = el(
      "li.alert",
      { data: { id: alert.id, severity: alert.severity } },
      el(`span.alert-mark.level-${alert.severity}`, {}, part.mark),
      el(
        "span.alert-words",
        {},
        el("span.alert-line", {}, part.title, part.subject),
        el("span.alert-line", {}, part.detail, part.who),
      ),
      part.since,
      yes?.node,
      act,
    );
    return { node, part, act, yes };
  }

  /** Return what can be answered: a yes of those who may say it, and the way to set the alert aside. */
  function answersTo(alert) {
    if (alert.kind === "swap_proposed") {
      const node = button(gettext("Swap"), () => swapFor(alert), { key: "Alt+Y", kind: "main" });
      const no = button(gettext("Do not swap"), () => acknowledge(alert.id), { key: "Alt+N" });
      return [{ node, roles: ["dispatcher", "watch_commander"] }, no];
    }
    const seen = button(pgettext("console", "Seen"), () => acknowledge(alert.id));
    const path = approvalPath(alert);
    if (!path) return [null, seen];
    const node = button(gettext("Approve"), () => approve(path), { kind: "main" });
    return [{ node, roles: alert.data.hold ? ["watch_commander", "inspector"] : ["watch_commander"] }, seen];
  }

  function paintAlert({ node, part, act, yes }, alert) {
    node.dataset.seen = alert.acknowledged_at ? "yes" : "no";
    part.title.className = `alert-title level-${alert.severity}`;
    setText(part.title, alertWord(alert.kind));
    setText(part.subject, subject(alert));
    setText(part.detail, detail(alert, desk));
    setText(
      part.who,
      alert.acknowledged_by
        ? fill(gettext("seen by %(who)s"), { who: alert.acknowledged_by.name ?? alert.acknowledged_by })
        : shelfWords(alert, desk.now()),
    );
    node.dataset.shelved = isShelved(alert, desk.now()) ? "yes" : "no";
    show(act, !alert.acknowledged_at);
    if (yes) show(yes.node, !alert.acknowledged_at && desk.has(...yes.roles));
  }

  function subject(alert) {
    const unit = desk.store.row("unit", alert.unit);
    const incident = desk.store.row("incident", alert.incident);
    return [unit?.call_sign, incident ? `#${shortNumber(incident.incident_no)}` : null, incident?.address_text]
      .filter(Boolean)
      .join(" ");
  }

  function tick() {
    const now = desk.now();
    // What comes back from the shelf takes its place again.
    if ([...rows.keys()].some((id) => backFromShelf(rows.get(id).node, desk.store.row("alert", id), now))) paintSoon();
    for (const [id, { part }] of rows) {
      const alert = desk.store.row("alert", id);
      if (alert) setText(part.since, counter(since(alert.raised_at, now)));
    }
    for (const node of dangers.children) {
      setText(
        node.querySelector(".timer"),
        counter(since(desk.store.row("unit", Number(node.dataset.unit))?.emergency_at, now)),
      );
    }
  }

  /** Send the nearer unit instead: the old order is taken back in the same act (CX3). */
  async function swapFor(alert) {
    const { error } = await desk.act("POST", `/api/assignments/${alert.assignment}/swap/`, { unit: alert.data.unit });
    if (!error) steady.settle();
  }

  async function approve(path) {
    const { error } = await desk.act("POST", path, {});
    if (!error) steady.settle();
  }

  async function acknowledge(id) {
    const { error } = await desk.act("POST", `/api/alerts/${id}/acknowledge/`, {});
    if (!error) steady.settle();
  }

  /** Answer the first swap that is proposed: another unit goes, or it stays as it is (R14: only a person decides). */
  function answerSwap(accepted) {
    const alert = standing(desk.store.rows("alert"), desk.now()).find((one) => one.kind === "swap_proposed" && !one.acknowledged_at);
    if (!alert) return desk.tell(gettext("No swap is proposed."), "normal");
    desk.select(alert.incident);
    return accepted ? swapFor(alert) : acknowledge(alert.id);
  }

  /** Acknowledge the gravest alert that nobody has acknowledged, and show its incident. */
  function acknowledgeFirst() {
    const alert = standing(desk.store.rows("alert"), desk.now()).find((one) => !one.acknowledged_at);
    if (!alert) return desk.tell(gettext("No alert waits."), "normal");
    if (alert.incident) desk.select(alert.incident);
    return acknowledge(alert.id);
  }

  /** Put the gravest alert that can wait aside for ten minutes; a critical one cannot (the server says so too). */
  async function shelveFirst(reason) {
    const waits = (one) => !one.acknowledged_at && one.severity !== "critical" && !isShelved(one, desk.now());
    const alert = standing(desk.store.rows("alert"), desk.now()).find(waits);
    if (!alert) return desk.tell(gettext("No alert waits that could be shelved."), "normal");
    const body = { minutes: SHELVED_MINUTES, reason: reason || gettext("busy with another") };
    const { error } = await desk.act("POST", `/api/alerts/${alert.id}/shelve/`, body);
    if (!error) steady.settle();
    return undefined;
  }

  if (desk.store.loaded) paint();
  return { acknowledgeFirst, shelveFirst, answerSwap, focus: () => list.querySelector("button")?.focus() };
}

function backFromShelf(node, alert, now) {
  return node.dataset.shelved === "yes" && alert && !isShelved(alert, now);
}

function shelfWords(alert, now) {
  if (!isShelved(alert, now)) return "";
  return fill(gettext("shelved until %(time)s: %(reason)s"), { time: formatTime(alert.shelved_until), reason: alert.shelf_reason });
}

/** Say what the alert needs from the desk, and which unit is next if one is proposed. */
function detail(alert, desk) {
  const data = alert.data ?? {};
  const next = data.proposed ? fill(gettext("Next: %(unit)s"), { unit: data.proposed }) : null;
  const words = (...parts) => parts.filter(Boolean).join(" · ");
  switch (alert.kind) {
    case "undelivered":
    case "unaccepted":
      return words(byRadio(desk.store.row("unit", alert.unit)), next);
    case "refused":
      return words(desk.codes.word("refusal", data.code), data.text, next ?? gettext("Send the next unit."));
    case "delayed":
      return words(desk.codes.word("delay", data.code), data.text, gettext("Tell the caller."), next);
    case "late_unexplained":
      return gettext("Ask the unit for the reason and tell the caller.");
    case "handed_on":
      return words(data.to_unit, data.contact, gettext("Make sure that somebody takes over."));
    case "backup_requested":
      return words(data.text, next ?? gettext("Send the next unit."));
    case "order_overdue":
      return words(gettext("Nobody has been sent yet."), next);
    case "late5":
    case "late10":
      return words(clockOf(data.limit), gettext("Tell the caller, send a nearer unit."), next);
    case "at_risk":
      return words(
        clockOf(`_${data.limit?.[0].toLowerCase()}`),
        fill(data.unreachable ? gettext("not in %(minutes)s min") : gettext("%(minutes)s min in danger"), {
          minutes: data.limit?.slice(1),
        }),
        next,
      );
    case "swap_proposed":
      return fill(gettext("%(unit)s would be there %(seconds)s s sooner"), {
        unit: data.proposed,
        seconds: Math.round(data.gain_s),
      });
    case "transfer_unanswered":
    case "transfer_unsent":
      return words(desk.codes.word("body", data.body), gettext("Pass it on by telephone."));
    case "premise_review":
      return words(data.place, gettext("Review it on the card of an incident there, or end it."));
    case "case_unsent":
      return words(data.call_sign, data.number, gettext("Enter the case by hand."));
    case "transfer_returned":
      return words(desk.codes.word("body", data.body), data.reason, gettext("The call is open again."));
    case "supervision_due":
    case "supervision_overdue":
      return words(data.to_unit, data.demand, data.above && fill(gettext("passed up to %(above)s"), data));
    case "approval_asked":
      return words(whatWord({ ...data, priority: desk.store.row("incident", alert.incident)?.priority ?? "" }), data.reason, data.asked_by);
    case "retention_late":
      return data.classes.map((one) => desk.codes.word("retention_class", one)).join("、");
    case "return_overdue":
      return words(statusWord(data.status), data.reason, gettext("Call the unit."));
    case "watch_asked":
      return words(subjectWord(data.subject), data.value, data.reason, data.asked_by);
    case "export_limit":
      return words(data.badge, data.what, fill(gettext("%(lines)s lines"), data));
    case "review_task_overdue":
      return words(data.name, data.owner, data.owner_name);
    case "directive_issued":
      return words(taskWord(data.task), data.units, data.badge);
    case "prompt_unanswered":
      return words(data.call_sign, gettext("Call the unit."));
    case "watch_hit":
      return words(subjectWord(data.subject), data.value, data.source, gettext("Look at it; nobody has been sent."));
    case "grid_reopened":
      return words(data.number, data.worker, data.officer, gettext("Both know; the task is open again."));
    case "grid_overdue":
      return words(data.number, data.grid, data.worker, gettext("Ring the worker."));
    case "grid_returned":
      return words(data.number, data.reason);
    case "grid_urgent":
    case "grid_waiting":
      return words(data.number, data.author, gettext("Take it on: page Community 110, reports."));
    case "partner_asked":
      return words(data.team);
    case "flag_asked":
      return words(data.number, flagWord(data.of), data.reason);
    case "call_spooled":
      return words(data.call_no, gettext("Taken while the database was away: look at it now."));
    case "card_unchecked":
      return words(fill(gettext("card %(serial)s, entered by %(entered_by)s"), data), gettext("Compare it on the catch-up page."));
    case "text_failed":
      return words(data.number, data.text, gettext("Find another way to the contact."));
    case "emergency":
      return gettext("Send help at once and call the unit.");
    case "unit_silent":
      return gettext("No position for three minutes: call the unit.");
    default:
      return next ?? "";
  }
}

/** Return where an alert that asks for an approval is answered; nothing for the others. */
function approvalPath({ kind, data }) {
  if (kind === "flag_asked") return `/api/number-flags/${data.flag}/approve/`;
  if (kind === "watch_asked") return `/api/watch/${data.entry}/approve/`;
  if (kind === "partner_asked") return `/api/approvals/attachment/${data.attachment}/approve/`;
  if (kind !== "approval_asked") return null;
  return data.hold ? `/api/approvals/hold_end/${data.hold}/approve/` : `/api/approvals/request/${data.request}/approve/`;
}

function byRadio(unit) {
  if (!unit?.radio_id) return gettext("Call the unit by radio.");
  return fill(gettext("Call by radio %(radio)s, %(channel)s."), {
    radio: unit.radio_id,
    channel: unit.radio_channel || "–",
  });
}

function clockOf(limit) {
  return /_([ab])$/.test(limit ?? "")
    ? fill(gettext("Clock %(clock)s"), { clock: limit.slice(-1).toUpperCase() })
    : null;
}
