"""The delays of a period by part: totals, groups, and the incidents behind them (docs/statistics.md, targets 4.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch import policy as policies
from dispatch.statistics import delay_many, late_records, made_it, no_unit
from dispatch.statistics.arrival import LIMITS, Clock
from dispatch.statistics.cube import summed
from dispatch.statistics.delay_many import Truths
from dispatch.statistics.delay_parts import PARTS, Parts, deal, excess, in_ms, norms, ringing_ms, split
from dispatch.statistics.delay_rows import Late, read
from dispatch.statistics.dimensions import DIMENSIONS
from dispatch.statistics.late_records import BIT, BUTTON, NONE, Records, moment_of
from dispatch.statistics.period import Period
from dispatch.statistics.query import one_moment
from dispatch.statistics.sums import Ints, numbered
from dispatch.statistics.visible import hidden
from incidents import limits
from incidents.audience import seen
from incidents.models import Incident
from incidents.refusals import NotFound
from incidents.row import stamp

Json = dict[str, Any]
PRIORITIES = (1, 2, 3, 4)
MOST = 100  # rows of one answer; `count` tells how many there are
HOUR_MS = 3_600_000
# Of records: the number of the group of each.
GROUPS: dict[str, Callable[[Records], Ints]] = {
    "station": lambda records: records["station"],
    "priority": lambda records: records["priority"].astype(np.int64),
    "hour": lambda records: (records["answered_at"] // HOUR_MS + 8) % 24,  # at Asia/Shanghai
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


@dataclass(frozen=True, slots=True)
class Many:
    """Late events as columns: their records, and the milliseconds of each part, as they were and as the delay is dealt."""

    records: Records
    parts: Ints
    dealt: Ints

    def where(self, which: Truths) -> Many:
        """Return some of them."""
        if which.all():
            return self
        return Many(self.records[which], self.parts[which], self.dealt[which])


def norms_of(limit_ms: int) -> dict[int, Parts]:
    """Return the norms of each priority: read once for all incidents of an answer."""
    return {priority: norms(limits.of(priority), limit_ms) for priority in PRIORITIES}


@dataclass(frozen=True, slots=True)
class Dealer:
    """Splits events, and deals their delays, by limits and policy of now."""

    nobody: no_unit.Nobody
    norms: Mapping[int, Parts]  # of each priority
    limit_ms: int
    now: dt.datetime

    def deal(self, late: Late) -> Dealt:
        """Split one event, and deal its delay."""
        priority = late.row["priority"]
        spans = self.nobody.within(priority, late.steps.answered_at, late.end_at(self.now))
        way = late.steps.way(spans, policies.current().never_after_s, self.now)
        parts, allowed = split(way, self.limit_ms), self.norms[priority]
        return Dealt(late, parts, allowed, deal(parts, allowed, self.limit_ms), ringing_ms(way))

    def deal_all(self, records: Records) -> Many:
        """Split many events, and deal their delays."""
        policy = policies.current()
        spans = (delay_many.Nobody.of(one) for one in (self.nobody.urgent, self.nobody.other))
        terms = delay_many.Terms(self.limit_ms, self.norms, policy.never_after_s, policy.divert_up_to, *spans)
        parts = delay_many.split(records, terms, self.now)
        shares = delay_many.deal(parts, records["priority"], terms)
        return Many(records, parts, shares).where(np.asarray(shares.any(axis=1)))


def of_period(centre_id: int, audience: str, period: Period, asked: Asked, now: dt.datetime) -> Json:
    """Return the delays of a period: in all, by group, and the incidents that an audience may see, the longest first (by
    the part that was asked for). What it may not see is counted, and told as `hidden`."""
    with one_moment():
        records = missed(centre_id, period, asked, now)
        nobody = nobody_of(centre_id, records, now)
        dealer = Dealer(nobody, norms_of(asked.limit_ms), asked.limit_ms, now)
        found = dealer.deal_all(records)
        group = GROUPS[asked.by](found.records)
        names = {number: group_value(asked.by, number) for number in numbered(group)[0].tolist()}
        labels = DIMENSIONS[asked.by].names(centre_id, set(names.values()))
        chosen = found if asked.value is None else found.where(np.isin(group, numbers_of(asked.value, names)))
        unseen = hidden(audience, chosen.records["id"].tolist())
        shown = rows_of(centre_id, audience, first_of(chosen, unseen, asked.part), dealer)
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
        "hidden": len(unseen),
        **total(chosen),
        "groups": groups(found, asked.by, group, names, labels),
        "rows": shown,
    }


def group_value(by: str, number: int) -> str:
    """Return a group as the answer names it; "" is no station."""
    return f"{number:02}" if by == "hour" else str(number or "")


def numbers_of(value: str, names: Mapping[int, str]) -> list[int]:
    """Return the numbers of the group of one name."""
    return [number for number, name in names.items() if name == value]


def missed(centre_id: int, period: Period, asked: Asked, now: dt.datetime) -> Records:
    """Return the misses of clock A in a period that are asked for. The caller holds the one moment."""
    records = late_records.read(centre_id, period, now)
    wanted = records["missed"] & BIT[BUTTON, f"{asked.limit}.{Clock.ANSWER.value}"] > 0
    if asked.urgent:
        wanted &= records["priority"] <= 2
    return records if wanted.all() else records[wanted]


def nobody_of(centre_id: int, records: Records, now: dt.datetime) -> no_unit.Nobody:
    """Return when nobody could be sent while some events ran."""
    if not len(records):
        return no_unit.Nobody([], [])
    ends = records["end_at"]
    last = now if (ends == NONE).any() else moment_of(int(ends.max()) + 1)
    return no_unit.read(centre_id, moment_of(int(records["answered_at"].min())), last)


def of_incident(centre_id: int, incident: Incident, visible: Json, limit: str, now: dt.datetime) -> Json:
    """Return one incident's parts with its calls for an answer to "who would have made it"; `visible` is its row as the
    reader may see it. One that was not late has its parts and no delay. Raises NotFound for one that was merged."""
    asked = Asked(limit)
    with one_moment():
        late = next(iter(read(centre_id, [incident.pk])), None)
        if late is None:
            raise NotFound()
        nobody = no_unit.read(centre_id, late.steps.answered_at, late.end_at(now))
        one = Dealer(nobody, norms_of(asked.limit_ms), asked.limit_ms, now).deal(late)
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


def total(found: Many) -> Json:
    """Add delays up by part: seconds, share of all, in how many incidents."""
    shared = np.count_nonzero(found.dealt, axis=0)
    return totals(len(found.records), found.dealt.sum(axis=0), shared, found.parts.sum(axis=0))


def totals(count: int, dealt: Ints, shared: Ints, parts: Ints) -> Json:
    """Return sums of all parts as they are sent."""
    delays, whole = dealt.tolist(), int(dealt.sum())
    n, times = shared.tolist(), parts.tolist()
    return {
        "count": count,
        "delay_s": whole / 1000,
        "elapsed_s": sum(times) / 1000,
        "parts": [
            {
                "part": name,
                "delay_s": delays[at] / 1000,
                "share": round(delays[at] / whole, 6) if whole else None,
                "n": n[at],
                "elapsed_s": times[at] / 1000,
            }
            for at, name in enumerate(PARTS)
        ],
    }


def groups(found: Many, by: str, group: Ints, names: Mapping[int, str], labels: Mapping[str, str]) -> list[Json]:
    """Return the totals of each group, the longest delay first; hours in their order."""
    numbers, mine = numbered(group)
    size = len(numbers)
    dealt, shared, parts = (
        np.stack([summed(mine, column, size) for column in columns.T], axis=1)
        for columns in (found.dealt, (found.dealt > 0).astype(np.int64), found.parts)
    )
    counts = np.bincount(mine, minlength=size).tolist()
    rows = [
        {
            "value": names[number],
            "label": labels.get(names[number], ""),
            **totals(counts[at], dealt[at], shared[at], parts[at]),
        }
        for at, number in enumerate(numbers.tolist())
    ]
    return sorted(rows, key=lambda row: row["value"] if by == "hour" else (-row["delay_s"], row["value"]))


def first_of(found: Many, unseen: set[int], part: str) -> list[int]:
    """Return the incidents that the rows show: the longest delays first; with a part, those in which it has a share."""
    ids = found.records["id"]
    amount = found.dealt[:, PARTS.index(part)] if part else found.dealt.sum(axis=1)
    shown = amount > 0
    if unseen:
        shown &= ~np.isin(ids, list(unseen))
    order = np.lexsort((ids[shown], -amount[shown]))[:MOST]
    return ids[shown][order].tolist()  # type: ignore[no-any-return]


def rows_of(centre_id: int, audience: str, ids: list[int], dealer: Dealer) -> list[Json]:
    """Return incidents with their parts as an audience may see them, in their order."""
    lates = {late.row["id"]: late for late in read(centre_id, ids)}
    incidents = Incident.objects.in_bulk(ids)
    rows = (row_of(audience, dealer.deal(lates[key]), incidents[key]) for key in ids)
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
        "answered_at": stamp(late.steps.answered_at),
        "arrived_at": stamp(late.steps.arrived_at),
        "units": [late.said[order.id].call_sign for order in late.orders],
        "corrected_at": stamp(late.steps.corrected_at),
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
