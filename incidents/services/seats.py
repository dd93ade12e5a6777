"""Seats: who may sit where, who does, and who allowed it (M19)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from incidents import codebook
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Qualification, Seat, SeatPermit, Sitting, User
from incidents.refusals import BadInput, Refusal
from incidents.row import Json, stamp

PERMIT_HOLDS_FOR = dt.timedelta(hours=12)  # one shift


class NotQualified(Refusal):
    """The seat needs what this person does not hold; the sentence names it."""

    status, code = 403, "not_qualified"
    sentence = gettext_lazy("You are not qualified for this seat.")


class SeatTaken(Refusal):
    """Somebody else sits there; `relieve` ends that."""

    status, code = 409, "seat_taken"
    sentence = gettext_lazy("Somebody else sits on this seat.")


@command
def register_seats(*, by: Actor | None, centre_id: int, seats: Sequence[Json]) -> Json:
    """Bring seats into the register: `{"code", "name", "kind", "roles"?, "skills"?}`; what is not said comes from the
    kind. A known code is left as it is."""
    now = timezone.now()
    known = set(Seat.objects.filter(centre_id=centre_id).values_list("code", flat=True))
    made = []
    for facts in seats:
        if facts["code"] in known:
            continue
        codebook.require("seat_kind", facts["kind"], "kind")
        needs = {
            name: list(facts.get(name) or codebook.attribute("seat_kind", facts["kind"], name, []))
            for name in ("roles", "skills")
        }
        known.add(facts["code"])
        made.append(
            Seat.make(
                by=by, now=now, centre_id=centre_id, code=facts["code"], name=facts["name"], kind=facts["kind"], **needs
            )
        )
    if made:
        record("seat.registered", *made, seats=[seat.code for seat in made])
    return {"made": len(made)}


@command
def grant(
    *, by: Actor | None, centre_id: int, badge: str, skill: str, certificate: str, starts_at: dt.datetime,
    expires_at: dt.datetime,
) -> Qualification:  # fmt: skip
    """Note that a person holds a skill from a moment to another. Raises BadInput when it overlaps one that is noted."""
    now = timezone.now()
    codebook.require("skill", skill, "skill")
    person = person_of(centre_id, badge)
    if expires_at <= starts_at:
        raise BadInput(expires_at=_("The end must lie after the beginning."))
    try:
        with transaction.atomic():
            row = Qualification.make(
                by=by, now=now, centre_id=centre_id, person=person, skill=skill, certificate=certificate,
                starts_at=starts_at, expires_at=expires_at,
            )  # fmt: skip
    except IntegrityError as error:
        raise BadInput(starts_at=_("This person holds the skill at that time already.")) from error
    record("qualification.granted", row, badge=badge, code=skill)
    return row


@command
def end_qualification(*, by: Actor, qualification_id: int, reason: str) -> Qualification:
    """A person does not hold a skill any longer; whoever sits is not driven from the seat."""
    now = timezone.now()
    row = Qualification.locked(qualification_id, by.centre_id)
    if row.expires_at > now:
        row.change(by=by, now=now, expires_at=max(now, row.starts_at + dt.timedelta(seconds=1)))
        record("qualification.ended", row, badge=row.person.badge, code=row.skill, reason=reason)
    return row


@command
def allow(*, by: Actor, seat_no: str, badge: str, reason: str) -> SeatPermit:
    """Let a person who is not qualified sit on a seat for this shift (twelve hours); the reason is journalled."""
    now = timezone.now()
    seat = Seat.objects.filter(centre_id=by.centre_id, code=seat_no, ended_at__isnull=True).first()
    if seat is None:
        raise BadInput(seat=_("There is no such seat."))
    person = person_of(by.centre_id, badge)
    if person.pk == by.user_id:
        raise BadInput(badge=_("Nobody allows a seat to oneself."))
    row = SeatPermit.make(
        by=by, now=now, centre_id=by.centre_id, seat=seat, person=person, reason=reason, allowed_by_no=by.badge,
        lacks=lacking(seat, person.pk, now), expires_at=now + PERMIT_HOLDS_FOR,
    )  # fmt: skip
    record("seat.allowed", row, seat=seat.code, badge=badge, reason=reason)
    return row


def person_of(centre_id: int, badge: str) -> User:
    """Return an active person of the centre by the badge."""
    found = User.objects.filter(centre_id=centre_id, badge=badge, is_active=True).exclude(badge="").first()
    if found is None:
        raise BadInput(badge=_("There is nobody with this badge."))
    return found


def lacking(seat: Seat, person_id: int, now: dt.datetime) -> list[str]:
    """Return the skills that a seat needs and a person does not hold now."""
    held = set(
        Qualification.objects.filter(person_id=person_id, starts_at__lte=now, expires_at__gt=now).values_list(
            "skill", flat=True
        )
    )
    return [skill for skill in seat.skills if skill not in held]


def sit_down(by: Actor, now: dt.datetime, *, relieve: bool) -> None:
    """Take the actor's seat inside a command: the earlier seat of the person is left. Raises NotQualified with what is
    missing, SeatTaken with who sits there. A centre without registered seats keeps none of these rules."""
    seat = Seat.objects.filter(centre_id=by.centre_id, code=by.seat, ended_at__isnull=True).first()
    if seat is None:
        if Seat.objects.filter(centre_id=by.centre_id).exists():
            raise NotQualified(_("There is no seat %(seat)s.") % {"seat": by.seat})
        return
    permit = must_be_qualified(seat, by, now)
    mine = Sitting.objects.filter(person_id=by.user_id, ended_at__isnull=True)
    if mine.filter(seat=seat).exists():
        return
    mine.update(ended_at=now)
    there = Sitting.objects.filter(seat=seat, ended_at__isnull=True).select_related("person").first()
    if there is not None:
        if not relieve:
            raise SeatTaken(_("%(name)s sits on seat %(seat)s.") % {"name": there.person.name, "seat": seat.code})
        Sitting.objects.filter(pk=there.pk).update(ended_at=now)
        record("seat.relieved", seat, seat=seat.code, badge=there.person.badge, by=by.badge)
    try:
        with transaction.atomic():
            Sitting.objects.create(
                centre_id=by.centre_id, seat=seat, person_id=by.user_id, permit=permit, started_at=now
            )
    except IntegrityError as error:
        raise SeatTaken() from error


def must_be_qualified(seat: Seat, by: Actor, now: dt.datetime) -> SeatPermit | None:
    """Refuse a seat that needs what the person does not hold, unless the watch commander has allowed it."""
    lacks = lacking(seat, by.user_id, now)
    wrong_role = bool(seat.roles) and not by.has(*seat.roles)
    if not lacks and not wrong_role:
        return None
    permit = SeatPermit.objects.filter(seat=seat, person_id=by.user_id, expires_at__gt=now).order_by("-id").first()
    if permit is not None and not wrong_role:
        return permit
    if wrong_role:
        raise NotQualified(_("Seat %(seat)s is not for your role.") % {"seat": seat.code})
    words = ", ".join(name_of("skill", skill) for skill in lacks)
    raise NotQualified(
        _(
            "Seat %(seat)s needs %(skills)s, which you do not hold or which has expired. The watch commander may allow it."
        )
        % {"seat": seat.code, "skills": words}
    )


def name_of(table: str, code: str) -> str:
    """Return a code's word in the active language."""
    found = codebook.book().get((table, code))
    if found is None:
        return code
    return found.zh if (get_language() or "").startswith("zh") else found.en


def stand_up(by: Actor, now: dt.datetime) -> None:
    """Leave the seat inside a command."""
    Sitting.objects.filter(person_id=by.user_id, ended_at__isnull=True).update(ended_at=now)


def seats_of(centre_id: int, now: dt.datetime) -> list[Json]:
    """Return the seats with who sits there now and by whose leave."""
    seats = Seat.objects.filter(centre_id=centre_id, ended_at__isnull=True).order_by("code")
    taken = {
        one.seat_id: one
        for one in Sitting.objects.filter(centre_id=centre_id, ended_at__isnull=True).select_related("person", "permit")
    }
    return [{**seat.row(), "sits": sitter(taken.get(seat.pk))} for seat in seats]


def sitter(one: Sitting | None) -> Json | None:
    """Return who sits on a seat."""
    if one is None:
        return None
    allowed: dict[str, Any] = (
        {"allowed_by": one.permit.allowed_by_no, "reason": one.permit.reason} if one.permit else {}
    )
    return {
        "badge": one.person.badge,
        "name": one.person.name,
        "since": stamp(one.started_at),
        "permit": allowed or None,
    }
