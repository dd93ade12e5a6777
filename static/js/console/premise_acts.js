/**
 * Acts on premise notes as forms: write, write anew, renew at the review, end, read with a purpose.
 */

import { PREMISE_KINDS, premiseWord } from "../premise_words.js";
import { gettext, pgettext } from "../words.js";

const DAY_MS = 24 * 3600 * 1000;
const REVIEW_DAYS = 90;
const END_DAYS = 365;

const words = (note = {}) => ({ name: "text", label: gettext("What is known"), type: "text", long: true, required: true, value: note.text ?? "" });
const yesNo = [
  { value: false, text: pgettext("premise", "open to the units sent") },
  { value: true, text: pgettext("premise", "sensitive") },
];

function moments(now) {
  return { review_at: new Date(now + REVIEW_DAYS * DAY_MS).toISOString(), expires_at: new Date(now + END_DAYS * DAY_MS).toISOString() };
}

/** Write a note on a place: reviewed in 90 days, ended after a year. */
export function newNoteAct({ point, name }, now = Date.now()) {
  return {
    label: gettext("Note on this place"),
    method: "POST",
    path: "/api/premise-notes/",
    fixed: { ...moments(now), place_name: name ?? "", point: { lat: point.lat, lng: point.lng, crs: "WGS84", source: "place" } },
    fields: [
      { name: "kind", label: pgettext("console", "Kind"), type: "choice", value: "hazard", options: PREMISE_KINDS.map((value) => ({ value, text: premiseWord(value) })) },
      words(),
      { name: "radius_m", label: gettext("Radius in metres"), type: "count", value: null },
      { name: "sensitive", label: gettext("Who reads it"), type: "choice", value: false, options: yesNo },
    ],
  };
}

/** Write a note anew. */
export function describeNoteAct(note) {
  return { label: pgettext("premise", "Write anew"), method: "PATCH", path: `/api/premise-notes/${note.id}/`, versioned: true, fields: [words(note)] };
}

/** Say that a note still holds. */
export function renewNoteAct(note, now) {
  return { label: gettext("Still true for 90 days"), method: "PATCH", path: `/api/premise-notes/${note.id}/`, versioned: true, fixed: moments(now), fields: [] };
}

/** End a note with the reason. */
export function endNoteAct(note) {
  return { label: pgettext("premise", "End"), method: "POST", path: `/api/premise-notes/${note.id}/end/`, fields: [{ name: "reason", label: pgettext("console", "Reason"), type: "text", required: true }] };
}

/** Read a sensitive note; the purpose is kept. `onText` shows what it says. */
export function readNoteAct(note, onText) {
  return {
    label: pgettext("premise", "Read"),
    keeps: true,
    method: "POST",
    path: `/api/premise-notes/${note.id}/read/`,
    fields: [{ name: "purpose", label: gettext("Purpose"), type: "text", required: true }],
    onDone: (answer) => onText(note, answer.text),
  };
}
