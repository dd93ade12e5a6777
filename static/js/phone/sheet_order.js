/** Sheets of an order: finish, refuse, delay, backup. */

import { fill, gettext } from "../words.js";
import { backupAct, delayAct, moveAct } from "./acts.js";
import { el } from "./dom.js";
import { choices, codeOptions, phrases, textField } from "./fields.js";
import { likelyResults } from "./results.js";
import { isLead } from "./state.js";

/** Finish with a result; from accepted or en route only without attendance (domain 5). */
export function finishSheet(app) {
  const view = app.view();
  const { assignment, incident } = view;
  const arrived = assignment.state === "on_scene";
  const first = likelyResults(incident?.type_reported);
  const result = choices("result", codeOptions(app.codes, "result", first), { columns: 2, onChange: app.refresh });
  const early = arrived ? null : el("p", { class: "warning", text: gettext("Not on scene yet: this finishes the order without attendance.") });
  return {
    title: gettext("Main result"),
    body: [early, result.node].filter(Boolean),
    next: () => ({
      label: gettext("Finished"),
      hint: app.codes.word("result", result.values()[0]) || gettext("choose the result"),
      ready: result.values().length === 1 && isLead(app.view()),
      async act() {
        const [code] = result.values();
        app.draft(assignment.id, { result_codes: [code] });
        const body = arrived ? { result_code: code } : { result_code: code, no_attendance: true };
        await app.act(moveAct(assignment, "finish", body));
        app.open("report");
      },
    }),
  };
}

/** Refuse an order with a code and a text; the clock goes on (R4). */
export function refuseSheet(app) {
  const { assignment } = app.view();
  const reason = choices("reason", codeOptions(app.codes, "refusal"), { onChange: app.refresh });
  const text = textField(gettext("In words"), { name: "text", rows: 2, limit: 400, onChange: app.refresh });
  return {
    title: gettext("Refuse the order"),
    body: [
      el("p", { class: "warning", text: gettext("The watch commander is told. The clocks go on.") }),
      reason.node, text.node,
    ],
    next: () => ({
      label: gettext("Refuse"),
      hint: text.value() ? app.codes.word("refusal", reason.values()[0]) : gettext("code and text are needed"),
      ready: reason.values().length === 1 && text.value() !== "",
      async act() {
        await app.act(moveAct(assignment, "refuse", { refusal_code: reason.values()[0], text: text.value() }));
        app.close();
      },
    }),
  };
}

/** Report a delay at once; the desk tells the caller and may send another unit (R14). */
export function delaySheet(app) {
  const { assignment } = app.view();
  const reason = choices("reason", codeOptions(app.codes, "delay"), { columns: 2, onChange: app.refresh });
  const text = textField(gettext("In words"), { name: "text", rows: 2, limit: 400, onChange: app.refresh });
  const wants = () => app.codes.code("delay", reason.values()[0])?.needs_text === true && !text.value();
  return {
    title: gettext("Report a delay"),
    body: [reason.node, text.node],
    next: () => ({
      label: gettext("Report delay"),
      hint: wants() ? gettext("please say it in words") : app.codes.word("delay", reason.values()[0]) || gettext("choose the reason"),
      ready: reason.values().length === 1 && !wants(),
      async act() {
        await app.act(delayAct(assignment, reason.values()[0], text.value()));
        app.close();
      },
    }),
  };
}

/** Call for backup: one more tap, words if there is time. */
export function backupSheet(app) {
  const text = textField(gettext("What is needed"), { name: "text", rows: 2, limit: 200, onChange: app.refresh });
  const offered = [
    gettext("many people"), gettext("weapon"), gettext("injured"), gettext("pursuit"), gettext("suspect resists"),
    gettext("ambulance"), gettext("fire service"),
  ];
  const { incident, unit } = app.view();
  return {
    title: gettext("Call for backup"),
    body: [
      el("p", { class: "warning", text: fill(gettext("The desk sees it at once: %(unit)s, %(place)s"), {
        unit: unit.label, place: incident?.address_text || gettext("at the last position"),
      }) }),
      phrases(offered, text), text.node,
    ],
    next: () => ({
      label: gettext("Call for backup"),
      hint: gettext("words are optional"),
      ready: true,
      async act() {
        await app.act(backupAct(text.value()));
        app.close();
      },
    }),
  };
}
