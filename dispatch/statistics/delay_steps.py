"""The steps of one event as its delay is split by: read off its rows, without what time or policy still decides. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.statistics.delay_parts import Span, Way
from dispatch.statistics.incident_rows import Order, Whole

NEVER_STAMPED = frozenset({"refused", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Steps:
    """The moments of one event on clock A; a step that nobody stamped, or that a later one only implied, is None."""

    answered_at: dt.datetime
    arrived_at: dt.datetime | None  # the first arrival by button, as the misses count it
    end_at: dt.datetime | None  # arrival, else when nobody was on the way any more; None runs on
    ring_at: dt.datetime | None
    placed_at: dt.datetime | None
    first_order_at: dt.datetime | None
    order_at: dt.datetime | None
    delivered_at: dt.datetime | None
    accepted_at: dt.datetime | None
    departed_at: dt.datetime | None
    corrected_at: dt.datetime | None
    fix_age_s: float | None  # of the position that the expectation rests on
    expected_s: float | None  # of the unit that was sent, from its order
    first_expected_s: float | None  # of the unit that stood first

    def near_s(self, never_after_s: float) -> float | None:
        """Return how long the nearest unit that could go was expected to need: the first of the list, or who was sent if
        its position was fresh. A stale one says nothing."""
        fresh = self.fix_age_s is not None and self.fix_age_s <= never_after_s
        known = (self.expected_s if fresh else None, self.first_expected_s)
        return min([one for one in known if one is not None], default=None)

    def way(self, nobody: Sequence[Span], never_after_s: float, now: dt.datetime) -> Way:
        """Return the moments that are split; what has not ended ends now."""
        return Way(
            answered_at=self.answered_at,
            end_at=self.end_at or now,
            reached=self.arrived_at is not None,
            ring_at=self.ring_at,
            placed_at=self.placed_at,
            first_order_at=self.first_order_at,
            order_at=self.order_at,
            delivered_at=self.delivered_at,
            accepted_at=self.accepted_at,
            departed_at=self.departed_at,
            corrected_at=self.corrected_at,
            nobody=nobody,
            near_s=self.near_s(never_after_s),
        )


def steps_of(whole: Whole) -> Steps:
    """Read the steps off the rows of an event."""
    order, arrived_at = counting(whole), arrival(whole)
    row = whole.row
    return Steps(
        answered_at=whole.answered_at,
        arrived_at=arrived_at,
        end_at=arrived_at or whole.ended_at or row["handled_at"] or row["closed_at"],
        ring_at=first_ring(whole),
        placed_at=row["placed_at"],
        first_order_at=whole.orders[0].dispatched_at if whole.orders else None,
        order_at=order.dispatched_at if order else None,
        delivered_at=order.delivered_at if order and not order.delivered_implied else None,
        accepted_at=order.accepted_at if order and not order.accepted_implied else None,
        departed_at=order.departure if order else None,
        corrected_at=whole.place_corrected_at,
        fix_age_s=order.fix_age_s if order else None,
        expected_s=order.expected_s if order else None,
        first_expected_s=order.first_expected_s if order else None,
    )


def arrival(whole: Whole) -> dt.datetime | None:
    """Return the first arrival by button, as the misses count it."""
    return min((order.on_scene_at for order in whole.orders if order.on_scene_at is not None), default=None)


def counting(whole: Whole) -> Order | None:
    """Return the order that arrived first, else the most advanced one that is still live."""
    there = [order for order in whole.orders if order.on_scene_at is not None]
    if there:
        return min(there, key=lambda order: (order.on_scene_at, order.id))
    live = [order for order in whole.orders if order.state not in NEVER_STAMPED]
    return max(live, key=lambda one: (one.departed_at is not None, one.accepted_at is not None), default=None)


def first_ring(whole: Whole) -> dt.datetime | None:
    """Return the first ring of the call that was answered first; None where the incident itself is older."""
    answered_at, ring_at = min(
        ((call[0], call[3]) for call in whole.calls if call[0] is not None),
        key=lambda call: call[0],
        default=(None, None),
    )
    return None if answered_at is None or whole.row["answered_at"] < answered_at else ring_at
