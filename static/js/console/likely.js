/**
 * Open incidents that may be the same event as the call in the form (F6): the server compares place, time, type, words,
 * plate and number while they are typed; one key attaches, a person decides.
 */

import { counter } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { shortNumber } from "./board.js";
import { button, el, setAttr, setText, show } from "./dom.js";
import { arrange, percent } from "./likely_slots.js";

const MOST = 3;
const ASK_AFTER_MS = 300;
const KEYS = ["Alt+J", "Alt+U", "Alt+O"];
/** A key does nothing for so long after its row has become another one: it was meant for the old one. */
const SETTLES_MS = 700;
const SHORTEST = 2;

/**
 * Make the list of likely incidents.
 * @param {object} desk the desk
 * @param {{values: () => object|null, call: () => number|null, onJoin: (incident: number) => void}} form what is in the
 *   form (`null`: nothing to ask), the call it belongs to, and the way to attach it
 * @returns {{node: HTMLElement, ask: () => void}}
 */
export function makeLikely(desk, { values, call, onJoin }) {
  const rows = KEYS.map((key) => makeRow(desk, key, onJoin));
  const title = gettext("Perhaps the same event");
  const node = el(
    "div.likely",
    { hidden: true, role: "group", "aria-label": title },
    el("p.label", { text: title }),
    ...rows.map((row) => row.node),
  );
  let slots = [];
  let timer = null;
  let turn = 0;
  KEYS.forEach((key, at) => {
    const says = fill(gettext("Attach the call to likely incident %(n)s"), { n: at + 1 });
    desk.keys.bind(key, says, () => (node.hidden ? false : rows[at].press()));
  });

  function ask() {
    clearTimeout(timer);
    timer = setTimeout(read, ASK_AFTER_MS);
  }

  async function read() {
    const facts = factsOf(values(), call());
    turn += 1;
    if (!facts) {
      slots = [];
      return paint(0.5);
    }
    const mine = turn;
    try {
      const answer = await desk.api.post("/api/likely/", facts, { again: false, seconds: 3 });
      if (mine !== turn) return undefined;
      const held = node.matches(":hover") || node.contains(document.activeElement);
      slots = arrange(slots, answer.likely.filter((one) => desk.store.row("incident", one.incident)), { most: MOST, held });
      return paint(answer.work_from);
    } catch {
      return undefined; // asked again with the next words; what stands stays
    }
  }

  function paint(workFrom) {
    show(node, slots.some(Boolean));
    rows.forEach((row, at) => row.paint(slots[at] ?? null, workFrom, at < slots.length));
  }

  return { node, ask };
}

function makeRow(desk, key, onJoin) {
  const number = el("span.code");
  const what = el("span.likely-what");
  const why = el("span.likely-why.soft");
  const chance = el("b.likely-chance.digits");
  const join = button(pgettext("console", "Attach"), press, { key });
  const node = el("div.likely-row", { hidden: true }, chance, el("span.likely-head", {}, number, what), why, join);
  let one = null;
  let since = 0;

  function press() {
    if (!one || one.gone || performance.now() - since < SETTLES_MS) return true;
    onJoin(one.incident);
    return true;
  }

  function paint(fresh, workFrom, stands) {
    if (fresh?.incident !== one?.incident) since = performance.now();
    one = fresh;
    show(node, stands);
    node.classList.toggle("is-empty", !fresh);
    if (!fresh) return;
    const incident = desk.store.row("incident", fresh.incident);
    if (!incident) return;
    setText(chance, percent(fresh.chance));
    setAttr(chance, "title", gettext("Chance of being the same event"));
    node.dataset.likely = fresh.gone ? "gone" : fresh.chance >= workFrom ? "yes" : "perhaps";
    node.dataset.incident = fresh.incident;
    setText(number, `#${shortNumber(incident.incident_no)}`);
    setText(what, [desk.codes.word("incident_type", incident.type_reported), incident.address_text].filter(Boolean).join(" "));
    setText(why, reasons(fresh).join(" · "));
  }

  return { node, paint, press };
}

/** Say why two reports may be one event, the strongest first. */
export function reasons(one) {
  const callers = one.callers > 1 ? fill(gettext("%(n)s callers"), { n: one.callers }) : "";
  return [
    one.plate ? fill(gettext("same plate %(plate)s"), { plate: one.plate }) : "",
    one.number ? gettext("same number") : "",
    one.metres === null ? gettext("no point to compare") : `${one.metres} m`,
    fill(gettext("%(time)s ago"), { time: counter(one.seconds) }),
    one.type === "same" ? gettext("same type") : one.type === "kin" ? gettext("related type") : "",
    one.words.length ? fill(gettext("both say “%(words)s”"), { words: one.words.join("”“") }) : "",
    callers,
  ].filter(Boolean);
}

/** Write what is in the form for the question; `null` when there is too little to compare. */
export function factsOf(values, call) {
  if (!values) return null;
  const { point, type_reported: type, address_text: place, narrative, vehicle_plate: plate } = values;
  const number = values.caller_number;
  const phone = values.contact_phone;
  const enough = point || number || phone || plate || place.length >= SHORTEST || narrative.length >= SHORTEST;
  if (!enough) return null;
  const facts = { call, type_reported: type, address_text: place, narrative, vehicle_plate: plate };
  return { ...facts, caller_number: number, contact_phone: phone, ...(point ? { point: { lat: point.lat, lng: point.lng, crs: "WGS84" } } : {}) };
}
