"""Setting the duty level (等级勤务, R26)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from incidents import duty
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import DutyLevel
from incidents.refusals import WrongTurn
from incidents.row import Row


@command
def set_duty_level(*, by: Actor, level: int, reason: str, task_sheet: str) -> DutyLevel:
    """Begin another level: the present one ends in the same moment, every surface is told. The same level with the
    same words changes nothing. Raises WrongTurn when somebody else has just set one."""
    now = timezone.now()
    before = (
        DutyLevel.objects.filter(centre_id=by.centre_id, ended_at__isnull=True)
        .select_for_update(no_key=True, of=("self",))
        .first()
    )
    if before is not None and (before.level, before.reason, before.task_sheet) == (level, reason, task_sheet):
        return before
    ended: list[Row] = []
    if before is not None:
        before.change(by=by, now=now, ended_at=now)
        ended = [before]
    row = begun(by, now, level, reason, task_sheet)
    record("duty.level_set", *ended, row, level=level, before=before.level if before else duty.NORMAL, reason=reason)
    return row


def begun(by: Actor, now: object, level: int, reason: str, task_sheet: str) -> DutyLevel:
    """Insert the level; of two at once the database lets one through."""
    facts = {"level": level, "reason": reason, "task_sheet": task_sheet, "set_by_no": by.badge, "set_by_name": by.name}
    try:
        with transaction.atomic():
            return DutyLevel.make(by=by, now=now, centre_id=by.centre_id, started_at=now, **facts)  # type: ignore[arg-type]
    except IntegrityError as error:
        present = DutyLevel.objects.get(centre_id=by.centre_id, ended_at__isnull=True)
        raise WrongTurn(present) from error
