"""Facts of incidents and of their orders (domain 8: K2–K10, K14, K17). Pure."""

from __future__ import annotations

import datetime as dt

from dispatch.statistics import drives, late_records
from dispatch.statistics.arrival import LIMITS, WITHIN_TEN, Case, Clock, arrival_time, in_base, judge, start_of
from dispatch.statistics.arrival import Outcome as Verdict
from dispatch.statistics.delay_steps import steps_of
from dispatch.statistics.dimensions import cell_of, slot_of, types_of
from dispatch.statistics.facts import ALL, Fact, Turn
from dispatch.statistics.hands import hand_marks, path_marks, type_marks
from dispatch.statistics.incident_rows import Order, Whole
from dispatch.statistics.marks import EXCLUDED, SOURCES, Kind, Outcome, mark, seconds, time_mark, within_range
from dispatch.statistics.period import day_of

NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)  # judged then, every limit has passed
PLACES = {"verified": Outcome.HIT, "unverified": Outcome.MISS, "none": Outcome.OPEN}
VERDICTS = {
    Verdict.HIT: Outcome.HIT,
    Verdict.MISS: Outcome.MISS,
    Verdict.NOT_STARTED: Outcome.NOT_STARTED,
    Verdict.OUTSIDE: Outcome.OUTSIDE,
}
NOT_COUNTED = frozenset((*EXCLUDED.values(), Outcome.LATE_EX5))
RATES = {
    source: [(f"{key}.{clock.value}.{source}", clock, within) for key, within in LIMITS.items() for clock in Clock]
    for source in SOURCES
}
# Whose loss is expected to be known: crime and public order (domain 6).
LOSS_TYPES = ("01", "02")


def case_of(whole: Whole, source: str) -> Case:
    """Return an incident as the arrival rules see it, by one source of time."""
    row = whole.row
    only_self = bool(whole.orders) and all(order.purpose == "self" for order in whole.orders)
    arrivals = [moment for order in whole.orders if (moment := order.arrived(source)) is not None]
    first = min((order.dispatched_at for order in whole.orders), default=None)
    return Case(
        row["id"],
        whole.answered_at,
        None if whole.merged else first,
        None if whole.merged else min(arrivals, default=None),
        whole.ended_at,
        row["priority"],
        row["area_kind"],
        exclusion(row, only_self=only_self and not whole.merged),
    )


def exclusion(row: dict[str, object], *, only_self: bool) -> str:
    """Return the code that keeps an incident out of the base set; EX4 depends on clock and limit (`judge`)."""
    if row["drill"]:
        return "EX1"
    if row["merged_into_id"] is not None:
        return "EX2"
    if only_self or row["exclusion"] == "EX3":
        return "EX3"
    if not row["attendance"] or row["exclusion"] == "EX5":
        return "EX5"
    return "EX6" if row["exclusion"] == "EX6" else ""


def incident_fact(whole: Whole) -> Fact:
    """Return what an incident counts for."""
    cases = {source: case_of(whole, source) for source in SOURCES}
    published = cases["published"]
    marks: list[int] = []
    turns: list[Turn] = []
    for source, case in cases.items():
        judged(case, source, published, marks, turns)
    marks += steps(whole, published) + trust(whole, published) + money(whole)
    marks += arrest(whole, published) + path_marks(whole, published) + type_marks(whole)
    explained = any(order.delay_code for order in whole.orders)
    marks.append(mark("delay", Outcome.HIT if explained else Outcome.MISS))
    return Fact(
        kind=Kind.INCIDENT,
        source=whole.row["id"],
        at=published.answered_at,
        day=day_of(published.answered_at),
        facets=facets(whole, published.answered_at, counting_order(whole)),
        marks=tuple(marks),
        incident=whole.row["id"],
        root=whole.root,
        urgent=whole.row["priority"] <= 2,
        turns=tuple(turns),
        detail=late_records.packed(whole.row, steps_of(whole), tuple(marks), explained=explained),
    )


