/**
 * What the seats noted and what the units reported about an incident, the newest on top, and a line to add a note.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext } from "../words.js";
import { el, show } from "./dom.js";
import { isComposing } from "./keys.js";

/** Make the page of notes. */
export function makeNotes(page, desk) {
  const input = el("textarea.field", {
    rows: "2",
    maxlength: "2000",
    "aria-label": gettext("New note"),
    placeholder: gettext("New note, Enter saves"),
  });
  const list = el("ol.notes");
  const empty = el("p.empty", { text: gettext("Notes of all seats appear here.") });
  page.append(input, list, empty);
  input.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    save();
  });
  desk.on("select", () => {
    input.value = "";
  });

  async function save() {
    const text = input.value.trim();
    if (!text || !desk.selected) return;
    const { error } = await desk.act(
      "POST",
      `/api/incidents/${desk.selected}/note/`,
      { text },
      { done: gettext("Note saved") },
    );
    if (!error) input.value = "";
  }

  /** Paint the notes of an incident. */
  function paint(incident) {
    const notes = desk.store.ofIncident("note", incident.id).map((note) => [note.at, noteLine(note)]);
    const reports = desk.store.ofIncident("report", incident.id).map((report) => [report.reported_at, reportLine(report)]);
    const lines = [...notes, ...reports].sort(([a], [b]) => (a < b ? 1 : -1));
    show(empty, lines.length === 0);
    show(input, incident.open);
    const now = desk.now();
    list.replaceChildren(...lines.map(([at, line]) => line(formatMoment(at, now))));
  }

  function noteLine(note) {
    const kind = note.kind === "news" ? gettext("▲ New, told to the units") : note.kind === "retracted" ? gettext("✕ Not of this incident, taken back") : "";
    return (at) => entry(at, [kind, `${note.by_name ?? ""} ${note.by ?? ""}`].filter(Boolean).join(" · "), note.text);
  }

  /** A unit's report: who, of which kind, with which results, in the officer's words. */
  function reportLine(report) {
    const results = report.result_codes.map((code) => desk.codes.word("result", code));
    const photos = report.photos.map((photo, at) =>
      el("a", { href: photo.url, target: "_blank", text: ` ${gettext("Photo")} ${at + 1}` }),
    );
    const who = [report.call_sign, reportWord(report.kind), report.reported_by_name].filter(Boolean).join(" · ");
    const words = [typeWords(report), ...results, report.process_text, ...annexWords(report)].filter(Boolean).join(" · ");
    return (at) => entry(at, who, words, ...photos);
  }

  /** The type as the unit verified it, where it differs from the type as taken. */
  function typeWords(report) {
    const taken = desk.store.row("incident", report.incident)?.type_reported;
    if (!report.type_verified || report.type_verified === taken) return "";
    return fill(gettext("verified as %(type)s"), { type: desk.codes.word("incident_type", report.type_verified) });
  }

  /** The structured fields that hold something. */
  function annexWords(report) {
    const { codes } = desk;
    const named = (label, value) => (value === null || value === "" ? "" : `${label} ${value}`);
    return [
      named(gettext("Caught"), report.caught), named(gettext("Involved"), report.involved), named(gettext("Escaped"), report.escaped),
      named(gettext("Loss, yuan"), report.loss_unknown ? gettext("not known yet") : report.loss_yuan), named(gettext("Recovered, yuan"), report.recovered_yuan),
      named(gettext("Handed over to"), [report.handover_to, report.handover_contact, report.handover_reply].filter(Boolean).join("、")),
      report.property_text, report.receipt,
      ...["traffic_form", "traffic_cause", "road_surface", "visibility", "weather"].map((name) => codes.word(name, report[name])),
      named(gettext("Vehicles damaged"), report.vehicles_damaged), report.community, named(gettext("Case number"), report.case_no),
      named(gettext("Body camera"), report.camera_ref),
    ].filter(Boolean);
  }

  function entry(at, who, words, ...more) {
    return el(
      "li",
      {},
      el("span.note-head.soft", {}, el("span.digits", { text: at }), ` ${who}`),
      el("span.note-text", {}, words, ...more),
    );
  }

  return { paint, focus: () => input.focus() };
}

function reportWord(kind) {
  switch (kind) {
    case "arrival":
      return gettext("Arrival");
    case "progress":
      return gettext("Progress");
    case "handling":
      return gettext("Handling");
    case "correction":
      return gettext("Correction");
    default:
      return gettext("Report");
  }
}
