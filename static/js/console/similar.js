/**
 * Which open incidents may be the same event as the one being taken (F6); pure.
 *
 * Near means 300 m and 30 minutes; the kind of type raises the likeness. A person decides.
 */

import { parseTime } from "../clock.js";

/** Farther apart than this is another event. Metres. */
export const NEAR_METRES = 300;
/** Longer ago than this is another event. Seconds. */
export const RECENT_WITHIN = 1800;

const EARTH_METRES = 6371008.8;

/** Tell the distance of two WGS-84 points in metres (haversine). */
export function metresBetween(a, b) {
  const radians = Math.PI / 180;
  const dLat = (b.lat - a.lat) * radians;
  const dLng = (b.lng - a.lng) * radians;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(dLng / 2) ** 2;
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * List incidents that may be the same event, the likeliest first.
 * @param {{point: object|null, type: string, phone: string, incident: number|null}} facts what is known of the new one
 * @param {object[]} incidents open incident rows
 * @param {number} now server time in milliseconds
 * @returns {Array<{incident: object, metres: number|null, seconds: number, samePhone: boolean}>} at most five
 */
export function similar(facts, incidents, now) {
  const found = [];
  for (const incident of incidents) {
    if (incident.id === facts.incident || incident.stage === "review") continue;
    const seconds = (now - parseTime(incident.answered_at)) / 1000;
    const metres = facts.point && incident.point ? metresBetween(facts.point, incident.point) : null;
    const samePhone = Boolean(facts.phone) && facts.phone === incident.contact_phone;
    const near = metres !== null && metres <= NEAR_METRES && seconds <= RECENT_WITHIN;
    if (near || samePhone)
      found.push({ incident, metres, seconds, samePhone, score: score(facts, incident, metres, seconds, samePhone) });
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, 5)
    .map(({ score: _, ...rest }) => rest);
}

function score(facts, incident, metres, seconds, samePhone) {
  const sameTop = facts.type && incident.type_reported?.slice(0, 2) === facts.type.slice(0, 2);
  return (
    (metres === null ? 0 : 1 - metres / NEAR_METRES) +
    Math.max(0, 1 - seconds / RECENT_WITHIN) +
    (sameTop ? 1 : 0) +
    (samePhone ? 1.5 : 0)
  );
}
