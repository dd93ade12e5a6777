"""What the ledger shows: entries of a period, and what they come to by unit and officer."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet, Sum

from dispatch.merit.models import LedgerEntry
from dispatch.statistics.period import Period
from incidents.row import Json

AT_MOST = 500
State = LedgerEntry.State


def entries(
    centre_id: int, period: Period, unit: int | None = None, person: int | None = None
) -> QuerySet[LedgerEntry]:
    """Return the entries whose event lies in a period, of one unit or one officer where it is asked for."""
    found = LedgerEntry.objects.filter(centre_id=centre_id, event_at__gte=period.since, event_at__lt=period.until)
    if unit is not None:
        found = found.filter(unit_id=unit)
    return found if person is None else found.filter(person_id=person)


def newest(found: QuerySet[LedgerEntry]) -> list[Json]:
    """Return the newest entries: what waits or is objected to first."""
    open_first = found.annotate(
        is_open=Count("pk", filter=Q(state=State.WAITING) | Q(objected_at__isnull=False, answered_at__isnull=True))
    )
    return [row.row() for row in open_first.order_by("-is_open", "-event_at", "-pk")[:AT_MOST]]


def totals(found: QuerySet[LedgerEntry]) -> list[Json]:
    """Return the approved points of each unit and officer, with how many entries they come from and how many wait."""
    approved = Q(state=State.APPROVED)
    counted = found.values("unit_id", "person_id").annotate(
        points=Sum("points", filter=approved, default=0),
        approved=Count("pk", filter=approved),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        objected=Count("pk", filter=Q(objected_at__isnull=False)),
    )
    last = found.order_by("event_at").values_list("unit_id", "person_id", "subject")
    names = {(unit, person): subject for unit, person, subject in last}
    rows = [{**one, "subject": names[one["unit_id"], one["person_id"]]} for one in counted]
    return sorted(rows, key=lambda one: (-one["points"], one["subject"]))
