/**
 * Bookmarks: the moment that is seen now with its still, in words; each can become a clue that the units read (M24, M25).
 */

import { formatTime } from "../clock.js";
import { CONFIDENCES, confidenceWord } from "../casework_words.js";
import { button, el } from "../console/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { makeForm } from "./forms.js";

/**
 * Make the section.
 * @param {{form: HTMLElement, list: HTMLElement, api: object, finds: boolean, marks: boolean, player: object, viewing: () => object|null, onChange: () => Promise<void>, onTrouble: (error: Error) => void}} means
 */
export function makeBookmarks({ form, list, api, finds, marks, player, viewing, onChange, onTrouble }) {
  if (marks) {
    form.append(makeForm({
      label: gettext("Bookmark this moment"),
      fields: [{ name: "text", kind: "text", label: gettext("What is seen (F9)"), value: "", limit: 400 }],
      send: mark,
    }));
  }

  async function mark({ text = "" }) {
    const opened = viewing();
    if (!opened) throw new Error(gettext("Open a camera first."));
    player.pause();
    const body = new FormData();
    body.append("at", new Date(player.at()).toISOString());
    body.append("text", text);
    const still = await player.still();
    if (still) body.append("file", still, "still.jpg");
    await api.post(`/api/viewings/${opened.id}/bookmarks/`, body);
    form.querySelector("[name=text]").value = "";
    await onChange();
  }

  /** Show the bookmarks of an incident, the newest first. */
  function show({ bookmarks, clues }) {
    const key = JSON.stringify([bookmarks.map((one) => [one.id, one.version]), clues.map((one) => [one.id, one.version])]);
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    const rows = [...bookmarks].reverse().map((one) => rowOf(one, clues.filter((clue) => clue.bookmark === one.id && !clue.void)));
    const begun = opened();
    list.replaceChildren(...(rows.length ? rows : [el("li.panel-empty", { text: gettext("No bookmark yet.") })]));
    for (const one of begun) again(one);
  }

  /** What somebody is writing while another one marks: it outlives the drawing of the list. */
  function opened() {
    return [...list.querySelectorAll(".video-take-back[open]")].map((details) => {
      const input = details.querySelector("[name=reason]");
      return { id: details.closest("[data-bookmark]").dataset.bookmark, said: input.value, held: input === document.activeElement };
    });
  }

  function again({ id, said, held }) {
    const row = list.querySelector(`[data-bookmark="${id}"]`);
    const details = row?.querySelector(".video-take-back");
    if (!details) {
      if (held) row?.focus(); // it was taken back: its line says so
      return;
    }
    const input = details.querySelector("[name=reason]");
    details.open = true;
    input.value = said;
    if (held) input.focus();
  }

  function rowOf(row, clues) {
    if (row.void) return voided(row);
    const pushed = clues.find((clue) => clue.pushed_at);
    const says = pushed ? fill(gettext("▲ pushed %(time)s"), { time: formatTime(pushed.pushed_at) }) : clues.length ? gettext("noted as a clue") : "";
    const choose = el("select.video-confidence", { "aria-label": gettext("Confidence") }, ...CONFIDENCES.map((value) => el("option", { value, text: confidenceWord(value) })));
    choose.value = "medium";
    const push = button(gettext("Push to the units"), () => makeClue(row, choose.value, true), { data: { push: row.id } });
    const note = button(pgettext("video", "Note only"), () => makeClue(row, choose.value, false), { data: { note: row.id } });
    return el(
      "li.video-bookmark",
      { data: { bookmark: row.id } },
      row.still ? el("a", { href: row.still, target: "_blank", rel: "noopener" }, el("img", { src: row.still, alt: fill(gettext("Still of %(camera)s"), { camera: row.camera_name }), width: "176", height: "99", loading: "lazy" })) : el("span.video-no-still", { text: gettext("without a still") }),
      el("div", {}, el("b.digits", { text: formatTime(row.at) }), el("span", { text: ` ${row.camera_name}` }), el("p", { text: row.text || "—" }), el("p.soft", { text: [row.by_name, says].filter(Boolean).join(" · ") }),
        finds && !pushed ? el("div.video-verbs", {}, choose, push, clues.length ? null : note) : null,
        finds && !clues.length ? takeBack(row) : null),
    );
  }

  /** A bookmark that was taken back is one line: what was written stays to be read. */
  function voided(row) {
    return el("li.video-bookmark", { tabindex: "-1", data: { bookmark: row.id } }, el("p.soft", {},
      el("s", { text: [formatTime(row.at), row.camera_name, row.text].filter(Boolean).join(" · ") }), ` ${fill(gettext("taken back: %(reason)s"), { reason: row.void_reason })}`));
  }

  function takeBack(row) {
    const form = makeForm({
      label: gettext("Take back"), title: gettext("Take the bookmark back"),
      fields: [{ name: "reason", kind: "text", label: pgettext("console", "Reason"), value: "", limit: 200 }],
      send: (said) => api.post(`/api/bookmarks/${row.id}/void/`, said).then(onChange),
    });
    return el("details.video-take-back", {}, el("summary", { text: gettext("Take the bookmark back") }), form);
  }

  async function makeClue(row, confidence, push) {
    try {
      await api.post(`/api/bookmarks/${row.id}/clue/`, { confidence, push });
      await onChange();
    } catch (error) {
      onTrouble(error);
    }
  }

  return { show, focus: () => (form.querySelector("[name=text]") ?? list).focus() };
}
