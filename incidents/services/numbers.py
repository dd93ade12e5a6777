"""Numbers that people read: region, day, running number; the running number is the row's id, so `#241` is one row."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import connection

from incidents.models import Centre

CITY_TIME = ZoneInfo("Asia/Shanghai")


def next_id(table: str) -> int:
    """Draw the next id of a table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


def next_ids(table: str, count: int) -> list[int]:
    """Draw several ids of a table at once; nobody else ever gets them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return sorted(int(row[0]) for row in cursor.fetchall())


def number(centre: Centre, kind: str, row_id: int, now: dt.datetime) -> str:
    """Return e.g. 350600J20260101000241: region, J call, A incident, P order or F report, day of the city, number."""
    return f"{centre.number_prefix}{kind}{now.astimezone(CITY_TIME):%Y%m%d}{row_id:06d}"
