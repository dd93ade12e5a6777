import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { VERBS, parse } from "../../static/js/command_line.js";
import { bindActs } from "../../static/js/console/acts.js";
import { echo } from "../../static/js/console/echo.js";
import { localKeys } from "../../static/js/console/local_keys.js";
import { bind } from "../../static/js/console/meaning.js";
import { run } from "../../static/js/console/run_command.js";
import { makeCodes } from "../../static/js/words.js";

const CONSOLE = new URL("../../static/js/console/", import.meta.url);
const read = (name) => readFileSync(new URL(name, CONSOLE), "utf8");
const codes = makeCodes(
  {
    incident_type: [{ code: "0202", zh: "殴打他人", en: "assault", priority: 2 }],
    incident_mode: [{ code: "stake_out", zh: "蹲守", en: "stake-out" }],
    cancel: [{ code: "CX3", zh: "改派", en: "nearer unit" }],
  },
  "zh-hans",
);

/** A watch commander's desk with one incident at each stage, and everything that it sends kept. */
function desk() {
  const incident = (id, stage) => ({
    ...{ id, stage, version: 1, priority: 3, type_reported: "0202", mode: id === 2 ? "pursuit" : "routine" },
    ...{ incident_no: `350600A2026010100000${id}`, open: !["closed"].includes(stage) },
  });
  const stages = ["pending", "dispatched", "handled", "review", "closed"];
  const rows = {
    incident: stages.map((stage, at) => incident(at + 1, stage)),
    unit: [
      { id: 1, call_sign: "C101", label: "巡101", status: "available" },
      { id: 2, call_sign: "C102", label: "巡102", status: "available" },
      { id: 3, call_sign: "B201", label: "摩201", status: "assigned" },
    ],
    assignment: [
      { id: 9, unit: 1, incident: 2, call_sign: "C101", state: "dispatched", live: true },
      { id: 8, unit: 3, incident: 2, call_sign: "B201", state: "withdrawn", withdrawal_confirmed_at: null },
    ],
    notice: [{ id: 5, incident: 2, received_at: null }],
  };
  const sent = [];
  const said = [];
  const store = {
    rows: (name) => rows[name] ?? [],
    row: (name, id) => (rows[name] ?? []).find((row) => row.id === id) ?? null,
    ofIncident: (name, id) => (rows[name] ?? []).filter((row) => row.incident === id),
  };
  const call = (route, body = {}) => async () => {
    sent.push(["POST", route, body]);
    return true;
  };
  const made = {
    ...{ sent, said, store, codes, selected: 2, now: () => Date.now(), roles: () => ["watch_commander", "dispatcher"] },
    has: (...roles) => roles.some((role) => ["watch_commander", "dispatcher"].includes(role)),
    select: () => {},
    tell: (text) => said.push(text),
    emit: (what, message) => what === "card-form" && sent.push(["POST", message.act.path, {}]),
    async act(method, path, body) {
      sent.push([method, path, body]);
      return { answer: { assignments: [{ id: 70 }] }, error: null };
    },
    keys: { press: (chord) => sent.push(["key", chord]) },
    panels: {
      intake: {
        answerNext: call("/api/calls/1/answer/"),
        begin: call("/api/calls/"),
        advance: call("/api/calls/1/incident/"),
        end: call("/api/calls/1/finish/"),
        join: call("/api/calls/1/join/"),
        supplement: call("/api/calls/1/supplement/"),
        hangUp: call("/api/calls/1/hang-up/"),
        callBackNext: call("/api/calls/1/call-back/"),
        passOn: call("/api/calls/1/transfers/"),
        write: call("/api/calls/1/texts/"),
        flag: call("/api/number-flags/"),
        isOpen: () => false,
      },
      messages: { acknowledgeFirst: call("/api/alerts/1/acknowledge/"), shelveFirst: call("/api/alerts/1/shelve/") },
    },
  };
  bindActs(made);
  return made;
}

function understand(line, on) {
  const board = { units: on.store.rows("unit"), incidents: on.store.rows("incident"), selected: on.selected };
  return bind(parse(line), { ...board, assignments: on.store.rows("assignment") });
}

