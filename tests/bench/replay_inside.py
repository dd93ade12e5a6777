"""Fills a day of the journal with copies of one handled incident, shifted in ids and moments, and marks it."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import random
import sys
import time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from dispatch.models import BoardMark, Review  # noqa: E402
from dispatch.review import marks  # noqa: E402
from incidents.journal import canonical  # noqa: E402
from incidents.live.frames import Line  # noqa: E402
from incidents.models import Head, Incident  # noqa: E402

LASTS_S = 5_400.0  # an incident is open for an hour and a half: 200 at once
OWN_IDS = ("incident", "call", "assignment", "report")
KEPT_IDS = ("unit", "alert", "duty_level")


def template(incident_id: int) -> list[Line]:
    """Return the entries of the handled incident, with a last one that closes it."""
    centre = Incident.objects.values_list("centre_id", flat=True).get(pk=incident_id)
    found = list(marks.of_incidents(centre, [incident_id], 2**62))
    last = copy.deepcopy(next(line for line in reversed(found) if "incident" in line.body["rows"]))
    row = last.body["rows"]["incident"][0]
    row.update(version=row["version"] + 1, open=False, stage="closed")
    last.body["rows"] = {"incident": [row]}
    return [*found, Line(0, last.at, "incident.closed", last.actor, None, last.readers, last.body, "")]


def shifted(line: Line, number: int) -> tuple[str, str]:
    """Return body and readers of a copy whose rows are others."""
    ahead, body = number * 10_000, copy.deepcopy(line.body)
    for noun, rows in body["rows"].items():
        for row in rows:
            if noun == "unit":
                row["version"] += number * 100
            for name in OWN_IDS if noun != "unit" else ():
                if isinstance(row.get(name), int):
                    row[name] += ahead
            if noun not in KEPT_IDS:
                row["id"] += ahead
    readers = {}
    for key, names in line.readers.items():
        noun, row_id = key.split(":")
        readers[f"{noun}:{int(row_id) + (0 if noun in KEPT_IDS else ahead)}"] = names
    return canonical(body), canonical(readers)


def moments(
    lines: list[Line], entries: int, draw: random.Random, since: dt.datetime
) -> list[tuple[dt.datetime, int, int]]:
    """Return when each entry of each copy comes, over a day."""
    found: list[tuple[dt.datetime, int, int]] = []
    number = 0
    while len(found) < entries:
        number += 1
        begins = draw.uniform(0, 86_400 - LASTS_S)
        steps = sorted(draw.uniform(0, LASTS_S) for _ in lines)
        found += [(since + dt.timedelta(seconds=begins + step), number, at) for at, step in enumerate(steps)]
    return sorted(found)[:entries]


def fill(incident_id: int, entries: int) -> dict[str, Any]:
    """Insert the day and mark it."""
    lines, draw = template(incident_id), random.Random(62)
    head = Head.objects.order_by("centre_id").first()
    assert head is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(at) FROM incidents_entry")
        since = cursor.fetchone()[0] + dt.timedelta(seconds=1)
        day = moments(lines, entries, draw, since)
        zero = bytes(32)
        with cursor.copy(
            "COPY incidents_entry (centre_id, seq, at, kind, actor, readers, body, body_hash, prev_hash, hash, "
            "incident_id) FROM STDIN"
        ) as out:
            for place, (at, number, which) in enumerate(day, 1):
                body, readers = shifted(lines[which], number)
                digest = hashlib.sha256(body.encode()).digest()
                out.write_row((head.pk, head.seq + place, at, lines[which].kind, lines[which].actor, readers, body,
                               digest, zero, zero, incident_id + number * 10_000))  # fmt: skip
        cursor.execute("UPDATE incidents_head SET seq = %s WHERE centre_id = %s", [head.seq + entries, head.pk])
        cursor.execute("ANALYZE incidents_entry")
    began = time.perf_counter()
    made = marks.mark(head.pk, 10_000)
    took = time.perf_counter() - began
    size = sum(len(bytes(held)) for held in BoardMark.objects.values_list("held", flat=True))
    # The day lies ahead of the clock, where no entry is yet; a person could not open its review.
    review = Review.make(by=None, now=since, centre_id=head.pk, name="replay", purpose="replay", since=day[0][0],
                         until=day[-1][0], opened_by_no="0", opened_by_name="0")  # fmt: skip
    return {"review": review.pk, "marks": made, "seconds": round(took, 1), "kb": round(size / 1024), "since": day[0][0].isoformat(),
            "until": day[-1][0].isoformat()}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]), int(sys.argv[2]))))
