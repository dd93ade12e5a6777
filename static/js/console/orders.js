/**
 * The orders of the selected incident: every time, who stamped it, and the moves that the desk enters
 * by radio.
 */

import { counter, formatMoment, parseTime, timeLeft } from "../clock.js";
import { deadlineWord, fill, gettext, pgettext, purposeWord } from "../words.js";
import { handshake } from "./board.js";
import { button, el, shape } from "./dom.js";
import { makeForm } from "./inline_form.js";
import { handWord } from "./queue_row.js";
import { assignmentActs } from "./verbs.js";

const STEPS = [
  ["dispatched_at", null],
  ["delivered_at", "delivered"],
  ["accepted_at", "accepted"],
  ["departed_at", "en_route"],
  ["on_scene_at", "on_scene"],
  ["finished_at", "finished"],
  ["reported_at", null],
];

/** Make the panel of orders. */
export function makeOrders(box, desk) {
  const list = el("div.orders");
  const empty = el("p.empty", {
    text: gettext("Orders appear here with every time: sent, delivered, accepted, on scene."),
  });
  box.append(list, empty);
  let forms = new Map();

  /** Paint the orders of an incident. */
  function paint(incident) {
    const rows = incident ? desk.store.ofIncident("assignment", incident.id) : [];
    empty.hidden = rows.length > 0;
    const now = desk.now();
    const focused = document.activeElement?.closest?.(".order")?.dataset.id;
    const verb = document.activeElement?.dataset?.act;
    list.replaceChildren(...[...rows].reverse().map((row) => card(row, now)));
    if (focused && verb) list.querySelector(`.order[data-id="${focused}"] [data-act="${verb}"]`)?.focus();
  }

  function card(row, now) {
    const mark = handshake(row, now);
    return el(
      "article.order",
      { data: { id: row.id, state: row.state } },
      el(
        "header.order-head",
        {},
        el(
          `span.order-state.level-${mark.level}`,
          {},
          shape(mark.shape),
          el("b.code", { text: row.call_sign }),
          el("span", { text: handWord(mark.state) }),
        ),
        el("span.soft", { text: purposeWord(row.purpose) }),
        el("span.soft", { text: row.lead_name ? `${row.lead_name} ${row.lead_no ?? ""}` : "" }),
      ),
      steps(row, now),
      ...remarks(row, now),
      ...ticks(row, now),
      limits(row, now),
      verbs(row),
      forms.get(row.id)?.node ?? null,
    );
  }

  function steps(row, now) {
    const sent = parseTime(row.dispatched_at);
    return el(
      "ol.steps",
      {},
      ...STEPS.map(([field, move]) => {
        const at = parseTime(row[field]);
        const mark = row.marks?.[move] ?? {};
        return el(
          "li",
          { data: { done: at === null ? "no" : "yes" } },
          el("span.step-name", { text: stepWord(field) }),
          el("span.step-time.digits", { text: at === null ? "–" : formatMoment(at, now) }),
          el("span.step-after.digits.soft", {
            text: at === null || field === "dispatched_at" ? "" : `+${counter((at - sent) / 1000)}`,
          }),
          mark.by_proxy
            ? el("span.step-mark", { text: gettext("radio") })
            : mark.implied
              ? el("span.step-mark", { text: gettext("implied") })
              : null,
        );
      }),
    );
  }

  function remarks(row, now) {
    const lines = [];
    const add = (level, text) => lines.push(el(`p.order-remark.level-${level}`, { text }));
    if (row.refused_at)
      add(
        "serious",
        fill(gettext("Refused %(time)s: %(why)s %(text)s"), {
          time: formatMoment(row.refused_at, now),
          why: desk.codes.word("refusal", row.refusal_code),
          text: row.refusal_text ?? "",
        }),
      );
    if (row.withdrawn_at) {
      add(
        "off",
        fill(gettext("Withdrawn %(time)s: %(why)s %(text)s"), {
          time: formatMoment(row.withdrawn_at, now),
          why: desk.codes.word("cancel", row.cancel_code),
          text: row.cancel_text ?? "",
        }),
      );
      if (!row.withdrawal_confirmed_at) add("caution", gettext("The unit has not confirmed the withdrawal yet."));
    }
    if (row.relief) add("standby", fill(gettext("%(unit)s comes to relieve it"), { unit: row.relief }));
    if (row.handed_at) add(row.handed_received_at ? "off" : "caution", handedWords(row, now));
    if (row.returned_at)
      add("caution", fill(gettext("Report sent back %(time)s: %(why)s"), { time: formatMoment(row.returned_at, now), why: row.return_reason }));
    if (row.override_reason)
      add(
        "off",
        fill(gettext("%(first)s was recommended; not taken: %(why)s %(text)s"), {
          first: row.recommended ?? "",
          why: desk.codes.word("override", row.override_reason),
          text: row.override_text ?? "",
        }),
      );
    if (row.order_text) add("off", row.order_text);
    return lines;
  }

  /** What the officers have ticked off, in one line. */
  function ticks(row, now) {
    const rows = desk.store.ofIncident("tick", row.incident).filter((one) => one.assignment === row.id && one.done);
    if (!rows.length) return [];
    const words = rows.map((one) => `✓ ${desk.cards.text(one)} ${formatMoment(one.at, now)}`);
    return [el("p.order-remark.level-off", { text: words.join("　") })];
  }

  function handedWords(row, now) {
    const values = { unit: row.handed_to_name, time: formatMoment(row.handed_received_at ?? row.handed_at, now), who: row.handed_received_by };
    if (row.handed_received_at) return fill(gettext("%(unit)s took the scene over %(time)s: %(who)s"), values);
    return fill(gettext("Handed to %(unit)s %(time)s, not taken over yet: the first unit stays responsible"), values);
  }

  function limits(row, now) {
    const rows = desk.store
      .ofIncident("deadline", row.incident)
      .filter((one) => one.assignment === row.id && one.state !== "void" && one.state !== "met");
    return el(
      "p.order-limits",
      {},
      ...rows.map((one) => {
        const { left, state } = timeLeft(one, now);
        const level = { missed: "serious", late: "serious", near: "caution" }[state] ?? "off";
        const text = left < 0 ? gettext("%(what)s +%(time)s") : gettext("%(what)s %(time)s");
        const says = fill(text, { what: deadlineWord(one.kind), time: counter(Math.abs(left)) });
        const urged = one.urged_at && !one.stopped_at ? ` ${gettext("urged")}` : "";
        return el(`span.limit.digits.level-${level}`, { text: says + urged });
      }),
    );
  }

  function verbs(row) {
    const acts = assignmentActs(row, desk.roles(), desk.store.row("incident", row.incident)?.mode);
    return el(
      "div.verbs",
      {},
      ...acts.map((act) => button(act.label, () => begin(act, row), { kind: act.kind, data: { act: act.id } })),
    );
  }

  /** Do an act at once when it asks for nothing, else open its form below the order. */
  function begin(act, row) {
    if (!act.fields.length)
      return desk.act(act.method, act.path, { ...act.fixed }, { done: `${row.call_sign} ${act.label}` });
    const close = () => {
      forms.get(row.id)?.node.remove();
      forms.delete(row.id);
      list.querySelector(`.order[data-id="${row.id}"] .verbs button`)?.focus();
    };
    forms.get(row.id)?.node.remove();
    forms.set(row.id, { node: makeForm(act, row, desk, close) });
    return list.querySelector(`.order[data-id="${row.id}"]`)?.append(forms.get(row.id).node);
  }

  desk.on("select", () => {
    forms = new Map();
  });
  return { paint, busy: () => forms.size > 0 };
}

function stepWord(field) {
  switch (field) {
    case "dispatched_at":
      return pgettext("step", "sent");
    case "delivered_at":
      return pgettext("step", "delivered");
    case "accepted_at":
      return pgettext("step", "accepted");
    case "departed_at":
      return pgettext("step", "departed");
    case "on_scene_at":
      return pgettext("step", "on scene");
    case "finished_at":
      return pgettext("step", "finished");
    default:
      return pgettext("step", "reported");
  }
}
