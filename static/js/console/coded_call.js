/**
 * A caller who cannot speak freely (暗语报警, R18): one key starts the yes/no script and makes the call silent; it is
 * no nuisance before somebody has listened to the recording. Where the place is known, one key sends somebody to look.
 */

import { gettext, pgettext } from "../words.js";
import { button, el, shape, show } from "./dom.js";

/**
 * Make the line of the intake form.
 * @param {object} desk the desk
 * @param {{call: () => object|null, ensure: () => Promise<boolean>, onCoded: () => void}} form
 */
export function makeCodedCall(desk, { call, ensure, onCoded }) {
  const says = el("b.level-serious", { hidden: true }, shape("diamond"), gettext("Coded call: yes and no alone, nothing rings there"));
  const start = button(gettext("Coded call"), begin, { key: "Alt+S" });
  const listened = button(gettext("Recording listened to"), () => post("listened"));
  const look = button(gettext("Check the place"), () => checkPlace(desk, call()), { key: "Alt+V" });
  const node = el("div.coded-call", { hidden: true }, says, start, listened, look);
  desk.keys.bind("Alt+S", gettext("Coded call: start the yes/no script"), () => (node.hidden ? false : begin()));
  desk.keys.bind("Alt+V", gettext("Send somebody to check the caller's place"), () => checkPlace(desk, call() ?? firstLost(desk)));

  async function begin() {
    if (!(await ensure())) return;
    if (!call().coded_at) await post("coded");
    onCoded();
  }

  async function post(verb) {
    await desk.act("POST", `/api/calls/${call().id}/${verb}/`, {});
    paint();
  }

  function paint() {
    const row = call();
    show(node, Boolean(row));
    if (!row) return;
    show(says, Boolean(row.coded_at));
    show(start, !row.coded_at);
    show(listened, Boolean(row.coded_at) && !row.listened_at);
    show(look, canCheck(row));
  }

  return { node, paint };
}

/** Tell whether somebody can be sent to look: the call is lost or silent, has no incident, and its place is known. */
export function canCheck(call) {
  const known = call.caller_point || call.caller_address || call.subscriber_address;
  return Boolean(!call.incident && known && (call.state === "lost" || (call.silent && call.state !== "done")));
}

/** Open the incident at the caller's place and, by a dispatcher, send the nearest unit, in one act. */
export async function checkPlace(desk, call) {
  if (!call || !canCheck(call)) return desk.tell(gettext("No lost or silent call has a known place."), "normal");
  const { answer } = await desk.act("POST", `/api/calls/${call.id}/check-place/`, {}, { done: gettext("Opened: somebody goes and looks.") });
  if (answer) desk.select(answer.incident.id);
  return answer;
}

function firstLost(desk) {
  return desk.store.rows("call").filter((one) => one.state === "lost" && canCheck(one)).sort((a, b) => a.id - b.id)[0] ?? null;
}

/** Say what to say first (R3): the words of the centre with the call-taker's own number. */
export function openingWords(desk) {
  const { me, centre } = desk.store;
  return desk.cards.words("opening", { badge: me?.badge ?? "", city: String(centre?.name ?? "").split("110")[0] });
}

/** Mark a coded call in a list. */
export function codedChip(call) {
  return call.coded_at ? el("span.flag.level-serious", { text: pgettext("call", "coded") }) : null;
}
