import { test } from "node:test";
import assert from "node:assert/strict";
import { freshUuid, makeApi } from "../../static/js/api.js";

function answer(status, data, headers = {}) {
  return { ok: status < 400, status, text: async () => JSON.stringify(data), headers: new Headers(headers) };
}

function server(...answers) {
  const asked = [];
  const fetch = async (path, request) => {
    asked.push({ path, ...request });
    const next = answers.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  let number = 0;
  const api = makeApi({ fetch, csrf: () => "token", uuid: () => `key-${++number}`, sleep: async () => {} });
  return { api, asked };
}

test("a write carries the CSRF token and a key of its own", async () => {
  const { api, asked } = server(answer(200, { seq: 1 }), answer(200, { seq: 2 }));
  await api.post("/api/calls/", { channel: "CH11" });
  await api.post("/api/calls/", { channel: "CH11" });
  assert.equal(asked[0].headers["X-CSRFToken"], "token");
  assert.deepEqual(
    asked.map((request) => request.headers["Idempotency-Key"]),
    ["key-1", "key-2"],
  );
  assert.equal(asked[0].body, '{"channel":"CH11"}');
});

test("after a network failure and a 503 the same key goes out again", async () => {
  const { api, asked } = server(
    new TypeError("no route"),
    answer(503, {}, { "Retry-After": "1" }),
    answer(201, { seq: 3 }),
  );
  assert.deepEqual(await api.post("/api/incidents/7/orders/", {}), { seq: 3 });
  assert.deepEqual(
    asked.map((request) => request.headers["Idempotency-Key"]),
    ["key-1", "key-1", "key-1"],
  );
});

test("an act that failed for good can be sent again by hand under the same key", async () => {
  const down = () => new TypeError("no route");
  const { api, asked } = server(down(), down(), down(), answer(200, { seq: 4 }));
  const act = api.act("POST", "/api/incidents/7/note/", { text: "x" });
  await assert.rejects(act.send(), (error) => error.code === "no_network" && error.mayRepeat);
  assert.deepEqual(await act.send(), { seq: 4 });
  assert.equal(new Set(asked.map((request) => request.headers["Idempotency-Key"])).size, 1);
});

test("a refusal is never repeated and keeps what the server said", async () => {
  const stale = { error: "stale", message: "changed", current: { id: 7, version: 4 } };
  const { api, asked } = server(answer(409, stale));
  await assert.rejects(api.patch("/api/incidents/7/", { version: 3 }), (error) => {
    assert.deepEqual([error.code, error.message, error.status, error.current.version], ["stale", "changed", 409, 4]);
    return true;
  });
  assert.equal(asked.length, 1);
});

test("field errors arrive by path", async () => {
  const { api } = server(answer(400, { error: "bad_input", message: "no", fields: { "point.crs": ["missing"] } }));
  await assert.rejects(api.post("/api/calls/", {}), (error) => error.fields["point.crs"][0] === "missing");
});

test("a request without an answer is given up in time", async () => {
  const fetch = (path, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  const api = makeApi({ fetch, csrf: () => "" });
  await assert.rejects(api.get("/api/me/", { seconds: 0.01 }), (error) => error.code === "timed_out");
});

test("a signed-out answer is told once to the page", async () => {
  let told = 0;
  const fetch = async () => answer(401, { error: "not_signed_in", message: "" });
  const api = makeApi({
    fetch,
    csrf: () => "",
    onSignedOut: () => {
      told += 1;
    },
  });
  await assert.rejects(api.get("/api/me/"), (error) => error.code === "not_signed_in");
  assert.equal(told, 1);
});

test("an answer that is no JSON becomes an error with its status", async () => {
  const fetch = async () => ({ ok: false, status: 502, text: async () => "<html>", headers: new Headers() });
  await assert.rejects(makeApi({ fetch, csrf: () => "" }).get("/x/"), (error) => error.code === "http_502");
});

test("tickets and positions carry no key", async () => {
  const { api, asked } = server(answer(200, {}), answer(200, {}));
  await api.post("/api/ticket/", {});
  await api.post("/api/my-unit/position/", { fixes: [] });
  assert.ok(asked.every((request) => !("Idempotency-Key" in request.headers)));
});

test("a fresh UUID is one even where randomUUID is missing", () => {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(freshUuid(), pattern);
  const own = globalThis.crypto.randomUUID;
  Object.defineProperty(globalThis.crypto, "randomUUID", { value: undefined, configurable: true, writable: true });
  assert.match(freshUuid(), pattern);
  Object.defineProperty(globalThis.crypto, "randomUUID", { value: own, configurable: true, writable: true });
});
