"""What goes onto paper, and the page on which it comes back: printed kit, state of the world, catch-up (targets D5)."""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache

from dispatch import state_print
from incidents.actor import Actor
from incidents.models import Centre, NumberBlock
from incidents.roles import DESK
from incidents.row import Json, stamp
from incidents.sessions import actor_of

log = logging.getLogger(__name__)
CARDS_ON_A_PAGE = 2


def desk_of(request: HttpRequest) -> Actor | None:
    """Return who asks when it is somebody of the desk."""
    user: Any = request.user
    if not user.is_authenticated or user.centre_id is None:
        return None
    by = actor_of(user, request.session, trace=str(getattr(request, "trace_id", "")))
    return by if by.has(*DESK) else None


@never_cache
def kit(request: HttpRequest, block_id: int) -> HttpResponse:
    """Show the printed kit of a block of cards."""
    by = desk_of(request)
    if by is None:
        return render(request, "403.html", status=403)
    block = (
        NumberBlock.objects.select_related("centre")
        .filter(pk=block_id, centre_id=by.centre_id, purpose="paper")
        .first()
    )
    if block is None:
        return render(request, "404.html", status=404)
    return render(request, "dispatch/kit.html", kit_content(block.centre, block))


def kit_content(centre: Centre, block: NumberBlock) -> Json:
    """Return what a kit shows: cards with their serials, unit board, phone tree."""
    return {
        "centre": centre,
        "block": block,
        "serials": [serial for serial in block.numbers if str(serial) not in block.voided],
        "at": stamp(timezone.now()),
        "orders": range(3),
        **state_print.register(centre),
    }


def kit_file(centre: Centre, block: NumberBlock) -> str:
    """Return the kit as a file that stands alone."""
    return render_to_string("dispatch/kit.html", {**kit_content(centre, block), "css": state_print.css()})


@never_cache
def state(request: HttpRequest) -> HttpResponse:
    """Give the state of the world as a file: made now, or the newest that was kept when the database is away. That it
    was taken out is in the journal, or in the log while the journal cannot be written."""
    by = desk_of(request)
    if by is None:
        return render(request, "403.html", status=403)
    centre = Centre.objects.get(pk=by.centre_id)
    try:
        text = state_print.page(centre, timezone.now())
        state_print.note_taken_out(by=by)
    except DatabaseError as error:
        log.error("state of the world taken out by %s without an entry: %s", by.badge, error)
        kept = state_print.newest(centre.code)
        if kept is None:
            raise
        text = kept.read_text(encoding="utf-8")
    name = f"zz110-{centre.code}-{timezone.localtime():%Y%m%d-%H%M}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/html; charset=utf-8", headers=headers)
