"""Decisions about an incident: no attendance, review, closing, merging, handing over, cancelling, reopening."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.directives.following import end_with
from dispatch.models import Assignment
from dispatch.services import merging
from dispatch.services.follow import Chain, follow
from dispatch.services.merging import ALERTS_OF_AN_INCIDENT
from dispatch.services.orders import check_code, take_back
from incidents import codebook, limits
from incidents.actor import Actor
from incidents.alerts import end_causes
from incidents.archive.classes import archived_after
from incidents.commands import command
from incidents.followup import refuse_open_matters
from incidents.journal import record
from incidents.models import Deadline, Incident, Organisation, Retention, Stage
from incidents.models.incidents import DERIVED, ENDED, TRANSITIONS
from incidents.refusals import BadInput, Forbidden, NotFound, Stale, WrongTurn
from incidents.services.retention import begin_again
from patrol.models import Unit

ENDS_DIRECTIVES = (Stage.HANDED_OVER, Stage.CANCELLED, Stage.INVALID)
NO_ATTENDANCE, CANCELLED_BEFORE_ARRIVAL, DRILL = "EX5", "EX4", "EX1"


def decide(incident: Incident, to: str, *, by: Actor | None, now: dt.datetime, **fields: Any) -> None:
    """Move an incident by decision; with incidents' stage rule the only writer of the stage. Raises WrongTurn."""
    if to not in TRANSITIONS[incident.stage]:
        raise WrongTurn(incident)
    incident.change(by=by, now=now, stage=to, **fields)
    if to in ENDS_DIRECTIVES:
        end_with(incident, by=by, now=now, reason=incident.reason)


def end_limits(incident: Incident, now: dt.datetime) -> list[Any]:
    """Void what still runs and end the incident's alerts; missed limits stay missed."""
    running = Deadline.objects.filter(incident=incident, state="running", stopped_at__isnull=True)
    subjects = set(running.values_list("assignment_id", flat=True))
    changed: list[Any] = []
    for assignment_id in sorted(subjects, key=lambda one: one or 0):
        changed += limits.stop(incident, None, now=now, assignment_id=assignment_id, void=True)
    return [*changed, *end_causes(now, *ALERTS_OF_AN_INCIDENT, incident_id=incident.pk)]


@command
def need_no_attendance(*, by: Actor, incident_id: int, version: int, result_code: str, reason: str) -> Incident:
    """Settle an incident without sending anybody: to review with a result and EX5 (domain 5)."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    if incident.stage not in (Stage.NEW, Stage.PENDING):
        raise WrongTurn(incident)
    codebook.require("result", result_code, "result_code")
    decide(
        incident,
        Stage.REVIEW,
        by=by,
        now=now,
        attendance=False,
        result_code=result_code,
        reason=reason,
        exclusion=NO_ATTENDANCE,
        type_verified=incident.type_verified or incident.type_reported,
        submitted_at=now,
    )
    changed = end_limits(incident, now)
    record("incident.needs_no_attendance", incident, *changed, code=result_code, reason=reason)
    return incident


@command
def submit(*, by: Actor, incident_id: int, version: int) -> Incident:
    """Hand an incident to the reviewer after the mandatory fields are checked."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    if incident.stage == Stage.REVIEW:
        return incident
    if incident.stage != Stage.REPORTED:
        raise WrongTurn(incident, _("Every order needs its handling report first."))
    if Assignment.objects.filter(incident=incident, returned_at__isnull=False).exists():
        raise WrongTurn(incident, _("A report that was returned has not been corrected yet."))
    missing = {
        name: _("Closing needs this.")
        for name in ("type_verified", "result_code", "address_text")
        if not getattr(incident, name)
    }
    if missing:
        raise BadInput(**missing)
    decide(incident, Stage.REVIEW, by=by, now=now, submitted_at=now)
    record("incident.submitted", incident)
    return incident


