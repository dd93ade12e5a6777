/**
 * The choice between one's surfaces.
 */

import { makeApi } from "./api.js";
import { bindShell } from "./shell.js";

const api = makeApi();

bindShell({
  saveLanguage: (language) => api.patch("/api/me/", { language }),
  signOut: async () => {
    await api.remove("/api/session/");
    location.assign("/login/");
  },
});
