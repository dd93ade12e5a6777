/** The incident file: one button, the browser prints. */

document.getElementById("print").addEventListener("click", () => globalThis.print());
