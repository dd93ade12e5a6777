/**
 * Demand against unit hours: areas beside each other, and the hours of the week of the chosen one.
 */

import { el } from "../console/dom.js";
import { weekdays } from "../dashboard/heat.js";
import { fill, gettext } from "../words.js";
import { step } from "./words.js";

const FEW = 5; // incidents of an hour of the week below which its rate says little
const DAY_MS = 86_400_000;
const BACK_DAYS = 27;

/** Write a day as its input does. */
export const dayText = (date) => new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** Make the section. */
export function makeDemand(root, { api, tell, calm }) {
  const yesterday = new Date(Date.now() - DAY_MS);
  const since = el("input", { type: "date", name: "since", value: dayText(new Date(yesterday - BACK_DAYS * DAY_MS)) });
  const until = el("input", { type: "date", name: "until", value: dayText(yesterday) });
  const by = el("select", { name: "by" }, el("option", { value: "beat", text: gettext("by beat") }), el("option", { value: "station", text: gettext("by station area") }));
  const files = el("span.deployment-files");
  const body = el("tbody");
  const week = el("div.deployment-week", { tabindex: "0", role: "group", "aria-label": gettext("Hours of the week") });
  let answer = null;
  let chosen = "*";

  const head = [gettext("Area"), gettext("Incidents"), gettext("Unit hours"), gettext("Incidents per unit hour"), gettext("95 % interval")];
  const field = (label, input) => el("label.deployment-field", {}, el("span", { text: label }), input);
  root.append(
    el("div.manage-tools", {}, el("h2", { text: gettext("Demand and unit hours") }), field(gettext("From day"), since), field(gettext("To day"), until), field(gettext("Split"), by), files),
    el("p.deployment-note", { text: gettext("Each incident has the weight one, as in K19. A unit's hours on duty count where its post lies: by the roster, else its home. The interval is the exact Poisson one: within it chance alone moves the rate.") }),
    el("div.deployment-demand", {},
      el("div.manage-rows", { tabindex: "0", role: "group", "aria-label": gettext("Areas") }, el("table.grid", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col", text })))), body)),
      week,
    ),
  );
  for (const input of [since, until, by]) input.addEventListener("change", () => open().catch(tell));

  async function open() {
    const query = new URLSearchParams({ since: since.value, until: until.value, by: by.value });
    answer = await api.get(`/api/deployment/demand/?${query}`, { seconds: 30 });
    calm();
    if (!answer.areas.some((one) => one.code === chosen)) chosen = "*";
    files.replaceChildren(...["csv", "xlsx"].map((form) => el("a.manage-verb", { href: `/api/deployment/demand/?${query}&as=${form}`, text: form.toUpperCase(), download: true })));
    paint();
  }

  function paint() {
    const areas = [{ ...answer.whole, name: gettext("The whole centre") }, ...answer.areas];
    body.replaceChildren(...areas.map((one) => row(one)));
    week.replaceChildren(...hours(areas.find((one) => one.code === chosen)));
  }

  function row(one) {
    const pick = el("button.deployment-pick", { type: "button", "aria-pressed": String(one.code === chosen), text: one.name || gettext("outside every area"), on: { click: () => choose(one.code) } });
    const { incidents, unit_hours, per_unit_hour, interval } = one.total;
    return el("tr", { data: { area: one.code } },
      el("th", { scope: "row" }, pick),
      el("td.digits", { text: String(incidents) }),
      el("td.digits", { text: unit_hours.toFixed(1) }),
      el("td.digits", { text: per_unit_hour === null ? gettext("nobody on duty") : per_unit_hour.toFixed(3) }),
      el("td.digits", { text: interval ? `${interval[0].toFixed(3)} – ${interval[1].toFixed(3)}` : "—" }),
    );
  }

  function choose(code) {
    chosen = code;
    paint();
    body.querySelector(`[data-area="${CSS.escape(code)}"] button`)?.focus();
  }

  function hours(one) {
    const whole = answer.whole.total.per_unit_hour;
    const across = el("tr", {}, el("td"), ...Array.from({ length: 24 }, (_none, hour) => el("th.digits", { scope: "col", text: String(hour) })));
    const lines = weekdays().map((day, at) => el("tr", {}, el("th", { scope: "row", text: day }), ...one.hours.slice(at * 24, at * 24 + 24).map((cell, hour) => tile(cell, whole, `${day} ${hour}:00`))));
    const legend = [gettext("under half"), gettext("less"), gettext("about as much"), gettext("more"), gettext("over twice")];
    return [
      el("h3", { text: fill(gettext("%(area)s: incidents per unit hour"), { area: one.name || gettext("outside every area") }) }),
      el("table.deployment-heat", {}, el("caption.unseen", { text: gettext("Incidents per unit hour by weekday and hour") }), el("thead", {}, across), el("tbody", {}, ...lines)),
      el("p.deployment-legend", {}, el("span", { text: gettext("Against the whole centre:") }), ...legend.map((text, at) => el("span.deployment-key", { data: { step: String(at) }, text })), el("span.deployment-key.is-few", { text: fill(gettext("italic: fewer than %(n)s incidents"), { n: FEW }) }), el("span.deployment-key", { text: gettext("×: nobody on duty") })),
    ];
  }

  return { open };
}

/** Make one hour of the week: its rate, its step as ground, its counts as title. */
function tile(cell, whole, when) {
  const at = step(cell, whole);
  const nobody = cell.per_unit_hour === null;
  const quiet = nobody && !cell.incidents;
  const words = nobody ? (quiet ? "" : "×") : cell.per_unit_hour.toFixed(cell.per_unit_hour >= 9.95 ? 0 : whole >= 1 ? 1 : 2);
  const title = fill(gettext("%(when)s: %(n)s incidents, %(hours)s unit hours"), { when, n: cell.incidents, hours: cell.unit_hours.toFixed(1) });
  return el(`td.digits${cell.incidents < FEW ? ".is-few" : ""}`, { data: at === null ? {} : { step: String(at) }, title, text: words });
}
