"""The soft lock of a seat that nobody touches (targets 3.3): what it refuses, and after how long it falls.

Boards, timers and sounds go on, and the feed is never cut; what is written waits for the PIN. A caller or an officer in
danger never waits for it, so views name what stays possible in `while_locked`.
"""

from __future__ import annotations

import itertools
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.refusals import BadInput, Refusal
from incidents.roles import ADAPTER, OFFICER

READS = ("GET", "HEAD", "OPTIONS")
# Seconds without input. A phone lies in a hand, a seat in a guarded room.
SEAT_LOCKS_AFTER_S, PHONE_LOCKS_AFTER_S = 600, 300
PIN_LENGTHS = range(4, 9)
# Wrong PINs in a row before only the password opens; wrong tries in a row before the session ends.
PINS_TRIED, TRIED = 5, 10
LOCKED_AT = "locked_at"


class Locked(Refusal):
    """The session is locked; the same request may come again once it is open."""

    status, code = 423, "locked"
    sentence = _("This seat is locked. Enter your PIN or password.")


class WrongPin(Refusal):
    """Neither PIN nor password of the person."""

    status, code = 403, "wrong_pin"
    sentence = _("This is not your PIN or password.")


class PinClosed(Refusal):
    """Too many wrong PINs in a row: only the password opens."""

    status, code = 403, "pin_closed"
    sentence = _("Too many wrong PINs. Enter your password.")


def refuse_locked(by: Actor, method: str, view: Any) -> None:
    """Refuse a write of a locked session, unless the view says that it must not wait."""
    if by.locked and method not in READS and method not in getattr(view, "while_locked", ()):
        raise Locked()


def locks_after_s(roles: frozenset[str]) -> int:
    """Return the seconds without input after which a person's screen locks; 0 is never (a machine, or by setting)."""
    if ADAPTER in roles:
        return 0
    named: dict[str, float] = settings.ZZ110_LOCK_MINUTES
    asked = [named[role] for role in roles if role in named]
    if asked:
        return int(60 * min(asked))
    return PHONE_LOCKS_AFTER_S if OFFICER in roles else SEAT_LOCKS_AFTER_S


def pin_hash(pin: str) -> str:
    """Return the hash of a PIN; raise BadInput for one that is no PIN or that everybody tries first."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS):
        raise BadInput(pin=_("A PIN has four to eight digits."))
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {-1, 0, 1}:
        raise BadInput(pin=_("This PIN is too easy to guess."))
    return make_password(pin)


def opens(user: Any, secret: str, tried: int) -> bool:
    """Tell whether a secret opens the screen of a person after so many wrong tries. Raises PinClosed."""
    if user.check_password(secret):
        return True
    if tried > PINS_TRIED and secret.isdigit():
        raise PinClosed()
    return bool(user.pin) and check_password(secret, user.pin)
