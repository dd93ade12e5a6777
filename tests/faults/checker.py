"""What must hold of the whole history after any fault.

One effect per acknowledged key, gap-free chained journals, no unit with two live orders, every unit and incident
agreeing with the orders, and every client's picture equal to a fresh snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidents.verify import verify_journal
from tests.faults.console import Console
from tests.faults.load import Act
from tests.stack.stack import Stack

LIVE = "('dispatched', 'delivered', 'accepted', 'en_route', 'on_scene')"
ORDERS = f"(SELECT unit_id, incident_id, id FROM dispatch_assignment WHERE state IN {LIVE})"
# Each names what it forbids; every row that it finds is a breach.
FORBIDDEN = {
    "a unit with two live orders": f"SELECT unit_id, count(*) FROM {ORDERS} o GROUP BY unit_id HAVING count(*) > 1",
    "a unit that does not know its order, or holds one that is over": (
        f"SELECT u.call_sign, u.assignment_id, o.id FROM patrol_unit u LEFT JOIN {ORDERS} o ON o.unit_id = u.id "
        "WHERE u.assignment_id IS DISTINCT FROM o.id"
    ),
    "an incident whose units are not those of its live orders": (
        "SELECT i.incident_no, i.units, o.units FROM incidents_incident i LEFT JOIN (SELECT incident_id, "
        f"array_agg(unit_id ORDER BY unit_id) AS units FROM {ORDERS} o GROUP BY incident_id) o ON o.incident_id = i.id "
        "WHERE ARRAY(SELECT unnest(i.units) ORDER BY 1) <> coalesce(o.units, '{}')"
    ),
    "a journal with a gap or a head of its own": (
        "SELECT h.centre_id, h.seq, count(e.seq) FROM incidents_head h LEFT JOIN incidents_entry e USING (centre_id) "
        "GROUP BY h.centre_id, h.seq HAVING h.seq <> count(e.seq) OR h.seq <> coalesce(max(e.seq), 0) "
        "OR count(e.seq) <> count(DISTINCT e.seq)"
    ),
    "a limit that was missed and is not told once": (
        "SELECT d.id, d.kind, count(e.seq) FROM incidents_deadline d LEFT JOIN incidents_entry e ON "
        "e.incident_id = d.incident_id AND e.actor_id IS NULL AND e.body::jsonb #> '{rows,deadline}' @> "
        "jsonb_build_array(jsonb_build_object('id', d.id, 'state', 'missed')) WHERE d.state = 'missed' "
        "GROUP BY d.id, d.kind HAVING count(e.seq) <> 1"
    ),
    "a key that was claimed and never answered": "SELECT actor_id, key FROM incidents_command WHERE status = 0",
}


def check(stack: Stack, acts: Iterable[Act] = (), consoles: Iterable[Console] = ()) -> None:
    """Fail with everything that does not hold."""
    breaches = [f"{what}: {rows[:5]}" for what, query in FORBIDDEN.items() if (rows := stack.sql(query))]
    if verify_journal.main([stack.servers.database_url]) != 0:
        breaches.append("the chain of a journal is broken")
    breaches += effects(stack, list(acts))
    for console in consoles:
        breaches += console.differences()
    assert not breaches, "\n".join(breaches)


def effects(stack: Stack, acts: Sequence[Act]) -> list[str]:
    """Hold what clients were told against what happened: an acknowledged act once, a refused one never."""
    commands = {
        (row["actor_id"], str(row["key"])): row["status"]
        for row in stack.sql("SELECT actor_id, key, status FROM incidents_command")
    }
    entries: dict[tuple[int, str], dict[str, int]] = {}
    for row in stack.sql(
        "SELECT actor_id, command, kind, count(*) AS times FROM incidents_entry WHERE command IS NOT NULL GROUP BY 1, 2, 3"
    ):
        entries.setdefault((row["actor_id"], str(row["command"])), {})[row["kind"]] = row["times"]
    calls = {
        row["recording_id"]: row["times"]
        for row in stack.sql("SELECT recording_id, count(*) AS times FROM incidents_call GROUP BY 1")
    }
    found = []
    for act in acts:
        mark = (act.actor, act.key)
        told = entries.get(mark, {})
        if act.done and commands.get(mark) != act.status:
            found.append(f"acknowledged and lost: {act}")
        if act.done and (not told or set(told.values()) != {1}):
            found.append(f"not told exactly once: {act}: {told}")
        if act.refused and (mark in commands or told):
            found.append(f"refused, and yet it happened: {act}")
        # The mark on the call itself does not depend on the key: it sees a doubled effect even where keys fail.
        if act.path == "/api/calls/" and calls.get(act.key, 0) != int(mark in commands):
            found.append(f"{calls.get(act.key, 0)} calls of one act: {act}")
    return found
