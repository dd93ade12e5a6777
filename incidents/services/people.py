"""People and their rights: administrators' commands (no operations)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Organisation, User
from incidents.refusals import BadInput, Forbidden, NotFound, Refusal
from incidents.roles import EXCLUSIVE, ROLES
from incidents.row import Json
from incidents.services import seats


class StaleUser(Refusal):
    """The person's row has changed since the administrator read it."""

    status, code = 409, "stale"
    sentence = _("Somebody changed this record meanwhile.")

    def __init__(self, current: Any):
        super().__init__(current=current)


def check_roles(roles: list[str]) -> None:
    """Refuse unknown roles and pairs that nobody may hold together (targets 3.1)."""
    for role in roles:
        if role not in ROLES:
            raise BadInput(roles=_("Unknown role."))
    for pair in EXCLUSIVE:
        if pair <= set(roles):
            raise BadInput(roles=_("These roles exclude each other: %(roles)s.") % {"roles": ", ".join(sorted(pair))})


def organisation_of(centre_id: int, organisation: int | None) -> int | None:
    """Return the id of an organisation of the centre, or None; raise BadInput for any other."""
    if organisation and not Organisation.objects.filter(pk=organisation, centre_id=centre_id).exists():
        raise BadInput(organisation=_("There is no such organisation."))
    return organisation


@command
def create_user(*, by: Actor | None, centre_id: int, username: str, password: str, facts: dict[str, Any]) -> Json:
    """Create a person with roles; the password is stored as an Argon2 hash only."""
    roles = facts.pop("roles", [])
    check_roles(roles)
    organisation = organisation_of(centre_id, facts.pop("organisation", None))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username=username, password=password, centre_id=centre_id, organisation_id=organisation, **facts
            )
    except IntegrityError as error:
        field = "badge" if "one_person_per_badge" in str(error) else "username"
        raise BadInput(**{field: _("This is taken.")}) from error
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    record("user.created", centre_id=centre_id, badge=user.badge, name=user.name, roles=sorted(roles))
    return {"user": user.row()}


@command
def change_user(*, by: Actor, user_id: int, version: int, facts: dict[str, Any]) -> Json:
    """Change roles, activity or names; sockets of a person whose rights shrank close within a second."""
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, centre_id=by.centre_id).first()
    if user is None:
        raise NotFound()
    if user.version != version:
        raise StaleUser(user)
    if user.pk == by.user_id:
        raise Forbidden(_("Nobody changes the own rights; ask a second administrator."))
    roles = facts.pop("roles", None)
    before = sorted(user.role_names)
    if roles is not None and sorted(roles) != before:
        check_roles(roles)
        user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
        user.__dict__.pop("_roles", None)
        record("user.roles_set", centre_id=by.centre_id, badge=user.badge, before=before, roles=sorted(roles))
    if "organisation" in facts:
        facts["organisation_id"] = organisation_of(by.centre_id, facts.pop("organisation"))
    active = facts.pop("is_active", user.is_active)
    if active != user.is_active:
        record("user.enabled" if active else "user.disabled", centre_id=by.centre_id, badge=user.badge)
    changes = {name: [getattr(user, name), value] for name, value in facts.items() if getattr(user, name) != value}
    if changes:
        record("user.described", centre_id=by.centre_id, badge=user.badge, changes=changes)
    User.objects.filter(pk=user.pk).update(
        version=F("version") + 1, access_version=F("access_version") + 1, is_active=active, **facts
    )
    user.refresh_from_db()
    return {"user": user.row()}


@command
def note_sign_in(*, by: Actor, came: bool, relieve: bool = False) -> Json:
    """Journal that somebody signed in (`came`) or out, from which seat; a registered seat is taken or left with it.
    Raises NotQualified or SeatTaken; `relieve` ends the sitting of whoever sits there."""
    now = timezone.now()
    if by.seat and came:
        seats.sit_down(by, now, relieve=relieve)
    if by.seat and not came:
        seats.stand_up(by, now)
    if by.seat:
        # One person per seat: who sat there before has gone.
        User.objects.filter(centre_id=by.centre_id, on_seat=by.seat).update(on_seat="")
        User.objects.filter(pk=by.user_id).update(on_seat=by.seat if came else "")
    record("user.signed_in" if came else "user.signed_out", centre_id=by.centre_id, badge=by.badge, place=by.place)
    return {}


@command
def note_lock(*, by: Actor, locked: bool) -> Json:
    """Journal that a screen was locked or opened again, and where."""
    record("user.locked" if locked else "user.unlocked", centre_id=by.centre_id, badge=by.badge, place=by.place)
    return {}


@command
def set_pin(*, by: Actor, pin: str) -> Json:
    """Set the PIN that opens the own locked screen; `pin` is checked and hashed by `locking.pin_hash`."""
    User.objects.filter(pk=by.user_id).update(pin=pin, unlock_tries=0)
    record("user.pin_set", centre_id=by.centre_id, badge=by.badge)
    return {}


def note_try(user_id: int) -> int:
    """Count one more try to open a screen, before it is judged, so that tries side by side are all counted."""
    User.objects.filter(pk=user_id).update(unlock_tries=F("unlock_tries") + 1)
    return int(User.objects.values_list("unlock_tries", flat=True).get(pk=user_id))


def forget_tries(user_id: int) -> None:
    """Begin to count anew: the person is who the session says."""
    User.objects.filter(pk=user_id).update(unlock_tries=0)
