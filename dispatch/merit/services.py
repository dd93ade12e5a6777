"""Proposing, deciding and objecting to entries of the merit ledger. An entry is data: nothing follows from it by itself."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.merit import events
from dispatch.merit.events import Event
from dispatch.merit.models import LedgerEntry, MeritHead
from dispatch.models import Report
from incidents import codebook
from incidents.actor import Actor
from incidents.audience import is_complaint
from incidents.commands import command
from incidents.journal import record
from incidents.models import Code, Entry, Head, User
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.row import Json
from patrol.models import Shift, Unit

State = LedgerEntry.State
AT_ONCE = 200
OBJECT_WITHIN = dt.timedelta(days=7)
log = logging.getLogger(__name__)


def keep(now: dt.datetime) -> None:
    """Enter what happened since the last minute; harmless when run twice. A centre's ledger begins when it is first
    seen: nothing of the past is entered."""
    for head in Head.objects.exclude(centre_id__in=MeritHead.objects.values("centre_id")):
        MeritHead.objects.get_or_create(centre_id=head.centre_id, defaults={"seq": head.seq})
    for centre_id in MeritHead.objects.values_list("centre_id", flat=True):
        try:
            enter_events(by=None, centre_id=centre_id)
        except Exception:
            log.exception("events of centre %s not entered", centre_id)


@command
def enter_events(*, by: Actor | None, centre_id: int) -> Json:
    """Read the journal on and propose an entry for each event that a rule names, for each of its subjects."""
    now = timezone.now()
    head = MeritHead.objects.select_for_update(skip_locked=True).filter(centre_id=centre_id).first()
    if head is None:
        return {"entered": 0}
    newest = Head.objects.get(centre_id=centre_id).seq
    asked = Entry.objects.filter(centre_id=centre_id, seq__gt=head.seq, seq__lte=newest, kind__in=events.KINDS)
    found = list(asked.order_by("seq")[:AT_ONCE])
    made = [row for entry in found for row in proposed(entry, by=by, now=now)]
    head.seq = found[-1].seq if len(found) == AT_ONCE else newest
    head.save(update_fields=["seq"])
    if made:
        record("merit.proposed", centre_id=centre_id, count=len(made), entries=[told(row) for row in made])
    return {"entered": len(made)}


def proposed(entry: Entry, *, by: Actor | None, now: dt.datetime) -> Iterator[LedgerEntry]:
    """Make the entries of one event."""
    body = json.loads(entry.body)
    badge = str(json.loads(entry.actor).get("badge", ""))
    event = events.event_of(entry.kind, body.get("rows", {}), body.get("data", {}), badge)
    if event is None:
        return
    event = completed(event, entry)
    for rule in rules(event.name):
        for unit, person, subject in subjects(event, rule.attributes["to"], entry.centre_id):
            known = Q(centre_id=entry.centre_id, event_seq=entry.seq, rule=rule.code, unit=unit, person=person)
            if LedgerEntry.objects.filter(known).exists():
                continue
            yield LedgerEntry.make(
                by=by, now=now, centre_id=entry.centre_id, rule=rule.code, points=rule.attributes["points"], unit=unit,
                person=person, subject=subject, event_seq=entry.seq, event_at=entry.at, incident_id=event.incident,
                about={**event.about, "lead": event.lead},
            )  # fmt: skip


def rules(name: str) -> list[Code]:
    """Return the rules in force for an event."""
    return [
        code
        for (table, _code), code in codebook.book().items()
        if table == "merit_rule" and code.active and code.attributes.get("on") == name
    ]


def completed(event: Event, entry: Entry) -> Event:
    """Return an event with who was there: of an arrest the crew of the catching unit, of a report who filed it."""
    if event.name == "caught":
        shift = Shift.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=entry.at), centre_id=entry.centre_id,
            unit__call_sign=event.call_signs[0], started_at__lte=entry.at,
        ).select_related("lead").first()  # fmt: skip
        crew = [member.person.badge for member in shift.members.select_related("person")] if shift else []
        return Event(
            event.name, event.call_signs, shift.lead.badge if shift else "", tuple(crew), event.incident, event.about
        )
    if event.name == "poor_report":
        report = Report.objects.select_related("incident").get(report_no=event.about["report_no"])
        if report.incident.drill or is_complaint(report.incident.row()):
            return Event("", ())
        return Event(event.name, (), report.reported_by_no, (), report.incident_id, event.about)
    return event


def subjects(event: Event, to: list[str], centre_id: int) -> Iterator[tuple[Unit | None, User | None, str]]:
    """Return the units and people of an event that a rule enters, each with the name that the ledger keeps."""
    if "unit" in to:
        for unit in Unit.objects.filter(centre_id=centre_id, call_sign__in=event.call_signs).order_by("id"):
            yield unit, None, unit.call_sign
    badges = {event.lead} if "lead" in to else set()
    badges |= {event.lead, *event.crew} if "crew" in to else set()
    for person in User.objects.filter(centre_id=centre_id, badge__in=badges - {""}).order_by("badge"):
        yield None, person, f"{person.badge} {person.name}"


@command
def decide(*, by: Actor, entries: list[int], approve: bool, remark: str = "") -> Json:
    """Approve or refuse entries that wait; nobody decides about himself. One that is decided already is refused by name."""
    now = timezone.now()
    rows = [LedgerEntry.locked(entry_id, by.centre_id) for entry_id in sorted(set(entries))]
    for row in rows:
        if row.person_id == by.user_id or row.about.get("lead") == by.badge:
            raise Forbidden(_("Nobody decides about himself."))
        if row.state != State.WAITING:
            raise WrongTurn(row)
        if not approve and not remark:
            raise BadInput(remark=_("Say why it is refused."))
        state = State.APPROVED if approve else State.REFUSED
        row.change(by=by, now=now, state=state, approved_by_no=by.badge, decided_at=now, remark=remark)
    kind = "merit.approved" if approve else "merit.refused"
    record(kind, centre_id=by.centre_id, count=len(rows), remark=remark, entries=[told(row) for row in rows])
    return {"entries": [row.row() for row in rows]}


@command
def object_to(*, by: Actor, entry_id: int, words: str) -> LedgerEntry:
    """Object to an approved entry within seven days: the person concerned, or the lead of the unit at that event."""
    now = timezone.now()
    row = LedgerEntry.locked(entry_id, by.centre_id)
    if row.person_id != by.user_id and not (row.unit_id and row.about.get("lead") == by.badge):
        raise Forbidden(_("Only who is concerned objects."))
    if row.state != State.APPROVED or row.objected_at is not None or row.decided_at is None:
        raise WrongTurn(row)
    if now > row.decided_at + OBJECT_WITHIN:
        raise WrongTurn(row, _("The seven days for an objection are over."))
    row.change(by=by, now=now, objection=words, objected_at=now)
    record("merit.objected", centre_id=row.centre_id, subject=row.subject, words=words, entries=[told(row)])
    return row


@command
def answer(*, by: Actor, entry_id: int, lift: bool, words: str) -> LedgerEntry:
    """Answer an objection: the entry stands or is lifted. Who approved it does not answer."""
    now = timezone.now()
    row = LedgerEntry.locked(entry_id, by.centre_id)
    if row.objected_at is None or row.answered_at is not None:
        raise WrongTurn(row)
    if by.badge == row.approved_by_no or row.person_id == by.user_id:
        raise Forbidden(_("Another person answers: neither who approved nor who objects."))
    state = State.REFUSED if lift else row.state
    row.change(by=by, now=now, state=state, answered_at=now, answered_by_no=by.badge, answer=words)
    record("merit.answered", centre_id=row.centre_id, subject=row.subject, lifted=lift, entries=[told(row)])
    return row


def told(row: LedgerEntry) -> Json:
    """Return what the journal keeps of an entry. The row itself does not travel: no console and no phone is told what the
    ledger says of a colleague."""
    return {"id": row.pk, "subject": row.subject, "rule": row.rule, "points": row.points, "event": row.event_seq}
