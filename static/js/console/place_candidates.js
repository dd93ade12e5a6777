/**
 * Where the contact may be, side by side (domain F1): what machines said, each with its datum, radius and age, addresses
 * that belong to the number or the device, and the code on a lamp post. A person accepts one; the contact's own points
 * are never overwritten.
 */

import { counter, since } from "../clock.js";
import { metresBetween } from "../datums.js";
import { fill, gettext, pgettext } from "../words.js";
import { makeAskWhere } from "./ask_where.js";
import { button, el, setText, show } from "./dom.js";
import { makeMarkerBox } from "./marker_box.js";

const SURE_M = 50;
const KEYS = ["Alt+G", "Alt+H"];

/**
 * Make the list of candidates.
 * @param {object} desk the desk
 * @param {{call: () => object|null, values: () => object, onPoint: Function, onText: (text: string) => void}} form
 *   `onPoint(point, text, status)` accepts a point, `onText` searches an address
 */
export function makePlaceCandidates(desk, { call, values, onPoint, onText }) {
  const list = el("div.place-candidates", { role: "group", "aria-label": gettext("Where it may be") });
  const marker = makeMarkerBox(desk, onPoint);
  const ask = makeAskWhere(desk, call);
  const node = el("div.place-spots", { hidden: true }, list, el("div.place-ways", {}, marker.node, ask.node));
  const abouts = new Map();
  let painted = "";
  for (const [at, key] of KEYS.entries())
    desk.keys.bind(key, at === 0 ? gettext("Accept the contact's own position as the place") : fill(gettext("Accept position %(number)s as the place"), { number: at + 1 }), () => {
      const found = node.hidden ? null : list.querySelectorAll("[data-source=machine] button")[at];
      return found ? found.click() : false;
    });
  desk.on("tick", () => {
    const points = machines(call());
    for (const [at, age] of [...list.querySelectorAll(".candidate-age")].entries()) setText(age, ageOf(points[at]));
    ask.tick();
  });

  function paint() {
    const row = call();
    show(node, Boolean(row));
    ask.paint();
    const key = JSON.stringify([row?.id, row?.caller_point, row?.positions, row?.subscriber_address, row?.caller_address, values().point]);
    if (key === painted) return;
    painted = key;
    list.replaceChildren(...(row ? [...machines(row).map(machine), ...addresses(row)] : []));
  }

  function machine(point, at) {
    const about = aboutOf(point);
    const radius = point.accuracy_m ? fill(gettext("±%(metres)s m"), { metres: Math.round(point.accuracy_m) }) : gettext("radius unknown");
    const now = values().point;
    const apart = now ? Math.round(metresBetween(point, now)) : null;
    const facts = [sourceWord(point.source), radius, point.crs_in, about?.owner];
    if (apart) facts.push(fill(gettext("%(metres)s m from the place"), { metres: apart }));
    const sure = (point.accuracy_m ?? null) !== null && point.accuracy_m <= SURE_M;
    return el(
      "p.place-candidate",
      { data: { source: "machine", from: point.source } },
      el("b", { text: nameOf(about) }),
      button(pgettext("console", "Accept"), () => accept(point, about, sure ? "verified" : "unverified"), { key: KEYS[at] ?? null }),
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
    const { lat, lng, accuracy_m, taken_at, source } = point;
    onPoint({ lat, lng, accuracy_m, taken_at, source: source || "caller" }, nameOf(about), status);
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
    if (!point?.taken_at) return gettext("age unknown");
    return fill(gettext("%(age)s ago"), { age: counter(since(point.taken_at, desk.now())) });
  }

  return { node, paint };
}

/** List the points that machines told of a call, the newest link's first. */
export function machines(row) {
  return [...[...(row?.positions ?? [])].reverse(), row?.caller_point].filter(Boolean);
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
    case "sms_link":
      return gettext("location link");
    case "map":
      return gettext("pointed at by the contact");
    case "register":
      return gettext("register of devices");
    default:
      return source || gettext("operator");
  }
}
