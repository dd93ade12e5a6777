"""The present duty level of a centre and what it changes (R26); the figures are data of the code table `duty_level`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from incidents import code_tables, codebook
from incidents.refusals import BadInput

NORMAL = 3
RANGES = {"min_units": (0, 50), "breaks_at_once": (0, 50), "limit_percent": (10, 100)}


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds at a duty level."""

    level: int
    min_units: int  # on duty in each squad
    breaks_at_once: int  # in each squad
    break_within: dt.timedelta
    check_within: dt.timedelta
    sign_on_within: dt.timedelta  # of the planned start
    limit_percent: int  # of the usual limits for order, acceptance, departure
    ring_minutes: list[int]


def present_level(centre_id: int) -> int:
    """Return the duty level that holds now; 3 (normal) until somebody has set one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT level FROM incidents_dutylevel WHERE centre_id = %s AND ended_at IS NULL", [centre_id])
        found = cursor.fetchone()
    return int(found[0]) if found else NORMAL


def settings_of(level: int) -> Settings:
    """Return the settings of a level as an administrator may have edited them; the shipped figure stands in for one
    that is missing."""
    shipped = code_tables.find("duty_level", str(level)).attributes

    def figure(name: str) -> Any:
        return codebook.attribute("duty_level", str(level), name, shipped[name])

    return Settings(
        level=level,
        min_units=int(figure("min_units")),
        breaks_at_once=int(figure("breaks_at_once")),
        break_within=dt.timedelta(seconds=figure("break_s")),
        check_within=dt.timedelta(seconds=figure("check_s")),
        sign_on_within=dt.timedelta(seconds=figure("sign_on_s")),
        limit_percent=int(figure("limit_percent")),
        ring_minutes=[int(one) for one in figure("ring_minutes")],
    )


def present(centre_id: int) -> Settings:
    """Return the settings that hold now."""
    return settings_of(present_level(centre_id))


def check_settings(attributes: dict[str, Any]) -> None:
    """Refuse settings of a level that nothing could work with, naming the attribute."""
    for name, (low, high) in RANGES.items():
        value = attributes.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise BadInput(
                **{f"attributes__{name}": _("A whole number from %(low)s to %(high)s.") % {"low": low, "high": high}}
            )
    rings = attributes.get("ring_minutes", [5, 10])
    whole = isinstance(rings, list) and all(isinstance(one, int) and 1 <= one <= 20 for one in rings)
    if not whole or not 1 <= len(rings) <= 4:
        raise BadInput(attributes__ring_minutes=_("Ask for one to four limits of 1 to 20 minutes."))
