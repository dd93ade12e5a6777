"""What units learn from further callers: news go out as notes, and are taken back when the call was another event's."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from incidents import codebook, news
from incidents.actor import Actor
from incidents.journal import record
from incidents.models import Answer, Call, Incident, Note, Party
from incidents.row import Json

BETWEEN = "；"
DANGERS = ("weapon", "hazmat", "explosion_leak")


def words_of(call: Call) -> str:
    """Return everything that a caller said, the later additions at the end."""
    return "\n".join([call.narrative, *(str(one["text"]) for one in call.supplements)])


def learn(incident: Incident, call: Call, *, by: Actor, now: dt.datetime) -> Note | None:
    """Tell the units on an incident what a call says that the incident does not know, inside a command: one note, in
    the caller's words. Nothing new sends nothing. A test call and a silent line say nothing."""
    if not incident.is_open:
        return None
    found = news.new_in(words_of(call), known_of(incident, but=call))
    if not found:
        return None
    facts: list[Json] = [{"what": one.what, "text": one.text} for one in found]
    note = write(incident, call, Note.Kind.NEWS, BETWEEN.join(one.text for one in found), facts, by=by, now=now)
    record("incident.learned", note, call_no=call.call_no, facts=facts)
    return note


def known_of(incident: Incident, but: Call) -> news.Known:
    """Return all that is known of an incident: what every other caller of it and of what was merged into it said, its
    facts, its slots, the news that its units have been told."""
    calls = Call.objects.filter(Q(incident=incident) | Q(incident__merged_into=incident)).exclude(pk=but.pk)
    told = Note.objects.filter(incident=incident, kind=Note.Kind.NEWS)
    parties = Party.objects.filter(incident=incident, void_at__isnull=True)
    texts = [
        incident.narrative,
        incident.address_text,
        incident.place_note,
        incident.vehicle_note,
        str(codebook.book()[found].zh)
        if (found := ("incident_type", incident.type_reported)) in codebook.book()
        else "",
        *(words_of(call) for call in calls),
        *told.values_list("text", flat=True),
        *(f"{party.name}，{party.description}，{party.plate}" for party in parties),
    ]
    own = {incident.vehicle_plate.replace("·", "").upper()} - {""}
    return news.Known(
        text="\n".join(text for text in texts if text),
        type=incident.type_reported,
        dangers=frozenset(name for name in DANGERS if getattr(incident, name) == Answer.YES),
        injured=bool(incident.injured),
        plates=frozenset(own),
    )


def retract(incident: Incident, call: Call, *, by: Actor, now: dt.datetime) -> list[Note]:
    """Tell the units that what a call had told belongs to another event, inside a command; nothing when it had told
    nothing, or that has been said already. Returns the note for the entry."""
    told = list(Note.objects.filter(incident=incident, call=call).order_by("id"))
    since = [note for note in told if note.kind == Note.Kind.RETRACTED]
    fresh = [note for note in told if note.kind == Note.Kind.NEWS and (not since or note.pk > since[-1].pk)]
    if not fresh:
        return []
    text = BETWEEN.join(note.text for note in fresh)
    facts = [fact for note in fresh for fact in note.facts]
    return [write(incident, call, Note.Kind.RETRACTED, text, facts, by=by, now=now)]


def write(
    incident: Incident, call: Call, kind: str, text: str, facts: list[Json], *, by: Actor, now: dt.datetime
) -> Note:
    """Append a note about what a call told."""
    values: dict[str, Any] = {"incident": incident, "call": call, "kind": kind, "text": text, "facts": facts, "at": now}
    return Note.make(by=by, now=now, centre_id=incident.centre_id, author_no=by.badge, author_name=by.name, **values)
