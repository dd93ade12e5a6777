"""One sample of every command, in a situation in which it succeeds: `SAMPLES[name](cast)` lays the situation and
returns the act. An act may be done again and again: it hands the command fresh copies of its facts and always the same
key."""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import time_machine
from django.utils import timezone

from dispatch import deadlines, early_warning, retention, state_print, urging
from dispatch.by_position import Fix
from dispatch.imported import services as imported
from dispatch.merit import services as merit
from dispatch.models import Assignment, LedgerEntry, MeritHead, QualityMark
from dispatch.quality import services as quality
from dispatch.search.find import note_searched
from dispatch.services import (
    case_out,
    catch_up,
    check_place,
    checklist,
    decisions,
    merging,
    moves,
    orders,
    pictures,
    reports,
    requests,
    street,
    swap,
)
from dispatch.services.catch_up import Times
from incidents import alerts, codebook
from incidents import cards as plain_cards
from incidents.actor import Actor
from incidents.addresses import editions
from incidents.addresses.editions import Name
from incidents.geo import Box
from incidents.models import (
    Alert,
    Call,
    Callback,
    CatchUp,
    Code,
    Deadline,
    Head,
    Incident,
    Notice,
    NumberBlock,
    PremiseNote,
    Retention,
    Series,
    SupervisionOrder,
    Transfer,
)
from incidents.services import (
    approvals,
    blocks,
    callbacks,
    calls,
    cards,
    cases,
    codes,
    devices,
    gateways,
    grounds,
    holds,
    incidents,
    joining,
    late,
    notices,
    number_flags,
    opening,
    parties,
    people,
    premise_reviews,
    premises,
    series,
    supervision,
    telephony,
    texts,
    transfers,
    where,
)
from incidents.services import retention as keeping
from patrol import services as patrol
from patrol.models import Position, Unit
from patrol.roads import closing, loading
from tests.database.acts import COMPLETE, POINT, drive, handled, report, ring, send, take
from tests.people import BOX, Cast

Act = Callable[[], object]
AGO = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
FACTS = {"type_reported": "020101", "address_text": "新华路", "point": POINT}


def act(run: Callable[..., Any], **kwargs: Any) -> Act:
    """Return the act of carrying a command out."""
    return lambda: run(**copy.deepcopy(kwargs))


def by(cast: Cast, name: str) -> Actor:
    """Return a person with a key."""
    return replace(cast.actor(name), key=uuid.uuid4())


# --- situations ---


def talk(cast: Cast) -> Call:
    """Let Tess speak with a caller; no incident yet."""
    row = calls.take_call(by=cast.actor("tess"), facts={"channel": "CH11", "kind": "CK01"})
    return Call.objects.get(pk=row.pk)


def moved(cast: Cast, to: str) -> Assignment:
    """Bring an order of car-12 to a state."""
    return drive(cast, send(cast, take(cast)), to)


def sent(cast: Cast) -> Assignment:
    """Send car-12."""
    return send(cast, take(cast))


def in_review(cast: Cast) -> Incident:
    """Bring an incident to review, its call finished."""
    incident, _order = handled(cast)
    calls.finish_call(by=cast.actor("tess"), call_id=incident.calls.get().pk, facts={})
    incident.refresh_from_db()
    return decisions.submit(by=cast.actor("dana"), incident_id=incident.pk, version=incident.version)


def due(cast: Cast) -> int:
    """Let the limit for an order pass."""
    limit = Deadline.objects.get(incident=take(cast), kind=Deadline.Kind.ORDER)
    Deadline.objects.filter(pk=limit.pk).update(due_at=timezone.now() - AGO)
    return limit.pk


def silent(cast: Cast) -> Unit:
    """Let car-12 fall silent."""
    Position.objects.filter(unit=cast.car12).update(received_at=timezone.now() - AGO)
    return cast.car12


# --- samples that need more than a line ---


def warn(cast: Cast) -> Act:
    """A limit will be missed."""
    found = {"miss": 0.9, "best_s": 400.0, "slack_s": -100.0, "who": "car-12", "going": False, "proposed": "car-12"}
    return act(early_warning.warn, by=None, incident_id=take(cast).pk, limit="A5", found=found)


def ease(cast: Cast) -> Act:
    """A warning is over."""
    incident = take(cast)
    early_warning.warn(by=None, incident_id=incident.pk, limit="A5", found={"who": "car-12"})
    alert = Alert.objects.get(incident=incident, kind="at_risk")
    return act(early_warning.ease, by=None, incident_id=incident.pk, alert_ids=[alert.pk])


def propose_swap(cast: Cast) -> Act:
    """Another unit would be there earlier."""
    found = {"unit": cast.car7.pk, "proposed": "car-7", "gain_s": 90.0}
    return act(early_warning.propose_swap, by=None, assignment_id=sent(cast).pk, found=found)


def note_position(cast: Cast) -> Act:
    """A unit drove off and arrived without a button."""
    now = timezone.now()
    fix = Fix(now, now, 24.5112, 117.6540, 8.0)
    order = moved(cast, "accepted")
    return act(early_warning.note_position, by=None, assignment_id=order.pk, departed=fix, arrived=fix)


def swapped(cast: Cast) -> Act:
    """A nearer unit goes instead."""
    order = moved(cast, "accepted")
    return act(swap.swap, by=by(cast, "dana"), assignment_id=order.pk, unit_id=cast.car7.pk)


def fire(cast: Cast) -> Act:
    """A limit passed."""
    return act(deadlines.fire, by=None, deadline_id=due(cast))


def put_aside(cast: Cast) -> Act:
    """A limit cannot be fired."""
    return act(deadlines.put_aside, by=None, deadline_id=due(cast), until=timezone.now() + AGO)


def note_silence(cast: Cast) -> Act:
    """A unit fell silent."""
    return act(deadlines.note_silence, by=None, unit_id=silent(cast).pk)


def note_heard(cast: Cast) -> Act:
    """A silent unit is heard."""
    deadlines.note_silence(by=None, unit_id=silent(cast).pk)
    return act(deadlines.note_heard, by=None, unit_id=cast.car12.pk)


def decision(run: Callable[..., Any], name: str = "dana", **facts: Any) -> Callable[[Cast], Act]:
    """A decision about a fresh incident with a unit under way, so that there is much to undo."""

    def lay(cast: Cast) -> Act:
        incident = take(cast)
        send(cast, incident)
        incident.refresh_from_db()
        return act(run, by=by(cast, name), incident_id=incident.pk, version=incident.version, **facts)

    return lay


def edit(run: Callable[..., Any], name: str = "tess", **facts: Any) -> Callable[[Cast], Act]:
    """An edit of an incident that nobody was sent to."""

    def lay(cast: Cast) -> Act:
        incident = take(cast)
        return act(run, by=by(cast, name), incident_id=incident.pk, version=incident.version, **facts)

    return lay


