/**
 * The queue of the squad and the incident that is worked on: what is asked, who asked, what is known so far (M44).
 */

import { formatTime, formatMoment } from "../clock.js";
import { askWord, clueWord, confidenceWord, fusionMark, fusionState } from "../casework_words.js";
import { shortNumber } from "../console/board.js";
import { el, shape } from "../console/dom.js";
import { cell, makeGrid } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";

/**
 * Make the queue.
 * @param {{list: HTMLElement, context: HTMLElement, codes: object, onOpen: (id: number) => void}} means
 */
export function makeQueue({ list, context, codes, onOpen }) {
  const grid = makeGrid({
    columns: [gettext("Incident"), pgettext("fusion", "What for"), pgettext("video", "Searched")].map((text) => ({ text })),
    label: gettext("Tasks of the video squad"),
    onOpen: (key) => onOpen(Number(key)),
  });
  list.append(grid.node);

  /** Show the tasks, those with work first. */
  function show(tasks, chosen) {
    grid.fill(tasks.map((task) => ({ key: String(task.incident.id), faint: !task.has_work, cells: cellsOf(task) })));
    grid.mark(chosen === null ? null : String(chosen));
    const task = tasks.find((one) => one.incident.id === chosen);
    context.replaceChildren(...(task ? contextOf(task) : [el("p.panel-empty", { text: gettext("Choose an incident with Enter.") })]));
  }

  function cellsOf({ incident, fusion_requests: requests, search_areas: areas }) {
    const asked = requests.filter((row) => row.open).map((row) => askWord(row.ask));
    const open = areas.filter((row) => !row.ended_at);
    const counts = open.map((row) => fill(gettext("%(checked)s of %(cameras)s"), row));
    return [
      el("td", {}, el("b.code", { text: `#${shortNumber(incident.incident_no)}` }), el("span.video-type", { text: ` ${codes.word("incident_type", incident.type_reported)}` }), el("div.soft", { text: incident.address_text || "—" })),
      cell(asked.join("、") || "—"),
      cell(counts.join("、") || "—", "digits"),
    ];
  }

  function contextOf({ incident, fusion_requests: requests, clues }) {
    const facts = [
      [gettext("Incident"), `#${shortNumber(incident.incident_no)} · ${codes.word("incident_type", incident.type_reported)} · P${incident.priority}`],
      [gettext("Place"), incident.address_text],
      [pgettext("video", "Happened"), happened(incident)],
      [pgettext("fusion", "What is known"), incident.narrative],
      [gettext("Plate"), [incident.vehicle_plate, incident.vehicle_note].filter(Boolean).join(" ")],
    ].filter(([, value]) => value);
    return [
      el("dl.video-facts", {}, ...facts.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })])),
      el("ul.video-findings", {}, ...requests.map(requestLine), ...[...clues].reverse().map(clueLine)),
    ];
  }

  return { show, focus: grid.focus };
}

function happened(incident) {
  if (!incident.occurred_from) return fill(gettext("reported %(time)s"), { time: formatMoment(incident.answered_at, Date.now()) });
  return [incident.occurred_from, incident.occurred_to].filter(Boolean).map((iso) => formatMoment(iso, Date.now())).join(" – ");
}

function requestLine(row) {
  const [level, form] = fusionMark(row.state);
  return el("li", { data: { request: row.id } }, el(`span.mark.level-${level}`, {}, shape(form), el("b", { text: `${askWord(row.ask)} · ${fusionState(row.state)}` })), el("span", { text: row.text }), el("span.soft", { text: `${row.asked_by_name} ${formatTime(row.asked_at)}` }));
}

function clueLine(row) {
  const state = row.void ? fill(gettext("taken back: %(reason)s"), { reason: row.void_reason }) : row.pushed_at ? fill(gettext("pushed %(time)s"), { time: formatTime(row.pushed_at) }) : gettext("not pushed");
  return el("li", { data: { clue: row.id } }, el("b", { text: `${pgettext("fusion", "Clue")} · ${clueWord(row.kind)}` }), el(row.void ? "s" : "span", { text: [row.value, row.text].filter(Boolean).join(" · ") }), el("span.soft", { text: [confidenceWord(row.confidence), state].join(" · ") }));
}
