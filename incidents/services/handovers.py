"""Handing over (交接班, row 94): a sheet of everything open by name, taken over item by item or all at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.matters import Matter, open_matters
from incidents.models import HandOver, HandOverItem, Ownership, User
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import DESK, STATION_DUTY, WATCH_COMMANDER

Scope, State = HandOver.Scope, HandOver.State
GIVING = (*DESK, STATION_DUTY)


def scope_of(by: Actor) -> str:
    """Return what a person hands over: the watch commander the shift, a station's duty desk the station's matters,
    everybody else the own seat's."""
    if by.has(WATCH_COMMANDER):
        return Scope.SHIFT
    return Scope.SEAT if by.has(*DESK) else Scope.STATION


def belongs(matter: Matter, sheet: HandOver) -> bool:
    """Tell whether an open matter stands on a sheet."""
    if sheet.scope == Scope.SHIFT:
        return True
    if sheet.scope == Scope.STATION:
        return sheet.organisation_id in matter.org_ids
    return matter.owner_id == sheet.giver_id


def stays(matter: Matter, sheet: HandOver) -> bool:
    """Tell whether a matter keeps its owner: another seat's on the watch's sheet, the desk's on a station's."""
    if sheet.scope == Scope.STATION:
        return matter.noun != "supervision_order"
    return matter.owner_id not in (None, sheet.giver_id)


@command
def draw_up(*, by: Actor, remark: str) -> HandOver:
    """Write the sheet; a second time adds what has come up since. Everything on it has an owner from here on: what
    nobody owned is the giver's until somebody has taken it over."""
    now = timezone.now()
    # The giver's row serialises two clicks at once; the constraint one_open_hand_over_per_person stands behind it.
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.user_id)
    sheet = HandOver.objects.filter(giver_id=by.user_id, state=State.OPEN).first()
    if sheet is None:
        sheet = HandOver.make(
            by=by, now=now, centre_id=by.centre_id, scope=scope_of(by), seat_no=by.seat, organisation_id=by.org_id,
            giver_id=by.user_id, giver_no=by.badge, giver_name=by.name, remark=remark, drawn_up_at=now,
        )  # fmt: skip
        items = fill(sheet, now)
    else:
        items = fill(sheet, now)
        if not items and sheet.remark == remark:
            return sheet
        sheet.change(by=by, now=now, remark=remark or sheet.remark, drawn_up_at=now)
    record("hand_over.drawn_up", sheet, scope=sheet.scope, seat=sheet.seat_no, giver=sheet.giver_no, items=items)
    return sheet


def fill(sheet: HandOver, now: dt.datetime) -> int:
    """Add the open matters that are not on the sheet yet; returns how many."""
    known = set(sheet.items.values_list("noun", "row_id"))
    matters = [one for one in open_matters(sheet.centre_id) if belongs(one, sheet) and one.key not in known]
    people = User.objects.in_bulk([one.owner_id for one in matters if one.owner_id])
    giver = User(pk=sheet.giver_id, badge=sheet.giver_no, name=sheet.giver_name)
    lines = []
    for matter in matters:
        keeps = stays(matter, sheet)
        owner = people.get(matter.owner_id or 0) if keeps else giver
        lines.append(line(sheet, matter, owner, keeps=keeps))
    HandOverItem.objects.bulk_create(lines)
    own(sheet, [one for one in lines if not one.stays], sheet.giver_id, sheet.seat_no, now)
    return len(lines)


def line(sheet: HandOver, matter: Matter, owner: User | None, *, keeps: bool) -> HandOverItem:
    """Make the line of a matter."""
    return HandOverItem(
        hand_over=sheet,
        noun=matter.noun,
        row_id=matter.row_id,
        number=matter.number,
        words=matter.words,
        matter_state=matter.state,
        owner_id=owner.pk if owner else None,
        owner_no=owner.badge if owner else "",
        owner_name=owner.name if owner else "",
        stays=keeps,
    )


def own(sheet: HandOver, items: Sequence[HandOverItem], owner_id: int, seat_no: str, now: dt.datetime) -> None:
    """Let the matters of these lines be a person's from now on; a matter that is his already stays as it is."""
    for item in sorted(items, key=lambda one: (one.noun, one.row_id)):
        present = Ownership.objects.filter(noun=item.noun, row_id=item.row_id, ended_at__isnull=True)
        if present.filter(owner_id=owner_id).exists():
            continue
        present.update(ended_at=now)
        Ownership.objects.create(
            centre_id=sheet.centre_id, noun=item.noun, row_id=item.row_id, owner_id=owner_id, seat_no=seat_no,
            hand_over=sheet, started_at=now,
        )  # fmt: skip


