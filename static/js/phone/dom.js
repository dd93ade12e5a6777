/** Building pieces of a page: text only ever enters by `textContent`, never as markup. */

/**
 * Make an element.
 * @param {string} tag
 * @param {object} [facts] `text`, `class`, `on: {event: handler}`, `data: {}`, and attributes by name;
 *   `false`, `null` and `undefined` leave an attribute out
 * @param {...(Node|string|null)} children
 */
export function el(tag, facts = {}, ...children) {
  const node = document.createElement(tag);
  const { text, class: classes, on, data, ...attributes } = facts;
  if (classes) node.className = classes;
  for (const [event, handler] of Object.entries(on ?? {})) node.addEventListener(event, handler);
  Object.assign(node.dataset, data);
  for (const [name, value] of Object.entries(attributes)) put(node, name, value);
  if (text !== undefined) node.textContent = text;
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function put(node, name, value) {
  if (value === false || value === null || value === undefined) return;
  if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** Find an element of the page by its id. */
export const byId = (id) => document.getElementById(id);

/** Set a text only when it is another one, so that screen readers and layout stay calm. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
