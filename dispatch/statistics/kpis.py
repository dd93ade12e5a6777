"""The figures K1 to K18: which measures each needs and how it is computed from their counts (domain 8). Pure.

K19 and K20 are of the present moment and not of a period: `present.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dispatch.statistics.cube import Cube, Outcomes, Spread
from dispatch.statistics.figures import (
    BucketColumn,
    Column,
    count,
    left_out,
    percentiles,
    rate,
    share,
)
from dispatch.statistics.hands import AFTERWARDS, CREW, IMPLIED, RADIO
from dispatch.statistics.marks import CLOCKS, MEASURES, SOURCES, Outcome
from dispatch.statistics.reading import Read

ANSWER_WITHIN_S = 10  # threshold of K1, as NFPA 1225 has it; no national figure is known (R17)
TRUST_S = 60  # K10
BUCKETS = {
    "K4": (30, 60, 120, 180),
    "K5": (300, 600, 900, 1800),
    "K6": (1800, 3600, 7200, 14400),
}  # seconds (domain 8, R25)
TARGETS = {"K7": 0.80, "K8": 1.0, "K15": 1.0}
WITHIN_S = {"K7": 300, "K8": 600}
PERCENTS = (50, 80, 90, 95)
Columns = list[Column | BucketColumn]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One key of the list."""

    key: str
    measures: tuple[str, ...]
    make: Callable[[Counts], Columns]


class Counts:
    """What a figure is made of: outcomes and durations by the name of their measure."""

    def __init__(self, read: Read, clocks: Sequence[str] = CLOCKS, sources: Sequence[str] = SOURCES) -> None:
        """Take cubes over the same groups, and which clocks and sources of time are asked for."""
        self.read = read
        self.size = len(read.groups)
        self.clocks, self.sources = clocks, sources

    def outcomes(self, measure: str) -> Outcomes:
        """Return the outcomes of a measure."""
        return self.cube(measure).outcomes(measure)

    def spread(self, measure: str) -> Spread:
        """Return the durations of a measure."""
        return self.cube(measure).spread(measure)

    def cube(self, measure: str) -> Cube:
        """Return the cube that a measure lies in."""
        return self.read.cubes[MEASURES[measure].kind]


def answer_time(counts: Counts) -> Columns:
    """K1: from the first ring of voice calls; lost calls beside it, ringing ones open."""
    found = counts.spread("K1")
    within = found.up_to(ANSWER_WITHIN_S)
    beside: dict[str, Any] = {"open": found.open, "lost": found.lost}
    return [
        Column("K1", "ring", "within", share(within, found.n), found.n, "K1", hits=within, beside=beside,
               within_s=ANSWER_WITHIN_S),
        *percentiles("K1", "ring", found, "K1", (50, 90), beside={"lost": found.lost}),
    ]  # fmt: skip


def order_time(counts: Counts) -> Columns:
    """K2: from the answer to the first order."""
    excluded = left_out(counts.outcomes("base.published"))
    return [*percentiles("K2", "A", counts.spread("K2"), "K2", PERCENTS, excluded=excluded)]


def place_time(counts: Counts) -> Columns:
    """K3: from the answer to the accepted place, and the share of places that nobody verified."""
    excluded, places = left_out(counts.outcomes("base.published")), counts.outcomes("K3.place")
    unverified, placed = places[Outcome.MISS], places[(Outcome.HIT, Outcome.MISS)]
    return [
        *percentiles("K3", "A", counts.spread("K3"), "K3", PERCENTS, excluded=excluded),
        Column("K3", "A", "unverified", share(unverified, placed), placed, "K3.place", hits=unverified,
               beside={"open": places[Outcome.OPEN]}, excluded=excluded),
    ]  # fmt: skip


def orders_beside(counts: Counts) -> dict[str, Any]:
    """Return the columns that stand beside the buckets of orders."""
    states = counts.outcomes("orders")
    excluded = {code: states[outcome] for code, outcome in (("EX1", Outcome.EX1), ("EX3", Outcome.EX3))}
    beside = {"refused": states[Outcome.MISS], "withdrawn": states[Outcome.OPEN]}
    return {"beside": beside, "excluded": excluded}


def sign(counts: Counts) -> Columns:
    """K4: acceptance after dispatch."""
    shown = orders_beside(counts)
    shown["beside"]["needless"] = np.zeros(counts.size, dtype=np.int64)
    return [BucketColumn("K4", "order", BUCKETS["K4"], counts.spread("K4"), "K4", **shown)]