def review(run: Callable[..., Any], name: str, **facts: Any) -> Callable[[Cast], Act]:
    """A decision about an incident in review."""

    def lay(cast: Cast) -> Act:
        incident = in_review(cast)
        return act(run, by=by(cast, name), incident_id=incident.pk, version=incident.version, **facts)

    return lay


def submit(cast: Cast) -> Act:
    """A handled incident goes to review."""
    incident, _order = handled(cast)
    return act(decisions.submit, by=by(cast, "dana"), incident_id=incident.pk, version=incident.version)


def hand_over(cast: Cast) -> Act:
    """Another station takes an incident over."""
    return decision(decisions.hand_over, to=cast.squad.pk, reason="移交")(cast)


def merge(cast: Cast) -> Act:
    """Two incidents are one, and a unit is on its way to the wrong one."""
    return decision(merging.merge, into=take(cast).pk, reason="同一起")(cast)


def reopen(cast: Cast) -> Act:
    """A cancelled incident comes back."""
    incident = take(cast)
    gone = decisions.cancel(
        by=cast.actor("dana"), incident_id=incident.pk, version=incident.version, code="CX1", reason="误"
    )
    return act(decisions.reopen, by=by(cast, "sam"), incident_id=gone.pk, version=gone.version, reason="查")


def order(run: Callable[..., Any], stage: str, name: str = "omar", **facts: Any) -> Callable[[Cast], Act]:
    """An act on an order that has reached a state."""

    def lay(cast: Cast) -> Act:
        made = moved(cast, stage) if stage else sent(cast)
        return act(run, by=by(cast, name), assignment_id=made.pk, **facts)

    return lay


def assign(cast: Cast) -> Act:
    """Both cars go at once."""
    choices = [orders.Choice(unit.pk, override_reason="OV1") for unit in (cast.car12, cast.car7)]
    return act(orders.assign, by=by(cast, "dana"), incident_id=take(cast).pk, choices=choices)


def confirm_withdrawal(cast: Cast) -> Act:
    """The car heard that it is not needed."""
    made = moved(cast, "accepted")
    orders.withdraw(by=cast.actor("dana"), assignment_id=made.pk, code="CX1")
    return act(orders.confirm_withdrawal, by=by(cast, "omar"), assignment_id=made.pk)


def file_report(cast: Cast) -> Act:
    """The car reports, with a picture."""
    made = moved(cast, "on_scene")
    photo = pictures.add_photo(by=cast.actor("omar"), columns=PICTURE, taken_at=None, lat=None, lng=None)
    facts = dict(COMPLETE)
    return act(
        reports.file_report, by=by(cast, "omar"), assignment_id=made.pk, kind="handling", facts=facts,
        photo_ids=[photo["photo"]["id"]],
    )  # fmt: skip


def ask_backup(cast: Cast) -> Act:
    """The car on scene needs help."""
    moved(cast, "on_scene")
    return act(street.ask_backup, by=by(cast, "omar"), text="对方人多")


def shelve(cast: Cast) -> Act:
    """An alert can wait."""
    order = sent(cast)
    deadlines.fire(by=None, deadline_id=overdue(order, Deadline.Kind.DELIVER))
    alert = Alert.objects.get(assignment_id=order.pk)
    return act(alerts.shelve, by=by(cast, "dana"), alert_id=alert.pk, minutes=5, reason="通话中")


def overdue(order: Assignment, kind: str) -> int:
    """Let a limit of an order pass."""
    limit = Deadline.objects.get(assignment_id=order.pk, kind=kind)
    Deadline.objects.filter(pk=limit.pk).update(due_at=timezone.now() - AGO)
    return limit.pk


def acknowledge(cast: Cast) -> Act:
    """The desk takes an alert on."""
    patrol.call_emergency(by=cast.actor("omar"), device_at=None)
    return act(alerts.acknowledge, by=by(cast, "dana"), alert_id=Alert.objects.get(kind="emergency").pk)


def of_call(run: Callable[..., Any], name: str = "tess", **facts: Any) -> Callable[[Cast], Act]:
    """An act in a talk."""
    return lambda cast: act(run, by=by(cast, name), call_id=talk(cast).pk, **facts)


def of_ringing(run: Callable[..., Any]) -> Callable[[Cast], Act]:
    """An act on a ringing call."""
    return lambda cast: act(run, by=by(cast, "tess"), call_id=ring(cast).pk)


def call_back(cast: Cast) -> Act:
    """A lost caller is reached."""
    call = ring(cast, caller_number="19000000101")
    calls.lose_call(by=cast.actor("gate"), call_id=call.pk)
    return act(calls.call_back, by=by(cast, "tess"), call_id=call.pk, answered=True)


def join_call(cast: Cast) -> Act:
    """A second caller speaks of the same event."""
    incident = take(cast)
    return act(joining.join_call, by=by(cast, "tess"), call_id=talk(cast).pk, incident_id=incident.pk)


def joined(cast: Cast) -> tuple[Call, Incident]:
    """A second caller's report is attached, with news for the units."""
    incident = take(cast)
    call = talk(cast)
    calls.describe_call(
        by=cast.actor("tess"), call_id=call.pk, version=call.version, facts={"narrative": "那个人拿着刀"}
    )
    joining.join_call(by=cast.actor("tess"), call_id=call.pk, incident_id=incident.pk)
    incident.refresh_from_db()
    return call, incident


def detach_call(cast: Cast) -> Act:
    """It was another event after all."""
    return act(joining.detach_call, by=by(cast, "tess"), call_id=joined(cast)[0].pk, reason="两起")


def split_call(cast: Cast) -> Act:
    """One of two calls was another event."""
    call, incident = joined(cast)
    return act(
        joining.split_call,
        by=by(cast, "dana"),
        incident_id=incident.pk,
        version=incident.version,
        call_id=call.pk,
        reason="两起",
        facts={},
    )


def one_series(cast: Cast) -> Series:
    """A series of one incident."""
    return series.open_series(by=cast.actor("ana"), name="系列一", reason="手法相同", incident_ids=[take(cast).pk])


def of_series(run: Callable[..., Any], **facts: Any) -> Callable[[Cast], Act]:
    """An act on a series."""
    return lambda cast: act(run, by=by(cast, "ana"), series_id=one_series(cast).pk, **facts)


def opens_series(cast: Cast) -> Act:
    """Two incidents may be one hand's work."""
    ids = [take(cast).pk, take(cast).pk]
    return act(series.open_series, by=by(cast, "ana"), name="系列一", reason="手法相同", incident_ids=ids)


def joins_series(cast: Cast) -> Act:
    """A third one joins."""
    series_id, incident_id = one_series(cast).pk, take(cast).pk
    return act(series.join_series, by=by(cast, "dana"), series_id=series_id, incident_id=incident_id, reason="同款头盔")


def leaves_series(cast: Cast) -> Act:
    """It was somebody else."""
    held = one_series(cast)
    incident_id = held.members.get().incident_id
    return act(series.leave_series, by=by(cast, "dana"), series_id=held.pk, incident_id=incident_id, reason="另一人")


