/**
 * The public report page: a form that loses nothing, then how the report stands and its thread.
 *
 * The secret link is the only key: `/report/<token>/`. What was typed stays on the device until it has arrived.
 */

import { makeApi } from "./api.js";
import { makePlace } from "./report_place.js";
import { shrink } from "./phone/photo.js";
import { chooseLanguage, recall, remember } from "./shell.js";
import { fill, gettext, pgettext } from "./words.js";

const DRAFT = "zz110.report";
const ASK_EVERY_MS = 4000;
const STEPS = ["waiting", "taken", "sent", "under_way", "there", "ended"];
const ROOT = "/api/public/reports/";

const api = makeApi();
const $ = (id) => document.getElementById(id);
const token = /^\/report\/([^/]+)\/$/.exec(location.pathname)?.[1] ?? null;
let waiting = null;

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    chooseLanguage(button.dataset.language);
    location.reload();
  });
}
if (token) follow();
else begin();

// --- a new report ---

function begin() {
  const form = $("form");
  const place = makePlace({ button: $("locate"), mapButton: $("on-map"), says: $("place"), box: $("map"), api });
  form.hidden = false;
  restore(form, place);
  form.addEventListener("input", () => keep(form, place));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, place);
  });
  form.elements.pictures.addEventListener("change", ({ target }) => {
    $("pictures-count").textContent = target.files.length ? `× ${target.files.length}` : "";
  });
  form.elements.narrative.focus();
}

function values(form, place) {
  const text = (name) => form.elements[name].value.trim();
  return {
    narrative: text("narrative"),
    caller_address: text("caller_address"),
    contact_phone: text("contact_phone"),
    caller_name: text("caller_name"),
    silent: form.elements.silent.checked,
    caller_point: place.point(),
  };
}

function keep(form, place) {
  remember(DRAFT, JSON.stringify(values(form, place)));
}

function restore(form, place) {
  let left = null;
  try {
    left = JSON.parse(recall(DRAFT) || "null");
  } catch {
    remember(DRAFT, "");
  }
  if (!left) return;
  for (const name of ["narrative", "caller_address", "contact_phone", "caller_name"])
    form.elements[name].value = left[name] ?? "";
  form.elements.silent.checked = Boolean(left.silent);
  place.set(left.caller_point ?? null);
}

async function send(form, place) {
  const report = values(form, place);
  if (!report.narrative) return refuse(gettext("Please write what is happening."), form.elements.narrative);
  const button = form.querySelector(".send");
  button.disabled = true;
  say(gettext("Sending …"));
  // One act for this text: pressed again after a failure it is still the same report.
  if (waiting?.said !== JSON.stringify(report))
    waiting = { said: JSON.stringify(report), act: api.act("POST", ROOT, { ...report, sent_at: new Date().toISOString() }) };
  try {
    const { token: made } = await waiting.act.send();
    await addPictures(made, form.elements.pictures.files);
    remember(DRAFT, "");
    location.assign(`/report/${made}/`);
  } catch (error) {
    refuse(sentence(error));
    button.disabled = false;
  }
}

/** Pictures never hold the report up: what does not arrive can be sent again on the next page. */
async function addPictures(made, files) {
  for (const file of [...files].slice(0, 9)) {
    try {
      await upload(made, file);
    } catch {
      return;
    }
  }
}

async function upload(made, file) {
  const body = new FormData();
  body.append("file", await shrink(file).catch(() => file), "picture.jpg");
  return api.act("POST", `${ROOT}${made}/pictures/`, body, { seconds: 60 }).send();
}

// --- how it stands ---

function follow() {
  $("status").hidden = false;
  const more = $("more");
  more.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = more.elements.text.value.trim();
    if (!text) return;
    const button = more.querySelector(".send");
    button.disabled = true;
    try {
      paint(await api.act("POST", `${ROOT}${token}/texts/`, { text }).send());
      more.elements.text.value = "";
    } catch (error) {
      refuse(sentence(error));
    }
    button.disabled = false;
    more.elements.text.focus();
  });
  more.elements.picture.addEventListener("change", async ({ target }) => {
    if (!target.files.length) return;
    say(gettext("Sending …"));
    try {
      paint(await upload(token, target.files[0]));
    } catch (error) {
      refuse(sentence(error));
    }
    target.value = "";
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask();
  });
  setInterval(() => {
    if (!document.hidden) ask();
  }, ASK_EVERY_MS);
  ask();
}

async function ask() {
  try {
    paint(await api.get(`${ROOT}${token}/`));
  } catch (error) {
    if (error.status === 404) {
      $("more").hidden = true;
      refuse(gettext("This link is not known. If you need help, make a new report or call 110."));
    } else say(gettext("No connection at the moment; the page tries again by itself."));
  }
}

function paint(report) {
  refuse("");
  $("number").textContent = report.call_no;
  $("silent-note").hidden = !report.silent;
  $("delayed").hidden = !report.delayed;
  $("more").hidden = !report.open;
  $("ended").hidden = report.open;
  const at = STEPS.indexOf(report.state);
  const steps = STEPS.map((name, index) => {
    const line = document.createElement("li");
    line.textContent = stepWord(name);
    if (index <= at) line.dataset.done = "yes";
    if (index === at) line.setAttribute("aria-current", "step");
    return line;
  });
  $("steps").replaceChildren(...steps);
  paintThread(report.messages);
  say(fill(gettext("As of %(time)s"), { time: new Date().toLocaleTimeString(document.documentElement.lang) }));
}

/** Lines are added, never made anew: a reader's voice says each once. */
function paintThread(messages) {
  const thread = $("thread");
  for (const message of messages.slice(thread.children.length)) {
    const line = document.createElement("li");
    line.dataset.by = message.by;
    const head = document.createElement("small");
    const who = message.by === "110" ? "110" : pgettext("report", "You");
    head.textContent = `${who} ${new Date(message.at).toLocaleTimeString(document.documentElement.lang)}`;
    line.append(head, message.picture ? gettext("picture") : message.text);
    thread.append(line);
  }
}

function stepWord(name) {
  switch (name) {
    case "waiting":
      return gettext("Received, somebody is about to read it");
    case "taken":
      return gettext("Taken by a call-taker");
    case "sent":
      return gettext("Patrol sent");
    case "under_way":
      return gettext("Patrol on its way");
    case "there":
      return gettext("Patrol there");
    default:
      return pgettext("report", "Finished");
  }
}

function say(text) {
  $("connection").textContent = text;
}

function refuse(text, field = null) {
  $("error").textContent = text;
  $("error").hidden = !text;
  if (text) $("error").scrollIntoView({ block: "center" });
  field?.focus();
}

function sentence(error) {
  if (["no_network", "timed_out", "try_again"].includes(error.code))
    return gettext("It did not arrive. Nothing is lost: press again, or call 110.");
  if (error.code === "too_many") return gettext("Too many reports from this connection. Please call 110.");
  return error.message;
}
