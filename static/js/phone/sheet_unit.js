/** Sheets of the unit: start of a shift, status, patrol discovery. */

import { formatTime } from "../clock.js";
import { fill, gettext, statusWord } from "../words.js";
import { discoveryAct, startShiftAct, statusAct } from "./acts.js";
import { el, say } from "./dom.js";
import { choices, codeOptions, picker, textField } from "./fields.js";
import { CHOSEN_STATUSES, isHollow } from "./state.js";

/** Start a shift: the planned one first; which unit, who leads, who comes along, and who is missing. */
export function shiftSheet(app) {
  const view = app.view();
  const plan = el("p", { class: "words order" });
  const absent = el("p", { class: "warning" });
  let offered = null;
  const unit = picker(gettext("Unit"), unitOptions(view), { name: "unit", value: view.planned ? String(view.planned.unit) : app.kept.unit ?? "", empty: gettext("choose"), onChange: app.refresh });
  const nobody = el("p", { class: "warning", text: gettext("No free unit. Ask the dispatcher.") });
  const lead = textField(gettext("Lead, badge number"), {
    name: "lead", value: view.me?.sworn ? view.me.badge : "", limit: 12, mode: "numeric", onChange: app.refresh,
  });
  const crew = textField(gettext("Crew, badge numbers"), {
    name: "crew", value: "", limit: 120, hint: gettext("with spaces between"), onChange: app.refresh,
  });
  /** Offer what the roster says; what is typed afterwards stays. */
  function fillIn(planned) {
    offered = planned.id;
    const others = planned.crew.map((one) => one.badge).filter((badge) => badge !== planned.lead_no && badge !== view.me?.badge);
    unit.field.value = String(planned.unit);
    lead.field.value = planned.lead_no;
    crew.field.value = others.join(" ");
    const values = { unit: planned.label, from: formatTime(planned.starts_at).slice(0, 5), to: formatTime(planned.ends_at).slice(0, 5) };
    say(plan, [fill(gettext("Planned: %(unit)s %(from)s–%(to)s"), values), planned.post, planned.beat, planned.vehicle].filter(Boolean).join(" · "));
  }

  return {
    title: gettext("Start of shift"),
    fixed: true,
    body: [
      el("p", { class: "subject", text: [view.me?.name, view.me?.badge].filter(Boolean).join(" ") }),
      plan, unit.node, lead.node, crew.node,
      absent, nobody,
      el("p", { class: "words", text: gettext("The position is sent only while the screen is on.") }),
    ],
    // Units come and go while the form is being filled; what is filled stays.
    paint() {
      const { choices: free, planned } = app.view();
      nobody.hidden = free.length > 0;
      unit.renew(unitOptions({ choices: free }));
      if (planned && planned.id !== offered) fillIn(planned);
      plan.hidden = !planned;
      const gone = planned && String(planned.unit) === unit.value() ? missingOf(planned, [normal(lead.value()), ...badges(crew.value(), view.me), view.me?.badge]) : [];
      absent.hidden = gone.length === 0;
      say(absent, fill(gettext("Planned, but not with you: %(names)s"), { names: gone.map((one) => `${one.name} ${one.badge}`).join(" ") }));
    },
    next: () => ({
      label: gettext("Start shift"),
      hint: unit.value() ? (lead.value() ? "" : gettext("badge of the lead is needed")) : gettext("choose a unit"),
      ready: unit.value() !== "" && lead.value() !== "",
      async act() {
        const chosen = app.view().choices.find((one) => String(one.id) === unit.value());
        app.keep("unit", unit.value());
        await app.act(startShiftAct(chosen, view.me, badges(crew.value(), view.me), normal(lead.value())));
        app.close();
      },
    }),
  };
}

const unitOptions = ({ choices: free }) => free.map((unit) => ({ value: String(unit.id), label: unitLabel(unit) }));
const unitLabel = (unit) => [unit.label, unit.call_sign, unit.squad_name].filter(Boolean).join(" · ");
const normal = (text) => text.normalize("NFKC").trim();

/** Read badge numbers from what a thumb types: spaces, commas and full-width signs part them. */
export function badges(text, me) {
  return [...new Set(normal(text).split(/[\s,、，;；]+/).filter(Boolean))].filter((badge) => badge !== me?.badge);
}

/** List those who are planned and not named. */
export function missingOf(planned, named) {
  return planned.crew.filter((one) => !named.includes(one.badge));
}