@command
def remark_on(*, by: Actor, item_id: int, text: str) -> HandOver:
    """Write a remark beside one line; the giver's act."""
    item = HandOverItem.objects.filter(pk=item_id, hand_over__centre_id=by.centre_id).first()
    if item is None:
        raise NotFound()
    sheet = HandOver.locked(item.hand_over_id, by.centre_id)
    must_be_givers(sheet, by)
    if item.remark != text:
        HandOverItem.objects.filter(pk=item.pk).update(remark=text)
        sheet.touch(by=by, now=timezone.now())
        record("hand_over.remarked", sheet, giver=sheet.giver_no, number=item.number, text=text)
    return sheet


@command
def withdraw_hand_over(*, by: Actor, hand_over_id: int) -> HandOver:
    """The giver goes on; possible as long as nobody has taken anything over."""
    now = timezone.now()
    sheet = HandOver.locked(hand_over_id, by.centre_id)
    if sheet.state == State.WITHDRAWN:
        return sheet
    must_be_givers(sheet, by)
    if sheet.receiver_id is not None:
        raise WrongTurn(sheet, _("Somebody has begun to take it over."))
    sheet.change(by=by, now=now, state=State.WITHDRAWN)
    record("hand_over.withdrawn", sheet, giver=sheet.giver_no)
    return sheet


def must_be_givers(sheet: HandOver, by: Actor) -> None:
    """Refuse everybody but the giver, and what is over."""
    if sheet.giver_id != by.user_id:
        raise Forbidden(_("This sheet is somebody else's."))
    if sheet.state != State.OPEN:
        raise WrongTurn(sheet)


def may_receive(sheet: HandOver, by: Actor) -> bool:
    """Tell whether a person may take a sheet over: a watch commander the shift, the station's duty desk the station,
    anybody at a desk a seat; never the giver."""
    if sheet.giver_id == by.user_id:
        return False
    if sheet.scope == Scope.SHIFT:
        return by.has(WATCH_COMMANDER)
    if sheet.scope == Scope.STATION:
        return by.has(STATION_DUTY) and by.org_id == sheet.organisation_id
    return by.has(*DESK)


@command
def accept_hand_over(*, by: Actor, hand_over_id: int, items: list[int] | None) -> HandOver:
    """Take lines over, all of them with `items=None`; then also what has come up since the sheet was written. With the
    last line the sheet is accepted. Raises WrongTurn when somebody else has begun to take it over."""
    now = timezone.now()
    sheet = HandOver.locked(hand_over_id, by.centre_id)
    if sheet.state == State.ACCEPTED and sheet.receiver_id == by.user_id:
        return sheet
    if not may_receive(sheet, by):
        raise Forbidden(_("This sheet is not for you to take over."))
    if sheet.state != State.OPEN or sheet.receiver_id not in (None, by.user_id):
        raise WrongTurn(sheet)
    fill(sheet, now)
    open_items = list(sheet.items.filter(accepted_at__isnull=True).order_by("id"))
    wanted = open_items if items is None else [one for one in open_items if one.pk in set(items)]
    if items is not None and not wanted:
        raise BadInput(items=_("None of these lines waits to be taken over."))
    HandOverItem.objects.filter(pk__in=[one.pk for one in wanted]).update(accepted_at=now)
    own(sheet, [one for one in wanted if not one.stays], by.user_id, by.seat, now)
    done = len(wanted) == len(open_items)
    facts = {"state": State.ACCEPTED, "accepted_at": now} if done else {}
    if not sheet.change(by=by, now=now, receiver_id=by.user_id, receiver_no=by.badge, receiver_name=by.name, **facts):
        sheet.touch(by=by, now=now)
    kind = "hand_over.accepted" if done else "hand_over.item_accepted"
    record(kind, sheet, giver=sheet.giver_no, receiver=by.badge, items=len(wanted), seat=sheet.seat_no)
    return sheet


def waiting_for(by: Actor) -> int | None:
    """Return the sheet that waits for this person: of the own seat first, then of the shift or the station."""
    if not by.has(*GIVING):
        return None
    mine = Q(scope=Scope.SEAT, seat_no=by.seat) if by.seat and by.has(*DESK) else Q(pk__lt=0)
    if by.has(WATCH_COMMANDER):
        mine |= Q(scope=Scope.SHIFT)
    if by.has(STATION_DUTY):
        mine |= Q(scope=Scope.STATION, organisation_id=by.org_id)
    found = HandOver.objects.filter(mine, centre_id=by.centre_id, state=State.OPEN).exclude(giver_id=by.user_id)
    waits = found.filter(Q(receiver__isnull=True) | Q(receiver_id=by.user_id)).order_by("scope", "-id")
    return waits.values_list("pk", flat=True).first()


def history(centre_id: int, noun: str, row_id: int) -> list[Ownership]:
    """Return who owned a matter, the first owner first."""
    found = Ownership.objects.filter(centre_id=centre_id, noun=noun, row_id=row_id).select_related("owner")
    return list(found.order_by("started_at", "id"))
