/** Directives on the phone (指令, M23, M25): task, point, radius, confidence, silence and the receipt; what a mode asks. */

import { formatTime } from "../clock.js";
import { confidenceWord } from "../casework_words.js";
import { deskWord, directiveState, taskWord } from "../directive_words.js";
import { fill, gettext } from "../words.js";
import { acceptDirectiveAct, statusToldAct } from "./acts.js";
import { el } from "./dom.js";
import { linkTo } from "./navigation.js";
import { lineOf, promptOf } from "./state.js";

/** Make the lines of the card: a pursuit that was broken off first, then what is asked, then the directives. */
export function directiveLines(app, view, now) {
  const rows = [...(view.directives ?? [])].sort((a, b) => Number(b.open) - Number(a.open) || b.id - a.id);
  return [brokenLine(view), promptLine(app, view), reliefLine(view), ...rows.map((row) => directiveLine(app, view, row, now))].filter(Boolean);
}

function brokenLine({ incident }) {
  if (!incident?.broken_off_at || incident.mode !== "routine") return null;
  return el("p", { class: "words news broken-off", data: { mode: "broken_off" } },
    el("b", { text: fill(gettext("✕ BREAK OFF THE PURSUIT %(time)s"), { time: formatTime(incident.broken_off_at) }) }),
    el("span", { class: "news-fact", text: incident.mode_reason }));
}

function promptLine(app, view) {
  if (!promptOf(view) || view.pending?.includes("status_told")) return null;
  return el("button", { class: "directive-act", type: "button", data: { act: "status-told" }, on: { click: () => app.act(statusToldAct(view.assignment)) } },
    el("b", { text: gettext("How do you stand? All quiet: tap") }));
}

function reliefLine({ assignment }) {
  return assignment?.relief ? el("p", { class: "fact" }, el("b", { text: gettext("Relief") }), el("span", { text: fill(gettext("%(unit)s is on its way"), { unit: assignment.relief }) })) : null;
}

function directiveLine(app, view, row, now) {
  const mine = lineOf(view, row);
  const ended = !row.open || mine?.state === "dropped";
  const title = `${ended ? "✕" : "▲"} ${fill(gettext("Directive: %(task)s"), { task: taskWord(row.task) })} · ${directiveState(row.state)}`;
  const others = row.units.filter((line) => line.state !== "dropped").map((line) => (line.unit === row.lead_unit ? fill(gettext("%(unit)s (lead)"), { unit: line.call_sign }) : line.call_sign)).join(" ");
  const said = [row.silent ? gettext("SILENT APPROACH") : "", others, deskWord(row.issued_from), formatTime(row.issued_at)].filter(Boolean).join(" · ");
  const waits = !ended && mine?.attached && mine.state === "waiting";
  return el("div", { class: `words news finding directive${ended ? " taken-back" : ""}`, data: { directive: row.id, state: row.state } },
    el("b", { text: title }),
    el("span", { class: "news-fact", text: row.text }),
    pointLine(row, now),
    el("span", { class: "news-fact", text: said }),
    row.withdraw_reason ? el("span", { class: "news-fact", text: row.withdraw_reason }) : null,
    row.point && !ended ? el("a", { class: "finding-way", href: linkTo(app.program(), row.point, row.place || taskWord(row.task), navigator.userAgent), text: gettext("Navigate") }) : null,
    waits ? el("button", { class: "directive-act", type: "button", data: { act: "accept-directive" }, on: { click: () => app.act(acceptDirectiveAct(row)) } }, el("b", { text: gettext("Accept the directive") })) : null);
}

function pointLine(row, now) {
  if (!row.point) return row.place ? el("span", { class: "news-fact", text: row.place }) : null;
  const lapsed = row.valid_until && Date.parse(row.valid_until) <= now;
  const words = { radius: Math.round(row.radius_m ?? 0), time: formatTime(row.valid_until) };
  const range = row.valid_until ? fill(lapsed ? gettext("±%(radius)s m · ran out %(time)s") : gettext("±%(radius)s m · valid to %(time)s"), words) : "";
  const sure = row.confidence ? confidenceWord(row.confidence) : "";
  const moved = row.moved.length ? fill(gettext("moved %(count)s times"), { count: row.moved.length }) : "";
  return el("span", { class: "news-fact", text: [row.place, `${row.point.lat.toFixed(5)}, ${row.point.lng.toFixed(5)} WGS-84`, range, sure, moved].filter(Boolean).join(" · ") });
}

/** Say in one notice what the desk directs, or how a mode ended. */
export function directiveWords({ kind, row }) {
  if (kind === "broken") return fill(gettext("✕ BREAK OFF THE PURSUIT: %(text)s"), { text: row.mode_reason });
  if (kind === "prompt") return gettext("Stake-out: how do you stand?");
  const words = { task: taskWord(row.task), text: row.state === "withdrawn" ? row.withdraw_reason : row.text };
  if (row.state === "withdrawn") return fill(gettext("✕ Directive withdrawn: %(text)s"), words);
  if (row.moved.length) return fill(gettext("▲ Directive: new position (%(task)s)"), words);
  return fill(gettext("▲ Directive: %(task)s. %(text)s"), words);
}
