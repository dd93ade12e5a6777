/** What comes in from the grid: the form for hazards and information, one's own reports, and the inbox of who answers. */

import { formatMoment } from "../clock.js";
import { el } from "../phone/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { reportAct, settleAct, takeAct } from "./acts.js";
import { kindWord, OUTCOMES, outcomeWord, reportState } from "./model.js";
import { field, makeList, makePhotos, pictures, way } from "./parts.js";

/**
 * Make the section.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makeReports(box, app) {
  const list = el("div", { class: "cards" });
  const reports = makeList(list, (row) => reportCard(row, app), gettext("Nothing was reported."));
  box.append(
    ...(app.mayReport() ? [reportForm(app)] : []),
    el("section", { class: "group", data: { group: "reports" } }, el("h2", { text: app.mayAnswer() ? gettext("Came in from the grid") : gettext("What I reported") }), list),
  );
  return {
    show() {
      const rows = [...app.world.reports].sort((a, b) => rank(a) - rank(b) || b.id - a.id);
      reports.show(rows, (row) => `${row.version} ${row.pictures?.length ?? 0}`);
      return app.world.reports.filter((row) => row.state === "waiting").length;
    },
  };
}

const rank = (row) => (row.state === "waiting" ? (row.urgent ? 0 : 1) : row.state === "taken" ? 2 : 3);

function reportForm(app) {
  const kind = { hazard: radio("hazard", true), information: radio("information", false) };
  const text = el("textarea", { rows: "3", maxlength: "1000", required: true });
  const place = el("input", { type: "text", maxlength: "200", autocomplete: "off" });
  const urgent = el("input", { type: "checkbox" });
  const here = el("input", { type: "checkbox", checked: true });
  const photos = makePhotos(app);
  const said = el("p", { class: "soft", role: "status" });
  const form = el("form", { class: "card work", data: { form: "report" }, on: { submit: (event) => {
    event.preventDefault();
    if (!text.value.trim()) return text.focus();
    const fix = here.checked ? app.here() : null;
    const point = fix ? { point: { lat: fix.lat, lng: fix.lng, crs: "WGS84", accuracy_m: fix.accuracy_m } } : {};
    app.act(reportAct({ kind: kind.hazard.checked ? "hazard" : "information", urgent: urgent.checked, text: text.value.trim(), place_text: place.value.trim(), photos: photos.keys(), ...point }));
    text.value = "";
    place.value = "";
    urgent.checked = false;
    photos.clear();
    said.textContent = gettext("Kept on this device, on its way to the centre.");
    return undefined;
  } } });
  form.append(
    el("h2", { text: pgettext("grid", "Report") }),
    el("div", { class: "report-choice", role: "radiogroup", "aria-label": gettext("What is reported") }, ...Object.entries(kind).map(([name, input]) => el("label", {}, input, el("span", { text: kindWord(name) })))),
    field(gettext("What it is"), text),
    field(gettext("Where, in words"), place),
    el("label", { class: "tick" }, here, el("span", { text: gettext("With my position") })),
    el("label", { class: "tick urgent" }, urgent, el("span", { text: gettext("Urgent: somebody is in danger (call 110 as well)") })),
    photos.node,
    el("button", { type: "submit", class: "main-act", text: gettext("Send") }),
    said,
  );
  return form;
}

function radio(value, checked) {
  return el("input", { type: "radio", name: "kind", value, checked });
}

function reportCard(row, app) {
  const now = app.now();
  const level = row.state === "waiting" ? (row.urgent ? "critical" : "caution") : row.state === "taken" ? "normal" : "off";
  const shape = { waiting: row.urgent ? "▲" : "◆", taken: "◐", settled: "●" }[row.state];
  const state = row.state === "settled" && row.outcome ? outcomeWord(row.outcome) : reportState(row.state);
  return el(
    "details",
    { class: "card", data: { report: row.id, state: row.state } },
    el(
      "summary",
      {},
      el("span", { class: "card-head" }, el("b", { text: row.urgent ? fill(gettext("%(kind)s · urgent"), { kind: kindWord(row.kind) }) : kindWord(row.kind) }), el("span", { class: `mark level-${level}` }, el("span", { "aria-hidden": "true", text: `${shape} ` }), el("span", { text: state }))),
      el("span", { class: "demand", text: row.text }),
      el("span", { class: "card-foot" }, el("span", { class: "digits", text: formatMoment(row.filed_at, now) }), el("span", { text: [row.place_text, row.grid_name].filter(Boolean).join(" · ") })),
    ),
    el(
      "div",
      { class: "card-body" },
      el("p", { class: "soft digits", text: [row.report_no, row.by_name].filter(Boolean).join(" · ") }),
      way(row.point, row.place_text || row.report_no, app.here()),
      row.owner_name ? el("p", { class: "soft", text: fill(gettext("Owner: %(name)s"), { name: row.owner_name }) }) : null,
      row.outcome_text ? el("p", { class: "result", text: row.outcome_text }) : null,
      pictures(row.pictures),
      ...(app.mayAnswer() && row.state !== "settled" ? answers(row, app) : []),
    ),
  );
}

function answers(row, app) {
  const outcome = el("select", {}, ...OUTCOMES.map((value) => el("option", { value, text: outcomeWord(value) })));
  outcome.value = row.kind === "hazard" ? (row.point ? (row.urgent ? "incident" : "premise_note") : "task") : "kept";
  const words = el("textarea", { rows: "2", maxlength: "1000" });
  words.value = row.kind === "hazard" ? row.text : "";
  const take = row.state === "waiting" ? el("button", { type: "button", class: "main-act", text: gettext("Take on"), on: { click: () => app.act(takeAct(row)) } }) : null;
  const form = el("form", { class: "work", data: { form: "settle" }, on: { submit: (event) => {
    event.preventDefault();
    const said = words.value.trim();
    words.value = "";
    app.act(settleAct(row, outcome.value, said));
  } } }, field(gettext("What comes of it"), outcome), field(gettext("Words of the note, of the task, or of what was done"), words), el("button", { type: "submit", text: gettext("Settle") }));
  return [take, form].filter(Boolean);
}
