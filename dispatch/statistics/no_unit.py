"""When no unit of the centre could be sent, from the periods of their statuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dispatch import policy as policies
from dispatch.statistics.delay_parts import Span
from dispatch.statistics.query import fetch, fetch_binary
from patrol.models import NEVER_SENT, Status

# Spans in which somebody was free, for urgent work and for the rest, joined by the database: of a month a city leaves a
# few. The periods are read once for both.
FREE = """
WITH found AS MATERIALIZED (
    SELECT p.status, tstzrange(p.started_at, p.ended_at, '[)') AS span
    FROM patrol_statusperiod p JOIN patrol_unit u ON u.id = p.unit_id
    WHERE u.centre_id = %(centre)s AND p.status = ANY(%(statuses)s) AND u.kind <> ALL(%(never)s)
      AND p.started_at < %(until)s
      AND (p.ended_at IS NULL OR (p.ended_at > %(since)s AND p.started_at > %(longest)s))
)
SELECT urgent, lower(span), upper(span) FROM (
    SELECT true AS urgent, unnest(range_agg(span)) AS span FROM found
  UNION ALL
    SELECT false, unnest(range_agg(span)) FROM found WHERE status = %(other)s
) free ORDER BY 1, 2
"""
KNOWN = "SELECT min(started_at) FROM patrol_shift WHERE centre_id = %(centre)s"
Free = tuple[dt.datetime, dt.datetime | None]
LONGEST = dt.timedelta(days=31)  # nobody is in one status for longer and leaves it: what the index is asked for
FREE_OTHER, FREE_URGENT = str(Status.AVAILABLE), (str(Status.AVAILABLE), str(Status.ON_TASK))


@dataclass(frozen=True, slots=True)
class Nobody:
    """When nobody was free for urgent work (which may take a unit from its task), and for the rest."""

    urgent: list[Span]
    other: list[Span]

    def of(self, priority: int) -> list[Span]:
        """Return the spans that hold for a priority."""
        return self.urgent if priority <= policies.current().divert_up_to else self.other

    def within(self, priority: int, since: dt.datetime, until: dt.datetime) -> list[Span]:
        """Return those that touch a span."""
        return [one for one in self.of(priority) if one[0] < until and one[1] > since]


def read(centre_id: int, since: dt.datetime, until: dt.datetime) -> Nobody:
    """Read when nobody was free. Before the first shift that the centre kept, nothing is known and nothing is said."""
    first = known_since(centre_id)
    if first is None or first >= until:
        return Nobody([], [])
    since = max(since, first)
    spans = free(centre_id, since, until)
    return Nobody(*(gaps(spans[urgent], since, until) for urgent in (True, False)))


def known_since(centre_id: int) -> dt.datetime | None:
    """Return when the first shift began that the centre kept."""
    [(first,)] = fetch(KNOWN, {"centre": centre_id})
    return first  # type: ignore[no-any-return]


def is_known(centre_id: int, moment: dt.datetime) -> bool:
    """Tell whether it was kept what the units did at a moment."""
    first = known_since(centre_id)
    return first is not None and first <= moment


def free(centre_id: int, since: dt.datetime, until: dt.datetime) -> dict[bool, list[Free]]:
    """Return the spans in which somebody was free for urgent work (True) and for the rest (False), oldest first; one
    without an end still lasts."""
    values = {
        "centre": centre_id,
        "since": since,
        "until": until,
        "statuses": list(FREE_URGENT),
        "other": FREE_OTHER,
        "never": list(NEVER_SENT),
        "longest": since - LONGEST,
    }
    found: dict[bool, list[Free]] = {True: [], False: []}
    for urgent, begin, end in fetch_binary(FREE, values):
        found[urgent].append((begin, end))
    return found


def gaps(spans: list[Free], since: dt.datetime, until: dt.datetime) -> list[Span]:
    """Return what spans that do not overlap leave of a longer one. Pure."""
    found, at = [], since
    for begin, end in spans:
        if begin > at:
            found.append((at, min(begin, until)))
        at = max(at, end or until)
    return [*found, (at, until)] if at < until else found
