/**
 * The start page: signs in through the API and goes to where the person wanted to be.
 */

import { makeApi } from "./api.js";
import { bindShell, chooseLanguage, hasChosenLanguage, recall, remember } from "./shell.js";
import { gettext, fill } from "./words.js";

const SEAT = "zz110.seat";
const TERMINAL = "zz110.terminal";

const api = makeApi();
const form = document.getElementById("door");
const shown = document.getElementById("door-error");
const caps = document.getElementById("door-caps");
const relieve = document.getElementById("door-relieve");
const enter = form.querySelector("[type=submit]");

bindShell();
form.elements.seat.value = recall(SEAT) ?? "";
form.addEventListener("submit", signIn);
form.addEventListener("input", () => tell(""));
relieve.addEventListener("click", () => enterNow({ relieve: true }));
form.elements.password.addEventListener("keyup", warnOfCapitals);
form.querySelector("[data-reveal]").addEventListener("click", reveal);

function signIn(event) {
  event.preventDefault();
  return enterNow({});
}

async function enterNow(how) {
  const { username, password, seat } = form.elements;
  const missing = [username, password].find((field) => !field.value.trim());
  if (missing) return refuse(gettext("Please enter account and password."), missing);
  enter.disabled = true;
  try {
    const { user } = await enterWith({ username: username.value.trim(), password: password.value, ...place(seat.value), ...how });
    if (!hasChosenLanguage() && user?.language) chooseLanguage(user.language);
    location.assign(user?.hand_over ? "/shift/#hand_overs" : destination());
  } catch (error) {
    refuse(sentence(error), error.status === 401 ? password : null);
    relieve.hidden = error.code !== "seat_taken";
  } finally {
    enter.disabled = false;
  }
}

/** Send the credentials; when the page's token is out of date, once more with a fresh one. */
async function enterWith(credentials) {
  try {
    return await api.post("/api/session/", credentials);
  } catch (error) {
    if (error.status !== 403 || error.code === "not_qualified") throw error;
    const { csrf } = await api.get("/api/session/");
    document.querySelector('meta[name="csrf-token"]').content = csrf;
    return api.post("/api/session/", credentials);
  }
}

/** Name the place that the person's acts come from: the seat, or else this browser. */
function place(seat) {
  const name = seat.normalize("NFKC").trim();
  remember(SEAT, name);
  return name ? { seat: name } : { terminal: terminal() };
}

function terminal() {
  const known = recall(TERMINAL);
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  const fresh = `T${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  remember(TERMINAL, fresh);
  return fresh;
}

/** Return the page that was asked for, if it is one of ours; never an address that leads elsewhere. */
function destination() {
  const wanted = new URLSearchParams(location.search).get("next") ?? "/";
  const address = new URL(wanted, location.origin);
  return address.origin === location.origin ? address.pathname + address.search : "/";
}

function sentence(error) {
  if (error.status === 401) return gettext("Account or password is not right.");
  if (error.status === 429 && error.retryAfter) {
    return fill(gettext("Too many attempts. Please wait %(seconds)s seconds."), { seconds: error.retryAfter });
  }
  if (error.status === 429) return gettext("Too many attempts. Please wait a moment.");
  if (error.mayRepeat) return gettext("The server does not answer. Please try again.");
  return error.message;
}

function refuse(text, field) {
  tell(text);
  if (!field) return;
  field.focus();
  field.select();
}

function tell(text) {
  shown.textContent = text;
  shown.hidden = !text;
  relieve.hidden = true;
}

function warnOfCapitals(event) {
  caps.textContent = event.getModifierState?.("CapsLock") ? gettext("Caps Lock is on.") : "";
}

function reveal(event) {
  const { password } = form.elements;
  const open = password.type === "password";
  password.type = open ? "text" : "password";
  event.currentTarget.setAttribute("aria-pressed", String(open));
  event.currentTarget.textContent = open ? gettext("Hide") : gettext("Show");
  password.focus();
}
