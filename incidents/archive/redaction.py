"""Taking the personal data out of rows and of the journal's bodies; the chain of hashes stays as it is.

An entry's hash covers its body's hash and not the body, so a body may lose its words. The entry that says so
(`incident.redacted`, `call.redacted`) carries the numbers of the bodies and a digest of what they are now, so that the
verifier tells a redaction from a forgery.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from incidents.archive.personal import REGISTRY, said, scrubbed
from incidents.journal import canonical
from incidents.models import Entry, Message, Transfer
from incidents.row import Json

MARK = '"redacted":true'


@dataclass(slots=True)
class Done:
    """What a redaction has changed."""

    rows: int = 0
    bodies: list[tuple[int, str]] = field(default_factory=list)  # number, new body

    def proof(self) -> Json:
        """Return the numbers of the redacted bodies and the digest over them, for the entry."""
        return {"entries": [seq for seq, _body in self.bodies], "digest": digest(self.bodies)}


def digest(bodies: list[tuple[int, str]]) -> str:
    """Return SHA-256 over the numbers and hashes of redacted bodies, in the order of their numbers."""
    whole = hashlib.sha256()
    for seq, body in sorted(bodies):
        whole.update(f"{seq} {hashlib.sha256(body.encode()).hexdigest()}\n".encode())
    return whole.hexdigest()


def redact_rows(incident_ids: list[int], call_ids: list[int], now: dt.datetime) -> int:
    """Take what is personal out of the rows of some incidents, or of calls that have none; returns how many changed."""
    changed = 0
    for known in REGISTRY.values():
        condition = Q(**{known.of_incident: incident_ids}) if incident_ids else Q(pk__in=[])
        if call_ids and known.of_call:
            condition |= Q(**{known.of_call: call_ids})
        for row in known.model._default_manager.filter(condition).select_for_update(of=("self",), no_key=True):
            values = {name: hide(getattr(row, name)) for name, hide in known.columns.items()}
            changed += bool(row.change(by=None, now=now, **values))
    return changed


def entries_of(centre_id: int, incident_ids: list[int], calls: list[Any]) -> QuerySet[Entry]:
    """Return the entries about some incidents, those before a call had its incident included."""
    condition = Q(incident_id__in=incident_ids)
    if calls:
        ids = [call.pk for call in calls]
        names = [f'"call:{pk}"' for pk in ids]
        names += [f'"message:{pk}"' for pk in Message.objects.filter(call_id__in=ids).values_list("pk", flat=True)]
        names += [f'"transfer:{pk}"' for pk in Transfer.objects.filter(call_id__in=ids).values_list("pk", flat=True)]
        early = Q()
        for name in names:
            early |= Q(readers__contains=name)
        first = min(call.created_at for call in calls)
        last = max(call.done_at or call.updated_at for call in calls) + dt.timedelta(days=1)
        condition |= early & Q(incident_id__isnull=True, at__range=(first, last))
    return Entry.objects.filter(condition, centre_id=centre_id).exclude(body__contains=MARK).order_by("seq")


def redact_bodies(found: QuerySet[Entry]) -> list[tuple[int, str]]:
    """Write the bodies of some entries anew without what is personal; returns their numbers and new bodies."""
    bodies: list[tuple[int, str, dt.datetime, int]] = []
    for entry in found:
        body = json.loads(entry.body)
        rows = {noun: [scrubbed(noun, row) for row in items] for noun, items in body["rows"].items()}
        new = canonical({"data": said(body["data"]), "redacted": True, "rows": rows})
        bodies.append((entry.seq, new, entry.at, entry.centre_id))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL zz110.redacting = 'on'")
        cursor.executemany(
            "UPDATE incidents_entry SET body = %s WHERE centre_id = %s AND seq = %s AND at = %s",
            [(new, centre, seq, at) for seq, new, at, centre in bodies],
        )
        cursor.execute("SET LOCAL zz110.redacting = 'off'")
    return [(seq, new) for seq, new, _at, _centre in bodies]
