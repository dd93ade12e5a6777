"""Centres by id: a copy per process, because every request needs its centre and a centre hardly ever changes."""

from __future__ import annotations

import time

from incidents.models import Centre

RENEW_EVERY_S = 30.0
_known: dict[int, tuple[float, Centre]] = {}


def centre(centre_id: int) -> Centre:
    """Return a centre, read again every 30 seconds. Raises Centre.DoesNotExist."""
    found = _known.get(centre_id)
    if found is None or time.monotonic() - found[0] > RENEW_EVERY_S:
        found = _known[centre_id] = (time.monotonic(), Centre.objects.get(pk=centre_id))
    return found[1]


def forget() -> None:
    """Drop the copies."""
    _known.clear()
