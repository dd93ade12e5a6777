/** The report from the street: short, prefilled, with photos; a draft survives the page (F7). */

import { gettext } from "../words.js";
import { photoAct, reportAct } from "./acts.js";
import { el } from "./dom.js";
import { choices, codeOptions, countField, phrases, picker, textField } from "./fields.js";
import { shrink } from "./photo.js";
import { countsSuspects, likelyResults, missingFields, showsField } from "./results.js";
import { isLead } from "./state.js";

const PHOTOS_MOST = 6;
const RESULTS_SHOWN = 6;
const KINDS = () => [
  { value: "handling", label: gettext("Handling") },
  { value: "progress", label: gettext("Progress") },
  { value: "arrival", label: gettext("Arrival") },
];

/** Report on the present order, or on the finished one whose report is owed. */
export function reportSheet(app) {
  const { assignment, incident } = subjectOf(app.view());
  const draft = app.draft(assignment.id);
  const kind = draft.kind ?? (app.view().assignment ? "progress" : "handling");
  const parts = { assignment, incident, photos: draft.photos ?? [] };
  const save = () => {
    app.draft(assignment.id, { ...fieldsOf(parts), photos: parts.photos, kind: parts.kind.values()[0] });
    app.refresh();
  };
  parts.kind = choices("kind", KINDS(), { chosen: [kind], columns: 3, onChange: () => rebuild() });
  const body = el("div", { class: "stack" });
  const rebuild = () => {
    save();
    fill(app, parts, body, save);
  };
  fill(app, parts, body, save);
  return {
    title: gettext("Report"),
    body: [el("p", { class: "subject", text: incident?.address_text || assignment.assignment_no || "" }), parts.kind.node, body],
    next: () => sendButton(app, parts),
  };
}

/** Choose what a report is about. */
export function subjectOf(view) {
  if (view.assignment) return { assignment: view.assignment, incident: view.incident };
  return view.owed[0] ?? { assignment: null, incident: null };
}

function fill(app, parts, body, changed) {
  const draft = app.draft(parts.assignment.id);
  const handling = parts.kind.values()[0] === "handling";
  const save = () => {
    changed();
    showDemanded(parts);
  };
  const text = textField(gettext("What was done"), { name: "process", rows: 3, limit: 4000, value: draft.process_text ?? "", onChange: save });
  Object.assign(parts, { text }, handling ? handlingFields(app, parts, draft, save) : { codes: null });
  const offered = handling ? handlingPhrases() : progressPhrases(parts.kind.values()[0]);
  body.replaceChildren(
    ...(handling ? [parts.codes.node, parts.place.node, parts.caseNo.node] : []),
    phrases(offered, text), text.node, photoRow(app, parts, save),
    ...(handling ? [parts.type.node, parts.camera.node, parts.people] : []),
  );
  showDemanded(parts);
}

/** Only some results ask for a case number, a place or the number caught; the form is short without them. */
function showDemanded({ codes, place, caseNo, people }) {
  if (!codes) return;
  place.node.hidden = !showsField(codes.values(), "result_place") && !place.value();
  caseNo.node.hidden = !showsField(codes.values(), "case_no") && !caseNo.value();
  if (showsField(codes.values(), "caught")) people.open = true;
}

function handlingFields(app, { incident }, draft, save) {
  const type = draft.type_verified ?? incident?.type_verified ?? "";
  const reported = type || incident?.type_reported || "";
  const counts = countFields(reported, draft, save);
  const results = codeOptions(app.codes, "result", [...(draft.result_codes ?? []), ...likelyResults(reported)]);
  return {
    codes: choices("results", results, { chosen: draft.result_codes ?? [], many: true, columns: 2, shown: RESULTS_SHOWN, onChange: save }),
    type: picker(gettext("Verified type"), codeOptions(app.codes, "incident_type"), { name: "type", value: reported, onChange: save }),
    place: textField(gettext("Taken to, handed over to"), { name: "place", limit: 200, value: draft.result_place ?? "", onChange: save }),
    caseNo: textField(gettext("Case number"), { name: "case", limit: 40, value: draft.case_no ?? "", onChange: save }),
    camera: textField(gettext("Body camera no."), { name: "camera", limit: 64, value: draft.camera_ref ?? app.kept.camera ?? "", onChange: save }),
    counts,
    people: el("details", {}, el("summary", { text: gettext("People and losses") }),
      el("div", { class: "counts" }, ...counts.map((one) => one.node))),
  };
}

