"""要案复盘 (M62): the board as it stood at any second, notes, tasks, and who may look."""

from __future__ import annotations

import bisect
import datetime as dt
import os
from random import Random

import pytest

from dispatch.models import BoardMark
from dispatch.review import marks, seen
from tests.database.days import Day, differences
from tests.people import Cast


def rebuilt(cast: Cast, acts: int, seconds: int, seed: int) -> tuple[int, int]:
    """Play a day and hold the board of random seconds against what was recorded; returns how many and how many marks."""
    by = cast.actor("dana")
    day = Day(cast, seed, by)
    marks.mark(cast.centre.pk, 1_000)
    day.play(acts)
    marks.mark(cast.centre.pk, 1_000)
    moments = [at for at, _ in day.recorded]
    draw, compared = Random(seed), 0
    while compared < seconds:
        span = (moments[-1] - moments[0]).total_seconds()
        second = moments[0] + dt.timedelta(seconds=draw.randrange(round(span)) if span > 1 else 0)
        at, recorded = day.recorded[bisect.bisect_right(moments, second) - 1]
        board = seen.board_at(by, second)
        if board["seq"] != recorded["seq"]:
            assert board["seq"] > recorded["seq"], (second, at)
            continue  # within an act of several commands, which nobody recorded
        found = differences(board, recorded)
        assert not found, "\n".join([f"at {second}, number {board['seq']}", *found[:10], str(day.done)])
        compared += 1
    return compared, BoardMark.objects.count()


def test_the_board_of_any_second_of_a_day_is_the_board_that_was_recorded_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "EVERY", 40)
    compared, made = rebuilt(cast, acts=int(os.environ.get("ZZ110_ACTS", "260")), seconds=120, seed=62)
    assert compared == 120
    assert made > 5


@pytest.mark.soak
def test_the_board_of_a_thousand_seconds_of_a_day_is_the_board_that_was_recorded_then(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "EVERY", 100)
    assert rebuilt(cast, acts=2_500, seconds=1_000, seed=int(os.environ.get("ZZ110_SEEDS", "110")))[0] == 1_000
