"""A premise note whose review has come is told to the watch commander, until somebody reviews or ends it (M36)."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Q
from django.utils import timezone

from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, PremiseNote
from incidents.row import stamp

KIND = "premise_review"
AT_ONCE = 500


def due(now: dt.datetime) -> list[int]:
    """Return the notes whose review has come and is not told yet, and those that ended by themselves after it was."""
    waits = Q(review_at__lte=now, expires_at__gt=now) & (Q(told_for__isnull=True) | ~Q(told_for=F("review_at")))
    ran_out = Q(expires_at__lte=now, told_for=F("review_at"))
    found = PremiseNote.objects.filter(waits | ran_out, ended_at__isnull=True)
    return list(found.order_by("review_at").values_list("id", flat=True)[:AT_ONCE])


@command
def tell_review(*, by: Actor | None, note_id: int) -> PremiseNote:
    """Tell the watch commander that a note waits for its review; of one that has run out nothing is told any longer.
    Harmless when run twice."""
    now = timezone.now()
    centre_id = PremiseNote.objects.values_list("centre_id", flat=True).get(pk=note_id)
    note = PremiseNote.locked(note_id, centre_id)
    if note.ended_at is not None or note.review_at > now:
        return note
    if note.expires_at <= now and note.told_for is not None:
        note.change(by=by, now=now, told_for=None)
        record("premise.review_passed", note, *reviewed(note, now), place=note.place_name)
    elif note.expires_at > now and note.told_for != note.review_at:
        note.change(by=by, now=now, told_for=note.review_at)
        record("premise.review_due", note, waiting(note, by, now), place=note.place_name)
    return note


def waiting(note: PremiseNote, by: Actor | None, now: dt.datetime) -> Alert:
    """Raise what says that a note waits."""
    return raise_alert(
        KIND, centre_id=note.centre_id, by=by, now=now, raised_at=note.review_at, note=note.pk, place=note.place_name,
        of=note.kind, expires_at=stamp(note.expires_at),
    )  # fmt: skip


def reviewed(note: PremiseNote, now: dt.datetime) -> list[Alert]:
    """End what was told of a note's review."""
    return end_causes(now, KIND, centre_id=note.centre_id, **{"data->>'note'": str(note.pk)})
