/** Photos made small before they are sent: the street has bad 4G, and an upload waits behind nothing else. */

const LONGEST_SIDE = 1280;
const QUALITY = 0.72;

/**
 * Scale a photo down to a JPEG of at most 1,280 pixels; the pixels come out upright and without EXIF data.
 * @param {File} file what the camera delivered
 * @returns {Promise<Blob>} usually 100 to 250 KB
 * @throws {Error} when it is no picture that the browser can read
 */
export async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
  if (!blob) throw new Error("no picture");
  return blob;
}
