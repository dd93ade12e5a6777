"""Premise notes: what is known about a place, written, reviewed and ended by the desk and the stations (M36)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import geo, places, statements
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, PremiseNote
from incidents.models.incidents import ENDED
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.roles import DESK
from incidents.row import Json, Row, stamp
from incidents.services import premise_reviews

LONGEST = dt.timedelta(days=2 * 366)
WIDEST_M = 1000
HAZARDS = (PremiseNote.Kind.HAZARD, PremiseNote.Kind.PERSON_AT_RISK)


def in_force(centre_id: int, now: dt.datetime) -> QuerySet[PremiseNote]:
    """Return the notes of a centre that hold now."""
    return PremiseNote.objects.filter(centre_id=centre_id, ended_at__isnull=True, expires_at__gt=now)


def notes_at(centre_id: int, lat: float, lng: float, now: dt.datetime) -> list[PremiseNote]:
    """Return the notes in force that cover a WGS-84 point, hazards first."""
    south, west, north, east = box_around(lat, lng, WIDEST_M)
    about = statements.fetch(
        PremiseNote,
        "centre_id = %s AND ended_at IS NULL AND expires_at > %s AND lat BETWEEN %s AND %s AND lng BETWEEN %s AND %s",
        [centre_id, now, south, north, west, east],
    )
    covering = [one for one in about if geo.distance_m(lat, lng, one.lat, one.lng) <= one.radius_m]
    return sorted(covering, key=lambda one: (one.kind not in HAZARDS, one.kind, -one.pk))


def box_around(lat: float, lng: float, metres: float) -> tuple[float, float, float, float]:
    """Return south, west, north, east of a square around a point, in degrees."""
    north = metres / geo.METRES_PER_DEGREE
    east = north / max(0.01, geo.shrink(lat))
    return lat - north, lng - east, lat + north, lng + east


@command
def note_premise(*, by: Actor, point: Json, facts: dict[str, Any]) -> PremiseNote:
    """Write a note on a place; units under way to it read it in the same moment."""
    lat, lng = point["lat"], point["lng"]
    refuse_foreign(by, lat, lng)
    return noted(by=by, now=timezone.now(), lat=lat, lng=lng, facts=facts)


def noted(*, by: Actor, now: dt.datetime, lat: float, lng: float, facts: dict[str, Any]) -> PremiseNote:
    """Write a note inside a command."""
    check_times(facts["review_at"], facts["expires_at"], now)
    note = PremiseNote.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        lat=lat,
        lng=lng,
        organisation_id=places.locate(by.centre_id, lat, lng).organisation_id,
        author_no=by.badge,
        author_name=by.name,
        **facts,
    )
    record("premise.noted", note, *told(note, by, now), place=note.place_name, of=note.kind)
    return note


@command
def describe_premise(*, by: Actor, note_id: int, version: int, facts: dict[str, Any]) -> PremiseNote:
    """Write a note anew, or say that it still holds (a new `review_at`). Raises WrongTurn for one that has ended."""
    now = timezone.now()
    note = mine(by, note_id, version)
    check_times(facts.get("review_at", note.review_at), facts.get("expires_at", note.expires_at), now)
    reviewed = {"reviewed_at": now} if "review_at" in facts else {}
    changes = note.change(by=by, now=now, **facts, **reviewed)
    if changes:
        # The journal names the fields; the words of a sensitive note stand in the row alone.
        over = premise_reviews.reviewed(note, now) if reviewed else []
        record("premise.described", note, *told(note, by, now), *over, place=note.place_name, fields=sorted(changes))
    return note


@command
def end_premise(*, by: Actor, note_id: int, reason: str) -> PremiseNote:
    """End a note that no longer holds; it stays in the record."""
    now = timezone.now()
    note = PremiseNote.locked(note_id, by.centre_id)
    refuse_foreign(by, note.lat, note.lng)
    if note.ended_at is None:
        note.change(by=by, now=now, ended_at=now, end_reason=reason)
        over = premise_reviews.reviewed(note, now)
        record("premise.ended", note, *told(note, by, now), *over, place=note.place_name, reason=reason)
    return note


@command
def read_premise(*, by: Actor, note_id: int, purpose: str) -> Json:
    """Return the words of a sensitive note; who read them and why is in the journal. An officer reads those of the place
    that the own order leads to."""
    note = PremiseNote.objects.filter(pk=note_id, centre_id=by.centre_id).first()
    if note is None or not may_read(by, note):
        raise NotFound()
    record("premise.read", centre_id=by.centre_id, note=note.pk, place=note.place_name, purpose=purpose)
    return {"text": note.text}


def may_read(by: Actor, note: PremiseNote) -> bool:
    """Tell whether a person works at this place: the desk any, a station in its area, a unit on its order."""
    if by.has(*DESK) or (by.org_id is not None and by.has("station_duty") and note.organisation_id == by.org_id):
        return True
    if by.on_unit is None:
        return False
    orders = Incident.objects.filter(centre_id=by.centre_id, units__contains=[by.on_unit], lat__isnull=False)
    return any(covers(note, incident) for incident in orders)


def covers(note: PremiseNote, incident: Incident) -> bool:
    """Tell whether a note covers the place of an incident."""
    if incident.lat is None or incident.lng is None:
        return False
    return geo.distance_m(note.lat, note.lng, incident.lat, incident.lng) <= note.radius_m


def mine(by: Actor, note_id: int, version: int) -> PremiseNote:
    """Lock a note that the person may write. Raises NotFound, Stale or WrongTurn."""
    note = PremiseNote.locked(note_id, by.centre_id, version)
    refuse_foreign(by, note.lat, note.lng)
    if note.ended_at is not None:
        raise WrongTurn(note)
    return note


def refuse_foreign(by: Actor, lat: float, lng: float) -> None:
    """A station writes about its own area; the desk about any place."""
    if not by.has(*DESK) and places.locate(by.centre_id, lat, lng).organisation_id != by.org_id:
        raise NotFound()


def check_times(review_at: dt.datetime, expires_at: dt.datetime, now: dt.datetime) -> None:
    """Refuse a note without a review before its end, or one that would outlive two years."""
    if not now < review_at <= expires_at:
        raise BadInput(
            review_at=_("A note is reviewed after now and before it ends: %(end)s") % {"end": stamp(expires_at)}
        )
    if expires_at > now + LONGEST:
        raise BadInput(expires_at=_("A note ends within two years; it may be renewed at its review."))


def told(note: PremiseNote, by: Actor, now: dt.datetime) -> Iterable[Row]:
    """Raise the version of the open incidents there that have units: their phones read the place again."""
    south, west, north, east = box_around(note.lat, note.lng, note.radius_m)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM incidents_incident WHERE centre_id = %s AND lat BETWEEN %s AND %s AND lng BETWEEN %s AND %s "
            "AND units <> '{}' AND stage <> ALL(%s) ORDER BY id",
            [note.centre_id, south, north, west, east, [str(stage) for stage in ENDED]],
        )
        found = [row_id for (row_id,) in cursor.fetchall()]
    rows = [incident for row_id in found if covers(note, incident := Incident.locked(row_id, note.centre_id))]
    for incident in rows:
        incident.touch(by=by, now=now)
    return rows
