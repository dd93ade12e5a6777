"""Late events with everything that a row of the list and "who would have made it" show of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from dispatch.statistics import delay_places
from dispatch.statistics.delay_steps import Steps, steps_of
from dispatch.statistics.incident_rows import Order, Whole, read_incidents
from dispatch.statistics.query import fetch_binary, listed

SAID = """
SELECT id, call_sign, override_reason, override_text, coalesce(rank_basis ->> 'first', ''),
       (rank_basis ->> 'rank')::integer, (rank_basis ->> 'of')::integer, (rank_basis ->> 'record')::bigint
FROM dispatch_assignment WHERE id = ANY(%(ids)s::bigint[])
"""


@dataclass(frozen=True, slots=True)
class Said:
    """Who was sent by an order, and what the ranking said of the choice when it was made."""

    call_sign: str
    override_reason: str
    override_text: str
    first: str  # call sign that stood first; empty where nothing was kept
    rank: int | None
    of: int | None
    record: int | None


@dataclass(slots=True)
class Late:
    """One event: an incident with the calls and orders of all that was merged into it."""

    whole: Whole
    steps: Steps
    said: dict[int, Said] = field(default_factory=dict)  # by order

    @property
    def row(self) -> dict[str, Any]:
        """Return the incident's own row."""
        return self.whole.row

    @property
    def orders(self) -> list[Order]:
        """Return the first responses of the whole event, oldest first."""
        return self.whole.orders

    def end_at(self, now: dt.datetime) -> dt.datetime:
        """Return the end of clock A; what has not ended ends now."""
        return self.steps.end_at or now


def read(centre_id: int, ids: Collection[int]) -> list[Late]:
    """Read events as they stand; incidents that were merged into others are left out."""
    wholes = [whole for whole in read_incidents(centre_id, ids) if not whole.merged]
    delay_places.find(centre_id, wholes)
    said: dict[int, Said] = {}
    orders = [order.id for whole in wholes for order in whole.orders]
    for key, *values in fetch_binary(SAID, {"ids": listed(orders)}):
        said[key] = Said(*values)
    return [Late(whole, steps_of(whole), {order.id: said[order.id] for order in whole.orders}) for whole in wholes]
