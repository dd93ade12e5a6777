/**
 * Where the nodes of a link chart lie: rings around the question, each branch in its own sector; pure.
 */

const RING = 190;

/**
 * Lay a chart out. The same chart always lies the same way.
 * @param {Array<{id: string}>} nodes the first is the middle
 * @param {Array<{a: string, b: string}>} edges
 * @returns {Map<string, {x: number, y: number}>}
 */
export function layout(nodes, edges) {
  const children = treeOf(nodes, edges);
  const places = new Map();
  if (!nodes.length) return places;
  const leaves = new Map();
  countLeaves(nodes[0].id, children, leaves);
  place(nodes[0].id, 0, -Math.PI / 2, 2 * Math.PI);
  return places;

  function place(id, depth, from, sweep) {
    const at = from + sweep / 2;
    const total = Math.max(1, leaves.get(id));
    const reach = depth * Math.max(RING, (nodes.length * 20) / (2 * Math.PI));
    places.set(id, { x: depth ? Math.cos(at) * reach * 1.25 : 0, y: depth ? Math.sin(at) * reach : 0 });
    let start = from;
    for (const child of children.get(id) ?? []) {
      const share = (sweep * leaves.get(child)) / total;
      place(child, depth + 1, start, share);
      start += share;
    }
  }
}

/** Give each node the parent through which it is reached first. */
function treeOf(nodes, edges) {
  const beside = new Map(nodes.map(({ id }) => [id, []]));
  for (const { a, b } of edges) {
    beside.get(a)?.push(b);
    beside.get(b)?.push(a);
  }
  const children = new Map();
  const seen = new Set(nodes.length ? [nodes[0].id] : []);
  for (const id of seen) {
    const mine = [...new Set(beside.get(id))].filter((other) => !seen.has(other));
    for (const other of mine) seen.add(other);
    children.set(id, mine);
  }
  return children;
}

function countLeaves(id, children, leaves) {
  const mine = children.get(id) ?? [];
  const count = mine.reduce((sum, child) => sum + countLeaves(child, children, leaves), 0) || 1;
  leaves.set(id, count);
  return count;
}

/** List the lines of the table twin: every edge with both ends in words. */
export function tableRows(nodes, edges, word, howWord) {
  const named = new Map(nodes.map((node) => [node.id, word(node)]));
  return edges.map(({ a, b, how }) => [named.get(a) ?? "", howWord(how), named.get(b) ?? ""]);
}
