"""The order of a run: what shares programs stays together at its end, what needs a machine of its own does not meet."""

from __future__ import annotations

from itertools import pairwise

from tests import turns
from zz110.home import CHECKOUT

FILES = sorted((CHECKOUT / "tests").glob("*/test_*.py"))
NAMES = [turns.name_of(file) for file in turns.in_turn(FILES)]


def test_every_file_has_its_turn_once() -> None:
    assert sorted(NAMES) == sorted(turns.name_of(file) for file in FILES)
    assert not [
        name for name in (*turns.HEAVY, *turns.SHARING, *turns.LONG) if not (CHECKOUT / "tests" / name).exists()
    ]


def test_what_shares_programs_comes_last_and_together_the_longest_first() -> None:
    first_page = next(number for number, name in enumerate(NAMES) if name.startswith("e2e/"))
    assert NAMES[first_page : first_page + len(turns.LONG)] == list(turns.LONG)
    assert {name.partition("/")[0] for name in NAMES[first_page:]} == {"e2e"}


def test_between_two_files_that_need_more_than_a_core_stand_others() -> None:
    heavy = [number for number, file in enumerate(turns.in_turn(FILES)) if turns.is_of(file, turns.HEAVY)]
    assert len(heavy) > 5
    assert min(later - earlier for earlier, later in pairwise(heavy)) > 3
