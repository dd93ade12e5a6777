"""The parameters of arrivals, fitted from the centre's own orders where there are enough of them."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any, Final

from django.db import connection

from dispatch import policy as policies
from dispatch import spread
from dispatch.spread import Spread

SINCE: Final = dt.timedelta(days=60)
AT_MOST: Final = 5_000
RENEW_EVERY_S: Final = 600.0
LEAST_ROAD_S: Final = 20.0  # a ratio to a shorter estimate says more about parking than about driving
_known: dict[int, tuple[float, Spread]] = {}

# Buttons that somebody pressed at the moment: neither by radio nor implied by a later step. Drills and discoveries are
# out; what refused, withdrew or never drove has no such moment.
CASES = """
SELECT CASE WHEN pressed.accepted THEN extract(epoch FROM accepted_at - dispatched_at) END,
       CASE WHEN pressed.accepted AND pressed.departed THEN extract(epoch FROM departed_at - accepted_at) END,
       CASE WHEN pressed.departed AND pressed.arrived AND (rank_basis->>'seconds')::float8 > %(least)s
            THEN extract(epoch FROM on_scene_at - departed_at) / (rank_basis->>'seconds')::float8 END,
       rank_basis->>'way'
FROM dispatch_assignment a JOIN incidents_incident i ON i.id = a.incident_id,
     LATERAL (SELECT marks->'accepted'->>'implied' = 'false' AND marks->'accepted'->>'by_proxy' = 'false',
                     marks->'en_route'->>'implied' = 'false' AND marks->'en_route'->>'by_proxy' = 'false',
                     marks->'on_scene'->>'implied' = 'false' AND marks->'on_scene'->>'by_proxy' = 'false')
             AS pressed (accepted, departed, arrived)
WHERE a.centre_id = %(centre)s AND dispatched_at >= %(since)s AND purpose <> 'self' AND NOT i.drill
      AND accepted_at IS NOT NULL
ORDER BY dispatched_at DESC LIMIT %(most)s
"""


def parameters(centre_id: int, now: dt.datetime) -> Spread:
    """Return the parameters of a centre; read at most every ten minutes."""
    known = _known.get(centre_id)
    if known is None or time.monotonic() - known[0] > RENEW_EVERY_S:
        known = (time.monotonic(), spread.fitted(policies.current(), cases(centre_id, now)))
        _known[centre_id] = known
    return known[1]


def forget() -> None:
    """Drop the copies."""
    _known.clear()


def cases(centre_id: int, now: dt.datetime) -> dict[str, list[float]]:
    """Return the cases of each part: seconds of delay, ratios of actual to estimated road time by basis."""
    values: dict[str, Any] = {"centre": centre_id, "since": now - SINCE, "least": LEAST_ROAD_S, "most": AT_MOST}
    with connection.cursor() as cursor:
        cursor.execute(CASES, values)
        rows = cursor.fetchall()
    found: dict[str, list[float]] = {"accept": [], "turnout": [], "road": [], "straight": []}
    for accept, turnout, ratio, basis in rows:
        if accept is not None:
            found["accept"].append(float(accept))
        if turnout is not None:
            found["turnout"].append(float(turnout))
        if ratio is not None and basis in ("road", "straight"):
            found[basis].append(float(ratio))
    return found
