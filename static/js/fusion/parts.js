/**
 * What the sections of the fusion page share: fields of their forms, cells with a state, points as people write them.
 */

import { formatMoment, parseTime } from "../clock.js";
import { shortNumber } from "../console/board.js";
import { el, shape } from "../console/dom.js";

export const has = (me, roles) => me.roles.some((role) => roles.includes(role));
export const number = (row) => (row.incident_no ? `#${shortNumber(row.incident_no)}` : "—");
export const textField = (name, label, how = {}) => ({ name, kind: "text", label, value: "", required: true, limit: 400, ...how });
export const choice = (name, label, options, value = options[0].value) => ({ name, kind: "choice", label, options, value });
export const moment = (iso) => (iso ? formatMoment(parseTime(iso), Date.now()) : "");

/** Make a cell that says a state by shape, word and colour. */
export function mark(level, form, text) {
  return el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text })));
}

/** Read a point as people write it: `24.5105, 117.7050`, WGS-84; null for anything else. */
export function pointOf(text) {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)[\s,，;；]+(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  return found ? { lat: Number(found[1]), lng: Number(found[2]), crs: "WGS84" } : null;
}
