/**
 * Sounds of the desk, made here: one short signal per crossing, two tones for a critical alert.
 *
 * A browser lets a page sound only after a key or a click; until then `ready()` is false and the
 * screen says so. The volume has a floor: a critical alert cannot be turned off.
 */

const FLOOR = 0.25;
const SIGNALS = {
  ring: [
    [880, 0, 0.12],
    [1175, 0.16, 0.12],
  ],
  serious: [
    [740, 0, 0.16],
    [740, 0.24, 0.16],
  ],
  caution: [[620, 0, 0.14]],
  critical: [
    [960, 0, 0.2],
    [720, 0.22, 0.2],
    [960, 0.44, 0.2],
    [720, 0.66, 0.2],
  ],
};

/**
 * Make the loudspeaker of a window.
 * @param {() => number} volume wanted volume, 0 to 1
 * @returns {{play: Function, twoTone: Function, ready: Function}}
 */
export function makeSound(volume = () => 0.6) {
  let context = null;
  let timer = null;
  const wake = () => {
    context ??= globalThis.AudioContext ? new AudioContext() : null;
    context?.resume();
  };
  for (const what of ["keydown", "pointerdown"]) document.addEventListener(what, wake, { capture: true });

  function tone([pitch, after, length], loud) {
    const begin = context.currentTime + after;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    oscillator.frequency.value = pitch;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(loud, begin + 0.01);
    gain.gain.setValueAtTime(loud, begin + length - 0.03);
    gain.gain.linearRampToValueAtTime(0, begin + length);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + length);
  }

  /** Play a signal once: `ring`, `critical`, `serious` or `caution`. */
  function play(name) {
    if (context?.state !== "running") return false;
    const loud = name === "critical" ? Math.max(FLOOR, volume()) : volume();
    if (loud > 0) for (const note of SIGNALS[name] ?? []) tone(note, loud * 0.4);
    return true;
  }

  /** Keep the two tones going while a critical alert waits. */
  function twoTone(on) {
    if (on && timer === null) {
      play("critical");
      timer = setInterval(() => play("critical"), 3000);
    } else if (!on && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  }

  return { play, twoTone, ready: () => context?.state === "running" };
}
