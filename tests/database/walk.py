"""A random shift: people act in a city of two stations, through the commands, in an order that a seed decides."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from dispatch import deadlines
from dispatch.models import Assignment
from dispatch.services import checklist, decisions, merging, moves, orders, reports, street
from incidents import alerts
from incidents.models import Alert, Area, Call, Incident, Organisation, User
from incidents.refusals import Refusal
from incidents.services import calls, cards, incidents, joining
from incidents.sessions import actor_of
from patrol import positions, services
from patrol.filters import FixIn
from patrol.models import Unit
from tests.database.acts import COMPLETE
from tests.people import BOX, Cast, register

TYPES = ["020101", "0201", "1003", "0401", ""]  # 1003 is a complaint about the police
LIVE = ["dispatched", "delivered", "accepted", "en_route", "on_scene"]


class Walk:
    """One seeded shift."""

    def __init__(self, cast: Cast, seed: int) -> None:
        """Split the city between two stations and put six units with crews on the street."""
        self.cast = cast
        self.random = Random(seed)
        self.done: Counter[str] = Counter()  # acts that happened
        self.refused: Counter[str] = Counter()
        self.other = Organisation.objects.create(
            centre=cast.centre, kind="station", code="S405", name="桥南所", parent=cast.station.parent
        )
        self.split_city()
        self.units = [cast.car12, cast.car7]
        for number in range(4):
            home = [cast.station, self.other, cast.squad, cast.squad][number]
            self.units.append(register(cast.centre, home, f"car-{20 + number}", "UP"))
        self.officers = {unit.pk: self.officer(number, unit) for number, unit in enumerate(self.units)}
        for unit in self.units:
            self.come_on_duty(unit)
            self.give_fix(unit)

    def split_city(self) -> None:
        """Give the eastern half to the other station."""
        south, west, north, east = BOX
        middle = (west + east) / 2
        Area.objects.filter(code="S404").update(ring=ring(south, west, north, middle))
        Area.objects.create(
            centre=self.cast.centre, kind="station", code="S405", name="桥南所", owner=self.other,
            ring=ring(south, middle, north, east),
        )  # fmt: skip

    def officer(self, number: int, unit: Unit) -> User:
        """Return the sworn officer who leads a unit."""
        if unit == self.cast.car12:
            return self.cast.users["omar"]
        if unit == self.cast.car7:
            return self.cast.users["nia"]
        user = User.objects.create(
            username=f"officer{number}@{self.cast.centre.code}", badge=f"8{number:03d}", name=f"O{number}",
            centre=self.cast.centre, sworn=True, organisation=unit.squad,
        )  # fmt: skip
        user.groups.set([Group.objects.get(name="officer")])
        return user

    # --- going on ---

    def go(self, steps: int, after_each: Callable[[], None]) -> None:
        """Try random acts until so many happened; time passes between them and limits are swept."""
        acts = [act for name in ACTS for act in [name] * ACTS[name]]
        moment = timezone.now()
        happened = 0
        while happened < steps:
            moment += dt.timedelta(seconds=self.random.choice([0.2, 1, 3, 10, 40]))
            with time_machine.travel(moment, tick=True):
                act = self.random.choice(acts)
                try:
                    if getattr(self, act)() is None:
                        continue
                except Refusal as refusal:
                    self.refused[f"{act}: {refusal.code}"] += 1
                    continue
                self.done[act] += 1
                happened += 1
                after_each()

    def one(self, rows: Any) -> Any:
        """Pick one row of a query, or None."""
        found = list(rows.order_by("pk"))
        return self.random.choice(found) if found else None

    def desk(self) -> Any:
        """Return somebody at the desk."""
        return self.cast.actor(self.random.choice(["tess", "dana", "sam", "sam"]))

    def crew(self, assignment: Assignment) -> Any:
        """Return the lead of an order's unit, now and then the dispatcher by radio."""
        if self.random.random() < 0.2:
            return self.cast.actor("dana")
        return actor_of(User.objects.get(pk=self.officers[assignment.unit_id].pk), {})

    def point(self) -> dict[str, Any]:
        """Return a place somewhere in the city."""
        south, west, north, east = BOX
        lat, lng = self.random.uniform(south, north), self.random.uniform(west, east)
        point = {"lat": round(lat, 6), "lng": round(lng, 6), "crs_in": "WGS84", "source": "map", "accuracy_m": 5.0}
        return {**point, "taken_at": None, "raw": [lat, lng]}

    def facts(self) -> dict[str, Any]:
        """Return some facts of an incident."""
        found: dict[str, Any] = {
            "type_reported": self.random.choice(TYPES),
            "narrative": f"第{self.random.randrange(1000)}号来电人说",
            "contact_phone": f"1900000{self.random.randrange(1000):04d}",
            "contact_name": "来电人",
        }
        if self.random.random() < 0.8:
            found |= {"point": self.point(), "address_text": "某路"}
        return found

    def open_incident(self, *stages: str) -> Any:
        """Pick an incident that has not ended (in one of some stages)."""
        ended = ["closed", "archived", "merged", "handed_over", "cancelled", "invalid"]
        rows = Incident.objects.filter(stage__in=stages) if stages else Incident.objects.exclude(stage__in=ended)
        return self.one(rows)

    # --- calls ---

    def ring(self) -> Any:
        """A call rings."""
        return calls.take_call(by=self.cast.actor("gate"), facts={"channel": "CH11"}, waiting=True)

    def take(self) -> Any:
        """A call-taker answers and writes the incident in one act."""
        channel = {"channel": "CH11", "kind": "CK01", "caller_number": "19000000001"}
        return calls.take_call(by=self.cast.actor("tess"), facts=channel, incident=self.facts())

    def answer(self) -> Any:
        """Somebody answers a waiting call."""
        call = self.one(Call.objects.filter(state="waiting"))
        return call and calls.answer_call(by=self.desk(), call_id=call.pk)

    def of_call(self, *states: str) -> tuple[Any, Any]:
        """Pick a call and the person who may write it."""
        call = self.one(Call.objects.filter(state__in=states))
        if call is None:
            return None, None
        return call, self.cast.actor("sam")

    def describe_call(self) -> Any:
        """Somebody writes what the caller said."""
        call, by = self.of_call("in_progress", "wrap_up")
        facts = {"narrative": f"说了{self.random.randrange(100)}", "kind": self.random.choice(["CK01", "CK08", "CK11"])}
        return call and calls.describe_call(by=by, call_id=call.pk, version=call.version, facts=facts)

    def supplement(self) -> Any:
        """The caller adds something."""
        call, by = self.of_call("in_progress", "wrap_up", "done")
        return call and calls.supplement_call(by=by, call_id=call.pk, text="又说")

    def hang_up(self) -> Any:
        """A talk ends."""
        call, by = self.of_call("in_progress")
        return call and calls.hang_up(by=by, call_id=call.pk)

    def lose(self) -> Any:
        """A caller gives up."""
        call, by = self.of_call("waiting")
        return call and calls.lose_call(by=by, call_id=call.pk)

    def call_back(self) -> Any:
        """Somebody rings a lost caller."""
        call, by = self.of_call("lost")
        return call and calls.call_back(by=by, call_id=call.pk, answered=self.random.random() < 0.5)

    def make_incident(self) -> Any:
        """A call gets its incident."""
        call, by = self.of_call("in_progress", "wrap_up")
        return call and calls.open_incident_of_call(by=by, call_id=call.pk, facts=self.facts())

    def join(self) -> Any:
        """A call joins another caller's incident."""
        call, by = self.of_call("in_progress", "wrap_up")
        incident = self.open_incident()
        return call and incident and joining.join_call(by=by, call_id=call.pk, incident_id=incident.pk)

    def finish_call(self) -> Any:
        """A call gets its outcome."""
        call, by = self.of_call("in_progress", "wrap_up", "lost")
        facts = {"kind": "CK01"} if call and call.incident_id else {"kind": "CK11", "closing_reason": "CL1"}
        return call and calls.finish_call(by=by, call_id=call.pk, facts=facts)

    def reopen_call(self) -> Any:
        """A finished call is taken back."""
        call, by = self.of_call("done")
        return call and calls.reopen_call(by=by, call_id=call.pk, reason="补录")

    # --- incidents ---

    def describe(self) -> Any:
        """Facts are written; now and then the type becomes, or no longer is, a complaint, or the text confidential."""
        incident = self.open_incident()
        facts = {
            "narrative": f"改{self.random.randrange(1000)}",
            "contact_phone": f"1900000{self.random.randrange(999):04d}",
        }
        if self.random.random() < 0.3 and incident and not incident.units:
            facts["type_reported"] = self.random.choice(TYPES[:4])
        if self.random.random() < 0.3:
            facts["confidential"] = self.random.random() < 0.5  # type: ignore[assignment]
        return incident and incidents.describe_incident(
            by=self.cast.actor("sam"), incident_id=incident.pk, version=incident.version, facts=facts
        )

    def place(self) -> Any:
        """A place is accepted, perhaps in the other station's area."""
        incident = self.open_incident()
        return incident and incidents.accept_place(
            by=self.cast.actor("sam"), incident_id=incident.pk, version=incident.version, point=self.point(), facts={}
        )

    def reprioritise(self) -> Any:
        """The priority changes."""
        incident = self.open_incident()
        return incident and incidents.reprioritise(
            by=self.cast.actor("sam"), incident_id=incident.pk, version=incident.version,
            level=self.random.randint(1, 4), reason="研判",
        )  # fmt: skip

    def add_note(self) -> Any:
        """Somebody remarks something."""
        incident = self.open_incident()
        return incident and incidents.add_note(by=self.desk(), incident_id=incident.pk, text="备注")

    def switch_mode(self) -> Any:
        """The mode changes."""
        incident = self.open_incident()
        mode = self.random.choice(["routine", "pursuit", "stake_out"])
        return incident and incidents.switch_mode(
            by=self.cast.actor("dana"), incident_id=incident.pk, version=incident.version, mode=mode
        )

    # --- orders ---

    def assign(self) -> Any:
        """One or two units are sent."""
        incident = self.open_incident("new", "pending", "dispatched", "accepted", "en_route", "on_scene")
        if incident is None or incident.intake_class == "IC3" or incident.type_reported.startswith("10"):
            return None
        free = list(Unit.objects.filter(status__in=["available", "on_task"]).order_by("pk"))
        chosen = self.random.sample(free, min(len(free), self.random.randint(1, 2)))
        choices = [orders.Choice(unit.pk, override_reason="OV1") for unit in chosen]
        return chosen and orders.assign(by=self.cast.actor("dana"), incident_id=incident.pk, choices=choices)

    def live_order(self, *states: str) -> Any:
        """Pick an order in one of some states."""
        return self.one(Assignment.objects.filter(state__in=states or LIVE))

    def advance(self) -> Any:
        """An order moves on."""
        order = self.live_order(*LIVE[:-1])
        if order is None:
            return None
        to = self.random.choice(LIVE[LIVE.index(order.state) + 1 :])
        return moves.advance(by=self.crew(order), assignment_id=order.pk, to=to)

    def refuse(self) -> Any:
        """A lead refuses."""
        order = self.live_order("dispatched", "delivered")
        code = self.random.choice(["RF1", "RF2"])
        return order and moves.refuse(by=self.crew(order), assignment_id=order.pk, code=code, text="车坏")

    def finish(self) -> Any:
        """A unit has finished."""
        order = self.live_order("on_scene", "en_route")
        return order and moves.finish(
            by=self.crew(order), assignment_id=order.pk, result_code="RS16", no_attendance=order.state != "on_scene"
        )

    def delay(self) -> Any:
        """A unit is held up."""
        order = self.live_order("accepted", "en_route")
        return order and moves.report_delay(by=self.crew(order), assignment_id=order.pk, code="DL1", text="堵")

    def tell_caller(self) -> Any:
        """The desk tells the caller."""
        order = self.live_order("accepted", "en_route")
        return order and moves.tell_caller(by=self.desk(), assignment_id=order.pk)

    def withdraw(self) -> Any:
        """The desk takes an order back."""
        order = self.live_order(*LIVE[:-1])
        return order and orders.withdraw(by=self.cast.actor("dana"), assignment_id=order.pk, code="CX1")

    def confirm(self) -> Any:
        """The unit confirms a withdrawal."""
        order = self.one(Assignment.objects.filter(state="withdrawn", withdrawal_confirmed_at__isnull=True))
        return order and orders.confirm_withdrawal(by=self.crew(order), assignment_id=order.pk)

    def report(self) -> Any:
        """A unit reports."""
        order = self.live_order("on_scene", "finished", "finished", "en_route")
        kind = "handling" if order and order.state in ("on_scene", "finished") else "progress"
        if kind == "handling" and order.reports.filter(complete=True).exists() and self.random.random() < 0.5:
            kind = "correction"
        facts = {**COMPLETE, "process_text": "已处理"}
        return order and reports.file_report(
            by=self.crew(order), assignment_id=order.pk, kind=kind, facts=facts, photo_ids=[]
        )

    def tick(self) -> Any:
        """A unit ticks a step of its checklist off, or takes the tick back."""
        order = self.live_order("on_scene", "finished", "en_route")
        item, done = self.random.choice(["recorder", "arrival", "identity"]), self.random.random() < 0.8
        return order and checklist.tick(by=self.crew(order), assignment_id=order.pk, item=item, done=done)

    def hand_on(self) -> Any:
        """A unit hands its scene over, and somebody takes it."""
        order = self.live_order("on_scene")
        if order is None:
            return None
        if order.handed_at is not None:
            return checklist.receive(by=self.desk(), assignment_id=order.pk, received_by="张所", reply="")
        return checklist.hand_on(by=self.crew(order), assignment_id=order.pk, to=None, to_name="桥南所", contact="")

    def question(self) -> Any:
        """The desk answers a question of the card."""
        incident = self.open_incident()
        asked = self.random.choice([("weapon", "yes"), ("weapon", "no"), ("number", "3"), ("injured", "1")])
        return incident and cards.answer_question(
            by=self.desk(), incident_id=incident.pk, question=asked[0], answer=asked[1]
        )

    def coded(self) -> Any:
        """A caller cannot speak freely."""
        call, by = self.of_call("in_progress", "wrap_up", "lost")
        return call and calls.begin_coded(by=by, call_id=call.pk)

    def ask_backup(self) -> Any:
        """A unit needs help."""
        order = self.live_order("on_scene")
        return order and street.ask_backup(by=self.officer_of(order.unit_id), text="增援")

    def discover(self) -> Any:
        """A unit finds something."""
        unit = self.one(Unit.objects.filter(status="available"))
        facts = {"type_reported": "020101", "point": self.point(), "address_text": "巡到"}
        return unit and street.discover(by=self.officer_of(unit.pk), facts=facts)

    # --- decisions ---

    def decide(self) -> Any:
        """An incident is handed to review, closed, or returned."""
        incident = self.open_incident("reported", "review")
        if incident is None:
            return None
        act: Any = decisions.submit
        more: dict[str, Any] = {"by": self.cast.actor("dana")}
        if incident.stage == "review":
            act, more = decisions.approve, {"by": self.cast.actor("rae")}
            if self.random.random() < 0.3:
                act, more = decisions.send_back, {**more, "reason": "补"}
        return act(incident_id=incident.pk, version=incident.version, **more)

    def end_otherwise(self) -> Any:
        """An incident ends by another decision."""
        incident = self.open_incident()
        if incident is None:
            return None
        also = {"by": self.cast.actor("sam"), "incident_id": incident.pk, "version": incident.version}
        into = self.one(Incident.objects.exclude(pk=incident.pk).filter(stage__in=["new", "pending", "dispatched"]))
        acts: list[Callable[[], Any]] = [
            lambda: decisions.cancel(**also, code="CX1", reason="撤"),
            lambda: decisions.invalidate(**also, reason="假"),
            lambda: decisions.hand_over(**also, to=self.other.pk, reason="移"),
            lambda: decisions.need_no_attendance(**also, result_code="RS16", reason="电话办结"),
            lambda: into and merging.merge(**also, into=into.pk, reason="同一起"),
        ]
        return self.random.choice(acts)()

    def reopen(self) -> Any:
        """An ended incident comes back."""
        incident = self.open_incident("closed", "merged", "handed_over", "cancelled", "invalid")
        return incident and decisions.reopen(
            by=self.cast.actor("sam"), incident_id=incident.pk, version=incident.version, reason="查"
        )

    # --- units ---

    def officer_of(self, unit_id: int) -> Any:
        """Return the lead of a unit as an actor."""
        return actor_of(User.objects.get(pk=self.officers[unit_id].pk), {})

    def come_on_duty(self, unit: Unit | None = None) -> Any:
        """A unit's shift starts."""
        found = unit or self.one(Unit.objects.filter(on_shift__isnull=True))
        return found and services.start_shift(
            by=self.officer_of(found.pk), unit_id=found.pk, lead_no="", crew_nos=[], equipment=[]
        )

    def go_off_duty(self) -> Any:
        """A unit's shift ends."""
        unit = self.one(Unit.objects.filter(status="available"))
        return unit and services.end_shift(by=self.officer_of(unit.pk), unit_id=unit.pk)

    def choose_status(self) -> Any:
        """A unit takes a break, or is back."""
        unit = self.one(Unit.objects.filter(status__in=["available", "break", "out_of_service", "on_task"]))
        status = self.random.choice(["available", "available", "break", "on_task", "out_of_service"])
        return unit and services.choose_status(
            by=self.officer_of(unit.pk), unit_id=unit.pk, status=status, reason="车坏"
        )

    def emergency(self) -> Any:
        """An officer is in danger, or is safe again."""
        unit = self.one(Unit.objects.filter(on_shift__isnull=False))
        if unit and unit.emergency_at:
            return services.end_emergency(by=self.cast.actor("dana"), unit_id=unit.pk)
        return unit and services.call_emergency(by=self.officer_of(unit.pk), device_at=None)

    def give_fix(self, unit: Unit | None = None) -> Any:
        """A unit sends a fix."""
        found = unit or self.one(Unit.objects.filter(on_shift__isnull=False))
        at = self.point()
        return found and positions.take_fixes([FixIn(found.pk, at["lat"], at["lng"], timezone.now())])

    # --- the clock ---

    def sweep(self) -> Any:
        """The sweep looks."""
        return deadlines.sweep() or None

    def acknowledge(self) -> Any:
        """Somebody takes an alert on."""
        alert = self.one(Alert.objects.filter(acknowledged_at__isnull=True))
        return alert and alerts.acknowledge(by=self.desk(), alert_id=alert.pk)


def ring(south: float, west: float, north: float, east: float) -> list[list[float]]:
    """Return a rectangle as a ring."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


# How often each act is tried, beside the others.
ACTS = {
    "take": 5, "ring": 2, "answer": 3, "describe_call": 2, "supplement": 1, "hang_up": 2, "lose": 1, "call_back": 1,
    "make_incident": 3, "join": 2, "finish_call": 3, "reopen_call": 1, "describe": 4, "place": 3, "reprioritise": 2,
    "add_note": 3, "switch_mode": 1, "assign": 9, "advance": 14, "refuse": 2, "finish": 5, "delay": 2, "tell_caller": 1,
    "withdraw": 2, "confirm": 2, "report": 6, "ask_backup": 2, "tick": 3, "hand_on": 1, "question": 3, "coded": 1, "discover": 1, "decide": 4, "end_otherwise": 2, "reopen": 2,
    "come_on_duty": 3, "go_off_duty": 1, "choose_status": 3, "emergency": 2, "give_fix": 3, "sweep": 5, "acknowledge": 4,
}  # fmt: skip
