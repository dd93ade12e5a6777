/** The card of an order: where, what, by when, and what is dangerous; the same places on every screen. */

import { formatTime } from "../clock.js";
import { fill, gettext, purposeWord } from "../words.js";
import { makeClocks } from "./clocks_view.js";
import { partyWords, roleWord } from "../party_words.js";
import { isHazard, premiseText, premiseWord } from "../premise_words.js";
import { checklist } from "./checklist.js";
import { el, say } from "./dom.js";
import { directiveLines } from "./directives.js";
import { findingLines } from "./findings.js";
import { targetOf } from "./state.js";
import { linkTo, phoneDigits, programDatum, programName, telLink } from "./navigation.js";

/**
 * Make the card of the order and its incident.
 * @param {object} app
 * @param {object} view from `state.js`
 * @returns {{node: HTMLElement[], tick: (now: number) => void}}
 */
export function makeCard(app, view) {
  const { assignment, incident } = view;
  const facts = incident ?? {};
  // The clocks are those of the caller's help; a directive leads elsewhere (domain 8).
  const clocks = ["self", "directive"].includes(assignment.purpose) || !incident ? null : makeClocks();
  const way = el("p", { class: "way", hidden: true });
  const place = facts.address_text || coordinates(facts.point) || gettext("Place not named");
  const node = [
    el("div", { class: "where" },
      el("div", { class: "what" }, titleLine(app, view, facts), el("h1", { class: "address", text: place })),
      el("div", { class: "links" }, navigationLink(app, facts, targetOf(view)), callLink(view, facts))),
    clocks?.node ?? null,
    way,
    el("div", { class: "details" }, ...details(app, view, facts)),
  ];
  const tick = (now) => {
    clocks?.tick(incident, now);
    const words = app.way?.words(assignment) ?? "";
    way.hidden = !words;
    say(way, words);
  };
  return { node: node.filter(Boolean), tick };
}

/** A place without words, such as a patrol discovery: its coordinates, with their datum. */
function coordinates(point) {
  return point ? `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)} WGS-84` : "";
}

function titleLine(app, { assignment }, facts) {
  const priority = String(facts.priority ?? "");
  return el("p", { class: "type" },
    priority && el("span", { class: "priority", data: { priority }, text: app.codes.word("priority", priority) }),
    el("span", { text: app.codes.word("incident_type", facts.type_verified || facts.type_reported) || gettext("Type not known") }),
    facts.drill && el("span", { class: "tag", text: gettext("DRILL") }),
    assignment.purpose !== "first" && el("span", { class: "tag", text: purposeWord(assignment.purpose) }));
}

function navigationLink(app, facts, { point, name }) {
  if (!point) return el("span", { class: "link off", text: gettext("No point") });
  const program = app.program();
  const href = linkTo(program, point, name || facts.address_text || facts.incident_no, navigator.userAgent);
  return el("a", { class: "link", href, data: { link: "navigate" } },
    el("b", { text: gettext("Navigate") }),
    el("small", {}, el("span", { text: programName(program) }), " ", el("span", { text: programDatum(program) })));
}

/** A silent call is never rung back (R19): not even the number is offered. */
function callLink({ contact }, facts) {
  if (facts.silent || contact?.silent) return el("span", { class: "link off", text: gettext("Silent: do not call") });
  const href = telLink(facts.contact_phone || contact?.phone);
  if (!href) return el("span", { class: "link off", text: gettext("No number") });
  return el("a", { class: "link", href, data: { link: "call" } },
    el("b", { text: gettext("Phone") }),
    el("small", { text: facts.contact_name || contact?.name || gettext("contact") }));
}

