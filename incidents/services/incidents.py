"""Incidents: opening them and writing what is known. What needs assignments is in dispatch.services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents import codebook, limits, places, priority, stage, statements
from incidents.actor import Actor
from incidents.commands import command
from incidents.journal import record
from incidents.models import Call, Centre, Deadline, Incident, Note, Stage
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.row import Json, Row, stamp
from incidents.services import numbers

CODED = {"type_reported": "incident_type", "type_verified": "incident_type", "intake_class": "intake_class"}
# What looks at an incident, inside the command, whenever its facts or its place were written; later modules add theirs.
WHEN_KNOWN: list[Callable[..., None]] = []
PLACE_FIELDS = ("point", "point_status", "address_text", "place_note")


@dataclass(frozen=True, slots=True)
class Made:
    """A new incident with its first deadlines."""

    incident: Incident
    deadlines: list[Deadline]


def open_incident(
    *,
    by: Actor,
    now: dt.datetime,
    centre: Centre,
    facts: dict[str, Any],
    call: Call | None,
    happened_at: dt.datetime | None = None,
) -> Made:
    """Insert an incident inside a command. Clock A starts with the call's answer, not with the saving; what is entered
    afterwards was placed when it `happened_at`."""
    check_codes(facts)
    moment = happened_at or now
    row_id = numbers.next_id("incidents_incident")
    fields = {name: value for name, value in facts.items() if name != "point"}
    fields.update(placed(facts.get("point"), centre.pk, facts.get("point_status"), moment))
    type_priority = codebook.attribute("incident_type", facts.get("type_reported", ""), "priority")
    level = facts.get("priority") or priority.propose(type_priority, facts)
    fields.update(priority=level, priority_at_intake=level, stage=Stage.NEW)
    if call is not None:
        fields.setdefault("contact_name", call.caller_name)
        fields.setdefault("contact_phone", call.contact_phone or call.caller_number)
        fields.setdefault("narrative", call.narrative)
        fields.update(silent=call.silent, drill=facts.get("drill", False) or call.drill)
    answered_at = call.answered_at if call is not None and call.answered_at else now
    incident = Incident(
        id=row_id, incident_no=numbers.number(centre, "A", row_id, moment), centre=centre, answered_at=answered_at
    )
    for name, value in fields.items():
        setattr(incident, name, value)
    incident.stage = derived(incident)
    incident.created_at = incident.updated_at = now
    incident.created_by_id = incident.updated_by_id = by.user_id
    incident.terminal = by.place
    statements.insert(incident)
    incident.is_new = True
    for look in WHEN_KNOWN:
        look(incident, by=by, now=now)
    return Made(incident, limits.start(incident, first_limits(incident, moment), by=by, now=now))


def check_codes(facts: dict[str, Any]) -> None:
    """Refuse codes that no table has."""
    for field, table in CODED.items():
        codebook.require(table, facts.get(field) or "", field)


def placed(point: Json | None, centre_id: int, status: str | None, now: dt.datetime) -> dict[str, Any]:
    """Return the fields of an accepted place: coordinates, owner and kind of area computed from the point."""
    if point is None:
        return {"point_status": "none"}
    found = places.locate(centre_id, point["lat"], point["lng"])
    return {
        "lat": point["lat"],
        "lng": point["lng"],
        "point_info": {name: value for name, value in point.items() if name not in ("lat", "lng")},
        "point_status": status if status in ("verified", "unverified") else "unverified",
        "jurisdiction_id": found.organisation_id,
        "jurisdiction_name": found.organisation_name,
        "area_kind": found.area_kind,
        "areas": found.areas(),
        "placed_at": now,
    }


def derived(incident: Incident) -> str:
    """Return the stage of an incident without assignments."""
    return stage.derive(placed=incident.is_placed, typed=bool(incident.type_reported), orders=[])


def first_limits(incident: Incident, now: dt.datetime) -> dict[str, dt.datetime]:
    """Return the limits that start with an incident: the order after the place, clock A after the answer. P4 has an
    arrival limit only once it has an order (domain 8, base set)."""
    due: dict[str, dt.datetime] = {}
    if not incident.attendance:
        return due
    if incident.is_placed:
        due[Deadline.Kind.ORDER] = now + limits.of(incident.priority, centre_id=incident.centre_id).order_within
    if incident.priority < 4:
        due.update(limits.first_answer(incident))
    return due


def start_clock_earlier(
    incident: Incident, answered_at: dt.datetime | None, *, by: Actor | None, now: dt.datetime
) -> list[Row]:
    """Let clock A start with the earliest call: one that joins late but was answered first moves it and its limits."""
    if answered_at is None or answered_at >= incident.answered_at:
        return []
    incident.change(by=by, now=now, answered_at=answered_at)
    return [incident, *move_limits(incident, limits.first_answer(incident), by=by, now=now)]


def move_limits(incident: Incident, due: dict[str, dt.datetime], *, by: Actor | None, now: dt.datetime) -> list[Row]:
    """Move the limits of these kinds that still run to when they are due now; what was missed stays missed."""
    rows = list(incident.deadlines.filter(kind__in=list(due), state="running").select_for_update(no_key=True))
    for row in rows:
        row.incident = incident
        row.change(by=by, now=now, due_at=due[row.kind])
    return list(rows)


@command
def describe_incident(*, by: Actor, incident_id: int, version: int, facts: dict[str, Any]) -> Incident:
    """Write facts of an incident; each edit keeps a before and after copy in its entry."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    refuse_ended(incident)
    refuse_after_order(incident, by, facts)
    check_codes(facts)
    fields = dict(facts)
    if "point" in fields:
        point = fields.pop("point")
        if point is None:
            raise BadInput(point=_("A place can be replaced, not removed."))
        fields.update(placed(point, by.centre_id, fields.pop("point_status", None), now))
    return write_facts(incident, by=by, now=now, fields=fields, kind="incident.described")


