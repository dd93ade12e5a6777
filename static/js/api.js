/**
 * The way to the server: JSON over HTTP with CSRF, time-outs and one key per act of the user.
 *
 * An act keeps its Idempotency-Key for its whole life. After a network failure, a time-out or a 503
 * it is sent again with the same key, so the server does it once however often it was asked.
 */

/** Seconds before an unanswered request counts as lost. */
export const ANSWER_WITHIN = 8;

const AGAIN_AFTER_MS = [400, 1500];
const WITHOUT_KEY = [/^\/api\/session\//, /^\/api\/me\/pin\/$/, /^\/api\/ticket\/$/, /position\/$/, /^\/api\/positions\/$/];

/** A refusal or a failure, in the words of the server where it gave any. */
export class ApiError extends Error {
  /** @param {{code: string, message: string, status?: number, fields?: object, current?: object, retryAfter?: number}} facts */
  constructor({ code, message, status = 0, fields = {}, current = null, retryAfter = null }) {
    super(message);
    Object.assign(this, { name: "ApiError", code, status, fields, current, retryAfter });
  }

  /** Tell whether the outcome is unknown or the server asked to come again: safe to repeat by key. */
  get mayRepeat() {
    return ["no_network", "timed_out", "try_again"].includes(this.code);
  }
}

/**
 * Make a client of the API.
 * @param {object} [means] what it works with; the browser's own by default
 * @param {typeof fetch} [means.fetch]
 * @param {() => string} [means.csrf] the CSRF token of the page
 * @param {() => string} [means.uuid] a fresh UUID
 * @param {(ms: number) => Promise<void>} [means.sleep]
 * @param {() => void} [means.onSignedOut] called when the server says 401
 */
export function makeApi({
  fetch: send = (...request) => globalThis.fetch(...request),
  csrf = pageToken,
  uuid = freshUuid,
  sleep = (ms) =>
    new Promise((done) => {
      setTimeout(done, ms);
    }),
  onSignedOut = () => {},
} = {}) {
  /** Read something. `seconds` is the time-out, `signal` an AbortSignal of the caller. */
  const get = (path, { seconds = ANSWER_WITHIN, signal = null } = {}) => once({ method: "GET", path, seconds, signal });

  /**
   * Prepare an act of the user: `send()` may be called again and again, it stays one act.
   * `again: false` leaves the repeating to the caller.
   * @returns {{key: string, send: () => Promise<object>}}
   */
  function act(method, path, body = {}, { key = uuid(), seconds = ANSWER_WITHIN, again = true } = {}) {
    const keyed = WITHOUT_KEY.some((pattern) => pattern.test(path)) ? null : key;
    const request = { method, path, body, key: keyed, seconds };
    return { key, send: () => (again ? insist(request) : once(request)) };
  }

  async function insist(request) {
    for (const pause of AGAIN_AFTER_MS) {
      try {
        return await once(request);
      } catch (error) {
        if (!error.mayRepeat) throw error;
        await sleep(Math.min(3000, Math.max(pause, (error.retryAfter ?? 0) * 1000)));
      }
    }
    return once(request);
  }

  async function once({ method, path, body, key, seconds, signal }) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort("timed_out"), seconds * 1000);
    const given = () => stop.abort("given_up");
    if (signal?.aborted) given();
    signal?.addEventListener("abort", given);
    try {
      const response = await send(path, options({ method, body, key, signal: stop.signal }));
      return await read(response);
    } catch (error) {
      throw error instanceof ApiError ? error : failure(stop.signal.reason);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", given);
    }
  }

  function options({ method, body, key, signal }) {
    const headers = { Accept: "application/json" };
    const request = { method, headers, signal, credentials: "same-origin", cache: "no-store" };
    if (method === "GET") return request;
    headers["X-CSRFToken"] = csrf();
    if (key) headers["Idempotency-Key"] = key;
    if (isUpload(body)) return { ...request, body };
    headers["Content-Type"] = "application/json";
    return { ...request, body: JSON.stringify(body ?? {}) };
  }

  async function read(response) {
    const text = await response.text();
    const data = parse(text);
    if (response.ok) return data ?? {};
    if (response.status === 401) onSignedOut();
    throw new ApiError({
      code: data?.error ?? (response.status === 503 ? "try_again" : `http_${response.status}`),
      message: data?.message ?? String(response.status),
      status: response.status,
      fields: data?.fields,
      current: data?.current,
      retryAfter: Number(response.headers.get("Retry-After")) || null,
    });
  }

  return {
    get,
    act,
    /** Send a POST as one act. */
    post: (path, body, how) => act("POST", path, body, how).send(),
    /** Send a PATCH as one act. */
    patch: (path, body, how) => act("PATCH", path, body, how).send(),
    /** Send a PUT as one act. */
    put: (path, body, how) => act("PUT", path, body, how).send(),
    /** Send a DELETE as one act. */
    remove: (path, how) => act("DELETE", path, {}, how).send(),
  };
}

/** A form or a ready-made multipart body carries its own content type; a Blob is the same at each retry. */
function isUpload(body) {
  return [globalThis.FormData, globalThis.Blob].some((kind) => kind && body instanceof kind);
}

function failure(reason) {
  const code = ["timed_out", "given_up"].includes(reason) ? reason : "no_network";
  return new ApiError({ code, message: code });
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

function pageToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Make a UUID; `crypto.randomUUID` exists on secure origins only, a centre's LAN may be plain HTTP. */
export function freshUuid() {
  if (globalThis.crypto.randomUUID) return globalThis.crypto.randomUUID();
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
