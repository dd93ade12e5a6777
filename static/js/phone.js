/** The officer's phone page: puts the parts together and listens to the device. */

import { makeApi } from "./api.js";
import { makeMemoryStore } from "./memory_store.js";
import { canKeep, openStore } from "./outbox_store.js";
import { answerCheckAct, emergencyAct, moveAct, confirmWithdrawalAct, statusAct } from "./phone/acts.js";
import { makeAlarm } from "./phone/alarm.js";
import { makeApp } from "./phone/app.js";
import { byId } from "./phone/dom.js";
import { makeFeed } from "./phone/feed.js";
import { onHold } from "./phone/hold.js";
import { makeLock } from "./phone/lock.js";
import { makePlace } from "./phone/place.js";
import { makeWay } from "./phone/way.js";
import { makeSession } from "./phone/session.js";
import { alarmOf, isHollow, keepsAwake, linkOf } from "./phone/state.js";
import { makeUi } from "./phone/ui.js";
import { makeWakeLock } from "./phone/wake.js";
import { fill, gettext } from "./words.js";

const LOGIN = "/login/?next=/m/";
const ASK_EVERY_MS = 20000;
const EMERGENCY_SENT = [90, 60, 90];
const EMERGENCY_CONFIRMED = [60, 60, 60, 60, 400];

const session = makeSession({ onAnswer: (date) => app?.heard(date) });
const api = makeApi({ fetch: session.fetch, csrf: session.csrf, onSignedOut: () => end("signed_out") });
const alarm = makeAlarm();
const wake = makeWakeLock();
const store = canKeep() ? await openStore().catch(makeMemoryStore) : makeMemoryStore();
let ended = "";
let begun = false;
let ui = null;

const app = makeApp({
  store, api, language: document.documentElement.lang,
  onChange: () => refresh(),
  onRefused: (act) => refused(act),
  onConfirmed: (act) => act.urgent && alarm.shake(EMERGENCY_CONFIRMED),
});
const feed = makeFeed({
  api,
  learn: (at) => app.heard(at),
  onEntry: (frame) => app.takeEntry(frame),
  onGap: (joined) => {
    app.reload();
    if (joined) app.outbox.flush(true);
  },
  onState: () => refresh(),
  onEnded: () => look(),
});
const place = makePlace({
  api,
  fixes: app.fixes,
  isOnShift: () => Boolean(app.world.unit),
  onUnit: (unit) => app.takeUnitRow(unit),
  ask: () => app.reload(),
  onChange: () => ui?.tick(),
});

const way = makeWay({ api, view: () => app.view(), fix: () => app.fixes.last(), onChange: () => ui?.tick() });

Object.assign(app, {
  way,
  link: () => linkOf({
    online: navigator.onLine, socket: feed.isOpen(), heard_at: app.heardAt ?? app.world.read_at, now: Date.now(),
  }),
  ended: () => ended || (app.world.barred ? "barred" : ""),
  refresh,
  open: (name) => { location.hash = name; },
  close: () => {
    history.replaceState(null, "", location.pathname);
    refresh();
  },
  notify: (text) => ui.notify(text),
  leave,
});
ui = makeUi(app, { place, alarm, step });
const lock = makeLock(app, { isRinging: () => Boolean(alarmOf(app.view())) });
listen();
await session.alone(() => end("elsewhere"));
await begin();

async function begin() {
  const forgotten = await app.load();
  if (forgotten) app.notify(fill(gettext("%(n)s acts of more than 12 hours ago were not sent and are gone."), { n: forgotten }));
  session.registerWorker();
  if (!(await look())) {
    // At the start there is nothing on the screen to protect: straight to the door.
    if (ended === "signed_out") location.replace(LOGIN);
    return;
  }
  begun = true;
  navigator.storage?.persist?.().catch(() => {});
  place.start();
  app.loadCodes().catch(() => app.notify(gettext("Code tables not loaded yet.")));
}

/** Find out who is signed in; without an answer the page goes on with what it holds. */
async function look() {
  try {
    const me = await session.whoAmI(api);
    if (!me) return end("signed_out");
    if (!me.roles.includes("officer")) return end("barred");
    await app.setMe(me);
    lock.begin(me);
    await app.reload();
  } catch {
    app.reload();
  }
  return true;
}

function refresh() {
  if (!ui) return;
  ui.render();
  // Off shift a phone is nobody's audience: no ticket would be given.
  if (app.world.unit && !ended) feed.start();
  else feed.stop();
  wake.want(!ended && keepsAwake(app.view(), app.kept.awake));
}

/** Stop everything that rings, sends or listens. */
function end(reason) {
  if (ended === "left") return false;
  ended = reason;
  if (reason === "signed_out") app.conceal();
  feed.stop();
  place.stop();
  alarm.hush();
  app?.outbox.halt(reason);
  refresh();
  return false;
}

/** Carry out a step of the main screen: at once, or by its sheet. */
async function step(name) {
  const { assignment, withdrawn } = app.view();
  switch (name) {
    case "accept":
    case "depart":
    case "arrive": return app.act(moveAct(assignment, name));
    case "confirm_withdrawal": return app.act(confirmWithdrawalAct(withdrawn[0]));
    case "available":
    case "break": return app.act(statusAct(name));
    case "sign_in": return ended === "elsewhere" ? location.reload() : location.assign(LOGIN);
    case "leave": return leave();
    default: return name && app.open(name);
  }
}

function refused(act) {
  if (act.urgent) app.notify(gettext("The call for help was not taken. Use the radio."));
  else alarm.shake([300, 100, 300]);
  if (act.hidden) app.outbox.dismiss(act.key);
}

/** Sign out: first everything is silent, then everything is wiped, then the server is told. */
async function leave() {
  end("left");
  alarm.stop();
  await app.wipe();
  refresh();
  if (await session.signOut(api)) location.replace("/login/");
}

/** One tap answers all that is asked; a position that is too old is left to the server, which has the last one. */
function answerCheck() {
  const fix = app.fixes.last();
  const fresh = isHollow(fix, Date.now()) ? null : fix;
  for (const asked of app.view().post_answers) app.act(answerCheckAct(asked, fresh));
}

function callForHelp() {
  alarm.shake(EMERGENCY_SENT);
  app.act(emergencyAct());
}

/** The network, or the officer's eyes, are back: everything that waits may go now. */
function awake() {
  if (document.hidden || ended || !begun) return;
  app.outbox.flush(true);
  feed.wake();
  place.tick();
  app.reload();
}

/** Without a socket nobody says that a note has come: a phone with an order asks by itself (rule 49). */
function ask() {
  if (!ended && begun && !document.hidden && app.world.assignment && !feed.isOpen()) app.reload();
}

function listen() {
  onHold(byId("emergency"), callForHelp);
  byId("notice").addEventListener("click", ui.putAway);
  byId("check").addEventListener("click", answerCheck);
  byId("sheet-back").addEventListener("click", (event) => {
    event.preventDefault();
    app.close();
  });
  addEventListener("pointerdown", () => {
    alarm.unlock();
    setTimeout(ui.tick, 100);
  }, { capture: true });
  addEventListener("hashchange", refresh);
  addEventListener("online", awake);
  addEventListener("offline", refresh);
  addEventListener("pageshow", awake);
  document.addEventListener("visibilitychange", awake);
  setInterval(ui.tick, 1000);
  setInterval(lock.tick, 1000);
  setInterval(way.tick, 1000);
  setInterval(ask, ASK_EVERY_MS);
}
