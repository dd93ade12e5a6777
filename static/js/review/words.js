/**
 * The words of a review: chapters (M62), and what stands between the entries.
 */

import { pgettext } from "../words.js";

/** The chapters in their order. */
export const CHAPTERS = ["intelligence", "analysis", "warning", "command", "handling", "feedback", "evaluation"];

/** Name a chapter. */
export function chapterWord(chapter) {
  switch (chapter) {
    case "intelligence": return pgettext("chapter", "Intelligence");
    case "analysis": return pgettext("chapter", "Analysis");
    case "warning": return pgettext("chapter", "Warning");
    case "command": return pgettext("chapter", "Command");
    case "handling": return pgettext("chapter", "Handling");
    case "feedback": return pgettext("chapter", "Feedback");
    case "evaluation": return pgettext("chapter", "Evaluation");
    case "note": return pgettext("chapter", "Note");
    case "task": return pgettext("chapter", "Task");
    case "recording": return pgettext("chapter", "Recording");
    case "bookmark": return pgettext("chapter", "Picture");
    default: return "";
  }
}