@command
def approve(*, by: Actor, incident_id: int, version: int) -> Incident:
    """The reviewer closes the incident; never an own one, and not while something about it is open."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    if incident.stage == Stage.CLOSED:
        return incident
    if incident.created_by_id == by.user_id or involved(incident, by):
        raise Forbidden(_("Nobody reviews an own incident."))
    refuse_open_matters(incident)
    decide(incident, Stage.CLOSED, by=by, now=now, closed_at=now, reviewed_by_no=by.badge)
    changed = end_limits(incident, now)
    record("incident.closed", incident, *changed)
    return incident


def involved(incident: Incident, by: Actor) -> bool:
    """Tell whether a person took a call of the incident, ordered for it, or was sent to it."""
    if incident.calls.filter(agent_id=by.user_id).exists():
        return True
    orders = Assignment.objects.filter(incident=incident).values_list("created_by_id", "crew")
    return any(author == by.user_id or by.badge in {one["badge"] for one in crew} for author, crew in orders)


@command
def send_back(
    *, by: Actor, incident_id: int, version: int, reason: str, assignments: list[int] | None = None
) -> Incident:
    """The reviewer returns an incident with the reason. The named orders, by default every one with a report, go back to
    their officers' phones until a correction (更正) is filed; an empty list asks the desk alone."""
    now = timezone.now()
    chains = reported_chains(incident_id, by, assignments)
    incident = chains[0].incident if chains else Incident.locked(incident_id, by.centre_id)
    if incident.version != version:
        raise Stale(incident)
    if incident.stage != Stage.REVIEW:
        raise WrongTurn(incident)
    if incident.exclusion == NO_ATTENDANCE:
        decide(incident, Stage.REPORTED, by=by, now=now, attendance=True, exclusion="", reason=reason)
        started = follow(incident, by=by, now=now)
    else:
        decide(incident, Stage.REPORTED, by=by, now=now, reason=reason)
        started = []
    record("incident.returned", incident, *started, reason=reason)
    for chain in chains:
        chain.incident = chain.assignment.incident = incident
        ask_again(chain, by=by, now=now, reason=reason)
    return incident


def reported_chains(incident_id: int, by: Actor, wanted: list[int] | None) -> list[Chain]:
    """Lock the reported orders of an incident, all or the named ones."""
    found = Assignment.objects.filter(incident_id=incident_id, centre_id=by.centre_id, reported_at__isnull=False)
    ids = list(found.order_by("id").values_list("id", flat=True))
    strange = sorted(set(wanted or []) - set(ids))
    if strange:
        raise BadInput(assignments=_("This order has no report that could be returned."))
    chosen = [one for one in ids if wanted is None or one in wanted]
    # All orders first, then all units: the one order of locks.
    held = [Assignment.locked(one, by.centre_id) for one in chosen]
    for unit_id in sorted({order.unit_id for order in held}):
        Unit.locked(unit_id, by.centre_id)
    return [Chain(one, by.centre_id) for one in chosen]


def ask_again(chain: Chain, *, by: Actor, now: dt.datetime, reason: str) -> None:
    """Send one report back to its unit, with a limit of its own; the unit's version rises, so that also a phone without
    a live feed asks."""
    order = chain.assignment
    order.change(by=by, now=now, returned_at=now, return_reason=reason)
    chain.unit.touch(by=by, now=now)
    due = {str(Deadline.Kind.REPORT): now + limits.of(chain.incident.priority).report_within}
    running = Deadline.objects.filter(assignment_id=order.pk, kind=Deadline.Kind.REPORT, state="running")
    started = (
        []
        if running.exists()
        else limits.start(chain.incident, due, by=by, now=now, assignment_id=order.pk, unit_id=chain.unit.pk)
    )
    record("report.asked_again", order, chain.unit, *started, call_sign=chain.unit.call_sign, reason=reason)


def recall_units(incident_id: int, *, by: Actor, now: dt.datetime, code: str, text: str) -> None:
    """Withdraw every live order of an incident that is ended by decision; WrongTurn when a unit is on scene."""
    live = ["dispatched", "delivered", "accepted", "en_route", "on_scene"]
    for assignment_id in (
        Assignment.objects.filter(incident_id=incident_id, state__in=live).order_by("id").values_list("id", flat=True)
    ):
        chain = Chain(assignment_id, by.centre_id)
        changed = take_back(chain, by=by, now=now, code=code, text=text)
        record(
            "assignment.withdrawn", chain.assignment, chain.unit, *changed, call_sign=chain.unit.call_sign, code=code
        )


@command
def hand_over(*, by: Actor, incident_id: int, version: int, to: int, reason: str) -> Incident:
    """Hand an incident over to a station or branch that goes on with it."""
    now = timezone.now()
    target = Organisation.objects.filter(pk=to, centre_id=by.centre_id).first()
    if target is None:
        raise NotFound()
    recall_units(incident_id, by=by, now=now, code="CX6", text="")
    incident = Incident.locked(incident_id, by.centre_id, version)
    decide(
        incident,
        Stage.HANDED_OVER,
        by=by,
        now=now,
        jurisdiction=target,
        jurisdiction_name=target.name,
        reason=reason,
        units=[],
        closed_at=now,
    )
    record("incident.handed_over", incident, *end_limits(incident, now), to=target.name, reason=reason)
    return incident


