/**
 * The prevention board (主动预警、止于未发): what stands as a table and on the map. Keys: F3 searches, arrows walk, Enter
 * opens, Ctrl+Enter does the main act, Esc goes back.
 */

import { makeApi } from "./api.js";
import { makeSection } from "./followup/section.js";
import { createMap } from "./map.js";
import { placeWord, warnings } from "./prevention/kinds.js";
import { warningWord } from "./prevention_words.js";
import { bindShell } from "./shell.js";
import { gettext, makeCodes } from "./words.js";

const RENEW_EVERY_MS = 30_000;
const LEAST_RADIUS_M = 60;

const api = makeApi({ onSignedOut: toSignIn });
const trouble = document.getElementById("manage-trouble");
let section = null;
let map = null;

bindShell({
  signOut: () => api.remove("/api/session/").then(toSignIn, tell),
  saveLanguage: (language) => api.patch("/api/me/", { language }),
});
document.addEventListener("keydown", onKey);
start().catch(tell);

async function start() {
  const [{ tables }, session, baseMap] = await Promise.all([api.get("/api/codes/"), api.get("/api/session/"), api.get("/api/map/", { seconds: 20 })]);
  map = createMap(document.getElementById("prevention-map"), { baseMap });
  const about = warnings({ codes: makeCodes(tables, document.documentElement.lang), me: session.user });
  section = makeSection({ api, root: document.getElementById("warnings"), about: { ...about, rows, title: (row) => (show(row), about.title(row)) } });
  await section.load();
  section.focus();
  setInterval(() => {
    if (!document.hidden) section.load().catch(tell);
  }, RENEW_EVERY_MS);
}

/** The rows of an answer; the map shows those that stand and have a place. */
function rows(answer) {
  map.ground.setSpots(spotsOf(answer.warnings.filter((row) => row.open && row.point)));
  map.ground.redraw();
  trouble.hidden = true;
  return answer.warnings;
}

/** One circle for all that stands within about a hundred metres: the widest, with the first one's name. */
function spotsOf(placed) {
  const spots = new Map();
  for (const row of placed) {
    const key = `${row.point.lat.toFixed(3)},${row.point.lng.toFixed(3)}`;
    const known = spots.get(key);
    const radius_m = Math.max(LEAST_RADIUS_M, known?.radius_m ?? 0, row.kind === "series" ? 0 : row.radius_m ?? 0);
    const says = known?.says ?? (row.kind === "hot_spot" ? warningWord(row.kind) : placeWord(row).slice(0, 12));
    spots.set(key, { ...row.point, radius_m, lapsed: (known?.lapsed ?? true) && row.state !== "open", says });
  }
  return [...spots.values()];
}

function show(row) {
  if (row.point) map.flyTo(row.point);
}

function onKey(event) {
  if (event.isComposing || event.keyCode === 229 || !section) return;
  const act = { F3: () => section.search.select(), Escape: section.leavePanel }[event.key] ?? (event.key === "Enter" && event.ctrlKey ? section.save : null);
  if (!act) return;
  event.preventDefault();
  act();
}

function toSignIn() {
  location.assign(`/login/?next=${encodeURIComponent(location.pathname)}`);
}

function tell(error) {
  trouble.textContent = error.mayRepeat ? gettext("The server does not answer. Please load the page again.") : error.message;
  trouble.hidden = false;
}
