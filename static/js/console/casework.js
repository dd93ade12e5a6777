/**
 * Fusion work on the card of an incident: what is asked, who works on it, its clues and the locked position (M20–M23).
 */

import { formatTime } from "../clock.js";
import { ASKS, askWord, clueWord, confidenceWord, fusionMark, fusionState, isLapsed, SUBJECTS, subjectWord } from "../casework_words.js";
import { fill, gettext, pgettext } from "../words.js";
import { button, el, shape } from "./dom.js";

const DESK = ["call_taker", "dispatcher", "watch_commander"];
const CRIME = "01";
const URGENT = 2;

/**
 * Make the block.
 * @param {object} incident an incident row
 * @param {object} desk the desk
 * @returns {HTMLElement[]} nothing where nothing is asked, proposed or known
 */
export function caseworkBlock(incident, desk) {
  const requests = desk.store.ofIncident("fusion_request", incident.id);
  const clues = desk.store.ofIncident("clue", incident.id);
  const positions = desk.store.ofIncident("locked_position", incident.id).filter((row) => !row.replaced_at);
  const wanted = isProposed(incident, requests) && desk.has(...DESK);
  const bookmarks = desk.store.ofIncident("bookmark", incident.id);
  const searches = desk.store.ofIncident("search_area", incident.id).filter((row) => !row.ended_at);
  if (!requests.length && !clues.length && !bookmarks.length && !searches.length && !wanted) return [];
  const proposal = el("p.proposal.level-caution", {}, shape("square"), el("span", { text: gettext("Proposed: an urgent crime, ask the fusion centre.") }), button(gettext("Raise"), () => raise(incident, desk), { key: "Alt+F", data: { act: "raise-fusion" } }));
  return [
    el("h4", {}, el("span", { text: gettext("Fusion work") }), " ", el("a", { href: `/video/?incident=${incident.id}`, text: gettext("Video desk"), data: { act: "video" } })),
    wanted ? proposal : null,
    el("ul.parties.casework", {}, ...requests.map(requestLine), ...positions.map((row) => positionLine(row, requests, desk.now())), ...searches.map(searchLine), ...clues.map(clueLine), ...bookmarks.filter((row) => !row.void && !clues.some((clue) => clue.bookmark === row.id)).map(bookmarkLine)),
  ].filter(Boolean);
}

/** Tell whether the rule proposes a request: an urgent crime for which nobody has asked (the server says so too). */
export function isProposed(incident, requests) {
  return incident.open && incident.priority <= URGENT && (incident.type_reported ?? "").startsWith(CRIME) && requests.length === 0;
}

/** Raise what is proposed, in one key: a person does it, the rule never by itself. */
export function raise(incident, desk) {
  const ask = incident.vehicle_plate ? "vehicle" : "person";
  const text = [incident.narrative, incident.vehicle_plate, incident.vehicle_note].filter(Boolean).join(" ").slice(0, 1000) || gettext("See the incident.");
  const body = { ask, text, legal_basis: usualBasis(), by_rule: true };
  return desk.act("POST", `/api/incidents/${incident.id}/fusion/`, body, { done: gettext("Fusion request raised.") });
}

function usualBasis() {
  return gettext("Criminal Procedure Law, Art. 115");
}

/** Give the act that asks the fusion centre. */
export function fusionAct(incident) {
  return {
    id: "fusion",
    label: gettext("Fusion request"),
    path: `/api/incidents/${incident.id}/fusion/`,
    versioned: false,
    fields: [
      { name: "ask", label: pgettext("fusion", "What for"), type: "choice", required: true, value: "person", options: ASKS.map((value) => ({ value, text: askWord(value) })) },
      { name: "text", label: pgettext("fusion", "What is known"), type: "text", required: true, long: true },
      { name: "legal_basis", label: gettext("Legal basis"), type: "text", required: true, value: usualBasis() },
    ],
  };
}

