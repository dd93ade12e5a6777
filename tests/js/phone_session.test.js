import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { makeSession } from "../../static/js/phone/session.js";

const answer = (status, body) => new Response(JSON.stringify(body), { status, headers: { Date: "Mon, 05 Jan 2026 01:00:00 GMT" } });
const write = { method: "POST", headers: { "X-CSRFToken": "old" } };
let asked = [];
let answers = [];

beforeEach(() => {
  asked = [];
  globalThis.document = { querySelector: () => ({ content: "old" }) };
  globalThis.fetch = async (path, request) => {
    asked.push([path, request?.headers?.["X-CSRFToken"] ?? ""]);
    return answers.shift();
  };
});

afterEach(() => {
  delete globalThis.document;
  delete globalThis.fetch;
});

test("a wrong PIN is sent once: sent again it would count as a second wrong try", async () => {
  answers = [answer(403, { error: "wrong_pin" })];
  const response = await makeSession({ onAnswer() {} }).fetch("/api/session/unlock/", write);
  assert.deepEqual(asked, [["/api/session/unlock/", "old"]]);
  assert.equal((await response.json()).error, "wrong_pin");
});

test("a write whose token was refused is sent again with the new one", async () => {
  answers = [answer(403, { error: "forbidden" }), answer(200, { csrf: "new" }), answer(200, {})];
  const session = makeSession({ onAnswer() {} });
  const response = await session.fetch("/api/reports/", write);
  assert.deepEqual(asked, [["/api/reports/", "old"], ["/api/session/", ""], ["/api/reports/", "new"]]);
  assert.deepEqual([response.status, session.csrf()], [200, "new"]);
});