def write_facts(incident: Incident, *, by: Actor, now: dt.datetime, fields: dict[str, Any], kind: str) -> Incident:
    """Write fields, move the stage when a place or type came in, start the order's limit with the first place."""
    first_place = incident.placed_at is None and "placed_at" in fields
    if incident.placed_at is not None:
        fields.pop("placed_at", None)  # K3 counts to the first accepted place
    if incident.stage in (Stage.NEW, Stage.PENDING):
        typed = bool(fields.get("type_reported", incident.type_reported))
        placed_now = incident.is_placed or "lat" in fields
        fields["stage"] = stage.derive(placed=placed_now, typed=typed, orders=[])
    was_complaint = incident.is_complaint
    changes = incident.change(by=by, now=now, **fields)
    if not changes:
        return incident
    retold = show_anew(incident, by=by, now=now) if incident.is_complaint != was_complaint else []
    started: list[Deadline] = []
    if first_place and incident.attendance and incident.first_dispatched_at is None:
        due = {str(Deadline.Kind.ORDER): now + limits.of(incident.priority, centre_id=incident.centre_id).order_within}
        started = limits.start(incident, due, by=by, now=now)
    record(kind, incident, *started, *retold, changes=changes)
    for look in WHEN_KNOWN:
        look(incident, by=by, now=now)
    return incident


