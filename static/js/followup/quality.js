/**
 * The quality sample of reports (质检, R26): what was drawn last month, aspect by aspect; a failed report may be followed
 * by a supervision order. Nobody marks the own report.
 */

import { shortNumber } from "../console/board.js";
import { el, shape } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";

const MARKING = ["reviewer", "inspector", "watch_commander"];
const ASPECTS = ["complete", "type", "timely", "clear", "procedure"];

/** What the section shows and lets people do. */
export function quality({ codes, me }) {
  const may = me.roles.some((role) => MARKING.includes(role));
  return {
    path: "/api/quality/",
    noun: "samples",
    label: gettext("Quality sample"),
    columns: [gettext("Report"), gettext("Unit"), gettext("Verified type"), pgettext("console", "Result"), gettext("Outcome")].map((text) => ({ text })),
    words: (row) => [row.incident_no, row.report_row.report_no, row.report_row.call_sign, row.report_row.process_text, row.address_text],
    faint: (row) => row.outcome !== "",
    title: (row) => fill(gettext("Report %(number)s"), { number: row.report_row.report_no }),
    head: ({ draws }) => draws.map((draw) => fill(gettext("%(month)s: marked %(marked)s of %(size)s, failed %(failed)s, drawn from %(population)s"), draw)).join(" · ") || gettext("The sample of a month is drawn when the month is over."),
    cells: (row) => [
      cell(`#${shortNumber(row.incident_no)}`, "code"),
      cell(row.report_row.call_sign, "code"),
      cell(codes.word("incident_type", row.report_row.type_verified)),
      cell(row.report_row.result_codes.map((code) => codes.word("result", code)).join("、")),
      outcome(row),
    ],
    facts: (row) => factsOf(row, codes),
    acts: (row) => (may && !row.supervision ? [markAct(row)] : []),
  };
}

function factsOf(row, codes) {
  const { report_row: report } = row;
  const count = (value) => (value === null ? "" : String(value));
  return [
    [gettext("Place"), row.address_text],
    [gettext("Type as taken"), codes.word("incident_type", row.type_reported)],
    [gettext("Verified type"), codes.word("incident_type", report.type_verified)],
    [pgettext("console", "Result"), report.result_codes.map((code) => codes.word("result", code)).join("、")],
    [gettext("What was done"), report.process_text],
    [gettext("Caught, involved, escaped"), [report.caught, report.involved, report.escaped].map(count).filter(Boolean).join(" / ")],
    [gettext("Reported by"), [report.call_sign, report.reported_by_name].filter(Boolean).join(" · ")],
    [gettext("Minutes after the end"), count(row.minutes)],
    [gettext("Body camera"), report.camera_ref],
    [gettext("Marks"), ASPECTS.filter((name) => row.marks[name]).map((name) => `${aspectWord(name)} ${markWord(row.marks[name])}`).join(" · ")],
    [gettext("Remarks"), row.remarks],
    [gettext("Marked by"), row.marked_by],
  ];
}

/** One choice for each aspect, then the remarks and what is demanded. */
function markAct(row) {
  const options = [{ value: "", text: "–" }, ...["passed", "failed"].map((value) => ({ value, text: markWord(value) }))];
  const choice = (name) => ({ name: `marks.${name}`, kind: "choice", label: aspectWord(name), options, value: row.marks[name] ?? "" });
  const text = (name, label) => ({ name, kind: "text", label, value: name === "remarks" ? row.remarks : "", limit: 400 });
  return {
    label: gettext("Mark"),
    main: true,
    path: `/api/quality/${row.id}/mark/`,
    fixed: { version: row.version },
    fields: [...ASPECTS.map(choice), text("remarks", gettext("Remarks")), text("demand", gettext("Demand of a supervision order (when failed)"))],
    shape: gathered,
  };
}

/** Gather `marks.complete` and its like into one object, as the API takes it. */
export function gathered(body) {
  const marks = {};
  const others = {};
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith("marks.")) marks[name.slice(6)] = value;
    else others[name] = value;
  }
  return { ...others, marks };
}

function outcome(row) {
  const [level, form, text] = { "": ["caution", "square", gettext("to be marked")], passed: ["normal", "circle", gettext("passed")], failed: ["serious", "diamond", gettext("failed")] }[row.outcome];
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text })));
}

function markWord(value) {
  return value === "passed" ? gettext("passed") : gettext("failed");
}

function aspectWord(name) {
  switch (name) {
    case "complete": return pgettext("quality", "Complete");
    case "type": return pgettext("quality", "Type and result right");
    case "timely": return pgettext("quality", "In time");
    case "clear": return pgettext("quality", "Clear account");
    default: return pgettext("quality", "Procedure kept");
  }
}
