/**
 * The alarm of the phone: sound, vibration and a colour over the whole screen, together (targets 4.3).
 *
 * A browser lets a page sound only after the person has touched it; the first tap unlocks it, and until
 * then the page says so.
 */

const AGAIN_EVERY_MS = 2400;
const TUNES = {
  order: [[880, 0, 0.22], [660, 0.24, 0.22], [880, 0.48, 0.22], [660, 0.72, 0.22]],
  urgent: [[988, 0, 0.14], [740, 0.15, 0.14], [988, 0.3, 0.14], [740, 0.45, 0.14], [988, 0.6, 0.14], [740, 0.75, 0.14]],
  news: [[740, 0, 0.16], [988, 0.2, 0.16], [1175, 0.4, 0.34]],
  withdrawn: [[660, 0, 0.3], [494, 0.34, 0.3], [370, 0.68, 0.5]],
};
const SHAKES = { order: [400, 150, 400, 150, 400], urgent: [250, 80, 250, 80, 250, 80, 250], withdrawn: [900], news: [180, 80, 180] };

/** Make the alarm; `isSilent` tells whether everything must be quiet (logout). */
export function makeAlarm() {
  let audio = null;
  let timer = null;
  let ringing = "";
  let stopped = false;

  /** Make sound possible; call from the handler of a touch. */
  function unlock() {
    if (stopped) return;
    audio ??= new (globalThis.AudioContext ?? globalThis.webkitAudioContext)();
    if (audio.state === "suspended") audio.resume();
  }

  /**
   * Ring until `hush`. The same alarm twice goes on as it is.
   * @param {{kind: "order"|"withdrawn", id: number, priority: number}} alarm
   */
  function ring({ kind, id, priority }) {
    const name = `${kind}.${id}`;
    if (stopped || ringing === name) return;
    hush();
    ringing = name;
    const tune = kind === "order" && priority === 1 ? "urgent" : kind;
    once(tune);
    timer = setInterval(() => once(tune), AGAIN_EVERY_MS);
  }

  /** Sound once for news on the way; what rings goes on ringing and is not drowned. */
  function chime(tune) {
    if (!stopped && !ringing) once(tune);
  }

  function once(tune) {
    navigator.vibrate?.(SHAKES[tune]);
    if (audio?.state !== "running") return;
    for (const [pitch, from, length] of TUNES[tune]) tone(pitch, audio.currentTime + from, length);
  }

  function tone(pitch, from, length) {
    const source = audio.createOscillator();
    const level = audio.createGain();
    source.type = "square";
    source.frequency.value = pitch;
    level.gain.setValueAtTime(0.001, from);
    level.gain.exponentialRampToValueAtTime(0.5, from + 0.02);
    level.gain.setValueAtTime(0.5, from + length - 0.03);
    level.gain.exponentialRampToValueAtTime(0.001, from + length);
    source.connect(level).connect(audio.destination);
    source.start(from);
    source.stop(from + length);
  }

  /** Stop ringing. */
  function hush() {
    if (!ringing) return;
    clearInterval(timer);
    timer = null;
    ringing = "";
    navigator.vibrate?.(0);
  }

  /** End for good: after logout nothing may sound any more. */
  function stop() {
    hush();
    stopped = true;
    audio?.close();
    audio = null;
  }

  return {
    unlock, ring, chime, hush, stop,
    /** Tell whether sound is possible. */
    isUnlocked: () => audio?.state === "running",
    /** Name what rings, "" for nothing. */
    ringing: () => ringing,
    /** Shake without a sound. */
    shake: (pattern) => navigator.vibrate?.(pattern),
  };
}