def reopen_call(cast: Cast) -> Act:
    """A finished call is taken back."""
    call = talk(cast)
    calls.finish_call(by=cast.actor("tess"), call_id=call.pk, facts={"kind": "CK11", "closing_reason": "CL1"})
    return act(calls.reopen_call, by=by(cast, "sam"), call_id=call.pk, reason="补录")


def edit_code(cast: Cast) -> Act:
    """An administrator rewords a code."""
    code = Code.objects.order_by("pk")[0]
    return act(
        codes.edit_code, by=by(cast, "ada"), table=code.table, code=code.code, version=code.version, facts={"zh": "改"}
    )


def load_codes(cast: Cast) -> Act:
    """A shipped table differs from ours."""
    Code.objects.filter(pk=Code.objects.order_by("pk")[0].pk).update(zh="旧")
    codebook.forget()
    return act(codes.load_codes_of_centre, by=None, centre_id=cast.centre.pk)


PREMISE = {"kind": "hazard", "text": "院内有烈性犬", "place_name": "新华路45号", "radius_m": 60}


def premise(cast: Cast) -> PremiseNote:
    """A note on the usual place, where car-12 is under way to."""
    sent(cast)
    facts = {**PREMISE, "review_at": timezone.now() + 24 * AGO, "expires_at": timezone.now() + 48 * AGO}
    return premises.note_premise(by=cast.actor("tess"), point=POINT, facts=facts)


def premise_to_review(cast: Cast) -> PremiseNote:
    """A note whose review came a moment ago."""
    note = premise(cast)
    PremiseNote.objects.filter(pk=note.pk).update(review_at=timezone.now() - AGO / 100)
    return note


def merit_event(cast: Cast) -> int:
    """Something that a rule of the merit ledger names, not entered yet; returns the centre."""
    MeritHead.objects.create(centre=cast.centre, seq=Head.objects.get(centre=cast.centre).seq)
    order = sent(cast)
    moves.refuse(by=cast.actor("omar"), assignment_id=order.pk, code="RF4", text="桥已封闭")
    return cast.centre.pk


def merit_entry(cast: Cast, approved: bool = False) -> LedgerEntry:
    """An entry about Omar."""
    merit.enter_events(by=None, centre_id=merit_event(cast))
    entry = LedgerEntry.objects.get(person=cast.user("omar"))
    if approved:
        merit.decide(by=cast.actor("lee"), entries=[entry.pk], approve=True)
    return entry


def merit_answer(cast: Cast) -> Act:
    """Omar has objected, and another than Lee answers."""
    entry = merit_entry(cast, approved=True)
    merit.object_to(by=cast.actor("omar"), entry_id=entry.pk, words="道路封闭")
    return act(merit.answer, by=by(cast, "sam"), entry_id=entry.pk, lift=True, words="属实")


def history_facts(cast: Cast) -> dict[str, Any]:
    """A file of another system."""
    facts = {"source": "旧系统", "file_name": "calls.csv", "file_digest": "0" * 64, "mapping": "", "rows_total": 2}
    return {"centre_id": cast.centre.pk, "rows_faulty": 0, **facts}


def note_premise(cast: Cast) -> Act:
    """The desk knows something of a place that a unit is under way to."""
    sent(cast)
    facts = {**PREMISE, "review_at": timezone.now() + 24 * AGO, "expires_at": timezone.now() + 48 * AGO}
    return act(premises.note_premise, by=by(cast, "tess"), point=POINT, facts=facts)


def asked_where(cast: Cast, ask: bool = True) -> Call:
    """A caller with a mobile telephone, asked for the position by a link."""
    gateways.register_gateway(by=None, centre_id=cast.centre.pk, code="sms", name="12110", kind="text")
    row = calls.take_call(
        by=cast.actor("tess"), facts={"channel": "CH11", "kind": "CK01", "caller_number": "19000000001"}
    )
    if ask:
        where.ask_where(by=cast.actor("tess"), call_id=row.pk)
    return Call.objects.get(pk=row.pk)


def tell_where(cast: Cast) -> Act:
    """The browser of a caller says where it is."""
    call = asked_where(cast)
    return act(where.tell_where, by=by(cast, "gate"), call_id=call.pk, token=where.token_of(call), point=POINT)


def use_edition(cast: Cast) -> Act:
    """Another address index takes over."""
    names = [Name("road", "新华路", 24.51, 117.65)]
    made = editions.write(cast.centre.pk, source="t", digest="1", datum="WGS84", names=names, ranges=[])
    return act(editions.use_edition, by=None, centre_id=cast.centre.pk, edition_id=made.pk, names=1, houses=0)


def load_areas(cast: Cast) -> Act:
    """A ring comes in from a file."""
    ring = [[117.6, 24.5], [117.7, 24.5], [117.7, 24.6], [117.6, 24.5]]
    area = {"code": "R1", "name": "三分钟圈", "owner": "S404", "ring": ring, "minutes": 3, "unit_kinds": ["UP"]}
    run = grounds.load_areas_of_kind
    return act(run, by=None, centre_id=cast.centre.pk, kind="ring", source="rings.geojson", areas=[area])


def load_ground(cast: Cast) -> Act:
    """The city gets a station, its area and a place."""
    south, west, north, east = BOX
    area = [[west, south], [east, south], [east, north], [west, south]]
    return act(
        opening.load_ground,
        by=None,
        centre_id=cast.centre.pk,
        version="2",
        organisations=[
            {"code": "S9", "kind": "station", "name": "新所", "lat": 24.5, "lng": 117.6, "parent": "BUREAU"}
        ],
        areas=[{"kind": "station", "code": "S9", "name": "新所", "owner": "S9", "ring": area}],
        places=[
            {
                "name": "新站",
                "kind": "shop",
                "pinyin": "xinzhan",
                "initials": "xz",
                "lat": 24.5,
                "lng": 117.6,
                "note": "",
            }
        ],
    )


def enrol(cast: Cast) -> Act:
    """Somebody new is enrolled."""
    person = {"username": "new@T1", "badge": "9001", "name": "New", "sworn": False, "roles": ["officer"]}
    wanted = [{**person, "organisation_id": cast.squad.pk}]
    return act(opening.enrol, by=None, centre_id=cast.centre.pk, password_hash="!", people=wanted)


def change_user(cast: Cast) -> Act:
    """An administrator changes somebody's roles and disables the account."""
    user = cast.user("cho")
    facts = {"roles": ["call_taker"], "is_active": False}
    return act(people.change_user, by=by(cast, "ada"), user_id=user.pk, version=user.version, facts=facts)


def create_user(cast: Cast) -> Act:
    """An administrator creates somebody."""
    facts = {"badge": "9002", "name": "Neu", "roles": ["call_taker"], "organisation": cast.squad.pk}
    return act(
        people.create_user,
        by=by(cast, "ada"),
        centre_id=cast.centre.pk,
        username="neu@T1",
        password="x" * 12,
        facts=facts,
    )


