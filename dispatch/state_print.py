"""The state of the world on paper: an HTML file that needs nothing else, written every hour and kept, so that work goes
on when everything is down (targets D5)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

from dispatch.models import Assignment
from incidents import codebook
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Centre, Head, Incident, Organisation
from incidents.models.incidents import ENDED
from incidents.row import Json, stamp
from incidents.services.numbers import CITY_TIME
from patrol.models import Unit

HOURLY_KEPT, NIGHTLY_KEPT = 48, 14
NIGHT_HOUR = 3  # the nightly print: everybody's register, in the quietest hour
CALL_WORDS = {
    "waiting": gettext_lazy("waiting"),
    "in_progress": gettext_lazy("in progress"),
    "wrap_up": gettext_lazy("wrap-up"),
    "lost": gettext_lazy("lost, to be rung back"),
}
LIVE = ("dispatched", "delivered", "accepted", "en_route", "on_scene")


def keep(now: dt.datetime) -> list[Path]:
    """Write this hour's print of every centre where it is missing, and drop the old ones; returns what was written."""
    local, made = now.astimezone(CITY_TIME), []
    for centre in Centre.objects.order_by("id"):
        folder = folder_of(centre.code)
        wanted = [folder / f"hour-{local:%Y%m%d-%H}.html"]
        if local.hour == NIGHT_HOUR:
            wanted.append(folder / f"night-{local:%Y%m%d}.html")
        for path in wanted:
            if not path.exists():
                write(path, page(centre, now))
                made.append(path)
        drop_old(folder)
    return made


def folder_of(code: str) -> Path:
    """Return the folder of a centre's prints."""
    return Path(settings.STATE_FOLDER) / code


def write(path: Path, text: str) -> None:
    """Write a file so that a reader sees the whole of it or nothing, and only this user reads it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def drop_old(folder: Path) -> None:
    """Keep two days of hours and two weeks of nights: they hold what callers said."""
    for pattern, count in (("hour-*.html", HOURLY_KEPT), ("night-*.html", NIGHTLY_KEPT)):
        for path in sorted(folder.glob(pattern))[:-count]:
            path.unlink(missing_ok=True)


def newest(code: str) -> Path | None:
    """Return the newest print of a centre."""
    return max(folder_of(code).glob("hour-*.html"), default=None)


def page(centre: Centre, now: dt.datetime) -> str:
    """Return the print of a centre as it is now, in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        return render_to_string("dispatch/state.html", content(centre, now))


def content(centre: Centre, now: dt.datetime) -> Json:
    """Return what the print shows: open incidents with their orders, calls without an outcome, every unit, the phone
    tree. Complaints about the police are not printed."""
    opened = Incident.objects.filter(centre=centre).exclude(stage__in=ENDED).order_by("priority", "answered_at")
    incidents = [incident for incident in opened if not incident.is_complaint]
    orders: dict[int, list[Assignment]] = {}
    for order in Assignment.objects.filter(centre=centre, state__in=LIVE).order_by("dispatched_at"):
        orders.setdefault(order.incident_id, []).append(order)
    head = Head.objects.filter(centre=centre).values_list("seq", flat=True).first()
    return {
        "centre": centre,
        "at": stamp(now),
        "seq": head,
        "css": css(),
        "incidents": [(incident, type_word(incident), orders.get(incident.pk, [])) for incident in incidents],
        "calls": [(call, CALL_WORDS.get(call.state, call.state)) for call in open_calls(centre)],
        **register(centre),
    }


def open_calls(centre: Centre) -> QuerySet[Call]:
    """Return the calls that have no outcome yet, oldest first."""
    found = Call.objects.filter(centre=centre, incident__isnull=True).exclude(state=Call.State.DONE)
    return found.order_by("ring_at")


def register(centre: Centre) -> Json:
    """Return the unit board and the phone tree."""
    units = Unit.objects.filter(centre=centre, ended_at__isnull=True).order_by("squad_name", "call_sign")
    stations = Organisation.objects.filter(centre=centre).exclude(kind="squad").order_by("kind", "code")
    return {"units": units, "organisations": stations, "bodies": bodies()}


def bodies() -> list[Any]:
    """Return the bodies that work is passed on to, with their telephone numbers."""
    return [code for (table, _code), code in codebook.book().items() if table == "body"]


def type_word(incident: Incident) -> str:
    """Return the type's word."""
    found = codebook.book().get(("incident_type", incident.type_reported))
    return found.zh if found else ""


def css() -> str:
    """Return the style sheet of everything on paper, to be put into a file that stands alone."""
    return (settings.BASE_DIR / "static" / "css" / "paper.css").read_text(encoding="utf-8")


@command
def note_taken_out(*, by: Actor) -> Json:
    """Journal that somebody took the state of the world out."""
    record("state.printed", centre_id=by.centre_id, badge=by.badge)
    return {"taken": True}
