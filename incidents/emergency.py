"""When the database refuses to write: a call goes to the emergency spool, everything else is asked to come again
(targets D3, A53)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.utils import timezone
from rest_framework.response import Response

from incidents.actor import Actor
from incidents.api_tools import carried_out
from incidents.journal import refuses_writes
from incidents.models import Call, Heartbeat, NumberBlock
from incidents.row import Json, stamp
from incidents.services.numbers import number
from incidents.spool import Spool

log = logging.getLogger(__name__)
BEATS_WITHIN_S = 5.0  # the sweep stamps the database every second


def spool() -> Spool:
    """Return the spool of this server."""
    return Spool(settings.SPOOL_FOLDER)


def carried_out_or_spooled(
    run: Callable[..., Any],
    *,
    by: Actor,
    act: str,
    body: Any,
    number: int | None,
    check: Callable[[], None],
    **kwargs: Any,
) -> Response:
    """Carry a command out; when the database refuses to write, keep its request in the spool and answer 202. `check`
    refuses what could never be carried out."""
    try:
        return carried_out(run, by=by, number=number, **kwargs)
    except DatabaseError as error:
        if not refuses_writes(error):
            raise
        log.error("call to the emergency spool: %s", error)
    try:
        check()
    except DatabaseError:
        log.exception("spooled unchecked: the database cannot even be read")
    return Response(keep(by, act, body, number), status=202, headers={"Retry-After": "5"})


def keep(by: Actor, act: str, body: Any, wanted: int | None) -> Json:
    """Append a request to the spool, once for each key; returns what the seat is told."""
    now = timezone.now()

    def make(lines: list[Json]) -> Json:
        same = next((one for one in lines if one["actor"]["user_id"] == by.user_id and one["key"] == str(by.key)), None)
        if same is not None:
            return same
        given = wanted if wanted is not None else next_of_reserve(by.centre_id, lines)
        return {
            "at": stamp(now),
            "act": act,
            "actor": actor_facts(by),
            "key": str(by.key),
            "body_hash": by.body_hash.hex(),
            "number": given,
            "body": body,
        }

    line = spool().append(make)
    return {"spooled": {"n": line["n"], "at": line["at"], "number": line["number"], "call_no": call_no(by, line)}}


def next_of_reserve(centre_id: int, lines: list[Json]) -> int | None:
    """Return the next number that was given out to the spool beforehand; None when even that cannot be read."""
    given = {line["number"] for line in lines}
    try:
        for block in NumberBlock.objects.filter(centre_id=centre_id, purpose="spool").order_by("id"):
            used = set(Call.objects.filter(pk__in=block.numbers).values_list("pk", flat=True))
            for one in block.numbers:
                if one not in given and one not in used and str(one) not in block.voided:
                    return int(one)
    except DatabaseError:
        log.exception("the spool's numbers cannot be read")
    return None


def call_no(by: Actor, line: Json) -> str:
    """Return the number that people read; empty when it is drawn at the replay."""
    from_block = line["number"]
    if from_block is None:
        return ""
    try:
        block = NumberBlock.objects.select_related("centre").filter(numbers__contains=[from_block]).first()
    except DatabaseError:
        return ""
    return number(block.centre, "J", from_block, timezone.now()) if block else ""


def actor_facts(by: Actor) -> Json:
    """Return who acted, to act again in the same name."""
    return {
        "user_id": by.user_id,
        "centre_id": by.centre_id,
        "badge": by.badge,
        "name": by.name,
        "roles": sorted(by.roles),
        "seat": by.seat,
        "terminal": by.terminal,
    }


def standing() -> Json:
    """Return how this server stands: whether the database takes writes, and what waits in the spool."""
    try:
        waiting = spool().waiting()
        broken = ""
    except (OSError, ValueError) as error:
        waiting, broken = [], str(error)
    return {
        "at": stamp(timezone.now()),
        "writes": takes_writes(),
        "spool": {"waiting": len(waiting), "oldest_at": waiting[0]["at"] if waiting else None, "broken": bool(broken)},
    }


def takes_writes() -> bool:
    """Tell whether the database has taken a write within five seconds: the sweep stamps it every second."""
    try:
        last = Heartbeat.objects.filter(name="sweep").values_list("at", flat=True).first()
    except OperationalError:
        return False
    return last is not None and (timezone.now() - last).total_seconds() <= BEATS_WITHIN_S
