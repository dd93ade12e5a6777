"""Fusion requests (合成作战, M20, M21, M43): asked from an incident, accepted, handed over by name, ended with words."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import centres
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import FusionRequest, Incident, LockedPosition, User
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import ANALYST, WATCH_COMMANDER
from incidents.row import stamp
from incidents.services import numbers

State = FusionRequest.State
OPEN = (State.WAITING, State.WORKING, State.LOCKED)
CRIME = "01"  # of the code table incident_type (7.1)
URGENT = 2


def proposed(incident: Incident) -> bool:
    """Tell whether the rule proposes a request: an urgent crime (P1 or P2) for which nobody has asked yet. A person
    raises it; nothing is ever raised by itself (design 9)."""
    return (
        incident.is_open
        and incident.priority <= URGENT
        and incident.type_reported.startswith(CRIME)
        and not FusionRequest.objects.filter(incident=incident).exists()
    )


def keeps_open(incident: Incident) -> bool:
    """Tell whether somebody still works for an incident: then it is not closed (domain 5)."""
    return FusionRequest.objects.filter(incident=incident, state__in=OPEN).exists()


@command
def ask_fusion(
    *, by: Actor, incident_id: int, ask: str, text: str, legal_basis: str, by_rule: bool = False
) -> FusionRequest:
    """Ask the fusion centre for work on an open incident. Desk, fusion centre and watch commander are told by the entry
    in the same second. `by_rule`: a person raises what the rule proposed. A complaint is not theirs to know (R1)."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    if incident.is_complaint:
        raise NotFound()
    if not incident.is_open:
        raise WrongTurn(incident)
    if by_rule and not proposed(incident):
        raise WrongTurn(incident, _("Nothing is proposed for this incident any more."))
    row_id = numbers.next_id("incidents_fusionrequest")
    row = FusionRequest.make(
        by=by,
        now=now,
        id=row_id,
        request_no=numbers.number(centres.centre(by.centre_id), "H", row_id, now),
        centre_id=by.centre_id,
        incident=incident,
        ask=ask,
        text=text,
        legal_basis=legal_basis,
        by_rule=by_rule,
        asked_by_no=by.badge,
        asked_by_name=by.name,
        asked_at=now,
    )
    record("fusion.asked", row, request_no=row.request_no, ask=ask, by_rule=by_rule)
    return row


@command
def accept_fusion(*, by: Actor, request_id: int, speciality: str) -> FusionRequest:
    """Take a waiting request on; of several who try one wins, the others get the row with the owner's name (K16)."""
    now = timezone.now()
    row = FusionRequest.locked(request_id, by.centre_id)
    if row.state != State.WAITING:
        if row.owner_id == by.user_id and row.is_open:
            return row
        raise WrongTurn(row, _("Somebody else has taken this request on."))
    row.change(by=by, now=now, state=State.WORKING, speciality=speciality, accepted_at=now, **owned_by(by))
    record("fusion.accepted", row, request_no=row.request_no, badge=by.badge, speciality=speciality)
    return row


def owned_by(person: Actor | User) -> dict[str, object]:
    """Return the fields that name an owner."""
    user_id = person.user_id if isinstance(person, Actor) else person.pk
    return {"owner_id": user_id, "owner_no": person.badge, "owner_name": person.name}


def may_work(row: FusionRequest, by: Actor) -> None:
    """Refuse everybody but the owner and the watch commander."""
    if row.owner_id != by.user_id and not by.has(WATCH_COMMANDER):
        raise Forbidden(_("Its owner works on this request; let it be handed over first."))


@command
def hand_over_fusion(*, by: Actor, request_id: int, to_no: str, words: str) -> FusionRequest:
    """Hand a request over by name (交接, M43): its owner or the watch commander gives it, or the receiver takes it."""
    row = FusionRequest.locked(request_id, by.centre_id)
    receiver = analyst(by.centre_id, to_no)
    if receiver.pk != by.user_id:
        may_work(row, by)
    if row.state not in (State.WORKING, State.LOCKED):
        raise WrongTurn(row)
    hand(row, receiver, by=by, now=timezone.now(), words=words)
    return row


