/**
 * The live feed of a window: from the shared worker, or of its own where there is none or it falls silent.
 */

import { makeLive } from "../live.js";

const SILENT_AFTER_MS = 6000;
const POLL_WAIT = 4;

/**
 * Make the feed of this window, with the same face as `makeLive`.
 * @param {object} parts `{store, api, clock, onSignedOut, url, name, csrf}`; without `url` it has
 *   its own socket
 */
export function makeSharedLive({ store, api, clock, onSignedOut, url, name, csrf }) {
  const listeners = new Set();
  let port = null;
  let own = null;
  let latest = { state: "catching_up", age: null, transport: "socket" };
  let heardAt = 0;
  let timer = null;

  /** Begin: join the worker, and watch that it goes on talking. */
  function start() {
    if (!url || !("SharedWorker" in globalThis)) return alone();
    try {
      const worker = new SharedWorker(url, { type: "module", name });
      worker.onerror = alone;
      ({ port } = worker);
    } catch {
      return alone();
    }
    heardAt = performance.now();
    port.onmessage = ({ data }) => hear(data);
    port.postMessage({ t: "join", csrf: csrf(), pollWait: POLL_WAIT });
    timer = setInterval(() => {
      if (performance.now() - heardAt > SILENT_AFTER_MS) alone();
    }, 1000);
    return undefined;
  }

  function hear(message) {
    heardAt = performance.now();
    switch (message.t) {
      case "snapshot":
        return store.load(message.snapshot);
      case "entry":
        return store.apply(message.frame);
      case "rows":
        return store.take(message.rows);
      case "moved":
        return store.move(message.positions);
      case "at":
        return clock.learn(message.at);
      case "status":
        return tell(message.status);
      case "signed_out":
        return onSignedOut();
      default:
        return undefined;
    }
  }

  /** Go on with a socket of this window: no worker, or one that has died. */
  function alone() {
    if (own) return;
    leave();
    own = makeLive({ store, api, clock, onSignedOut, pollWait: POLL_WAIT });
    own.on(tell);
    own.start();
  }

  function leave() {
    clearInterval(timer);
    if (!port) return;
    port.onmessage = null;
    port.postMessage({ t: "leave" });
    port = null;
  }

  function tell(status) {
    latest = status;
    for (const listener of listeners) listener(status);
  }

  return {
    start,
    stop() {
      leave();
      own?.stop();
    },
    status: () => own?.status() ?? latest,
    on(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reconnect() {
      if (own) own.reconnect();
      else port?.postMessage({ t: "reconnect" });
    },
  };
}
