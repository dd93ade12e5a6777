/**
 * Trials of another deployment: the form with its map, the list, the answer of the chosen one.
 */

import { formatMoment, parseTime } from "../clock.js";
import { el, shape } from "../console/dom.js";
import { createMap } from "../map.js";
import { fill, gettext, ngettext, pgettext } from "../words.js";
import { showTrial } from "./answer.js";
import { makeForm } from "./form.js";
import { stateWord } from "./words.js";

const ASKING = ["watch_commander", "leader"];
const MARKS = { asked: ["standby", "ring"], running: ["standby", "circle"], answered: ["normal", "circle"], failed: ["serious", "triangle"], cancelled: ["off", "bar"] };
const SOON_MS = 2_500;
const RENEW_EVERY_MS = 30_000;
const POST_M = 150;
const ROOM = 0.008; // degrees around the posts that the map shows

/** Make the section. */
export function makeTrials(root, { api, codes, me, baseMap, units, tell, calm }) {
  const mine = me.roles.some((role) => ASKING.includes(role));
  const map = el("div.deployment-map");
  const body = el("tbody");
  const empty = el("p.panel-empty", { text: gettext("Nothing has been played yet.") });
  const shown = el("div.deployment-shown", { "aria-live": "polite", tabindex: "0", role: "group", "aria-label": pgettext("trial", "Answer") });
  let onPoint = null;
  let trials = [];
  let chosen = null;
  let painted = "";
  let canvas = null;
  let timer = null;

  const form = mine ? makeForm({ api, codes, units, pickPlace, onAsk: ask }) : null;
  const head = [pgettext("trial", "Trial"), gettext("Period"), gettext("Changes"), gettext("State"), gettext("Asked by"), gettext("Asked")];
  root.append(el("div.deployment-trials", {},
    el("div.deployment-left", {}, form?.form ?? null, map),
    el("div.deployment-right", {},
      el("div.deployment-list", { tabindex: "0", role: "group", "aria-label": gettext("Trials") }, el("table.grid", {}, el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col", text })))), body), empty),
      shown,
    ),
  ));

  async function open() {
    canvas ??= createMap(map, { baseMap, onPick: (point) => point && onPoint?.(point) });
    await load();
  }

  function pickPlace(take) {
    onPoint = take;
    canvas.pick(true);
  }

  async function load() {
    clearTimeout(timer);
    ({ trials } = await api.get("/api/deployment/trials/"));
    calm();
    chosen ??= trials[0]?.id ?? null;
    paint();
    await show();
    const wait = trials.some((one) => one.open) ? SOON_MS : RENEW_EVERY_MS;
    timer = setTimeout(() => (document.hidden || root.hidden ? later(wait) : load().catch(tell)), wait);
  }

  function later(wait) {
    timer = setTimeout(() => load().catch(tell), wait);
  }

  async function ask(said) {
    const { deployment_trial: made } = await api.post("/api/deployment/trials/", said);
    chosen = made.id;
    await load();
  }

  async function cancel() {
    await api.post(`/api/deployment/trials/${chosen}/cancel/`, {});
    await load();
  }

  function paint() {
    empty.hidden = trials.length > 0;
    const focused = document.activeElement?.closest?.("tr")?.dataset.trial;
    body.replaceChildren(...trials.map((one) => row(one)));
    if (focused) body.querySelector(`[data-trial="${focused}"] button`)?.focus();
  }

  function row(one) {
    const [level, name] = MARKS[one.state];
    const pick = el("button.deployment-pick", { type: "button", "aria-pressed": String(one.id === chosen), text: one.name, on: { click: () => choose(one.id) } });
    const count = one.changes.length;
    return el("tr", { data: { trial: String(one.id), state: one.state } },
      el("th", { scope: "row" }, pick),
      el("td.digits", { text: fill(ngettext("%(n)s day", "%(n)s days", one.days), { n: one.days }) }),
      el("td.digits", { text: String(count) }),
      el("td", {}, el("span.mark", {}, el(`span.level-${level}`, {}, shape(name)), el("span", { text: stateWord(one) }))),
      el("td", { text: one.asked_by_name }),
      el("td.digits", { text: formatMoment(parseTime(one.asked_at), Date.now()) }),
    );
  }

  function choose(id) {
    chosen = id;
    paint();
    body.querySelector(`[data-trial="${id}"] button`)?.focus();
    show().catch(tell);
  }

  /** Show the chosen trial, again only when it has changed. */
  async function show() {
    const listed = trials.find((one) => one.id === chosen);
    if (!listed) return shown.replaceChildren();
    const key = `${listed.id}/${listed.version}`;
    if (key === painted) return undefined;
    const trial = listed.state === "answered" ? (await api.get(`/api/deployment/trials/${listed.id}/`)).deployment_trial : listed;
    painted = key;
    shown.replaceChildren(...showTrial(trial, { onCancel: mine ? () => cancel().catch(tell) : null }));
    paintPosts(trial);
    return undefined;
  }

  /** Posts that are changed: where they were, faint, and where they would be. */
  function paintPosts(trial) {
    const [before, after] = trial.answer?.posts ?? [[], trial.changes.filter((one) => one.lat !== undefined)];
    const place = (one) => `${one.unit}/${one.lat}/${one.lng}`;
    const both = new Set(before.map(place).filter((key) => after.some((one) => place(one) === key)));
    const spots = [...before.map((one) => ({ ...one, lapsed: true })), ...after.map((one) => ({ ...one, lapsed: false }))];
    const moved = spots.filter((one) => !both.has(place(one)));
    canvas.ground.setSpots(moved.map((one) => ({ lat: one.lat, lng: one.lng, radius_m: POST_M, lapsed: one.lapsed, says: one.call_sign })));
    canvas.ground.redraw();
    if (moved.length && !canvas.isPicking()) canvas.fit(around(moved), { inside: true });
  }

  return { open, submit: () => form?.submit() };
}

/** The box around some places, with some room. */
function around(places) {
  const [lats, lngs] = [places.map((one) => one.lat), places.map((one) => one.lng)];
  return [[Math.min(...lats) - ROOM, Math.min(...lngs) - ROOM], [Math.max(...lats) + ROOM, Math.max(...lngs) + ROOM]];
}