def show_anew(incident: Incident, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Return the open alerts of an incident that has just become a complaint, or is none any more: they stand on other
    boards than before."""
    rows = list(incident.alerts.filter(acknowledged_at__isnull=True, cause_ended_at__isnull=True).order_by("id"))
    for row in rows:
        row.incident = incident
        row.touch(by=by, now=now)
    return list(rows)


def refuse_ended(incident: Incident) -> None:
    """Refuse edits of what is closed, merged, handed over, cancelled or invalid."""
    if not incident.is_open:
        raise WrongTurn(incident, _("This incident has ended; the watch commander can reopen it."))


def refuse_after_order(incident: Incident, by: Actor, facts: dict[str, Any]) -> None:
    """A call-taker sets place and type until the first order only (domain 5); confidential is the commander's."""
    if "confidential" in facts and facts["confidential"] != incident.confidential and not by.has("watch_commander"):
        raise Forbidden()
    if incident.first_dispatched_at is None or by.has("dispatcher", "watch_commander"):
        return
    if set(facts) & {*PLACE_FIELDS, "type_reported"} - {"place_note"}:
        raise Forbidden(_("After the first order, place and type are the dispatcher's."))


@command
def accept_place(*, by: Actor, incident_id: int, version: int, point: Json, facts: dict[str, Any]) -> Incident:
    """Accept or replace the place; owner, area and the order's limit follow from it."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    refuse_ended(incident)
    refuse_after_order(incident, by, {"point": point})
    fields = {name: value for name, value in facts.items() if name != "point_status"}
    fields.update(placed(point, by.centre_id, facts.get("point_status"), now))
    return write_facts(incident, by=by, now=now, fields=fields, kind="incident.placed")


@command
def reprioritise(*, by: Actor, incident_id: int, version: int, level: int, reason: str) -> Incident:
    """Change the priority: anybody at the desk raises it, only the watch commander lowers it (7.2)."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    refuse_ended(incident)
    if level == incident.priority:
        return incident
    if level > incident.priority and not by.has("watch_commander"):
        raise Forbidden(_("Only the watch commander lowers a priority."))
    set_priority(incident, level, by=by, now=now, reason=reason)
    return incident


def set_priority(incident: Incident, level: int, *, by: Actor, now: dt.datetime, reason: str) -> None:
    """Change the priority of a locked incident, with its limits, and journal it."""
    before = incident.priority
    line = {"at": stamp(now), "by": by.badge, "from": before, "to": level, "reason": reason}
    incident.change(by=by, now=now, priority=level, priority_log=[*incident.priority_log, line])
    started: list[Deadline] = []
    if before == 4 and incident.attendance and incident.first_on_scene_at is None:
        running = set(incident.deadlines.filter(state="running").values_list("kind", flat=True))
        due = {kind: at for kind, at in limits.first_answer(incident).items() if kind not in running}
        started = limits.start(incident, due, by=by, now=now)
    order = list(incident.deadlines.filter(kind="order", state="running", stopped_at=None).select_for_update())
    for row in order:
        row.incident = incident
        row.change(
            by=by, now=now, due_at=min(row.due_at, now + limits.of(level, centre_id=incident.centre_id).order_within)
        )
    record("incident.reprioritised", incident, *started, *order, before=before, reason=reason)


@command
def add_note(*, by: Actor, incident_id: int, text: str) -> Note:
    """Append a remark to an incident."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    note = Note.make(
        by=by,
        now=now,
        centre_id=by.centre_id,
        incident=incident,
        at=now,
        author_no=by.badge,
        author_name=by.name,
        text=text,
    )
    record("incident.note_added", note)
    return note


MODE, QUIET_IN = "incident_mode", ("stake_out",)
# What a layer above does when a mode has changed: it returns the rows that changed with it.
MODE_FOLLOWERS: list[Callable[[Incident, str, Actor, dt.datetime], list[Row]]] = []


@command
def switch_mode(
    *, by: Actor, incident_id: int, version: int, mode: str, quiet: bool | None = None, reason: str = ""
) -> Incident:
    """Switch between routine, stake-out, pursuit and interception (M40); each switch is an entry with its moment, so
    that a replay shows the modes. `quiet` keeps the phones silent and dark; a stake-out is quiet unless said
    otherwise."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id, version)
    refuse_ended(incident)
    wanted = codebook.require(MODE, mode, "mode")
    silent = (wanted in QUIET_IN if wanted != incident.mode else incident.quiet) if quiet is None else quiet
    if (wanted, silent) != (incident.mode, incident.quiet):
        put_in_mode(incident, wanted, by=by, now=now, quiet=silent, reason=reason)
    return incident


def put_in_mode(
    incident: Incident, mode: str, *, by: Actor, now: dt.datetime, quiet: bool = False, reason: str = ""
) -> None:
    """Put a locked incident into a mode, and let the layers above follow."""
    before, since = incident.mode, incident.mode_at
    broken_off_at = None if mode == "pursuit" else incident.broken_off_at
    incident.change(
        by=by,
        now=now,
        mode=mode,
        quiet=quiet,
        mode_reason=reason[:200],
        mode_at=now if mode != before else since,
        broken_off_at=broken_off_at,
    )
    changed = mode_followed(incident, before, by=by, now=now)
    record("incident.mode_switched", incident, *changed, before=before, after=mode, quiet=quiet, reason=reason[:200])


def mode_followed(incident: Incident, before: str, *, by: Actor, now: dt.datetime) -> list[Row]:
    """Let the layers above do what a new mode asks for; nothing when it is the same mode."""
    if incident.mode == before:
        return []
    return [row for follow in MODE_FOLLOWERS for row in follow(incident, before, by, now)]
