/**
 * Keys pressed before the form stands that they are meant for: kept, and typed into it once it stands.
 *
 * F3 answers a call over the network; a practised hand types the place in the same instant. While a hold
 * lasts nothing is lost and nothing goes elsewhere; when the form does not come, the keys are dropped
 * aloud, because letters that land in another place would be commands there.
 */

import { isComposing, isTextField } from "./keys.js";

const LONGEST_MS = 4000;
const ACTING = ["Enter", "Tab", "Backspace", "ArrowDown", "ArrowUp", "Escape"];
const FOCUSABLE = "input:not([type=radio]), input[type=radio]:checked, select, textarea, button:not([tabindex='-1'])";

/**
 * Make the holder of keys of a window.
 * @param {EventTarget} target where keys are heard
 * @param {() => void} onDropped told when keys were dropped because what they were meant for did not come
 * @returns {{during: (running: Promise<boolean>) => Promise<boolean>}} `during` keeps what is typed until the promise is
 *   settled; false means that nothing stands there to take the keys
 */
export function makeTypeAhead(target, onDropped = () => {}) {
  let holds = 0;
  let kept = [];
  target.addEventListener("keydown", keep, { capture: true });

  function keep(event) {
    if (!holds || !event.isTrusted || isComposing(event)) return;
    if (event.key.length !== 1 && !ACTING.includes(event.key)) return;
    kept.push({
      key: event.key,
      code: event.code,
      ctrlKey: event.ctrlKey,
      altKey: event.altKey,
      metaKey: event.metaKey,
      shiftKey: event.shiftKey,
    });
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  async function during(running) {
    holds += 1;
    const came = await Promise.race([running, pause(LONGEST_MS)]).catch(() => false);
    holds -= 1;
    if (came === false) drop();
    else replay();
    return running;
  }

  /** Type what was kept; a key that begins another hold leaves the rest to it. */
  function replay() {
    while (!holds && kept.length) type(kept.shift());
  }

  function drop() {
    if (kept.length) onDropped();
    kept = [];
  }

  return { during };
}

function pause(ms) {
  return new Promise((done) => {
    setTimeout(done, ms, false);
  });
}

function type(key) {
  const field = document.activeElement ?? document.body;
  const chord = key.ctrlKey || key.altKey || key.metaKey;
  const event = new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true });
  if (!field.dispatchEvent(event) || chord || !field.isConnected) return;
  if (key.key === "Tab") step(field, key.shiftKey ? -1 : 1);
  else if (isTextField(field) && field.tagName !== "SELECT") write(field, key.key);
}

/** Do what the browser does with a key of a person, which it does not do with ours. */
function write(field, key) {
  const { selectionStart: from, selectionEnd: to } = field;
  if (key.length === 1) field.setRangeText(key, from, to, "end");
  else if (key === "Backspace") field.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
  else if (key === "Enter" && field.tagName === "TEXTAREA") field.setRangeText("\n", from, to, "end");
  else return;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function step(from, by) {
  const all = [...document.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent !== null && !node.disabled);
  all[all.indexOf(from) + by]?.focus();
}