def register_unit(cast: Cast) -> Act:
    """A new car."""
    facts = {"squad_id": cast.squad.pk, "label": "巡9", "kind": "UP"}
    return act(patrol.register_unit, by=None, centre_id=cast.centre.pk, call_sign="car-9", facts=facts)


def start_shift(cast: Cast) -> Act:
    """Nia starts her shift anew."""
    patrol.end_shift(by=cast.actor("nia"), unit_id=cast.car7.pk)
    return act(patrol.start_shift, by=by(cast, "nia"), unit_id=cast.car7.pk, lead_no="", crew_nos=[], equipment=["AED"])


def end_emergency(cast: Cast) -> Act:
    """The desk has made sure."""
    patrol.call_emergency(by=cast.actor("omar"), device_at=None)
    return act(patrol.end_emergency, by=by(cast, "dana"), unit_id=cast.car12.pk)


CLOSED = {"kind": "line", "points": [[117.65, 24.51], [117.66, 24.51]]}
NETWORK = {"version": "0" * 16, "source": "test", "fictional": True, "nodes": 4, "edges": 4, "km": 0.4}


def close_road(cast: Cast) -> Act:
    """A burst pipe."""
    facts: dict[str, Any] = {"shape": CLOSED, "starts_at": None, "ends_at": None, "reason": "水管爆裂"}
    return act(closing.close_road, by=by(cast, "dana"), **facts)


def end_closure(cast: Cast) -> Act:
    """It is mended."""
    closure = closing.close_road(by=cast.actor("dana"), shape=CLOSED, starts_at=None, ends_at=None, reason="")
    return act(closing.end_closure, by=by(cast, "dana"), closure_id=closure.pk)


def gateway(cast: Cast, kind: str) -> int:
    """Register a gateway and return its id."""
    made = gateways.register_gateway(by=None, centre_id=cast.centre.pk, code=kind, name=kind, kind=kind)
    return made.pk


def hear(cast: Cast) -> Act:
    """The exchange tells that a call is answered which nobody heard ring."""
    facts = {"dialled_number": "110", "caller_number": "19000000101", "seat": "seat-tess"}
    return act(
        telephony.hear,
        by=by(cast, "gate"),
        gateway_id=gateway(cast, "exchange"),
        kind="answered",
        reference="r1",
        facts=facts,
    )


def hear_device(cast: Cast) -> Act:
    """A device alarms."""
    facts: dict[str, Any] = {"kind": "alarm", "device_no": "K1", "text": "", "sent_at": None, "point": None}
    return act(devices.hear_device, by=by(cast, "gate"), gateway_id=gateway(cast, "device"), **facts)


def register_devices(cast: Cast) -> Act:
    """A device enters the register."""
    facts = {"device_no": "K1", "channel": "CH31", "name": "店", "address_text": "新华路", "point": None}
    return act(gateways.register_devices, by=None, gateway_id=gateway(cast, "device"), devices=[facts])


TEXT: dict[str, Any] = {"number": "19000000101", "text": "有人打架", "external_id": "m1"}


def receive_text(cast: Cast) -> Act:
    """Somebody writes."""
    return act(texts.receive_text, by=by(cast, "gate"), gateway_id=gateway(cast, "text"), **TEXT)


def thread(cast: Cast) -> Call:
    """Return the call of a thread."""
    return texts.receive_text(by=cast.actor("gate"), gateway_id=gateway(cast, "text"), **TEXT).call


def write_text(cast: Cast) -> Act:
    """The desk answers."""
    return act(texts.write_text, by=by(cast, "tess"), call_id=thread(cast).pk, text="您在哪里")


def written(run: Callable[..., Any], **facts: Any) -> Callable[[Cast], Act]:
    """What became of a text that the desk wrote."""

    def lay(cast: Cast) -> Act:
        message = texts.write_text(by=cast.actor("tess"), call_id=thread(cast).pk, text="您在哪里")
        return act(run, by=None, message_id=message.pk, **facts)

    return lay


def case_not_passed_on(cast: Cast) -> Act:
    """A report of car-12 that the case records system did not take."""
    order = moved(cast.on_duty(), "on_scene")
    filed = report(cast, order)
    return act(case_out.mark_not_passed_on, by=None, report_id=filed.pk)


def case_number(cast: Cast) -> Act:
    """An incident whose case was opened."""
    incident = take(cast)
    facts = {"centre_id": cast.centre.pk, "incident_no": incident.incident_no, "case_no": "A1"}
    return act(cases.take_case_number, by=by(cast, "gate"), **facts)


def report_online(cast: Cast) -> Act:
    """Somebody reports on the public page."""
    facts = {"narrative": "有人打架", "silent": True}
    return act(
        texts.report_online, by=by(cast, "gate"), gateway_id=gateway(cast, "web"), facts=facts, token_hash="0" * 64
    )


def add_online(cast: Cast) -> Act:
    """The reporter adds a picture."""
    return act(texts.add_online, by=by(cast, "gate"), call_id=thread(cast).pk, text="", picture=PICTURE)


def asked(cast: Cast) -> int:
    """Ask for a flag and return its id."""
    return number_flags.ask_flag(by=cast.actor("tess"), **FLAG, expires_at=timezone.now() + 24 * AGO).pk


def transferred(cast: Cast) -> Transfer:
    """Let Tess pass a talk on to 12345."""
    return transfers.transfer(
        by=cast.actor("tess"),
        call_id=talk(cast).pk,
        to_body="12345",
        way="one_key",
        danger=False,
        told_caller="已转12345",
    )


def returned(cast: Cast) -> Act:
    """A transfer comes back whose call is done."""
    row = transferred(cast)
    calls.finish_call(by=cast.actor("tess"), call_id=row.call_id, facts={"kind": "CK13", "closing_reason": "CL7"})
    facts = {"return_reason": "不属我方"}
    return act(
        transfers.note,
        by=by(cast, "gate"),
        centre_id=cast.centre.pk,
        transfer_no=row.transfer_no,
        to="returned",
        facts=facts,
    )


def unanswered(cast: Cast) -> Act:
    """Nobody confirms."""
    row = transferred(cast)
    Transfer.objects.filter(pk=row.pk).update(receipt_by=timezone.now() - AGO)
    return act(transfers.mark_unanswered, by=None, transfer_id=row.pk)


def planned(cast: Cast) -> int:
    """Plan the callback of a handled incident and return its id."""
    incident, _order = handled(cast)
    Incident.objects.filter(pk=incident.pk).update(contact_phone="19000000101")
    callbacks.plan(by=None, incident_id=incident.pk)
    return Callback.objects.get().pk


def plan(cast: Cast) -> Act:
    """A handled incident is due to be asked about."""
    incident, _order = handled(cast)
    Incident.objects.filter(pk=incident.pk).update(contact_phone="19000000101")
    gateways.register_gateway(
        by=None, centre_id=cast.centre.pk, code="t", name="t", kind="text", address="http://127.0.0.1/"
    )
    return act(callbacks.plan, by=None, incident_id=incident.pk)


