/**
 * What stands about the keeping of an incident on its card: its class, legal holds, and what keeps it open.
 */

import { formatMoment } from "../clock.js";
import { fill, gettext } from "../words.js";
import { el, shape } from "./dom.js";

/**
 * Make the block; it reads the server once for each version of the incident.
 * @param {object} desk
 * @returns {{node: HTMLElement, show: (incident: object) => void}}
 */
export function makeArchiveBlock(desk) {
  const node = el("div.archive-block");
  let wanted = "";

  async function show(incident) {
    const next = `${incident.id}.${incident.version}`;
    if (next === wanted) return;
    if (!wanted.startsWith(`${incident.id}.`)) node.replaceChildren();
    wanted = next;
    try {
      const found = await desk.api.get(`/api/incidents/${incident.id}/archive/`);
      if (wanted === next) node.replaceChildren(...archiveLines(found, desk, incident.open));
    } catch {
      wanted = "";
    }
  }

  return { node, show };
}

/** Return the lines of the block: what keeps it open only once somebody wants to close it. */
function archiveLines(found, desk, isOpen) {
  const now = desk.now();
  const word = (code) => desk.codes.word("retention_class", code);
  const kept = found.retention;
  const lines = found.holds.map((hold) =>
    el("p.archive-hold.level-caution", {}, shape("square"), el("span", {
      text: fill(gettext("Legal hold %(number)s: %(reason)s (%(basis)s)"), { number: hold.hold_no.slice(-6), reason: hold.reason, basis: hold.legal_basis }),
    })),
  );
  if (kept?.redacted_at)
    lines.push(el("p.soft", { text: fill(gettext("Personal data redacted %(at)s"), { at: formatMoment(kept.redacted_at, now) }) }));
  const klass = kept ? word(kept.retention_class) : fill(gettext("%(class)s (proposed)"), { class: word(found.proposed) });
  const until = kept?.redact_after ? fill(gettext("personal data until %(at)s"), { at: formatMoment(kept.redact_after, now) }) : "";
  lines.push(el("p.soft", { text: [fill(gettext("Retention: %(class)s"), { class: klass }), until].filter(Boolean).join(" · ") }));
  if (isOpen && found.open_matters.length)
    lines.push(el("p.soft", { text: fill(gettext("Not to be closed yet: %(why)s"), { why: found.open_matters.join(" ") }) }));
  return lines;
}
