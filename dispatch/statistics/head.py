"""How far the counts of a centre have followed its journal, and what a rebuild has left to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from dispatch.statistics.marks import VERSION
from dispatch.statistics.query import fetch

CLAIM = """
SELECT seq, version, rebuild_from, rebuild_next, rebuild_until FROM dispatch_count_head
WHERE centre_id = %(centre)s
"""


@dataclass(frozen=True, slots=True)
class CountHead:
    """The last entry that is counted; while a rebuild runs, its days: from, next and until (inclusive)."""

    seq: int
    version: int
    rebuild_from: dt.date | None
    rebuild_next: dt.date | None
    rebuild_until: dt.date | None

    @property
    def rebuilding(self) -> bool:
        """Tell whether days are left to be counted anew."""
        return self.rebuild_next is not None


def claim(centre_id: int) -> CountHead | None:
    """Take a centre's counts for this transaction; None when another process has them."""
    rows = fetch(CLAIM + " FOR UPDATE SKIP LOCKED", {"centre": centre_id})
    return CountHead(*rows[0]) if rows else None


def read(centre_id: int) -> CountHead:
    """Return how far a centre is counted; a centre that nobody has counted yet is at 0."""
    rows = fetch(CLAIM, {"centre": centre_id})
    return CountHead(*rows[0]) if rows else CountHead(0, VERSION, None, None, None)


def note_centres() -> None:
    """Give every centre its head; a new one begins before the first entry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_count_head (centre_id, version) SELECT centre_id, %s FROM incidents_head h "
            "WHERE NOT EXISTS (SELECT 1 FROM dispatch_count_head c WHERE c.centre_id = h.centre_id) "
            "ON CONFLICT DO NOTHING",
            [VERSION],
        )


def heads_behind() -> list[int]:
    """Return the centres whose journal went on."""
    rows = fetch(
        "SELECT c.centre_id FROM dispatch_count_head c JOIN incidents_head h ON h.centre_id = c.centre_id "
        "WHERE h.seq > c.seq AND c.version = %(version)s",
        {"version": VERSION},
    )
    return [row[0] for row in rows]