def judged(case: Case, source: str, published: Case, marks: list[int], turns: list[Turn]) -> None:
    """Add the outcomes of K7 and K8, the base set and the times of K9 by one source of time.

    By position, an incident that only buttons know to be reached has no time: it is shown apart and is no miss.
    """
    unknown = source == "position" and case.arrived_at is None and published.arrived_at is not None
    for name, clock, within in RATES[source]:
        verdict = judge(case, clock, within, NEVER)
        outcome = outcome_of(verdict.outcome, verdict.code, verdict.late)
        if unknown and outcome not in NOT_COUNTED:
            outcome = Outcome.NO_TIME
        marks.append(mark(name, outcome))
        started = start_of(case, clock)
        if outcome == Outcome.MISS and case.arrived_at is None and case.ended_at is None and started is not None:
            turns.append(Turn(mark(name, Outcome.MISS), mark(name, Outcome.OPEN), started + within))
    marks.append(mark(f"base.{source}", base_of(case, unknown=unknown)))
    if in_base(case) and not unknown:
        for clock in Clock:
            taken = arrival_time(case, clock)
            marks.append(
                time_mark(
                    f"K9.{clock.value}.{source}",
                    seconds(start_of(case, clock), case.arrived_at) if taken is not None else None,
                )
            )


def outcome_of(verdict: Verdict, code: str, late: bool) -> Outcome:
    """Return the outcome that a verdict is counted as."""
    if verdict is Verdict.EXCLUDED:
        return Outcome.LATE_EX5 if late else EXCLUDED[code]
    return VERDICTS[verdict]


def base_of(case: Case, *, unknown: bool) -> Outcome:
    """Return how a case stands to the base set of K2, K3 and K9; cancelled before arrival is EX4 whenever that was."""
    if case.exclusion:
        return EXCLUDED[case.exclusion]
    if case.priority == 4 and case.first_dispatched_at is None:
        return Outcome.OUTSIDE
    if not in_base(case):
        return Outcome.EX4
    return Outcome.NO_TIME if unknown else Outcome.HIT


def steps(whole: Whole, case: Case) -> list[int]:
    """Return the marks of K2 and K3."""
    if not in_base(case):
        return []
    return [
        time_mark("K2", seconds(case.answered_at, case.first_dispatched_at)),
        time_mark("K3", seconds(case.answered_at, whole.row["placed_at"])),
        mark("K3.place", PLACES.get(whole.row["point_status"], Outcome.OPEN)),
    ]


def trust(whole: Whole, case: Case) -> list[int]:
    """Return which source the published arrival came from, and of a late arrival (K17) whether the delay was reported
    before the limit of clock A (R14) and the caller told."""
    if not in_base(case) or case.arrived_at is None:
        return []
    by_position = any(order.on_scene_pos_at == case.arrived_at for order in whole.orders)
    found = [mark("K9.source", Outcome.HIT if by_position else Outcome.MISS)]
    limit = case.answered_at + WITHIN_TEN
    if case.arrived_at > limit:
        reported = [order for order in whole.orders if order.delay_at is not None and order.delay_at <= limit]
        told = any(order.caller_told_at is not None for order in reported)
        found.append(mark("K17.late", Outcome.HIT if told else Outcome.OPEN if reported else Outcome.MISS))
    return found


def money(whole: Whole) -> list[int]:
    """Return the marks of loss and recovery in whole yuan, split into thousands and the rest so that sums stay exact
    (K14). An unknown loss is counted apart and never as 0."""
    row = whole.row
    kind = row["type_verified"] or row["type_reported"]
    losses = [loss for loss, _recovered in whole.money if loss is not None]
    recovered = [amount for _loss, amount in whole.money if amount is not None]
    if row["drill"] or not (losses or recovered or (whole.money and kind.startswith(LOSS_TYPES))):
        return []
    marks = [mark("K14.loss", Outcome.HIT if losses else Outcome.MISS)]
    for name, amounts in (("loss", losses), ("recovered", recovered)):
        if amounts:
            thousands, rest = divmod(min(round(sum(amounts)), 10**9), 1000)
            marks += [mark(f"K14.{name}_thousands", thousands), mark(f"K14.{name}_yuan", rest)]
    return marks


