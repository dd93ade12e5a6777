"""What happened before at a place and with a number: counted by type, the last ones by name (row 22, F1).

Who may not see an incident finds it neither counted nor listed: complaints are the desk's and the inspectors' alone,
confidential ones stay with the desk, the inspectors and their station.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from incidents import geo
from incidents.audience import COMPLAINT, COMPLAINT_CLASS
from incidents.row import Json
from incidents.services import number_flags
from incidents.services.premises import box_around
from incidents.tree import under

LAST = 5
DAYS_OF_A_MONTH = 30.44
LEFT_OUT = ("merged", "invalid")
TYPE = "coalesce(nullif(i.type_verified, ''), i.type_reported)"
LISTED = (
    "json_build_object('incident', i.id, 'incident_no', i.incident_no, 'at', to_char(i.answered_at AT TIME ZONE 'UTC', "
    f"'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), 'type', {TYPE}, 'result', i.result_code, 'stage', i.stage, "
    "'priority', i.priority)"
)


def since(now: dt.datetime) -> dt.datetime:
    """Return from when on the past counts."""
    return now - dt.timedelta(days=settings.HISTORY_MONTHS * DAYS_OF_A_MONTH)


def at_place(
    centre_id: int, audience: str, lat: float, lng: float, now: dt.datetime, *, without: int | None = None
) -> Json:
    """Return the history of a WGS-84 point within the distance of the settings, as an audience may see it."""
    within = settings.HISTORY_WITHIN_M
    south, west, north, east = box_around(lat, lng, within)
    # Flat within a hundred metres: the error is below a millimetre.
    near = (
        "i.centre_id = %s AND i.lat BETWEEN %s AND %s AND i.lng BETWEEN %s AND %s "
        "AND (i.lat - %s) * (i.lat - %s) + (i.lng - %s) * (i.lng - %s) * %s <= %s"
    )
    squared = (within / geo.METRES_PER_DEGREE) ** 2
    values = [centre_id, south, north, west, east, lat, lat, lng, lng, geo.shrink(lat) ** 2, squared]
    found = counted(f"FROM incidents_incident i WHERE {near}", values, audience, now, without)
    return {"within_m": within, "months": settings.HISTORY_MONTHS, **found}


def of_number(centre_id: int, audience: str, number: str, now: dt.datetime, *, without: int | None = None) -> Json:
    """Return the history of a telephone number: incidents it called about or was named as a contact of, its calls, those
    of them that came to nothing, and its flag."""
    mine = (
        "FROM incidents_incident i WHERE i.id IN (SELECT id FROM incidents_incident WHERE centre_id = %s AND "
        "contact_phone = %s AND contact_phone <> '' UNION SELECT incident_id FROM incidents_call WHERE centre_id = %s AND "
        "caller_number = %s AND caller_number <> '' UNION SELECT incident_id FROM incidents_call WHERE centre_id = %s AND "
        "contact_phone = %s AND contact_phone <> '')"
    )
    found = counted(mine, [centre_id, number] * 3, audience, now, without)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE validity = 'invalid') FROM incidents_call WHERE centre_id = %s AND "
            "caller_number = %s AND caller_number <> '' AND ring_at >= %s AND NOT drill",
            [centre_id, number, since(now)],
        )
        calls, invalid = cursor.fetchone()
    flag = number_flags.flag_of(centre_id, number, now)
    return {"months": settings.HISTORY_MONTHS, "calls": calls, "invalid_calls": invalid, "flag": flag, **found}


def counted(chosen: str, values: Sequence[Any], audience: str, now: dt.datetime, without: int | None) -> Json:
    """Count the chosen incidents by type and list the last five, in one statement."""
    allowed, more = seen_by(audience)
    rule = f"{chosen} AND i.answered_at >= %s AND NOT i.drill AND i.stage <> ALL(%s) AND i.id <> %s{allowed}"
    with connection.cursor() as cursor:
        cursor.execute(
            # What is counted stands in the index; only the last five are read from the table.
            f"WITH past AS MATERIALIZED (SELECT i.id, i.answered_at, {TYPE} AS code {rule}), "
            "counts AS (SELECT left(code, 2) AS type, count(*) AS n FROM past GROUP BY 1 ORDER BY 2 DESC, 1), "
            f"last AS (SELECT id FROM past ORDER BY answered_at DESC, id DESC LIMIT {LAST}) "
            "SELECT (SELECT coalesce(json_agg(counts), '[]') FROM counts)::text, (SELECT coalesce(json_agg("
            f"{LISTED} ORDER BY i.answered_at DESC, i.id DESC), '[]') FROM last JOIN incidents_incident i USING (id))::text",
            [*values, since(now), list(LEFT_OUT), without or 0, *more],
        )
        types, last = (json.loads(text) for text in cursor.fetchone())
    return {"n": sum(one["n"] for one in types), "types": types, "last": last}


def seen_by(audience: str) -> tuple[str, list[Any]]:
    """Return the condition of what an audience may see, and its values (incidents.audience says the same of rows)."""
    if audience in ("desk", "inspector"):
        return "", []
    hidden = " AND NOT (i.type_reported LIKE %s OR i.intake_class = %s)"
    values: list[Any] = [f"{COMPLAINT}%", COMPLAINT_CLASS]
    if audience.startswith("station."):
        return f"{hidden} AND i.jurisdiction_id = ANY(%s)", [*values, under(int(audience.removeprefix("station.")))]
    return f"{hidden} AND NOT i.confidential", values
