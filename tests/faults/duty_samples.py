"""Samples of the commands about duty: roster, post checks, breaks, seats, hand-overs, the duty level."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from incidents.models import HandOver, Seat
from incidents.services import duty_levels, handovers, seats
from patrol import services as patrol
from patrol.duty import away, checks, roster
from patrol.models import PlannedShift, PostAnswer, PostCheck, Unit
from tests.database.acts import take
from tests.faults.samples import Act, act, by
from tests.people import Cast

AGO = dt.timedelta(hours=1)
HOURS_8 = dt.timedelta(hours=8)
SEAT = {"code": "J01", "name": "接警一席", "kind": "call_taking"}


def plan_facts(cast: Cast, starts_at: dt.datetime) -> dict[str, Any]:
    """Return what a plan of car-7 says: Nia leads, Ned rides along."""
    return {
        "lead": cast.users["nia"].badge,
        "crew": [cast.users["ned"].badge],
        "starts_at": starts_at,
        "ends_at": starts_at + HOURS_8,
        "post": "中山公园",
    }


def planned(cast: Cast, starts_at: dt.datetime | None = None) -> PlannedShift:
    """Plan car-7, tomorrow unless a start is named."""
    start = starts_at or timezone.now() + 24 * AGO
    return roster.plan_shift(
        by=cast.actor("sam"), centre_id=cast.centre.pk, unit_id=cast.car7.pk, facts=plan_facts(cast, start)
    )


def plan(cast: Cast) -> Act:
    """The watch commander plans a shift."""
    facts = plan_facts(cast, timezone.now() + 24 * AGO)
    return act(roster.plan_shift, by=by(cast, "sam"), centre_id=cast.centre.pk, unit_id=cast.car7.pk, facts=facts)


def load(cast: Cast) -> Act:
    """A table is loaded."""
    rows = [{"call_sign": "car-7", **plan_facts(cast, timezone.now() + 24 * AGO)}]
    return act(roster.import_roster, by=by(cast, "sam"), centre_id=cast.centre.pk, rows=rows)


def late(cast: Cast) -> Act:
    """A crew has not signed on."""
    row = planned(cast, timezone.now() - AGO)
    return act(roster.note_late, by=None, centre_id=cast.centre.pk, planned_ids=[row.pk])


def asked(cast: Cast) -> PostCheck:
    """Everybody on duty is asked."""
    return checks.ask(by=cast.actor("sam"), unit_ids=[], squad_id=None, within=None)


def answered(cast: Cast) -> Act:
    """car-12 answers by radio."""
    row = PostAnswer.objects.get(check_asked=asked(cast), unit=cast.car12)
    return act(checks.answer, by=by(cast, "dana"), answer_id=row.pk, point=None, place_text="中山公园东门")


def published(cast: Cast) -> Act:
    """The limit of a check has passed."""
    check = asked(cast)
    PostCheck.objects.filter(pk=check.pk).update(asked_at=timezone.now() - 2 * AGO, due_at=timezone.now() - AGO)
    return act(checks.publish, by=None, check_id=check.pk)


def on_a_break(cast: Cast, *, noticed: bool) -> Unit:
    """car-12's break is over long ago."""
    patrol.choose_status(by=cast.actor("omar"), unit_id=cast.car12.pk, status="break", reason="")
    Unit.objects.filter(pk=cast.car12.pk).update(back_by=timezone.now() - AGO)
    if noticed:
        away.note_overdue(by=None, unit_id=cast.car12.pk)
        Unit.objects.filter(pk=cast.car12.pk).update(back_by=timezone.now() + AGO)
    return cast.car12


def seated(cast: Cast) -> Seat:
    """Register a seat."""
    seats.register_seats(by=None, centre_id=cast.centre.pk, seats=[SEAT])
    return Seat.objects.get(code="J01")


