"""Which incidents of a list an audience may not see at all: the rule of `incidents.audience`, for many at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from incidents.audience import COMPLAINT, COMPLAINT_CLASS
from incidents.models import Incident


def hidden(audience: str, ids: Collection[int]) -> set[int]:
    """Return those that the audience may not see: complaints about the police for the overview (R1)."""
    if audience in ("desk", "inspector"):
        return set()
    complaint = Q(type_reported__startswith=COMPLAINT) | Q(intake_class=COMPLAINT_CLASS)
    return set(Incident.objects.filter(complaint, pk__in=list(ids)).values_list("id", flat=True))