def of_callback(run: Callable[..., Any], way: str = "human", name: str = "", **facts: Any) -> Callable[[Cast], Act]:
    """An act on a planned callback."""

    def lay(cast: Cast) -> Act:
        pk = planned(cast)
        Callback.objects.filter(pk=pk).update(way=way)
        return act(run, by=by(cast, name) if name else None, callback_id=pk, **facts)

    return lay


def let_pass(cast: Cast) -> Act:
    """Nobody answered in three days."""
    pk = planned(cast)
    Callback.objects.filter(pk=pk).update(due_at=timezone.now() - AGO)
    return act(callbacks.let_pass, by=None, callback_id=pk)


HEARD: dict[str, Any] = {
    "version": 1,
    "outcome": "answered",
    "grade": 3,
    "words": "来得慢",
    "aspects": [],
    "reason": "",
}


def supervised(cast: Cast) -> int:
    """Issue a supervision order and return its id."""
    facts: dict[str, Any] = {"cause": "leader", "demand": "查明原因", "to": cast.station.pk, "due_at": None}
    return supervision.issue(by=cast.actor("sam"), incident_id=take(cast).pk, **facts).pk


def of_order(run: Callable[..., Any], name: str = "", **facts: Any) -> Callable[[Cast], Act]:
    """An act on a supervision order."""

    def lay(cast: Cast) -> Act:
        pk = supervised(cast)
        if run in (supervision.close, supervision.send_back):
            supervision.reply(by=cast.actor("sam"), order_id=pk, text="已整改")
        if not name:
            SupervisionOrder.objects.filter(pk=pk).update(urge_at=timezone.now() - AGO, due_at=timezone.now() - AGO)
        return act(run, by=by(cast, name) if name else None, order_id=pk, **facts)

    return lay


def told(cast: Cast) -> int:
    """Return the id of a notice that went out with the first order."""
    sent(cast)
    return Notice.objects.order_by("pk")[0].pk


MAN = {"role": "suspect", "description": "红帽子", "id_no": "350600000000000000"}


def party(cast: Cast) -> int:
    """Return the id of a suspect."""
    return parties.add_party(by=cast.actor("tess"), incident_id=take(cast).pk, kind="person", facts=dict(MAN)).pk


def outage(cast: Cast) -> CatchUp:
    """Open catch-up for the last hours."""
    now = timezone.now()
    return late.open_catch_up_mode(by=cast.actor("sam"), began_at=now - 3 * AGO, over_at=now, reason="停机")


def card(cast: Cast, **facts: Any) -> dict[str, Any]:
    """Return what a card of a P1 says, with the number of a card that was printed a day ago."""
    outage(cast)
    block = blocks.issue_numbers(by=cast.actor("sam"), centre_id=cast.centre.pk, purpose="paper", size=3)
    NumberBlock.objects.filter(pk=block.pk).update(created_at=timezone.now() - 24 * AGO)
    at = timezone.now() - AGO
    moves = {"departed_at": at + 2 * MINUTE, "arrived_at": at + 6 * MINUTE, "finished_at": at + 30 * MINUTE}
    return {
        "source": "paper",
        "number": block.numbers[0],
        "facts": {"channel": "CH11", "kind": "CK01"},
        "original": late.Original(at, at + MINUTE),
        "incident": {**FACTS, "priority": 1},
        "orders": [Times(cast.car12.pk, at + MINUTE, moves, "RS16")],
        "reason": "纸质登记",
        **facts,
    }


def carded(cast: Cast) -> int:
    """Enter a card and return the id of its late entry."""
    return int(catch_up.enter_late(by=cast.actor("tess"), **card(cast))["late_entry"]["id"])


def spooled(cast: Cast) -> Act:
    """A call comes out of the spool."""
    facts = {"channel": "CH11", "caller_number": "19000000001"}
    return act(
        late.enter_spooled, by=by(cast, "tess"), number=seat_number(cast), facts=facts, incident=FACTS, waiting=False,
        at=timezone.now() - MINUTE,
    )  # fmt: skip


def seat_number(cast: Cast) -> int:
    """Return a number of Tess's seat."""
    block = blocks.issue_numbers(by=cast.actor("tess"), centre_id=cast.centre.pk, purpose="seat", size=2)
    return int(block.numbers[0])


def void(cast: Cast) -> Act:
    """A card was spoilt."""
    block = blocks.issue_numbers(by=cast.actor("tess"), centre_id=cast.centre.pk, purpose="paper", size=2)
    return act(blocks.void_number, by=by(cast, "tess"), block_id=block.pk, number=block.numbers[0], reason="污损")


def sampled(cast: Cast) -> int:
    """Draw a report of last month and return the id of its mark."""
    with time_machine.travel(quality.span(quality.last_month(timezone.now()))[1] - AGO):
        handled(cast)
    quality.draw(by=None, centre_id=cast.centre.pk, month=quality.last_month(timezone.now()))
    return QualityMark.objects.get().pk


def mark(cast: Cast) -> Act:
    """A reviewer fails a report and demands that it be put right."""
    marks = {**dict.fromkeys(quality.ASPECTS, "passed"), "clear": "failed"}
    said = {"marks": marks, "remarks": "经过不清", "demand": "补写经过"}
    return act(quality.mark, by=by(cast, "rae"), mark_id=sampled(cast), version=1, **said)


def handed_on(cast: Cast) -> Assignment:
    """Let car-12 ask the station to take over."""
    order = moved(cast, "on_scene")
    return checklist.hand_on(by=cast.actor("omar"), assignment_id=order.pk, to=None, to_name="", contact="值班室")


def lost_with_place(cast: Cast) -> Act:
    """A caller hung up whose place is known."""
    call = ring(cast, caller_point=POINT, caller_address="新华路 18 号")
    calls.lose_call(by=cast.actor("gate"), call_id=call.pk)
    return act(check_place.check_place, by=by(cast, "dana"), call_id=call.pk)


def listened(cast: Cast) -> Act:
    """The recording of a coded call was listened to."""
    call = talk(cast)
    calls.begin_coded(by=cast.actor("tess"), call_id=call.pk)
    return act(calls.note_listened, by=by(cast, "tess"), call_id=call.pk)