async function say(line, on = desk()) {
  const bound = understand(line, on);
  assert.equal(bound.problem, null, `${line}: ${JSON.stringify(bound.problem)}`);
  assert.ok(!/%\(/.test(echo(bound, codes)), line);
  // What opens a form sends nothing yet: the form's own route counts.
  const emit = on.emit;
  on.emit = (what, message) => {
    if (what === "card-act") on.sent.push(["POST", `/api/incidents/2/${message.id === "facts" ? "" : `${message.id}/`}`, {}]);
    return emit(what, message);
  };
  await run(bound, on);
  on.emit = emit;
  return on;
}

const LINES = [
  ...["接", "新", "立", "附 #2", "补 还有一人", "挂", "拨", "转", "复", "标 骚扰", "结 CK05"],
  ...["派 C102 #2", "撤 C101 CX3", "C101 送达", "C101 签", "C101 出", "C101 到", "完 C101 RS16", "告 C101", "催 C101"],
  ...["迟 C101 DL1", "换 C101 C102", "报 C101：两人在场", "归 B201", "状 C102：休整", "解 C101"],
  ...["注 #2：两人", "级 2 #2", "地 公园 #2", "类 0202 #2", "改 #2", "模式 蹲守 #2", "悉 #2", "人员 #2", "车辆 #2", "物品 #2"],
  ...["并 #1 #2：同一警情", "移 #2", "督 #2", "合成 #2", "布控 #2 闽E0X99T", "网格 #2", "联动 #2", "指令 #2：协查", "堵截 #2", "停 #2：危险", "嫌疑 #2", "免 RS16 #1：已离开", "审 #3", "准 #4", "驳 #4：补报", "销 CX3 #1", "废 #1：误报"],
  ...["启 #5：有新情况", "知", "搁 通话中", "封", "封闭"],
];

test("every writing route of the desk is reached by a verb, or is named here with the reason", async () => {
  const routes = readFileSync(new URL("../contract/routes.py", import.meta.url), "utf8");
  const desks = /DESK|ORDERING|MOVES|call_taker|dispatcher|"watch_commander"/;
  const wanted = [...routes.matchAll(/^ {4}"([^"]+)": \{(.*)\},$/gm)]
    .filter(([, , how]) => [...how.matchAll(/"(POST|PATCH|PUT)": ([^"]*\{?[^}]*)/g)].some(([, , who]) => desks.test(who)))
    .map(([, path]) => `/api/${path.replace(/<\w+:\w+>/g, "N")}`);
  const reached = new Set(["/api/closures/", "/api/closures/N/end/"]); // 封 and 封闭 press the keys of the map
  for (const line of LINES) {
    for (const [, path] of (await say(line)).sent) reached.add(path.replace(/\/\d+\//g, "/N/"));
  }
  const missing = wanted.filter((path) => !reached.has(path) && !OTHERWISE.some((pattern) => pattern.test(path)));
  assert.ok(wanted.length > 40, "the routes were found");
  assert.deepEqual(missing, []);
});

/** Reached by keyboard in another place than the command line. */
const OTHERWISE = [
  /^\/api\/calls\/N\/((lose|reopen)\/)?$/, // the fields of the form, the list of calls, the page of transfers
  /^\/api\/(directives|suspects)\//, // beside the directive and the suspect on the facts tab
  /^\/api\/incidents\/N\/interception\/send\/$/, // Alt+B
  /^\/api\/assignments\/N\/(status-told|relieve)\/$/, // verbs of the order in a stake-out
  /^\/api\/likely\/$/, // asked while the call-taker types
  /^\/api\/calls\/N\/detach\/$/, // Ctrl+Z for ten seconds, then beside the call on the facts tab
  /^\/api\/incidents\/N\/split\/$/, // beside the call on the facts tab
  /^\/api\/parties\//, // the slots on the facts tab
  /^\/api\/number-flags\/N\//, // approving stands on its alert
  /^\/api\/(watch|watch-hits|fusion)\//, // 布控 opens the form of the card; approving stands on its alert; the rest is the fusion page
  /^\/api\/(transfers|callbacks|supervision)\//, // the page of what follows
  /^\/api\/incidents\/N\/answers\//, // the question card, Alt+A
  /^\/api\/calls\/N\/(coded|listened|check-place)\//, // Alt+S, its button, Alt+V
  /^\/api\/assignments\/N\/(checklist|hand-on)\//, // the officer's, on the phone
  /^\/api\/assignments\/N\/taken-over\//, // the verb of the order
  /^\/api\/incidents\/N\/partners\/$/, // 联动 opens the form, whose teams the server names
  /^\/api\/(grid|partner-teams|attachments|operations|operation-members)\//, // 网格 and 联动 open the forms of the card; the rest is the page of the grid
  /^\/api\/quality\//, // the page of what follows
  // the duty page
  /^\/api\/(seats|qualifications|hand-overs|hand-over-items|post-checks|post-answers|duty-level|roster|units\/status)\//,
  /^\/api\/calls\/N\/where\//, // the location link, Alt+Z in the form
  /^\/api\/(premise-notes|surroundings)\//, // beside the place in the form and on the facts tab
  /^\/api\/hints\//, // asked by the form itself
  /^\/api\/search\//, // a page of its own, Shift+F3
  /^\/api\/(number-blocks|late-entries|catch-up)\//, // the queue sends them by itself, the page of catch-up by its keys
  /^\/api\/(incidents|assignments)\/N\/late-(orders|moves)\//, // what the verbs become while the server is away
  /^\/api\/(incidents\/N\/retention-class|holds|approvals)\//, // the page of what follows, and the alert itself
  /^\/api\/incidents\/N\/ask\//, // 级, 废 and 启 by who may not do it
  /^\/api\/merit\//, // the duty page's ledger
  /^\/api\/deployment\//, // the page of deployment
];

test("a line that says everything acts at once, one that does not opens the form", async () => {
  const whole = await say("并 #1 #2：同一警情");
  assert.deepEqual(whole.sent, [["POST", "/api/incidents/1/merge/", { into: 2, reason: "同一警情", version: 1 }]]);
  const part = await say("并 #1 #2");
  assert.deepEqual(part.sent, [["POST", "/api/incidents/2/merge/", {}]]);
});

test("what can be undone is undone by one key, and once", async () => {
  const one = await say("状 C102：休整");
  await one.undo();
  assert.deepEqual(
    one.sent.map(([, path, body]) => [path, body.status]),
    [["/api/units/2/status/", "break"], ["/api/units/2/status/", "available"]],
  );
  await one.undo();
  assert.equal(one.sent.length, 2);
  const order = await say("派 C102 #2");
  await order.undo();
  assert.deepEqual(order.sent.at(-1), ["POST", "/api/assignments/70/withdraw/", { cancel_code: "CX8" }]);
});

test("units are found by the initials of their label", () => {
  assert.equal(understand("派 X102 #2", desk()).units[0].id, 2);
});

test("every verb is echoed and none is left without a sentence", () => {
  for (const verb of Object.keys(VERBS)) {
    const command = { ...parse("?"), verb };
    const words = echo({ command, incident: null, units: [], assignments: [], problem: null }, codes);
    assert.ok(words && (verb === "help" || words !== "Show the shortcut sheet"), verb);
  }
});

test("the sheet lists exactly the keys that each place hears", () => {
  const names = /"(Arrow\w+|Enter|Escape|Tab|Backspace| |\+|=|-)"|\b(Arrow(?:Up|Down|Left|Right)|Home|End)\b(?=:)/g;
  for (const { files, keys, says } of localKeys()) {
    const told = new Set(keys.flatMap(([some]) => some).filter((key) => !/\d–\d/.test(key)));
    const heard = new Set();
    for (const file of files) {
      for (const line of read(file).split("\n")) {
        const keyed = /event\.key|ARROWS = /.test(line) || /\}\[event\.key\]/.test(line);
        if (!keyed) continue;
        for (const [, quoted, bare] of line.matchAll(names)) heard.add(quoted ?? bare);
      }
    }
    assert.deepEqual([...heard].sort(), [...told].sort(), says);
  }
});

test("every file of the console that hears keys stands in the table of places, and asks about the input method", () => {
  const listed = new Set(localKeys().flatMap(({ files }) => files));
  const apart = ["keys.js", "type_ahead.js", "sound.js", "dom.js", "local_keys.js", "changes_view.js"];
  for (const file of readdirSync(CONSOLE)) {
    const text = read(file);
    if (!/"keydown"|keydown:/.test(text) || apart.includes(file)) continue;
    assert.ok(listed.has(file), `${file} hears keys that no sheet shows`);
    assert.ok(/isComposing/.test(text), `${file} takes keys of an input method`);
  }
});

test("no chord has two meanings", () => {
  const files = [...readdirSync(CONSOLE).map((name) => read(name)), readFileSync(new URL("../console.js", CONSOLE), "utf8")];
  const single = /(?:keys\.bind|\blayer)\(\s*(?:"\w+", )?"([^"]+)"/g;
  const lists = /= \[((?:"(?:Alt|Ctrl)\+\w+"(?:, )?)+)\]/g;
  const chords = files.flatMap((text) => [
    ...[...text.matchAll(single)].map(([, chord]) => chord),
    ...[...text.matchAll(lists)].flatMap(([, list]) => list.replaceAll('"', "").split(", ")),
  ]);
  assert.ok(chords.includes("Alt+C") && chords.includes("Alt+J"), "chords of layers and lists are found too");
  assert.ok(chords.length > 20);
  assert.equal(new Set(chords).size, chords.length, chords.sort().join(" "));
});
