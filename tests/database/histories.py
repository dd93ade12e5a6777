"""Random histories of a centre: rows written straight into the tables, as any chain of commands might leave them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from dispatch.models import Assignment, Report
from incidents.models import (
    Call,
    Callback,
    Cleared,
    FusionRequest,
    Incident,
    Party,
    SupervisionOrder,
    Suspect,
    Transfer,
)  # fmt: skip
from tests.people import PLACE, Cast

# Three hours before a midnight at Shanghai that ends a month and a year.
BEGIN = dt.datetime(2026, 12, 31, 13, 0, tzinfo=dt.UTC)
NOW = BEGIN + dt.timedelta(hours=9)
SOON = st.integers(0, 900)
MAYBE = st.one_of(st.none(), SOON)
TYPES = ["020101", "0107", "0401", ""]


def later(moment: dt.datetime | None, by: float | None) -> dt.datetime | None:
    return None if moment is None or by is None else moment + dt.timedelta(seconds=by)


@dataclass(frozen=True)
class OrderStory:
    """One order; steps in seconds after the one before, positions in seconds beside their button."""

    car: int
    sent: int
    purpose: str
    ended: str  # "", refused, withdrawn
    accept: int | None
    depart: int | None
    arrive: int | None
    finish: int | None
    report: int | None
    pos_depart: int | None
    pos_arrive: int | None
    needless: bool
    delay: int | None
    told: bool
    loss: float | None


@dataclass(frozen=True)
class Story:
    """One incident with its call and its orders."""

    answered: float
    rang: int
    joined: float | None  # a further call, answered so much before or after
    priority: int
    type: str
    drill: bool
    placed: int | None
    status: str
    fate: str
    fate_after: int
    into: int | None
    lost: bool
    channel: str
    orders: list[OrderStory]
    grade: int | None
    asked: bool
    due: int | None
    closed: int | None
    recovered: bool
    transfer: str
    caught: int | None  # minutes after the answer
    clears: int | None
    asked_fusion: int | None
    fusion: str


order_stories = st.builds(
    OrderStory, car=st.integers(0, 1), sent=SOON,
    purpose=st.sampled_from(["first", "first", "support", "self", "directive"]),
    ended=st.sampled_from(["", "", "", "refused", "withdrawn"]), accept=MAYBE, depart=MAYBE, arrive=MAYBE, finish=MAYBE,
    report=st.one_of(st.none(), st.integers(0, 20_000)), pos_depart=st.one_of(st.none(), st.integers(-100, 100)),
    pos_arrive=st.one_of(st.none(), st.integers(-100, 100)), needless=st.booleans(), delay=MAYBE, told=st.booleans(),
    loss=st.one_of(st.none(), st.sampled_from([0.4, 999.0, 1000.0, 123456.0])),
)  # fmt: skip
stories = st.builds(
    Story, answered=st.floats(0, 6 * 3600, allow_nan=False).map(lambda found: round(found, 3)), rang=st.integers(0, 60),
    joined=st.one_of(st.none(), st.integers(-4000, 400)), priority=st.integers(1, 4), type=st.sampled_from(TYPES),
    drill=st.sampled_from([False] * 7 + [True]), placed=MAYBE, status=st.sampled_from(["none", "verified", "unverified"]),
    fate=st.sampled_from(["", "", "", "cancelled", "handed_over", "invalid", "needless", "EX3", "EX6"]),
    fate_after=SOON, into=st.one_of(st.none(), st.none(), st.integers(0, 5)), lost=st.booleans(),
    channel=st.sampled_from(["CH11", "CH21", "CH13"]), orders=st.lists(order_stories, max_size=3),
    grade=st.one_of(st.none(), st.integers(1, 4)), asked=st.booleans(), due=st.one_of(st.none(), st.integers(0, 40_000)),
    closed=st.one_of(st.none(), st.integers(0, 40_000)), recovered=st.booleans(),
    transfer=st.sampled_from(["", "sent", "returned"]),
    caught=st.one_of(st.none(), st.integers(0, 2000)), clears=st.one_of(st.none(), st.integers(0, 5)),
    asked_fusion=MAYBE, fusion=st.sampled_from(["waiting", "done", "no_result"]),
)  # fmt: skip


class History:
    """Writes stories; writing one again is an edit, a merge, its undoing, a reopening: whatever the new story says."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.number = 0
        self.incidents: list[Incident] = []

    def base(self) -> dict[str, Any]:
        """Return what every row carries."""
        return {"centre": self.cast.centre, "created_at": BEGIN, "updated_at": BEGIN}

    def no(self) -> str:
        """Return a number that was never used."""
        self.number += 1
        return f"H{self.number}"

    def write(self, stories: list[Story]) -> None:
        """Write all of them."""
        for story in stories:
            self.incidents.append(Incident.objects.create(incident_no=self.no(), answered_at=BEGIN, **self.base()))
            self.tell(len(self.incidents) - 1, story)

    def tell(self, at: int, story: Story) -> None:
        """Let an incident have been as the story says, whatever it was before."""
        incident = self.incidents[at]
        Cleared.objects.filter(suspect__incident=incident).delete()
        Suspect.objects.filter(incident=incident).delete()
        FusionRequest.objects.filter(incident=incident).delete()
        Report.objects.filter(incident=incident, corrects__isnull=False).delete()
        Report.objects.filter(incident=incident).delete()
        Assignment.objects.filter(incident=incident).delete()
        Callback.objects.filter(incident=incident).delete()
        SupervisionOrder.objects.filter(incident=incident).delete()
        Party.objects.filter(incident=incident).delete()
        Transfer.objects.filter(call__incident=incident).delete()
        Call.objects.filter(incident=incident).delete()
        answered = BEGIN + dt.timedelta(seconds=story.answered)
        into = self.target(at, story.into)
        ended = later(answered, story.fate_after)
        decided = story.fate in ("cancelled", "handed_over", "invalid")
        Incident.objects.filter(pk=incident.pk).update(
            answered_at=answered, priority=story.priority, type_reported=story.type,
            type_verified=("", story.type, "0107")[story.rang % 3], drill=story.drill,
            stage="merged" if into else story.fate if decided else "new", merged_into=into,
            placed_at=later(answered, story.placed), point_status=story.status, area_kind="urban",
            lat=PLACE["lat"], lng=PLACE["lng"], jurisdiction=self.cast.station,
            attendance=story.fate != "needless", submitted_at=ended if story.fate == "needless" else None,
            closed_at=ended if into or decided else None,
            exclusion={"needless": "EX5", "EX3": "EX3", "EX6": "EX6"}.get(story.fate, "EX2" if into else ""),
        )  # fmt: skip
        self.calls(incident, answered, story)
        for order in story.orders:
            self.order(incident, answered, order)
        self.follow_up(incident, answered, story)

    def target(self, at: int, into: int | None) -> Incident | None:
        """Return what to merge into; only into incidents that were told before, so that no circle comes about."""
        return self.incidents[into] if into is not None and into < at else None

    def calls(self, incident: Incident, answered: dt.datetime, story: Story) -> None:
        """Write its calls."""
        rang = answered - dt.timedelta(seconds=story.rang)
        lost = rang + dt.timedelta(seconds=story.rang / 2) if story.lost and story.rang else None
        first = Call.objects.create(
            call_no=self.no(), state="wrap_up", channel=story.channel, kind="CK01", validity="valid", ring_at=rang,
            answered_at=answered, lost_at=lost, incident=incident, drill=story.drill, **self.base(),
        )  # fmt: skip
        if story.joined is not None:
            moment = answered + dt.timedelta(seconds=story.joined)
            Call.objects.create(
                call_no=self.no(), state="wrap_up", channel="CH11", kind="CK08", validity="duplicate", ring_at=moment,
                answered_at=moment, incident=incident, drill=story.drill, **self.base(),
            )  # fmt: skip
        if story.transfer:
            Transfer.objects.create(
                transfer_no=self.no(), direction="out", call=first, incident=incident, to_body="12345", way="push",
                danger=False, state=story.transfer, sent_at=answered, return_reason="不属本单位", **self.base(),
            )  # fmt: skip

    def order(self, incident: Incident, answered: dt.datetime, story: OrderStory) -> None:
        """Write one order."""
        unit = (self.cast.car12, self.cast.car7)[story.car]
        sent = answered + dt.timedelta(seconds=story.sent)
        accepted = later(sent, story.accept) if story.ended != "refused" else None
        departed = later(accepted, story.depart)
        arrived = later(departed, story.arrive) if not story.ended else None
        finished = later(arrived or accepted, story.finish) if not story.ended else None
        reported = later(sent, story.report) if not story.ended else None
        state = story.ended or "finished"  # one live order a unit: these have ended, whatever their moments say
        row = Assignment.objects.create(
            assignment_no=self.no(), incident=incident, unit=unit, call_sign=unit.call_sign, unit_kind=unit.kind,
            purpose=story.purpose, state=state, lead_no="0001", dispatched_at=sent, accepted_at=accepted,
            departed_at=departed, on_scene_at=arrived, finished_at=finished, reported_at=reported,
            departed_pos_at=later(departed, story.pos_depart), on_scene_pos_at=later(arrived, story.pos_arrive),
            no_attendance=story.needless, refusal_code="RF1" if story.ended == "refused" else "",
            cancel_code="CX1" if story.ended == "withdrawn" else "", delay_at=later(sent, story.delay),
            delay_code="DL1" if story.delay is not None else "",
            caller_told_at=later(sent, story.delay) if story.told else None,
            marks={"on_scene": self.mark(story)} if arrived and story.car else {}, **self.base(),
        )  # fmt: skip
        if reported is not None:
            filed = Report.objects.create(
                report_no=self.no(), assignment=row, incident=incident, unit_id=unit.pk, call_sign=unit.call_sign,
                kind="handling", reported_at=reported, complete=True, loss_yuan=story.loss,
                recovered_yuan=story.loss and story.loss / 2, **self.base(),
            )  # fmt: skip
            if story.told:
                Report.objects.create(
                    report_no=self.no(), assignment=row, incident=incident, unit_id=unit.pk, kind="correction",
                    reported_at=reported, corrects=filed, **self.base(),
                )  # fmt: skip

    def mark(self, story: OrderStory) -> dict[str, Any]:
        """Say by whose hand an arrival was set."""
        found: dict[str, Any] = {"by_proxy": story.told, "implied": story.needless, "device_at": None}
        return {**found, "source": "paper"} if story.sent % 5 == 0 else found

    def follow_up(self, incident: Incident, answered: dt.datetime, story: Story) -> None:
        """Write what followed."""
        if story.asked:
            outcome = {None: "no_answer", 4: "unsuitable"}.get(story.grade, "answered")
            Callback.objects.create(
                incident=incident, way="human", asked_at=answered, due_at=answered, outcome=outcome,
                grade=story.grade if outcome == "answered" else None, reason="不宜", **self.base(),
            )  # fmt: skip
        if story.due is not None:
            closed = later(answered, story.closed)
            SupervisionOrder.objects.create(
                incident=incident, cause="leader", demand="整改", to=self.cast.station, to_name="巷口所",
                due_at=answered + dt.timedelta(seconds=story.due), urge_at=answered, closed_at=closed,
                state="closed" if closed else "issued", **self.base(),
            )  # fmt: skip
        self.casework(incident, answered, story)
        if story.recovered:
            Party.objects.create(
                incident=incident, kind="vehicle", status="recovered", recovered_at=answered, plate="闽E00000",
                **self.base(),
            )  # fmt: skip

    def casework(self, incident: Incident, answered: dt.datetime, story: Story) -> None:
        """Write an arrest, what it cleared along, and a fusion request."""
        caught = later(answered, None if story.caught is None else story.caught * 60 + 0.5)
        if caught is not None:
            party = Party.objects.create(incident=incident, kind="person", role="suspect", name="某人", **self.base())
            suspect = Suspect.objects.create(
                party=party, incident=incident, status="controlled", caught_at=caught, caught_by_sign="car-12",
                credit_units=["car-12", "car-7"], **self.base(),
            )  # fmt: skip
            if story.clears is not None and story.clears < len(self.incidents):
                Cleared.objects.create(
                    suspect=suspect, incident=self.incidents[story.clears], at=caught, by_no="0001", reason="供述"
                )
        if story.asked_fusion is not None:
            asked = answered + dt.timedelta(seconds=story.asked_fusion)
            FusionRequest.objects.create(
                request_no=self.no(), incident=incident, ask="person", text="找人", legal_basis="依据", asked_by_no="0001",
                asked_at=asked, accepted_at=later(asked, story.rang), locked_at=later(asked, story.placed),
                state=story.fusion,
                ended_at=None if story.fusion == "waiting" else later(asked, 5000), result_text="结果",
                owner=self.cast.users["ana"], **self.base(),
            )  # fmt: skip