@command
def cancel(*, by: Actor, incident_id: int, version: int, code: str, reason: str) -> Incident:
    """Cancel an incident with its code; a cancellation after a limit has passed stays a miss (domain 8)."""
    now = timezone.now()
    check_code(code, reason)
    recall_units(incident_id, by=by, now=now, code=code, text=reason)
    incident = Incident.locked(incident_id, by.centre_id, version)
    exclusion = CANCELLED_BEFORE_ARRIVAL if incident.first_on_scene_at is None else incident.exclusion
    decide(
        incident,
        Stage.CANCELLED,
        by=by,
        now=now,
        reason=f"{code} {reason}".strip(),
        exclusion=exclusion,
        units=[],
        closed_at=now,
    )
    record("incident.cancelled", incident, *end_limits(incident, now), code=code, reason=reason)
    return incident


@command
def invalidate(*, by: Actor, incident_id: int, version: int, reason: str) -> Incident:
    """The watch commander declares an incident invalid."""
    now = timezone.now()
    recall_units(incident_id, by=by, now=now, code="CX4", text=reason)
    incident = Incident.locked(incident_id, by.centre_id, version)
    invalidated(incident, by=by, now=now, reason=reason)
    return incident


def invalidated(incident: Incident, *, by: Actor, now: dt.datetime, reason: str) -> None:
    """Declare a locked incident invalid; its units are recalled before."""
    decide(incident, Stage.INVALID, by=by, now=now, reason=reason, units=[], closed_at=now)
    record("incident.invalidated", incident, *end_limits(incident, now), reason=reason)


@command
def reopen(*, by: Actor, incident_id: int, version: int, reason: str) -> Incident:
    """The watch commander takes an ended incident back to the stage that its orders say; milestones stay. A merge is
    undone on both sides."""
    now = timezone.now()
    if Incident.objects.filter(pk=incident_id, centre_id=by.centre_id, stage=Stage.MERGED).exists():
        return merging.undo(by=by, incident_id=incident_id, version=version, reason=reason, now=now)
    incident = Incident.locked(incident_id, by.centre_id, version)
    reopened(incident, by=by, now=now, reason=reason)
    return incident


def reopened(incident: Incident, *, by: Actor, now: dt.datetime, reason: str) -> None:
    """Take a locked incident back; what is archived stays, and so does what has lost its personal data."""
    if incident.stage not in ENDED or incident.stage == Stage.ARCHIVED:
        raise WrongTurn(incident)
    kept = begin_again(incident, by=by, now=now)
    exclusion = DRILL if incident.drill else ""
    before = incident.stage
    decide(
        incident,
        DERIVED[0],
        by=by,
        now=now,
        merged_into=None,
        closed_at=None,
        reviewed_by_no="",
        exclusion=exclusion,
        attendance=True,
        reason=reason,
    )
    started = follow(incident, by=by, now=now)
    record("incident.reopened", incident, *started, *kept, before=before, reason=reason)


@command
def archive(*, by: Actor | None, incident_id: int) -> Incident:
    """Move an ended incident into the archive after its class's days: from then on nobody reopens a closed one (the
    retention job). Cancelled, invalid and handed over ones keep their stage."""
    now = timezone.now()
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    kept = Retention.objects.select_for_update(of=("self",), no_key=True).get(incident=incident)
    wait = archived_after(kept.retention_class)
    if kept.archived_at is not None or incident.is_open or kept.ended_at is None or kept.ended_at + wait > now:
        return incident
    if incident.stage == Stage.CLOSED:
        decide(incident, Stage.ARCHIVED, by=by, now=now)
    kept.incident = incident
    kept.change(by=by, now=now, archived_at=now)
    record("incident.archived", incident, kept)
    return incident


@command
def note_printed(*, by: Actor, incident_id: int) -> Incident:
    """Journal that somebody took the file of an incident out (print view)."""
    incident = Incident.objects.get(pk=incident_id, centre_id=by.centre_id)
    record("incident.printed", centre_id=incident.centre_id, incident_id=incident.pk, badge=by.badge)
    return incident
