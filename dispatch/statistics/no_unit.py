"""When no unit of the centre could be sent, from the periods of their statuses.

Of days that have settled it is kept by day (`keep`, with the roll-up): a status is closed at the moment of its change and
never before, so that nothing of theirs can change any more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from dispatch import policy as policies
from dispatch.statistics.delay_parts import Span
from dispatch.statistics.period import day_of, day_span
from dispatch.statistics.query import fetch, fetch_binary
from patrol.models import NEVER_SENT, Status

# Every span in which a unit was free, as one piece: begin and end as PostgreSQL sends moments (microseconds since 2000),
# and whether the unit was free for urgent work alone. A span that still lasts ends at the last moment that there is.
FREE = r"""
SELECT string_agg(timestamptz_send(p.started_at) || coalesce(timestamptz_send(p.ended_at), '\x7fffffffffffffff'::bytea)
                  || CASE WHEN p.status = %(other)s THEN '\x00'::bytea ELSE '\x01'::bytea END, ''::bytea)
FROM patrol_statusperiod p JOIN patrol_unit u ON u.id = p.unit_id
WHERE u.centre_id = %(centre)s AND p.status = ANY(%(statuses)s) AND u.kind <> ALL(%(never)s)
  AND p.started_at < %(until)s
  AND (p.ended_at IS NULL OR (p.ended_at > %(since)s AND p.ended_at < %(longest)s))
"""
KEPT = """
SELECT day, urgent, other FROM dispatch_count_nobody
WHERE centre_id = %(centre)s AND day >= %(first)s AND day <= %(last)s ORDER BY day
"""
KEEP = """
INSERT INTO dispatch_count_nobody (centre_id, day, urgent, other) VALUES (%s, %s, %s, %s)
ON CONFLICT (centre_id, day) DO UPDATE SET urgent = excluded.urgent, other = excluded.other
"""
SPAN = np.dtype([("begin", ">i8"), ("end", ">i8"), ("urgent_only", "?")])
LASTS, MILLENNIUM = np.iinfo(np.int64).max, dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
MICROSECOND, DAY = dt.timedelta(microseconds=1), dt.timedelta(days=1)
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

    def cut(self, since: dt.datetime, until: dt.datetime) -> Nobody:
        """Return what lies in a span."""
        return Nobody(*(list(cut(spans, since, until)) for spans in (self.urgent, self.other)))


def read(centre_id: int, since: dt.datetime, until: dt.datetime) -> Nobody:
    """Read when nobody was free: as it was kept of the days that have settled, from the periods of status for the others.
    Before the first shift that the centre kept, nothing is known and nothing is said."""
    first = known_since(centre_id)
    if first is None or max(first, since) >= until:
        return Nobody([], [])
    since = max(since, first)
    days = [day_of(since), day_of(until - MICROSECOND)]
    kept = {
        day: Nobody(unpacked(urgent), unpacked(other))
        for day, urgent, other in fetch_binary(KEPT, {"centre": centre_id, "first": days[0], "last": days[1]})
    }
    parts: list[Nobody] = []
    every = (days[0] + DAY * at for at in range((days[1] - days[0]).days + 1))
    for is_kept, run in groupby(every, kept.__contains__):
        these = list(run)
        if is_kept:
            parts += [kept[day] for day in these]
        else:
            begin, end = day_span(these[0])[0], day_span(these[-1])[1]
            parts.append(from_periods(centre_id, max(begin, since), min(end, until)))
    whole = Nobody(touching(part.urgent for part in parts), touching(part.other for part in parts))
    return whole.cut(since, until)


def from_periods(centre_id: int, since: dt.datetime, until: dt.datetime) -> Nobody:
    """Find when nobody was free in the periods of status."""
    spans = free(centre_id, since, until)
    return Nobody(*(gaps(spans[urgent], since, until) for urgent in (True, False)))


def keep(centre_id: int, first: dt.date, last: dt.date) -> None:
    """Keep when nobody was free on days that have settled, inside the caller's transaction. Of the time before the first
    shift nothing is kept."""
    known = known_since(centre_id)
    if known is None or day_of(known) > last:
        return
    first = max(first, day_of(known))
    found = from_periods(centre_id, day_span(first)[0], day_span(last)[1])
    days = [first + DAY * at for at in range((last - first).days + 1)]
    parts = ((day, found.cut(*day_span(day))) for day in days)
    with connection.cursor() as cursor:
        cursor.executemany(KEEP, [[centre_id, day, packed(one.urgent), packed(one.other)] for day, one in parts])


def forget(centre_id: int) -> None:
    """Keep nothing: a rebuild keeps it anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM dispatch_count_nobody WHERE centre_id = %s", [centre_id])


def packed(spans: list[Span]) -> bytes:
    """Write spans as whole microseconds since 2000, begin and end."""
    return np.array([[(one - MILLENNIUM) // MICROSECOND for one in span] for span in spans], dtype="<i8").tobytes()


def unpacked(written: bytes) -> list[Span]:
    """Read spans."""
    pairs = np.frombuffer(bytes(written), dtype="<i8").reshape(-1, 2).tolist()
    return [(moment(begin), moment(end)) for begin, end in pairs]


def cut(spans: Iterable[Span], since: dt.datetime, until: dt.datetime) -> Iterator[Span]:
    """Return what of spans lies in a longer one. Pure."""
    return ((max(begin, since), min(end, until)) for begin, end in spans if begin < until and end > since)


def touching(parts: Iterable[list[Span]]) -> list[Span]:
    """Return the spans of parts that follow one another, those as one that touch. Pure."""
    found: list[Span] = []
    for begin, end in (span for part in parts for span in part):
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


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
        "longest": until + LONGEST,
    }
    [(written,)] = fetch_binary(FREE, values)
    spans = np.frombuffer(bytes(written or b""), dtype=SPAN)
    return {True: joined(spans), False: joined(spans[~spans["urgent_only"]])}


def joined(spans: NDArray[Any]) -> list[Free]:
    """Join spans that touch or overlap each other, oldest first. Pure."""
    if not len(spans):
        return []
    order = np.argsort(spans["begin"], kind="stable")
    begins, ends = spans["begin"][order].astype(np.int64), np.maximum.accumulate(spans["end"][order].astype(np.int64))
    first = np.flatnonzero(np.concatenate(([True], begins[1:] > ends[:-1])))
    last = np.concatenate((first[1:], [len(begins)])) - 1
    return [
        (moment(begin), None if end == LASTS else moment(end))
        for begin, end in zip(begins[first].tolist(), ends[last].tolist(), strict=True)
    ]


def moment(sent: int) -> dt.datetime:
    """Read a moment as PostgreSQL sends it."""
    return MILLENNIUM + dt.timedelta(microseconds=sent)


def gaps(spans: list[Free], since: dt.datetime, until: dt.datetime) -> list[Span]:
    """Return what spans that do not overlap leave of a longer one. Pure."""
    found, at = [], since
    for begin, end in spans:
        if begin > at:
            found.append((at, min(begin, until)))
        at = max(at, end or until)
    return [*found, (at, until)] if at < until else found
