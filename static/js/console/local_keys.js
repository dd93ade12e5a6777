/**
 * Keys that mean something only where the focus is: in a list, a form, the command line, on the map.
 *
 * The sheet shows them beside the keys of the whole window. A test compares each line with the file that
 * hears its keys, so that the sheet and the keys say the same.
 */

import { gettext, pgettext } from "../words.js";

/** List the places with their keys: `{says, files, keys: [[keys as an event names them, says]]}`. */
export function localKeys() {
  return [
    {
      says: gettext("In the queue"),
      files: ["queue.js"],
      keys: [
        [["ArrowDown", "ArrowUp", "Home", "End"], gettext("another incident")],
        [["Enter"], gettext("to its card")],
      ],
    },
    {
      says: gettext("In the candidates"),
      files: ["candidates.js"],
      keys: [
        [["1–9"], gettext("send that unit")],
        [["ArrowDown", "ArrowUp", "Home", "End"], gettext("look at another one")],
        [["Enter"], gettext("send the one looked at")],
        [["Escape"], gettext("do not ask for the reason")],
      ],
    },
    {
      says: gettext("On the unit board"),
      files: ["units_board.js"],
      keys: [
        [["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], gettext("another unit")],
        [["Enter"], gettext("begin an order for it")],
      ],
    },
    {
      says: gettext("On the tabs of the card"),
      files: ["incident_card.js"],
      keys: [[["ArrowLeft", "ArrowRight"], gettext("another tab")]],
    },
    {
      says: gettext("In the question card (Alt+A)"),
      files: ["question_card.js"],
      keys: [
        [["1–3"], gettext("yes, no, not known")],
        [["Enter"], gettext("take what is typed")],
        [["ArrowDown", "ArrowUp"], gettext("another question")],
        [["Escape"], gettext("back to the words")],
      ],
    },
    {
      says: gettext("Ending a call (F7)"),
      files: ["quick_end.js"],
      keys: [
        [["0–9"], gettext("end it so")],
        [["Escape"], gettext("back to the form")],
      ],
    },
    {
      says: gettext("In a search field"),
      files: ["pick.js"],
      keys: [
        [["ArrowDown", "ArrowUp"], gettext("another hit")],
        [["Enter"], gettext("take the hit, also before the list has come")],
        [["Escape"], gettext("close the list")],
      ],
    },
    {
      says: gettext("In a form"),
      files: ["inline_form.js", "form_fields.js", "thread.js", "closures.js", "card_notes.js", "lock.js"],
      keys: [
        [["1–9"], gettext("choose among values side by side")],
        [["Enter"], gettext("send; in several lines with Ctrl")],
        [["Escape"], pgettext("console", "Close")],
      ],
    },
    {
      says: gettext("In the command line"),
      files: ["command_bar.js"],
      keys: [
        [["Tab"], gettext("take the first offer")],
        [["ArrowUp", "ArrowDown"], gettext("lines before")],
        [["Enter"], gettext("do what the line says")],
        [["Escape"], gettext("back to where the focus was")],
      ],
    },
    {
      says: gettext("On this sheet"),
      files: ["sheet.js"],
      keys: [[["Escape"], pgettext("console", "Close")]],
    },
    {
      says: gettext("On the map, with the crosshair"),
      files: ["../map/crosshair.js"],
      keys: [
        [["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"], gettext("move; far with Shift")],
        [["Enter"], gettext("take the point")],
        [[" "], gettext("end the drawing")],
        [["Backspace"], gettext("take the last corner back")],
        [["+", "=", "-"], gettext("nearer and farther")],
        [["Escape"], gettext("give up")],
      ],
    },
  ];
}

/** Write a key as it stands on the keyboard. */
export function keyCap(key) {
  const caps = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", " ": gettext("Space bar") };
  return caps[key] ?? key;
}
