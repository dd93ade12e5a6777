/**
 * Qualifications (资格, M19): who holds which skill until when; what runs out within a month stands out.
 */

import { formatDate, parseTime } from "../clock.js";
import { cell } from "../manage/grid.js";
import { fill, gettext, ngettext } from "../words.js";
import { choice, has, mark, textField } from "./words.js";

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Make the section: the list, what ends first on top, and the acts of the watch commander. */
export function qualifications({ codes, me }) {
  return {
    path: "/api/qualifications/",
    noun: "qualifications",
    label: gettext("Qualifications"),
    columns: [gettext("Badge"), gettext("Name"), gettext("Skill"), gettext("Certificate"), gettext("From"), gettext("Until"), gettext("State")].map((text) => ({ text })),
    words: (row) => [row.badge, row.name, codes.word("skill", row.skill), row.certificate],
    faint: () => false,
    title: (row) => `${row.name} · ${codes.word("skill", row.skill)}`,
    cells: (row) => [
      cell(row.badge, "code"),
      cell(row.name),
      cell(codes.word("skill", row.skill)),
      cell(row.certificate, "code"),
      cell(day(row.starts_at), "digits"),
      cell(day(row.expires_at), "digits"),
      stateCell(row),
    ],
    facts: (row) => [
      [gettext("Badge"), row.badge],
      [gettext("Skill"), codes.word("skill", row.skill)],
      [gettext("Certificate"), row.certificate],
      [gettext("From"), day(row.starts_at)],
      [gettext("Until"), day(row.expires_at)],
    ],
    acts: (row) => (has(me, "watch_commander", "administrator") ? [endAct(row)] : []),
    fresh: () => (has(me, "watch_commander", "administrator") ? [grantAct(codes)] : []),
  };
}

const day = (iso) => formatDate(parseTime(iso));

function stateCell(row) {
  const left = Math.ceil((parseTime(row.expires_at) - Date.now()) / DAY_MS);
  if (left > SOON_DAYS) return mark("normal", "circle", gettext("valid"));
  return mark("caution", "square", fill(ngettext("%(count)s day left", "%(count)s days left", left), { count: left }));
}

function grantAct(codes) {
  const skills = codes.list("skill").map((row) => ({ value: row.code, text: codes.word("skill", row.code) }));
  return {
    label: gettext("Note a qualification"),
    title: gettext("New qualification"),
    main: true,
    path: "/api/qualifications/",
    fields: [
      textField("badge", gettext("Badge"), { required: true, limit: 12 }),
      choice("skill", gettext("Skill"), skills),
      textField("certificate", gettext("Certificate"), { limit: 60 }),
      { name: "expires_at", kind: "moment", label: gettext("Until"), value: "" },
    ],
  };
}

function endAct(row) {
  return {
    label: gettext("End it"),
    title: gettext("The skill is not held any longer"),
    path: `/api/qualifications/${row.id}/end/`,
    fields: [textField("reason", gettext("Reason"), { required: true })],
  };
}
