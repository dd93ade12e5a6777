/**
 * Small pictures drawn once and copied often: marks, letters and labels live on one canvas.
 */

const SIDE = 2048;

/**
 * Make an empty atlas.
 * @param {number} dense device pixels in a CSS pixel
 * @returns {{stamp: function(CanvasRenderingContext2D, string, number, number, number, number, Function): void}}
 *   `stamp(context, key, x, y, width, height, paint)` copies the picture `key` with its middle at x, y; the first time
 *   `paint(context)` draws it, with 0, 0 at its middle, on `width` × `height` CSS pixels
 */
export function makeAtlas(dense) {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const paper = canvas.getContext("2d");
  const pictures = new Map();
  const shelf = { x: 0, y: 0, height: 0 };

  const makeRoom = (wide, tall) => {
    if (shelf.x + wide > SIDE) {
      shelf.x = 0;
      shelf.y += shelf.height;
      shelf.height = 0;
    }
    if (shelf.y + tall > SIDE) {
      // Full, which takes thousands of units: start over, every picture is drawn again when it is next wanted.
      paper.setTransform(1, 0, 0, 1, 0, 0);
      paper.clearRect(0, 0, SIDE, SIDE);
      pictures.clear();
      shelf.x = shelf.y = shelf.height = 0;
    }
    const at = { x: shelf.x, y: shelf.y, wide, tall };
    shelf.x += wide;
    shelf.height = Math.max(shelf.height, tall);
    return at;
  };

  const stamp = (context, key, x, y, width, height, paint) => {
    let picture = pictures.get(key);
    if (!picture) {
      picture = makeRoom(Math.ceil(width * dense) + 2, Math.ceil(height * dense) + 2);
      paper.setTransform(dense, 0, 0, dense, picture.x + (width * dense) / 2, picture.y + (height * dense) / 2);
      paint(paper);
      pictures.set(key, picture);
    }
    const left = Math.round((x - width / 2) * dense) / dense;
    const top = Math.round((y - height / 2) * dense) / dense;
    context.drawImage(canvas, picture.x, picture.y, picture.wide, picture.tall, left, top, picture.wide / dense, picture.tall / dense);
  };
  return { stamp };
}
