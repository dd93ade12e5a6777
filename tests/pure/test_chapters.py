"""The chapters of M62 hold every kind that tells of an incident."""

from __future__ import annotations

from dispatch.review.chapters import CHAPTERS, FAMILIES, KINDS, chapter_of
from incidents import journal_kinds

OF_INCIDENTS = ("call", "incident", "assignment", "report", "fusion", "clue", "callback", "watch", "text", "party")


def test_every_kind_of_an_incident_has_a_chapter() -> None:
    found = {kind: chapter_of(kind) for kind in journal_kinds.KINDS if kind.split(".")[0] in OF_INCIDENTS}
    assert not [kind for kind, chapter in found.items() if chapter not in CHAPTERS]
    assert set(found.values()) == set(CHAPTERS)


def test_what_is_of_the_house_has_none() -> None:
    assert [chapter_of(kind) for kind in ("user.signed_in", "codes.loaded", "centre.opened", "roads.loaded")] == [
        ""
    ] * 4
    assert set(FAMILIES.values()) <= set(CHAPTERS)
    assert set(KINDS.values()) <= {*CHAPTERS, ""}
    assert not set(KINDS) - journal_kinds.KINDS, "a kind that nobody records"
