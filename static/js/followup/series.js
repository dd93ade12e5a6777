/**
 * The series section of the follow-up page: what an analyst keeps (串并, M26, M61).
 */

import { formatMoment, parseTime } from "../clock.js";
import { shortNumber } from "../console/board.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";

const JOINING = ["dispatcher", "watch_commander", "analyst", "video"];
const text = (name, label, limit, how = {}) => ({ name, kind: "text", label, value: "", limit, required: true, ...how });

/** Describe the section. */
export function series({ codes, me }) {
  const may = me.roles.some((role) => JOINING.includes(role));
  const reason = () => text("reason", pgettext("console", "Reason"), 400);
  const incident = () => text("incident", gettext("Number of the incident (its last digits)"), 32);
  const day = (iso) => formatMoment(parseTime(iso), Date.now());
  const told = (one) => `#${shortNumber(one.incident_no)} ${codes.word("incident_type", one.type_reported)} ${one.address_text} · ${day(one.answered_at)} · ${one.reason}`;
  const act = (row, verb, label, fields, how = {}) => ({ label, path: `/api/series/${row.id}/${verb}/`, fields, turn: { incident: lastNumber }, ...how });
  return {
    path: "/api/series/",
    noun: "series",
    label: pgettext("followup", "Series"),
    columns: [gettext("Series"), pgettext("series", "Name"), gettext("Incidents"), gettext("Owner"), pgettext("series", "Since"), gettext("State")].map((one) => ({ text: one })),
    words: (row) => [row.series_no, row.name, row.reason, row.owner_name, ...row.members.flatMap((one) => [one.incident_no, one.address_text])],
    faint: (row) => !row.open,
    title: (row) => `${row.name} · ${fill(gettext("%(count)s incidents"), { count: row.members.length })}`,
    cells: (row) => [
      cell(`#${shortNumber(row.series_no)}`, "code"),
      cell(row.name),
      cell(String(row.members.length), "digits"),
      cell(`${row.owner_name} ${row.owner}`),
      cell(day(row.created_at)),
      cell(row.open ? pgettext("series", "open") : pgettext("series", "closed")),
    ],
    facts: (row) => [
      [gettext("Number"), row.series_no],
      [pgettext("console", "Reason"), row.reason],
      [gettext("Outcome"), row.close_reason],
      ...row.members.map((one, at) => [String(at + 1), told(one)]),
    ],
    acts: (row) =>
      may && row.open
        ? [
            act(row, "join", gettext("Take an incident in"), [incident(), reason()], { main: true }),
            act(row, "leave", gettext("Take an incident out"), [incident(), reason()]),
            act(row, "close", gettext("Close the series"), [text("reason", gettext("Outcome"), 400)], { fixed: { version: row.version } }),
          ]
        : [],
    fresh: may
      ? [{ label: gettext("Open a series"), path: "/api/series/", fields: [text("name", gettext("Name of the series"), 100), reason(), text("incidents", gettext("Numbers of its incidents"), 400)], turn: { incidents: numbers } }]
      : [],
  };
}

/** Read the running number out of a number as people write it: `#241`, `241`, `350600A20260101000241`. */
function lastNumber(value) {
  return Number(value.replace(/\D/g, "").slice(-6)) || 0;
}

function numbers(value) {
  return value.split(/[\s,，、;；]+/).filter(Boolean).map(lastNumber);
}