def arrest(whole: Whole, case: Case) -> list[int]:
    """Return the mark of K13 in whole minutes, rounded up: an arrest may be months away."""
    if not whole.suspects or whole.row["drill"] or whole.merged:
        return []
    taken = whole.suspects[0]["caught_at"] - case.answered_at
    return [mark("K13", within_range(-(-taken // dt.timedelta(minutes=1))))]


def counting_order(whole: Whole) -> Order | None:
    """Return the order whose unit an incident is shown under: the first that arrived, else the first sent."""
    arrived = [order for order in whole.orders if order.arrived("published") is not None]
    if arrived:
        return min(arrived, key=lambda order: (order.arrived("published"), order.id))
    return whole.orders[0] if whole.orders else None


def facets(whole: Whole, at: dt.datetime, order: Order | None) -> tuple[tuple[int, str], ...]:
    """Return by what an incident, or something that belongs to it, may be split."""
    row = whole.row
    return (
        ALL,
        (1, str(row["jurisdiction_id"] or "")),
        (2, str(order.unit) if order else ""),
        (3, order.lead_no if order else ""),
        (4, row["type_reported"]),
        (5, row["type_verified"]),
        (6, str(row["priority"])),
        (7, whole.calls[0][1] if whole.calls else ""),
        (8, slot_of(at)),
        (9, row["area_kind"]),
        (10, cell_of(row["lat"], row["lng"])),
        (13, types_of(row["type_reported"], row["type_verified"])),
        *whole.extra,
    )


def order_fact(whole: Whole, order: Order) -> Fact:
    """Return what an order counts for (K4, K5, K6, K10, K17)."""
    state = order_state(whole, order)
    marks = [mark("orders", state)]
    if state == Outcome.HIT:
        marks += order_times(order)
    if state in (Outcome.HIT, Outcome.MISS, Outcome.OPEN):
        marks += hand_marks(order)
    if state in (Outcome.HIT, Outcome.MISS, Outcome.OPEN) and order.on_scene_at is not None:
        marks.append(mark("K10.known", Outcome.HIT if order.on_scene_pos_at else Outcome.MISS))
        for name, button, position in (
            ("K10.arrive", order.on_scene_at, order.on_scene_pos_at),
            ("K10.depart", order.departed_at, order.departed_pos_at),
        ):
            if button is not None and position is not None:
                marks.append(time_mark(name, seconds(min(button, position), max(button, position))))
    return Fact(
        kind=Kind.ORDER,
        source=order.id,
        at=order.dispatched_at,
        day=day_of(order.dispatched_at),
        facets=facets(whole, order.dispatched_at, order),
        marks=tuple(marks),
        incident=whole.row["id"],
        urgent=whole.row["priority"] <= 2,
        detail=drives.packed(whole, order),
    )


def order_state(whole: Whole, order: Order) -> Outcome:
    """Return how an order stands to K4–K6: counted (HIT), refused (MISS), withdrawn (OPEN), or excluded by code."""
    if whole.row["drill"]:
        return Outcome.EX1
    if order.purpose == "self":
        return Outcome.EX3
    return {"refused": Outcome.MISS, "withdrawn": Outcome.OPEN}.get(order.state, Outcome.HIT)


def order_times(order: Order) -> list[int]:
    """Return the marks of an order's steps. One that was finished as "no attendance" before anybody departed would stay
    "not yet" for ever and leaves K5."""
    sent = order.dispatched_at
    marks = [time_mark("K4", seconds(sent, order.accepted_at))]
    if order.no_attendance and order.departed_at is None:
        marks.append(mark("needless", Outcome.HIT))
    else:
        departed = {
            "button": order.departed_at,
            "position": order.departed_pos_at,
            "published": order.departed_pos_at or order.departed_at,
        }
        for source, moment in departed.items():
            if source != "position" or moment is not None or order.departed_at is None:
                marks.append(time_mark(f"K5.{source}", seconds(sent, moment)))
    marks.append(time_mark("K6.order", seconds(sent, order.reported_at)))
    if order.finished_at is not None:
        marks.append(time_mark("K6.finish", seconds(order.finished_at, order.reported_at)))
    return marks
