/**
 * The player: pictures of a source that draws one for each moment, or a stream of a media server. What fails says so in
 * its place and stops nothing else.
 */

import { formatDate, formatTime } from "../clock.js";
import { el, setText } from "../console/dom.js";
import { fill, gettext } from "../words.js";
import { within } from "./moments.js";

const EVERY_MS = 400;
const QUALITY = 0.9;
const RATES = [1, 2, 4, 8];

/**
 * Make the player.
 * @param {HTMLElement} box
 * @param {{onMoment?: (at: number) => void}} [how] told the moment of the picture, in ms
 * @returns {object} see the methods
 */
export function makePlayer(box, { onMoment = () => {} } = {}) {
  const canvas = el("canvas.player-picture", { width: 960, height: 540, role: "img", "aria-label": gettext("Picture of the camera") });
  const video = el("video.player-picture", { playsinline: true, crossorigin: "anonymous", preload: "auto", hidden: true });
  const says = el("p.player-says", { role: "status", text: gettext("Open a camera: Enter on its row.") });
  const moment = el("output.player-moment.digits");
  const slider = el("input.player-slider", { type: "range", min: "0", max: "1", step: "1", value: "0", "aria-label": gettext("Moment of the picture"), on: { input: () => seek(shown.since + Number(slider.value) * 1000) } });
  const play = verb("▶", gettext("Play or pause"), "F7", toggle);
  const rate = verb("×1", gettext("Speed"), null, faster);
  const steps = [[-60, gettext("−1 min")], [-10, gettext("−10 s")], [10, gettext("+10 s")], [60, gettext("+1 min")]].map(([seconds, text]) => verb(text, text, null, () => move(seconds)));
  const pen = canvas.getContext("2d");
  const shown = { since: 0, until: 1, at: 0, url: null, mode: null, playing: false, rate: 1, busy: false, failed: false, order: 0 };
  box.append(
    el("div.player-screen", {}, canvas, video, says),
    el("div.player-bar", {}, steps[0], steps[1], play, steps[2], steps[3], rate, slider, moment),
  );
  video.addEventListener("error", () => shown.mode === "stream" && withoutStills());
  video.addEventListener("timeupdate", () => shown.mode === "stream" && tellMoment(shown.since + video.currentTime * 1000));
  video.addEventListener("playing", () => say(""));
  setInterval(tick, EVERY_MS);

  /** A verb of signs alone has its name from the title beside it; one of words is its own name. */
  function verb(text, title, key, run) {
    return el("button.manage-verb.player-verb", { type: "button", title: key ? `${title} (${key})` : title, "aria-label": key ? title : null, "aria-keyshortcuts": key, text, on: { click: run } });
  }

  /** Show a source from a moment on: `{mode, url}`, `{since, until}` in ms. */
  function open(source, period, at = period.since) {
    Object.assign(shown, period, { url: source.url, mode: source.mode, failed: false, busy: false, order: shown.order + 1 });
    slider.max = String(Math.max(1, Math.floor((period.until - period.since) / 1000)));
    canvas.hidden = source.mode === "stream";
    video.hidden = source.mode !== "stream";
    say(gettext("Loading the picture …"));
    video.crossOrigin = "anonymous";
    if (source.mode === "stream") video.src = source.url;
    else video.removeAttribute("src");
    setPlaying(true);
    seek(at);
  }

  /** A media server that allows no stills may still be watched: the stream is asked for once more, without them. */
  function withoutStills() {
    if (video.crossOrigin === null) return fail(gettext("The stream of this camera fails."));
    video.removeAttribute("crossorigin");
    video.src = shown.url;
    return video.play().catch(() => {});
  }

  /** Say why there is nothing to see. */
  function fail(words) {
    shown.failed = true;
    box.dataset.state = "failed";
    pen.clearRect(0, 0, canvas.width, canvas.height);
    setPlaying(false);
    say(`◆ ${words}`);
  }

  function say(words) {
    says.hidden = words === "";
    setText(says, words);
    if (words === "") box.dataset.state = "shows";
  }

  function toggle() {
    if (shown.url) setPlaying(!shown.playing);
  }

  function setPlaying(playing) {
    shown.playing = playing;
    setText(play, playing ? "❚❚" : "▶");
    if (shown.mode !== "stream") return;
    if (playing) video.play().catch(() => {});
    else video.pause();
  }

  function faster() {
    shown.rate = RATES[(RATES.indexOf(shown.rate) + 1) % RATES.length];
    video.playbackRate = shown.rate;
    setText(rate, `×${shown.rate}`);
  }

  /** Go to a moment of the opened period. */
  function seek(at) {
    if (!shown.url) return;
    const to = within(at, shown);
    shown.failed = false;
    if (shown.mode === "stream") video.currentTime = (to - shown.since) / 1000;
    else draw(to);
    tellMoment(to);
  }

  const move = (seconds) => seek(shown.at + seconds * 1000);

  function tick() {
    if (!shown.playing || shown.mode !== "pictures" || shown.busy || shown.failed || document.hidden) return;
    if (shown.at >= shown.until) setPlaying(false);
    else seek(shown.at + EVERY_MS * shown.rate);
  }

  async function draw(at) {
    const order = (shown.order += 1);
    const picture = new Image();
    shown.busy = true;
    picture.src = `${shown.url}?at=${encodeURIComponent(new Date(at).toISOString())}`;
    try {
      await picture.decode();
      if (order !== shown.order) return;
      canvas.width = picture.naturalWidth;
      canvas.height = picture.naturalHeight;
      pen.drawImage(picture, 0, 0);
      say("");
    } catch {
      if (order === shown.order) fail(gettext("This camera gives no picture at present."));
    } finally {
      if (order === shown.order) shown.busy = false;
    }
  }

  function tellMoment(at) {
    shown.at = at;
    slider.value = String(Math.floor((at - shown.since) / 1000));
    setText(moment, fill("%(date)s %(time)s", { date: formatDate(at), time: formatTime(at) }));
    slider.setAttribute("aria-valuetext", moment.textContent);
    box.dataset.at = new Date(at).toISOString();
    onMoment(at);
  }

  /** Return the still of the picture that is seen, a JPEG; null where there is none or the media server forbids it. */
  async function still() {
    if (shown.failed || !shown.url) return null;
    if (shown.mode === "stream") {
      canvas.width = video.videoWidth || 960;
      canvas.height = video.videoHeight || 540;
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    }
    try {
      return await new Promise((done) => {
        canvas.toBlob(done, "image/jpeg", QUALITY);
      });
    } catch {
      return null;
    }
  }

  return { open, fail, toggle, move, still, at: () => shown.at, isOpen: () => Boolean(shown.url), pause: () => setPlaying(false) };
}
