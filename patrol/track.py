"""Where a unit was: the track between two moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from incidents.refusals import BadInput

LONGEST = dt.timedelta(days=1)
MOST = 20_000


def window(query: Mapping[str, str]) -> tuple[dt.datetime, dt.datetime]:
    """Return `from` and `to` of a query; the last hour when missing. Raises BadInput naming the field."""
    end = moment(query, "to") or timezone.now()
    start = moment(query, "from") or end - dt.timedelta(hours=1)
    if not dt.timedelta(0) <= end - start <= LONGEST:
        raise BadInput(**{"from": _("At most one day, and from before to.")})
    return start, end


def moment(query: Mapping[str, str], name: str) -> dt.datetime | None:
    """Read one moment with its offset."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 2000 <= found.year < 2100:
        raise BadInput(**{name: _("A moment needs its offset.")})
    return found


def between(unit_id: int, start: dt.datetime, end: dt.datetime) -> list[list[Any]]:
    """Return [lat, lng, accuracy_m, speed_kmh, heading, fixed_at ms, source, suspect] in the order of receipt."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lat, lng, accuracy_m, speed_kmh, heading, fixed_at, source, suspect FROM patrol_fix "
            "WHERE unit_id = %s AND received_at BETWEEN %s AND %s ORDER BY received_at, fixed_at LIMIT %s",
            [unit_id, start, end, MOST],
        )
        return [
            [lat, lng, accuracy, speed, heading, int(at.timestamp() * 1000), source, int(suspect)]
            for lat, lng, accuracy, speed, heading, at, source, suspect in cursor.fetchall()
        ]
