"""Retention by class (R12): which class an incident has, how long what is kept, and the redaction after that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import codebook, jobs, pictures
from incidents.actor import Actor
from incidents.archive import classes, redaction
from incidents.archive.personal import FILES
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Incident, Retention
from incidents.models.incidents import ENDED
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Json
from incidents.services import holds

REMOVE_FILES = "remove_files"
BATCH = 200


# --- the class ---


def unclassified(now: dt.datetime) -> list[int]:
    """Return incidents that have ended since somebody last looked; merged ones go with the one they joined."""
    ended = Incident.objects.filter(stage__in=ENDED, merged_into__isnull=True, closed_at__lte=now)
    found = ended.filter(
        Q(retention__isnull=True) | ~Q(retention__ended_at=F("closed_at")) | Q(retention__ended_at=None)
    )
    return list(found.order_by("id").values_list("pk", flat=True)[:BATCH])


@command
def classify(*, by: Actor | None, incident_id: int) -> Json:
    """Give an ended incident its class by rule, unless somebody has set one, and its periods."""
    now = timezone.now()
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    if incident.stage not in ENDED or incident.closed_at is None:
        return {}
    row = of(incident, by=by, now=now)
    chosen = row.retention_class if row.set_by_no else row.proposed
    begin(row, chosen, by=by, now=now, ended_at=incident.closed_at)
    record("incident.class_set", row, retention_class=row.retention_class, reason="")
    return {"retention": row.row()}


@command
def set_class(*, by: Actor, incident_id: int, retention_class: str, reason: str) -> Retention:
    """Change the class of an incident with a reason; its periods count from its end."""
    now = timezone.now()
    if retention_class not in classes.OF_INCIDENTS:
        raise BadInput(retention_class=_("This code is not in the table."))
    codebook.require(classes.TABLE, retention_class, "retention_class")
    incident = Incident.locked(incident_id, by.centre_id)
    if incident.merged_into_id is not None:
        raise WrongTurn(incident, _("What was merged is kept as long as the incident it joined."))
    row = of(incident, by=by, now=now)
    if row.redacted_at is not None:
        raise WrongTurn(row, _("The personal data of this incident is already redacted."))
    begin(row, retention_class, by=by, now=now, ended_at=incident.closed_at, reason=reason, set_by_no=by.badge)
    record("incident.class_set", row, retention_class=retention_class, reason=reason)
    return row


def of(incident: Incident, *, by: Actor | None, now: dt.datetime) -> Retention:
    """Return the retention of a locked incident; a new one follows the rule."""
    proposed = classes.propose(incident)
    row = Retention.objects.filter(incident=incident).select_for_update(of=("self",), no_key=True).first()
    if row is None:
        row = Retention.make(
            by=by, now=now, centre_id=incident.centre_id, incident=incident, retention_class=proposed, proposed=proposed
        )
    row.incident = incident
    if not row.set_by_no:
        row.change(by=by, now=now, proposed=proposed, retention_class=proposed)
    return row


def begin(
    row: Retention,
    retention_class: str,
    *,
    by: Actor | None,
    now: dt.datetime,
    ended_at: dt.datetime | None,
    **more: Any,
) -> None:
    """Let the periods of a class run from the incident's end."""
    found = classes.periods(retention_class, ended_at) if ended_at else classes.Periods(None, None, None)
    row.change(
        by=by,
        now=now,
        retention_class=retention_class,
        ended_at=ended_at,
        recordings_until=found.recordings_until,
        camera_until=found.camera_until,
        redact_after=found.redact_after,
        **more,
    )


def begin_again(incident: Incident, *, by: Actor | None, now: dt.datetime) -> list[Retention]:
    """Stop the periods of an incident that is reopened. Raises WrongTurn when its personal data is gone."""
    whole = root(incident)
    row = Retention.objects.filter(incident=whole).select_for_update(of=("self",), no_key=True).first()
    if row is None:
        return []
    if row.redacted_at is not None:
        raise WrongTurn(incident, _("The personal data of this incident is already redacted."))
    if whole.pk != incident.pk:
        return []
    row.incident = incident
    row.change(
        by=by, now=now, ended_at=None, redact_after=None, recordings_until=None, camera_until=None, archived_at=None
    )
    return [row]


def root(incident: Incident) -> Incident:
    """Return the incident that the others of one event were merged into."""
    while incident.merged_into is not None:
        incident = incident.merged_into
    return incident


def family(incident: Incident) -> list[Incident]:
    """Return an incident with all that was merged into it, also by way of others; they are kept and redacted together."""
    found, ids = [incident], [incident.pk]
    while ids:
        merged = list(Incident.objects.filter(merged_into_id__in=ids).order_by("id"))
        found, ids = found + merged, [one.pk for one in merged]
    return found


