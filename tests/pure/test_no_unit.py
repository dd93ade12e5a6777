"""When somebody was free: spans of many units joined, against a count minute by minute."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.statistics.no_unit import LASTS, MILLENNIUM, SPAN, gaps, joined

MINUTE = 60_000_000
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.booleans(), st.booleans()), max_size=12)


def at(minute: int) -> dt.datetime:
    return MILLENNIUM + dt.timedelta(minutes=minute)


@given(SPANS)
def test_spans_are_joined_and_what_they_leave_is_when_nobody_was_free(some: list[tuple[int, int, bool, bool]]) -> None:
    spans = np.array(
        [(begin * MINUTE, LASTS if lasts else (begin + long) * MINUTE, urgent) for begin, long, lasts, urgent in some],
        dtype=SPAN,
    )
    free = {
        minute
        for minute in range(100)
        if any(begin <= minute and (lasts or minute < begin + long) for begin, long, lasts, _urgent in some)
    }
    found = joined(spans)
    assert all(one[1] is not None and one[1] < other[0] for one, other in pairwise(found))
    assert {
        minute for minute in range(100) if any(b <= at(minute) and (e is None or at(minute) < e) for b, e in found)
    } == free
    left = gaps(found, at(0), at(100))
    assert {minute for minute in range(100) if any(b <= at(minute) < e for b, e in left)} == set(range(100)) - free
