"""Marks in the journal (M62): rows are cut out of the entries as they stand, and found anew in a body that was redacted."""

from __future__ import annotations

from django.utils import timezone

from dispatch.models import BoardMark
from dispatch.review import marks, packing, seen
from dispatch.review.packing import Held, Named
from incidents.archive import redaction
from incidents.journal import canonical
from incidents.models import Entry, Head
from incidents.row import Json
from tests.database.acts import drive, send, take
from tests.people import Cast

SECRET = "卢知遥"


def marked_here(cast: Cast) -> BoardMark:
    """Set a mark after the last entry."""
    seq = Head.objects.get(centre=cast.centre).seq
    told = {
        "at": Entry.objects.get(seq=seq).at,
        "held": marks.packed(marks.at(cast.centre.pk, timezone.now()).copies()),
    }
    return BoardMark.objects.update_or_create(centre=cast.centre, collections=marks.KNOWN, seq=seq, defaults=told)[0]


def board(cast: Cast) -> Json:
    """Return the board of now as the desk sees it in a review."""
    rows: Json = seen.board_at(cast.actor("dana"), timezone.now())["rows"]
    return rows


def test_every_row_of_a_mark_is_cut_out_of_its_entry_as_it_stands(quick: Cast) -> None:
    order = drive(quick, send(quick, take(quick, contact_name=SECRET)), "on_scene")
    plain = board(quick)
    mark = marked_here(quick)
    entries = packing.unpacked(bytes(mark.held))
    assert sum(len(rows) for rows in plain.values()) == sum(len(entry.rows) for entry in entries)
    assert all(row.length for entry in entries for row in entry.rows)
    assert board(quick) == plain
    assert [row["id"] for row in plain["assignment"]] == [order.pk]
    # A mark that is made of marks alone says the same.
    assert marks.packed(marks.loaded(quick.centre.pk, mark).copies()) == bytes(mark.held)


def test_what_was_redacted_after_a_mark_is_redacted_in_the_board_of_that_mark(quick: Cast) -> None:
    incident = take(quick, contact_name=SECRET, narrative=f"{SECRET}报警")
    other = take(quick, narrative="两人推走一辆自行车")
    send(quick, other)
    mark = marked_here(quick)
    before = board(quick)
    assert SECRET in canonical(before)
    redaction.redact_bodies(Entry.objects.filter(incident_id=incident.pk))
    after = board(quick)
    assert SECRET not in canonical(after)
    assert {noun: [row["id"] for row in rows] for noun, rows in after.items()} == {
        noun: [row["id"] for row in rows] for noun, rows in before.items()
    }
    assert [row for row in after["incident"] if row["id"] == other.pk] == [
        row for row in before["incident"] if row["id"] == other.pk
    ]
    assert board(quick) == after
    # A mark that rests on this one names the redacted rows where they stand now.
    held = bytes(mark.held)
    assert bytes(marked_here(quick).held) != held
    assert board(quick) == after


def test_a_body_of_another_length_is_decoded_and_not_cut(quick: Cast) -> None:
    take(quick)
    mark = marked_here(quick)
    plain = board(quick)
    entries = packing.unpacked(bytes(mark.held))
    for entry in entries:
        entry.size += 1
        entry.rows = [row._replace(start=row.start + 3) for row in entry.rows]
    BoardMark.objects.filter(pk=mark.pk).update(held=packing.packed(entries))
    assert board(quick) == plain


def test_a_mark_in_another_form_is_not_read(quick: Cast) -> None:
    take(quick)
    plain = board(quick)
    seq = Head.objects.get(centre=quick.centre).seq
    BoardMark.objects.create(
        centre=quick.centre, collections="00000000", seq=seq, at=timezone.now(), held=b"not a mark of ours"
    )
    assert board(quick) == plain


def test_a_mark_says_what_was_packed() -> None:
    entries = [
        Named(900, 1_790_000_000_000_000, 3_000, [Held("unit", 7, 0, 40, 300), Held("unit", 3, 0, 400, 310)]),
        Named(12, 1_780_000_000_000_123, 500, [Held("assignment", 5, 44, 20, 60), Held("incident", 44, 0, 90, 100)]),
        Named(13, 1_780_000_000_000_122, 80, [Held("assignment", 2, 44, 0, 0)]),
    ]
    found = packing.unpacked(packing.packed(entries))
    assert [(one.seq, one.micros, one.size, sorted(one.rows)) for one in found] == [
        (one.seq, one.micros, one.size, sorted(one.rows)) for one in sorted(entries, key=lambda one: one.seq)
    ]
    assert packing.unpacked(packing.packed([])) == []
