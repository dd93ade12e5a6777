"""The follower: keeps the counts behind the journal, never more than a sweep or two.

It remembers the last number it has counted, in the same transaction as the counts: a process that is killed leaves
nothing half done, and an entry that is seen twice changes nothing. Of any number of processes one works for a centre.
"""

from __future__ import annotations

import json
import logging
import time

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dispatch.statistics import rebuild
from dispatch.statistics.counting import Touched, recount
from dispatch.statistics.head import claim, heads_behind, note_centres
from dispatch.statistics.marks import VERSION
from dispatch.statistics.period import day_of
from dispatch.statistics.query import fetch, one_moment
from incidents.models import Heartbeat

COUNTING = "counting"
ENTRIES_AT_ONCE = 300
BUDGET_S = 0.7
log = logging.getLogger(__name__)
ENTRIES = """
SELECT seq, incident_id, readers FROM incidents_entry
WHERE centre_id = %(centre)s AND seq > %(seq)s ORDER BY seq LIMIT %(most)s
"""


def follow(budget_s: float = BUDGET_S) -> int:
    """Count what became true since, for as long as the budget lasts; returns how many entries were read. What a rebuild
    has left to do is done when there is nothing else."""
    until = time.monotonic() + budget_s
    read = 0
    note_centres()
    for centre_id in heads_behind():
        read += catch_up(centre_id, until)
    for centre_id in rebuild.unfinished():
        go_on(centre_id, until)
    Heartbeat.objects.update_or_create(name=COUNTING, defaults={"at": timezone.now()})
    return read


def go_on(centre_id: int, until: float) -> None:
    """Do what a rebuild has left; counts of other definitions than these begin one."""
    try:
        rebuild.begin(centre_id, day_of(timezone.now()))
        while time.monotonic() < until and rebuild.step(centre_id):
            pass
    except DatabaseError:
        log.exception("the rebuild of centre %s is tried again", centre_id)


def catch_up(centre_id: int, until: float | None = None) -> int:
    """Follow one centre's journal to its end, or until the time is up. A failure leaves the counts as they were."""
    read = 0
    while True:
        try:
            found = step(centre_id)
        except DatabaseError:
            log.exception("counting of centre %s is tried again", centre_id)
            return read
        read += found
        if found < ENTRIES_AT_ONCE or (until is not None and time.monotonic() >= until):
            return read


def step(centre_id: int) -> int:
    """Count the next entries of a centre in one transaction; 0 when another process does, or nothing is new."""
    with one_moment(), transaction.atomic():
        head = claim(centre_id)
        if head is None or head.version != VERSION:
            return 0
        entries = fetch(ENTRIES, {"centre": centre_id, "seq": head.seq, "most": ENTRIES_AT_ONCE})
        if not entries:
            return 0
        recount(centre_id, touched_by([(incident, readers) for _seq, incident, readers in entries]))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE dispatch_count_head SET seq = %s WHERE centre_id = %s", [entries[-1][0], centre_id])
        return len(entries)


def touched_by(entries: list[tuple[int | None, str]]) -> Touched:
    """Return what entries are about: the rows that they name."""
    touched, orders, suspects = Touched(), set(), set()
    for incident, readers in entries:
        if incident is not None:
            touched.incidents.add(incident)
        for name in json.loads(readers):
            noun, number = name.split(":")
            if noun == "incident":
                touched.incidents.add(int(number))
            elif noun == "call":
                touched.calls.add(int(number))
            elif noun == "transfer":
                touched.transfers.add(int(number))
            elif noun == "assignment":
                orders.add(int(number))
            elif noun == "suspect":
                suspects.add(int(number))
    for ids, statement in (
        (orders, "SELECT incident_id FROM dispatch_assignment WHERE id = ANY(%(ids)s)"),
        (suspects, "SELECT incident_id FROM incidents_cleared WHERE suspect_id = ANY(%(ids)s)"),
    ):
        if ids:
            touched.incidents.update(row[0] for row in fetch(statement, {"ids": list(ids)}))
    return touched