/** Give the act that asks for a watch entry about an incident. */
export function watchAct(incident) {
  return {
    id: "watch",
    label: gettext("Watch for"),
    path: "/api/watch/",
    versioned: false,
    fixed: { incident: incident.id },
    fields: [
      { name: "subject", label: pgettext("watch", "What"), type: "choice", required: true, value: "vehicle", options: SUBJECTS.map((value) => ({ value, text: subjectWord(value) })) },
      { name: "value", label: gettext("Plate, number or identity number"), type: "text", required: true, value: incident.vehicle_plate },
      { name: "reason", label: pgettext("console", "Reason"), type: "text", required: true },
      { name: "legal_basis", label: gettext("Legal basis"), type: "text", required: true, value: usualBasis() },
    ],
  };
}

/** List the present positions of an incident that a directive may rest on. */
export function validPositions(incident, desk) {
  const requests = desk.store.ofIncident("fusion_request", incident);
  const rows = desk.store.ofIncident("locked_position", incident);
  return rows.filter((row) => !isLapsed(row, requests.find((one) => one.id === row.request) ?? null, desk.now()));
}

function requestLine(row) {
  const [level, form] = fusionMark(row.state);
  const who = row.owner_name ? [row.speciality, row.owner_name].filter(Boolean).join(" ") : gettext("nobody has taken it on");
  return el(
    "li",
    { data: { request: row.id, state: row.state } },
    el(`span.level-${level}`, {}, shape(form), el("b", { text: ` ${fusionState(row.state)}` })),
    el("span", { text: `${askWord(row.ask)} · ${who} · ${formatTime(row.accepted_at ?? row.asked_at)}` }),
    row.result_text ? el("span.soft", { text: row.result_text }) : null,
  );
}

function positionLine(row, requests, now) {
  const lapsed = isLapsed(row, requests.find((one) => one.id === row.request) ?? null, now);
  const words = { radius: Math.round(row.radius_m), time: formatTime(row.valid_until) };
  const says = lapsed ? gettext("±%(radius)s m · ran out %(time)s") : gettext("±%(radius)s m · valid to %(time)s");
  return el(
    "li",
    { data: { position: row.id, lapsed: lapsed ? "yes" : "no" } },
    el(`span.level-${lapsed ? "off" : "normal"}`, {}, shape(lapsed ? "bar" : "circle"), el("b", { text: ` ${gettext("Locked position")}` })),
    el("span", { text: [fill(says, words), confidenceWord(row.confidence), row.source].join(" · ") }),
  );
}

function clueLine(row) {
  const state = row.void ? fill(gettext("taken back: %(reason)s"), { reason: row.void_reason }) : row.pushed_at ? fill(gettext("pushed %(time)s"), { time: formatTime(row.pushed_at) }) : gettext("not pushed");
  return el(
    "li",
    { data: { clue: row.id, pushed: row.pushed_at ? "yes" : "no" } },
    el("b", { text: `${pgettext("fusion", "Clue")} · ${clueWord(row.kind)}` }),
    el(row.void ? "s" : "span", { text: [row.value, row.text].filter(Boolean).join(" · ") }),
    el("span.soft", { text: [row.source, confidenceWord(row.confidence), state].join(" · ") }),
    row.bookmark && !row.void ? stillOf(row.bookmark) : null,
  );
}

function searchLine(row) {
  return el(
    "li",
    { data: { search: row.id } },
    el("span.level-standby", {}, shape("ring"), el("b", { text: ` ${gettext("Search area")}` })),
    el("span", { text: fill(gettext("%(checked)s of %(cameras)s cameras looked through"), row) }),
    el("span.soft", { text: `${formatTime(row.since)}–${formatTime(row.until)}` }),
  );
}

function bookmarkLine(row) {
  return el(
    "li",
    { data: { bookmark: row.id } },
    el("b", { text: gettext("Bookmark") }),
    el("span", { text: [formatTime(row.at), row.text].filter(Boolean).join(" · ") }),
    row.still ? stillOf(row.id) : null,
  );
}

/** The still opens in a window of its own; the card itself stays dense. */
function stillOf(bookmark) {
  return el("a", { href: `/api/bookmarks/${bookmark}/still/`, target: "_blank", rel: "noopener", text: gettext("Still") });
}