function countFields(type, draft, onChange) {
  const names = [["injured", gettext("Injured")], ["dead", gettext("Dead")], ["rescued", gettext("Rescued")]];
  if (countsSuspects(type)) {
    names.unshift(["caught", gettext("Caught")], ["involved", gettext("Involved")], ["escaped", gettext("Escaped")]);
    names.push(["loss_yuan", gettext("Loss, yuan")], ["recovered_yuan", gettext("Recovered, yuan")]);
  }
  return names.map(([name, label]) => ({ name, ...countField(label, { name, value: draft[name] ?? null, onChange }) }));
}

const handlingPhrases = () => [
  gettext("checked on the spot"), gettext("both sides mediated, agreed"), gettext("parties warned"),
  gettext("statements taken"), gettext("scene protected"), gettext("nothing unusual found"),
];

function progressPhrases(kind) {
  if (kind === "arrival") return [gettext("arrived, recorder on"), gettext("checking"), gettext("suspect gone"), gettext("people gathered")];
  return [gettext("under control"), gettext("still handling"), gettext("injured person, ambulance called"), gettext("searching the area")];
}

/** Collect the fields as the API takes them; what is empty is left out. */
function fieldsOf(parts) {
  const facts = { process_text: parts.text?.value() ?? "" };
  if (!parts.codes) return facts;
  Object.assign(facts, {
    result_codes: parts.codes.values(), type_verified: parts.type.value(), result_place: parts.place.value(),
    case_no: parts.caseNo.value(), camera_ref: parts.camera.value(),
  });
  for (const count of parts.counts) facts[count.name] = count.value();
  return facts;
}

function sendButton(app, parts) {
  const handling = parts.kind.values()[0] === "handling";
  const fields = fieldsOf(parts);
  const missing = handling ? missingFields(fields) : fields.process_text ? [] : ["process_text"];
  const mayDraft = handling && !isLead(app.view());
  return {
    label: gettext("File the report"),
    hint: missing.length ? missingWords(missing[0]) : mayDraft ? gettext("draft: the lead signs") : "",
    ready: !missing.length,
    act: () => file(app, parts, fields),
  };
}

async function file(app, parts, fields) {
  const { assignment } = parts;
  const report = { kind: parts.kind.values()[0], photos: parts.photos.map((photo) => `key:${photo.key}`) };
  for (const [name, value] of Object.entries(fields)) if (value !== "" && value !== null) report[name] = value;
  if (fields.camera_ref) app.keep("camera", fields.camera_ref);
  await app.act(reportAct(assignment, report));
  app.draft(assignment.id, null);
  app.close();
}

function missingWords(field) {
  switch (field) {
    case "result_codes": return gettext("choose a result");
    case "type_verified": return gettext("choose the verified type");
    case "case_no": return gettext("case number is needed");
    case "result_place": return gettext("where, or to whom, is needed");
    case "caught": return gettext("how many were caught is needed");
    default: return gettext("say what was done");
  }
}

/** Photos start to travel as soon as they are taken; the report only names them. */
function photoRow(app, parts, save) {
  const list = el("div", { class: "photos" });
  const paint = () => list.replaceChildren(...parts.photos.map((photo, index) => thumbnail(photo, index, () => {
    parts.photos = parts.photos.filter((other) => other !== photo);
    save();
    paint();
  })));
  const taken = async ({ target }) => {
    for (const file of [...target.files].slice(0, PHOTOS_MOST - parts.photos.length)) await take(app, parts, file);
    target.value = "";
    save();
    paint();
  };
  paint();
  const input = el("input", { type: "file", accept: "image/*", capture: "environment", class: "unseen", on: { change: taken } });
  return el("div", { class: "field" }, el("label", { class: "camera" }, input, el("b", { text: gettext("Take a photo") })), list);
}

async function take(app, parts, file) {
  try {
    const small = await shrink(file);
    const act = photoAct(small, app.fixes.last());
    await app.act(act);
    parts.photos.push({ key: act.key, address: URL.createObjectURL(small), size: small.size });
  } catch {
    app.notify(gettext("This picture cannot be read."));
  }
}

function thumbnail({ address, size }, index, remove) {
  const picture = address?.startsWith("blob:") ? el("img", { src: address, alt: gettext("Photo") }) : null;
  const tapped = (event) => {
    event.preventDefault();
    remove();
  };
  picture?.addEventListener("error", () => picture.remove());
  return el("figure", {}, picture, el("figcaption", {}, `${index + 1} · ${Math.round(size / 1024)} KB `,
    el("a", { href: "#", role: "button", text: gettext("Remove"), on: { click: tapped } })));
}
