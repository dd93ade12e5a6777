"""The delays of a period by part: totals, groups, and the incidents behind them (docs/statistics.md, targets 4.4)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.statistics import made_it, no_unit
from dispatch.statistics.arrival import LIMITS, Clock
from dispatch.statistics.delay_parts import PARTS, Parts, deal, excess, in_ms, norms, ringing_ms, split
from dispatch.statistics.delay_rows import Late, read
from dispatch.statistics.dimensions import DIMENSIONS
from dispatch.statistics.misses import BUTTON, beyond
from dispatch.statistics.period import CHINA, Period
from dispatch.statistics.query import one_moment
from dispatch.statistics.visible import hidden
from incidents import limits
from incidents.audience import seen
from incidents.models import Incident
from incidents.refusals import NotFound
from incidents.row import stamp

Json = dict[str, Any]
PRIORITIES = (1, 2, 3, 4)
MOST = 100  # rows of one answer; `count` tells how many there are
GROUPS: dict[str, Callable[[Late], str]] = {
    "station": lambda late: str(late.row["jurisdiction_id"] or ""),
    "priority": lambda late: str(late.row["priority"]),
    "hour": lambda late: f"{late.answered_at.astimezone(CHINA).hour:02}",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which delays are asked for: beyond K7's or K8's limit, urgent ones alone, one group alone, one part first."""

    limit: str = "K7"
    urgent: bool = False
    by: str = "station"
    value: str | None = None
    part: str = ""

    @property
    def limit_ms(self) -> int:
        """Return the limit in milliseconds."""
        return in_ms(LIMITS[self.limit])


@dataclass(slots=True)
class Dealt:
    """One late event with its parts, their norms and its dealt delay, in milliseconds."""

    late: Late
    parts: Parts
    norms: Parts
    dealt: Parts
    ringing: int | None

    @property
    def total(self) -> int:
        """Return the delay."""
        return sum(self.dealt.values())


def norms_of(limit_ms: int) -> dict[int, Parts]:
    """Return the norms of each priority: read once for all incidents of an answer."""
    return {priority: norms(limits.of(priority), limit_ms) for priority in PRIORITIES}


def deal_one(late: Late, nobody: no_unit.Nobody, allowed: Parts, limit_ms: int) -> Dealt:
    """Split one event, and deal its delay."""
    way = late.way(nobody.within(late.row["priority"], late.answered_at, late.end_at))
    parts = split(way, limit_ms)
    return Dealt(late, parts, allowed, deal(parts, allowed, limit_ms), ringing_ms(way))


def of_period(centre_id: int, audience: str, period: Period, asked: Asked, now: dt.datetime) -> Json:
    """Return the delays of a period: in all, by group, and the incidents that an audience may see, the longest first (by
    the part that was asked for). What it may not see is counted, and told as `hidden`."""
    with one_moment():
        found = [one for one in dealt(centre_id, period, asked.limit, now) if wanted(one, asked)]
        labels = DIMENSIONS[asked.by].names(centre_id, {GROUPS[asked.by](one.late) for one in found})
        unseen = hidden(audience, [one.late.row["id"] for one in found])
        chosen = [one for one in found if asked.value is None or GROUPS[asked.by](one.late) == asked.value]
        shown = rows_of(audience, sorted(chosen, key=lambda one: longest(one, asked.part)), unseen, asked.part)
    return {
        "as_of": stamp(now),
        "period": {
            "since": stamp(period.since),
            "until": stamp(period.until),
            "days": len(period.days()),
            "first": str(period.first),
            "last": str(period.last),
        },
        "clock": Clock.ANSWER.value,
        "source": BUTTON,
        "limit": asked.limit,
        "limit_s": asked.limit_ms // 1000,
        "urgent": asked.urgent,
        "by": asked.by,
        "value": asked.value,
        "part": asked.part,
        "hidden": len(unseen & {one.late.row["id"] for one in chosen}),
        **total(chosen),
        "groups": groups(found, asked.by, labels),
        "rows": shown,
    }


def dealt(centre_id: int, period: Period, limit: str, now: dt.datetime) -> list[Dealt]:
    """Split and deal every miss of clock A in a period. The caller holds the one moment."""
    misses = beyond(centre_id, period, f"{limit}.{Clock.ANSWER.value}", now)
    if not misses:
        return []
    found = read(centre_id, misses, now)
    nobody = no_unit.read(centre_id, min(one.answered_at for one in found), max(one.end_at for one in found))
    within = in_ms(LIMITS[limit])
    allowed = norms_of(within)
    split_ = (deal_one(late, nobody, allowed[late.row["priority"]], within) for late in found)
    return [one for one in split_ if one.total > 0]


