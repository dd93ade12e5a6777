"""Telling others in parallel with the order (R7), and their receipts."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from incidents import codebook
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Incident, Notice

WATCH_COMMANDER = ("指挥长", "watch commander")
LEADER = ("值班局领导", "duty leader")
BY_PRIORITY = {1: (WATCH_COMMANDER, LEADER), 2: (WATCH_COMMANDER,)}


def to_be_told(incident: Incident) -> list[tuple[str, str]]:
    """Return who is told of an incident, Chinese and English: by its priority (7.2) and by the card of its type (7.1).
    A P4 asks nobody."""
    if incident.priority >= 4 or incident.is_complaint:
        return []
    top = incident.type_reported[:2]
    zh = codebook.attribute("incident_type", top, "told", []) if top else []
    en = codebook.attribute("incident_type", top, "told_en", []) if top else []
    card = list(zip(zh, en, strict=True)) if len(zh) == len(en) else [(one, one) for one in zh]
    return list(dict.fromkeys([*BY_PRIORITY.get(incident.priority, ()), *card]))


def tell(incident: Incident, *, by: Actor | None, now: dt.datetime) -> list[Notice]:
    """Write the notices of an incident inside the command of its first order; those that exist stay."""
    known = set(Notice.objects.filter(incident=incident).values_list("to_zh", flat=True))
    made = [
        Notice.make(by=by, now=now, centre_id=incident.centre_id, incident=incident, to_zh=zh, to_en=en, at=now)
        for zh, en in to_be_told(incident)
        if zh not in known
    ]
    if made:
        record("incident.told", *made, count=len(made), to="、".join(one.to_zh for one in made))
    return made


@command
def note_receipt(*, by: Actor, notice_id: int, received_by: str) -> Notice:
    """Write down that a body has the message, and who took it there."""
    now = timezone.now()
    row = Notice.locked(notice_id, by.centre_id)
    if row.received_at is None:
        row.change(by=by, now=now, received_at=now, received_by=received_by, noted_by_no=by.badge)
        record("incident.notice_received", row, to=row.to_zh)
    return row
