/** The tasks of the grid: what is to be done, what is to be looked at again, what is over. */

import { formatMoment } from "../clock.js";
import { el } from "../phone/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { finishAct, recheckAct, returnAct, startAct, taskAct, toGridAct } from "./acts.js";
import { againWord, DUTIES, isLate, isOpen, markOf, MEDIATION, sorted, waitsForRecheck } from "./model.js";
import { field, makeList, makePhotos, pictures, way } from "./parts.js";

const SHOWN_OVER = 20;

/**
 * Make the section.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makeTasks(box, app) {
  const lists = {};
  const heads = {};
  const group = (name, title, empty) => {
    const list = el("div", { class: "cards" });
    heads[name] = el("span", { class: "count digits" });
    lists[name] = makeList(list, card, empty);
    return el("section", { class: "group", data: { group: name } }, el("h2", {}, el("span", { text: title }), heads[name]), list);
  };
  const offered = el("div", { class: "cards" });
  const proposals = makeList(offered, (row) => proposal(row, app), "");
  const proposed = el("section", { class: "group", data: { group: "proposed" }, hidden: true }, el("h2", { text: gettext("Proposed by rule: mediation by the grid") }), offered);
  box.append(
    proposed,
    group("open", gettext("To do"), gettext("Nothing is to be done. Good work.")),
    group("recheck", gettext("To look at again"), gettext("No dispute waits for a second look.")),
    group("over", gettext("Over"), gettext("Nothing yet.")),
    makeForm(app),
  );

  function card(task) {
    return taskCard(task, app);
  }

  return {
    show() {
      const now = app.now();
      const found = sorted(app.world.tasks, now);
      const sign = (task) => `${task.version} ${isLate(task, now)} ${app.pendingOf(task.id)} ${task.pictures?.length ?? 0}`;
      lists.open.show(found.open, sign);
      lists.recheck.show(found.recheck, sign);
      lists.over.show(found.over.slice(0, SHOWN_OVER), sign);
      for (const [name, rows] of Object.entries(found)) heads[name].textContent = String(rows.length);
      proposed.hidden = app.world.proposals.length === 0;
      proposals.show(app.world.proposals.map((row) => ({ ...row, id: row.incident })), (row) => row.incident_no);
      return found.open.length + found.recheck.filter((task) => isLate(task, now)).length;
    },
  };
}

function proposal(row, app) {
  const demand = el("textarea", { rows: "2", maxlength: "1000", "aria-label": gettext("What the worker is asked to do") });
  demand.value = fill(gettext("Mediate the dispute at %(place)s and look at it again."), { place: row.address_text || row.incident_no });
  const send = el("button", { type: "submit", class: "main-act", text: gettext("Make the grid task") });
  return el("form", { class: "card", on: { submit: (event) => {
    event.preventDefault();
    app.act(toGridAct(row.incident, demand.value));
  } } }, el("p", { class: "card-head" }, el("b", { text: app.codes.word("incident_type", row.type_reported) }), el("span", { class: "digits", text: row.incident_no })), el("p", { text: [row.grid?.name, row.address_text].filter(Boolean).join(" · ") }), demand, send);
}

function taskCard(task, app) {
  const now = app.now();
  const mark = markOf(task, now);
  const by = isOpen(task) ? fill(gettext("by %(time)s"), { time: formatMoment(task.due_at, now) }) : waitsForRecheck(task) ? fill(gettext("look again %(time)s"), { time: formatMoment(task.recheck_at, now) }) : formatMoment(task.done_at ?? task.ended_at, now);
  const pending = app.pendingOf(task.id);
  return el(
    "details",
    { class: "card", data: { task: task.id, state: task.state, late: isLate(task, now) ? "yes" : "no" } },
    el(
      "summary",
      {},
      el("span", { class: "card-head" }, el("b", { text: app.codes.word("grid_duty", task.duty) }), el("span", { class: `mark level-${mark.level}` }, el("span", { "aria-hidden": "true", text: `${mark.shape} ` }), el("span", { text: mark.text }))),
      el("span", { class: "demand", text: task.demand }),
      el("span", { class: "card-foot" }, el("span", { class: "digits", text: by }), el("span", { text: [task.grid_name, app.isOwn(task) ? "" : task.worker_name].filter(Boolean).join(" · ") })),
      pending ? el("span", { class: "pending", text: gettext("waits to be sent") }) : null,
    ),
    el(
      "div",
      { class: "card-body" },
      el("p", { class: "soft digits", text: [task.task_no, task.place_text].filter(Boolean).join(" · ") }),
      way(task.point, task.place_text || task.task_no, app.here()),
      el("p", { class: "soft", text: fill(gettext("Worker %(worker)s · officer %(officer)s"), { worker: task.worker_name, officer: task.officer_name }) }),
      ...task.reopened.map((line) => el("p", { class: "again level-serious", text: fill(gettext("◆ %(time)s broke out again, %(how)s"), { time: formatMoment(line.at, now), how: againWord(line.how) }) })),
      task.result ? el("p", { class: "result", text: fill(gettext("Result: %(result)s"), { result: task.result }) }) : null,
      task.return_reason ? el("p", { class: "result", text: fill(gettext("Given back: %(reason)s"), { reason: task.return_reason }) }) : null,
      pictures(task.pictures),
      ...acts(task, app),
    ),
  );
}

function acts(task, app) {
  if (!app.mayWork(task) || app.pendingOf(task.id)) return [];
  if (isOpen(task)) return [task.state === "todo" ? startButton(task, app) : null, finishForm(task, app), returnForm(task, app)].filter(Boolean);
  return waitsForRecheck(task) ? [recheckForm(task, app)] : [];
}

function startButton(task, app) {
  return el("button", { type: "button", class: "main-act", text: gettext("Begin"), on: { click: () => app.act(startAct(task)) } });
}

function finishForm(task, app) {
  const result = el("textarea", { rows: "3", maxlength: "4000", required: true });
  const again = el("input", { type: "date" });
  const photos = makePhotos(app);
  const send = el("button", { type: "submit", class: task.state === "doing" ? "main-act" : "", text: gettext("Done") });
  const parts = [field(pgettext("grid", "What was done"), result), photos.node];
  if (task.duty === MEDIATION) {
    again.value = localDate(app.now() + app.recheckDays() * 86_400_000);
    parts.push(field(gettext("Look again on"), again));
  }
  return el("form", { class: "work", data: { form: "finish" }, on: { submit: (event) => {
    event.preventDefault();
    if (!result.value.trim()) return result.focus();
    const recheck = task.duty === MEDIATION && again.value ? new Date(`${again.value}T09:00:00+08:00`).toISOString() : null;
    const said = { result: result.value.trim(), recheck_at: recheck, photos: photos.keys() };
    // Emptied first: a card in which something is written is not painted anew.
    result.value = "";
    photos.clear();
    app.act(finishAct(task, said));
    return undefined;
  } } }, ...parts, send);
}

function returnForm(task, app) {
  const reason = el("input", { type: "text", maxlength: "400", required: true });
  const form = el("form", { class: "work", data: { form: "return" }, on: { submit: (event) => {
    event.preventDefault();
    if (!reason.value.trim()) return reason.focus();
    app.act(returnAct(task, reason.value.trim()));
    return undefined;
  } } }, field(gettext("Why it is no matter for the grid"), reason), el("button", { type: "submit", text: pgettext("grid", "Give back") }));
  return el("details", { class: "more" }, el("summary", { text: pgettext("grid", "Give back") }), form);
}

function recheckForm(task, app) {
  const words = el("textarea", { rows: "2", maxlength: "1000" });
  const send = (calm) => {
    if (!calm && !words.value.trim()) return words.focus();
    const said = words.value.trim();
    words.value = "";
    app.act(recheckAct(task, calm, said));
    return undefined;
  };
  return el("div", { class: "work", data: { form: "recheck" } }, field(gettext("What you found"), words), el("div", { class: "pair" }, el("button", { type: "button", class: "main-act", text: gettext("Calm"), on: { click: () => send(true) } }), el("button", { type: "button", text: gettext("Broke out again"), on: { click: () => send(false) } })));
}

/** A task of one's own making: the duties that nobody orders. */
function makeForm(app) {
  const grid = el("select", { required: true });
  const duty = el("select", { required: true });
  const demand = el("textarea", { rows: "2", maxlength: "1000", required: true });
  const form = el("form", { class: "work", on: { submit: (event) => {
    event.preventDefault();
    if (!demand.value.trim()) return demand.focus();
    app.act(taskAct({ grid: Number(grid.value), duty: duty.value, demand: demand.value.trim() }));
    demand.value = "";
    box.open = false;
    return undefined;
  } } }, field(gettext("Grid"), grid), field(gettext("Duty"), duty), field(gettext("What is to be done"), demand), el("button", { type: "submit", class: "main-act", text: gettext("Make the task") }));
  const box = el("details", { class: "more new-task", on: { toggle: () => {
    if (!box.open) return;
    grid.replaceChildren(...app.world.grids.map((one) => el("option", { value: one.grid, text: `${one.grid_code} ${one.grid_name}` })));
    duty.replaceChildren(...DUTIES.map((code) => el("option", { value: code, text: app.codes.word("grid_duty", code) })));
  } } }, el("summary", { text: gettext("New task") }), form);
  box.hidden = !app.mayMake();
  return box;
}

function localDate(at) {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
}
