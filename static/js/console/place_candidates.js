/**
 * Where the contact may be, side by side (domain F1): what a machine said, with source, radius and age, and addresses
 * that belong to the number or the device. A person accepts one; the contact's own point is never overwritten.
 */

import { counter, since } from "../clock.js";
import { metresBetween } from "../datums.js";
import { fill, gettext, pgettext } from "../words.js";
import { button, el, setText, show } from "./dom.js";

const SURE_M = 50;

/**
 * Make the list of candidates.
 * @param {object} desk the desk
 * @param {{call: () => object|null, values: () => object, onPoint: Function, onText: (text: string) => void}} form
 *   `onPoint(point, text, status)` accepts a point, `onText` searches an address
 */
export function makePlaceCandidates(desk, { call, values, onPoint, onText }) {
  const node = el("div.place-candidates", { hidden: true, role: "group", "aria-label": gettext("Where it may be") });
  const abouts = new Map();
  let painted = "";
  desk.keys.bind("Alt+G", gettext("Accept the contact's own position as the place"), () =>
    node.hidden ? false : node.querySelector("[data-source=machine] button")?.click(),
  );
  desk.on("tick", () => {
    const age = node.querySelector(".candidate-age");
    if (age) setText(age, ageOf(call()?.caller_point));
  });

  function paint() {
    const row = call();
    const lines = row ? [machine(row), ...addresses(row)].filter(Boolean) : [];
    show(node, lines.length > 0);
    const key = JSON.stringify([row?.id, row?.caller_point, row?.subscriber_address, row?.caller_address, values().point]);
    if (key === painted) return;
    painted = key;
    node.replaceChildren(...lines);
  }

  function machine(row) {
    const point = row.caller_point;
    if (!point) return null;
    const about = aboutOf(point);
    const radius = point.accuracy_m ? fill(gettext("±%(metres)s m"), { metres: Math.round(point.accuracy_m) }) : "";
    const now = values().point;
    const apart = now ? Math.round(metresBetween(point, now)) : null;
    const facts = [sourceWord(point.source), radius, point.crs_in, about?.owner];
    if (apart) facts.push(fill(gettext("%(metres)s m from the place"), { metres: apart }));
    const sure = point.accuracy_m !== null && point.accuracy_m <= SURE_M;
    return el(
      "p.place-candidate",
      { data: { source: "machine" } },
      el("b", { text: nameOf(about) }),
      button(pgettext("console", "Accept"), () => accept(point, about, sure ? "verified" : "unverified"), { key: "Alt+G" }),
      el("span.soft", {}, facts.filter(Boolean).join(" · "), " ", el("span.candidate-age", { text: ageOf(point) })),
    );
  }

  function addresses(row) {
    const known = [
      [row.subscriber_address, gettext("address of the number or device")],
      [row.caller_address === row.subscriber_address ? "" : row.caller_address, gettext("said by the contact")],
    ];
    return known
      .filter(([text]) => text)
      .map(([text, says]) =>
        el(
          "p.place-candidate",
          { data: { source: "address" } },
          el("b", { text }),
          button(pgettext("console", "Look up"), () => onText(text)),
          el("span.soft", { text: says }),
        ),
      );
  }

  function accept(point, about, status) {
    onPoint({ lat: point.lat, lng: point.lng, source: point.source || "caller" }, nameOf(about), status);
  }

  /** Ask once what lies there: the nearest name and who owns it. */
  function aboutOf(point) {
    const key = `${point.lat},${point.lng}`;
    if (!abouts.has(key)) {
      abouts.set(key, null);
      desk.api
        .get(`/api/places/at/?lat=${point.lat}&lng=${point.lng}`)
        .then((about) => {
          abouts.set(key, about);
          painted = "";
          paint();
        })
        .catch(() => abouts.delete(key));
    }
    return abouts.get(key);
  }

  function ageOf(point) {
    if (!point?.taken_at) return "";
    return fill(gettext("%(age)s ago"), { age: counter(since(point.taken_at, desk.now())) });
  }

  return { node, paint };
}

function nameOf(about) {
  const near = about?.nearest;
  if (!near) return gettext("position of the contact");
  return near.metres <= 30 ? near.name : fill(gettext("near %(name)s (%(metres)s m)"), near);
}

function sourceWord(source) {
  switch (source) {
    case "browser":
      return gettext("device of the contact");
    case "map":
      return gettext("pointed at by the contact");
    case "register":
      return gettext("register of devices");
    default:
      return source || gettext("operator");
  }
}
