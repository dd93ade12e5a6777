/** The register behind the grids, for the watch commander: the two of each grid (M34) and the partner teams (M48). */

import { el } from "../phone/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { teamWord } from "./model.js";
import { makeList } from "./parts.js";
import { makeRegisterForm } from "./register_form.js";

const KINDS = ["patrol", "legal_aid", "volunteer", "other"];

/**
 * Make the parts; they stand under the list of grids.
 * @param {HTMLElement} box
 * @param {object} app the page
 */
export function makeRegister(box, app) {
  const appointing = makeAppointing(app);
  const cards = el("div", { class: "cards" });
  const list = makeList(cards, (team) => teamCard(team, app), gettext("No partner team is on the list."));
  const fresh = el("details", { class: "more new-task", data: { new: "team" } }, el("summary", { text: gettext("New partner team") }));
  const form = teamForm(null, app, () => {
    form.clear();
    fresh.open = false;
  });
  fresh.append(form.node);
  box.append(appointing.node, el("section", { class: "group", data: { group: "teams" } }, el("h2", { text: gettext("Partner teams") }), fresh, cards));
  return {
    show() {
      const { posts, teams } = app.world.register;
      appointing.show(posts);
      fillGrids(form.inputs.grid, app);
      list.show(teams, (team) => [team.version, team.people.join(), gridsOf(app).length].join());
    },
  };
}

function makeAppointing(app) {
  const line = el("p", { class: "soft" });
  let known = {};
  const form = makeRegisterForm({
    name: "appoint",
    fields: [
      { key: "grid", label: gettext("Grid"), options: [], required: true },
      { key: "worker", label: gettext("Grid worker, badge number"), max: 12, required: true },
      { key: "officer", label: gettext("Officer of the grid, badge number"), max: 12, required: true },
      { key: "worker_phone", label: gettext("Telephone of the worker"), max: 32 },
    ],
    button: gettext("Name the two"),
    act: (said) => app.write("POST", "/api/grid/posts/", said),
    done() {
      app.say(gettext("Named. What is still to be done there is theirs now."));
      frame.open = false;
      app.refresh();
    },
  });
  const frame = el("details", { class: "more new-task", data: { new: "post" } }, el("summary", { text: gettext("Name worker and officer of a grid") }), line, form.node);
  form.inputs.grid.addEventListener("change", prefill);

  /** Whoever is there now stands in the fields, so that one of the two can be exchanged. */
  function prefill() {
    const post = known[form.inputs.grid.value];
    form.inputs.worker.value = post?.worker_no ?? "";
    form.inputs.officer.value = post?.officer_no ?? "";
    form.inputs.worker_phone.value = post?.worker_phone ?? "";
  }

  return {
    node: frame,
    show({ grid_posts: posts, without }) {
      known = Object.fromEntries(posts.map((post) => [post.grid_code, post]));
      const free = without.map((one) => ({ value: one.code, text: `◇ ${one.name} ${one.code}` }));
      const taken = posts.map((one) => ({ value: one.grid_code, text: `${one.grid_name} ${one.grid_code} · ${one.worker_name}` }));
      line.textContent = free.length ? fill(gettext("◇ %(n)s grids without anybody"), { n: free.length }) : gettext("Every grid has its two.");
      if (frame.open && form.node.contains(document.activeElement)) return;
      const before = form.inputs.grid.value;
      setOptions(form.inputs.grid, [...free, ...taken]);
      if (form.inputs.grid.value !== before) prefill();
    },
  };
}

function teamCard(team, app) {
  const people = makeRegisterForm({
    name: "people",
    fields: [{ key: "people", label: gettext("Accounts of the team, badge numbers"), value: team.people.join(" "), max: 600 }],
    button: gettext("These belong to the team"),
    act: (said) => app.write("POST", `/api/partner-teams/${team.id}/people/`, { people: said.people.split(/[\s,，、]+/).filter(Boolean) }),
    done: app.refresh,
  });
  const off = el("button", { type: "button", class: "danger", text: gettext("Take off the list") });
  off.addEventListener("click", async () => {
    if (!off.dataset.sure) {
      off.dataset.sure = "yes";
      off.textContent = gettext("Press again: its attachments end and its people see nothing more");
      return;
    }
    try {
      await app.write("POST", `/api/partner-teams/${team.id}/end/`, {}).send();
      app.refresh();
    } catch (error) {
      app.say(error);
    }
  });
  return el(
    "details",
    { class: "card", data: { team: team.id } },
    el(
      "summary",
      {},
      el("span", { class: "card-head" }, el("b", { text: [team.call_sign, team.name].filter(Boolean).join(" ") }), el("span", { class: "soft", text: teamWord(team.kind) })),
      el("span", { class: "card-foot" }, el("span", { text: [team.leader, team.grid_name].filter(Boolean).join(" · ") }), el("span", { text: fill(gettext("%(n)s accounts"), { n: team.people.length }) })),
    ),
    el("div", { class: "card-body" }, teamForm(team, app).node, people.node, off),
  );
}

/** What is written of a team; the same fields for a new one. */
function teamForm(team, app, done = () => {}) {
  return makeRegisterForm({
    name: "team",
    fields: [
      { key: "name", label: gettext("Name of the team"), value: team?.name, max: 60, required: true },
      { key: "call_sign", label: gettext("Call sign"), value: team?.call_sign, max: 12 },
      { key: "kind", label: pgettext("team", "Kind"), value: team?.kind ?? KINDS[0], options: KINDS.map((kind) => ({ value: kind, text: teamWord(kind) })), required: true },
      { key: "leader", label: gettext("Leader"), value: team?.leader, max: 60, required: true },
      { key: "phone", label: gettext("Telephone"), value: team?.phone, max: 32, required: true },
      { key: "grid", label: gettext("Grid"), value: codeOf(team, app), options: gridOptions(app) },
      { key: "members", label: gettext("How many"), value: team?.members ?? "", max: 5, number: true },
      { key: "view_level", label: gettext("What it may see of an incident"), value: team?.view_level ?? "plate", options: levels(), required: true },
    ],
    button: team ? gettext("Save") : gettext("Enter the team"),
    act: (said) => (team ? app.write("PATCH", `/api/partner-teams/${team.id}/`, { ...said, version: team.version }) : app.write("POST", "/api/partner-teams/", said)),
    done() {
      done();
      app.refresh();
    },
  });
}

const levels = () => [
  { value: "plate", text: gettext("point, time, description and plate") },
  { value: "point", text: gettext("point and time alone") },
];

/** Every grid that the centre has, with its two or without. */
function gridsOf(app) {
  const { grid_posts: posts, without } = app.world.register.posts;
  return [...posts.map((one) => ({ id: one.grid, code: one.grid_code, name: one.grid_name })), ...without];
}

const gridOptions = (app) => [{ value: "", text: gettext("none") }, ...gridsOf(app).map((one) => ({ value: one.code, text: `${one.name} ${one.code}` }))];

const codeOf = (team, app) => gridsOf(app).find((one) => one.id === team?.grid)?.code ?? "";

function fillGrids(select, app) {
  if (document.activeElement !== select) setOptions(select, gridOptions(app));
}

/** Put other choices in, and keep what is chosen. */
function setOptions(select, choices) {
  const chosen = select.value;
  if (select.options.length === choices.length && choices.every((one, at) => select.options[at].value === one.value && select.options[at].text === one.text)) return;
  select.replaceChildren(...choices.map(({ value, text }) => el("option", { value, text })));
  if (choices.some((one) => one.value === chosen)) select.value = chosen;
}
