/**
 * The link chart (M21): asked with a purpose, drawn in SVG, walked with the arrow keys, with a table that says the same.
 */

import { shortNumber } from "../console/board.js";
import { el } from "../console/dom.js";
import { makeField, tellFields } from "../manage/form.js";
import { fill, gettext, pgettext } from "../words.js";
import { makeChart } from "./chart.js";
import { pointOf } from "./parts.js";
import { tableRows } from "./layout.js";

const KINDS = ["plate", "phone", "name", "identity", "place"];

/**
 * Bring the section to life.
 * @param {{api: object, codes: object}} means
 */
export function makeLinks({ api, codes }) {
  const form = document.getElementById("links-form");
  const says = document.getElementById("links-says");
  const twin = document.getElementById("links-table");
  const chart = makeChart(document.getElementById("links-chart"), { word, letter, onOpen: follow });
  const fields = [
    { name: "kind", kind: "choice", label: gettext("Look for"), options: KINDS.map((value) => ({ value, text: kindWord(value) })), value: "plate" },
    { name: "value", kind: "text", label: gettext("Value, or point and radius"), value: "", required: true, limit: 60 },
    { name: "hops", kind: "choice", label: gettext("How far"), options: [{ value: "1", text: gettext("one hop") }, { value: "2", text: gettext("two hops") }], value: "1" },
    { name: "purpose", kind: "text", label: gettext("Purpose (goes into the journal)"), value: "", required: true, limit: 200 },
  ].map(makeField);
  form.append(...fields.map(({ node }) => node), el("button.manage-verb.is-main", { type: "submit", text: gettext("Look") }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  says.textContent = gettext("Every question is recorded with its purpose. Identity numbers are shown to nobody.");

  async function ask() {
    const said = Object.fromEntries(fields.map((field) => [field.name, field.read()]));
    try {
      const answer = await api.get(`/api/links/?${new URLSearchParams(questionOf(said))}`);
      tellFields(fields, null);
      show(answer);
    } catch (error) {
      says.textContent = tellFields(fields, error) || error.message;
    }
  }

  function show({ nodes, edges, cut }) {
    const incidents = nodes.filter((node) => node.kind === "incident").length;
    const words = fill(gettext("%(incidents)s incidents, %(nodes)s nodes"), { incidents, nodes: nodes.length });
    says.textContent = cut ? `${words} · ${gettext("there are more than are shown")}` : words;
    chart.show(nodes, edges);
    const heads = [gettext("From"), pgettext("links", "Link"), pgettext("links", "To")].map((text) => el("th", { scope: "col", text }));
    const lines = tableRows(nodes, edges, word, howWord).map((line) => el("tr", {}, ...line.map((text) => el("td", { text }))));
    twin.replaceChildren(el("h2", { text: gettext("The same as a table") }), el("table.grid", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...lines)));
  }

  /** Enter on a plate, a telephone or a place asks from there; the purpose stays. */
  function follow(node) {
    if (!["plate", "phone", "place"].includes(node.kind) || node.id === "start") return;
    fields[0].input.value = node.kind;
    fields[1].input.value = node.kind === "place" ? `${node.lat}, ${node.lng}` : node.label;
    ask();
  }

  function word(node) {
    if (node.kind !== "incident") return `${kindWord(node.kind)} ${node.label}`;
    return [`#${shortNumber(node.incident_no)}`, codes.word("incident_type", node.type_reported), node.label].filter(Boolean).join(" ");
  }

  return { focus: () => fields[1].input.focus(), search: fields[1].input, save: ask };
}

/** Turn what the form says into the question of the route: a place is a point with a radius. */
export function questionOf({ kind, value, hops, purpose }) {
  if (kind !== "place") return { kind, value, hops, purpose };
  const [, place, radius] = /^(.*?)(?:\s+[±r]?(\d{2,4})\s*m?)?$/i.exec(value.trim());
  const point = pointOf(place) ?? { lat: 0, lng: 0 };
  return { kind, lat: String(point.lat), lng: String(point.lng), radius_m: radius ?? "200", hops, purpose };
}

function letter(kind) {
  switch (kind) {
    case "incident": return pgettext("node", "I");
    case "person": case "name": case "identity": return pgettext("node", "P");
    case "plate": return pgettext("node", "V");
    case "phone": return pgettext("node", "T");
    case "series": return pgettext("node", "S");
    default: return pgettext("node", "L");
  }
}

function kindWord(kind) {
  switch (kind) {
    case "plate": return pgettext("links", "plate");
    case "phone": return pgettext("links", "telephone");
    case "name": return pgettext("links", "name");
    case "identity": return pgettext("links", "identity number");
    case "person": return pgettext("links", "person");
    case "series": return pgettext("links", "series");
    default: return pgettext("links", "place");
  }
}

function howWord(how) {
  switch (how) {
    case "met": return pgettext("links", "occurs in");
    case "reported": return pgettext("links", "reported");
    case "contact": return pgettext("links", "contact");
    case "caller": return pgettext("links", "caller");
    case "clue": return pgettext("links", "clue");
    case "series": return pgettext("links", "in series");
    case "place": return pgettext("links", "happened at");
    case "suspect": return pgettext("links", "suspect");
    case "victim": return pgettext("links", "victim");
    case "witness": return pgettext("links", "witness");
    case "missing": return pgettext("links", "missing");
    case "vehicle": return pgettext("links", "vehicle");
    default: return pgettext("links", "named");
  }
}
