"""Samples of the commands of the fusion desk: requests, clues, locked positions, watch entries, links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone

from incidents.links import Question
from incidents.models import FusionRequest, LockedPosition, WatchHit
from incidents.services import clues, fusion, links, locked_positions, watch, watch_hits
from tests.database.acts import take
from tests.database.casework import BASIS, FIX, PLATE, asked, clue, entry, locked, working
from tests.faults.samples import Act, act, by
from tests.people import Cast


def of_request(run: Callable[..., Any], make: Callable[[Cast], FusionRequest], who: str = "ana", **facts: Any) -> Any:
    """An act on a request."""
    return lambda cast: act(run, by=by(cast, who), request_id=make(cast).pk, **facts)


def of_clue(run: Callable[..., Any], **facts: Any) -> Callable[[Cast], Act]:
    """An act on a clue."""
    return lambda cast: act(run, by=by(cast, "ana"), clue_id=clue(cast, working(cast)).pk, **facts)


def adds(cast: Cast) -> Act:
    """A clue is noted."""
    request = working(cast)
    facts = {"kind": "vehicle", "text": "黑色摩托", "value": PLATE, "source": "卡口", "confidence": "high"}
    return act(clues.add_clue, by=by(cast, "ana"), incident_id=request.incident_id, request_id=request.pk, facts=facts)


def run_out(cast: Cast) -> LockedPosition:
    """A position that has run out."""
    with time_machine.travel(timezone.now() - dt.timedelta(hours=2)):
        return locked(cast, working(cast))


def of_entry(run: Callable[..., Any], who: str, **facts: Any) -> Callable[[Cast], Act]:
    """An act on a watch entry that waits."""
    return lambda cast: act(run, by=by(cast, who), entry_id=entry(cast, approved=False).pk, **facts)


def asks_watch(cast: Cast) -> Act:
    """A watch entry is asked for."""
    facts = {"subject": "vehicle", "value": PLATE, "incident_id": take(cast).pk, "reason": "抢夺逃逸"}
    return act(watch.ask_watch, by=by(cast, "ana"), legal_basis=BASIS, **facts)


def expires(cast: Cast) -> Act:
    """An entry has run out."""
    with time_machine.travel(timezone.now() - dt.timedelta(days=5)):
        row = entry(cast, approved=False)
    return act(watch.expire_watch, by=None, entry_id=row.pk)


def sighting(cast: Cast) -> Act:
    """A feed tells of a plate that is watched for."""
    entry(cast)
    return act(
        watch_hits.hear_sighting, by=by(cast, "gate"), feed="cams", event="e1", kind="plate", value=PLATE,
        seen_at=timezone.now(), gb_code="", point={"lat": 24.51, "lng": 117.65}, text="",
    )  # fmt: skip


def handles(cast: Cast) -> Act:
    """A person looks at a hit."""
    sighting(cast)()
    return act(watch_hits.handle_hit, by=by(cast, "dana"), hit_id=WatchHit.objects.get().pk, text="已核实，派警")


FUSION_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "incidents.services.clues.add_clue": adds,
    "incidents.services.clues.push_clue": of_clue(clues.push_clue),
    "incidents.services.clues.void_clue": of_clue(clues.void_clue, reason="号牌看错"),
    "incidents.services.fusion.accept_fusion": of_request(fusion.accept_fusion, asked, speciality="刑侦"),
    "incidents.services.fusion.ask_fusion": lambda cast: act(
        fusion.ask_fusion, by=by(cast, "dana"), incident_id=take(cast).pk, ask="vehicle", text="找车", legal_basis=BASIS
    ),
    "incidents.services.fusion.end_fusion": of_request(fusion.end_fusion, working, state="done", text="人已抓获"),
    "incidents.services.fusion.hand_over_all_fusion": lambda cast: act(
        fusion.hand_over_all_fusion, by=by(cast, "ana"), to_no=(working(cast), cast.analyst().badge)[1], words="接着看"
    ),
    "incidents.services.fusion.hand_over_fusion": lambda cast: act(
        fusion.hand_over_fusion, by=by(cast, "ana"), request_id=working(cast).pk, to_no=cast.analyst().badge, words=""
    ),
    "incidents.services.fusion.let_lapse": lambda cast: act(
        fusion.let_lapse, by=None, request_id=run_out(cast).request_id
    ),
    "incidents.services.links.read_links": lambda cast: act(
        links.read_links, by=by(cast, "ana"), question=Question(kind="plate", value=PLATE, hops=2), purpose="串并"
    ),
    "incidents.services.locked_positions.lock_position": of_request(locked_positions.lock_position, working, fix=FIX),
    "incidents.services.locked_positions.renew_position": lambda cast: act(
        locked_positions.renew_position, by=by(cast, "ana"), position_id=locked(cast, working(cast)).pk, fix=FIX
    ),
    "incidents.services.watch.approve_watch": of_entry(watch.approve_watch, "sam"),
    "incidents.services.watch.ask_watch": asks_watch,
    "incidents.services.watch.expire_watch": expires,
    "incidents.services.watch.refuse_watch": of_entry(watch.refuse_watch, "sam", reason="依据不足"),
    "incidents.services.watch.withdraw_watch": of_entry(watch.withdraw_watch, "ana", reason="已抓获"),
    "incidents.services.watch_hits.handle_hit": handles,
    "incidents.services.watch_hits.hear_sighting": sighting,
}  # fmt: skip
