"""What will become of an open incident: when the first unit is there, the chance to meet each limit, who would be there
earlier. Pure.

The queue is sorted by `slack_s`: the time left minus the best achievable time. Units under way count together: the
incident is reached in time unless all of them are late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dispatch import spread as spreads
from dispatch.policy import EarlyWarning, Swap
from dispatch.ranking import CHANCES, Candidate, Way
from dispatch.spread import Spread

NEVER_S = 86_400.0  # stands for no unit at all in the sort key


@dataclass(frozen=True, slots=True)
class Going:
    """One order under way: its state, how long it has been in it, and the road that its unit has left."""

    assignment: int
    unit: int
    call_sign: str
    state: str
    waited_s: float
    way: Way
    fix_age_s: float


@dataclass(frozen=True, slots=True)
class OrderOutlook:
    """When one order will be there."""

    going: Going
    eta_s: float
    chance: dict[str, float]


@dataclass(frozen=True, slots=True)
class SwapProposal:
    """Another unit that would be there clearly earlier."""

    assignment: int
    unit: int
    call_sign: str
    gain_s: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foreseen for one incident; `best_s` and `who` are None when nobody can go."""

    incident: int
    priority: int
    best_s: float | None
    who: str | None
    is_going: bool
    slack_s: float
    chance: dict[str, float]
    unreachable: list[str]
    orders: list[OrderOutlook] = field(default_factory=list)
    swap: SwapProposal | None = None

    def miss(self, limit: str) -> float | None:
        """Return the chance of missing a limit, None when it does not run."""
        return None if limit not in self.chance else 1.0 - self.chance[limit]


def foresee(
    incident: int,
    priority: int,
    left: dict[str, float],
    *,
    going: Sequence[Going],
    free: Sequence[Candidate],
    spread: Spread,
    warning: EarlyWarning,
    swap: Swap,
) -> Outlook:
    """Foresee an incident that nobody has reached. `left` holds the seconds of each limit that runs (A5 … B10), `free`
    the candidates that may be recommended, best first."""
    orders = [order_outlook(one, left, spread) for one in going]
    if orders:
        first = min(orders, key=lambda one: one.eta_s)
        best, who = first.eta_s, first.going.call_sign
        chance = {name: round(1 - float(np.prod([1 - one.chance[name] for one in orders])), 4) for name in left}
    elif free:
        nearest = min(free, key=lambda one: one.expected_s)
        best, who = nearest.expected_s, nearest.unit.call_sign
        chance = {name: max(one.chance[name] for one in free) for name in left}
    else:
        best, who, chance = NEVER_S, "", dict.fromkeys(left, 0.0)
    limit = warning.limits.get(priority, "A10")
    presses = left.get(limit, min(left.values(), default=NEVER_S))
    return Outlook(
        incident,
        priority,
        round(best, 1) if who else None,
        who or None,
        bool(orders),
        round(presses - best, 1),
        chance,
        [name for name in left if chance[name] < warning.unreachable_below],
        orders,
        proposal(orders, free, swap) if orders else None,
    )


def order_outlook(one: Going, left: dict[str, float], spread: Spread) -> OrderOutlook:
    """Return when an order will be there: what is left of its delays, then its road."""
    ready = spreads.preparation(spread, one.state, int(one.waited_s))
    part = spread.way(one.way.basis)
    estimate = np.array([one.way.seconds])
    limits = np.array([left[name] for name in CHANCES if name in left])
    found = spreads.chances(ready, part, estimate, limits)[0] if len(limits) else []
    chance = dict(
        zip([name for name in CHANCES if name in left], [round(float(value), 4) for value in found], strict=True)
    )
    return OrderOutlook(one, round(float(spreads.expected(ready, part, estimate)[0]), 1), chance)


def proposal(orders: Sequence[OrderOutlook], free: Sequence[Candidate], swap: Swap) -> SwapProposal | None:
    """Return the unit that would clearly be there before the first order under way, or None. Units that would leave
    other work are never proposed: that is a decision of its own. The gain reported is the plain one; whether it is
    enough to begin a proposal or only to keep one is told by `begins`."""
    first = min(orders, key=lambda one: one.eta_s)
    others = [one for one in free if one.unit.drop is None and one.unit.unit_id != first.going.unit]
    if not others:
        return None
    nearest = min(others, key=lambda one: one.expected_s)
    gain = first.eta_s - nearest.expected_s
    if gain < swap.keep_s:
        return None
    return SwapProposal(first.going.assignment, nearest.unit.unit_id, nearest.unit.call_sign, round(gain, 1))


def begins(found: SwapProposal, eta_s: float, swap: Swap) -> bool:
    """Tell whether a gain is large enough to begin a proposal."""
    return found.gain_s >= max(swap.gain_s, swap.gain_share * eta_s)
