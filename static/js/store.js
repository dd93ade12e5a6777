/**
 * The rows a browser knows, by collection: one picture of the centre, fed by snapshot and entries.
 *
 * Of two versions of a row the higher one stays. What the snapshot would not hold is dropped
 * (contract 4): incidents that are not open with everything that hangs on them, calls that are done
 * and belong to no open incident with their messages, alerts that are not open.
 */

const COLLECTIONS = ["incident", "assignment", "unit", "call", "message", "deadline", "alert", "note", "notice", "party", "report", "card_answer", "fusion_request", "clue", "bookmark", "search_area", "locked_position", "directive", "suspect", "grid_task", "tick", "duty_level"];
const OF_INCIDENT = ["assignment", "deadline", "note", "notice", "party", "report", "card_answer", "fusion_request", "clue", "bookmark", "search_area", "locked_position", "directive", "suspect", "grid_task", "tick", "call"];

/**
 * Make an empty store.
 * @returns {object} the store; `epoch` and `seq` tell the last entry it holds
 */
export function makeStore() {
  const rows = new Map(COLLECTIONS.map((name) => [name, new Map()]));
  const ofIncident = new Map(OF_INCIDENT.map((name) => [name, new Map()]));
  const dropped = new Map();
  const positions = new Map();
  const listeners = new Map();
  const store = {
    epoch: null,
    seq: 0,
    loaded: false,
    centre: null,
    me: null,

    /** Replace everything by a snapshot. */
    load(snapshot) {
      for (const name of rows.keys()) rows.get(name).clear();
      for (const index of ofIncident.values()) index.clear();
      dropped.clear();
      positions.clear();
      Object.assign(store, {
        epoch: snapshot.epoch,
        seq: snapshot.seq,
        centre: snapshot.centre,
        me: snapshot.me,
        loaded: true,
      });
      for (const [name, list] of Object.entries(snapshot.rows)) for (const row of list) put(name, row);
      for (const position of snapshot.positions ?? []) positions.set(position[0], position);
      tell("snapshot", { changes: [], frame: null });
      tell("positions", [...positions.values()]);
    },

    /**
     * Apply one entry frame.
     * @returns {boolean} false when the entry was already known
     */
    apply(frame) {
      if (frame.seq <= store.seq) return false;
      store.seq = frame.seq;
      merge(frame.rows ?? {}, frame);
      return true;
    },

    /** Take rows that came in an answer, by the same rules as those of an entry. */
    take(some) {
      merge(some, null);
    },

    /** Take positions; of two fixes of a unit the later one stays. */
    move(list) {
      const taken = list.filter((position) => isLater(position, positions.get(position[0])));
      for (const position of taken) positions.set(position[0], position);
      if (taken.length) tell("positions", taken);
    },

    /** Write everything down in the shape of a snapshot, for another window. */
    dump() {
      const { epoch, seq, centre, me } = store;
      return {
        epoch,
        seq,
        centre,
        me,
        rows: Object.fromEntries(COLLECTIONS.map((name) => [name, store.rows(name)])),
        positions: [...positions.values()],
      };
    },

    /** Find a row, `null` when it is not known. */
    row: (name, id) => rows.get(name)?.get(id) ?? null,
    /** List the rows of a collection. */
    rows: (name) => [...(rows.get(name)?.values() ?? [])],
    /** Count the rows of a collection. */
    count: (name) => rows.get(name)?.size ?? 0,
    /** List the rows of a collection that belong to an incident, oldest first. */
    ofIncident(name, incident) {
      const ids = ofIncident.get(name)?.get(incident);
      if (!ids) return [];
      return [...ids].sort((a, b) => a - b).map((id) => rows.get(name).get(id));
    },
    /** Find the last known position of a unit, `null` when there is none. */
    position: (unit) => positions.get(unit) ?? null,
    /** List the last known positions of all units. */
    positions: () => [...positions.values()],

    /**
     * Listen to `snapshot`, `change` (of rows) or `positions`.
     * @returns {() => void} stops listening
     */
    on(what, listener) {
      if (!listeners.has(what)) listeners.set(what, new Set());
      listeners.get(what).add(listener);
      return () => listeners.get(what).delete(listener);
    },
  };

  function merge(some, frame) {
    const changes = [];
    // Incidents first: the rows that hang on them are kept or dropped by what they say.
    const names = Object.keys(some).sort((a, b) => (b === "incident") - (a === "incident"));
    for (const name of names) {
      if (!rows.has(name)) continue;
      for (const row of some[name]) {
        const change = put(name, row);
        if (change) changes.push(change);
      }
    }
    changes.push(...sweep(changes));
    if (changes.length || frame) tell("change", { changes, frame });
  }

  function put(name, row) {
    const before = rows.get(name).get(row.id) ?? null;
    // A dropped row may come back as it was: its incident was reopened. What does not belong is swept again.
    const known = before?.version ?? (dropped.get(`${name}.${row.id}`) ?? 0) - 1;
    if (row.version <= known) return null;
    if (before) unlink(name, before);
    rows.get(name).set(row.id, row);
    link(name, row);
    return { collection: name, id: row.id, row, before, how: before ? "changed" : "new" };
  }

  function sweep(changes) {
    const gone = [];
    for (const change of [...changes]) {
      if (change.collection === "incident" && change.row.open === false) {
        for (const name of OF_INCIDENT) for (const row of store.ofIncident(name, change.id)) drop(name, row, gone);
        drop("incident", change.row, gone);
      } else drop(change.collection, change.row, gone);
    }
    if (gone.some((change) => change.collection === "call")) {
      for (const message of store.rows("message")) drop("message", message, gone);
    }
    return gone;
  }

  function drop(name, row, gone) {
    if (rows.get(name).get(row.id) !== row || belongs(name, row)) return;
    rows.get(name).delete(row.id);
    unlink(name, row);
    dropped.set(`${name}.${row.id}`, row.version);
    gone.push({ collection: name, id: row.id, row: null, before: row, how: "dropped" });
  }

  function belongs(name, row) {
    const ofOpen = () => rows.get("incident").get(row.incident)?.open === true;
    switch (name) {
      case "unit":
        return true;
      case "incident":
        return row.open !== false;
      case "alert":
      case "duty_level":
        return row.open !== false;
      case "message":
        return rows.get("call").has(row.call);
      case "call":
        return row.state !== "done" || ofOpen();
      default:
        return ofOpen();
    }
  }

  function link(name, row) {
    const index = ofIncident.get(name);
    if (!index || !row.incident) return;
    if (!index.has(row.incident)) index.set(row.incident, new Set());
    index.get(row.incident).add(row.id);
  }

  function unlink(name, row) {
    const ids = ofIncident.get(name)?.get(row.incident);
    ids?.delete(row.id);
    if (ids?.size === 0) ofIncident.get(name).delete(row.incident);
  }

  function tell(what, message) {
    for (const listener of listeners.get(what) ?? []) listener(message);
  }

  return store;
}

function isLater(position, known) {
  return !known || position[6] > known[6];
}
