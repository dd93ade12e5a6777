/**
 * The series of an incident on its card: where it belongs, and on request which others may be one hand's work (M26, M61).
 */

import { shortNumber } from "./board.js";
import { button, el } from "./dom.js";
import { makeForm } from "./inline_form.js";
import { formatMoment } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";

const JOINING = ["dispatcher", "watch_commander", "analyst", "video"];

/**
 * Make the block of a card; it is read anew when the incident changes or a series does.
 * @param {object} desk the desk
 * @returns {{node: HTMLElement, show: (incident: object) => void}}
 */
export function makeSeries(desk) {
  const list = el("div.series-list");
  const slot = el("div.series-form");
  const node = el("section.series", {}, el("h4", { text: gettext("Series") }), list, slot);
  let incident = null;
  let told = { series: null, likely: null };
  desk.store.on("change", ({ frame }) => {
    if (incident && frame?.kind?.startsWith("series.")) read(told.likely !== null);
  });

  function showFor(row) {
    const another = row.id !== incident?.id;
    incident = row;
    if (!another) return;
    told = { series: null, likely: null };
    slot.replaceChildren();
    paint();
    read(false);
  }

  async function read(likely) {
    const asked = incident.id;
    try {
      const answer = await desk.api.get(`/api/incidents/${asked}/series/${likely ? "?likely=1" : ""}`);
      if (asked !== incident.id) return;
      // Who is in the same series already is no suggestion.
      const others = answer.likely?.filter((one) => !one.series || one.series !== answer.series?.id) ?? null;
      told = { ...answer, likely: others };
      paint();
    } catch {
      // The next change asks again; the card is complete without it.
    }
  }

  function paint() {
    const may = desk.has(...JOINING) && incident.open;
    const { series, likely } = told;
    const parts = [];
    if (series) parts.push(seriesLine(series, may));
    if (may || likely?.length) parts.push(el("div.verbs", {}, button(gettext("Look for others"), () => read(true), { data: { act: "series-look" } })));
    if (likely) parts.push(likely.length ? el("ul.series-likely", {}, ...likely.map((one) => likelyLine(one, may))) : el("p.soft", { text: gettext("Nothing similar in the last weeks.") }));
    if (!parts.length) parts.push(el("p.soft", { text: gettext("In no series.") }));
    list.replaceChildren(...parts);
  }

  function seriesLine(series, may) {
    const others = series.members.filter((one) => one.incident !== incident.id);
    const text = fill(gettext("%(name)s · %(count)s incidents · %(owner)s"), { name: series.name, count: series.members.length, owner: series.owner_name });
    return el(
      "div.series-of",
      { data: { series: series.id } },
      el("p", {}, el("b", { text }), el("span.soft", { text: ` ${series.reason}` })),
      el("p.soft", {}, ...others.map((one) => el("span.series-member", { text: `#${shortNumber(one.incident_no)} ${one.address_text} ` }))),
      may ? button(gettext("Take out"), () => open(leaveAct(series))) : null,
    );
  }

  function likelyLine(one, may) {
    return el(
      "li",
      { data: { incident: one.incident } },
      el("span.code", { text: `#${shortNumber(one.incident_no)}` }),
      el("span", { text: ` ${desk.codes.word("incident_type", one.type_reported)} ${one.address_text} · ${formatMoment(one.answered_at, desk.now())}` }),
      el("span.soft", { text: ` ${kinReasons(one).join(" · ")}` }),
      may ? button(one.series || told.series ? gettext("Into the series") : gettext("Open a series"), () => open(joinAct(one))) : null,
    );
  }

  /** Join the other's series, take the other into ours, or open one with both. */
  function joinAct(one) {
    const why = { name: "reason", label: pgettext("console", "Reason"), type: "text", required: true, value: kinReasons(one).join("；").slice(0, 200) };
    if (told.series && !one.series) return { label: gettext("Into the series"), method: "POST", path: `/api/series/${told.series.id}/join/`, fixed: { incident: one.incident }, fields: [why] };
    if (one.series) return { label: gettext("Into the series"), method: "POST", path: `/api/series/${one.series}/join/`, fixed: { incident: incident.id }, fields: [why] };
    const name = { name: "name", label: gettext("Name of the series"), type: "text", required: true, value: desk.codes.word("incident_type", incident.type_reported) };
    return { label: gettext("Open a series"), method: "POST", path: "/api/series/", fixed: { incidents: [incident.id, one.incident] }, fields: [name, why] };
  }

  function leaveAct(series) {
    const why = { name: "reason", label: pgettext("console", "Reason"), type: "text", required: true };
    return { label: gettext("Take out"), method: "POST", path: `/api/series/${series.id}/leave/`, fixed: { incident: incident.id }, fields: [why] };
  }

  function open(act) {
    const close = () => {
      slot.replaceChildren();
      read(told.likely !== null);
    };
    slot.replaceChildren(makeForm(act, incident, desk, close));
  }

  return { node, show: showFor };
}

/** Say why two incidents may be one hand's work. */
export function kinReasons(one) {
  return [
    one.plate ? fill(gettext("same plate %(plate)s"), { plate: one.plate }) : "",
    one.type === "same" ? gettext("same type") : one.type === "kin" ? gettext("related type") : "",
    one.means.length ? fill(gettext("same way: %(means)s"), { means: one.means.join("、") }) : "",
    one.words.length ? fill(gettext("both say “%(words)s”"), { words: one.words.join("”“") }) : "",
    one.metres === null ? "" : one.metres < 1000 ? `${one.metres} m` : `${(one.metres / 1000).toFixed(1)} km`,
    one.same_hour ? gettext("same time of day") : "",
  ].filter(Boolean);
}
