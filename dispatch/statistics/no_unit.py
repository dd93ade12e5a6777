"""When no unit of the centre could be sent, from the periods of their statuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dispatch import policy as policies
from dispatch.statistics.delay_parts import Span
from dispatch.statistics.query import fetch
from patrol.models import NEVER_SENT, Status

# Spans in which somebody was free, joined by the database: of a month a city leaves a few.
FREE = """
SELECT lower(span), upper(span) FROM (
    SELECT unnest(range_agg(tstzrange(p.started_at, p.ended_at, '[)'))) AS span
    FROM patrol_statusperiod p JOIN patrol_unit u ON u.id = p.unit_id
    WHERE u.centre_id = %(centre)s AND p.status = ANY(%(statuses)s) AND u.kind <> ALL(%(never)s)
      AND p.started_at < %(until)s
      AND (p.ended_at IS NULL OR (p.ended_at > %(since)s AND p.started_at > %(longest)s))
) free ORDER BY 1
"""
KNOWN = "SELECT min(started_at) FROM patrol_shift WHERE centre_id = %(centre)s"
LONGEST = dt.timedelta(days=31)  # nobody is in one status for longer and leaves it: what the index is asked for
FREE_ONE = (str(Status.AVAILABLE),)
FREE_URGENT = (str(Status.AVAILABLE), str(Status.ON_TASK))


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
    return Nobody(*(gaps(free(centre_id, since, until, which), since, until) for which in (FREE_URGENT, FREE_ONE)))


def known_since(centre_id: int) -> dt.datetime | None:
    """Return when the first shift began that the centre kept."""
    [(first,)] = fetch(KNOWN, {"centre": centre_id})
    return first  # type: ignore[no-any-return]


def is_known(centre_id: int, moment: dt.datetime) -> bool:
    """Tell whether it was kept what the units did at a moment."""
    first = known_since(centre_id)
    return first is not None and first <= moment


def free(
    centre_id: int, since: dt.datetime, until: dt.datetime, statuses: tuple[str, ...]
) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """Return the spans in which somebody was free, oldest first; one without an end still lasts."""
    values = {
        "centre": centre_id,
        "since": since,
        "until": until,
        "statuses": list(statuses),
        "never": list(NEVER_SENT),
        "longest": since - LONGEST,
    }
    return fetch(FREE, values)


def gaps(spans: list[tuple[dt.datetime, dt.datetime | None]], since: dt.datetime, until: dt.datetime) -> list[Span]:
    """Return what spans that do not overlap leave of a longer one. Pure."""
    found, at = [], since
    for begin, end in spans:
        if begin > at:
            found.append((at, min(begin, until)))
        at = max(at, end or until)
    return [*found, (at, until)] if at < until else found
