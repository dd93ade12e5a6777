/**
 * What was typed, kept in this window's session storage: a reload or a crashed page loses half a second.
 */

/**
 * Make the keeper of one draft.
 * @param {string} name key in the session storage
 * @returns {{keep: (value: object) => void, read: () => object|null, forget: () => void}}
 */
export function makeDraft(name) {
  return {
    keep(value) {
      const text = JSON.stringify(value);
      attempt(() => {
        if (sessionStorage.getItem(name) !== text) sessionStorage.setItem(name, text);
      });
    },
    read: () => attempt(() => JSON.parse(sessionStorage.getItem(name))),
    forget: () => attempt(() => sessionStorage.removeItem(name)),
  };
}

/** Storage may be refused; the server still has every edit of the last second. */
function attempt(what) {
  try {
    return what() ?? null;
  } catch {
    return null;
  }
}
