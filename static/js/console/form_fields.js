/**
 * The fields of inline forms. Each has a node, takes the focus, and reads its value into the body of
 * the act: `read(values)` returns a sentence when something is missing, else null.
 */

import { signsOf } from "../directive_words.js";
import { fill, gettext } from "../words.js";
import { validPositions } from "./casework.js";
import { el } from "./dom.js";
import { isComposing } from "./keys.js";
import { findIncident } from "./meaning.js";
import { makePick, searchPlaces } from "./pick.js";
import { searchCodes } from "./pinyin.js";

const FEW = 10;

/** Make the field of an act. */
export function makeField(field, desk) {
  switch (field.type) {
    case "code":
      return codeField(field, desk);
    case "type":
      return typeField(field, desk);
    case "place":
      return placeField(field, desk);
    case "incident":
      return incidentField(field, desk);
    case "station":
      return stationField(field, desk);
    case "choice":
      return choiceField(field);
    case "count":
      return countField(field);
    case "units":
      return unitsField(field, desk);
    case "unit":
      return unitField(field, desk);
    case "signs":
      return signsField(field);
    case "position":
      return positionField(field, desk);
    case "spot":
      return spotField(field, desk);
    default:
      return textField(field);
  }
}

function labelled(field, control, width = "") {
  return el(
    `label.form-field${width ? `.${width}` : ""}`,
    {},
    el("span.label", { text: field.required ? `${field.label} *` : field.label }),
    control,
  );
}

/** A few values side by side, one of which must be chosen; a value may be any JSON. */
function choiceField(field) {
  const values = field.options.map(({ value }) => value);
  let chosen = field.value ?? null;
  const chips = makeChips({
    label: field.label,
    options: field.options.map(({ text }, at) => ({ value: String(at), text })),
    onPick: (at) => {
      chosen = values[Number(at)];
    },
  });
  if (chosen !== null || values.includes(null)) chips.set(String(values.indexOf(chosen)));
  return {
    node: el("div.form-field", {}, el("span.label", { text: field.required ? `${field.label} *` : field.label }), chips.node),
    focus: () => chips.node.querySelector("input")?.focus(),
    read(values_) {
      if (chosen === null) return field.required ? missing(field) : null;
      values_[field.name] = chosen;
      return null;
    },
  };
}

function missing(field) {
  return fill(gettext("%(field)s is missing."), { field: field.label });
}

function textField(field) {
  const input = field.long
    ? el("textarea.field", { name: field.name, rows: "3", value: field.value ?? "" })
    : el("input.field", { type: "text", name: field.name, autocomplete: "off", value: field.value ?? "" });
  return {
    node: labelled(field, input, field.half ? "half" : ""),
    focus: () => input.focus(),
    read(values) {
      const text = input.value.trim();
      if (field.required && !text) return missing(field);
      if (field.required || text !== (field.value ?? "")) values[field.name] = text;
      return null;
    },
  };
}

function countField(field) {
  const input = el("input.field.digits", {
    type: "text",
    inputmode: "numeric",
    name: field.name,
    autocomplete: "off",
    value: field.value ?? "",
  });
  return {
    node: labelled(field, input, "short"),
    focus: () => input.focus(),
    read(values) {
      const text = input.value.normalize("NFKC").trim();
      if (text && !/^\d{1,4}$/.test(text)) return fill(gettext("%(field)s must be a number."), { field: field.label });
      const count = text === "" ? null : Number(text);
      if (count !== (field.value ?? null)) values[field.name] = count;
      return null;
    },
  };
}

/** A code out of a table: chips with number keys when there are few, a search field when there are many. */
function codeField(field, desk) {
  const rows = desk.codes.list(field.table);
  if (rows.length > FEW) return searchedCode(field, desk, rows);
  const chips = makeChips({
    label: field.label,
    options: rows.map((row) => ({ value: row.code, text: desk.codes.word(field.table, row.code) })),
    value: field.value,
  });
  return {
    node: el(
      `div.form-field${rows.length <= 3 ? ".third" : ""}`,
      {},
      el("span.label", { text: field.required ? `${field.label} *` : field.label }),
      chips.node,
    ),
    focus: chips.focus,
    read(values) {
      const chosen = chips.value();
      if (!chosen) return field.required ? missing(field) : null;
      if (field.required || chosen !== String(field.value ?? ""))
        values[field.name] = field.number ? Number(chosen) : chosen;
      return null;
    },
  };
}

/**
 * Make a row of chips of which one is chosen; the number keys choose too.
 * @returns {{node: HTMLElement, value: () => string, set: Function, focus: Function}}
 */
