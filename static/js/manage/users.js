/**
 * The accounts: list, create, give roles, enable and disable. Nobody edits the own account.
 */

import { el } from "../console/dom.js";
import { fill, gettext, pgettext } from "../words.js";
import { stateMark } from "./codes.js";
import { makeConflict, makeField, tellFields } from "./form.js";
import { cell, makeGrid } from "./grid.js";
import { byBadge, changed, matches } from "./model.js";

/** Letters of a password that a new account gets. */
const PASSWORD_FROM = 10;

/**
 * Bring the section of the accounts to life.
 * @param {{api: object, root: HTMLElement, codes: () => object, me: () => object}} means
 */
export function makeUsersSection({ api, root, codes, me }) {
  const parts = Object.fromEntries(["rows", "panel", "search", "count", "role", "add"].map((name) => [name, root.querySelector(`[data-part="${name}"]`)]));
  const grid = makeGrid({
    label: gettext("Accounts"),
    columns: [gettext("Badge number"), gettext("Name"), gettext("Account"), gettext("Kind"), gettext("Organisation"), gettext("Roles"), gettext("State")].map((text) => ({ text })),
    onOpen: openUser,
  });
  let users = [];
  let organisations = [];
  parts.rows.append(grid.node);
  parts.search.addEventListener("input", showRows);
  parts.role.addEventListener("change", showRows);
  parts.add.addEventListener("click", openNew);

  /** Read the accounts and show them. */
  async function start() {
    ({ users, organisations = [] } = await api.get("/api/users/"));
    const every = el("option", { value: "", text: gettext("Every role") });
    parts.role.replaceChildren(every, ...codes().list("role").map(({ code }) => el("option", { value: code, text: codes().word("role", code) })));
    closePanel();
    showRows();
  }

  function showRows() {
    const role = parts.role.value;
    const shown = [...users].sort(byBadge).filter((user) => (!role || user.roles.includes(role)) && matches(textsOf(user), parts.search.value));
    grid.fill(shown.map(makeRow));
    parts.count.textContent = fill(gettext("%(shown)s of %(all)s"), { shown: shown.length, all: users.length });
  }

  const organisationName = (user) => organisations.find(({ id }) => id === user.organisation)?.name ?? "";
  const textsOf = (user) => [user.badge, user.name, user.username, organisationName(user), ...user.roles.map((role) => codes().word("role", role))];

  function makeRow(user) {
    const roles = user.roles.map((role) => el("span.chip", { text: codes().word("role", role) }));
    return {
      key: String(user.id),
      faint: !user.is_active,
      cells: [cell(user.badge, "code"), cell(user.name), cell(user.username, "code"), cell(kindWord(user)), cell(organisationName(user)), el("td.chips", {}, ...roles),
        el("td", {}, stateMark(user.is_active, [gettext("enabled"), gettext("disabled")]))],
    };
  }

  function kindWord(user) {
    if (user.roles.includes("adapter")) return gettext("machine");
    return user.sworn ? pgettext("police", "sworn") : pgettext("police", "auxiliary");
  }

  function openUser(id) {
    const user = users.find((one) => String(one.id) === id);
    grid.mark(id);
    if (user.id === me().id) return showOwn(user);
    showPanel(user, user);
    parts.panel.querySelector("input")?.focus();
  }

  function openNew() {
    grid.mark(null);
    showPanel(null, { username: "", password: "", badge: "", name: "", sworn: true, roles: [], organisation: null, is_active: true });
    parts.panel.querySelector("input")?.focus();
  }

  function showOwn(user) {
    parts.panel.replaceChildren(el("div.panel", {}, el("h2", {}, el("span.code", { text: user.badge }), el("span", { text: user.name })),
      el("p", { text: gettext("Nobody changes the own rights; ask a second administrator.") })));
    root.classList.add("has-panel");
  }

  function showPanel(user, values, extra = null) {
    const fields = makeFields(user, values);
    const told = el("p.panel-told", { role: "status" });
    const title = user ? [el("span.code", { text: user.badge || user.username }), el("span", { text: user.name })] : [el("span", { text: gettext("New account") })];
    const form = el("form.panel", { on: { submit: (event) => save(event, user, fields, told) }, novalidate: true, autocomplete: "off" },
      el("h2", {}, ...title),
      extra,
      el("div.panel-fields", {}, ...fields.map(({ node }) => node)),
      told,
      el("div.panel-verbs", {},
        el("button.manage-verb.is-main", { type: "submit", text: user ? gettext("Save") : gettext("Create"), "aria-keyshortcuts": "Control+Enter" }),
        el("button.manage-verb", { type: "button", text: gettext("Discard"), on: { click: leavePanel } }),
        user ? el("small", { text: fill(gettext("Version %(version)s"), { version: user.version }) }) : null));
    parts.panel.replaceChildren(form);
    root.classList.add("has-panel");
  }

  function makeFields(user, values) {
    const secret = { name: "password", kind: "password", value: "", required: true, hint: fill(gettext("at least %(count)s characters"), { count: PASSWORD_FROM }) };
    return [
      ...(user ? [] : [makeField({ name: "username", kind: "text", value: values.username, required: true, limit: 150 }), makeField(secret)]),
      makeField({ name: "badge", kind: user ? "fixed" : "text", value: values.badge, limit: 12 }),
      makeField({ name: "name", kind: "text", value: values.name, required: true, limit: 60 }),
      ...(organisations.length ? [organisationField(values.organisation)] : []),
      makeField({ name: "sworn", kind: "flag", value: values.sworn }),
      makeRolesField(values.roles),
      ...(user ? [makeField({ name: "is_active", kind: "flag", value: values.is_active })] : []),
    ];
  }

  function organisationField(value) {
    const options = [{ value: "", text: "—" }, ...organisations.map(({ id, name }) => ({ value: String(id), text: name }))];
    const field = makeField({ name: "organisation", kind: "choice", value: String(value ?? ""), options });
    return { ...field, read: () => (field.input.value ? Number(field.input.value) : null) };
  }

  function makeRolesField(held) {
    const boxes = codes().list("role").map(({ code }) => {
      const box = el("input", { type: "checkbox", name: "roles", value: code });
      box.checked = held.includes(code);
      return box;
    });
    const told = el("p.field-told", { id: "field-roles-told" });
    const choices = boxes.map((box) => el("label", {}, box, el("span", { text: codes().word("role", box.value) })));
    const node = el("fieldset.roles", {}, el("legend", { text: gettext("Roles") }), el("div", {}, ...choices), told);
    return { name: "roles", input: boxes[0], told, node, read: () => boxes.filter((box) => box.checked).map((box) => box.value).sort() };
  }

  const factsOf = (fields) => Object.fromEntries(fields.map((field) => [field.name, field.read()]));

  async function save(event, user, fields, told) {
    event.preventDefault();
    const facts = user ? changed(user, factsOf(fields)) : factsOf(fields);
    if (!Object.keys(facts).length) {
      told.textContent = gettext("Nothing was changed.");
      return;
    }
    try {
      accept(user ? await api.patch(`/api/users/${user.id}/`, { version: user.version, ...facts }) : await api.post("/api/users/", facts));
    } catch (error) {
      if (error.status === 409 && user) return offer(user, facts, error);
      told.textContent = error.mayRepeat ? gettext("The server does not answer. Please try again.") : tellFields(fields, error);
    }
  }

  function accept({ user }) {
    users = [...users.filter(({ id }) => id !== user.id), user];
    showRows();
    grid.mark(String(user.id));
    showPanel(user, user);
    parts.panel.querySelector(".panel-told").textContent = gettext("Saved.");
    grid.focus();
  }

  async function offer(user, facts, error) {
    const current = error.current ?? (await api.get("/api/users/")).users.find(({ id }) => id === user.id);
    users = [...users.filter(({ id }) => id !== user.id), current];
    showRows();
    const conflict = makeConflict(facts, current, {
      keep: () => parts.panel.querySelector("form").requestSubmit(),
      take: () => accept({ user: current }),
    });
    showPanel(current, { ...current, ...facts }, conflict);
    conflict.querySelector("button").focus();
  }

  function closePanel() {
    grid.mark(null);
    root.classList.remove("has-panel");
    parts.panel.replaceChildren(el("p.panel-empty", { text: gettext("Choose an account to edit it.") }));
  }

  function leavePanel() {
    if (!root.classList.contains("has-panel")) return false;
    grid.focus();
    closePanel();
    return true;
  }

  return { start, leavePanel, focus: grid.focus, search: parts.search, add: openNew, save: () => parts.panel.querySelector("form")?.requestSubmit() };
}
