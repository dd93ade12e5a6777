"""The shift, played through the public API and the signed doors: nothing else is touched."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from tests.stack.session import Session
from tests.stack.shift.machines import Machines
from tests.stack.shift.people import Desk, Row, Street
from tests.stack.shift.script import Contact
from tests.stack.stack import Stack

# Kind of call and closing reason of a contact that makes no incident (7.3, 7.6).
OUTCOMES = {
    "enquiry": ("CK05", "CL1"), "nuisance": ("CK09", "CL2"), "misdial": ("CK10", "CL3"), "line_test": ("CK12", "CL6"),
    "officer": ("CK06", "CL5"), "chasing": ("CK07", "CL1"), "other": ("CK99", "CL9"),
}  # fmt: skip
TYPED = {"walk_in": "CH41", "brought_in": "CH43", "found_by_video": "CH52", "other": "CH99"}
DEVICES = ("K1001", "K1002", "K1003", "T2001", "T2002", "B3001")
BODIES = ("12345", "119", "120", "city")


class Shift:
    """One shift: `play` brings one contact to its end."""

    def __init__(self, stack: Stack, machines: Machines) -> None:
        self.stack, self.machines = stack, machines
        self.desk = Desk(stack)
        self.street = Street(stack, self.desk)
        self.anybody = stack.anonymous()
        self.events: list[int] = []  # incidents that another caller may report again
        self.with_supervision: list[int] = []

    def play(self, contact: Contact) -> None:
        """Play one contact from its ring to its end."""
        if contact.number % 10 == 0:
            self.street.stand()
        ways: dict[str, Callable[[Contact], None]] = {
            "voice": self.tell, "traffic": self.tell, "video": self.tell, "again": self.join, "text": self.write,
            "not_police": self.pass_on, "abandoned": self.lose, "dropped": self.drop, "web": self.report,
            "device": self.alarm, "device_test": self.test_device, "found": self.meet, "walk_up": self.meet,
            "from_body": self.take_over, "walk_in": self.type, "brought_in": self.type, "found_by_video": self.type,
        }  # fmt: skip
        ways.get(contact.kind, self.end_at_once)(contact)

    # --- voice ---

    def ring(self, contact: Contact, **facts: Any) -> tuple[str, Row]:
        """Let the exchange ring."""
        reference = uuid.uuid4().hex
        ringing = {"caller_number": contact.phone, "subscriber": "机主", "dialled_number": "110", **facts}
        return reference, self.machines.exchange.tell(reference, "ring", **ringing)["call"]

    def tell(self, contact: Contact) -> None:
        """An incident over a voice line."""
        ways: dict[str, dict[str, Any]] = {"traffic": {"dialled_number": "122"}, "video": {"video": True}}
        dialled = ways.get(contact.kind, {})
        reference, call = self.ring(contact, **dialled)
        taker = self.answer(call)
        self.hear(taker, call, contact)
        self.machines.exchange.tell(reference, "hung_up")
        self.close_call(taker, call)

    def answer(self, call: Row) -> Session:
        """Let the next call-taker answer."""
        taker = next(self.desk.takers)
        taker.post(f"/api/calls/{call['id']}/answer/")
        return taker

    def describe(self, taker: Session, call: Row, **facts: Any) -> Row:
        """Write facts of a call."""
        version = self.stack.value("SELECT version FROM incidents_call WHERE id = %s", [call["id"]])
        return dict(taker.patch(f"/api/calls/{call['id']}/", {"version": version, **facts})["call"])

    def hear(self, taker: Session, call: Row, contact: Contact) -> int:
        """Take the incident down and bring it to its end."""
        self.describe(taker, call, kind="CK01", narrative=contact.words, caller_name="卢知遥")
        made = taker.post(f"/api/calls/{call['id']}/incident/", contact.incident)["incident"]
        self.handle(int(made["id"]), contact)
        return int(made["id"])

    def close_call(self, taker: Session, call: Row, **facts: Any) -> None:
        """Give a call its outcome."""
        taker.post(f"/api/calls/{call['id']}/finish/", facts)

    def join(self, contact: Contact) -> None:
        """Somebody else reports an event that is known."""
        reference, call = self.ring(contact)
        taker = self.answer(call)
        self.describe(taker, call, narrative=f"{contact.words}，好像有人报过了")
        opened = [one for one in self.events[-3:] if self.desk.incident(one)["open"]]
        if opened:
            taker.post(f"/api/calls/{call['id']}/join/", {"incident": opened[-1]})
            self.machines.exchange.tell(reference, "hung_up")
            self.close_call(taker, call)
        else:
            self.close_call(taker, call, kind="CK07", closing_reason="CL1")

    def end_at_once(self, contact: Contact) -> None:
        """A contact that makes no incident."""
        kind, reason = OUTCOMES[contact.kind]
        if contact.kind == "other":
            self.desk.watch.post("/api/calls/", {"channel": "CH99", "kind": kind, "narrative": contact.words})
            call = {"id": self.stack.value("SELECT max(id) FROM incidents_call")}
            self.close_call(self.desk.watch, call, kind=kind, closing_reason=reason, closing_text="来信转办")
            return
        _reference, call = self.ring(contact)
        self.close_call(self.answer(call), call, kind=kind, closing_reason=reason)

    def pass_on(self, contact: Contact) -> None:
        """Not a matter for the police: 12345 takes it and settles it, or gives it back."""
        _reference, call = self.ring(contact)
        taker = self.answer(call)
        self.describe(taker, call, kind="CK13", narrative="小区停电，物业不管")
        said = {"to_body": "12345", "way": "one_key", "danger": False, "told_caller": "已为您转12345"}
        made = taker.post(f"/api/calls/{call['id']}/transfers/", said)["transfer"]
        self.close_call(taker, call, kind="CK13", closing_reason="CL7")
        state = "SELECT state FROM incidents_transfer WHERE id = %s"
        self.stack.wait_until(lambda: self.stack.value(state, [made["id"]]) == "accepted", "the receipt of 12345")
        body = self.machines.bodies["12345"]
        if contact.number % 4:
            body.tell(made["transfer_no"], "finished", result_text="已恢复供电").raise_for_status()
        else:
            body.tell(made["transfer_no"], "returned", return_reason="属地不符").raise_for_status()
            self.close_call(taker, call, kind="CK13", closing_reason="CL7")  # the return had opened it again

    def lose(self, contact: Contact) -> None:
        """The caller gives up; somebody rings back."""
        reference, call = self.ring(contact)
        self.machines.exchange.tell(reference, "abandoned")
        self.ring_back(call, contact)

    def drop(self, contact: Contact) -> None:
        """The line breaks before anything was said."""
        reference, call = self.ring(contact)
        self.answer(call)
        self.machines.exchange.tell(reference, "hung_up")
        self.ring_back(call, contact)

    def ring_back(self, call: Row, contact: Contact) -> None:
        """Ring a lost call back: every second caller answers, and the others are checked twice (R18)."""
        watch, path = self.desk.watch, f"/api/calls/{call['id']}/call-back/"
        if contact.number % 2:
            watch.post(path, {"answered": True})
            self.hear(watch, call, contact)
            self.close_call(watch, call)
        else:
            for _try in range(2):
                watch.post(path, {"answered": False})
            self.close_call(watch, call, kind="CK11", closing_reason="CL4")

    # --- what is written, what alarms, what is typed ---

    def write(self, contact: Contact) -> None:
        """A text to 12110: a thread in both directions."""
        call = self.machines.texts.bring(contact.phone, f"{contact.place}，{contact.words}，不方便说话").json()
        row = self.stack.sql("SELECT id FROM incidents_call WHERE caller_number = %s", [contact.phone])[-1]
        assert call
        taker = self.answer(row)
        taker.post(f"/api/calls/{row['id']}/texts/", {"text": "收到，民警马上到"})
        self.hear(taker, row, contact)
        self.machines.texts.bring(contact.phone, "谢谢").raise_for_status()
        self.close_call(taker, row)

    def report(self, contact: Contact) -> None:
        """A report on the public page; some need nobody."""
        said = {"narrative": contact.words, "contact_phone": contact.phone, "silent": contact.number % 3 == 0}
        token = self.anybody.post("/api/public/reports/", said)["token"]
        number = self.anybody.get(f"/api/public/reports/{token}/")["call_no"]
        [row] = self.stack.sql("SELECT id FROM incidents_call WHERE call_no = %s", [number])
        taker = self.answer(row)
        if contact.number % 4 == 0:
            self.close_call(taker, row, kind="CK05", closing_reason="CL1")
        else:
            self.hear(taker, row, contact)
            self.close_call(taker, row)
        assert not self.anybody.get(f"/api/public/reports/{token}/")["open"]

    def alarm(self, contact: Contact) -> None:
        """A device alarms."""
        answer = self.machines.alarms.tell(DEVICES[contact.number % len(DEVICES)], text="一键报警")
        answer.raise_for_status()
        call = answer.json()["call"]
        taker = self.answer(call)
        self.hear(taker, call, contact)
        self.close_call(taker, call)

    def test_device(self, contact: Contact) -> None:
        """A device is tested: a contact with its outcome."""
        self.machines.alarms.tell(DEVICES[contact.number % len(DEVICES)], "test").raise_for_status()

    def type(self, contact: Contact) -> None:
        """Somebody comes in person, or a camera shows it: typed at a seat."""
        taker = next(self.desk.takers)
        body = {
            "channel": TYPED[contact.kind],
            "kind": "CK01",
            "narrative": contact.words,
            "incident": contact.incident,
        }
        call = taker.post("/api/calls/", body)["call"]
        self.handle(int(call["incident"]), contact)
        self.close_call(taker, call)

    def take_over(self, contact: Contact) -> None:
        """Another body passes something to us."""
        body = BODIES[contact.number % len(BODIES)]
        said = {"narrative": contact.words, "contact_phone": contact.phone, "remote_city": "某市" * (body == "city")}
        answer = self.machines.bodies[body].tell(f"H{contact.number}", "new", **said)
        answer.raise_for_status()
        call = answer.json()["call"]
        taker = self.answer(call)
        self.hear(taker, call, contact)
        self.close_call(taker, call)

    def meet(self, contact: Contact) -> None:
        """A patrol finds something, or is asked for help."""
        lead = next(self.street.patrols)
        channel = "CH51" if contact.kind == "found" else "CH42"
        facts = {name: value for name, value in contact.incident.items() if name != "point_status"}
        order = lead.post("/api/my-unit/discovery/", {**facts, "channel": channel, "narrative": contact.words})
        self.street.finish(order["assignment"], contact.type)
        self.settle(int(order["assignment"]["incident"]))

    # --- what becomes of an incident ---

    def handle(self, incident: int, contact: Contact) -> None:
        """Bring an incident to its end."""
        self.events.append(incident)
        {
            "by_telephone": self.by_telephone, "cancelled": self.cancel, "handed_over": self.hand_over,
        }.get(contact.ending, self.send)(incident, contact)  # fmt: skip

    def send(self, incident: int, contact: Contact) -> None:
        """Send whom the ending asks for; handle; report; hand to the reviewer."""
        orders = self.street.order(incident, 2 if contact.ending == "two_units" else 1)
        if contact.ending == "refused":
            self.street.move(orders[0], "deliver")
            self.street.move(orders[0], "refuse", refusal_code="RF2", text="正处置打架")
            orders = self.street.order(incident)
        if contact.ending == "withdrawn":
            self.desk.dispatcher.post(f"/api/assignments/{orders[0]['id']}/withdraw/", {"cancel_code": "CX3"})
            self.street.move(orders[0], "confirm-withdrawal")
            orders = self.street.order(incident)
        for order in orders:
            self.street.move(order, "deliver", "accept", "depart")
            if contact.ending == "held_up":
                self.street.move(order, "delay", delay_code="DL1", text="前方拥堵")
                self.desk.dispatcher.post(f"/api/assignments/{order['id']}/caller-told/")
            self.street.move(order, "arrive")
            if contact.ending == "arrest":
                self.street.finish(order, contact.type, ("RS01",), caught=1)
            else:
                self.street.finish(order, contact.type)
        self.settle(incident)

    def settle(self, incident: int) -> None:
        """Submit what was reported; the reviewer approves once every call and callback is done."""
        self.desk.decide(self.desk.watch, incident, "submit")

    def by_telephone(self, incident: int, contact: Contact) -> None:
        """Nobody needs to go."""
        self.desk.decide(
            self.desk.dispatcher, incident, "no-attendance", result_code="RS23", reason="电话中已说清，报警人同意"
        )

    def cancel(self, incident: int, contact: Contact) -> None:
        """The caller takes it back."""
        self.desk.decide(self.desk.dispatcher, incident, "cancel", cancel_code="CX1", reason="报警人撤回，已回拨核实")

    def hand_over(self, incident: int, contact: Contact) -> None:
        """A station goes on with it."""
        station = self.stack.value("SELECT id FROM incidents_organisation WHERE code = 'S404'")
        self.desk.decide(self.desk.dispatcher, incident, "hand-over", to=station, reason="所里继续办理")
