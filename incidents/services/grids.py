"""The directory of the grids (M34, M49): who is the worker and who the officer of each, and which teams belong to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import places
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Area, GridPost, GridTask, User
from incidents.refusals import BadInput, NotFound
from incidents.roles import GRID_WORKER, OFFICER, STATION_DUTY
from incidents.row import Json, Row
from incidents.services import partners

PEOPLE_OF_A_POST = ("area", "worker", "officer")


@dataclass(frozen=True, slots=True)
class Pair:
    """The two of one grid as a file or a form names them, by badge."""

    grid: str
    worker_no: str
    officer_no: str
    worker_phone: str = ""


def present(centre_id: int) -> list[GridPost]:
    """Return the present posts of a centre."""
    found = GridPost.objects.filter(centre_id=centre_id, ended_at__isnull=True, area__ended_at__isnull=True)
    return list(found.select_related(*PEOPLE_OF_A_POST).order_by("area__code"))


def post_of(area_id: int) -> GridPost | None:
    """Return who answers for a grid now."""
    found = GridPost.objects.filter(area_id=area_id, ended_at__isnull=True)
    return found.select_related(*PEOPLE_OF_A_POST).first()


def grid_at(centre_id: int, lat: float | None, lng: float | None) -> Area | None:
    """Return the grid of a WGS-84 point."""
    if lat is None or lng is None:
        return None
    found = places.locate(centre_id, lat, lng).grid
    return Area.objects.filter(pk=found["id"]).first() if found else None


def grid_of(centre_id: int, area_id: int) -> Area:
    """Return a grid of the centre. Raises BadInput."""
    found = Area.objects.filter(pk=area_id, centre_id=centre_id, kind=Area.Kind.GRID, ended_at__isnull=True).first()
    if found is None:
        raise BadInput(grid=_("There is no such grid."))
    return found


@command
def appoint(*, by: Actor | None, centre_id: int, pair: Pair) -> GridPost:
    """Name worker and officer of a grid; what is still to be done there goes to the new two in the same act."""
    faults = faults_of(centre_id, [pair])
    if faults:
        # A column of the file is worker_no, the field of a form is worker.
        raise BadInput(**{fault["field"].removesuffix("_no"): fault["says"] for fault in faults})
    return appointed(by=by, centre_id=centre_id, pair=pair, now=timezone.now())


@command
def load_directory(
    *, by: Actor | None, centre_id: int, source: str, pairs: Sequence[Pair], teams: Sequence[Json]
) -> Json:
    """Bring the posts and the teams of a centre to what a file says, all of it or nothing. Posts and teams that the file
    does not name stay as they are. Raises BadInput with every fault, `lines.<number from 0>.<column>`."""
    now = timezone.now()
    found = [*faults_of(centre_id, pairs), *partners.faults_of(centre_id, teams)]
    if found:
        raise BadInput(**{f"{one['list']}.{one['line']}.{one['field']}": one["says"] for one in found})
    before = {one.area.code: one.pk for one in present(centre_id)}
    posts = [appointed(by=by, centre_id=centre_id, pair=pair, now=now) for pair in pairs]
    changed = sum(before.get(one.area.code) != one.pk for one in posts)
    counts = partners.brought_in(by=by, centre_id=centre_id, teams=teams, now=now)
    record("grids.loaded", centre_id=centre_id, source=source, posts=len(pairs), changed=changed, teams=counts)
    return {"posts": len(pairs), "changed": changed, "teams": counts}


def faults_of(centre_id: int, pairs: Sequence[Pair]) -> list[Json]:
    """Return what is wrong with the pairs: each fault with its line (from 0), column and sentence."""
    areas = set(
        Area.objects.filter(centre_id=centre_id, kind=Area.Kind.GRID, ended_at__isnull=True).values_list(
            "code", flat=True
        )
    )
    workers, officers = with_role(centre_id, GRID_WORKER), with_role(centre_id, OFFICER, STATION_DUTY)
    checks = (
        ("grid", areas, _("There is no such grid.")),
        ("worker_no", workers, _("No grid worker has this badge number.")),
        ("officer_no", officers, _("No officer has this badge number.")),
    )
    faults: list[Json] = []
    seen: set[str] = set()
    for number, pair in enumerate(pairs):
        for name, known, says in checks:
            if getattr(pair, name) not in known:
                faults.append({"list": "people", "line": number, "field": name, "says": says})
        if pair.grid in seen:
            faults.append({"list": "people", "line": number, "field": "grid", "says": _("This grid is named twice.")})
        seen.add(pair.grid)
    return faults


def with_role(centre_id: int, *roles: str) -> set[str]:
    """Return the badges of the active people with one of these roles."""
    found = User.objects.filter(centre_id=centre_id, is_active=True, groups__name__in=roles).exclude(badge="")
    return set(found.values_list("badge", flat=True))


def appointed(*, by: Actor | None, centre_id: int, pair: Pair, now: dt.datetime) -> GridPost:
    """Name the two of a grid inside a command; the same two again change nothing."""
    area = Area.objects.select_for_update(no_key=True).get(centre_id=centre_id, kind=Area.Kind.GRID, code=pair.grid)
    people = {
        one.badge: one for one in User.objects.filter(centre_id=centre_id, badge__in=[pair.worker_no, pair.officer_no])
    }
    worker, officer = people[pair.worker_no], people[pair.officer_no]
    former = post_of(area.pk)
    if former is not None and (former.worker_id, former.officer_id) == (worker.pk, officer.pk):
        if former.change(by=by, now=now, worker_phone=pair.worker_phone):
            record("grid.appointed", former, grid=area.code, worker=worker.badge, officer=officer.badge)
        return former
    rows: list[Row] = []
    if former is not None:
        former.change(by=by, now=now, ended_at=now)
        rows.append(former)
    post = GridPost.make(
        by=by, now=now, centre_id=centre_id, area=area, worker=worker, officer=officer,
        worker_phone=pair.worker_phone, started_at=now,
    )  # fmt: skip
    live = GridTask.objects.filter(area=area, ended_at__isnull=True).select_for_update(no_key=True, of=("self",))
    for task in live.select_related("area", "worker", "officer").order_by("id"):
        task.change(by=by, now=now, worker=worker, officer=officer)
        rows.append(task)
    record("grid.appointed", post, *rows, grid=area.code, worker=worker.badge, officer=officer.badge)
    return post


def needed_post(area: Area | None) -> GridPost:
    """Return who answers for a grid. Raises BadInput where there is no grid, or nobody in it."""
    if area is None:
        raise BadInput(grid=_("This place lies in no grid: choose one."))
    post = post_of(area.pk)
    if post is None:
        raise BadInput(grid=_("Nobody is named for grid %(code)s.") % {"code": area.code})
    return post


def refuse_foreign_grid(by: Actor, area: Area) -> None:
    """A grid worker acts in the own grids alone. Raises NotFound."""
    if not GridPost.objects.filter(area=area, worker_id=by.user_id, ended_at__isnull=True).exists():
        raise NotFound()
