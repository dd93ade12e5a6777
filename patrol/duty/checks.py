"""The post check (查勤, R15): where are you, answered by one tap or by radio, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import duty, geo
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Organisation
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.roles import ORDERING
from incidents.row import Json
from patrol.duty.models import PlannedShift, PostAnswer, PostCheck
from patrol.models import NEVER_SENT, Position, Unit

State = PostAnswer.State
AT_ONCE = 50


@command
def ask(*, by: Actor, unit_ids: list[int], squad_id: int | None, within: dt.timedelta | None) -> PostCheck:
    """Ask units, a squad, or everybody on duty (neither named) where they are; the phones show it. The limit is that
    of the duty level unless one is given. Raises BadInput when nobody of them is on duty."""
    now = timezone.now()
    units, scope, name = asked(by, unit_ids, squad_id)
    if not units:
        raise BadInput(units=_("None of these units is on duty."))
    due = now + (within or duty.present(by.centre_id).check_within)
    check = PostCheck.make(
        by=by, now=now, centre_id=by.centre_id, asked_by_no=by.badge, asked_by_name=by.name, scope=scope,
        scope_name=name, asked_at=now, due_at=due,
    )  # fmt: skip
    posts = posts_of(units, now)
    answers = [question(check, unit, posts[unit.pk], by=by, now=now) for unit in units]
    record("post_check.asked", check, *answers, scope=scope, name=name, units=len(answers))
    return check


def asked(by: Actor, unit_ids: list[int], squad_id: int | None) -> tuple[list[Unit], str, str]:
    """Return the units on duty that are meant, with the scope and its name."""
    on_duty = Unit.objects.filter(centre_id=by.centre_id, on_shift__isnull=False).exclude(kind__in=NEVER_SENT)
    if unit_ids:
        units = list(on_duty.filter(pk__in=unit_ids).order_by("call_sign"))
        return units, "unit", " ".join(unit.label for unit in units)[:60]
    if squad_id:
        squad = Organisation.objects.filter(pk=squad_id, centre_id=by.centre_id).first()
        return list(on_duty.filter(squad_id=squad_id).order_by("call_sign")), "squad", squad.name if squad else ""
    return list(on_duty.order_by("call_sign")), "all", ""


def posts_of(units: Iterable[Unit], now: dt.datetime) -> dict[int, Json]:
    """Return where each unit should be: the post of its planned shift, else its home post."""
    found: dict[int, Json] = {
        unit.pk: {"post": "", "post_lat": unit.home_lat, "post_lng": unit.home_lng} for unit in units
    }
    plans = PlannedShift.objects.filter(
        unit_id__in=list(found), cancelled_at__isnull=True, starts_at__lte=now, ends_at__gt=now
    )
    for plan in plans:
        if plan.post:
            found[plan.unit_id]["post"] = plan.post
        if plan.post_lat is not None:
            found[plan.unit_id] |= {"post_lat": plan.post_lat, "post_lng": plan.post_lng}
    return found


def question(check: PostCheck, unit: Unit, post: Json, *, by: Actor, now: dt.datetime) -> PostAnswer:
    """Make the question to one unit."""
    lead = unit.on_shift["lead_name"] if unit.on_shift else ""
    return PostAnswer.make(
        by=by, now=now, centre_id=check.centre_id, check_asked=check, unit=unit, call_sign=unit.call_sign,
        lead_name=lead, due_at=check.due_at, **post,
    )  # fmt: skip


@command
def answer(*, by: Actor, answer_id: int, point: Json | None, place_text: str) -> PostAnswer:
    """Say where the unit is: its crew by one tap with the phone's position, the desk by radio for it. A repeat changes
    nothing; after the limit it counts as late."""
    now = timezone.now()
    row = PostAnswer.locked(answer_id, by.centre_id)
    own = by.on_unit == row.unit_id
    if not own and not by.has(*ORDERING):
        raise Forbidden(_("You are not on this unit."))
    if row.state in (State.ANSWERED, State.LATE):
        return row
    state = State.ANSWERED if now <= row.due_at and row.state == State.ASKED else State.LATE
    if state not in PostAnswer.TRANSITIONS[State(row.state)]:
        raise WrongTurn(row)
    where = place_of(row, point, now)
    row.change(
        by=by, now=now, state=state, answered_at=now, answered_by_no=by.badge, by_proxy=not own,
        place_text=place_text, **where,
    )  # fmt: skip
    record("post_check.answered", row, call_sign=row.call_sign, state=state, distance_m=row.distance_m)
    check = PostCheck.locked(row.check_asked_id, by.centre_id)
    if check.published_at is None and not check.answers.filter(state=State.ASKED).exists():
        publish_now(check, by, now)
    return row


def place_of(row: PostAnswer, point: Json | None, now: dt.datetime) -> Json:
    """Return the position of an answer: the point that came with it, else the unit's last fix with its age; and how far
    from the post that is."""
    if point is not None:
        found: Json = {"lat": point["lat"], "lng": point["lng"], "fix_age_s": 0.0}
    else:
        fix = Position.objects.filter(unit_id=row.unit_id).first()
        if fix is None:
            return {}
        age = max(0.0, (now - fix.fixed_at).total_seconds())
        found = {"lat": fix.lat, "lng": fix.lng, "fix_age_s": round(age, 1)}
    if row.post_lat is not None and row.post_lng is not None:
        away = geo.distance_m(found["lat"], found["lng"], row.post_lat, row.post_lng)
        found["distance_m"] = round(away, 0)
    return found


def sweep(now: dt.datetime) -> int:
    """Publish the checks whose limit has passed; returns how many."""
    due = PostCheck.objects.filter(published_at__isnull=True, due_at__lte=now).values_list("pk", flat=True)
    return sum(bool(publish(by=None, check_id=pk)) for pk in due[:AT_ONCE])


@command
def publish(*, by: Actor | None, check_id: int) -> dict[str, Any]:
    """The limit has passed: who has not answered is noted, the result is there for everybody who may read it."""
    now = timezone.now()
    check = (
        PostCheck.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(pk=check_id, published_at__isnull=True, due_at__lte=now)
        .first()
    )
    if check is None:
        return {}
    publish_now(check, by, now)
    return {"check": check.pk}


def publish_now(check: PostCheck, by: Actor | None, now: dt.datetime) -> None:
    """Close the list of answers inside a command and journal the counts."""
    silent = list(check.answers.filter(state=State.ASKED).select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for row in silent:
        row.change(by=by, now=now, state=State.NO_ANSWER)
    check.change(by=by, now=now, published_at=now)
    states = list(check.answers.values_list("state", flat=True))
    counts = {state: states.count(state) for state in ("answered", "late", "no_answer")}
    record("post_check.published", check, *silent, units=len(states), **counts)
