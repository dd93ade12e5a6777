/** The structured fields of a complete report (反馈单): which there are, what each is called, when it is shown. */

import { gettext, pgettext } from "../words.js";
import { el } from "./dom.js";
import { choices, codeOptions, countField, picker, textField } from "./fields.js";
import { countsSuspects, isTraffic, likelyResults, neededFields } from "./results.js";

const RESULTS_SHOWN = 6;
const COUNTS = ["injured", "dead", "rescued"];
const SUSPECTS = ["caught", "involved", "escaped"];
const MONEY = ["loss_yuan", "recovered_yuan"];
const PICKED = { traffic_form: "traffic_form", traffic_cause: "traffic_cause", road_surface: "road_surface", visibility: "visibility" };
// Fields that only some results ask for.
const DEMANDED = ["result_place", "case_no", "handover_to", "handover_contact", "handover_reply", "property_text", "receipt"];
const LIMITS = { case_no: 40, handover_to: 100, handover_contact: 100, camera_ref: 64, community: 100 };

/**
 * Make the fields of a complete report.
 * @param {object} app
 * @param {object} about `{assignment, incident, draft, onChange}`; the draft holds what was typed before
 * @returns {{main: HTMLElement[], more: HTMLElement[], facts: () => object, paint: () => void}}
 */
export function completeFields(app, { assignment, incident, draft, onChange }) {
  const reported = draft.type_verified || incident?.type_verified || incident?.type_reported || "";
  const options = codeOptions(app.codes, "result", [...(draft.result_codes ?? []), ...likelyResults(reported)]);
  const results = choices("results", options, { chosen: draft.result_codes ?? [], many: true, columns: 2, shown: RESULTS_SHOWN, onChange });
  const type = picker(fieldWord("type_verified"), codeOptions(app.codes, "incident_type"), { name: "type", value: reported, onChange });
  const prefilled = valuesBefore(app, assignment, incident, draft);
  const text = (name) => textField(fieldWord(name), { name, limit: LIMITS[name] ?? 200, value: prefilled[name] ?? "", onChange });
  const texts = Object.fromEntries([...DEMANDED, "address_verified", "camera_ref", "community"].map((name) => [name, text(name)]));
  const count = (name) => ({ name, ...countField(fieldWord(name), { name, value: prefilled[name] ?? null, onChange }) });
  const counts = [...SUSPECTS, ...MONEY, ...COUNTS, "vehicles_damaged"].map(count);
  const countOf = (name) => counts.find((one) => one.name === name);
  const unknown = flag("loss_unknown", Boolean(draft.loss_unknown), onChange);
  const codes = (name, table) => picker(fieldWord(name), codeOptions(app.codes, table), { name, value: draft[name] ?? "", onChange });
  const picked = Object.fromEntries(Object.entries(PICKED).map(([name, table]) => [name, codes(name, table)]));
  const weather = codes("weather", "weather");
  const rest = el("a", { href: "#", role: "button", class: "rest", text: gettext("All others: none (0)"), on: { click: (event) => {
    event.preventDefault();
    for (const name of SUSPECTS) if (countOf(name).value() === null) countOf(name).node.querySelector("input").value = "0";
    onChange();
  } } });
  const grid = (names) => el("div", { class: "counts" }, ...names.map((name) => countOf(name).node));
  const suspects = el("div", { class: "stack" }, el("h3", { text: gettext("Suspects and losses") }), grid([...SUSPECTS, ...MONEY]), rest, unknown.node);
  const traffic = el("div", { class: "stack" }, el("h3", { text: gettext("Traffic annex") }),
    ...Object.values(picked).map((one) => one.node), grid(["vehicles_damaged"]));
  const people = el("details", {}, el("summary", { text: gettext("Casualties, weather, community") }), grid(COUNTS), weather.node, texts.community.node);

  /** Collect the fields as the API takes them; `""` and `null` mean that nothing was said. */
  function facts() {
    const found = { result_codes: results.values(), type_verified: type.value(), loss_unknown: unknown.value(), weather: weather.value() };
    for (const [name, one] of [...Object.entries(texts), ...Object.entries(picked)]) found[name] = one.value();
    for (const one of counts) found[one.name] = one.value();
    return found;
  }

  /** The form is short: what nobody asks for is hidden, and what is hidden says nothing new. */
  function paint() {
    const said = facts();
    const needed = neededFields(said, { codes: app.codes, onScene: true });
    for (const name of DEMANDED) texts[name].node.hidden = !(needed.includes(name) || said[name]);
    const hands = needed.includes("handover_to") || said.handover_to;
    for (const name of ["handover_contact", "handover_reply"]) texts[name].node.hidden = !(hands || said[name]);
    suspects.hidden = !countsSuspects(said.type_verified);
    traffic.hidden = !isTraffic(said.type_verified);
    for (const [name, one] of Object.entries(picked)) one.node.hidden = name !== "traffic_form" && !needed.includes(name);
    countOf("vehicles_damaged").node.hidden = !needed.includes("vehicles_damaged");
  }

  return {
    main: [results.node, ...DEMANDED.map((name) => texts[name].node)],
    more: [type.node, texts.address_verified.node, suspects, traffic, texts.camera_ref.node, people],
    facts,
    paint,
  };
}

/** What the report begins with: the draft, else what incident, order and device know. */
function valuesBefore(app, assignment, incident, draft) {
  const known = {
    address_verified: incident?.address_text ?? "",
    camera_ref: app.kept.camera ?? "",
    involved: incident?.offenders_reported ?? null,
    injured: incident?.injured ?? null,
    dead: incident?.dead ?? null,
    handover_to: assignment.handed_to_name ?? "",
    handover_contact: assignment.handed_contact || assignment.handed_received_by || "",
    handover_reply: assignment.handed_reply ?? "",
  };
  return { ...known, ...draft };
}

function flag(name, value, onChange) {
  const box = el("input", { type: "checkbox", name, checked: value, on: { change: onChange } });
  return { node: el("label", { class: "tick" }, box, el("span", {}, el("b", { text: fieldWord(name) }))), value: () => box.checked };
}

/** Say the name of a field, in the form and where the server names it. */
export function fieldWord(name) {
  switch (name) {
    case "result_codes": return gettext("Result");
    case "type_verified": return gettext("Verified type");
    case "address_verified": return gettext("Verified address");
    case "process_text": return gettext("What was done");
    case "camera_ref": return gettext("Body camera no.");
    case "case_no": return gettext("Case number");
    case "result_place": return gettext("Hospital, place");
    case "handover_to": return gettext("Handed over to");
    case "handover_contact": return gettext("Contact there");
    case "handover_reply": return gettext("Their reply");
    case "property_text": return gettext("What was recovered");
    case "receipt": return gettext("Receipt of what was given back");
    case "caught": return gettext("Caught");
    case "involved": return gettext("Involved");
    case "escaped": return gettext("Escaped");
    case "loss_yuan": return gettext("Loss, yuan");
    case "loss_unknown": return gettext("Loss not known yet");
    case "recovered_yuan": return gettext("Recovered, yuan");
    case "injured": return gettext("Injured");
    case "dead": return gettext("Dead");
    case "rescued": return gettext("Rescued");
    case "weather": return gettext("Weather");
    case "community": return gettext("Community, village");
    case "traffic_form": return gettext("Form of the accident");
    case "traffic_cause": return pgettext("traffic", "Cause");
    case "road_surface": return gettext("Road surface");
    case "visibility": return gettext("Visibility");
    case "vehicles_damaged": return gettext("Vehicles damaged");
    case "photos": return gettext("Photo");
    default: return name;
  }
}