function details(app, view, facts) {
  const { assignment, contact } = view;
  const phone = facts.silent || contact?.silent ? "" : facts.contact_phone || contact?.phone || "";
  return [
    risks(facts),
    ...directiveLines(app, view, Date.now() + (view.offset_ms ?? 0)),
    ...findingLines(app, view, Date.now() + (view.offset_ms ?? 0)),
    ...premises(app, view, facts),
    ...newsLines(view),
    steps(view),
    checklist(app, view),
    paragraph("order", gettext("Order text"), orderText(app, assignment, facts)),
    paragraph("note", gettext("Place note"), facts.place_note),
    ...deskNotes(view),
    paragraph("told", gettext("What the caller said"), facts.narrative),
    ...answerLines(app, view),
    line(gettext("Vehicle"), [facts.vehicle_plate, facts.vehicle_note].filter(Boolean).join(" ")),
    line(gettext("People"), people(facts)),
    ...partyLines(view),
    line(gettext("Arrest"), caughtWords(view)),
    line(gettext("Contact"), [facts.contact_name, phoneDigits(phone)].filter(Boolean).join(" ")),
    line(gettext("Point"), facts.point && (facts.point_status === "verified" ? gettext("verified") : gettext("NOT VERIFIED"))),
    line(gettext("Owning station"), facts.jurisdiction_name),
    line(gettext("Delay reported"), app.codes.word("delay", assignment.delay_code)),
    line(gettext("Dispatched"), [formatTime(assignment.dispatched_at), assignment.dispatcher_no].filter(Boolean).join(" · ")),
    line(gettext("Incident no."), facts.incident_no),
  ].filter(Boolean);
}

/** The order's words without type and address, which stand above already. */
function orderText(app, assignment, facts) {
  const usual = `${app.codes.word("incident_type", facts.type_reported)} · ${facts.address_text}`;
  return assignment.order_text.startsWith(usual) ? assignment.order_text.slice(usual.length).replace(/^ · /, "") : assignment.order_text;
}

/** What further callers told that was not known, the newest first; what was another event's stands struck out. */
function newsLines({ notes = [] }) {
  return notes.filter((note) => note.facts?.length).reverse().map((note) => {
    const taken = note.kind === "retracted";
    const title = taken ? gettext("✕ Not of this incident") : gettext("▲ New situation");
    const facts = note.facts.map((fact) => el(taken ? "s" : "span", { class: "news-fact", text: taken ? fact.text : `${newsWord(fact.what)} ${fact.text}` }));
    return el("p", { class: `words news${taken ? " taken-back" : ""}`, data: { note: note.id } }, el("b", { text: `${title} ${formatTime(note.at)}` }), ...facts);
  });
}

function newsWord(what) {
  switch (what) {
    case "plate": return gettext("Plate:");
    case "danger": return gettext("Danger:");
    case "injured": return gettext("Hurt:");
    case "direction": return gettext("Direction:");
    case "looks": return gettext("Looks:");
    case "people": return gettext("People:");
    case "car": return gettext("Vehicle:");
    default: return gettext("Says:");
  }
}

/** What the desk adds while the unit is under way, the newest first. */
function deskNotes({ notes = [] }) {
  return [...notes].filter((note) => !note.facts?.length).reverse().map((note) =>
    paragraph("desk", `${gettext("Note from the desk")} ${formatTime(note.at)}`, note.text));
}

/** What the call-taker asked and the caller said, as it comes in (M63); what fills a field stands there. */
function answerLines(app, { answers = [] }) {
  const shown = answers.filter((row) => row.kind !== "say" && row.answer !== "unknown" && !row.fills);
  return shown.map((row) => line(app.cards.text(row), row.kind === "yesno" ? answerWord(row.answer) : row.answer));
}

const answerWord = (answer) => (answer === "yes" ? gettext("yes") : gettext("no"));

/** Whom and what to look for: suspects first, as the desk writes them while the caller still talks. */
function partyLines({ parties = [] }) {
  const order = (row) => (row.role === "suspect" ? 0 : 1);
  const shown = parties.filter((row) => !row.void).sort((a, b) => order(a) - order(b) || a.id - b.id);
  return shown.map((row) => line(row.role ? roleWord(row.role) : gettext("Property or vehicle"), partyWords(row)));
}

