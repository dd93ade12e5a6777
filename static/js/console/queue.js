/**
 * The queue: pending, running and closing incidents, the most urgent at the top left of pending.
 */

import { fill, gettext, ngettext, pgettext } from "../words.js";
import { sections, shortNumber } from "./board.js";
import { atMostEvery, el, oncePerFrame, setAttr, setText, show, steadyList } from "./dom.js";
import { isComposing } from "./keys.js";
import { makeProposals } from "./proposals.js";
import { makeRow, paintOutlook, paintRow, paintTimes } from "./queue_row.js";

const EDGE_FOR_MS = 5000;
const RESORT_EVERY_S = 5;
const SORT_EVERY_MS = 250;

/** Make the queue in its panel. */
export function makeQueue(box, desk) {
  const { store } = desk;
  const groups = {
    pending: group(
      "pending",
      pgettext("console", "Pending"),
      gettext("Incidents that nobody is going to appear here."),
    ),
    running: group("running", gettext("Under way"), gettext("Incidents with a unit on the way or on scene.")),
    closing: group("closing", gettext("To be closed"), gettext("Handled incidents that wait for report or review.")),
  };
  const rows = new Map();
  const proposals = makeProposals(desk);
  box.append(proposals, legend(), ...Object.values(groups).map((one) => one.section));
  const stale = new Set();
  const seen = new Set();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](Number(target.dataset.id));
      tick();
    },
    { root: box, rootMargin: "200px" },
  );
  const sortSoon = atMostEvery(SORT_EVERY_MS, sort);
  const paintSoon = oncePerFrame(paint);
  store.on("snapshot", () => {
    for (const incident of store.rows("incident")) stale.add(incident.id);
    paintSoon();
  });
  store.on("change", ({ changes, frame }) => {
    for (const change of changes) stale.add(incidentOf(change));
    mark(changes, frame);
    paintSoon();
  });
  desk.on("select", showSelected);
  desk.on("returned", (incidents) => incidents.forEach(markEdge));
  desk.on("outlook", () => {
    for (const id of rows.keys()) paintOutlook(rows.get(id), desk.outlook?.(id));
    sortSoon();
  });
  let seconds = 0;
  desk.on("tick", () => {
    seconds += 1;
    tick();
    if (seconds % RESORT_EVERY_S === 0) sort();
  });
  box.addEventListener("click", (event) => choose(event.target.closest(".row")));
  box.addEventListener("keydown", move);
  box.addEventListener("dragover", dragOver);
  box.addEventListener("drop", drop);
  box.addEventListener("dragleave", (event) => setAttr(event.target.closest?.(".row") ?? box, "data-drop", null));
  if (store.loaded) {
    for (const incident of store.rows("incident")) stale.add(incident.id);
    paint();
  }

  function group(name, title, empty) {
    const count = el("span.count.digits");
    const fresh = el("span.fresh", { hidden: true, role: "status" });
    const list = el("ul.rows", { role: "listbox", "aria-label": title });
    const hint = el("p.empty", { text: empty });
    const section = el(
      "section.queue-group",
      { data: { group: name } },
      el("h3.group-head", {}, el("span", { text: title }), count, fresh),
      list,
      hint,
    );
    const steady = steadyList(list, (id) => rows.get(id)?.node, {
      onWaiting: (waiting) => {
        show(fresh, waiting > 0);
        if (waiting)
          setText(fresh, fill(ngettext("%(count)s new row", "%(count)s new rows", waiting), { count: waiting }));
      },
    });
    return { section, list, steady, count, hint };
  }

  function facts(id) {
    return {
      assignments: store.ofIncident("assignment", id),
      notes: store.ofIncident("note", id),
      deadlines: store.ofIncident("deadline", id),
    };
  }

  /** Paint the rows that changed, then put all rows in order. */
  function paint() {
    for (const id of stale) {
      const incident = store.row("incident", id);
      if (!incident) {
        if (rows.has(id)) watcher.unobserve(rows.get(id).node);
        rows.delete(id);
        seen.delete(id);
        continue;
      }
      if (!rows.has(id)) {
        rows.set(id, makeRow(id));
        watcher.observe(rows.get(id).node);
      }
      paintRow(rows.get(id), incident, facts(id), desk);
    }
    stale.clear();
    sortSoon();
  }

  function sort() {
    const sorted = sections(
      store.rows("incident").filter((row) => rows.has(row.id)),
      (id) => store.ofIncident("deadline", id),
      desk.now(),
      (id) => desk.outlook?.(id)?.slack_s ?? null,
    );
    for (const [name, { steady, count, hint }] of Object.entries(groups)) {
      steady.order(sorted[name].map((row) => row.id));
      setText(count, String(sorted[name].length));
      show(hint, sorted[name].length === 0);
    }
    showSelected(desk.selected);
    blinkOne();
  }

  /** Count on in the rows that can be seen. */
  function tick() {
    const now = desk.now();
    for (const id of seen) {
      const incident = store.row("incident", id);
      if (incident && rows.has(id)) paintTimes(rows.get(id), incident, facts(id), now);
    }
  }

  /** Only one thing blinks on a screen: the undelivered order that waits longest. */
  function blinkOne() {
    const waiting = [...box.querySelectorAll(".hand")];
    let first = null;
    for (const node of waiting) {
      const undelivered = node.dataset.state === "undelivered";
      if (undelivered && (first === null || Number(node.dataset.assignment) < Number(first.dataset.assignment)))
        first = node;
    }
    for (const node of waiting) node.classList.toggle("blink", node === first);
  }

  /** Mark the edge of rows that somebody else changed, for five seconds. */
  function mark(changes, frame) {
    if (!frame) return;
    for (const change of changes) {
      if (change.collection !== "deadline") markEdge(incidentOf(change));
    }
  }

  function markEdge(id) {
    const node = rows.get(id)?.node;
    if (!node) return;
    node.dataset.changed = "yes";
    clearTimeout(node.changedTimer);
    node.changedTimer = setTimeout(() => delete node.dataset.changed, EDGE_FOR_MS);
  }

  function showSelected(id) {
    for (const [key, { node }] of rows) {
      setAttr(node, "aria-selected", String(key === id));
      node.tabIndex = key === id ? 0 : -1;
    }
    if (!rows.has(id)) firstNode()?.setAttribute("tabindex", "0");
  }

  function choose(node) {
    if (node) desk.select(Number(node.dataset.id));
  }

  function firstNode() {
    return box.querySelector(".row");
  }

  function move(event) {
    if (isComposing(event)) return;
    const all = [...box.querySelectorAll(".row")];
    const here = all.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Enter" && here >= 0) {
      choose(all[here]);
      desk.emit("show-card");
      event.preventDefault();
    }
    if (step === undefined || here < 0) return;
    const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    choose(next);
    event.preventDefault();
  }

  function dragOver(event) {
    const row = event.target.closest(".row");
    if (!row || !event.dataTransfer.types.includes("application/x-unit")) return;
    event.preventDefault();
    row.dataset.drop = "yes";
  }

  /** A unit dropped on a row becomes a command line that waits for Enter. */
  function drop(event) {
    const row = event.target.closest(".row");
    const unit = event.dataTransfer.getData("application/x-unit");
    if (!row || !unit) return;
    event.preventDefault();
    delete row.dataset.drop;
    const incident = store.row("incident", Number(row.dataset.id));
    desk.select(incident.id);
    desk.emit("command", { verb: "order", units: [unit], incident: shortNumber(incident.incident_no) });
  }

  return {
    /** Move the focus to the selected row, or to the most urgent one. */
    focus() {
      const node = rows.get(desk.selected)?.node ?? firstNode();
      if (node) choose(node);
      node?.focus();
    },
    /** Select the row after or before the selected one. */
    step(by) {
      const all = [...box.querySelectorAll(".row")];
      const here = all.findIndex((node) => Number(node.dataset.id) === desk.selected);
      choose(all[Math.max(0, Math.min(all.length - 1, here + by))]);
    },
  };
}

function incidentOf(change) {
  return change.collection === "incident" ? change.id : (change.row ?? change.before).incident;
}

function legend() {
  return el(
    "div.queue-legend",
    { "aria-hidden": "true" },
    el("span"),
    el("span", { text: pgettext("console", "Incident") }),
    el("span", { text: gettext("Place and type") }),
    el("span", { text: pgettext("console", "Units") }),
    el("span", { text: gettext("Since") }),
    el("span", { text: gettext("A answer") }),
    el("span", { text: gettext("B order") }),
  );
}
