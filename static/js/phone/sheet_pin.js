/** The sheet that sets the PIN of the phone's lock (targets 3.3): it opens the lock and signs nobody in. */

import { gettext } from "../words.js";
import { el, say } from "./dom.js";
import { rememberPin } from "./pin.js";

/** Set the PIN: asked of the server at once, because a PIN that waits in a queue would open nothing. */
export function pinSheet(app) {
  const pin = secret("pin", gettext("PIN, four to eight digits"), "numeric", app);
  const password = secret("password", gettext("Your password"), "text", app);
  const trouble = el("p", { class: "warning", role: "alert", hidden: true });
  const ready = () => /^\d{4,8}$/.test(pin.value.normalize("NFKC")) && password.value !== "";
  async function set() {
    const said = { pin: pin.value.normalize("NFKC"), password: password.value };
    try {
      await app.api.post("/api/me/pin/", said, { again: false });
    } catch (error) {
      trouble.hidden = false;
      say(trouble, error.message);
      return;
    }
    await rememberPin(app, said.pin);
    app.close();
  }
  return {
    title: gettext("PIN of the lock"),
    body: [
      el("p", { class: "words", text: gettext("The phone locks after five minutes without a touch. Orders still ring, and the call for help works.") }),
      pin, password, trouble,
    ],
    next: () => ({ label: gettext("Set the PIN"), hint: ready() ? "" : gettext("PIN and password are needed"), ready: ready(), act: set }),
  };
}

function secret(name, label, inputmode, app) {
  return el("input", {
    class: "field", name, type: "password", inputmode, autocomplete: "off", maxlength: "128", "aria-label": label, placeholder: label,
    on: { input: () => app.refresh() },
  });
}