export function makeChips({
  label,
  options,
  value = null,
  onPick = () => {},
  name = `chips-${Math.random().toString(36).slice(2)}`,
}) {
  const inputs = options.map((option) => el("input", { type: "radio", name, value: option.value }));
  const node = el(
    "div.chips",
    { role: "radiogroup", "aria-label": label },
    ...options.map((option, at) =>
      el(
        "label.chip",
        { data: option.data ?? {} },
        inputs[at],
        el("span", {}, at < 9 && options.length > 3 ? el("kbd", { text: String(at + 1) }) : null, option.text),
      ),
    ),
  );
  const set = (chosen) => {
    for (const input of inputs) input.checked = input.value === String(chosen ?? "");
  };
  node.addEventListener("change", (event) => onPick(event.target.value));
  node.addEventListener("keydown", (event) => {
    if (isComposing(event) || event.ctrlKey || event.altKey) return;
    const at = Number(event.key.normalize("NFKC")) - 1;
    if (!(at >= 0 && at < inputs.length)) return;
    event.preventDefault();
    set(options[at].value);
    inputs[at].focus();
    onPick(options[at].value);
  });
  set(value);
  return {
    node,
    set,
    value: () => inputs.find((input) => input.checked)?.value ?? "",
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}

function searchedCode(field, desk, rows) {
  let chosen = field.value ?? "";
  const pick = makePick({
    label: field.label,
    search: (query) =>
      searchCodes(rows, query, 9).map((row) => ({
        text: desk.codes.word(field.table, row.code),
        mark: row.code,
        value: row.code,
      })),
    onPick: (item) => {
      chosen = item.value;
    },
    onText: () => {
      chosen = "";
    },
    placeholder: gettext("code, words or pinyin initials"),
    hold: desk.keys.during,
  });
  pick.set(desk.codes.word(field.table, chosen));
  return {
    node: labelled(field, pick.box),
    focus: () => pick.input.focus(),
    read(values) {
      if (!chosen) {
        const hits = searchCodes(rows, pick.input.value, 1);
        if (pick.input.value.trim() && hits.length) chosen = hits[0].code;
      }
      if (!chosen) return field.required ? missing(field) : null;
      if (field.required || chosen !== field.value) values[field.name] = chosen;
      return null;
    },
  };
}

function typeField(field, desk) {
  return searchedCode({ ...field, table: "incident_type" }, desk, desk.codes.list("incident_type"));
}

function placeField(field, desk) {
  let place = null;
  const pick = makePick({
    label: field.label,
    search: (query) => searchPlaces(desk, query),
    onPick: (item) => {
      place = item.value;
    },
    onText: () => {
      place = null;
    },
    placeholder: gettext("name, pinyin or initials"),
    hold: desk.keys.during,
  });
  const stop = desk.on("map-picked", (point) => {
    place = { ...point, name: pick.input.value || gettext("picked on the map") };
    pick.set(place.name);
  });
  pick.set(field.value ?? "");
  return {
    node: labelled(field, pick.box),
    focus: () => {
      pick.input.focus();
      pick.input.select();
      if (field.said) pick.input.dispatchEvent(new Event("input"));
    },
    read(values) {
      if (!place) return gettext("Choose a place from the list, or pick it on the map with F4.");
      stop();
      values.point = { lat: place.lat, lng: place.lng, crs: "WGS84", source: place.source ?? "place" };
      values.point_status = "verified";
      values.address_text = place.name;
      return null;
    },
  };
}

function incidentField(field, desk) {
  const input = el("input.field.code", { type: "text", autocomplete: "off", placeholder: "#241" });
  return {
    node: labelled(field, input),
    focus: () => input.focus(),
    read(values) {
      const digits = input.value
        .normalize("NFKC")
        .replace(/\D/g, "")
        .replace(/^0+(?=\d)/, "");
      const found = digits ? findIncident(digits, desk.store.rows("incident")) : null;
      if (!found) return fill(gettext("%(field)s is not on the board."), { field: input.value || field.label });
      values[field.name] = found.id;
      return null;
    },
  };
}

function stationField(field, desk) {
  const stations = desk.config.stations;
  const select = el(
    "select.field",
    { name: field.name },
    ...stations.map((station) => el("option", { value: station.id, text: station.name })),
  );
  return {
    node: labelled(field, select),
    focus: () => select.focus(),
    read(values) {
      if (!select.value) return missing(field);
      values[field.name] = Number(select.value);
      return null;
    },
  };
}

/** Units by call sign, the first one leads: `[{unit}]`. */
function unitsField(field, desk) {
  const input = el("input.field.code", { type: "text", name: field.name, autocomplete: "off", placeholder: "C101 C107", value: field.value ?? "" });
  return {
    node: labelled(field, input),
    focus: () => input.focus(),
    read(values) {
      const signs = signsOf(input.value);
      if (!signs.length) return missing(field);
      const units = new Map(desk.store.rows("unit").map((unit) => [unit.call_sign.toUpperCase(), unit.id]));
      const unknown = signs.find((sign) => !units.has(sign));
      if (unknown) return fill(gettext("No unit %(word)s."), { word: unknown });
      values[field.name] = signs.map((sign) => ({ unit: units.get(sign) }));
      return null;
    },
  };
}

/** One unit by call sign. */
function unitField(field, desk) {
  const many = unitsField(field, desk);
  return {
    ...many,
    read(values) {
      const problem = many.read(values);
      if (!problem) values[field.name] = values[field.name][0].unit;
      return problem;
    },
  };
}

/** Call signs as a list; the server knows them. */
function signsField(field) {
  const input = el("input.field.code", { type: "text", name: field.name, autocomplete: "off", placeholder: "V502 T801", value: field.value ?? "" });
  return {
    node: labelled(field, input),
    focus: () => input.focus(),
    read(values) {
      values[field.name] = signsOf(input.value);
      return null;
    },
  };
}

/** A locked position of the incident that is valid now, the newest chosen; nothing where there is none. */
function positionField(field, desk) {
  const rows = validPositions(field.incident, desk);
  const options = [{ value: null, text: gettext("none") }, ...rows.map((row) => ({ value: row.id, text: `${row.point.lng.toFixed(4)}, ${row.point.lat.toFixed(4)} ±${Math.round(row.radius_m)}` }))];
  return choiceField({ ...field, options, value: rows.at(-1)?.id ?? null });
}

/** A point alone: a place by name, or picked on the map; the incident's own when left empty. */
function spotField(field, desk) {
  const place = placeField(field, desk);
  return {
    ...place,
    read(values) {
      const problem = place.read(values);
      delete values.point_status;
      delete values.address_text;
      return problem;
    },
  };
}
