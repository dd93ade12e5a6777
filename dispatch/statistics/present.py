"""What is counted of the present moment and not of a period: coverage (K19) and open loops (K20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import numpy as np

from dispatch.statistics.figures import Column, no_data
from dispatch.statistics.query import fetch_named
from patrol.roads import live

Json = dict[str, Any]
COVERED_WITHIN_S = 300
# Incidents that are still open, with the owner who must act; a limit that was missed and met late is closed.
OPEN_LOOPS = """
SELECT i.id AS incident, i.incident_no, i.jurisdiction_id AS owner, i.jurisdiction_name AS owner_name, found.what,
       min(found.due_at) AS due_at
FROM (
    SELECT d.incident_id, d.kind AS what, d.due_at FROM incidents_deadline d
    WHERE d.centre_id = %(centre)s AND d.stopped_at IS NULL
      AND (d.state = 'missed' OR d.state = 'running' AND d.due_at < %(now)s)
  UNION ALL
    SELECT incident_id, 'supervision', due_at FROM incidents_supervisionorder
    WHERE centre_id = %(centre)s AND state <> 'closed' AND due_at < %(now)s
  UNION ALL
    SELECT incident_id, 'callback', due_at FROM incidents_callback
    WHERE centre_id = %(centre)s AND outcome = '' AND due_at < %(now)s
  UNION ALL
    SELECT incident_id, 'receipt', receipt_by FROM incidents_transfer
    WHERE centre_id = %(centre)s AND state IN ('unsent', 'sent') AND receipt_by < %(now)s
) AS found JOIN incidents_incident i ON i.id = found.incident_id
WHERE NOT i.drill AND (found.what IN ('supervision', 'callback', 'receipt')
  OR i.stage NOT IN ('closed', 'archived', 'merged', 'handed_over', 'cancelled', 'invalid'))
GROUP BY i.id, found.what ORDER BY min(found.due_at), i.id
"""


def figures(centre_id: int, keys: Collection[str], now: dt.datetime) -> list[Json]:
    """Return K19 and K20 as they are at this moment, where they are asked for."""
    found: list[Column] = []
    if "K19" in keys:
        found.append(coverage(centre_id, now))
    if "K20" in keys:
        found.append(open_loop(centre_id, now))
    return [column.rows_of([""], now)[0] for column in found]


def coverage(centre_id: int, now: dt.datetime) -> Column:
    """Return the share of the demand that an available unit reaches in five minutes (K19); n is the incidents that the
    demand was learnt from."""
    known = live.covering(centre_id, now)
    if known is None:
        return no_data("K19", "none", "covered", 1)
    return Column(
        "K19", "none", "covered", np.array([known.share(COVERED_WITHIN_S)]), np.array([known.demand.n]),
        source="position", within_s=COVERED_WITHIN_S,
    )  # fmt: skip


def open_loop(centre_id: int, now: dt.datetime) -> Column:
    """Return how many incidents are past any deadline (K20)."""
    n = len({row["incident"] for row in overdue(centre_id, now)})
    return Column("K20", "none", "open", np.array([float(n)]), np.array([n]), "K20", unit="count", target=0.0)


def overdue(centre_id: int, now: dt.datetime) -> list[Json]:
    """List what is past its deadline, the oldest first, with the owner who must act."""
    return fetch_named(OPEN_LOOPS, {"centre": centre_id, "now": now})
