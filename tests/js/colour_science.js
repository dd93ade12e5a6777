/** Colour arithmetic for the tests: what the three kinds of colour blindness see, how far two colours are apart, contrast. */

// Machado, Oliveira, Fernandes 2009, severity 1.0, on linear sRGB.
const SEEN_BY = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The three kinds of colour blindness. */
export const BLINDNESS = Object.keys(SEEN_BY);

const linearOf = (hex) =>
  [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });

const clamp = (value) => Math.min(1, Math.max(0, value));

/** Lab (D65) of a colour as one kind of colour blindness sees it; without a kind as it is. */
export function lab(hex, kind = null) {
  const rgb = linearOf(hex);
  const seen = kind ? SEEN_BY[kind].map((row) => clamp(row.reduce((sum, weight, at) => sum + weight * rgb[at], 0))) : rgb;
  const [r, g, b] = seen;
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const f = (t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

/** CIE 1976 colour difference; the targets' figure is in this measure. */
export function difference(one, other, kind = null) {
  const a = lab(one, kind);
  const b = lab(other, kind);
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** WCAG contrast of two colours. */
export function contrast(one, other) {
  const light = (hex) => {
    const [r, g, b] = linearOf(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [a, b] = [light(one), light(other)];
  return Math.max(a, b) / Math.min(a, b);
}
