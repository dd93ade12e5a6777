/** The sheet that sets the PIN of the phone's lock (targets 3.3): it opens the lock and signs nobody in. */

import { gettext } from "../words.js";
import { el, say } from "./dom.js";
import { textField } from "./fields.js";
import { rememberPin } from "./pin.js";

/** Set the PIN: asked of the server at once, because a PIN that waits in a queue would open nothing. */
export function pinSheet(app) {
  const secret = (name, label, mode) => textField(label, { name, kind: "password", mode, limit: 128, onChange: app.refresh });
  const pin = secret("pin", gettext("PIN, four to eight digits"), "numeric");
  const password = secret("password", gettext("Your password"), "text");
  const trouble = el("p", { class: "warning", role: "alert", hidden: true });
  const digits = () => pin.value().normalize("NFKC");
  const ready = () => /^\d{4,8}$/.test(digits()) && password.field.value !== "";
  async function set() {
    const said = { pin: digits(), password: password.field.value }; // a password may begin or end with a space
    trouble.hidden = true;
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
      pin.node, password.node, trouble,
    ],
    next: () => ({ label: gettext("Set the PIN"), hint: ready() ? "" : gettext("PIN and password are needed"), ready: ready(), act: set }),
  };
}
