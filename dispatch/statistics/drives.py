"""The drive of an order as the comparison of units reads it: one record of fixed size, stored with the order's fact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.statistics.delay_places import microseconds
from dispatch.statistics.hands import read_mark
from dispatch.statistics.incident_rows import Order, Whole

BASES = ("", "road", "straight")  # what an expectation rests on, by number
RECORD = np.dtype(
    [
        ("id", "<i8"), ("unit", "<i8"), ("sent", "<i8"),  # microseconds since 1970
        ("seconds", "<f8"), ("expected", "<f8"),  # or not a number
        ("basis", "u1"), ("urgent", "?"), ("counts", "?"),
    ]
)  # fmt: skip


def packed(whole: Whole, order: Order) -> bytes | None:
    """Write an order as a record; None for one that nobody drove. It `counts` if somebody set its arrival when it was so:
    one that a later step implied, or that was entered afterwards, has no moment to compare."""
    if order.state in ("refused", "withdrawn"):
        return None
    said = read_mark(order.arrival_mark)
    counts = (
        order.on_scene_at is not None
        and not whole.row["drill"]
        and order.purpose not in ("self", "directive")
        and not said.get("implied")
        and not said.get("source")
    )
    seconds = np.nan if order.on_scene_at is None else (order.on_scene_at - order.dispatched_at).total_seconds()
    expected = np.nan if order.expected_s is None else order.expected_s
    urgent = whole.row["priority"] <= 2
    basis = BASES.index(order.way) if order.way in BASES else 0
    sent = microseconds(order.dispatched_at)
    return np.array([(order.id, order.unit, sent, seconds, expected, basis, urgent, counts)], dtype=RECORD).tobytes()


def unpacked(written: bytes) -> NDArray[Any]:
    """Read records that lie behind one another."""
    return np.frombuffer(written, dtype=RECORD)
