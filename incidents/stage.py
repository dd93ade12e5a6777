"""The incident's stage, derived from its assignments and never typed (domain 5). Pure but for the names of stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNFINISHED = ("on_scene", "en_route", "accepted", "delivered", "dispatched")  # most advanced first
SHOWN = {"delivered": "dispatched"}


@dataclass(frozen=True, slots=True)
class Order:
    """What the stage needs of one assignment."""

    state: str
    reported: bool = False

    @property
    def is_live(self) -> bool:
        """Live = not refused, not withdrawn (domain 5)."""
        return self.state not in ("refused", "withdrawn")


def derive(*, placed: bool, typed: bool, orders: Sequence[Order]) -> str:
    """Return the stage of an incident that needs attendance."""
    live = [order for order in orders if order.is_live]
    for state in UNFINISHED:
        if any(order.state == state for order in live):
            return SHOWN.get(state, state)
    if live:
        return "reported" if all(order.reported for order in live) else "handled"
    if not placed or (not typed and not orders):
        return "new"
    return "pending"
