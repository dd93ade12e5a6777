"""What a unit starts itself: asking for backup, and an incident it finds on patrol (巡逻发现)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import candidates
from dispatch.models import Assignment
from dispatch.services.follow import follow, rows_of
from dispatch.services.moves import mark
from incidents import centres, limits
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident
from incidents.refusals import BadInput, Forbidden, UnitBusy, WrongTurn
from incidents.services import calls, numbers
from incidents.services.incidents import open_incident
from patrol.models import Status, Unit
from patrol.services import set_status

ON_THE_STREET = ("CH51", "CH42", "CH43")  # found on patrol, asked for help, brought to the unit
FOUND_ON_PATROL = "EX3"  # self-initiated: reported apart, because its arrival time is zero (domain 8)


def own_unit(by: Actor) -> Unit:
    """Return the unit of the person's shift, locked; raises Forbidden off duty."""
    if by.on_unit is None:
        raise Forbidden(_("You are not on a shift."))
    return Unit.locked(by.on_unit, by.centre_id)


@command
def ask_backup(*, by: Actor, text: str) -> Unit:
    """The unit needs more hands at its incident; the desk sees the next units at once."""
    now = timezone.now()
    unit = own_unit(by)
    if unit.assignment_id is None:
        raise WrongTurn(unit, _("Backup belongs to an order; in danger press the emergency button."))
    assignment = Assignment.objects.select_related("incident").get(pk=unit.assignment_id)
    ended = end_causes(now, "backup_requested", assignment_id=assignment.pk)
    alert = raise_alert(
        "backup_requested",
        centre_id=by.centre_id,
        by=by,
        now=now,
        incident_id=assignment.incident_id,
        assignment_id=assignment.pk,
        unit_id=unit.pk,
        urgent=assignment.incident.priority == 1,
        call_sign=unit.call_sign,
        incident_no=assignment.incident.incident_no,
        text=text,
        proposed=candidates.next_best(assignment.incident, now),
    )
    unit.change(by=by, now=now, status_reason=text[:200])
    record("unit.asked_backup", *rows_of(alert, unit, list(ended)), call_sign=unit.call_sign, text=text)
    return unit


@command
def discover(
    *,
    by: Actor,
    facts: dict[str, Any],
    channel: str = "CH51",
    contact: dict[str, str] | None = None,
    device_at: dt.datetime | None = None,
) -> Assignment:
    """The unit finds something on patrol, or somebody on the street asks it for help (M51): contact, incident and order
    in one act, on scene at once (domain 5). `contact` is who asked: `caller_name`, `contact_phone`."""
    now = timezone.now()
    centre = centres.centre(by.centre_id)
    unit = Unit.objects.filter(pk=by.on_unit or 0, centre_id=by.centre_id).first()
    if unit is None:
        raise Forbidden(_("You are not on a shift."))
    if channel not in ON_THE_STREET:
        raise BadInput(channel=_("A unit enters what it found, who asked it for help, or who was brought to it."))
    asked = {name: value for name, value in (contact or {}).items() if value}
    known = {"contact_name": asked.get("caller_name", ""), "contact_phone": asked.get("contact_phone", "")}
    made = open_incident(by=by, now=now, centre=centre, facts={**known, **facts, "attendance": True}, call=None)
    incident = made.incident
    call = calls.met(by=by, now=now, incident=incident, facts={"channel": channel, **asked})
    row_id = numbers.next_id("dispatch_assignment")
    shift = unit.on_shift or {"lead_no": by.badge, "lead_name": by.name, "crew": []}
    steps = ("delivered", "accepted", "en_route", "on_scene")
    marks = {step: mark(by, proxy=False, implied=step != "on_scene", device_at=device_at) for step in steps}
    try:
        with transaction.atomic():
            assignment = Assignment.make(
                by=by,
                now=now,
                id=row_id,
                assignment_no=numbers.number(centre, "P", row_id, now),
                centre=centre,
                incident=incident,
                unit=unit,
                call_sign=unit.call_sign,
                unit_kind=unit.kind,
                purpose="self",
                state=Assignment.State.ON_SCENE,
                lead_no=shift["lead_no"],
                lead_name=shift["lead_name"],
                crew=shift["crew"],
                dispatched_at=now,
                delivered_at=now,
                accepted_at=now,
                departed_at=now,
                on_scene_at=now,
                marks=marks,
            )
    except IntegrityError as error:
        if "one_live_assignment_per_unit" in str(error):
            raise UnitBusy(unit) from error
        raise
    unit = Unit.locked(unit.pk, by.centre_id)
    set_status(unit, Status.ON_SCENE, by=by, now=now, assignment_id=assignment.pk)
    assignment.unit = unit
    incident = settle_discovery(incident, by=by, now=now)
    assignment.incident = incident
    deadlines = limits.stop(incident, None, now=now)
    record(
        "incident.created",
        incident,
        call,
        *deadlines,
        found_on_patrol=True,
        call_sign=unit.call_sign,
        call_no=call.call_no,
    )
    record("assignment.on_scene", assignment, unit, call_sign=unit.call_sign, by_proxy=False)
    return assignment


def settle_discovery(incident: Incident, *, by: Actor, now: dt.datetime) -> Incident:
    """Stamp every milestone of an incident that its unit found itself."""
    incident = Incident.locked(incident.pk, incident.centre_id)
    follow(
        incident,
        by=by,
        now=now,
        first_dispatched_at=now,
        first_accepted_at=now,
        first_on_scene_at=now,
        exclusion=FOUND_ON_PATROL,
    )
    return incident
