/**
 * The soft lock of a seat (targets 3.3): nobody has touched it for some minutes. Boards, clocks and sounds
 * go on, names and phones are covered, and what is written waits for the PIN; the feed is never cut.
 *
 * All windows of the seat lock and open together. The server holds the lock; this only shows it.
 */

import { gettext } from "../words.js";
import { el, setText, show } from "./dom.js";
import { isComposing } from "./keys.js";

const TOUCHES = ["keydown", "pointerdown", "pointermove", "wheel"];
const TELL_EVERY_MS = 5000;

/**
 * Bring the lock to life.
 * @param {HTMLFormElement} box its band in the page
 * @param {object} desk the desk
 * @param {object} me who sits here: `{locked, lock_after_s, has_pin}`
 */
export function makeLock(box, desk, me) {
  const words = el("span.lock-says");
  const input = el("input.field.digits", { type: "password", autocomplete: "off", maxlength: "128" });
  const label = el("label", {}, el("span"), input);
  const again = el("input.field", { type: "password", autocomplete: "current-password", maxlength: "128" });
  const proof = el("label", {}, el("span", { text: gettext("Password") }), again);
  const send = el("button.verb.main", { type: "submit" }, el("span"), el("kbd", { text: "Enter" }));
  const trouble = el("b.lock-trouble", { role: "alert" });
  const other = el("a.lock-other", { href: otherPerson(), text: gettext("Another person takes the seat") });
  box.append(el("b.lock-title", { text: gettext("Locked") }), words, label, proof, send, trouble, other);
  let touchedAt = Date.now();
  let toldAt = 0;
  let setting = false;
  let hasPin = me.has_pin;
  let back = null;

  for (const what of TOUCHES) document.addEventListener(what, touched, { capture: true, passive: true });
  desk.on("window.touched", () => {
    touchedAt = Date.now();
  });
  desk.on("window.locked", cover);
  desk.on("window.unlocked", uncover);
  desk.on("locked", cover);
  desk.on("set-pin", () => begin(true));
  desk.on("tick", () => {
    if (me.lock_after_s && !isLocked() && Date.now() - touchedAt > me.lock_after_s * 1000) lock();
  });
  desk.keys.bind("Alt+L", gettext("Lock this seat"), lock);
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    if (setting) setPin();
    else open();
  });
  box.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.key !== "Escape" || !setting) return;
    event.preventDefault();
    end();
  });
  if (me.locked) cover();

  function touched() {
    touchedAt = Date.now();
    if (touchedAt - toldAt < TELL_EVERY_MS) return;
    toldAt = touchedAt;
    desk.broadcast("touched");
  }

  async function lock() {
    cover();
    desk.broadcast("locked");
    await desk.act("POST", "/api/session/lock/", {});
  }

  /** Cover what is private; a write that the server refuses as locked comes here too. */
  function cover() {
    if (isLocked()) return input.focus();
    back = document.activeElement;
    document.body.dataset.locked = "yes";
    return begin(false);
  }

  function begin(toSet) {
    setting = toSet;
    setText(box.querySelector(".lock-title"), toSet ? gettext("Your PIN") : gettext("Locked"));
    setText(words, sayWhat(toSet));
    setText(label.firstChild, toSet ? gettext("New PIN") : hasPin ? gettext("PIN or password") : gettext("Password"));
    setText(send.firstChild, toSet ? gettext("Set") : gettext("Unlock"));
    setText(trouble, "");
    show(proof, toSet);
    show(other, !toSet);
    input.value = "";
    again.value = "";
    show(box, true);
    input.focus();
  }

  async function open() {
    const secret = input.value.normalize("NFKC");
    input.value = "";
    if (!secret) return;
    const { error } = await desk.act("POST", "/api/session/unlock/", { secret }, { quiet: true });
    if (error) {
      setText(trouble, error.message);
      input.focus();
      return;
    }
    desk.broadcast("unlocked");
    uncover();
    if (!hasPin) desk.tell(gettext("With a PIN you are back sooner: F1, then 密."), "normal");
  }

  async function setPin() {
    const body = { pin: input.value.normalize("NFKC"), password: again.value };
    const { error } = await desk.act("POST", "/api/me/pin/", body, { quiet: true });
    if (error) return setText(trouble, error.message);
    hasPin = true;
    end();
    return desk.tell(gettext("PIN set. It opens your locked seat; it signs nobody in."), "normal");
  }

  function uncover() {
    if (!isLocked()) return;
    delete document.body.dataset.locked;
    touchedAt = Date.now();
    end();
  }

  function end() {
    setting = false;
    show(box, false);
    if (back?.isConnected) back.focus();
    back = null;
  }

  return { lock };
}

function sayWhat(toSet) {
  if (toSet) return gettext("Four to eight digits. Esc gives up.");
  return gettext("The board goes on. Calls and emergencies can still be taken.");
}

function isLocked() {
  return document.body.dataset.locked === "yes";
}

function otherPerson() {
  return `/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
}
