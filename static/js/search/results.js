/**
 * How a result of the search reads: one line of cells for an incident, a call or a flagged number. Pure.
 */

import { flagWord } from "../console/number_flag.js";
import { gettext, threeFourFour } from "../words.js";

/** Name a result once and for all. */
export const resultKey = (row) => `${row.kind}:${row.id}`;

/**
 * Make the cells of a result.
 * @param {object} row a result of `/api/search/`
 * @param {{codes: object, cell: Function, moment: Function}} means
 */
export function resultCells(row, { codes, cell, moment }) {
  const texts = { incident, call, number }[row.kind](row, codes);
  return [
    cell(kindWord(row.kind)),
    cell(texts.number, "code"),
    cell(moment(row.at)),
    cell(texts.what),
    cell(texts.contact),
    cell(texts.stage),
    cell(row.excerpts.join(" · ")),
  ];
}

function incident(row, codes) {
  const type = row.type_verified || row.type_reported;
  return {
    number: row.incident_no,
    what: [`P${row.priority}`, codes.word("incident_type", type), row.address_text].filter(Boolean).join(" "),
    contact: [row.contact_name, threeFourFour(row.contact_phone)].filter(Boolean).join(" "),
    stage: codes.word("stage", row.stage),
  };
}

function call(row, codes) {
  return {
    number: row.call_no,
    what: [codes.word("channel", row.channel), codes.word("call_kind", row.call_kind)].filter(Boolean).join(" "),
    contact: [row.caller_name, threeFourFour(row.caller_number)].filter(Boolean).join(" "),
    stage: codes.word("closing", row.closing_reason),
  };
}

function number(row) {
  return { number: threeFourFour(row.number), what: flagWord(row.flag), contact: row.reason, stage: row.ended ? gettext("ended") : "" };
}

function kindWord(kind) {
  switch (kind) {
    case "incident": return gettext("Incident");
    case "call": return gettext("Call");
    default: return gettext("Number flag");
  }
}