FLAG = {"number": "19000000666", "kind": "nuisance", "reason": "当日来电31次"}
PICTURE = {"file": "ab/abcd.jpg", "sha256": "0" * 64, "width": 4, "height": 3}
TO_REVIEW = {"result_code": "RS23", "reason": "电话解决"}
SAMPLES: dict[str, Callable[[Cast], Act]] = {
    "incidents.services.blocks.issue_numbers": lambda cast: act(
        blocks.issue_numbers, by=by(cast, "tess"), centre_id=cast.centre.pk, purpose="seat", size=3
    ),
    "incidents.services.blocks.void_number": void,
    "incidents.services.late.enter_spooled": spooled,
    "incidents.services.late.check_card": lambda cast: act(
        late.check_card, by=by(cast, "sam"), entry_id=carded(cast)
    ),
    "incidents.services.late.tell_apart": lambda cast: act(
        late.tell_apart, by=by(cast, "tess"), entry_id=carded(cast)
    ),
    "incidents.services.late.open_catch_up_mode": lambda cast: act(
        late.open_catch_up_mode, by=by(cast, "sam"), began_at=timezone.now() - AGO, over_at=timezone.now(), reason="停机"
    ),
    "incidents.services.late.end_catch_up": lambda cast: act(
        late.end_catch_up, by=by(cast, "sam"), catch_up_id=outage(cast).pk
    ),
    "dispatch.services.catch_up.enter_late": lambda cast: act(
        catch_up.enter_late, by=by(cast, "tess"), **card(cast)
    ),
    "dispatch.services.catch_up.note_orders": lambda cast: act(
        catch_up.note_orders, by=by(cast, "dana"), incident_id=take(cast).pk, source="offline", reason="电台",
        orders=[Times(cast.car12.pk, timezone.now(), {"arrived_at": timezone.now()})],
    ),
    "dispatch.services.catch_up.note_moves": lambda cast: act(
        catch_up.note_moves, by=by(cast, "dana"), assignment_id=sent(cast).pk, moves={"arrived_at": timezone.now()},
        result_code="", source="offline", reason="电台",
    ),
    "dispatch.state_print.note_taken_out": lambda cast: act(state_print.note_taken_out, by=by(cast, "sam")),
    "incidents.services.cards.answer_question": lambda cast: act(
        cards.answer_question, by=by(cast, "tess"), incident_id=take(cast).pk, question="weapon", answer="yes"
    ),
    "incidents.services.cards.load_cards": lambda cast: act(
        cards.load_cards, by=None, centre_id=cast.centre.pk,
        content={**tomllib.loads(plain_cards.SHIPPED.read_text(encoding="utf-8")), "version": 9},
    ),
    "incidents.services.calls.begin_coded": of_call(calls.begin_coded),
    "incidents.services.calls.note_listened": listened,
    "dispatch.services.check_place.check_place": lost_with_place,
    "dispatch.services.checklist.tick": order(checklist.tick, "on_scene", item="recorder", done=True),
    "dispatch.services.checklist.hand_on": order(
        checklist.hand_on, "on_scene", to=None, to_name="桥南所", contact="值班室"
    ),
    "dispatch.services.checklist.receive": lambda cast: act(
        checklist.receive, by=by(cast, "omar"), assignment_id=handed_on(cast).pk, received_by="张所", reply="已接"
    ),
    "dispatch.quality.services.draw": lambda cast: act(
        quality.draw, by=None, centre_id=cast.centre.pk, month=quality.last_month(timezone.now())
    ),
    "dispatch.quality.services.mark": mark,
    "incidents.services.parties.add_party": lambda cast: act(
        parties.add_party, by=by(cast, "tess"), incident_id=take(cast).pk, kind="person", facts=dict(MAN)
    ),
    "incidents.services.parties.describe_party": lambda cast: act(
        parties.describe_party, by=by(cast, "tess"), party_id=party(cast), version=1, facts={"name": "某某"}
    ),
    "incidents.services.parties.void_party": lambda cast: act(
        parties.void_party, by=by(cast, "tess"), party_id=party(cast), reason="误录"
    ),
    "incidents.services.parties.read_identity": lambda cast: act(
        parties.read_identity, by=by(cast, "tess"), party_id=party(cast), purpose="核实身份"
    ),
    "incidents.addresses.editions.use_edition": use_edition,
    "incidents.services.grounds.load_areas_of_kind": load_areas,
    "incidents.services.premises.note_premise": note_premise,
    "incidents.services.premises.describe_premise": lambda cast: act(
        premises.describe_premise, by=by(cast, "tess"), note_id=premise(cast).pk, version=1, facts={"text": "已栓住"}
    ),
    "incidents.services.premises.end_premise": lambda cast: act(
        premises.end_premise, by=by(cast, "tess"), note_id=premise(cast).pk, reason="犬已送走"
    ),
    "incidents.services.premise_reviews.tell_review": lambda cast: act(
        premise_reviews.tell_review, by=None, note_id=premise_to_review(cast).pk
    ),
    "incidents.services.premises.read_premise": lambda cast: act(
        premises.read_premise, by=by(cast, "tess"), note_id=premise(cast).pk, purpose="出警"
    ),
    "incidents.services.where.ask_where": lambda cast: act(
        where.ask_where, by=by(cast, "tess"), call_id=asked_where(cast, ask=False).pk
    ),
    "incidents.services.where.tell_where": tell_where,
    "incidents.services.notices.note_receipt": lambda cast: act(
        notices.note_receipt, by=by(cast, "dana"), notice_id=told(cast), received_by="值班员"
    ),
    "incidents.services.transfers.transfer": of_call(
        transfers.transfer, to_body="12345", way="one_key", danger=False, told_caller="已转12345"
    ),
    "incidents.services.transfers.note": returned,
    "incidents.services.transfers.mark_unanswered": unanswered,
    "incidents.services.transfers.mark_push_failed": lambda cast: act(
        transfers.mark_push_failed, by=None, transfer_id=transferred(cast).pk
    ),
    "incidents.services.transfers.receive": lambda cast: act(
        transfers.receive, by=by(cast, "gate"), body="12345", reference="H1", facts={"narrative": "噪声"}
    ),
    "incidents.services.cases.take_case_number": case_number,
    "incidents.services.callbacks.plan": plan,
    "incidents.services.callbacks.note_asked": of_callback(callbacks.note_asked),
    "incidents.services.callbacks.hand_to_agent": of_callback(callbacks.hand_to_agent, "sms"),
    "incidents.services.callbacks.let_pass": let_pass,
    "incidents.services.callbacks.reply_by_text": of_callback(callbacks.reply_by_text, "sms", "gate", text="3"),
    "incidents.services.callbacks.record_callback": of_callback(
        callbacks.record_callback, "human", "cal", **HEARD
    ),
    "incidents.services.supervision.issue": lambda cast: act(
        supervision.issue, by=by(cast, "sam"), incident_id=take(cast).pk, cause="leader", demand="查明", to=cast.station.pk,
        due_at=None,
    ),
    "incidents.services.supervision.sign": of_order(supervision.sign, "stan"),
    "incidents.services.supervision.reply": of_order(supervision.reply, "stan", text="已整改"),
    "incidents.services.supervision.close": of_order(supervision.close, "lee"),
    "incidents.services.supervision.send_back": of_order(supervision.send_back, "lee", reason="不清"),
    "incidents.services.supervision.urge": of_order(supervision.urge),
    "incidents.services.supervision.escalate": of_order(supervision.escalate),
    "incidents.services.devices.hear_device": hear_device,
    "incidents.services.gateways.register_devices": register_devices,
    "incidents.services.gateways.register_gateway": lambda cast: act(
        gateways.register_gateway, by=None, centre_id=cast.centre.pk, code="g", name="g", kind="text"
    ),
    "incidents.services.number_flags.approve_flag": lambda cast: act(
        number_flags.approve_flag, by=by(cast, "sam"), flag_id=asked(cast)
    ),
    "incidents.services.number_flags.ask_flag": lambda cast: act(
        number_flags.ask_flag, by=by(cast, "tess"), **FLAG, expires_at=timezone.now() + 24 * AGO
    ),
    "incidents.services.number_flags.end_flag": lambda cast: act(
        number_flags.end_flag, by=by(cast, "sam"), flag_id=asked(cast), reason="误标"
    ),
    "incidents.services.telephony.hear": hear,
    "incidents.services.texts.add_online": add_online,
    "incidents.services.texts.mark_failed": written(texts.mark_failed),
    "incidents.services.texts.mark_sent": written(texts.mark_sent, external_id="s1"),
    "incidents.services.texts.receive_text": receive_text,
    "incidents.services.texts.report_online": report_online,
    "incidents.services.texts.write_text": write_text,
    "dispatch.deadlines.fire": fire,
    "dispatch.deadlines.note_heard": note_heard,
    "dispatch.deadlines.note_silence": note_silence,
    "dispatch.deadlines.put_aside": put_aside,
    "dispatch.services.case_out.mark_not_passed_on": case_not_passed_on,
    "dispatch.services.decisions.approve": review(decisions.approve, "rae"),
    "dispatch.services.decisions.cancel": decision(decisions.cancel, code="CX1", reason="误"),
    "dispatch.services.decisions.hand_over": hand_over,
    "dispatch.services.decisions.invalidate": decision(decisions.invalidate, "sam", reason="假警"),
    "dispatch.services.merging.merge": merge,
    "dispatch.services.decisions.need_no_attendance": edit(decisions.need_no_attendance, "tess", **TO_REVIEW),
    "dispatch.services.decisions.note_printed": lambda cast: act(
        decisions.note_printed, by=by(cast, "rae"), incident_id=take(cast).pk
    ),
    "dispatch.services.decisions.reopen": reopen,
    "dispatch.services.decisions.send_back": review(decisions.send_back, "rae", reason="经过不清"),
    "dispatch.services.decisions.submit": submit,
    "dispatch.services.moves.advance": order(moves.advance, "", to="on_scene"),
    "dispatch.services.moves.finish": order(moves.finish, "on_scene", result_code="RS16"),
    "dispatch.services.moves.refuse": order(moves.refuse, "delivered", code="RF1", text="车坏"),
    "dispatch.services.moves.report_delay": order(moves.report_delay, "en_route", code="DL1", text="堵"),
    "dispatch.services.moves.tell_caller": order(moves.tell_caller, "en_route", "tess"),
    "dispatch.early_warning.ease": ease,
    "dispatch.early_warning.note_position": note_position,
    "dispatch.early_warning.propose_swap": propose_swap,
    "dispatch.early_warning.warn": warn,
    "dispatch.services.orders.assign": assign,
    "dispatch.services.orders.confirm_withdrawal": confirm_withdrawal,
    "dispatch.services.orders.withdraw": order(orders.withdraw, "en_route", "dana", code="CX1"),
    "dispatch.services.pictures.add_photo": lambda cast: act(
        pictures.add_photo, by=by(cast, "omar"), columns=PICTURE, taken_at=None, lat=None, lng=None
    ),
    "dispatch.services.reports.file_report": file_report,
    "dispatch.services.street.ask_backup": ask_backup,
    "dispatch.services.street.discover": lambda cast: act(street.discover, by=by(cast, "omar"), facts=FACTS),
    "dispatch.services.swap.swap": swapped,
    "incidents.alerts.acknowledge": acknowledge,
    "incidents.alerts.shelve": shelve,
    "incidents.services.calls.answer_call": of_ringing(calls.answer_call),
    "incidents.services.calls.call_back": call_back,
    "incidents.services.calls.describe_call": of_call(calls.describe_call, version=1, facts={"narrative": "说"}),
    "incidents.services.calls.finish_call": of_call(
        calls.finish_call, facts={"kind": "CK11", "closing_reason": "CL1"}
    ),
    "incidents.services.calls.hang_up": of_call(calls.hang_up),
    "incidents.services.calls.lose_call": of_ringing(calls.lose_call),
    "incidents.services.calls.open_incident_of_call": of_call(calls.open_incident_of_call, facts=FACTS),
    "incidents.services.calls.reopen_call": reopen_call,
    "incidents.services.calls.supplement_call": of_call(calls.supplement_call, text="又说"),
    "incidents.services.calls.take_call": lambda cast: act(
        calls.take_call, by=by(cast, "tess"), facts={"channel": "CH11", "kind": "CK01"}, incident=FACTS
    ),
    "incidents.services.codes.edit_code": edit_code,
    "incidents.services.codes.load_codes_of_centre": load_codes,
    "incidents.services.incidents.accept_place": edit(incidents.accept_place, point={**POINT, "lat": 24.52}, facts={}),
    "incidents.services.incidents.add_note": lambda cast: act(
        incidents.add_note, by=by(cast, "tess"), incident_id=take(cast).pk, text="备注"
    ),
    "incidents.services.incidents.describe_incident": edit(incidents.describe_incident, facts={"place_note": "二楼"}),
    "incidents.services.incidents.reprioritise": edit(incidents.reprioritise, level=1, reason="有刀"),
    "incidents.services.incidents.switch_mode": edit(incidents.switch_mode, "dana", mode="pursuit"),
    "incidents.services.joining.detach_call": detach_call,
    "incidents.services.joining.join_call": join_call,
    "incidents.services.joining.split_call": split_call,
    "incidents.services.opening.enrol": enrol,
    "incidents.services.opening.load_ground": load_ground,
    "incidents.services.opening.open_centre": lambda cast: act(
        opening.open_centre, by=None, code="T9", name="新中心", name_en="New", area_code="0596",
        box=Box(west=117.6, south=24.4, east=117.7, north=24.5),
    ),
    "incidents.services.people.change_user": change_user,
    "incidents.services.people.create_user": create_user,
    "incidents.services.people.note_lock": lambda cast: act(people.note_lock, by=by(cast, "tess"), locked=True),
    "incidents.services.people.set_pin": lambda cast: act(people.set_pin, by=by(cast, "tess"), pin="hash"),
    "incidents.services.people.note_sign_in": lambda cast: act(people.note_sign_in, by=by(cast, "tess"), came=True),
    "incidents.services.series.close_series": of_series(series.close_series, version=1, reason="已抓获"),
    "incidents.services.series.describe_series": of_series(series.describe_series, version=1, facts={"name": "系列二"}),
    "incidents.services.series.join_series": joins_series,
    "incidents.services.series.leave_series": leaves_series,
    "incidents.services.series.open_series": opens_series,
    "patrol.roads.closing.close_road": close_road,
    "patrol.roads.closing.end_closure": end_closure,
    "dispatch.merit.services.enter_events": lambda cast: act(merit.enter_events, by=None, centre_id=merit_event(cast)),
    "dispatch.merit.services.decide": lambda cast: act(
        merit.decide, by=by(cast, "lee"), entries=[merit_entry(cast).pk], approve=True
    ),
    "dispatch.merit.services.object_to": lambda cast: act(
        merit.object_to, by=by(cast, "omar"), entry_id=merit_entry(cast, approved=True).pk, words="道路封闭"
    ),
    "dispatch.merit.services.answer": merit_answer,
    "dispatch.imported.services.begin_history": lambda cast: act(imported.begin_history, by=None, **history_facts(cast)),
    "dispatch.imported.services.end_history": lambda cast: act(
        imported.end_history, by=None, history_id=imported.begin_history(by=None, **history_facts(cast)).pk
    ),
    "patrol.roads.loading.note_roads_loaded": lambda cast: act(
        loading.note_roads_loaded, by=None, centre_id=cast.centre.pk, facts=NETWORK
    ),
    "patrol.services.call_emergency": lambda cast: act(patrol.call_emergency, by=by(cast, "omar"), device_at=None),
    "patrol.services.choose_status": lambda cast: act(
        patrol.choose_status, by=by(cast, "omar"), unit_id=cast.car12.pk, status="break", reason="吃饭"
    ),
    "patrol.services.end_emergency": end_emergency,
    "patrol.services.end_shift": lambda cast: act(patrol.end_shift, by=by(cast, "omar"), unit_id=cast.car12.pk),
    "patrol.services.register_unit": register_unit,
    "patrol.services.start_shift": start_shift,
}  # fmt: skip