/** Choose the unit's status. */
export function statusSheet(app) {
  const now = app.view().unit.status;
  const options = CHOSEN_STATUSES.map((status) => ({ value: status, label: statusWord(status) }));
  const status = choices("status", options, { chosen: [now], onChange: app.refresh });
  const why = picker(gettext("Why out of service"), codeOptions(app.codes, "away_reason"), { name: "away", empty: gettext("choose"), onChange: app.refresh });
  const back = picker(gettext("Expected back"), BACK_IN.map((minutes) => ({ value: String(minutes), label: fill(gettext("in %(minutes)s min"), { minutes }) })), { name: "back", empty: gettext("not known") });
  const outside = el("div", { class: "stack" }, why.node, back.node);
  const reason = textField(gettext("Reason"), { name: "reason", limit: 200 });
  return {
    title: gettext("Status"),
    body: [status.node, outside, reason.node],
    paint() {
      outside.hidden = status.values()[0] !== "out_of_service";
    },
    next: () => ({
      label: gettext("Set status"),
      hint: statusWord(status.values()[0] ?? now),
      ready: status.values().length === 1 && status.values()[0] !== app.view().unit.status
        && (outside.hidden || why.value() !== "" || reason.value() !== ""),
      async act() {
        await app.act(statusAct(status.values()[0], reason.value(), outside.hidden ? {} : outsideFacts(why, back)));
        app.close();
      },
    }),
  };
}

const BACK_IN = [30, 60, 120, 240];

function outsideFacts(why, back) {
  const facts = why.value() ? { reason_code: why.value() } : {};
  return back.value() ? { ...facts, back_at: new Date(Date.now() + Number(back.value()) * 60_000).toISOString() } : facts;
}

/** Report what the patrol found; (7.4): found on patrol, asked for help, brought to the unit. */
const ON_THE_STREET = ["CH51", "CH42", "CH43"];

/** Report what the patrol found, or who asked it for help; the place is the phone's own. */
export function discoverySheet(app) {
  const tops = codeOptions(app.codes, "incident_type").filter((option) => option.value.length === 2 && option.value < "10");
  const detail = el("div");
  let second = null;
  const refine = () => {
    const [top] = type.values();
    const options = codeOptions(app.codes, "incident_type").filter((option) => option.value.startsWith(top) && option.value.length > 2);
    second = picker(gettext("More exactly"), options, { name: "type2", onChange: app.refresh });
    detail.replaceChildren(second.node);
    app.refresh();
  };
  const met = choices("channel", codeOptions(app.codes, "channel").filter(({ value }) => ON_THE_STREET.includes(value))
    .sort((a, b) => ON_THE_STREET.indexOf(a.value) - ON_THE_STREET.indexOf(b.value)),
  { chosen: [ON_THE_STREET[0]], columns: 3, onChange: () => { asked.hidden = met.values()[0] === ON_THE_STREET[0]; app.refresh(); } });
  const name = textField(gettext("Who asks for help"), { name: "caller", limit: 200 });
  const phone = textField(gettext("Telephone"), { name: "phone", limit: 32, kind: "tel", mode: "tel" });
  const asked = el("div", { hidden: true }, name.node, phone.node);
  const type = choices("type", tops, { columns: 2, onChange: refine });
  const address = textField(gettext("Where, in words"), { name: "address", limit: 200, hint: gettext("shop, crossing, lamp post") });
  const text = textField(gettext("What is happening"), { name: "text", rows: 2, limit: 2000 });
  return {
    title: gettext("Patrol discovery"),
    body: [met.node, type.node, detail, address.node, text.node, asked],
    next: () => {
      const fix = app.fixes.last();
      const old = isHollow(fix, Date.now());
      return {
        label: gettext("Report and start handling"),
        hint: !fix ? gettext("no position yet: use the radio") : old ? gettext("the position is old") : gettext("place: your own position"),
        ready: type.values().length === 1 && Boolean(fix),
        async act() {
          await app.act(discoveryAct({
            type_reported: second?.value() || type.values()[0],
            point: pointOf(fix),
            address_text: address.value(),
            narrative: text.value(),
            channel: met.values()[0],
            caller_name: asked.hidden ? "" : name.value(),
            contact_phone: asked.hidden ? "" : phone.value(),
          }));
          app.close();
        },
      };
    },
  };
}

function pointOf({ lat, lng, accuracy_m: accuracy, at }) {
  const point = { lat, lng, crs: "WGS84", source: "terminal", taken_at: new Date(at).toISOString() };
  return accuracy === null ? point : { ...point, accuracy_m: accuracy };
}
