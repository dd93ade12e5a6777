/**
 * Figures in columns (contract 7): the server sends a list for each field, the page draws from groups with figures.
 */

import { address } from "./question.js";

/**
 * Ask for figures by group; beside another period they come as rows.
 * @param {{get: (path: string) => Promise<object>}} api
 * @param {"figures"|"series"} route
 * @param {object} query with `measure`
 * @returns {Promise<object>} the answer with `groups`
 */
export async function askFigures(api, route, query) {
  if (query.against) return api.get(address(route, query));
  return unfolded(await api.get(address(route, { ...query, shape: "columns" })));
}

/** Make groups with figures of columns. */
export function unfolded({ groups, columns, ...answer }) {
  const names = Object.keys(groups);
  return {
    ...answer,
    groups: (groups.value ?? []).map((value, at) => ({
      ...Object.fromEntries(names.map((name) => [name, groups[name][at]])),
      figures: columns.map((column) => ({
        ...column.same, ...placed(column.lists, at), group: value,
        excluded: some(column.excluded, at), excluded_late: some(column.excluded_late, at),
      })),
      buckets: [],
    })),
  };
}

const placed = (lists, at) => Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list[at]]));
const some = (lists, at) => Object.fromEntries(Object.entries(lists).map(([code, list]) => [code, list[at]]).filter(([, count]) => count));