def granting(cast: Cast) -> dict[str, Any]:
    """Return what it takes to grant Tess the skill."""
    now = timezone.now()
    return {
        "centre_id": cast.centre.pk,
        "badge": cast.users["tess"].badge,
        "skill": "call_taking",
        "certificate": "2026-01",
        "starts_at": now - AGO,
        "expires_at": now + 24 * AGO,
    }


def end_granted(cast: Cast) -> Act:
    """Tess's skill ends."""
    row = seats.grant(by=None, **granting(cast))
    return act(seats.end_qualification, by=by(cast, "sam"), qualification_id=row.pk, reason="调离")


def allow(cast: Cast) -> Act:
    """Tess may sit there for this shift."""
    seated(cast)
    return act(seats.allow, by=by(cast, "sam"), seat_no="J01", badge=cast.users["tess"].badge, reason="人手不足")


def sheet(cast: Cast) -> HandOver:
    """Tess's sheet with an incident and its call."""
    take(cast)
    return handovers.draw_up(by=cast.actor("tess"), remark="")


def remark(cast: Cast) -> Act:
    """Tess writes beside a line."""
    item = sheet(cast).items.order_by("pk")[0]
    return act(handovers.remark_on, by=by(cast, "tess"), item_id=item.pk, text="等家属来电")


def draw_up(cast: Cast) -> Act:
    """Tess writes a sheet."""
    take(cast)
    return act(handovers.draw_up, by=by(cast, "tess"), remark="")


DUTY_SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "incidents.services.duty_levels.set_duty_level": lambda cast: act(
        duty_levels.set_duty_level, by=by(cast, "sam"), level=2, reason="重大活动安保", task_sheet="各中队加派一组"
    ),
    "incidents.services.handovers.accept_hand_over": lambda cast: act(
        handovers.accept_hand_over, by=by(cast, "dana"), hand_over_id=sheet(cast).pk, items=None
    ),
    "incidents.services.handovers.draw_up": draw_up,
    "incidents.services.handovers.remark_on": remark,
    "incidents.services.handovers.withdraw_hand_over": lambda cast: act(
        handovers.withdraw_hand_over, by=by(cast, "tess"), hand_over_id=sheet(cast).pk
    ),
    "incidents.services.seats.allow": allow,
    "incidents.services.seats.end_qualification": end_granted,
    "incidents.services.seats.grant": lambda cast: act(seats.grant, by=by(cast, "sam"), **granting(cast)),
    "incidents.services.seats.register_seats": lambda cast: act(
        seats.register_seats, by=None, centre_id=cast.centre.pk, seats=[SEAT]
    ),
    "patrol.duty.away.note_overdue": lambda cast: act(
        away.note_overdue, by=None, unit_id=on_a_break(cast, noticed=False).pk
    ),
    "patrol.duty.away.note_return": lambda cast: act(
        away.note_return, by=None, unit_id=on_a_break(cast, noticed=True).pk
    ),
    "patrol.duty.checks.answer": answered,
    "patrol.duty.checks.ask": lambda cast: act(checks.ask, by=by(cast, "sam"), unit_ids=[], squad_id=None, within=None),
    "patrol.duty.checks.publish": published,
    "patrol.duty.roster.cancel_planned": lambda cast: act(
        roster.cancel_planned, by=by(cast, "sam"), planned_id=planned(cast).pk, reason="调休"
    ),
    "patrol.duty.roster.change_planned": lambda cast: act(
        roster.change_planned, by=by(cast, "sam"), planned_id=planned(cast).pk, version=1, facts={"post": "九龙公园"}
    ),
    "patrol.duty.roster.import_roster": load,
    "patrol.duty.roster.note_late": late,
    "patrol.duty.roster.plan_shift": plan,
    "patrol.services.choose_statuses": lambda cast: act(
        patrol.choose_statuses, by=by(cast, "dana"), unit_ids=[cast.car12.pk, cast.car7.pk], status="on_task",
        reason="护学", reason_code="", back_at=None,
    ),
}  # fmt: skip
