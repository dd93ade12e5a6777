/**
 * What others have changed since this seat was last touched; pure.
 *
 * A person who was away for a moment does not search the board: the rows are marked for a few seconds,
 * and one key lists them in words.
 */

import { gettext, stageWord } from "../words.js";
import { handshake } from "./board.js";
import { handWord } from "./queue_row.js";

/** Without input for this long somebody was away. Seconds. */
export const AWAY_AFTER = 15;

const KEPT = 60;

/**
 * Keep what changes.
 * @returns {object} `{note, touch, list}`
 */
export function makeChanges() {
  let touchedAt = null;
  let fresh = [];
  let shown = [];

  return {
    /**
     * Note the changes of an entry, unless the person made them.
     * @param {object[]} changes of the store
     * @param {object|null} frame the entry
     * @param {string} me badge of the person
     * @param {number} now milliseconds
     */
    note(changes, frame, me, now) {
      if (!frame || frame.actor?.badge === me) return;
      for (const change of changes) {
        const says = describe(change, now);
        if (says) fresh = [...fresh, { ...says, at: frame.at }].slice(-KEPT);
      }
    },

    /**
     * Say that the seat was touched.
     * @param {number} now milliseconds
     * @returns {number[]} incidents to mark: what changed while nobody was there, empty when somebody was
     */
    touch(now) {
      const away = touchedAt !== null && now - touchedAt >= AWAY_AFTER * 1000;
      touchedAt = now;
      if (away) shown = fresh;
      fresh = [];
      return away ? [...new Set(shown.map((one) => one.incident))] : [];
    },

    /** List what changed in the last absence, newest first, one line for each incident and word. */
    list() {
      const lines = new Map();
      for (const one of shown) lines.set(`${one.incident} ${one.text}`, one);
      return [...lines.values()].reverse();
    },
  };
}

function describe({ collection, row, before, how }, now) {
  if (how === "dropped" || !row) return null;
  if (collection === "incident") return ofIncident(row, before);
  if (collection === "assignment") return ofOrder(row, before, now);
  if (collection === "note") return { incident: row.incident, text: gettext("a note") };
  if (collection === "report") return { incident: row.incident, text: gettext("a report") };
  return null;
}

function ofIncident(row, before) {
  if (!before) return { incident: row.id, text: gettext("new") };
  if (row.stage !== before.stage) return { incident: row.id, text: stageWord(row.stage) };
  if (row.priority !== before.priority) return { incident: row.id, text: `P${before.priority} → P${row.priority}` };
  const told = ["address_text", "type_reported", "narrative", "weapon", "point_status"];
  return told.some((name) => row[name] !== before[name]) ? { incident: row.id, text: gettext("facts changed") } : null;
}

function ofOrder(row, before, now) {
  if (before?.state === row.state) return null;
  return { incident: row.incident, text: `${row.call_sign} ${handWord(handshake(row, now).state)}` };
}
