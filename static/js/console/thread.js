/**
 * The text thread of the contact in the intake (R19): what came, what went out and whether it arrived; never a ring.
 */

import { formatTime, parseTime } from "../clock.js";
import { gettext, pgettext } from "../words.js";
import { button, el, oncePerFrame, setText, show } from "./dom.js";
import { isComposing } from "./keys.js";

const MARKS = { queued: "…", sent: "✓", failed: "✕" };
const LONGEST = 500;

/**
 * Make the thread.
 * @param {object} desk the desk
 * @param {() => object|null} openCall the call in the form
 * @returns {{node: HTMLElement, paint: () => void, focus: () => boolean}} `focus` tells whether there is a thread
 */
export function makeThread(desk, openCall) {
  const list = el("ol.thread", { "aria-live": "polite", "aria-label": gettext("Texts") });
  const field = el("textarea.field", {
    rows: "2",
    maxlength: String(LONGEST),
    "aria-label": gettext("Answer in writing"),
    placeholder: gettext("Answer in writing; Enter sends"),
    on: { keydown: onKey },
  });
  const send = button(pgettext("thread", "Send"), write, { kind: "main" });
  const says = el("p.thread-says.soft");
  const node = el(
    "section.thread-box",
    { hidden: true, "aria-label": gettext("Text thread") },
    el("p.label", {}, says, el("kbd", { text: "Alt+T" })),
    list,
    el("div.pair.wide-left", {}, field, send),
  );
  let act = null;
  const paintSoon = oncePerFrame(paint);
  desk.store.on("snapshot", paintSoon);
  desk.store.on("change", ({ changes }) => {
    if (changes.some((change) => ["message", "call"].includes(change.collection))) paintSoon();
  });

  function paint() {
    const call = openCall();
    const isWritten = Boolean(call) && hasThread(desk, call);
    show(node, isWritten);
    if (!isWritten) return;
    setText(says, call.silent ? gettext("Writes. Never ring this contact.") : gettext("Writes."));
    const messages = desk.store.rows("message").filter((one) => one.call === call.id);
    messages.sort((a, b) => a.id - b.id);
    const shown = messages.map((one) => `${one.id}.${one.version}`).join();
    if (list.dataset.shown === shown) return;
    list.dataset.shown = shown;
    list.replaceChildren(...messages.map(line));
    list.scrollTop = list.scrollHeight;
  }

  function line(message) {
    const state = message.direction === "out" ? stateMark(message.state) : null;
    return el(
      "li",
      { data: { direction: message.direction, state: message.state } },
      el("span.soft", { text: formatTime(parseTime(message.sent_at ?? message.received_at ?? message.at) ?? desk.now()) }),
      message.picture
        ? el("a", { href: message.picture, target: "_blank", rel: "noopener", text: gettext("picture") })
        : el("span", { text: message.text }),
      state,
    );
  }

  function onKey(event) {
    if (isComposing(event) || event.key !== "Enter" || event.shiftKey || event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    write();
  }

  async function write() {
    const call = openCall();
    const text = field.value.trim();
    if (!call || !text || act) return;
    send.disabled = true;
    act = desk.act("POST", `/api/calls/${call.id}/texts/`, { text });
    const { error } = await act;
    act = null;
    send.disabled = false;
    if (!error) field.value = "";
    field.focus();
  }

  return {
    node,
    paint,
    focus() {
      if (!node.hidden) field.focus();
      return !node.hidden;
    },
  };
}

/** Tell whether a contact writes instead of speaking. */
export function hasThread(desk, call) {
  return call.channel === "CH22" || Boolean(desk.codes.code("channel", call.channel)?.never_ring_back);
}

function stateMark(state) {
  const words = { queued: gettext("on its way out"), sent: gettext("sent out"), failed: gettext("not sent") };
  return el(`span.thread-mark${state === "failed" ? ".level-serious" : ""}`, {
    text: `${MARKS[state] ?? ""} ${words[state] ?? ""}`,
  });
}
