/**
 * Search areas of the chosen incident: opened round the place or along a drawn line, shared, widened, counted, ended (M22).
 */

import { formatTime } from "../clock.js";
import { el, shape } from "../console/dom.js";
import { cell, makeGrid } from "../manage/grid.js";
import { fill, gettext, pgettext } from "../words.js";
import { makeForm } from "./forms.js";
import { inOrder, progress } from "./moments.js";

const USUAL_M = 500;
const WIDER_M = 2000;
const STRIP_M = 100;

/**
 * Make the section.
 * @param {{box: HTMLElement, api: object, leads: boolean, checks: boolean, draw: Function, period: () => {since: number, until: number}, onOpen: (camera: object) => void, onChange: () => Promise<void>, onPaint: () => void}} means
 */
export function makeAreas({ box, api, leads, checks, draw, period, onOpen, onChange, onPaint }) {
  const state = { incident: null, areas: [], branches: [], area: null, marks: [], requests: [] };
  const head = el("div.video-areas-head");
  const forms = el("div.video-area-forms");
  const grid = makeGrid({
    columns: [pgettext("video", "Camera"), pgettext("video", "Looked through"), pgettext("video", "By"), pgettext("video", "Finding")].map((text) => ({ text })),
    label: gettext("Cameras of the search area"),
    onOpen: (key) => {
      const mark = state.marks.find((one) => String(one.id) === key);
      if (mark) onOpen(mark.camera_row);
    },
  });
  box.append(head, el("div.video-rows", {}, grid.node), forms);

  /** Take the chosen incident's areas; the newest open one is chosen. */
  async function show({ incident, search_areas: areas, fusion_requests: requests }, branches) {
    const isOther = state.incident?.id !== incident.id;
    const known = areas.find((one) => one.id === state.area?.id && !one.ended_at);
    Object.assign(state, { incident, areas, branches, requests });
    state.area = known ?? areas.filter((one) => !one.ended_at).at(-1) ?? areas.at(-1) ?? null;
    await loadMarks();
    paintHead();
    // A form that somebody writes in stays as it is; another incident or another area is another form.
    const key = `${incident.id}.${state.area?.id}.${state.area?.branch}.${state.area?.ended_at}`;
    if (isOther || forms.dataset.key !== key) paintForms(key);
  }

  async function loadMarks() {
    state.marks = state.area ? inOrder((await api.get(`/api/search-areas/${state.area.id}/`)).searched_cameras) : [];
    grid.fill(state.marks.map(rowOf));
    onPaint();
  }

  function rowOf(mark) {
    const done = Boolean(mark.checked_at);
    const [level, form, text] = done ? ["normal", "circle", formatTime(mark.checked_at)] : ["caution", "square", pgettext("video", "to do")];
    return {
      key: String(mark.id),
      faint: done && !mark.finding,
      cells: [cell(mark.camera_row.name), el("td", {}, el(`span.mark.level-${level}`, {}, shape(form), el("span", { text }))), cell(mark.checked_by_name), cell(mark.finding || (done ? pgettext("video", "nothing") : ""))],
    };
  }

  function paintHead() {
    const choices = state.areas.map((area, at) => el(
      "button.video-area",
      { type: "button", "aria-pressed": String(area.id === state.area?.id), data: { area: area.id }, on: { click: () => choose(area) } },
      el("b", { text: fill(gettext("Area %(n)s"), { n: at + 1 }) }),
      el("span.digits", { text: fill(gettext("%(checked)s of %(cameras)s"), area) }),
      el("progress", { max: "100", value: String(progress(area)), "aria-label": gettext("Looked through") }),
      area.branch_name ? el("span.soft", { text: area.branch_name }) : null,
      area.ended_at ? el("span.soft", { text: pgettext("video", "ended") }) : null,
    ));
    head.replaceChildren(...(choices.length ? choices : [el("p.panel-empty", { text: gettext("No search area yet.") })]));
  }

  async function choose(area) {
    state.area = area;
    await loadMarks();
    paintHead();
    paintForms(`${state.incident.id}.${area.id}.${area.branch}.${area.ended_at}`);
  }

  function paintForms(key) {
    forms.dataset.key = key;
    const isOpen = state.area && !state.area.ended_at;
    const made = [];
    if (isOpen && checks) made.push(checkForm());
    if (leads && state.incident.open) made.push(newForm());
    if (leads && isOpen && state.incident.open) made.push(widenForm());
    if (leads && isOpen) made.push(shareForm(), endForm());
    forms.replaceChildren(...made);
  }

  const radius = (value) => ({ name: "radius_m", kind: "number", label: gettext("Radius or half width, m"), value });

  function checkForm() {
    return makeForm({
      label: gettext("Looked through (F2)"),
      fields: [{ name: "finding", kind: "text", label: gettext("Finding; empty: nothing"), value: "", limit: 400 }],
      send: ({ finding = "" }) => check(finding),
    });
  }

  /** Mark the camera that is open, else the row with the focus, as looked through. */
  async function check(finding, camera = current) {
    const row = document.activeElement?.closest?.("tr[data-key]");
    const mark = state.marks.find((one) => one.camera === camera) ?? state.marks.find((one) => String(one.id) === row?.dataset.key);
    if (!mark) throw new Error(gettext("Open a camera of the search area first."));
    await api.post(`/api/searched-cameras/${mark.id}/check/`, { checked: true, finding });
    await onChange();
  }

  function newForm() {
    const kinds = [{ value: "circle", text: gettext("circle round the place") }, { value: "route", text: gettext("strip along a line (F4 draws it)") }, { value: "polygon", text: gettext("polygon (F4 draws it)") }];
    return makeForm({
      label: gettext("Open a search area"),
      fields: [{ name: "kind", kind: "choice", label: pgettext("video", "Shape"), options: kinds, value: "circle" }, radius(USUAL_M), { name: "note", kind: "text", label: gettext("Note"), value: "", limit: 200 }],
      async send({ kind, radius_m: metres, note = "" }) {
        const shape = await shapeOf(kind, metres ?? STRIP_M);
        const { since, until } = period();
        const request = state.requests.find((row) => row.open)?.id;
        const body = { shape, since: iso(since), until: iso(until), note, ...(request ? { request } : {}) };
        await api.post(`/api/incidents/${state.incident.id}/search-areas/`, body);
        await onChange();
      },
    });
  }

  /** Return the shape: a circle round the incident, or what is drawn now. */
  async function shapeOf(kind, metres) {
    const common = { kind, crs: "WGS84", radius_m: metres };
    if (kind === "circle") return { ...common, points: [{ lat: state.incident.point.lat, lng: state.incident.point.lng }] };
    const points = drawn ?? (await drawNow(kind === "polygon"));
    drawn = null;
    if (!points) throw new Error(gettext("Nothing was drawn."));
    return { ...common, points: points.map(([lat, lng]) => ({ lat, lng })) };
  }

  let drawn = null;
  let current = null;

  function drawNow(isArea) {
    return new Promise((done, fail) => {
      try {
        draw(isArea, done);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** F4: draw the shape that the form asks for; the form is sent afterwards. */
  async function drawShape() {
    const kind = forms.querySelector("[name=kind]")?.value;
    if (!kind || kind === "circle") return;
    drawn = await drawNow(kind === "polygon");
    forms.querySelector("[name=kind]")?.focus();
  }

  function widenForm() {
    return makeForm({
      label: gettext("Widen the area"),
      fields: [radius(WIDER_M)],
      async send({ radius_m: metres }) {
        const shape = await shapeOf("circle", metres);
        state.area = (await api.post(`/api/search-areas/${state.area.id}/widen/`, { shape })).search_area;
        await onChange();
      },
    });
  }

  function shareForm() {
    const options = state.branches.map((one) => ({ value: String(one.id), text: one.name }));
    if (!options.length) return el("span");
    return makeForm({
      label: gettext("Share with the branch"),
      fields: [{ name: "branch", kind: "choice", label: gettext("Branch"), options, value: String(state.area.branch ?? options[0].value) }],
      async send({ branch }) {
        await api.post(`/api/search-areas/${state.area.id}/share/`, { branch: Number(branch) });
        await onChange();
      },
    });
  }

  function endForm() {
    return makeForm({
      label: gettext("End the search"),
      fields: [],
      async send() {
        await api.post(`/api/search-areas/${state.area.id}/end/`);
        await onChange();
      },
    });
  }

  return {
    show,
    check,
    drawShape,
    focus: grid.focus,
    focusCheck: () => forms.querySelector("[name=finding]")?.focus(),
    /** Tell which camera is open. */
    follow: (camera) => {
      current = camera;
    },
    chosen: () => state.area,
    marks: () => state.marks,
  };
}

const iso = (at) => new Date(at).toISOString();