@command
def hand_over_all_fusion(*, by: Actor, to_no: str, words: str) -> dict[str, object]:
    """Hand over everything that one works on, at the change of shift; each request keeps its list intact."""
    now = timezone.now()
    receiver = analyst(by.centre_id, to_no)
    if receiver.pk == by.user_id:
        raise BadInput(to=_("Name the person who takes it over."))
    mine = FusionRequest.objects.filter(centre_id=by.centre_id, owner_id=by.user_id, state__in=OPEN)
    ids = list(mine.order_by("id").values_list("id", flat=True))
    rows = [FusionRequest.locked(row_id, by.centre_id) for row_id in ids]
    kept = [row for row in rows if row.owner_id == by.user_id and row.is_open]
    for row in kept:
        hand(row, receiver, by=by, now=now, words=words)
    return {"fusion_requests": [row.row() for row in kept]}


def analyst(centre_id: int, badge: str) -> User:
    """Return the analyst with a badge. Raises BadInput."""
    found = User.objects.filter(centre_id=centre_id, badge=badge, is_active=True, groups__name=ANALYST).first()
    if found is None:
        raise BadInput(to=_("No analyst has this badge number."))
    return found


def hand(row: FusionRequest, receiver: User, *, by: Actor, now: dt.datetime, words: str) -> None:
    """Write the new owner and the line of the shift log."""
    if row.owner_id == receiver.pk:
        return
    line = {"at": stamp(now), "from": row.owner_no, "from_name": row.owner_name, "to": receiver.badge}
    line |= {"to_name": receiver.name, "words": words, "by": by.badge}
    giver = row.owner_no
    row.change(by=by, now=now, shift_log=[*row.shift_log, line], **owned_by(receiver))
    record("fusion.handed_over", row, request_no=row.request_no, giver=giver, receiver=receiver.badge)


@command
def end_fusion(*, by: Actor, request_id: int, state: str, text: str) -> FusionRequest:
    """End a request with its result, or without one and why. What nobody has accepted may be ended without a result by
    any analyst or the watch commander."""
    now = timezone.now()
    row = FusionRequest.locked(request_id, by.centre_id)
    if row.state == state:
        return row
    if State(state) not in FusionRequest.TRANSITIONS[State(row.state)]:
        raise WrongTurn(row)
    if row.owner_id is not None:
        may_work(row, by)
    row.change(by=by, now=now, state=state, ended_at=now, result_text=text)
    record("fusion.ended", row, request_no=row.request_no, state=state)
    return row


def locked_for_work(request_id: int, by: Actor) -> FusionRequest:
    """Lock a request that is worked on now; any analyst and the video squad may add what they found. Raises WrongTurn
    when it waits or has ended."""
    row = FusionRequest.locked(request_id, by.centre_id)
    if row.state not in (State.WORKING, State.LOCKED):
        raise WrongTurn(row)
    return row


def lapsed(now: dt.datetime) -> list[int]:
    """Return the requests whose present position has run out."""
    found = LockedPosition.objects.filter(request__state=State.LOCKED, replaced_at__isnull=True, valid_until__lte=now)
    return list(found.order_by("request_id").values_list("request_id", flat=True)[:200])


@command
def let_lapse(*, by: Actor | None, request_id: int) -> FusionRequest:
    """Put a request back to work when its position has run out: nothing is locked any more. The row of the position
    stays, grey on every map, and no new directive may rest on it."""
    now = timezone.now()
    centre_id = FusionRequest.objects.values_list("centre_id", flat=True).get(pk=request_id)
    row = FusionRequest.locked(request_id, centre_id)
    still = LockedPosition.objects.filter(request=row, replaced_at__isnull=True, valid_until__gt=now).exists()
    if row.state == State.LOCKED and not still:
        row.change(by=by, now=now, state=State.WORKING)
        record("position.lapsed", row, request_no=row.request_no)
    return row
