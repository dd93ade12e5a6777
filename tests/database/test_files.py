"""The printable file of an incident, and the limits that follow the area (R13)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from incidents import limits
from incidents.models import Area, Deadline, Entry
from incidents.services import parties
from tests.database.acts import handled, send, take
from tests.people import Cast

NAME = "卢知遥"


def opened(cast: Cast, name: str, incident_id: int) -> Any:
    """Open the file as a person."""
    client = Client()
    if name:
        client.force_login(cast.user(name), backend="incidents.sessions.Backend")
    return client.get(f"/incidents/{incident_id}/file/")


def test_the_file_tells_everything_in_sentences_and_that_it_was_taken_out(quick: Cast) -> None:
    incident, order = handled(quick)
    parties.add_party(
        by=quick.actor("tess"),
        incident_id=incident.pk,
        kind="person",
        facts={"name": NAME, "description": "红帽子", "id_no": "350600199001010011"},
    )
    page = opened(quick, "dana", incident.pk)
    text = page.content.decode()
    assert page.status_code == 200
    for part in (incident.incident_no, "新华路", order.call_sign, "未见异常", NAME, "自接警起", "自派警起"):
        assert part in text, part
    assert "350600199001010011" not in text
    assert Entry.objects.filter(kind="incident.printed", incident_id=incident.pk).count() == 1
    assert "已派往" in text or "派" in text
    assert "%(" not in text


def test_the_file_masks_what_its_reader_may_not_see(quick: Cast) -> None:
    incident = take(quick, contact_name=NAME, contact_phone="19000000101")
    parties.add_party(by=quick.actor("tess"), incident_id=incident.pk, kind="person", facts={"name": NAME})
    leader = opened(quick, "lee", incident.pk).content.decode()
    assert NAME not in leader
    assert "19000000101" not in leader
    assert NAME in opened(quick, "dana", incident.pk).content.decode()


def test_who_may_not_see_an_incident_gets_no_file(quick: Cast) -> None:
    incident = take(quick, type_reported="1001")  # a complaint: inspectors only (R1)
    assert opened(quick, "lee", incident.pk).status_code == 404
    assert opened(quick, "ina", incident.pk).status_code == 200
    for name in ("omar", "cho", ""):
        assert opened(quick, name, incident.pk).status_code == 403
    assert opened(quick, "dana", 10**9).status_code == 404
    assert Entry.objects.filter(kind="incident.printed").count() == 1


@pytest.mark.parametrize(("code", "minutes"), [("urban", 5), ("suburban", 10), ("rural", 30)])
def test_r13_the_arrival_limit_of_an_order_follows_the_kind_of_area(quick: Cast, code: str, minutes: int) -> None:
    Area.objects.filter(centre=quick.centre, kind=Area.Kind.AREA_KIND).update(code=code)
    incident = take(quick, priority=2)
    order = send(quick, incident)
    assert incident.area_kind == code
    limit = Deadline.objects.get(assignment_id=order.pk, kind=Deadline.Kind.ARRIVE)
    assert limit.due_at - order.dispatched_at == dt.timedelta(minutes=minutes)
    assert limits.of(2).arrive_within == dt.timedelta(minutes=5)
