"""The printable file of an incident: everything that the reader may see of it, with the timeline as sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from dispatch.api.incident import rows_of, visible_incident
from dispatch.api.reading import timeline
from dispatch.services.decisions import note_printed
from incidents.actor import Actor
from incidents.api.archive import hold_shown
from incidents.archive import classes
from incidents.audience import MASK
from incidents.models import Callback, Head, Incident, Retention, SupervisionOrder, Transfer
from incidents.refusals import NotFound
from incidents.roles import DESK, FOLLOWING_UP, INSPECTOR, LEADER, STATION_DUTY, SUPERVISING, WATCHING
from incidents.row import Json, stamp
from incidents.services import holds, retention
from incidents.sessions import actor_of


@never_cache
def incident_file(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show the file of an incident, made for paper; that it was taken out is in the journal."""
    user: Any = request.user
    if not user.is_authenticated or user.centre_id is None:
        return render(request, "403.html", status=403)
    by = actor_of(user, request.session, trace=str(getattr(request, "trace_id", "")))
    if not by.has(*WATCHING, STATION_DUTY):
        return render(request, "403.html", status=403)
    try:
        incident, shown = visible_incident(by, incident_id)
    except NotFound:
        return render(request, "404.html", status=404)
    context = content(by, incident, shown)
    note_printed(by=by, incident_id=incident.pk)
    return render(
        request,
        "dispatch/file.html",
        {**context, "centre": user.centre, "person": user, "may_review": by.has(*SUPERVISING)},
    )


def content(by: Actor, incident: Any, shown: Json) -> Json:
    """Return what the page shows, masked as everywhere."""
    rows = rows_of(by, incident, shown)
    return {
        "incident": shown,
        "rows": rows,
        "parties": [row for row in rows["party"] if not row["void"]],
        "clocks": clocks(incident),
        "late": [row for row in rows["assignment"] if row["delay_at"]],
        "pictures": pictures(rows),
        "priorities": incident.priority_log,
        **kept(by, incident),
        **followed(by, incident),
        "entries": timeline(incident),
        "printed_at": stamp(timezone.now()),
        "seq": Head.objects.get(centre_id=by.centre_id).seq,
    }


def kept(by: Actor, incident: Incident) -> Json:
    """Return the class of the incident and what stops its redaction."""
    row = Retention.objects.filter(incident=retention.root(incident)).select_related("incident").first()
    found = holds.of_incidents(retention.family(incident), timezone.now())
    return {
        "retention": row.row() if row else {"retention_class": classes.propose(incident)},
        "holds": [hold_shown(by, hold) for hold in found],
    }


def followed(by: Actor, incident: Incident) -> Json:
    """Return transfers, callbacks and supervision orders, to those who read them elsewhere too (docs/contract.md 5)."""
    found: Json = {"transfers": [], "callbacks": [], "supervision": []}
    if by.has(*DESK, INSPECTOR, LEADER):
        found["transfers"] = [row.row() for row in Transfer.objects.filter(incident=incident).order_by("id")]
        if not by.has(*DESK, INSPECTOR):
            found["transfers"] = [{**row, "told_caller": MASK, "result_text": MASK} for row in found["transfers"]]
    if by.has(*FOLLOWING_UP):
        found["callbacks"] = [row.row() for row in Callback.objects.filter(incident=incident).order_by("id")]
        orders = SupervisionOrder.objects.filter(incident=incident).order_by("id")
        found["supervision"] = [row.row() for row in orders]
    return found


def pictures(rows: dict[str, list[Json]]) -> list[Json]:
    """List the pictures from the street and from callers: when taken, where they lie."""
    street = [{**photo, "from": report["call_sign"]} for report in rows["report"] for photo in report["photos"]]
    sent = [row for row in rows["message"] if row["picture"]]
    return street + [{"url": row["picture"], "taken_at": row["received_at"], "from": ""} for row in sent]


def clocks(incident: Any) -> list[Json]:
    """Return both clocks with the seconds until the first unit was there (K7, K9); None while nobody is."""
    there: dt.datetime | None = incident.first_on_scene_at

    def since(start: dt.datetime | None) -> float | None:
        return (there - start).total_seconds() if there and start else None

    return [
        {"name": "A", "start": stamp(incident.answered_at), "seconds": since(incident.answered_at)},
        {"name": "B", "start": stamp(incident.first_dispatched_at), "seconds": since(incident.first_dispatched_at)},
    ]
