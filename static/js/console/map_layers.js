/**
 * The layers of the console's map: switched by key or button, with a legend that says what they rest on.
 */

import { formatTime } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { makeClosures } from "./closures.js";
import { atMostEvery, el, setAttr, setText, show } from "./dom.js";
import { makeReach } from "./map_reach.js";

const ROUTES_EVERY_S = 5;
const AFTER_CHANGE_MS = 4000;
const KEPT = "zz110.map-layers";

/**
 * Put the layers on a map.
 * @param {HTMLElement} box the map's panel
 * @param {object} desk the desk
 * @param {object} map of map.js
 * @param {() => void} onRoutes told when other orders have a road on the map than before
 * @returns {{chosen: Function, hasRoute: Function}} `chosen(unit)` tells which unit was clicked last
 */
export function makeMapLayers(box, desk, map, onRoutes) {
  const on = kept();
  const bar = el("div.map-bar", { role: "toolbar", "aria-label": gettext("Layers of the map") });
  const legend = el("div.map-legend", { hidden: true });
  const side = el("div.map-side", {}, bar, legend);
  box.append(side);
  const reach = makeReach(desk, map, paintLegend);
  const closures = makeClosures(side, desk, map, { onChange: changedRoads, isShown: () => on.closures });
  const buttons = new Map();
  let chosen = null;
  let routed = new Set();
  let drawnRoutes = "";
  let asking = false;
  let seconds = 0;

  layer("coverage", "Alt+C", pgettext("map", "Coverage"), gettext("Coverage: within 5 and 10 minutes"), () => {
    toggle("coverage");
    reach.coverage(on.coverage);
  });
  layer("isochrone", "Alt+I", pgettext("map", "Reach"), gettext("How far the chosen unit or a point comes"), isochrone);
  layer("routes", "Alt+R", pgettext("map", "Routes"), gettext("Roads of the orders under way"), () => {
    toggle("routes");
    askRoutes();
  });
  layer("closures", "Alt+K", pgettext("map", "Closures"), gettext("Closed roads"), () => {
    toggle("closures");
    closures.paint();
  });
  layer("draw", "Alt+X", pgettext("map", "Close a road"), gettext("Draw a closed road on the map"), () => {
    if (!on.closures) toggle("closures");
    closures.draw();
  });

  function layer(name, key, text, says, run) {
    const node = el(
      "button.map-layer",
      { type: "button", title: says, "aria-keyshortcuts": key, "aria-pressed": name === "draw" ? null : "false", on: { click: run } },
      el("span", { text }),
      el("kbd", { text: key }),
    );
    buttons.set(name, node);
    bar.append(node);
    desk.keys.bind(key, says, run);
  }

  function toggle(name) {
    on[name] = !on[name];
    keep(on);
    paintButtons();
  }

  function paintButtons() {
    for (const name of ["coverage", "routes", "closures"]) setAttr(buttons.get(name), "aria-pressed", String(on[name]));
    setAttr(buttons.get("isochrone"), "aria-pressed", String(reach.started() !== null));
    show(buttons.get("draw"), desk.has("dispatcher", "watch_commander"));
  }

  /** From the unit that was clicked last, else from a point that is picked now; once more ends it. */
  function isochrone() {
    if (reach.started()) begin(null);
    else if (chosen && desk.store.position(chosen))
      begin({ unit: chosen, name: desk.store.row("unit", chosen).call_sign });
    else {
      const back = document.activeElement;
      map.drawShape({
        hint: () => gettext("Click where to start, or arrow keys and Enter; Esc ends. %(lat)s, %(lng)s"),
        onPoint(point) {
          map.pick(false);
          begin({ point, name: gettext("the point picked") });
        },
        onBack() {},
        onEnd: () => back?.focus(),
      });
    }
  }

  function begin(start) {
    reach.isochrone(start);
    paintButtons();
  }

  async function askRoutes() {
    if (!on.routes) return drawRoutes([]);
    if (asking || document.hidden || !desk.store.loaded || !desk.has("call_taker", "dispatcher", "watch_commander"))
      return undefined;
    asking = true;
    try {
      const { routes } = await desk.api.get("/api/routes/", { seconds: 4 });
      drawRoutes(on.routes ? routes : []);
    } catch {
      // An old estimate is worse than none: the straight links take its place.
      drawRoutes([]);
    } finally {
      asking = false;
    }
    return undefined;
  }

  function drawRoutes(routes) {
    const lines = routes.map((one) => ({ line: one.line, basis: one.basis, says: routeWords(one, desk) }));
    const wanted = JSON.stringify(lines);
    if (wanted === drawnRoutes) return;
    drawnRoutes = wanted;
    routed = new Set(routes.map((one) => one.assignment));
    map.ground.setRoutes(lines);
    map.ground.redraw();
    onRoutes();
  }

  function paintLegend() {
    const lines = reach.legend(desk.now());
    show(legend, lines.length > 0);
    const wanted = lines.map((line) => line.mark).join("|");
    if (legend.dataset.wanted !== `${wanted}.${lines.length}`) {
      legend.dataset.wanted = `${wanted}.${lines.length}`;
      legend.replaceChildren(
        ...lines.map(({ mark, strong }) =>
          el(`p.map-legend-line${strong ? ".strong" : ""}`, {}, mark ? el("span.map-swatch", { data: { mark } }) : null, el("span")),
        ),
      );
    }
    lines.forEach(({ text }, at) => setText(legend.children[at].lastElementChild, text));
  }

  /** Roads were closed or opened: everything that rests on them is worked out anew. */
  function changedRoads() {
    reach.refresh();
    askRoutes();
    desk.emit("roads-changed");
    desk.broadcast("roads-changed");
  }

  const changedSoon = atMostEvery(AFTER_CHANGE_MS, () => {
    reach.refresh();
    askRoutes();
  });
  desk.store.on("snapshot", () => {
    paintButtons();
    if (on.coverage) reach.coverage(true);
    askRoutes();
    closures.ask();
  });
  desk.store.on("change", ({ changes }) => {
    if (changes.some(({ collection }) => collection === "unit" || collection === "assignment")) changedSoon();
  });
  desk.on("preview", reach.preview);
  desk.on("window.preview", ({ candidate }) => reach.preview(candidate));
  desk.on("tick", () => {
    seconds += 1;
    reach.tick();
    closures.tick();
    paintLegend();
    if (seconds % ROUTES_EVERY_S === 0) askRoutes();
  });
  if (desk.store.loaded) {
    if (on.coverage) reach.coverage(true);
    askRoutes();
    closures.ask();
  }
  paintButtons();

  return {
    /** Remember which unit was chosen: the isochrone starts there. */
    chosen(unit) {
      chosen = unit;
      if (unit && reach.started()?.unit && reach.started().unit !== unit)
        begin({ unit, name: desk.store.row("unit", unit).call_sign });
    },
    /** Tell whether an order's road is drawn, so that no straight line stands beside it. */
    hasRoute: (assignment) => routed.has(assignment),
  };
}

/** Say who arrives when, and that a line is straight where no road is known. */
function routeWords(one, desk) {
  const values = { unit: desk.store.row("unit", one.unit)?.call_sign ?? "", time: formatTime(one.arrives_at) };
  return fill(one.basis === "road" ? gettext("%(unit)s %(time)s") : gettext("%(unit)s %(time)s straight line"), values);
}

function kept() {
  const usual = { coverage: false, routes: true, closures: true };
  try {
    return { ...usual, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return usual;
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(on));
  } catch {
    // A browser without storage begins with the usual layers next time.
  }
}
