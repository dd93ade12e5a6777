"""What is past a limit and not settled (未闭环, K20): a registry of sources that later modules add to. Target: nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from incidents.models import Callback, GridReport, GridTask, Incident, SupervisionOrder, Transfer

DESK, AGENTS, COMMANDER = "desk", "agents", "watch_commander"  # owners without a name: the screen has words for them


@dataclass(frozen=True, slots=True)
class Overdue:
    """One limit that has passed while something still waits."""

    incident: Incident | None
    step: str  # of what: the screen has a word for it, and for what is to be done next
    due_at: dt.datetime
    owner: str  # who must act
    above: str  # one level up: who is told because of it
    number: str = ""  # of the transfer or order
    urged_at: dt.datetime | None = None


Source = Callable[[int, dt.datetime], Iterable[Overdue]]
SOURCES: list[Source] = []


def source(found: Source) -> Source:
    """Add a source."""
    SOURCES.append(found)
    return found


def everything(centre_id: int) -> list[Overdue]:
    """Return all that is overdue in a centre, the oldest first."""
    now = timezone.now()
    return sorted((line for found in SOURCES for line in found(centre_id, now)), key=lambda line: line.due_at)


@source
def supervision_orders(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """Supervision orders without an accepted reply after their date (K15)."""
    found = SupervisionOrder.objects.filter(centre_id=centre_id, due_at__lte=now).exclude(state="closed")
    for row in found.select_related("incident"):
        urged = dt.datetime.fromisoformat(row.urges[-1]) if row.urges else None
        owner = row.to_name if row.state != SupervisionOrder.State.REPLIED else row.issued_by_no or COMMANDER
        yield Overdue(row.incident, "supervision", row.due_at, owner, row.escalated_name or COMMANDER, urged_at=urged)


@source
def transfers(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """Transfers without a receipt after their limit (R11, R22)."""
    found = Transfer.objects.filter(
        centre_id=centre_id, direction="out", state__in=["unsent", "sent"], receipt_by__lte=now
    )
    for row in found.select_related("incident"):
        yield Overdue(row.incident, "transfer", row.receipt_by or now, DESK, COMMANDER, row.transfer_no, row.urged_at)


@source
def callbacks(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """Callbacks without an outcome after their limit (R27)."""
    for row in Callback.objects.filter(centre_id=centre_id, outcome="", due_at__lte=now).select_related("incident"):
        yield Overdue(row.incident, "callback", row.due_at, AGENTS, COMMANDER, urged_at=row.urged_at)


@source
def grid_tasks(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """Tasks of the grid past their date (M34)."""
    found = GridTask.objects.filter(centre_id=centre_id, state__in=["todo", "doing"], due_at__lte=now)
    for row in found.select_related("incident", "worker", "officer"):
        yield Overdue(
            row.incident, "grid_task", row.due_at, row.worker.name, row.officer.name, row.task_no, row.urged_at
        )


@source
def grid_reports(centre_id: int, now: dt.datetime) -> Iterable[Overdue]:
    """What the grid reported and nobody has taken on in time."""
    for row in GridReport.objects.filter(centre_id=centre_id, state="waiting", take_by__lte=now):
        yield Overdue(None, "grid_report", row.take_by, DESK, COMMANDER, row.report_no)