# --- the archive, approvals and urging ---

LONG_AGO = dt.timedelta(days=4000)


def ended(cast: Cast, **retention_facts: Any) -> Incident:
    """Close an incident and give it its class."""
    incident = in_review(cast)
    incident = decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)
    keeping.classify(by=None, incident_id=incident.pk)
    Retention.objects.filter(incident=incident).update(**retention_facts)
    return incident


def to_redact(cast: Cast) -> Incident:
    """Let every period of an incident pass."""
    long_ago = timezone.now() - LONG_AGO
    return ended(cast, ended_at=long_ago, archived_at=long_ago, redact_after=long_ago)


def classify(cast: Cast) -> Act:
    """An ended incident gets its class."""
    incident = in_review(cast)
    decisions.approve(by=cast.actor("rae"), incident_id=incident.pk, version=incident.version)
    return act(keeping.classify, by=None, incident_id=incident.pk)


def redact_call(cast: Cast) -> Act:
    """The period of a call without an incident has passed."""
    call = talk(cast)
    calls.finish_call(by=cast.actor("tess"), call_id=call.pk, facts={"kind": "CK05", "closing_reason": "CL1"})
    Call.objects.filter(pk=call.pk).update(done_at=timezone.now() - LONG_AGO)
    return act(keeping.redact_call, by=None, call_id=call.pk)