def depart(counts: Counts) -> Columns:
    """K5: departure after dispatch, by each source; orders finished before anybody departed stand beside it."""
    shown = orders_beside(counts)
    shown["beside"]["needless"] = counts.outcomes("needless").all()
    return [
        BucketColumn("K5", "order", BUCKETS["K5"], counts.spread(f"K5.{source}"), f"K5.{source}", source, **shown)
        for source in counts.sources
    ]


def feedback(counts: Counts) -> Columns:
    """K6: the first handling report, from the dispatch and from the end of the work."""
    shown = orders_beside(counts)
    return [
        BucketColumn("K6", clock, BUCKETS["K6"], counts.spread(f"K6.{clock}"), f"K6.{clock}", **shown)
        for clock in ("order", "finish")
    ]


def arrival_rate(key: str) -> Callable[[Counts], Columns]:
    """Return the maker of K7 or K8: the share reached within the limit, on both clocks and by every source."""

    def make(counts: Counts) -> Columns:
        return [
            rate(key, clock, counts.outcomes(name), name, source=source, target=TARGETS[key], within_s=WITHIN_S[key])
            for source in counts.sources
            for clock in counts.clocks
            for name in (f"{key}.{clock}.{source}",)
        ]

    return make


def arrival_time(counts: Counts) -> Columns:
    """K9: percentiles of T on both clocks and by every source, and where the published times come from."""
    found: Columns = []
    for source in counts.sources:
        base = counts.outcomes(f"base.{source}")
        for clock in counts.clocks:
            name = f"K9.{clock}.{source}"
            beside = {"no_time": base[Outcome.NO_TIME], "outside": base[Outcome.OUTSIDE]}
            found += percentiles(
                "K9", clock, counts.spread(name), name, PERCENTS, source=source, beside=beside, excluded=left_out(base)
            )
    if "published" not in counts.sources:
        return found
    sources = counts.outcomes("K9.source")
    return [*found, rate("K9", "none", sources, "K9.source", measure="by_position", source="published")]


def trust(counts: Counts) -> Columns:
    """K10: how far button and position differ, and how many orders have a position time at all."""
    found: Columns = []
    for name, measure in (("K10.arrive", "arrival"), ("K10.depart", "departure")):
        spread = counts.spread(name)
        far = spread.n - spread.up_to(TRUST_S)
        found += [
            Column("K10", "none", f"{measure}_p50", spread.at_rank(50), spread.n, name, unit="s"),
            Column("K10", "none", f"{measure}_over_60", share(far, spread.n), spread.n, name, hits=far,
                   within_s=TRUST_S),
        ]  # fmt: skip
    return [*found, rate("K10", "none", counts.outcomes("K10.known"), "K10.known", measure="with_position")]


def satisfaction(counts: Counts) -> Columns:
    """K11: always three counts, satisfied of replied of asked; unsuitable ones are shown and not asked."""
    found: Columns = []
    for aim in ("handling", "taking"):
        name = f"K11.{aim}"
        outcomes = counts.outcomes(name)
        replied, asked = outcomes[(1, 2, 3)], outcomes[(1, 2, 3, 4, 5, 7)]
        beside = {"replied": replied, "asked": asked, "unsuitable": outcomes[6], "open": outcomes[7]}
        for measure, hits, n in (
            ("satisfied", outcomes[(1, 2)], replied),
            ("fully_satisfied", outcomes[1], replied),
            ("replied", replied, asked),
        ):
            found.append(
                Column("K11", aim, measure, share(hits, n), n, name, source="callback", hits=hits, beside=dict(beside))
            )
    return found


def results(counts: Counts) -> Columns:
    """K12: suspects who were caught, recovered vehicles, incidents that an arrest cleared along."""
    return [
        count("K12", name, counts.outcomes(f"K12.{name}").all(), f"K12.{name}")
        for name in ("suspects", "vehicles", "cleared")
    ]


def arrest_time(counts: Counts) -> Columns:
    """K13: from the answer to the first arrest, of incidents with one, in whole minutes."""
    found = counts.spread("K13")
    early = {name: found.up_to(minutes) for name, minutes in (("within_90_min", 90), ("within_24_h", 1440))}
    return [
        Column("K13", "A", "p50", found.at_rank(50) * 60, found.n, "K13", source="arrest", unit="s"),
        *(
            Column("K13", "A", name, share(hits, found.n), found.n, "K13", source="arrest", hits=hits)
            for name, hits in early.items()
        ),
    ]


