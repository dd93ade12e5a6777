/**
 * Links to the map programs of a phone, each with the datum it expects. Pure.
 *
 * The product's points are WGS-84. Amap takes GCJ-02, Baidu BD-09; an unconverted point would look
 * right and lie about six blocks off. The links open the installed program and ask no foreign host.
 */

import { bd09FromWgs84, gcj02FromWgs84 } from "../datums.js";
import { gettext } from "../words.js";

const digits = (number) => number.toFixed(6);

/** The programs, in the order offered; `system` is whatever answers to `geo:` links. */
export const PROGRAMS = ["amap", "baidu", "system"];

/** Say a program's name. */
export function programName(program) {
  if (program === "amap") return gettext("Amap");
  return program === "baidu" ? gettext("Baidu Map") : gettext("System map");
}

/** Name the datum that a program is given. */
export function programDatum(program) {
  return { amap: "GCJ-02", baidu: "BD-09", system: "WGS-84" }[program];
}

/**
 * Make the link that leads somewhere.
 * @param {string} program one of `PROGRAMS`
 * @param {{lat: number, lng: number}} point WGS-84
 * @param {string} name what the program shows at the destination
 * @param {string} agent the browser's user agent: both programs have another scheme on an iPhone
 */
export function linkTo(program, point, name, agent = "") {
  const iphone = /iPhone|iPad|iPod/.test(agent);
  const title = encodeURIComponent(name);
  if (program === "amap") {
    const { lat, lng } = gcj02FromWgs84(point);
    const scheme = iphone ? "iosamap://path" : "amapuri://route/plan/";
    return `${scheme}?sourceApplication=zz110&dlat=${digits(lat)}&dlon=${digits(lng)}&dname=${title}&dev=0&t=0`;
  }
  if (program === "baidu") {
    const { lat, lng } = bd09FromWgs84(point);
    const scheme = iphone ? "baidumap" : "bdapp";
    const place = `latlng:${digits(lat)},${digits(lng)}|name:${name}`;
    return `${scheme}://map/direction?destination=${encodeURIComponent(place)}&coord_type=bd09ll&mode=driving&src=zz110`;
  }
  const place = `${digits(point.lat)},${digits(point.lng)}`;
  return iphone ? `maps://?daddr=${place}&dirflg=d` : `geo:${place}?q=${place}(${title})`;
}

/** Write a telephone number for a `tel:` link: digits and a leading plus. */
export function telLink(number) {
  const plain = String(number ?? "").replace(/[^\d+]/g, "");
  return plain ? `tel:${plain}` : "";
}

/** Show a mobile number as 3-4-4 (targets 4.5); anything else as it is. */
export function phoneDigits(number) {
  const plain = String(number ?? "");
  return /^1\d{10}$/.test(plain) ? `${plain.slice(0, 3)} ${plain.slice(3, 7)} ${plain.slice(7)}` : plain;
}