/** Who has been caught, by which unit. */
function caughtWords({ suspects = [], parties = [] }) {
  const names = new Map(parties.map((row) => [row.id, row.name || row.description]));
  return suspects.filter((row) => row.status !== "at_large").map((row) => `${names.get(row.party) ?? ""} ${row.caught_by_sign} ${formatTime(row.caught_at)}`.trim()).join(" · ");
}

/** What may hurt the officer stands first, in words and shape. */
function risks(facts) {
  const found = [
    facts.weapon === "yes" && gettext("weapon"),
    facts.hazmat === "yes" && gettext("hazardous material"),
    facts.explosion_leak === "yes" && gettext("explosion or leak"),
    facts.mode && facts.mode !== "routine" && modeName(facts.mode),
    facts.quiet && gettext("silent approach"),
  ].filter(Boolean);
  return found.length ? el("p", { class: "risks" }, ...found.map((text) => el("b", { text: `▲ ${text}` }))) : null;
}

/** What is known of the place (M36), hazards first; a sensitive note is read by one tap, for this order. */
function premises(app, { premises: notes = [] }, facts) {
  return notes.map((note) => {
    const words = el("span", { text: premiseText(note) });
    const title = `${isHazard(note) ? "▲ " : ""}${premiseWord(note.kind)}`;
    const read = note.sensitive && el("button", { class: "read-note", type: "button", text: gettext("Read for this order"), on: { click: () => readNote(app, note, facts, words) } });
    return el("p", { class: `words premise${isHazard(note) ? " hazard" : ""}`, data: { kind: note.kind } }, el("b", { text: title }), " ", words, read);
  });
}

async function readNote(app, note, facts, words) {
  const purpose = fill(gettext("on the way to incident %(number)s"), { number: facts.incident_no });
  try {
    const { text } = await app.api.post(`/api/premise-notes/${note.id}/read/`, { purpose });
    words.textContent = text;
  } catch (error) {
    words.textContent = error.message;
  }
}

function modeName(mode) {
  return { stake_out: gettext("stake-out"), pursuit: gettext("pursuit"), interception: gettext("interception") }[mode];
}

function people(facts) {
  return [
    facts.offenders_reported && fill(gettext("suspects %(n)s"), { n: facts.offenders_reported }),
    facts.injured && fill(gettext("injured %(n)s"), { n: facts.injured }),
    facts.dead && fill(gettext("dead %(n)s"), { n: facts.dead }),
    facts.trapped && fill(gettext("trapped %(n)s"), { n: facts.trapped }),
  ].filter(Boolean).join(" · ");
}

const STEPS = [["accepted", "accepted_at"], ["en_route", "departed_at"], ["on_scene", "on_scene_at"]];
const REACHED = { accepted: 1, en_route: 2, on_scene: 3 };

/** The way already made, each step with the server's time; a step at the tap stands without one, as 待发. */
function steps({ assignment }) {
  const reached = REACHED[assignment.state] ?? 0;
  if (!reached || assignment.purpose === "self") return null;
  const names = [gettext("Accepted"), gettext("Departed"), gettext("On scene")];
  return el("ol", { class: "steps" }, STEPS.map(([, column], index) => {
    const done = index < reached;
    const at = assignment[column];
    const state = !done ? "ahead" : at ? "done" : "waiting";
    const time = !done ? "–" : at ? formatTime(at) : gettext("To send");
    return el("li", { data: { state } }, el("b", { text: names[index] }), el("span", { text: time }));
  }));
}

function paragraph(name, title, text) {
  return text ? el("p", { class: `words ${name}` }, el("b", { text: title }), ` ${text}`) : null;
}

function line(title, text) {
  return text ? el("p", { class: "fact" }, el("b", { text: title }), el("span", { text })) : null;
}
