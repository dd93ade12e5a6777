/**
 * The two lists of the review page: reviews, and the tasks that follow from them.
 */

import { formatMoment, parseTime } from "../clock.js";
import { shortNumber } from "../console/board.js";
import { el, shape } from "../console/dom.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";

const SUPERVISING = ["leader", "watch_commander", "inspector", "reviewer"];
const GIVING = ["watch_commander", "reviewer", "leader"];
const moment = (iso) => (iso ? formatMoment(parseTime(iso), Date.now()) : "");
const has = (me, roles) => me.roles.some((role) => roles.includes(role));
const purpose = () => ({ name: "purpose", kind: "text", label: gettext("Purpose (goes into the journal)"), value: "", required: true, limit: 200 });

/** Reviews: opened anew, or played again with a purpose of one's own. */
export function reviews({ codes, incident, since, until }) {
  const text = (name, label, value = "") => ({ name, kind: "text", label, value, limit: 100 });
  const when = (name, label, value) => ({ name, kind: "moment", label, value });
  const address = () => "/api/reviews/";
  return {
    path: "/api/reviews/",
    noun: "reviews",
    label: gettext("Reviews"),
    columns: [pgettext("review", "Review"), gettext("Incident"), gettext("Span"), gettext("Opened"), gettext("Notes"), gettext("Open tasks")].map((one) => ({ text: one })),
    words: (row) => [row.name, row.incident_no, row.address_text, row.purpose],
    faint: () => false,
    title: (row) => row.name,
    cells: (row) => [cell(row.name), cell(row.incident_no ? `#${shortNumber(row.incident_no)} ${row.address_text ?? ""}` : pgettext("review", "window of time")), cell(`${moment(row.since)} – ${moment(row.until)}`, "digits"), cell(`${row.opened_by_name} ${moment(row.opened_at)}`), cell(String(row.notes), "digits"), cell(String(row.open_tasks), "digits")],
    facts: (row) => [[gettext("Purpose"), row.purpose], [gettext("Type"), codes.word("incident_type", row.type_reported)], [gettext("Place"), row.address_text], [gettext("Opened by"), `${row.opened_by} ${row.opened_by_name}`]],
    acts: (row) => [{ label: gettext("Play"), main: true, path: `/api/reviews/${row.id}/read/`, fields: [purpose()] }],
    fresh: [
      { label: gettext("Review an incident"), title: gettext("An incident"), main: true, address, path: "/api/reviews/", fields: [text("incident_no", gettext("Incident number"), incident), text("name", pgettext("review", "Name")), purpose()] },
      { label: gettext("Review a window of time"), title: gettext("A window of at most 24 hours"), address, path: "/api/reviews/", fields: [when("since", gettext("From"), since), when("until", gettext("Until"), until), text("name", pgettext("review", "Name")), purpose()] },
    ],
  };
}

/** Tasks: one's own, to supervisors everybody's. */
export function tasks({ me }) {
  return {
    path: "/api/review-tasks/",
    noun: "review_tasks",
    label: gettext("Tasks"),
    columns: [gettext("State"), pgettext("chapter", "Task"), pgettext("review", "Owner"), gettext("Due"), pgettext("review", "Review")].map((one) => ({ text: one })),
    words: (row) => [row.text, row.owner_name, row.owner, row.review_name],
    faint: (row) => Boolean(row.done_at),
    title: (row) => row.text,
    cells: (row) => [state(row), cell(row.text), cell(`${row.owner} ${row.owner_name}`), cell(moment(row.due_at), "digits"), cell(row.review_name)],
    facts: (row) => [[gettext("Given by"), `${row.given_by} ${row.given_by_name}`], [gettext("Moment of the review"), moment(row.at)], [gettext("Done"), row.done_at ? fill(gettext("%(at)s: %(words)s"), { at: moment(row.done_at), words: row.done_words }) : ""]],
    acts: (row) => (row.done_at || !(row.owner === me.badge || has(me, GIVING)) ? [] : [{ label: gettext("Done"), main: true, path: `/api/review-tasks/${row.id}/done/`, fields: [{ name: "words", kind: "text", label: gettext("How it was done"), value: "", required: true, limit: 400 }] }]),
  };
}

/** Say whether a person may look at reviews, and not only at the own tasks. */
export const reviewsToo = (me) => has(me, SUPERVISING);

function state(row) {
  const [level, form, word] = row.done_at ? ["normal", "circle", gettext("done")] : row.overdue_at ? ["critical", "triangle", gettext("overdue")] : ["caution", "square", pgettext("task", "open")];
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text: word })));
}
