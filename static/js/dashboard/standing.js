/**
 * Standing reports (定期报表): what runs, what was made, and a form that plans another one.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext } from "../words.js";
import { make } from "./dom.js";

// What a report may be split by; the others are for looking at, not for a file each week.
const SPLITS = ["all", "branch", "station", "squad", "unit", "officer", "beat", "grid", "type_verified", "priority", "channel", "hour", "weekday", "shift"];
const STATES = { asked: "ring", made: "square", failed: "triangle" };

/**
 * Show the section.
 * @param {Element} node where it stands
 * @param {object} means `{api, tell, words}`; `words` are the definitions and dimensions in the page's language
 * @returns {{load: () => Promise<void>}}
 */
export function makeStanding(node, { api, tell, words }) {
  const plans = "plans" in node.dataset;
  const running = make("tbody");
  const made = make("tbody");
  const form = planForm(words);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    plan().catch(tell);
  });
  node.replaceChildren(
    make("h2", { text: gettext("Standing reports") }),
    make("p.sheet-note", { text: gettext("A question that is answered again and again: the file is made on the morning after the period and stays as it was made.") }),
    table(gettext("Running reports"), [gettext("Standing report"), gettext("Figures"), gettext("Rhythm"), gettext("Next edition"), ...(plans ? [""] : [])], running),
    plans ? form : "",
    table(gettext("Editions"), [gettext("Period"), gettext("Standing report"), gettext("State"), gettext("Lines"), gettext("Made at"), ""], made),
  );

  async function load() {
    const { reports, editions } = await api.get("/api/standing-reports/");
    running.replaceChildren(...(reports.length ? reports.map(reportRow) : [nothing(plans ? 5 : 4, gettext("No report runs."))]));
    made.replaceChildren(...(editions.length ? editions.map(editionRow) : [nothing(6, gettext("Nothing was made yet."))]));
  }

  function reportRow(report) {
    const { question } = report;
    const by = words.dimensions[question.by] ?? "";
    const figures = [question.keys?.split(",").join(" "), question.by === "all" ? "" : by].filter(Boolean).join(" · ");
    return make("tr", { data: { report: report.id } },
      make("th", { scope: "row", text: report.name }), make("td", { text: figures }),
      make("td", { text: `${rhythmWord(report.rhythm)} ${report.ready_at}` }), make("td.digits", { text: formatMoment(report.next_at) }),
      plans ? make("td", {}, button(gettext("End"), fill(gettext("End the report %(name)s"), report), () => api.post(`/api/standing-reports/${report.id}/end/`, {}))) : null);
  }

  function editionRow(edition) {
    const file = edition.state === "made"
      ? make("a.tool", { href: `/api/editions/${edition.id}/file/`, download: true, text: "XLSX", "aria-label": fill(gettext("XLSX of %(name)s, %(first)s to %(last)s"), edition) })
      : edition.state === "failed" && plans ? button(gettext("Try again"), fill(gettext("Make %(name)s, %(first)s to %(last)s again"), edition), () => api.post(`/api/editions/${edition.id}/again/`, {})) : "";
    return make("tr", { data: { edition: edition.id, state: edition.state } },
      make("th.digits", { scope: "row", text: edition.first === edition.last ? edition.first : `${edition.first} – ${edition.last}` }),
      make("td", { text: edition.name }),
      make("td", {}, make("span.shape", { "aria-hidden": "true", data: { shape: STATES[edition.state] } }), stateWord(edition.state), edition.error ? make("span.standing-why", { text: edition.error }) : null),
      make("td.digits", { text: edition.made_at ? String(edition.lines) : "" }), make("td.digits", { text: edition.made_at ? formatMoment(edition.made_at) : "" }),
      make("td", {}, file));
  }

  function button(text, label, act) {
    const node = make("button.tool", { type: "button", text, "aria-label": label });
    node.addEventListener("click", () => {
      node.disabled = true;
      act().then(load).catch((error) => {
        node.disabled = false;
        tell(error);
      });
    });
    return node;
  }

  async function plan() {
    const fields = form.elements;
    const trouble = form.querySelector("[role=alert]");
    const keys = [...form.querySelectorAll("[name=keys]:checked")].map((box) => box.value);
    trouble.textContent = keys.length ? "" : gettext("Choose at least one figure.");
    if (!keys.length) return;
    const question = { keys: keys.join(","), by: fields.by.value, source: fields.source.value };
    if (fields.against.value) question.against = fields.against.value;
    try {
      await api.post("/api/standing-reports/", { name: fields.name.value.trim(), question, rhythm: fields.rhythm.value, ready_at: fields.ready_at.value });
    } catch (error) {
      trouble.textContent = [error.message, ...Object.values(error.fields ?? {}).flat()].filter(Boolean).join(" · ");
      return;
    }
    fields.name.value = "";
    await load();
  }

  return { load };
}

function planForm(words) {
  const keys = Object.keys(words.names).filter((key) => /^K\d+$/.test(key) && !["K19", "K20"].includes(key));
  return make("form.standing-form", { novalidate: true, "aria-label": gettext("Plan a report") },
    make("fieldset", {}, make("legend", { text: gettext("Figures") }),
      ...keys.map((key) => make("label.tick", {}, make("input", { type: "checkbox", name: "keys", value: key, checked: ["K7", "K8", "K9"].includes(key) }), `${key} ${words.names[key]}`))),
    make("div.standing-fields", {},
      field(gettext("Report name"), make("input", { name: "name", maxlength: "60", required: true })),
      field(gettext("by"), choice("by", SPLITS.filter((one) => words.dimensions[one]).map((one) => [one, words.dimensions[one]]), "station")),
      field(gettext("Times"), choice("source", [["published", gettext("published")], ["button", gettext("by button")], ["position", gettext("by position")]], "published")),
      field(gettext("Against"), choice("against", [["previous", gettext("period before")], ["year", gettext("year before")], ["", gettext("nothing")]], "previous")),
      field(gettext("Rhythm"), choice("rhythm", ["day", "week", "month"].map((one) => [one, rhythmWord(one)]), "week")),
      field(gettext("Ready at"), make("input", { type: "time", name: "ready_at", value: "07:30", required: true })),
      make("button.tool.main-act", { type: "submit", text: gettext("Plan a report") })),
    make("p.trouble-line", { role: "alert" }));
}

function field(label, node) {
  return make("label", {}, `${label} `, node);
}

function choice(name, options, chosen = "") {
  return make("select", { name }, ...options.map(([value, text]) => make("option", { value, text, selected: value === chosen })));
}

function table(caption, heads, body) {
  return make("table.sheet-table.standing-table", {}, make("caption", { text: caption }),
    make("thead", {}, make("tr", {}, ...heads.map((text) => (text ? make("th", { scope: "col", text }) : make("td"))))), body);
}

function nothing(columns, text) {
  return make("tr", {}, make("td", { colspan: String(columns), text }));
}

function rhythmWord(rhythm) {
  switch (rhythm) {
    case "day": return gettext("Daily");
    case "week": return gettext("Weekly, on Mondays");
    default: return gettext("Monthly, on the 1st");
  }
}

function stateWord(state) {
  switch (state) {
    case "made": return gettext("Made");
    case "failed": return gettext("Not made");
    default: return gettext("Being made");
  }
}