def of_incident(centre_id: int, incident: Incident, visible: Json, limit: str, now: dt.datetime) -> Json:
    """Return one incident's parts with its calls for an answer to "who would have made it"; `visible` is its row as the
    reader may see it. One that was not late has its parts and no delay. Raises NotFound for one that was merged."""
    asked = Asked(limit)
    with one_moment():
        late = next(iter(read(centre_id, [incident.pk], now)), None)
        if late is None:
            raise NotFound()
        nobody = no_unit.read(centre_id, late.answered_at, late.end_at)
        allowed = norms(limits.of(late.row["priority"]), asked.limit_ms)
        one = deal_one(late, nobody, allowed, asked.limit_ms)
        would_have = made_it.would_have(centre_id, late, asked.limit_ms // 1000, now)
    return {
        "as_of": stamp(now),
        "clock": Clock.ANSWER.value,
        "source": BUTTON,
        "limit": limit,
        "limit_s": asked.limit_ms // 1000,
        **head_of(visible, late),
        **split_of(one),
        "made_it": would_have,
    }


def wanted(one: Dealt, asked: Asked) -> bool:
    """Tell whether a delay is asked for."""
    return not asked.urgent or one.late.row["priority"] <= 2


def longest(one: Dealt, part: str) -> tuple[int, int]:
    """Return the sort key: the longest delay (of a part) first."""
    return -(one.dealt[part] if part else one.total), one.late.row["id"]


def total(found: list[Dealt]) -> Json:
    """Add delays up by part: seconds, share of all, in how many incidents."""
    none = [()] * len(PARTS)
    shares = list(zip(*(one.dealt.values() for one in found), strict=True)) or none  # both in the order of PARTS
    times = [sum(column) for column in zip(*(one.parts.values() for one in found), strict=True)] or [0] * len(PARTS)
    delays = [sum(column) for column in shares]
    whole = sum(delays)
    return {
        "count": len(found),
        "delay_s": whole / 1000,
        "elapsed_s": sum(times) / 1000,
        "parts": [
            {
                "part": name,
                "delay_s": delays[at] / 1000,
                "share": round(delays[at] / whole, 6) if whole else None,
                "n": len(found) - shares[at].count(0),  # no share is negative
                "elapsed_s": times[at] / 1000,
            }
            for at, name in enumerate(PARTS)
        ],
    }


def groups(found: list[Dealt], by: str, labels: Mapping[str, str]) -> list[Json]:
    """Return the totals of each group, the longest delay first; hours in their order."""
    parted: defaultdict[str, list[Dealt]] = defaultdict(list)
    for one in found:
        parted[GROUPS[by](one.late)].append(one)
    rows = [{"value": value, "label": labels.get(value, ""), **total(mine)} for value, mine in parted.items()]
    return sorted(rows, key=lambda row: row["value"] if by == "hour" else (-row["delay_s"], row["value"]))


def rows_of(audience: str, found: list[Dealt], unseen: set[int], part: str) -> list[Json]:
    """Return the rows of the first of them that an audience may see; with a part, those in which it has a share."""
    open_ = [one for one in found if one.late.row["id"] not in unseen and (not part or one.dealt[part])][:MOST]
    incidents = Incident.objects.in_bulk([one.late.row["id"] for one in open_])
    rows = (row_of(audience, one, incidents[one.late.row["id"]]) for one in open_)
    return [row for row in rows if row is not None]


def row_of(audience: str, one: Dealt, incident: Incident) -> Json | None:
    """Return a delay as an audience may see it, or None."""
    visible = seen(audience, "incident", incident.row(), incident.readers())
    return None if visible is None else {**head_of(visible, one.late), **split_of(one)}


def head_of(visible: Json, late: Late) -> Json:
    """Return what names an incident; `visible` is its row as the reader may see it."""
    return {
        "incident": late.row["id"],
        **{name: visible[name] for name in ("incident_no", "type_reported", "address_text")},
        "priority": late.row["priority"],
        "stage": late.row["stage"],
        "answered_at": stamp(late.answered_at),
        "arrived_at": stamp(late.arrived_at),
        "units": [order.call_sign for order in late.orders],
        "corrected_at": stamp(late.corrected_at),
    }


def split_of(one: Dealt) -> Json:
    """Return the parts in seconds; what took no time is left out. `ringing_s` lies before clock A."""
    over = excess(one.parts, one.norms)
    return {
        "ringing_s": None if one.ringing is None else one.ringing / 1000,
        "elapsed_s": sum(one.parts.values()) / 1000,
        "delay_s": one.total / 1000,
        "parts": [
            {
                "part": name,
                "seconds": one.parts[name] / 1000,
                "norm_s": one.norms[name] / 1000,
                "excess_s": over[name] / 1000,
                "delay_s": one.dealt[name] / 1000,
            }
            for name in PARTS
            if one.parts[name]
        ],
    }