HOLD: dict[str, Any] = {
    "scope": "subject", "incident_id": None, "subject": "19000000101", "since": None, "before": None,
    "reason": "诉讼", "legal_basis": "行政诉讼法", "until": None,
}  # fmt: skip


def of_hold(run: Callable[..., Any], name: str, asked: bool, **facts: Any) -> Callable[[Cast], Act]:
    """An act on a hold."""

    def lay(cast: Cast) -> Act:
        row = holds.place_hold(by=cast.actor("sam"), **HOLD)
        if asked:
            holds.ask_end(by=cast.actor("sam"), hold_id=row.pk, reason="判决")
        return act(run, by=by(cast, name), hold_id=row.pk, **facts)

    return lay


def asked_lower(cast: Cast) -> int:
    """Return the id of a request to lower a priority."""
    facts: dict[str, Any] = {"kind": "priority", "to_priority": 4, "reason": "已缓和"}
    return approvals.ask(by=cast.actor("dana"), incident_id=take(cast).pk, **facts).pk


def urge_limit(cast: Cast) -> Act:
    """A limit is nearly over."""
    limit = Deadline.objects.get(incident=take(cast), kind=Deadline.Kind.ORDER)
    Deadline.objects.filter(pk=limit.pk).update(urge_at=timezone.now() - AGO, due_at=timezone.now() + AGO)
    return act(urging.urge_limit, by=None, deadline_id=limit.pk)


SAMPLES |= {
    "dispatch.retention.note_lateness": lambda cast: act(
        retention.note_lateness, by=None, centre_id=cast.centre.pk, late=["routine"]
    ),
    "dispatch.services.decisions.archive": lambda cast: act(
        decisions.archive, by=None, incident_id=ended(cast, ended_at=timezone.now() - LONG_AGO).pk
    ),
    "dispatch.services.requests.approve": lambda cast: act(
        requests.approve, by=by(cast, "sam"), request_id=asked_lower(cast)
    ),
    "dispatch.search.find.note_searched": lambda cast: act(
        note_searched, by=by(cast, "dana"), terms=["0f"], purpose="核实", found=1
    ),
    "dispatch.urging.urge_limit": urge_limit,
    "dispatch.urging.urge_order": lambda cast: act(
        urging.urge_order, by=by(cast, "dana"), assignment_id=sent(cast).pk
    ),
    "incidents.services.approvals.ask": lambda cast: act(
        approvals.ask, by=by(cast, "dana"), incident_id=take(cast).pk, kind="priority", to_priority=4, reason="已缓和"
    ),
    "incidents.services.approvals.refuse": lambda cast: act(
        approvals.refuse, by=by(cast, "sam"), request_id=asked_lower(cast), reason="仍紧急"
    ),
    "incidents.services.callbacks.urge": of_callback(callbacks.urge, "human"),
    "incidents.services.transfers.urge": lambda cast: act(
        transfers.urge, by=None, transfer_id=transferred(cast).pk
    ),
    "incidents.services.holds.place_hold": lambda cast: act(holds.place_hold, by=by(cast, "sam"), **HOLD),
    "incidents.services.holds.ask_end": of_hold(holds.ask_end, "sam", False, reason="判决"),
    "incidents.services.holds.approve_end": of_hold(holds.approve_end, "ina", True),
    "incidents.services.holds.refuse_end": of_hold(holds.refuse_end, "ina", True, reason="未结"),
    "incidents.services.retention.classify": classify,
    "incidents.services.retention.set_class": lambda cast: act(
        keeping.set_class, by=by(cast, "sam"), incident_id=take(cast).pk, retention_class="permanent", reason="重大"
    ),
    "incidents.services.retention.redact_incident": lambda cast: act(
        keeping.redact_incident, by=None, incident_id=to_redact(cast).pk
    ),
    "incidents.services.retention.redact_call": redact_call,
}  # fmt: skip