def loss(counts: Counts) -> Columns:
    """K14: what came back, in yuan and in things; an unknown loss is counted apart and never as 0."""
    yuan = {
        name: counts.spread(f"K14.{name}_thousands").total() * 1000 + counts.spread(f"K14.{name}_yuan").total()
        for name in ("loss", "recovered")
    }
    known, items = counts.outcomes("K14.loss"), counts.outcomes("K14.items")
    n, returned = known[Outcome.HIT], items[Outcome.HIT]
    beside = {"unknown": known[Outcome.MISS]}
    return [
        Column("K14", "none", "recovered_of_loss", share(yuan["recovered"], yuan["loss"]), n, "K14.loss",
               beside=dict(beside)),
        Column("K14", "none", "loss_yuan", yuan["loss"].astype(np.float64), n, "K14.loss", unit="yuan",
               beside=dict(beside)),
        Column("K14", "none", "recovered_yuan", yuan["recovered"].astype(np.float64), n, "K14.loss", unit="yuan",
               beside=dict(beside)),
        Column("K14", "none", "returned_of_recovered", share(returned, items.all()), items.all(), "K14.items",
               hits=returned),
    ]  # fmt: skip


def supervision(counts: Counts) -> Columns:
    """K15: closed by the date, of those due in the period; overdue open ones are failures."""
    return [rate("K15", "none", counts.outcomes("K15"), "K15", target=TARGETS["K15"], source="supervision")]


def fusion(counts: Counts) -> Columns:
    """K16: medians from the request to acceptance and to the first locked position, from there to the arrest; share of
    ended requests without a result."""
    times = {name: counts.spread(f"K16.{name}") for name in ("accept", "lock", "arrest")}
    found: Columns = [
        Column("K16", "none", f"{name}_p50", one.at_rank(50), one.n, f"K16.{name}", source="fusion", unit="s",
               beside={"open": one.open})
        for name, one in times.items()
    ]  # fmt: skip
    ended = counts.outcomes("K16.result")
    without, n = ended[Outcome.MISS], ended[(Outcome.HIT, Outcome.MISS)]
    return [
        *found,
        Column("K16", "none", "without", share(without, n), n, "K16.result", source="fusion", hits=without,
               beside={"open": ended[Outcome.OPEN]}),
    ]  # fmt: skip


def refusals(counts: Counts) -> Columns:
    """K17: refused orders; and of late arrivals, how many were reported before the limit and the caller told (R14)."""
    orders, late = counts.outcomes("orders"), counts.outcomes("K17.late")
    sent = orders[(Outcome.HIT, Outcome.MISS, Outcome.OPEN)]
    refused, told, reported = orders[Outcome.MISS], late[Outcome.HIT], late[(Outcome.HIT, Outcome.OPEN)]
    excluded = {code: orders[outcome] for code, outcome in (("EX1", Outcome.EX1), ("EX3", Outcome.EX3))}
    return [
        Column("K17", "none", "refused", share(refused, sent), sent, "orders", hits=refused, excluded=excluded),
        Column("K17", "A", "late_reported", share(reported, late.all()), late.all(), "K17.late", hits=reported,
               source="published", within_s=600),
        Column("K17", "A", "caller_told", share(told, reported), reported, "K17.late", hits=told, source="published"),
    ]  # fmt: skip


def diversion(counts: Counts) -> Columns:
    """K18: calls by kind and validity; transfers that came back, and the time to their receipt."""
    kinds, validity = counts.outcomes("K18.kind"), counts.outcomes("K18.validity")
    calls = validity.all()
    found: Columns = [
        Column("K18", "none", f"kind_CK{kind:02}" if kind else "kind_none", share(kinds[kind], calls), calls, "K18.kind",
               hits=kinds[kind], source="call")
        for kind in kinds.present()
        if kind < 100
    ]  # fmt: skip
    for value, name in ((1, "valid"), (2, "duplicate"), (3, "invalid"), (0, "undecided")):
        found.append(
            Column("K18", "none", name, share(validity[value], calls), calls, "K18.validity", hits=validity[value],
                   source="call")
        )  # fmt: skip
    transfers = counts.outcomes("K18.transfer")
    returned, sent = transfers[Outcome.MISS], transfers.all()
    receipts = percentiles("K18", "sent", counts.spread("K18.receipt"), "K18.receipt", (50, 90), source="transfer")
    return [
        *found,
        Column(
            "K18", "none", "returned", share(returned, sent), sent, "K18.transfer", hits=returned, source="transfer"
        ),
        *receipts,
    ]


