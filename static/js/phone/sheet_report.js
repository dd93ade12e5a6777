/** The report from the street: structured, prefilled, with photos; a draft survives the page (F7). */

import { fill, gettext } from "../words.js";
import { reportAct } from "./acts.js";
import { el } from "./dom.js";
import { choices, phrases, textField } from "./fields.js";
import { photoRow } from "./photo_row.js";
import { completeFields, fieldWord } from "./report_fields.js";
import { knownFields, missingFields } from "./results.js";
import { isLead } from "./state.js";

const KINDS = () => [
  { value: "handling", label: gettext("Handling") },
  { value: "progress", label: gettext("Progress") },
  { value: "arrival", label: gettext("Arrival") },
];
const COMPLETE = ["handling", "correction"];

/** Report on the present order, or on the finished one whose report is owed. */
export function reportSheet(app) {
  const { assignment, incident } = subjectOf(app.view());
  const draft = app.draft(assignment.id);
  const kind = draft.kind ?? (app.view().assignment ? "progress" : "handling");
  const parts = { assignment, incident, draftOf: assignment.id, photos: draft.photos ?? [], kind: () => chosen.values()[0] };
  const body = el("div", { class: "stack" });
  const rebuild = () => {
    keep(app, parts);
    fillBody(app, parts, body);
  };
  const chosen = choices("kind", KINDS(), { chosen: [kind], columns: 3, onChange: rebuild });
  fillBody(app, parts, body);
  return {
    title: gettext("Report"),
    body: [el("p", { class: "subject", text: incident?.address_text || assignment.assignment_no || "" }), chosen.node, body],
    next: () => sendButton(app, parts),
  };
}

/** Correct (更正) the report that the reviewer sent back; it begins with what was filed and says why it came back. */
export function correctSheet(app) {
  const { assignment, incident, report } = app.view().returned.find((one) => one.incident);
  const draftOf = `correct.${assignment.id}`;
  if (!Object.keys(app.draft(draftOf)).length && report) app.draft(draftOf, { ...report, photos: [] });
  const parts = { assignment, incident, draftOf, photos: app.draft(draftOf).photos ?? [], kind: () => "correction" };
  const body = el("div", { class: "stack" });
  fillBody(app, parts, body);
  return {
    title: gettext("Correct the report"),
    body: [
      el("p", { class: "subject", text: incident?.address_text || assignment.assignment_no || "" }),
      el("p", { class: "warning", text: fill(gettext("Sent back: %(reason)s"), { reason: assignment.return_reason }) }), body,
    ],
    next: () => sendButton(app, parts),
  };
}

/** Choose what a report is about. */
export function subjectOf(view) {
  if (view.assignment) return { assignment: view.assignment, incident: view.incident };
  return view.owed[0] ?? { assignment: null, incident: null };
}

function keep(app, parts) {
  app.draft(parts.draftOf, { ...factsOf(parts), photos: parts.photos, kind: parts.kind() });
  app.refresh();
}

function fillBody(app, parts, body) {
  const draft = app.draft(parts.draftOf);
  const complete = COMPLETE.includes(parts.kind());
  const save = () => {
    keep(app, parts);
    parts.fields?.paint();
  };
  parts.text = textField(fieldWord("process_text"), { name: "process", rows: 3, limit: 4000, value: draft.process_text ?? "", onChange: save });
  parts.fields = complete ? completeFields(app, { ...parts, draft, onChange: save }) : null;
  const offered = complete ? handlingPhrases() : progressPhrases(parts.kind());
  body.replaceChildren(
    ...(parts.fields?.main ?? []), phrases(offered, parts.text), parts.text.node, photoRow(app, parts, save), ...(parts.fields?.more ?? []),
  );
  parts.fields?.paint();
}

const handlingPhrases = () => [
  gettext("checked on the spot"), gettext("both sides mediated, agreed"), gettext("parties warned"),
  gettext("statements taken"), gettext("scene protected"), gettext("nothing unusual found"),
];

function progressPhrases(kind) {
  if (kind === "arrival") return [gettext("arrived, recorder on"), gettext("checking"), gettext("suspect gone"), gettext("people gathered")];
  return [gettext("under control"), gettext("still handling"), gettext("injured person, ambulance called"), gettext("searching the area")];
}

const factsOf = (parts) => ({ process_text: parts.text?.value() ?? "", ...parts.fields?.facts() });

function sendButton(app, parts) {
  const complete = COMPLETE.includes(parts.kind());
  const facts = factsOf(parts);
  const how = { codes: app.codes, onScene: Boolean(parts.assignment.on_scene_at) || parts.assignment.state === "on_scene", known: knownFields(app.view().parties ?? []) };
  const missing = complete ? missingFields(facts, how) : facts.process_text ? [] : ["process_text"];
  const mayDraft = parts.kind() === "handling" && !isLead(app.view());
  const hint = missing.length ? fill(gettext("missing: %(fields)s"), { fields: missing.slice(0, 3).map(fieldWord).join(gettext(", ")) })
    : mayDraft ? gettext("draft: the lead signs") : "";
  return {
    label: parts.kind() === "correction" ? gettext("File the correction") : gettext("File the report"),
    hint,
    ready: !missing.length,
    act: () => file(app, parts, facts),
  };
}

async function file(app, parts, facts) {
  const report = { kind: parts.kind(), photos: parts.photos.map((photo) => `key:${photo.key}`) };
  for (const [name, value] of Object.entries(facts)) if (value !== "" && value !== null && value !== false) report[name] = value;
  const fix = COMPLETE.includes(report.kind) ? app.fixes.last() : null;
  if (fix) report.handled_point = { lat: fix.lat, lng: fix.lng, crs: "WGS84", source: "terminal" };
  if (facts.camera_ref) app.keep("camera", facts.camera_ref);
  await app.act(reportAct(parts.assignment, report));
  app.draft(parts.draftOf, null);
  app.close();
}
