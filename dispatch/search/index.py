"""Keeping the documents up to date: whatever a row of the journal names is made anew from the rows as they stand.

The search itself catches up first, so that what was written a moment ago is found; the worker goes on in between.
"""

from __future__ import annotations

import json

from django.db import transaction
from django.db.models import Q

from dispatch.search import documents
from incidents.models import Centre, Entry, SearchDocument, SearchPosition

AT_ONCE = 400  # entries of one step
SAYS_NOTHING = ("alert.", "deadline.", "unit.", "user.", "road", "archive.", "position.")
WRITTEN = ["incident_id", "jurisdiction_id", "complaint", "stage", "type_code", "at", "text", "grams"]


def catch_up(most: int = 20) -> int:
    """Follow the journals of all centres, at most so many steps each; returns how many entries were read."""
    return sum(follow(centre_id, most) for centre_id in Centre.objects.values_list("pk", flat=True))


def follow(centre_id: int, most: int = 1) -> int:
    """Follow one centre's journal; another process that does it already is left alone."""
    read = 0
    for _step in range(most):
        seen = step(centre_id)
        read += seen
        if seen < AT_ONCE:
            break
    return read


@transaction.atomic
def step(centre_id: int) -> int:
    """Take the next entries and make the documents of what they name; returns how many entries."""
    SearchPosition.objects.get_or_create(centre_id=centre_id)
    at = SearchPosition.objects.select_for_update(skip_locked=True).filter(centre_id=centre_id).first()
    if at is None:
        return 0
    entries = list(
        Entry.objects.filter(centre_id=centre_id, seq__gt=at.seq)
        .order_by("seq")
        .values_list("seq", "kind", "incident_id", "readers")[:AT_ONCE]
    )
    if not entries:
        return 0
    named: dict[str, set[int]] = {"incident": set(), "call": set(), "number_flag": set()}
    for _seq, kind, incident_id, readers in entries:
        if kind.startswith(SAYS_NOTHING):
            continue
        if incident_id is not None:
            named["incident"].add(incident_id)
        for name in json.loads(readers):
            noun, _colon, row_id = name.partition(":")
            if noun in named:
                named[noun].add(int(row_id))
    write(sorted(named["incident"]), sorted(named["call"]), sorted(named["number_flag"]))
    at.seq = entries[-1][0]
    at.save(update_fields=["seq"])
    return len(entries)


def write(incidents: list[int], calls: list[int], flags: list[int]) -> None:
    """Make the documents of some incidents, calls and flags anew; a call that has its incident is found by that."""
    made = documents.of_incidents(incidents)
    alone = documents.of_calls(calls)
    made += [*alone, *documents.of_flags(flags)]
    gone = set(calls) - {one.object_id for one in alone}
    if gone:
        SearchDocument.objects.filter(Q(kind=documents.CALL, object_id__in=gone)).delete()
    SearchDocument.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["centre", "kind", "object_id", "level"],
        update_fields=WRITTEN,
    )
