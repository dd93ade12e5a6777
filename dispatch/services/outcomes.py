"""What came of it (快破快挽, M8, M27, M39, M52): suspects, arrests, who takes part in the credit, incidents that an arrest
clears along. Things and their way home are parties (incidents/services/parties.py)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Cleared, Incident, Party, Suspect
from incidents.models.incidents import Stage
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.roles import ANALYST, DESK, VIDEO
from incidents.row import Json, stamp
from incidents.services import parties
from patrol.models import Unit

Status = Suspect.Status
FINDING = (ANALYST, VIDEO)
MOST_CREDITED = 12
# A merged or mistaken incident is not one that an arrest could clear.
CANNOT_BE_CLEARED = (Stage.MERGED, Stage.INVALID)


@dataclass(frozen=True, slots=True)
class Arrest:
    """By which unit, when (now where nothing is said), where, and who else takes part in the credit."""

    by_unit: str
    at: dt.datetime | None = None
    point: Json | None = None
    credit: tuple[str, ...] = ()


def visible(by: Actor, incident_id: int) -> Incident:
    """Lock an incident that the person works on: desk, its units and its station; the back office any but a complaint
    (R1). Raises NotFound."""
    if by.has(*FINDING):
        incident = Incident.locked(incident_id, by.centre_id)
        if incident.is_complaint:
            raise NotFound()
        return incident
    return parties.visible(by, incident_id)


@command
def add_suspect(
    *, by: Actor, incident_id: int, party_id: int | None = None, facts: Json | None = None, arrest: Arrest | None = None
) -> Suspect:
    """Name a suspect of an incident: a person who stands on it already, or one described here (M52); with an arrest he is
    caught in the same act, which is what a phone sends. A person is a suspect of an incident once: a repeat answers with
    the row."""
    now = timezone.now()
    if party_id is not None:
        party = Party.locked(party_id, by.centre_id)
        if party.incident_id != incident_id or party.kind != Party.Kind.PERSON or party.void_at is not None:
            raise BadInput(party=_("Choose a person of this incident."))
    incident = visible(by, incident_id)
    if party_id is None:
        party = described(incident, facts or {}, by=by, now=now)
    row = Suspect.objects.filter(party=party).first() or named(incident, party, by=by, now=now)
    row.incident = incident
    if arrest is not None:
        caught(row, incident, arrest, by=by, now=now)
    return row


def named(incident: Incident, party: Party, *, by: Actor, now: dt.datetime) -> Suspect:
    """Insert a suspect at large."""
    if party.role != Party.Role.SUSPECT:
        party.change(by=by, now=now, role=Party.Role.SUSPECT)
    row = Suspect.make(by=by, now=now, centre_id=incident.centre_id, party=party, incident=incident)
    record("suspect.named", row, party)
    return row


def described(incident: Incident, facts: Json, *, by: Actor, now: dt.datetime) -> Party:
    """Insert the person that a suspect is."""
    wanted = {**facts, "role": str(Party.Role.SUSPECT)}
    parties.check(Party.Kind.PERSON, wanted)
    return Party.make(by=by, now=now, centre_id=incident.centre_id, incident=incident, kind=Party.Kind.PERSON, **wanted)


@command
def catch_suspect(
    *,
    by: Actor,
    suspect_id: int,
    caught_by: str,
    caught_at: dt.datetime | None = None,
    point: Json | None = None,
    credit: list[str] | None = None,
) -> Suspect:
    """Note an arrest (抓获): when, where, by which unit, and who takes part in the credit; each suspect has a moment of
    his own. The catching unit is always credited; video squad (V…) and partner teams (T…) may be as well (M57)."""
    row, incident = held(suspect_id, by)
    caught(row, incident, Arrest(caught_by, caught_at, point, tuple(credit or ())), by=by, now=timezone.now())
    return row


def caught(row: Suspect, incident: Incident, arrest: Arrest, *, by: Actor, now: dt.datetime) -> None:
    """Write an arrest on a locked suspect; the same arrest again changes nothing. Raises WrongTurn, BadInput."""
    moment = arrest.at or now
    if row.status != Status.AT_LARGE:
        same = (row.caught_by_sign, row.status) == (arrest.by_unit, Status.CONTROLLED)
        if same and arrest.at in (None, row.caught_at):
            return
        raise WrongTurn(row)
    if not incident.answered_at <= moment <= now:
        raise BadInput(caught_at=_("An arrest lies between the call and now."))
    units = units_of(by.centre_id, [arrest.by_unit, *arrest.credit])
    row.change(
        by=by,
        now=now,
        status=Status.CONTROLLED,
        caught_at=moment,
        caught_point=arrest.point,
        caught_by=units[arrest.by_unit],
        caught_by_sign=arrest.by_unit,
        credit_units=list(units),
    )
    record("suspect.caught", row, call_sign=arrest.by_unit, caught_at=stamp(moment), credit=" ".join(units))


def units_of(centre_id: int, signs: list[str]) -> dict[str, int]:
    """Return units by call sign in the order of the list. Raises BadInput naming one that does not exist."""
    wanted = list(dict.fromkeys(sign for sign in signs if sign))
    if len(wanted) > MOST_CREDITED:
        raise BadInput(credit=_("Too many units."))
    found = dict(Unit.objects.filter(centre_id=centre_id, call_sign__in=wanted).values_list("call_sign", "id"))
    for sign in wanted:
        if sign not in found:
            raise BadInput(credit=_("No unit has the call sign %(sign)s.") % {"sign": sign})
    return {sign: found[sign] for sign in wanted}


@command
def credit_units(*, by: Actor, suspect_id: int, credit: list[str]) -> Suspect:
    """Say anew who takes part in the credit of an arrest; the catching unit stays."""
    now = timezone.now()
    row, _incident = held(suspect_id, by)
    if row.caught_at is None:
        raise WrongTurn(row)
    units = units_of(by.centre_id, [row.caught_by_sign, *credit])
    if row.change(by=by, now=now, credit_units=list(units)):
        record("suspect.credited", row, credit=" ".join(units))
    return row


@command
def hand_suspect_over(*, by: Actor, suspect_id: int, to: str) -> Suspect:
    """Hand a suspect over to the unit that goes on with him (移交)."""
    return moved(suspect_id, Status.HANDED_OVER, by=by, entry="suspect.handed_over", facts={"handed_to": to}, to=to)


@command
def release_suspect(*, by: Actor, suspect_id: int, reason: str) -> Suspect:
    """Release a suspect with the reason (释放); that he was caught stays."""
    return moved(suspect_id, Status.RELEASED, by=by, entry="suspect.released", facts={}, reason=reason)


def moved(suspect_id: int, state: str, *, by: Actor, entry: str, facts: Json, **data: Any) -> Suspect:
    """Move a suspect to a later status; a repeat changes nothing."""
    row, _incident = held(suspect_id, by)
    if row.status == state:
        return row
    if state not in Suspect.TRANSITIONS[Status(row.status)]:
        raise WrongTurn(row)
    row.change(by=by, now=timezone.now(), status=state, **facts)
    record(entry, row, call_sign=row.caught_by_sign, **data)
    return row


@command
def clear_incident(*, by: Actor, suspect_id: int, incident_id: int, reason: str) -> Suspect:
    """Note that an arrest clears another incident along (带破, M27), with the reason; a repeat changes nothing. The other
    incident's own timeline says so too, and whether it is closed is decided there."""
    now = timezone.now()
    row = Suspect.locked(suspect_id, by.centre_id)
    if row.caught_at is None:
        raise WrongTurn(row, _("Who has not been caught clears nothing."))
    if incident_id == row.incident_id:
        raise BadInput(incident=_("The incident of the arrest itself is solved by it."))
    both = {one: Incident.locked(one, by.centre_id) for one in sorted({incident_id, row.incident_id})}
    row.incident, other = both[row.incident_id], both[incident_id]
    if other.is_complaint or (not by.has(*FINDING) and not by.has(*DESK)):
        raise NotFound()
    if other.stage in CANNOT_BE_CLEARED:
        raise WrongTurn(other)
    if Cleared.objects.filter(suspect=row, incident=other, undone_at__isnull=True).exists():
        return row
    Cleared.objects.create(suspect=row, incident=other, at=now, by_no=by.badge, reason=reason)
    row.touch(by=by, now=now)
    told: Json = {"incident_no": row.incident.incident_no, "other": other.incident_no, "reason": reason}
    record("suspect.cleared", row, call_sign=row.caught_by_sign, **told)
    other.touch(by=by, now=now)
    record("incident.cleared_along", other, call_sign=row.caught_by_sign, **told)
    return row


