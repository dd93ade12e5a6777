/**
 * The page of a location link: one button sends the position of this browser to 110, once.
 */

import { makeApi } from "./api.js";
import { chooseLanguage } from "./shell.js";
import { fill, gettext } from "./words.js";

const LOCATE_WITHIN_MS = 20_000;
const api = makeApi();
const token = location.pathname.split("/")[2];
const path = `/api/public/where/${token}/`;
const send = document.getElementById("send");
const says = document.getElementById("says");
let waiting = null;

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    chooseLanguage(button.dataset.language);
    location.reload();
  });
}
send.addEventListener("click", locate);
begin();

async function begin() {
  try {
    const { state } = await api.get(path);
    show(state);
  } catch (error) {
    say(error.code === "not_found" ? gettext("This link is not valid. If you need help, call 110.") : gettext("No connection. Try again, or call 110."));
    send.hidden = error.code === "not_found";
  }
}

function show(state) {
  send.hidden = state !== "open";
  if (state === "used") say(gettext("110 has your position. Stay reachable."), true);
  if (state === "ended") say(gettext("This link has run out. If you need help, call 110."));
}

function locate() {
  if (!navigator.geolocation) return unknown();
  send.disabled = true;
  say(gettext("Asking the device …"));
  navigator.geolocation.getCurrentPosition(tell, unknown, { enableHighAccuracy: true, timeout: LOCATE_WITHIN_MS, maximumAge: 10_000 });
  return undefined;
}

async function tell({ coords, timestamp }) {
  const point = {
    lat: coords.latitude,
    lng: coords.longitude,
    crs: "WGS84",
    accuracy_m: Math.min(100_000, Math.round(coords.accuracy)),
    taken_at: new Date(timestamp).toISOString(),
  };
  say(fill(gettext("Sending your position, known to about %(metres)s metres …"), { metres: point.accuracy_m }));
  // One act: pressed again after a failure it is still the same answer.
  waiting ??= api.act("POST", path, { point });
  try {
    show((await waiting.send()).state);
  } catch (error) {
    if (error.status === 400 || error.status === 409) waiting = null;
    say(error.message);
    send.disabled = false;
  }
}

function unknown() {
  say(gettext("The device does not tell its place. Tell 110 what you see: street signs, shops, the number on a lamp post."));
  send.disabled = false;
}

function say(text, good = false) {
  says.textContent = text;
  says.toggleAttribute("data-set", good);
}
