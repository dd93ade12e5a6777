"""Hits of watch entries (布控命中): a sighting tells people and sends nobody; a person makes of it what follows (design 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import sounds, statements
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Camera, Incident, Party, WatchEntry, WatchHit
from incidents.refusals import BadInput
from incidents.row import Json
from incidents.services.watch import Subject, normal

SUBJECT_OF = {"plate": Subject.VEHICLE, "number": Subject.NUMBER, "person": Subject.PERSON}
Value = tuple[str, str]  # subject and normalised value


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen, when, where and by what."""

    seen_at: dt.datetime
    source: str
    external_id: str  # of the event: taken once per entry
    text: str = ""
    camera_id: int | None = None
    lat: float | None = None
    lng: float | None = None


@command
def hear_sighting(
    *, by: Actor, feed: str, event: str, kind: str, value: str, seen_at: dt.datetime, gb_code: str, point: Json | None,
    text: str,
) -> Json:  # fmt: skip
    """Compare one sighting of a feed with what is watched for. A match is a hit with its alert, never an order; what
    matches nothing is not kept. Returns the hits."""
    now = timezone.now()
    camera = Camera.objects.filter(centre_id=by.centre_id, gb_code=gb_code).first() if gb_code else None
    if gb_code and camera is None and point is None:
        raise BadInput(camera=_("No camera has this code, and no point is named."))
    place = point or ({"lat": camera.lat, "lng": camera.lng} if camera else {"lat": None, "lng": None})
    sighting = Sighting(
        seen_at, camera.name if camera else feed, f"{feed}:{event}", text, camera.pk if camera else None,
        place["lat"], place["lng"],
    )  # fmt: skip
    subject = SUBJECT_OF[kind]
    found = hits([(subject, normal(subject, value))], sighting, centre_id=by.centre_id, by=by, now=now)
    return {"hits": [hit.row() for hit in found]}


def hits(
    values: Iterable[Value], sighting: Sighting, *, centre_id: int, by: Actor | None, now: dt.datetime
) -> list[WatchHit]:
    """Write a hit and raise its alert for every entry in force that one of these values meets, inside a command; the
    same event hits the same entry once."""
    known = list(dict.fromkeys(values))
    made = []
    for entry in entries_of(known, centre_id, now):
        if WatchHit.objects.filter(entry=entry, external_id=sighting.external_id).exists():
            continue
        made.append(hit(entry, sighting, by=by, now=now))
    return made


def entries_of(values: list[Value], centre_id: int, now: dt.datetime) -> list[WatchEntry]:
    """Return the entries in force that one of these values meets, locked so that two events write one after the other."""
    if not values:
        return []
    rows = statements.fetch(
        WatchEntry,
        "centre_id = %s AND state = 'active' AND expires_at > %s AND value = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [centre_id, now, [value for _subject, value in values]],
    )
    return [row for row in rows if (row.subject, row.value) in set(values)]


def hit(entry: WatchEntry, sighting: Sighting, *, by: Actor | None, now: dt.datetime) -> WatchHit:
    """Write one hit with its alert and its entry of the journal."""
    row = WatchHit.make(
        by=by,
        now=now,
        centre_id=entry.centre_id,
        entry=entry,
        camera_id=sighting.camera_id,
        external_id=sighting.external_id,
        seen_at=sighting.seen_at,
        lat=sighting.lat,
        lng=sighting.lng,
        source=sighting.source[:100],
        text=sighting.text[:400],
    )
    alert = raise_alert(
        "watch_hit", centre_id=entry.centre_id, by=by, now=now, incident_id=entry.incident_id, entry=entry.pk,
        hit=row.pk, subject=entry.subject, value=entry.value, source=row.source,
    )  # fmt: skip
    record("watch.hit", row, alert, subject=entry.subject, source=row.source)
    return row


@command
def handle_hit(*, by: Actor, hit_id: int, text: str) -> WatchHit:
    """Write what a person made of a hit; its alert ends. A repeat changes nothing."""
    now = timezone.now()
    row = WatchHit.locked(hit_id, by.centre_id)
    if row.handled_at is None:
        row.change(by=by, now=now, handled_at=now, handled_by_no=by.badge, handling=text)
        ended = end_causes(now, "watch_hit", centre_id=row.centre_id, **{"data->>'hit'": str(row.pk)})
        record("watch.hit_handled", row, *ended, badge=by.badge)
    return row


def look_at_call(call: Call, incident: Incident | None, *, by: Actor | None, now: dt.datetime) -> None:
    """Compare a new call with what is watched for: its numbers, and every plate in the caller's words."""
    words = [
        call.narrative,
        *(str(one["text"]) for one in call.supplements),
        *([incident.narrative, incident.vehicle_plate] if incident else []),
    ]
    plates = {found for text in words if text for found in sounds.plates(text)}
    values = [*numbers(call.caller_number, call.contact_phone), *((Subject.VEHICLE, one) for one in sorted(plates))]
    if incident and incident.vehicle_plate:
        values.append((Subject.VEHICLE, normal(Subject.VEHICLE, incident.vehicle_plate)))
    point: dict[str, Any] = call.caller_point or {}
    sighting = Sighting(
        now, call.call_no, f"call:{call.pk}", lat=point.get("lat"), lng=point.get("lng"), text=call.narrative[:400]
    )
    hits(values, sighting, centre_id=call.centre_id, by=by, now=now)


def look_at_party(row: Party, *, by: Actor, now: dt.datetime) -> None:
    """Compare a person or vehicle that somebody has just written down with what is watched for."""
    values = [
        *numbers(row.phone),
        *([(Subject.VEHICLE, normal(Subject.VEHICLE, row.plate))] if row.plate else []),
        *([(Subject.PERSON, normal(Subject.PERSON, row.id_no))] if row.id_no else []),
    ]
    place = row.incident
    source = place.incident_no
    sighting = Sighting(now, source, f"party:{row.pk}", row.description, lat=place.lat, lng=place.lng)
    hits([(str(subject), value) for subject, value in values], sighting, centre_id=row.centre_id, by=by, now=now)


def numbers(*said: str) -> list[Value]:
    """Return telephone numbers as values."""
    return [(Subject.NUMBER, normal(Subject.NUMBER, one)) for one in said if one]
