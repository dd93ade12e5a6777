/**
 * Datums of the map programs on a phone: WGS-84 (stored), GCJ-02 (Amap, Tencent), BD-09 (Baidu).
 *
 * The formulas and the test vectors are those of domain 9. Inside the product a point is WGS-84;
 * it is converted only where it leaves for another program, and the link names the datum.
 */

const AXIS_M = 6378245;
const FLATNESS = 0.00669342162296594323;
const BAIDU_TURN = (Math.PI * 3000) / 180;

/**
 * Convert WGS-84 to GCJ-02.
 * @param {{lat: number, lng: number}} point degrees
 * @returns {{lat: number, lng: number}} degrees, 585–590 m away in the demo region
 */
export function gcj02FromWgs84({ lat, lng }) {
  const x = lng - 105;
  const y = lat - 35;
  const phi = (lat * Math.PI) / 180;
  const m = 1 - FLATNESS * Math.sin(phi) ** 2;
  const northward = (180 * shiftNorth(x, y) * m ** 1.5) / (Math.PI * AXIS_M * (1 - FLATNESS));
  const eastward = (180 * shiftEast(x, y) * Math.sqrt(m)) / (Math.PI * AXIS_M * Math.cos(phi));
  return { lat: lat + northward, lng: lng + eastward };
}

/**
 * Convert GCJ-02 to BD-09.
 * @param {{lat: number, lng: number}} point degrees
 * @returns {{lat: number, lng: number}} degrees
 */
export function bd09FromGcj02({ lat, lng }) {
  const z = Math.hypot(lng, lat) + 0.00002 * Math.sin(BAIDU_TURN * lat);
  const theta = Math.atan2(lat, lng) + 0.000003 * Math.cos(BAIDU_TURN * lng);
  return { lat: z * Math.sin(theta) + 0.006, lng: z * Math.cos(theta) + 0.0065 };
}

/** Convert WGS-84 to BD-09, by way of GCJ-02. */
export function bd09FromWgs84(point) {
  return bd09FromGcj02(gcj02FromWgs84(point));
}

/**
 * Measure the distance between two WGS-84 points in metres (haversine, mean radius).
 * @param {{lat: number, lng: number}} from degrees
 * @param {{lat: number, lng: number}} to degrees
 */
export function metresBetween(from, to) {
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const half = (a, b) => Math.sin(radians(b - a) / 2) ** 2;
  const across = Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * half(from.lng, to.lng);
  return 2 * 6371009 * Math.asin(Math.sqrt(half(from.lat, to.lat) + across));
}

/** F of domain 9: the shift to the north in metres, before the ellipsoid. */
function shiftNorth(x, y) {
  const base = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return base + ripple(x) + (waves(y, [[20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]]) * 2) / 3;
}

/** G of domain 9: the shift to the east in metres, before the ellipsoid. */
function shiftEast(x, y) {
  const base = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return base + ripple(x) + (waves(x, [[20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]]) * 2) / 3;
}

/** S of domain 9, common to both shifts. */
function ripple(x) {
  return (waves(x, [[20, 6], [20, 2]]) * 2) / 3;
}

function waves(value, terms) {
  return terms.reduce((sum, [height, turns]) => sum + height * Math.sin(turns * Math.PI * value), 0);
}
