/**
 * The calls that want somebody: ringing, lost and to be called back, or one's own that are not finished.
 */

import { counter, since } from "../clock.js";
import { callWord, fill, gettext, pgettext, threeFourFour } from "../words.js";
import { canCheck, checkPlace, codedChip } from "./coded_call.js";
import { button, el, oncePerFrame, setText, show } from "./dom.js";
import { flagChip } from "./number_flag.js";

const LEVELS = { waiting: "caution", lost: "serious" };
const MINE = ["in_progress", "wrap_up"];

/**
 * Make the list of calls.
 * @param {object} desk the desk
 * @param {object|null} sound the loudspeaker of the window
 * @param {{onOpen: (call: object) => Promise, openId: () => number|null|undefined}} form
 *   opens a call; tells which one is open, undefined for none
 * @returns {{nodes: HTMLElement[], paint: () => void, answerNext: () => Promise}}
 */
export function makeCalls(desk, sound, { onOpen, openId }) {
  const { store } = desk;
  const list = el("ul.calls", { "aria-label": gettext("Calls that wait") });
  const heading = el("p.calls-head", { hidden: true, role: "status" });
  const quiet = el("p.empty", {
    text: gettext("Ringing and lost calls appear here. F2 begins a call, F3 answers the next."),
  });
  let ringing = new Set();
  let painted = "";
  const paintSoon = oncePerFrame(paint);
  store.on("snapshot", paintSoon);
  store.on("change", ({ changes }) => {
    if (changes.some((change) => change.collection === "call")) paintSoon();
  });
  desk.on("tick", tick);

  function paint() {
    const calls = wanted();
    show(quiet, calls.length === 0 && openId() === undefined);
    ring(calls);
    const now = calls.map((call) => `${call.id}.${call.version}`).join();
    if (now !== painted) list.replaceChildren(...calls.map(line));
    painted = now;
    tick();
  }

  function wanted() {
    const me = store.me?.badge;
    return store
      .rows("call")
      .filter((call) => call.id !== openId())
      .filter((call) => call.state in LEVELS || (MINE.includes(call.state) && (call.agent_no === me || call.reopen_reason)))
      .sort(byTurn);
  }

  /** One ring for each call that begins to wait. */
  function ring(calls) {
    const rings = new Set(calls.filter((call) => call.state === "waiting").map((call) => call.id));
    if ([...rings].some((id) => !ringing.has(id)) && desk.has("call_taker")) sound?.play("ring");
    ringing = rings;
  }

  /** Both queues with their counts and the longest wait, on every seat (K1, R18). */
  function paintHeading(now) {
    const calls = store.rows("call");
    const longest = (state, from) => Math.max(0, ...calls.filter((one) => one.state === state).map((one) => since(one[from], now)));
    const count = (state) => calls.filter((one) => one.state === state).length;
    const [waiting, lost] = [count("waiting"), count("lost")];
    show(heading, waiting + lost > 0);
    const parts = [];
    if (waiting) parts.push(el(`span.level-${answerLevel(longest("waiting", "ring_at"))}`, {}, el("span", { text: fill(gettext("Waiting %(count)s"), { count: waiting }) }), el("b.timer", { text: counter(longest("waiting", "ring_at")) })));
    if (lost) parts.push(el("span.level-serious", {}, el("span", { text: fill(gettext("To call back %(count)s"), { count: lost }) }), el("b.timer", { text: counter(longest("lost", "lost_at")) })));
    heading.replaceChildren(...parts);
  }

  function line(call) {
    const channel = desk.codes.word("channel", call.channel);
    const who = threeFourFour(call.caller_number) || call.caller_name || channel;
    const isVoice = call.channel === "CH11";
    return el(
      "li.call-line",
      { data: { id: call.id, state: call.state } },
      el(`b.level-${LEVELS[call.state] ?? "standby"}`, { text: callWord(call.state) }),
      el("span.digits", { text: who }),
      isVoice || who === channel ? null : el("span.call-channel.soft", { text: channel }),
      flagChip(call.number_flag),
      codedChip(call),
      call.reopen_reason ? el("span.flag.level-serious", { text: call.reopen_reason }) : null,
      el("span.timer.call-since"),
      ...verbs(call),
    );
  }

  function verbs(call) {
    if (call.state === "waiting") return [button(pgettext("console", "Answer"), () => answer(call))];
    if (call.state !== "lost") return [button(gettext("Go on"), () => onOpen(call))];
    const some = [];
    if (!call.silent) {
      some.push(
        button(gettext("Reached"), () => callBack(call, true)),
        button(gettext("No answer"), () => callBack(call, false)),
      );
    }
    if (canCheck(call)) some.push(button(gettext("Check the place"), () => checkPlace(desk, call), { key: "Alt+V" }));
    if (call.callback_attempts?.length || call.silent)
      some.push(button(pgettext("console", "End"), () => finish(call)));
    return some;
  }

  async function answer(call) {
    const { answer: got } = await desk.act("POST", `/api/calls/${call.id}/answer/`, {});
    if (got) await onOpen(got.call);
    return Boolean(got);
  }

  async function callBack(call, answered) {
    const { answer: got } = await desk.act("POST", `/api/calls/${call.id}/call-back/`, { answered });
    if (got && answered) await onOpen(got.call);
  }

  function finish(call) {
    const outcome = { kind: call.kind || "CK11", closing_reason: "CL4" };
    return desk.act("POST", `/api/calls/${call.id}/finish/`, outcome, { done: gettext("Call finished.") });
  }

  function tick() {
    for (const node of list.children) {
      const call = store.row("call", Number(node.dataset.id));
      const from = call?.state === "lost" ? call.lost_at : (call?.answered_at ?? call?.ring_at);
      const timer = node.querySelector(".call-since");
      setText(timer, counter(since(from, desk.now())));
      if (call?.state === "waiting") timer.className = `timer call-since level-${answerLevel(since(from, desk.now()))}`;
    }
    paintHeading(desk.now());
  }

  return {
    nodes: [heading, list, quiet],
    paint,
    /** Answer the call that has waited longest; what is typed meanwhile goes into its form. */
    answerNext() {
      const next = store
        .rows("call")
        .filter((call) => call.state === "waiting")
        .sort(byTurn)[0];
      return next ? desk.keys.during(answer(next)) : desk.tell(gettext("No call is waiting."), "normal");
    },
    /** Ring back the contact that was lost first: noted as reached, its form opens. */
    callBackNext(answered = true) {
      const lost = store.rows("call").filter((call) => call.state === "lost" && !call.silent);
      const next = lost.sort((a, b) => a.id - b.id)[0];
      return next ? callBack(next, answered) : desk.tell(gettext("No lost call waits."), "normal");
    },
  };
}

/** How urgent a ringing call is by the seconds that it waits: 10 s is the answer target, 15 s the last one (K1). */
export function answerLevel(seconds) {
  if (seconds >= 15) return "critical";
  return seconds >= 10 ? "serious" : "caution";
}

/** Who waits longest comes first; a number flagged as nuisance waits behind the others and is never dropped (R20). */
function byTurn(a, b) {
  const later = (call) => Number(call.number_flag === "nuisance" && call.state === "waiting");
  return later(a) - later(b) || a.id - b.id;
}
