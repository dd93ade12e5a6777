"""The three counters of the video squad (M57): persons caught, vehicles recovered, cases cleared along, in a period.

A credit of the squad is the call sign of a video seat (unit kind UV) among `credit_units` of a suspect.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q
from django.utils.translation import gettext as _

from incidents.models import Cleared, Clue, Party, Suspect
from incidents.row import Json, stamp
from patrol.models import Unit

SEAT = "UV"
BACK = (Party.Status.RECOVERED, Party.Status.RETURNED)


def figures(centre_id: int, since: dt.datetime, until: dt.datetime) -> Json:
    """Return the three counts of a period, begin inside and end outside, each with its definition, and the seats that
    count as the squad."""
    seats = list(
        Unit.objects.filter(centre_id=centre_id, kind=SEAT).order_by("call_sign").values_list("call_sign", flat=True)
    )
    credited = Suspect.objects.filter(centre_id=centre_id, credit_units__overlap=seats)
    period = {"gte": since, "lt": until}
    counts = {
        "caught": credited.filter(**within("caught_at", period), party__void_at__isnull=True).count(),
        "vehicles": vehicles(centre_id, credited, period),
        "cleared": cleared(credited, period),
    }
    return {"since": stamp(since), "until": stamp(until), "seats": seats, **counts, "definitions": definitions()}


def within(column: str, period: dict[str, dt.datetime]) -> dict[str, dt.datetime]:
    """Return the lookups of a period."""
    return {f"{column}__{how}": moment for how, moment in period.items()}


def vehicles(centre_id: int, credited: Iterable[Suspect], period: dict[str, dt.datetime]) -> int:
    """Count the vehicles that came back thanks to the squad: a suspect with its credit belongs to the incident or
    cleared it, or a picture of it was pushed to the units before the vehicle was there."""
    shown = Clue.objects.filter(bookmark__isnull=False, pushed_at__isnull=False, void_at__isnull=True)
    back = Party.objects.filter(
        centre_id=centre_id, kind=Party.Kind.VEHICLE, status__in=BACK, void_at__isnull=True,
        **within("recovered_at", period),
    )  # fmt: skip
    by_arrest = Q(incident__suspects__in=credited) | Q(incident__cleared_by__in=credited)
    by_picture = Q(incident__clues__in=shown, incident__clues__pushed_at__lte=F("recovered_at"))
    return back.filter(by_arrest | by_picture).distinct().count()


def cleared(credited: Iterable[Suspect], period: dict[str, dt.datetime]) -> int:
    """Count the incidents that arrests with the squad's credit cleared along, each once."""
    found = Cleared.objects.filter(suspect__in=credited, **within("at", period))
    return found.values("incident_id").distinct().count()


def definitions() -> Json:
    """Say what each counter counts."""
    return {
        "caught": _("Suspects caught in the period with a credit of a video seat, each person of an incident once."),
        "vehicles": _(
            "Vehicles recovered in the period (motor, electric, bicycle) where a caught suspect with a credit of a video "
            "seat belongs to the incident or cleared it, or where a picture of the squad was pushed to the units before."
        ),
        "cleared": _("Incidents cleared along in the period by an arrest with a credit of a video seat, each once."),
    }
