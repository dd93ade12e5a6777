/**
 * Which suggestion stands where: a row never moves and never changes under the pointer; pure.
 */

/**
 * Put fresh suggestions into the slots of a list.
 * @param {Array<object|null>} slots what stands where now, `null` for an empty place
 * @param {object[]} found fresh suggestions `{incident, chance, …}`, the likeliest first
 * @param {{most: number, held: boolean}} how `held`: the pointer or the focus is in the list, so nothing may change place
 * @returns {Array<object|null>} the new slots: who stands keeps the place with fresh figures, who has gone leaves a hole
 *   (or stays, marked `gone`, while the list is held), newcomers take holes and then the end
 */
export function arrange(slots, found, { most, held }) {
  const fresh = new Map(found.slice(0, most).map((one) => [one.incident, one]));
  const next = slots.map((one) => {
    if (!one) return null;
    const again = fresh.get(one.incident);
    if (again) fresh.delete(one.incident);
    return again ?? (held ? { ...one, gone: true } : null);
  });
  for (const one of fresh.values()) {
    const hole = held ? -1 : next.indexOf(null);
    if (hole >= 0) next[hole] = one;
    else if (next.length < most) next.push(one);
  }
  while (next.length && next.at(-1) === null) next.pop();
  return next;
}

/** Write a chance as people say it: whole percent, never 0 or 100. */
export function percent(chance) {
  return `${Math.min(99, Math.max(1, Math.round(chance * 100)))}%`;
}
