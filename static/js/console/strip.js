/**
 * The top strip: who sits where, whether the picture is live and how old it is, the clock, alarms, K7 today.
 */

import { formatDate, formatTime } from "../clock.js";
import { fill, gettext, pgettext } from "../words.js";
import { el, setAttr, setText, shape, show } from "./dom.js";

const FIGURES_EVERY_S = 30;

/** Bring the strip and the NOT LIVE band to life; their elements stand in the page. */
export function makeStrip(strip, band, desk) {
  const part = {
    who: strip.querySelector("[data-part=who]"),
    state: strip.querySelector("[data-part=state]"),
    alarms: strip.querySelector("[data-part=alarms]"),
    arrival: strip.querySelector("[data-part=arrival]"),
    clock: strip.querySelector("[data-part=clock]"),
    date: strip.querySelector("[data-part=date]"),
    pending: strip.querySelector("[data-part=pending]"),
    queue: strip.querySelector("[data-part=queue]"),
    duty: strip.querySelector("[data-part=duty]"),
    handover: strip.querySelector("[data-part=handover]"),
  };
  const mark = shape("ring");
  const says = el("span");
  const age = el("span.digits.data-age");
  part.state.append(mark, says, age);

  desk.live.on(paintState);
  desk.on("queue", paintQueue);
  desk.on("tick", () => {
    setText(part.clock, formatTime(desk.now()));
    setText(part.date, formatDate(desk.now()));
    setAttr(part.state, "data-seq", desk.store.seq);
    seconds += 1;
    if (seconds % FIGURES_EVERY_S === 1) readFigures();
  });
  desk.store.on("snapshot", paintWho);
  const countAlerts = () => {
    const open = desk.store.rows("alert").filter((alert) => alert.open && !alert.acknowledged_at).length;
    setText(part.alarms, fill(gettext("alerts %(open)s"), { open }));
    setAttr(part.alarms, "data-open", open > 0 ? "yes" : null);
  };
  desk.store.on("snapshot", countAlerts);
  desk.store.on("snapshot", paintDuty);
  desk.store.on("change", ({ changes, frame }) => {
    if (changes.some((change) => change.collection === "duty_level")) paintDuty();
    if (frame?.kind?.startsWith("hand_over.")) readHandOver();
  });
  desk.store.on("change", countAlerts);
  desk.on("flash", (severity) => {
    document.body.dataset.flash = severity;
    setTimeout(() => delete document.body.dataset.flash, 900);
  });
  let seconds = 0;
  paintState(desk.live.status());
  countAlerts();
  if (desk.store.loaded) paintWho();
  if (desk.store.loaded) paintDuty();

  function paintWho() {
    const me = desk.store.me;
    if (!me) return;
    const seat = me.seat ? fill(gettext("seat %(seat)s"), { seat: me.seat }) : gettext("no seat");
    setText(part.who, [me.centre?.name, seat, `${me.name} ${me.badge}`].filter(Boolean).join(" · "));
    show(part.handover, Boolean(me.hand_over));
    readFigures();
  }

  /** Offline since when, how many records wait here, how many calls wait in the server's spool. */
  function paintQueue(offline) {
    const words = queueWords(offline);
    show(part.queue, words.length > 0);
    setText(part.queue, words.join(" · "));
    paintState(desk.live.status());
  }

  /** Level 3 is the everyday one and needs no banner. */
  function paintDuty() {
    const level = desk.store.rows("duty_level").find((row) => row.open);
    show(part.duty, Boolean(level) && level.level < 3);
    if (part.duty.hidden) return;
    part.duty.dataset.level = String(level.level);
    setText(part.duty, [fill(gettext("Duty level %(level)s"), { level: desk.codes.word("duty_level", String(level.level)) }), level.reason].join(" · "));
    setAttr(part.duty, "title", level.task_sheet);
  }

  /** Whether a sheet waits for this person, the server knows: it knows seat, role and what is left on it. */
  async function readHandOver() {
    try {
      const me = await desk.api.get("/api/me/", { seconds: 5 });
      show(part.handover, Boolean(me.hand_over));
    } catch {
      show(part.handover, false);
    }
  }

  /** Live, catching up or not live; above 5 s the band is amber, above 15 s red and striped. */
  function paintState(live) {
    const status = aged(live, desk.offline?.restoredAge() ?? null);
    const level = { live: "normal", catching_up: "caution", stale: "critical" }[status.state];
    part.state.className = `strip-state level-${level}`;
    mark.dataset.shape = { live: "circle", catching_up: "square", stale: "triangle" }[status.state];
    setText(says, stateWord(status));
    setText(age, status.age === null ? "" : `${status.age.toFixed(0)} s`);
    const started = status.age !== null || desk.store.loaded;
    document.body.dataset.live = started ? status.state : "starting";
    show(band, started && status.state !== "live");
    if (started && status.state !== "live") setText(band, bandWords(status, desk.offline?.isAway() ?? false));
  }

  async function readFigures() {
    if (!desk.has("call_taker", "dispatcher", "watch_commander")) return;
    try {
      const today = await desk.api.get("/api/statistics/today/", { seconds: 5 });
      paintArrival(part.arrival, today);
    } catch {
      setText(part.arrival, "");
    }
  }
}

/** The picture from this machine's own store is never live, however the feed stands. */
function aged(status, restored) {
  return restored === null ? status : { ...status, state: "stale", age: restored };
}

function queueWords(offline) {
  const since = offline.since();
  const standing = offline.standing();
  const waiting = offline.waiting();
  const refused = offline.refused().length;
  return [
    since !== null && fill(gettext("offline %(seconds)s s"), { seconds: Math.round((Date.now() - since) / 1000) }),
    since === null && standing?.writes === false && gettext("the database takes no writes"),
    waiting > 0 && fill(gettext("%(n)s to be sent"), { n: waiting }),
    refused > 0 && fill(gettext("%(n)s refused"), { n: refused }),
    standing?.spool.waiting > 0 && fill(gettext("%(n)s calls in the emergency spool"), { n: standing.spool.waiting }),
    standing?.spool.broken && gettext("the emergency spool cannot be read"),
  ].filter(Boolean);
}

function bandWords(status, isAway) {
  const age = Math.round(status.age ?? 0);
  if (isAway) return fill(gettext("OFFLINE · the picture is %(age)s s old · calls are kept here, give orders by radio"), { age });
  if (status.state === "stale") {
    return fill(gettext("NOT LIVE · the picture is %(age)s s old · commands still work"), { age });
  }
  return fill(gettext("Catching up · the picture is %(age)s s old"), { age });
}

function stateWord(status) {
  if (status.state === "stale") return gettext("not live");
  if (status.state === "catching_up") return gettext("catching up");
  return status.transport === "poll" ? gettext("live (polling)") : pgettext("console", "live");
}

/** Write K7 of today on both clocks, each with its n: a figure without its clock is a defect. */
function paintArrival(node, today) {
  const one = (clock) => {
    const figure = (today.figures ?? []).find((row) => row.key === "K7" && row.clock === clock && row.group === "all");
    return figure?.n ? `${(100 * figure.value).toFixed(0)} % (${figure.hits}/${figure.n})` : "–";
  };
  setText(node, fill(gettext("there in 5 min today: A %(a)s  B %(b)s"), { a: one("A"), b: one("B") }));
}
