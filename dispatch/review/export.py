"""A review taken out: print view, CSV, JSON; each is the timeline with its notes, masked as on the screen, and
journalled."""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from dispatch.review import chapters, seen
from dispatch.review.models import Review
from dispatch.review.services import note_exported
from incidents.actor import Actor
from incidents.refusals import NotFound, Refusal
from incidents.roles import SUPERVISING
from incidents.row import Json, stamp
from incidents.sessions import actor_of

AT_MOST: Final = 20_000
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
COLUMNS: Final = ("at", "chapter", "kind", "incident", "by", "sentence", "note")


def content(by: Actor, review: Review) -> Json:
    """Return everything that is taken out: the timeline, the notes set into it, the tasks, what was recorded."""
    lines: list[Json] = []
    after: int | None = 0
    while after is not None and len(lines) < AT_MOST:
        page = seen.timeline(by, review, after)
        lines += page["lines"]
        after = page["next"]
    notes = [row.row() for row in review.notes.order_by("at", "id")]
    return {
        "review": review.row(),
        "lines": lines[:AT_MOST],
        "cut": len(lines) > AT_MOST or after is not None,
        "notes": notes,
        "tasks": [row.row() for row in review.tasks.select_related("review").order_by("id")],
        **seen.records(by, review),
        "taken_out_at": stamp(timezone.now()),
        "taken_out_by": f"{by.badge} {by.name}",
    }


def woven(lines: list[Json], notes: list[Json]) -> list[Json]:
    """Return lines and notes in the order of their moments."""
    told = [{**line, "note": ""} for line in lines]
    told += [
        {"at": row["at"], "chapter": "", "kind": "note", "incident": None, "by": f"{row['by']} {row['by_name']}",
         "sentence": "", "note": row["text"]}
        for row in notes
    ]  # fmt: skip
    return sorted(told, key=lambda line: str(line["at"]))


def as_csv(found: Json) -> str:
    """Write lines and notes as CSV; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([str(word) for word in heads().values()])
    for line in woven(found["lines"], found["notes"]):
        chapter = words().get(line["chapter"], "")
        writer.writerow([guarded({**line, "chapter": chapter}[name]) for name in COLUMNS])
    return "\ufeff" + file.getvalue()


def heads() -> dict[str, str]:
    """Return the words above the columns."""
    return {
        "at": _("Time"), "chapter": _("Chapter"), "kind": _("Kind"), "incident": _("Incident"), "by": _("By"),
        "sentence": _("What happened"), "note": _("Note"),
    }  # fmt: skip


def words() -> dict[str, str]:
    """Return the names of the chapters (M62)."""
    return {
        chapters.INTELLIGENCE: pgettext("chapter", "Intelligence"),
        chapters.ANALYSIS: pgettext("chapter", "Analysis"),
        chapters.WARNING: pgettext("chapter", "Warning"),
        chapters.COMMAND: pgettext("chapter", "Command"),
        chapters.HANDLING: pgettext("chapter", "Handling"),
        chapters.FEEDBACK: pgettext("chapter", "Feedback"),
        chapters.EVALUATION: pgettext("chapter", "Evaluation"),
    }


def guarded(value: Any) -> str:
    """Return a cell that no spreadsheet carries out."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


@never_cache
def print_page(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a review made for paper; that it was taken out is in the journal."""
    user: Any = request.user
    if not user.is_authenticated or user.centre_id is None:
        return render(request, "403.html", status=403)
    by = actor_of(user, request.session, trace=str(getattr(request, "trace_id", "")))
    if not by.has(*SUPERVISING):
        return render(request, "403.html", status=403)
    try:
        review = seen.review_of(by, review_id)
    except NotFound:
        return render(request, "404.html", status=404)
    except Refusal:
        return render(request, "403.html", status=403)
    found = content(by, review)
    note_exported(by=by, review_id=review.pk, form="print")
    told = [{**line, "word": words().get(line["chapter"], "")} for line in woven(found["lines"], found["notes"])]
    context = {**found, "told": told, "centre": user.centre, "person": user}
    return render(request, "dispatch/review_print.html", context)
