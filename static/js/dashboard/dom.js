/**
 * Small hands for the document: text enters by `textContent` only.
 */

/**
 * Make an element.
 * @param {string} tag such as `p` or `p.caption`
 * @param {object} [facts] `text`, `data` (dataset), and attributes by their names
 * @param {...(Node|string|null)} children
 */
export function make(tag, facts = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  const { text, data, ...attributes } = facts;
  if (text !== undefined) node.textContent = text;
  Object.assign(node.dataset, data);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Make the shape of a level; the word stands beside it. */
export function shape(mark) {
  return make(`span.level-${mark.level}`, {}, make("span.shape", { "aria-hidden": "true", data: { shape: mark.shape } }));
}

/** Write a text, but only when it is another one: an unchanged node keeps selection and screen reader calm. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Make a list's children equal to rows, keeping the nodes of those that stay.
 * @param {Element} parent
 * @param {object[]} rows
 * @param {(row: object) => string} keyOf key that names a row
 * @param {(row: object) => Element} build makes the node of a row
 * @param {(node: Element, row: object) => void} [update] brings a kept node up to date
 */
export function keep(parent, rows, keyOf, build, update = () => {}) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let place = parent.firstElementChild;
  for (const row of rows) {
    const key = keyOf(row);
    let node = known.get(key);
    known.delete(key);
    if (!node) {
      node = build(row);
      node.dataset.key = key;
    }
    update(node, row);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of known.values()) node.remove();
}

/** Make a table of a chart's numbers. */
export function table({ head, rows }, caption) {
  return make("table.numbers", {},
    make("caption.unseen", { text: caption }),
    make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { text, scope: "col" })))),
    make("tbody", {}, ...rows.map((row) => make("tr", {},
      ...row.map((text, index) => (index ? make("td", { text }) : make("th", { text, scope: "row" })))))));
}
