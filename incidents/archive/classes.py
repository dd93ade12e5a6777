"""Which class an ended incident belongs to and how long what is kept (R12); the periods are settings of the code table
`retention_class`: days of the personal data, of call recordings, of body-camera footage, and days until archived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import codebook
from incidents.models import Incident, SeriesMember, Stage, Suspect
from incidents.refusals import BadInput

TABLE = "retention_class"
ROUTINE, BRIEF, EVIDENCE, MAJOR, MASS, OBSTRUCTION, PERMANENT = (
    "routine", "brief", "evidence", "major", "mass", "obstruction", "permanent",
)  # fmt: skip
CONTACT = "contact"  # calls that became no incident
OF_INCIDENTS = (ROUTINE, BRIEF, EVIDENCE, MAJOR, MASS, OBSTRUCTION, PERMANENT)
# Body-camera footage of these is permanent (《公安机关现场执法视音频记录工作规定》 Art. 13, R12).
FOR_GOOD = (EVIDENCE, MAJOR, MASS, OBSTRUCTION, PERMANENT)
LEAST = {"recording_days": 92, "camera_days": 183, "days": 30, "archive_days": 1}
ARCHIVED_AFTER_DAYS = 30
OBSTRUCTING, MASSES = "0209", "07"
OPENED_CASE = frozenset({"RS01", "RS02", "RS03"})  # arrest, criminal case, public-order case
NOT_HANDLED = (Stage.CANCELLED, Stage.INVALID)

# Later layers add where further result codes of an incident stand.
RESULTS: list[Callable[[Incident], set[str]]] = [lambda incident: {incident.result_code} - {""}]


@dataclass(frozen=True, slots=True)
class Periods:
    """The moments after which something need not be kept; None: kept for good."""

    recordings_until: dt.datetime | None
    camera_until: dt.datetime | None
    redact_after: dt.datetime | None


def propose(incident: Incident) -> str:
    """Return the class that type, result and priority say; the gravest that fits."""
    types = (incident.type_verified, incident.type_reported)
    if any(code.startswith(OBSTRUCTING) for code in types):
        return OBSTRUCTION
    if any(code.startswith(MASSES) for code in types):
        return MASS
    if incident.priority == 1 or (incident.dead or 0) > 0:
        return MAJOR
    if (
        incident.case_no
        or SeriesMember.objects.filter(incident_id=incident.pk).exists()
        or any(found(incident) & OPENED_CASE for found in RESULTS)
    ):
        return EVIDENCE
    return BRIEF if incident.stage in NOT_HANDLED or not incident.attendance else ROUTINE


def is_worked_on(incident: Incident) -> bool:
    """Tell whether the incident belongs to a series or has a suspect: what is known of it may be evidence elsewhere."""
    return any(model.objects.filter(incident_id=incident.pk).exists() for model in (SeriesMember, Suspect))


def periods(retention_class: str, ended_at: dt.datetime) -> Periods:
    """Return how long what is kept of something that ended then."""
    return Periods(
        recordings_until=later(retention_class, "recording_days", ended_at),
        camera_until=later(retention_class, "camera_days", ended_at),
        redact_after=later(retention_class, "days", ended_at),
    )


def later(retention_class: str, period: str, start: dt.datetime) -> dt.datetime | None:
    """Return when a period of a class ends; None when the class has none."""
    days = codebook.attribute(TABLE, retention_class, period)
    return start + dt.timedelta(days=int(days)) if days is not None else None


def archived_after(retention_class: str) -> dt.timedelta:
    """Return how long an ended incident may still be reopened before it is archived."""
    return dt.timedelta(days=int(codebook.attribute(TABLE, retention_class, "archive_days", ARCHIVED_AFTER_DAYS)))


def check_periods(code: str, attributes: dict[str, Any]) -> None:
    """Refuse periods that are no whole days, shorter than the rules allow, or that end what is kept for good."""
    for name, value in attributes.items():
        if name not in LEAST:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not LEAST[name] <= value <= 36_600:
            raise BadInput(
                **{f"attributes__{name}": _("This period is shorter than the rules allow, or no whole days.")}
            )
        if name == "camera_days" and code in FOR_GOOD:
            raise BadInput(**{f"attributes__{name}": _("Footage of this class is kept for good.")})
