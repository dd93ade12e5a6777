"""Numbers of calls given out beforehand, and what became of each of them (targets D4, D5)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, NumberBlock
from incidents.refusals import BadInput, NotFound, NumberUsed
from incidents.row import Json, stamp
from incidents.services import numbers

Purpose = NumberBlock.Purpose
SEAT_SIZE = 30  # a busy seat takes this many calls in three hours
RESERVE = 200  # numbers that the spool of a centre can give out while the database refuses writes


@command
def issue_numbers(*, by: Actor | None, centre_id: int, purpose: str, size: int) -> NumberBlock:
    """Give out a block of numbers: to the actor's seat, to cards that are about to be printed, or to the spool."""
    now = timezone.now()
    drawn = numbers.next_ids("incidents_call", size)
    block = NumberBlock.make(
        by=by,
        now=now,
        centre_id=centre_id,
        purpose=purpose,
        numbers=drawn,
        seat_no=by.seat if by and purpose == Purpose.SEAT else "",
        holder_no=by.badge if by else "",
    )
    record("numbers.issued", centre_id=centre_id, purpose=purpose, count=size, first=drawn[0], last=drawn[-1])
    return block


@command
def void_number(*, by: Actor, block_id: int, number: int, reason: str) -> NumberBlock:
    """Account for a card that was spoilt or lost; a number that a call has stays the call's."""
    now = timezone.now()
    block = NumberBlock.locked(block_id, by.centre_id)
    if number not in block.numbers:
        raise NotFound()
    used = Call.objects.filter(pk=number).first()
    if used is not None:
        raise NumberUsed(used)
    if str(number) not in block.voided:
        line = {"at": stamp(now), "by": by.badge, "reason": reason}
        block.change(by=by, now=now, voided={**block.voided, str(number): line})
        record("number.voided", centre_id=block.centre_id, number=number, reason=reason)
    return block


def block_of(centre_id: int, number: int, *purposes: str) -> NumberBlock:
    """Return the block that a number was given out in. Raises BadInput naming the number."""
    block = NumberBlock.objects.filter(centre_id=centre_id, purpose__in=purposes, numbers__contains=[number]).first()
    if block is None:
        raise BadInput(number=_("This number was not given out for this."))
    if str(number) in block.voided:
        raise BadInput(number=_("This number was voided."))
    return block


def keep_reserve(centre_id: int) -> None:
    """Keep enough numbers ready for the emergency spool; once a minute."""
    blocks = NumberBlock.objects.filter(centre_id=centre_id, purpose=Purpose.SPOOL).order_by("-id")[:2]
    left = sum(len(account(block)["open"]) for block in blocks)
    if left < RESERVE // 2:
        issue_numbers(by=None, centre_id=centre_id, purpose=Purpose.SPOOL, size=RESERVE)


def account(block: NumberBlock) -> Json:
    """Return what became of each number: used, voided, missing (a later one of the block is used already), open."""
    used = set(Call.objects.filter(pk__in=block.numbers).values_list("pk", flat=True))
    void = {int(number) for number in block.voided}
    last = max(used, default=0)
    rest = [number for number in block.numbers if number not in used and number not in void]
    return {
        "used": sorted(used),
        "void": sorted(void),
        "missing": [number for number in rest if number < last],
        "open": [number for number in rest if number > last],
    }
