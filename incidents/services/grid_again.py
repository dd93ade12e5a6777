"""Disputes that come back (M37): looked at again when it is time, opened again when they break out anew."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import geo, limits
from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.keys import phone_key
from incidents.models import MEDIATION, GridTask, Incident, Party
from incidents.refusals import BadInput, WrongTurn
from incidents.row import Json, stamp
from incidents.services import incidents
from incidents.services.grid_tasks import DISPUTE, DUE_DAYS, days, locked_task, move
from incidents.services.premises import box_around

State = GridTask.State
SAME_PLACE_M = 100.0
PLACE, PARTY = "place", "party"


@command
def recheck_task(*, by: Actor, task_id: int, calm: bool, text: str) -> GridTask:
    """Look at a settled dispute again: calm ends it for good, otherwise the task is opened again."""
    now = timezone.now()
    row = locked_task(task_id, by)
    if row.state != State.DONE or row.ended_at is not None:
        raise WrongTurn(row)
    if not calm and not text.strip():
        raise BadInput(text=_("Write down what goes on there."))
    line = {"at": stamp(now), "by": by.badge, "calm": calm, "text": text}
    ended = end_causes(now, "grid_overdue", centre_id=row.centre_id, **{"data->>'task'": str(row.pk)})
    if calm:
        row.change(by=by, now=now, rechecks=[*row.rechecks, line], ended_at=now)
        record("grid.task_rechecked", row, *ended, task_no=row.task_no, calm=calm)
        return row
    open_again(
        row, by=by, now=now, how={"how": "recheck", "incident": None, "incident_no": ""}, rechecks=[*row.rechecks, line]
    )
    record("grid.task_reopened", row, *ended, task_no=row.task_no, how="recheck", times=len(row.reopened))
    return row


def open_again(row: GridTask, *, by: Actor | None, now: dt.datetime, how: Json, **fields: object) -> None:
    """Open a settled task again: what was said at its end stays in its history."""
    line = {"at": stamp(now), "result": row.result, "done_at": stamp(row.done_at), **how}
    due_at = now + days(row.duty, "due_days", DUE_DAYS)
    move(
        row, State.TODO, by=by, now=now, reopened=[*row.reopened, line], due_at=due_at, recheck_at=None, done_at=None,
        started_at=None, urged_at=None, overdue_at=None, **fields,
    )  # fmt: skip


def look_for_repeat(incident: Incident, *, by: Actor, now: dt.datetime) -> None:
    """Hold a dispute against the tasks of the grid, inside the command that opened, placed or typed it: one that breaks
    out again at the same place, or among the same people, before its recheck opens its task again and tells worker,
    officer and desk; of a task that still runs the three are told."""
    if not incident.type_reported.startswith(DISPUTE) or incident.drill or incident.is_complaint:
        return
    for found, how in repeats(incident, now):
        row = (
            GridTask.objects.select_for_update(no_key=True, of=("self",))
            .select_related("area", "worker", "officer")
            .get(pk=found)
        )
        if row.ended_at is not None or any(line["incident"] == incident.pk for line in row.reopened):
            continue
        about = {"how": how, "incident": incident.pk, "incident_no": incident.incident_no}
        was = row.state
        if was == State.DONE:
            open_again(row, by=by, now=now, how=about)
        else:
            row.change(
                by=by, now=now, reopened=[*row.reopened, {"at": stamp(now), "result": "", "done_at": None, **about}]
            )
        alert = raise_alert(
            "grid_reopened", centre_id=row.centre_id, by=by, now=now, incident_id=incident.pk, task=row.pk,
            number=row.task_no, worker=row.worker.name, officer=row.officer.name,
        )  # fmt: skip
        kind = "grid.task_reopened" if was == State.DONE else "grid.task_repeated"
        record(kind, row, alert, incident_id=incident.pk, task_no=row.task_no, how=how, times=len(row.reopened))


incidents.WHEN_KNOWN.append(look_for_repeat)


def repeats(incident: Incident, now: dt.datetime) -> list[tuple[int, str]]:
    """Return the tasks of disputes that this one repeats, and by what: the place (100 m) or the people (a number)."""
    live = Q(state__in=[State.TODO, State.DOING]) | Q(state=State.DONE, recheck_at__gt=now)
    tasks = GridTask.objects.filter(live, centre_id=incident.centre_id, duty=MEDIATION, ended_at__isnull=True)
    tasks = tasks.exclude(incident=incident)
    found: dict[int, str] = {}
    numbers = numbers_of([incident.pk]).get(incident.pk, set())
    if numbers:
        others = dict(tasks.filter(incident__isnull=False).values_list("incident_id", "pk"))
        for incident_id, theirs in numbers_of(list(others)).items():
            if theirs & numbers:
                found[others[incident_id]] = PARTY
    if incident.lat is not None and incident.lng is not None:
        south, west, north, east = box_around(incident.lat, incident.lng, SAME_PLACE_M)
        near = tasks.filter(lat__range=(south, north), lng__range=(west, east)).values_list("pk", "lat", "lng")
        for pk, lat, lng in near:
            if (
                lat is not None
                and lng is not None
                and geo.distance_m(incident.lat, incident.lng, lat, lng) <= SAME_PLACE_M
            ):
                found.setdefault(pk, PLACE)
    return sorted(found.items())


def numbers_of(incident_ids: list[int]) -> dict[int, set[str]]:
    """Return the telephone numbers of the people of some incidents, as they are compared."""
    found: dict[int, set[str]] = {}
    contacts = Incident.objects.filter(pk__in=incident_ids).exclude(contact_phone="").values_list("pk", "contact_phone")
    people = Party.objects.filter(incident_id__in=incident_ids, void_at__isnull=True).exclude(phone="")
    for incident_id, number in [*contacts, *people.values_list("incident_id", "phone")]:
        found.setdefault(incident_id, set()).add(phone_key(number))
    return found


# --- what falls due ---


def to_urge(now: dt.datetime) -> list[int]:
    """Return the tasks of which most of the time is over, and the disputes that are to be looked at again now."""
    live = GridTask.objects.filter(ended_at__isnull=True, urged_at__isnull=True)
    running = live.filter(state__in=[State.TODO, State.DOING], due_at__gt=now).values_list("pk", "created_at", "due_at")
    late = [pk for pk, start, end in running.order_by("due_at") if start + (end - start) * limits.URGE_AT <= now]
    again = live.filter(state=State.DONE, recheck_at__lte=now).order_by("recheck_at").values_list("pk", flat=True)
    return [*late, *again][:200]


@command
def urge_task(*, by: Actor | None, task_id: int) -> GridTask:
    """Remind worker and officer once: of a task before its date, of a dispute on the day of its recheck (催办)."""
    now = timezone.now()
    row = GridTask.objects.select_for_update(no_key=True).get(pk=task_id)
    if row.ended_at is None and row.urged_at is None and row.pk in to_urge(now):
        row.change(by=by, now=now, urged_at=now)
        record("grid.task_urged", row, task_no=row.task_no, recheck=row.state == State.DONE)
    return row


RECHECK_WITHIN = dt.timedelta(days=1)


def overdue(now: dt.datetime) -> list[int]:
    """Return the tasks past their date, and the rechecks a day late, of which nobody was told."""
    late = Q(state__in=[State.TODO, State.DOING], due_at__lte=now)
    late |= Q(state=State.DONE, recheck_at__lte=now - RECHECK_WITHIN)
    found = GridTask.objects.filter(late, ended_at__isnull=True, overdue_at__isnull=True)
    return list(found.order_by("due_at").values_list("pk", flat=True)[:200])


@command
def mark_task_overdue(*, by: Actor | None, task_id: int) -> GridTask:
    """Tell the desk once that a task, or a recheck, is past its date."""
    now = timezone.now()
    row = GridTask.objects.select_for_update(no_key=True).get(pk=task_id)
    if row.pk in overdue(now):
        row.change(by=by, now=now, overdue_at=now)
        alert = raise_alert(
            "grid_overdue", centre_id=row.centre_id, by=by, now=now, incident_id=row.incident_id, task=row.pk,
            number=row.task_no, worker=row.worker.name, grid=row.area.code,
        )  # fmt: skip
        record("grid.task_overdue", row, alert, task_no=row.task_no)
    return row