# --- archiving ---


def to_archive(now: dt.datetime) -> list[int]:
    """Return ended incidents that may no longer be reopened."""
    waiting = Retention.objects.filter(archived_at__isnull=True, ended_at__isnull=False, ended_at__lte=now)
    due = Q(pk__in=[])
    for name in classes.OF_INCIDENTS:
        due |= Q(retention_class=name, ended_at__lte=now - classes.archived_after(name))
    return list(waiting.filter(due).order_by("id").values_list("incident_id", flat=True)[:BATCH])


# --- redaction ---


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do with one class."""

    due: list[int]
    held: int
    kept_for_good: int


def due(centre_id: int | None, retention_class: str, now: dt.datetime) -> QuerySet[Retention]:
    """Return what of a class is to be redacted."""
    found = Retention.objects.filter(
        retention_class=retention_class, redact_after__lte=now, redacted_at__isnull=True, archived_at__isnull=False
    )
    return found.filter(centre_id=centre_id) if centre_id else found


@command
def redact_incident(*, by: Actor | None, incident_id: int) -> Json:
    """Take the personal data out of an incident whose period has passed, of all that was merged into it, and of their
    entries in the journal; a hold stops it. Codes, times and the chain stay (README, decisions)."""
    now = timezone.now()
    centre_id = Incident.objects.values_list("centre_id", flat=True).get(pk=incident_id)
    holds.take_turns(centre_id)
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident_id)
    row = Retention.objects.select_for_update(of=("self",), no_key=True).get(incident=incident)
    if row.redacted_at is not None or row.archived_at is None or row.redact_after is None or row.redact_after > now:
        return {}
    members = family(incident)
    if held := holds.of_incidents(members, now):
        return {"held": [hold.hold_no for hold in held]}
    ids = [one.pk for one in members]
    entries = redaction.entries_of(centre_id, ids, list(Call.objects.filter(incident_id__in=ids)))
    done = redaction.Done(bodies=redaction.redact_bodies(entries))
    files = [file for take in FILES for file in take(ids)]
    done.rows = redaction.redact_rows(ids, [], now)
    remove_later(files, centre_id, now)
    counts = {"rows": done.rows, "entries": len(done.bodies), "pictures": len(files)}
    row.incident = incident
    row.change(by=by, now=now, redacted_at=now, redacted=counts)
    record("incident.redacted", row, retention_class=row.retention_class, **done.proof())
    return {"redacted": counts}


def calls_due(now: dt.datetime) -> QuerySet[Call]:
    """Return the calls without an incident whose period has passed."""
    days = codebook.attribute(classes.TABLE, classes.CONTACT, "days")
    if days is None:
        return Call.objects.none()
    return Call.objects.filter(
        incident__isnull=True,
        redacted_at__isnull=True,
        state=Call.State.DONE,
        done_at__lte=now - dt.timedelta(days=days),
    )


@command
def redact_call(*, by: Actor | None, call_id: int) -> Json:
    """Take the personal data out of a call that became no incident."""
    now = timezone.now()
    centre_id = Call.objects.values_list("centre_id", flat=True).get(pk=call_id)
    holds.take_turns(centre_id)
    call = calls_due(now).select_for_update(of=("self",), no_key=True).filter(pk=call_id).first()
    if call is None:
        return {}
    if held := holds.of_call(call, now):
        return {"held": [hold.hold_no for hold in held]}
    files = [one.picture["file"] for one in call.messages.filter(picture__isnull=False) if one.picture]
    bodies = redaction.redact_bodies(redaction.entries_of(centre_id, [], [call]))
    redaction.redact_rows([], [call.pk], now)
    remove_later(files, centre_id, now)
    call.refresh_from_db()
    call.change(by=by, now=now, redacted_at=now)
    record("call.redacted", call, call_no=call.call_no, **redaction.Done(bodies=bodies).proof())
    return {"redacted": {"entries": len(bodies), "pictures": len(files)}}


def remove_later(files: list[str], centre_id: int, now: dt.datetime) -> None:
    """Let a job remove the files after the command: no file call belongs into a transaction (style rule 28)."""
    if files:
        jobs.enqueue(REMOVE_FILES, centre_id=centre_id, payload={"files": files}, now=now, queue="bulk")


@jobs.handler(REMOVE_FILES)
def remove_files(payload: Json) -> None:
    """Remove pictures; those that are gone are gone."""
    for file in payload["files"]:
        pictures.path_of(file).unlink(missing_ok=True)
