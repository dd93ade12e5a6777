/** A button that acts only when it is held: for what must not happen by accident. */

/** How long the emergency corner is held (targets 4.3). */
export const HOLD_MS = 1500;

/**
 * Make a button act after it was held; letting go or sliding off earlier does nothing.
 * @param {HTMLElement} button
 * @param {() => void} act
 */
export function onHold(button, act) {
  let timer = null;
  const begin = (event) => {
    if (timer || event.button > 0) return;
    event.preventDefault();
    if (event.pointerId !== undefined) button.setPointerCapture(event.pointerId);
    button.classList.add("held");
    timer = setTimeout(() => {
      end();
      act();
    }, HOLD_MS);
  };
  const end = () => {
    clearTimeout(timer);
    timer = null;
    button.classList.remove("held");
  };
  const moved = (event) => timer && !isOn(button, event) && end();
  button.addEventListener("pointerdown", begin);
  button.addEventListener("pointermove", moved);
  for (const event of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(event, end);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => [" ", "Enter"].includes(event.key) && !event.repeat && begin(event));
  button.addEventListener("keyup", end);
}

/** A thumb is wide: the finger may slide 24 px beyond the edge. */
function isOn(button, { clientX, clientY }) {
  const box = button.getBoundingClientRect();
  const slack = 24;
  return clientX > box.left - slack && clientX < box.right + slack
    && clientY > box.top - slack && clientY < box.bottom + slack;
}
