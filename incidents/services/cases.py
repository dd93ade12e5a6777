"""The number that the case records system (警综) gives to an incident."""

from __future__ import annotations

from django.utils import timezone

from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident
from incidents.refusals import NotFound


@command
def take_case_number(*, by: Actor | None, centre_id: int, incident_no: str, case_no: str) -> Incident:
    """Write the number of the case down; the desk need not pass it on by hand any more. A closed incident takes it
    too: the case system may be slow. Raises NotFound for a number that is no incident of the centre."""
    now = timezone.now()
    found = Incident.objects.select_for_update(no_key=True).filter(centre_id=centre_id, incident_no=incident_no)
    incident = found.first()
    if incident is None:
        raise NotFound()
    if incident.case_no != case_no:
        before = incident.case_no
        incident.change(by=by, now=now, case_no=case_no)
        ended = end_causes(now, "case_unsent", incident_id=incident.pk)
        record("incident.case_numbered", incident, *ended, case_no=case_no, before=before)
    return incident
