/**
 * The hard lock of a phone that nobody has touched for minutes (targets 3.3): nothing can be read, orders still ring,
 * the button for help still works, the position is still reported. The PIN opens it, the password too.
 *
 * Without network the server cannot be asked: then the phone compares with what it kept of the PIN that opened it last.
 */

import { gettext } from "../words.js";
import { byId, el, say } from "./dom.js";
import { isKnownPin, rememberPin } from "./pin.js";

const UNREACHED = ["no_network", "timed_out", "try_again", "given_up"];

/**
 * Make the lock.
 * @param {object} app from `app.js`
 * @param {{isRinging: () => boolean}} parts whether an order waits behind the lock
 */
export function makeLock(app, { isRinging }) {
  const box = byId("lock");
  const says = el("p", { class: "shout", text: gettext("Locked") });
  const rings = el("p", { class: "warning", role: "status", text: gettext("A new order waits. Unlock to read it.") });
  const input = el("input", {
    type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "128", "aria-label": gettext("PIN or password"),
    placeholder: gettext("PIN or password"),
  });
  const trouble = el("p", { class: "lock-trouble", role: "alert" });
  const send = el("button", { type: "submit", class: "next lock-open" }, el("b", { text: gettext("Unlock") }));
  box.append(says, rings, input, trouble, send);
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    open();
  });
  let touchedAt = Date.now();
  let after = 0;
  for (const what of ["pointerdown", "keydown"]) addEventListener(what, () => { touchedAt = Date.now(); }, { capture: true });

  /** Take over what the server says of the person: after how long to lock, and whether it is locked already. */
  function begin(me) {
    after = (me.lock_after_s ?? 0) * 1000;
    if (me.locked || app.kept.locked) cover();
  }

  /** Once a second: lock when nobody has touched the phone, and say when an order waits. */
  function tick() {
    if (after && !isLocked() && Date.now() - touchedAt > after) lock();
    rings.hidden = !isRinging();
  }

  function lock() {
    cover();
    app.keep("locked", true);
    app.api.post("/api/session/lock/").catch(() => {});
  }

  function cover() {
    document.body.dataset.locked = "yes";
    box.hidden = false;
    for (const node of hidden()) node.inert = true;
  }

  async function open() {
    const secret = input.value.normalize("NFKC");
    input.value = "";
    say(trouble, "");
    if (!secret) return;
    try {
      await app.api.post("/api/session/unlock/", { secret }, { again: false });
      await rememberPin(app, secret);
    } catch (error) {
      if (!(UNREACHED.includes(error.code) && (await isKnownPin(app, secret)))) {
        const unreached = UNREACHED.includes(error.code);
        say(trouble, unreached ? gettext("No network: only the PIN that opened this phone last opens it now.") : error.message);
        return;
      }
    }
    uncover();
  }

  function uncover() {
    delete document.body.dataset.locked;
    box.hidden = true;
    for (const node of hidden()) node.inert = false;
    touchedAt = Date.now();
    app.keep("locked", false);
    app.outbox.flush(true);
  }

  return { begin, tick, lock };
}

/** What the lock hides; the header with the button for help stays. */
function hidden() {
  return [...document.querySelectorAll(".stage, .actions, #notice, .who, .line, .menu")];
}

function isLocked() {
  return document.body.dataset.locked === "yes";
}
