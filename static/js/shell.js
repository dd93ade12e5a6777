/**
 * What every page of the shell shares: theme, language and the way out.
 */

const THEME = "zz110.theme";
const LANGUAGE = "django_language";
const LANGUAGE_FOR_S = 365 * 24 * 3600;

/** The themes in the order in which the switch goes through them; the last one is for colour-blind eyes (Okabe–Ito). */
export const THEMES = ["night", "day", "okabe"];

/** Tell the page's theme, one of THEMES. */
export function theme() {
  return document.documentElement.dataset.theme || "night";
}

/** Go on to the next theme, and remember it on this machine. */
export function switchTheme() {
  const next = THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length];
  document.documentElement.dataset.theme = next;
  remember(THEME, next);
  return next;
}

/**
 * Choose the language of this browser; the next page is shown in it. Nobody needs to be signed in for that.
 * @param {string} code language code of the server, "zh-hans" or "en"
 */
export function chooseLanguage(code) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${LANGUAGE}=${code}; Path=/; Max-Age=${LANGUAGE_FOR_S}; SameSite=Lax${secure}`;
}

/** Tell whether a language was chosen in this browser. */
export function hasChosenLanguage() {
  return document.cookie.split("; ").some((pair) => pair.startsWith(`${LANGUAGE}=`));
}

/** Recall a setting of this machine; null where there is none or storage is refused. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Remember a setting of this machine, where storage is allowed. */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Private windows refuse storage: the setting then lasts as long as the page.
  }
}

/**
 * Bring the switches of a page to life: [data-language], [data-switch-theme], [data-sign-out].
 * @param {{signOut?: () => void, saveLanguage?: (code: string) => Promise<*>}} [how] `saveLanguage` keeps the choice
 *   in the account of a person who is signed in; the page changes its language whether or not that succeeds
 */
export function bindShell({ signOut = null, saveLanguage = null } = {}) {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", async () => {
      chooseLanguage(button.dataset.language);
      await saveLanguage?.(button.dataset.language).catch(() => {});
      location.reload();
    });
  }
  for (const button of document.querySelectorAll("[data-switch-theme]")) {
    button.addEventListener("click", switchTheme);
  }
  for (const button of document.querySelectorAll("[data-sign-out]")) {
    button.addEventListener("click", () => signOut?.());
  }
}
