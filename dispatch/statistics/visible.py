"""Which incidents of a list an audience may not see at all: the rule of `incidents.audience`, for many at once."""

from __future__ import annotations

from collections.abc import Collection

from dispatch.statistics.query import fetch, listed
from incidents.audience import COMPLAINT, COMPLAINT_CLASS

COMPLAINTS = """
SELECT id FROM incidents_incident
WHERE id = ANY(%(ids)s::bigint[]) AND (type_reported LIKE %(type)s OR intake_class = %(class)s)
"""


def hidden(audience: str, ids: Collection[int]) -> set[int]:
    """Return those that the audience may not see: complaints about the police for the overview (R1)."""
    if audience in ("desk", "inspector"):
        return set()
    return {
        row[0] for row in fetch(COMPLAINTS, {"ids": listed(ids), "type": f"{COMPLAINT}%", "class": COMPLAINT_CLASS})
    }
