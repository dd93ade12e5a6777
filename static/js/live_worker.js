/**
 * One live feed for all windows of a seat: a shared worker owns the socket, the windows get the same
 * entries at the same number. Four windows are one connection.
 */

import { makeApi } from "./api.js";
import { makeLive } from "./live.js";
import { makeStore } from "./store.js";

const ports = new Set();
let csrf = "";
let live = null;
const store = makeStore();
const clock = { learn: (at) => tell({ t: "at", at }) };

globalThis.onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data }) => hear(port, data);
};

function hear(port, message) {
  if (message.t === "join") join(port, message);
  else if (message.t === "leave") ports.delete(port);
  else if (message.t === "reconnect") live?.reconnect();
}

function join(port, message) {
  ({ csrf } = message);
  ports.add(port);
  if (!live) begin(message.pollWait);
  if (store.loaded) port.postMessage({ t: "snapshot", snapshot: store.dump() });
  port.postMessage({ t: "status", status: live.status() });
}

function begin(pollWait) {
  const api = makeApi({ csrf: () => csrf });
  live = makeLive({ store, api, clock, pollWait, onSignedOut: end });
  store.on("snapshot", () => tell({ t: "snapshot", snapshot: store.dump() }));
  store.on("change", ({ changes, frame }) =>
    tell(frame ? { t: "entry", frame } : { t: "rows", rows: rowsOf(changes) }),
  );
  store.on("positions", (positions) => tell({ t: "moved", positions }));
  live.on((status) => tell({ t: "status", status }));
  live.start();
}

function rowsOf(changes) {
  const rows = {};
  for (const { collection, row } of changes) if (row) (rows[collection] ??= []).push(row);
  return rows;
}

/** The session has ended: every window hears it, and the next sign-in gets a worker of its own. */
function end() {
  tell({ t: "signed_out" });
  globalThis.close();
}

function tell(message) {
  for (const port of ports) port.postMessage(message);
}
