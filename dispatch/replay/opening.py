"""The centre of a replay: opened by management code, because no API opens centres; all that happens in it is HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils.crypto import salted_hmac

from dispatch.replay import mapping
from incidents.models import Centre, Organisation, User
from incidents.services import opening
from patrol.models import Unit
from patrol.services import register_unit

SQUAD: Final = "REPLAY"
DESK: Final = {"taker": "call_taker", "dispatcher": "dispatcher", "reviewer": "reviewer"}


def open_centre(code: str, box: tuple[float, float, float, float], units: Mapping[str, str], *, say: Any) -> Centre:
    """Open the centre where it is missing, with the units (call sign to the file's unit type) and one lead for each."""
    call_command("seed", centre=code, empty=True, box=list(box), name=f"回放 {code}", stdout=say)
    centre = Centre.objects.get(code=code)
    squad = _squad(centre)
    known = set(Unit.objects.filter(centre=centre).values_list("call_sign", flat=True))
    for call_sign in sorted(set(units) - known):
        kind = mapping.UNIT_KINDS.get(units[call_sign], mapping.OTHER_KIND)
        facts = {"squad_id": squad.pk, "label": call_sign, "kind": kind}
        register_unit(by=None, centre_id=centre.pk, call_sign=call_sign, facts=facts)
    _enrol(centre, squad, units)
    return centre


def _squad(centre: Centre) -> Organisation:
    """Return the one organisation that the units belong to."""
    known = Organisation.objects.filter(centre=centre, code=SQUAD).first()
    if known is None:
        node = {"code": SQUAD, "parent": "", "kind": "squad", "name": "回放", "lat": None, "lng": None}
        opening.load_ground(by=None, centre_id=centre.pk, version="replay", organisations=[node], areas=[], places=[])
        known = Organisation.objects.get(centre=centre, code=SQUAD)
    return known


def _enrol(centre: Centre, squad: Organisation, units: Iterable[str]) -> None:
    people: list[dict[str, Any]] = [
        {"username": login(centre.code, name), "badge": f"R-{name[:8]}", "name": name, "roles": (role,)}
        for name, role in DESK.items()
    ]
    people += [
        {"username": login(centre.code, unit), "badge": f"L-{unit}", "name": f"{unit} 带班", "roles": ("officer",)}
        for unit in units
    ]
    known = set(User.objects.filter(centre=centre).values_list("username", flat=True))
    missing = [person for person in people if person["username"] not in known]
    if missing:
        opening.enrol(
            by=None,
            centre_id=centre.pk,
            password_hash=make_password(password(centre.code)),
            people=[{**person, "sworn": True, "organisation_id": squad.pk} for person in missing],
        )


def login(code: str, name: str) -> str:
    """Return the user name of a seat or of a unit's lead."""
    return f"{code}-{name}".lower()


def password(code: str) -> str:
    """Return the password of a replay centre's accounts: nobody without this installation's secret can make it."""
    return salted_hmac("dispatch.replay", code, algorithm="sha256").hexdigest()