def funnel(counts: Counts) -> Columns:
    """Received, ordered, accepted, reached, closed: how many incidents came to each step, and the gap before it."""
    excluded = left_out(counts.outcomes("base.published"))
    found: Columns = []
    for name, measure in (("order", "K2"), *((step, f"funnel.{step}") for step in ("accept", "arrive", "close"))):
        spread = counts.spread(measure)
        for percent in (50, 90):
            found.append(
                Column("funnel", "none", f"{name}_p{percent}", spread.at_rank(percent), spread.n, measure,
                       source="published", unit="s", beside={"open": spread.open}, excluded=excluded)
            )  # fmt: skip
    return found


def times(counts: Counts) -> Columns:
    """Beside the rates: by whose hand arrivals were set, device clocks off by over a minute, corrected reports, types
    that were verified as others (against gaming, targets 4.4)."""
    by, claim = counts.outcomes("times.by"), counts.spread("times.claim")
    arrived, far = by.all(), claim.n - claim.up_to(TRUST_S)
    found: Columns = [
        Column("times", "none", name, share(by[value], arrived), arrived, "times.by", hits=by[value], source="order")
        for name, value in (("by_crew", CREW), ("by_radio", RADIO), ("implied", IMPLIED), ("afterwards", AFTERWARDS))
    ]
    return [
        *found,
        Column("times", "none", "device_p50", claim.at_rank(50), claim.n, "times.claim", source="order", unit="s"),
        Column("times", "none", "device_over_60", share(far, claim.n), claim.n, "times.claim", hits=far, source="order",
               within_s=TRUST_S),
        rate("times", "none", counts.outcomes("times.corrected"), "times.corrected", measure="corrected",
             source="report"),
        rate("times", "none", counts.outcomes("times.type"), "times.type", measure="same_type", source="report"),
    ]  # fmt: skip


def volume(counts: Counts) -> Columns:
    """How many incidents, orders and calls there were, drills and all."""
    return [
        count("volume", "incidents", counts.outcomes("base.published").all(), "base.published"),
        count("volume", "orders", counts.outcomes("orders").all(), "orders"),
        count("volume", "calls", counts.outcomes("K18.kind").all(), "K18.kind"),
    ]


def _arrivals(key: str) -> tuple[str, ...]:
    return tuple(f"{key}.{clock}.{source}" for clock in CLOCKS for source in SOURCES)


_BASES = tuple(f"base.{source}" for source in SOURCES)
_MONEY = tuple(f"K14.{name}_{part}" for name in ("loss", "recovered") for part in ("thousands", "yuan"))
KPIS = {
    one.key: one
    for one in (
        Kpi("K1", ("K1",), answer_time),
        Kpi("K2", ("K2", "base.published"), order_time),
        Kpi("K3", ("K3", "K3.place", "base.published"), place_time),
        Kpi("K4", ("K4", "orders"), sign),
        Kpi("K5", (*(f"K5.{source}" for source in SOURCES), "orders", "needless"), depart),
        Kpi("K6", ("K6.order", "K6.finish", "orders"), feedback),
        Kpi("K7", _arrivals("K7"), arrival_rate("K7")),
        Kpi("K8", _arrivals("K8"), arrival_rate("K8")),
        Kpi("K9", (*_arrivals("K9"), *_BASES, "K9.source"), arrival_time),
        Kpi("K10", ("K10.arrive", "K10.depart", "K10.known"), trust),
        Kpi("K11", ("K11.handling", "K11.taking"), satisfaction),
        Kpi("K12", ("K12.suspects", "K12.vehicles", "K12.cleared"), results),
        Kpi("K13", ("K13",), arrest_time),
        Kpi("K14", ("K14.loss", "K14.items", *_MONEY), loss),
        Kpi("K15", ("K15",), supervision),
        Kpi("K16", ("K16.accept", "K16.lock", "K16.arrest", "K16.result"), fusion),
        Kpi("K17", ("orders", "K17.late"), refusals),
        Kpi("K18", ("K18.kind", "K18.validity", "K18.transfer", "K18.receipt"), diversion),
        Kpi("funnel", ("K2", "base.published", "funnel.accept", "funnel.arrive", "funnel.close"), funnel),
        Kpi("times", ("times.by", "times.claim", "times.corrected", "times.type"), times),
        Kpi("volume", ("base.published", "orders", "K18.kind"), volume),
    )
}


def measures_of(kpi: Kpi, clocks: Sequence[str], sources: Sequence[str]) -> list[str]:
    """Return the measures that a key needs for some clocks and sources; what is not asked for is not read."""
    if kpi.key not in ("K5", "K7", "K8", "K9"):
        return list(kpi.measures)
    unwanted = (set(CLOCKS) | set(SOURCES)) - {*clocks, *sources}
    return [name for name in kpi.measures if not unwanted & set(name.split("."))]
