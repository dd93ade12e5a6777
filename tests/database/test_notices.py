"""R7: who is told in parallel with the order, and that each has its receipt; and the route of the hints."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from dispatch.services import orders
from incidents.models import Entry, Incident, Notice
from incidents.refusals import Refusal
from incidents.services import notices
from tests.database.acts import kinds, send, take
from tests.people import Cast


def test_r7_with_the_first_order_everybody_concerned_is_told_in_the_same_command(quick: Cast) -> None:
    incident = take(quick, type_reported="010403", priority=1)
    assert not Notice.objects.exists()
    order = send(quick, incident)
    told = list(Notice.objects.filter(incident=incident).order_by("pk"))
    assert [one.to_zh for one in told] == ["指挥长", "值班局领导", "分局", "合成作战中心"]
    assert {one.at for one in told} == {order.dispatched_at}
    assert kinds(incident)[-1] == "incident.told"
    sent, notice = Entry.objects.filter(kind__in=["assignment.sent", "incident.told"]).order_by("seq")
    assert notice.seq == sent.seq + 1
    send(quick, incident, quick.car7)
    assert Notice.objects.count() == len(told)


def test_a_dispute_tells_the_grid_worker_and_a_p4_nobody(quick: Cast) -> None:
    assert [zh for zh, _en in notices.to_be_told(Incident(type_reported="0402", priority=3))] == ["网格员（事后）"]
    assert notices.to_be_told(Incident(type_reported="1201", priority=4)) == []
    assert notices.to_be_told(Incident(type_reported="1001", priority=2)) == []  # a complaint: inspectors only (R1)


def test_a_refused_order_tells_nobody(quick: Cast) -> None:
    incident = take(quick, type_reported="010403", priority=1)
    with pytest.raises(Refusal):
        orders.assign(by=quick.actor("dana"), incident_id=incident.pk, choices=[orders.Choice(999_999)])
    assert not Notice.objects.exists()


def test_a_receipt_is_noted_once_with_who_and_when(quick: Cast, api: Any) -> None:
    incident = take(quick, type_reported="010403", priority=2)
    send(quick, incident)
    row = Notice.objects.order_by("pk")[0]
    desk = api(quick.user("dana"))
    path = f"/api/notices/{row.pk}/receipt/"
    first = desk.post(path, {"received_by": "唐指挥"}).json()["notice"]
    again = desk.post(path, {"received_by": "别人"}).json()["notice"]
    assert first == again
    assert (first["received_by"], first["noted_by"]) == ("唐指挥", quick.users["dana"].badge)
    assert first["received_at"] <= timezone.now().isoformat()
    board = desk.get("/api/snapshot/").json()["rows"]["notice"]
    assert [one["received_by"] for one in board][:1] == ["唐指挥"]


def test_hints_are_read_without_writing(quick: Cast, api: Any) -> None:
    before = Entry.objects.count()
    answer = api(quick.user("tess")).post("/api/hints/", {"text": "有人拿刀砍人"})
    assert answer.status_code == 200
    said = answer.json()
    assert said["priority"]["value"] == "1"
    assert said["dangers"][0]["value"] == "weapon"
    assert Entry.objects.count() == before
    assert api(quick.user("lee")).post("/api/hints/", {"text": "x"}).status_code == 403
    assert api(quick.user("tess")).post("/api/hints/", {"text": 5}).status_code == 400
