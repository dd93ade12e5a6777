"""The documents of incidents, calls and flagged numbers: what each level of rights may find them by.

A level holds what the one below holds too, so that one question looks at one level: `open` what everybody may read who
sees the incident, `personal` its people as well, `desk` also the calls about it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from dispatch.models import Assignment, Report
from dispatch.search.terms import LONGEST_TEXT, grams_of, plain, sounds
from incidents import codebook
from incidents.models import Call, Incident, Message, Note, NumberFlag, Party, SearchDocument, Transfer

OPEN, PERSONAL, DESK = SearchDocument.Level.OPEN, SearchDocument.Level.PERSONAL, SearchDocument.Level.DESK
LEVELS = (OPEN, PERSONAL, DESK)
INCIDENT, CALL, NUMBER = "incident", "call", "number"


def keyed(value: str) -> str:
    """Return a keyed hash of a value: an identity number is found whole or not at all, and the journal says what was
    looked for without quoting it."""
    return hmac.new(str(settings.SECRET_KEY).encode(), value.encode(), hashlib.sha256).hexdigest()[:24]


@dataclass(slots=True)
class Lines:
    """What a thing is found by, level by level."""

    said: dict[str, list[str]] = field(default_factory=lambda: {level: [] for level in LEVELS})

    def add(self, level: str, *texts: Any) -> None:
        """Add texts; nothing is left out."""
        self.said[level] += [plain(str(text)) for text in texts if text]

    def name(self, level: str, *texts: str) -> None:
        """Add names or places with their sounds."""
        for text in texts:
            self.add(level, text, *sounds(text))

    def documents(self, levels: Iterable[str], **facts: Any) -> list[SearchDocument]:
        """Return one document for each level, with what stands below it."""
        made: list[SearchDocument] = []
        lines: list[str] = []
        for level in LEVELS:
            lines += self.said[level]
            if level in levels:
                text = "\n".join(dict.fromkeys(lines))[:LONGEST_TEXT]
                grams = sorted(set().union(*(grams_of(line) for line in text.split("\n"))))
                made.append(SearchDocument(level=level, text=text, grams=grams, **facts))
        return made


def of_incidents(ids: list[int]) -> list[SearchDocument]:
    """Return the documents of some incidents, with few questions for all of them."""
    rows: dict[str, dict[int, list[Any]]] = {}
    models: tuple[Any, ...] = (Party, Note, Report, Assignment, Transfer)
    for model in models:
        of = rows[model.__name__] = defaultdict(list)
        for row in model.objects.filter(incident_id__in=ids).order_by("id"):
            of[row.incident_id].append(row)
    calls: dict[int, list[Call]] = defaultdict(list)
    for call in Call.objects.filter(incident_id__in=ids).prefetch_related("messages").order_by("id"):
        calls[call.incident_id or 0].append(call)
    found: list[SearchDocument] = []
    for incident in Incident.objects.filter(pk__in=ids):
        lines = Lines()
        of_facts(lines, incident)
        of_rows(lines, {name: of[incident.pk] for name, of in rows.items()})
        for call in calls[incident.pk]:
            of_contact(lines, call)
        found += lines.documents(
            LEVELS,
            centre_id=incident.centre_id,
            kind=INCIDENT,
            object_id=incident.pk,
            incident_id=incident.pk,
            jurisdiction_id=incident.jurisdiction_id,
            complaint=incident.is_complaint,
            stage=incident.stage,
            type_code=incident.type_verified or incident.type_reported,
            at=incident.answered_at,
        )
    return found


def of_facts(lines: Lines, incident: Incident) -> None:
    """Add an incident's own words; what is confidential stands a level higher."""
    lines.add(OPEN, incident.incident_no, f"#{incident.pk}", incident.case_no, incident.vehicle_plate)
    lines.add(OPEN, incident.vehicle_note, incident.jurisdiction_name)
    for code in {incident.type_reported, incident.type_verified} - {""}:
        if (known := codebook.book().get(("incident_type", code))) is not None:
            lines.add(OPEN, known.zh, known.en)
    level = PERSONAL if incident.confidential else OPEN
    lines.name(level, incident.address_text)
    lines.add(level, incident.place_note, incident.narrative)
    lines.name(PERSONAL, incident.contact_name)
    lines.add(PERSONAL, incident.contact_phone)


def of_rows(lines: Lines, rows: dict[str, list[Any]]) -> None:
    """Add what hangs on an incident."""
    for party in rows["Party"]:
        lines.add(OPEN, party.plate, party.frame_no, party.description, f"{party.colour}{party.brand}")
        lines.name(PERSONAL, party.name, party.returned_to)
        lines.add(PERSONAL, party.phone, party.address, party.id_no and keyed(plain(party.id_no)))
    for note in rows["Note"]:
        lines.add(OPEN, note.text)
    for report in rows["Report"]:
        lines.add(OPEN, report.report_no, report.process_text, report.address_verified, report.case_no)
    for order in rows["Assignment"]:
        lines.add(OPEN, order.assignment_no, order.call_sign, order.order_text)
    for transfer in rows["Transfer"]:
        lines.add(DESK, transfer.transfer_no, transfer.receipt_no)


def of_contact(lines: Lines, call: Call) -> None:
    """Add what a contact was and said."""
    lines.add(DESK, call.call_no, call.caller_number, call.contact_phone, call.subscriber_address, call.caller_address)
    lines.name(DESK, call.caller_name, call.subscriber)
    lines.add(DESK, call.narrative, call.recording_id, *(one.get("text") for one in call.supplements))
    messages: Iterable[Message] = call.messages.all()
    lines.add(DESK, *(message.text for message in messages))


def of_calls(ids: list[int]) -> list[SearchDocument]:
    """Return the documents of calls that became no incident."""
    found: list[SearchDocument] = []
    for call in Call.objects.filter(pk__in=ids, incident__isnull=True).prefetch_related("messages"):
        lines = Lines()
        of_contact(lines, call)
        facts: dict[str, Any] = {"centre_id": call.centre_id, "kind": CALL, "object_id": call.pk, "at": call.ring_at}
        found += lines.documents((DESK,), **facts)
    return found


def of_flags(ids: list[int]) -> list[SearchDocument]:
    """Return the documents of flagged numbers."""
    found: list[SearchDocument] = []
    for flag in NumberFlag.objects.filter(pk__in=ids):
        lines = Lines()
        lines.add(DESK, flag.number, flag.reason)
        moment: dt.datetime = flag.created_at
        found += lines.documents((DESK,), centre_id=flag.centre_id, kind=NUMBER, object_id=flag.pk, at=moment)
    return found
