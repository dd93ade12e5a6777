"""Words and grams of the search, without a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.search.terms import grams_of, is_identity, needed, number_of, plain, sounds, terms_of


def test_full_width_invisible_and_dashed_forms_meet() -> None:
    assert plain("１９０－００００－０１０１") == plain("190-0000-0101") == "19000000101"
    assert plain("闽E\u200b1２3") == "闽e123"
    assert terms_of("  盗窃　新华路 盗窃 ") == ["盗窃", "新华路"]
    assert terms_of("100%_\\") == ["100%_\\"]


def test_numbers_and_identities_are_told_apart() -> None:
    assert (number_of("#241"), number_of("241")) == (241, None)
    assert is_identity("35060020000101001x")
    assert not is_identity("350600a20260101000241")


def test_a_place_is_found_by_its_sounds() -> None:
    assert sounds("新华路") == ["xinhualu", "xhl"]
    assert sounds("C101") == []


@given(st.text(min_size=0, max_size=60), st.integers(0, 59), st.integers(2, 12))
def test_whatever_stands_in_a_line_is_found_by_its_grams(text: str, start: int, length: int) -> None:
    line = plain(text)
    for term in line[start : start + length].split():
        if len(term) >= 2:
            assert set(needed(term)) <= grams_of(line)
