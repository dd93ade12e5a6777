/**
 * The choice between one's surfaces.
 */

import { makeApi } from "./api.js";
import { bindShell } from "./shell.js";

const api = makeApi();

bindShell({
  signOut: async () => {
    await api.remove("/api/session/");
    location.assign("/login/");
  },
});
