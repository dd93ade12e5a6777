/**
 * Keyboard shortcuts of the whole window: function keys, Ctrl and Alt chords, and `;` and `?` outside
 * of text fields (WCAG 2.1.4). Nothing is taken while an input method composes.
 */

/** Tell whether a key belongs to an input method (IME) that is composing. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/** Tell whether typing goes into the element. */
export function isTextField(element) {
  if (!element) return false;
  if (element.isContentEditable || element.tagName === "TEXTAREA" || element.tagName === "SELECT") return true;
  return element.tagName === "INPUT" && !["radio", "checkbox", "button", "submit"].includes(element.type);
}

/** Write a key event as a chord: `F2`, `Ctrl+Enter`, `Alt+1`, `;`. */
export function chordOf(event) {
  const key = event.key.length === 1 ? event.key.normalize("NFKC") : event.key;
  const digit = /^Digit(\d)$/.exec(event.code ?? "");
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && key.length > 1) parts.push("Shift");
  // With Alt some layouts write another character: the key itself counts.
  parts.push(event.altKey && digit ? digit[1] : parts.length && key.length === 1 ? key.toUpperCase() : key);
  return parts.join("+");
}

/**
 * Make the registry of shortcuts.
 * @param {EventTarget} target where keys are heard
 * @returns {{bind: Function, press: Function, list: Function}} `bind(chord, says, run)`; `run` may return false to let
 *   the key through; a chord has one meaning
 */
export function makeKeys(target) {
  const bound = new Map();
  target.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.defaultPrevented) return;
    const chord = chordOf(event);
    const found = bound.get(chord);
    if (!found) return;
    if (chord.length === 1 && isTextField(event.target)) return;
    if (found.run(event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    bind(chord, says, run) {
      // The first meaning holds: a console with a lost key is better than none. A test keeps it from coming to that.
      if (bound.has(chord)) return console.error(`${chord} has two meanings: ${bound.get(chord).says}, ${says}`);
      return bound.set(chord, { chord, says, run });
    },
    /** Do what a chord does, for the command line; false where nothing is bound to it. */
    press(chord) {
      const found = bound.get(chord);
      found?.run({ target: document.body, key: chord });
      return Boolean(found);
    },
    /** List all shortcuts in the order in which they were bound. */
    list: () => [...bound.values()],
  };
}