@command
def undo_clearing(*, by: Actor, suspect_id: int, incident_id: int, reason: str) -> Suspect:
    """Take back that an arrest cleared another incident along, with the reason: both timelines say so and K12 counts it
    no more. What was written stays as a row. A repeat changes nothing."""
    now = timezone.now()
    row = Suspect.locked(suspect_id, by.centre_id)
    both = {one: Incident.locked(one, by.centre_id) for one in sorted({incident_id, row.incident_id})}
    row.incident, other = both[row.incident_id], both[incident_id]
    if other.is_complaint or (not by.has(*FINDING) and not by.has(*DESK)):
        raise NotFound()
    known = Cleared.objects.filter(suspect=row, incident=other).order_by("-id").first()
    if known is None:
        raise BadInput(incident=_("The arrest does not clear this incident along."))
    if known.undone_at is not None:
        return row
    known.undone_at, known.undone_by_no, known.undo_reason = now, by.badge, reason
    known.save(update_fields=["undone_at", "undone_by_no", "undo_reason"])
    row.touch(by=by, now=now)
    told: Json = {"incident_no": row.incident.incident_no, "other": other.incident_no, "reason": reason}
    record("suspect.clearing_undone", row, call_sign=row.caught_by_sign, **told)
    other.touch(by=by, now=now)
    record("incident.clearing_undone", other, call_sign=row.caught_by_sign, **told)
    return row


def held(suspect_id: int, by: Actor) -> tuple[Suspect, Incident]:
    """Lock a suspect and then the incident, whose units are the readers. Raises WrongTurn for one whose person was
    voided, NotFound."""
    row = Suspect.locked(suspect_id, by.centre_id)
    row.incident = visible(by, row.incident_id)
    if Party.objects.filter(pk=row.party_id, void_at__isnull=False).exists():
        raise WrongTurn(row)
    return row, row.incident
