/**
 * Small pictures drawn once and copied often: marks, letters and labels.
 *
 * Each picture has a canvas of its own. One large canvas for all would be copied as a whole whenever a picture is
 * added between two copies out of it, which with labels that come and go is several times in every drawing.
 */

const AT_MOST = 6000;

/**
 * Make an empty atlas.
 * @param {number} dense device pixels in a CSS pixel
 * @returns {{stamp: function(CanvasRenderingContext2D, string, number, number, number, number, Function): void}}
 *   `stamp(context, key, x, y, width, height, paint)` copies the picture `key` with its middle at x, y; the first time
 *   `paint(context)` draws it, with 0, 0 at its middle, on `width` × `height` CSS pixels
 */
export function makeAtlas(dense) {
  const pictures = new Map();

  const drawn = (width, height, paint) => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * dense);
    canvas.height = Math.ceil(height * dense);
    const paper = canvas.getContext("2d");
    paper.setTransform(dense, 0, 0, dense, (width * dense) / 2, (height * dense) / 2);
    paint(paper);
    return canvas;
  };

  const stamp = (context, key, x, y, width, height, paint) => {
    let picture = pictures.get(key);
    if (!picture) {
      if (pictures.size > AT_MOST) pictures.clear();
      picture = drawn(width, height, paint);
      pictures.set(key, picture);
    }
    // Whole device pixels, or every copy would be blurred.
    const left = Math.round((x - width / 2) * dense) / dense;
    const top = Math.round((y - height / 2) * dense) / dense;
    context.drawImage(picture, left, top, picture.width / dense, picture.height / dense);
  };
  return { stamp };
}
