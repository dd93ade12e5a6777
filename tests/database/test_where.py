"""The location link: asked by text, used once, for thirty minutes, and never sent to a silent caller who did not write."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from incidents import gateways, jobs
from incidents.models import Call, Entry, Job, Message
from incidents.services import calls, texts, where
from incidents.services import gateways as registry
from tests.database.acts import kinds
from tests.people import PLACE, Cast

MOBILE = "19000000001"
HERE = {**PLACE, "accuracy_m": 18.0}


@pytest.fixture
def texting(quick: Cast) -> Cast:
    """The cast's centre with a text service."""
    registry.register_gateway(
        by=None, centre_id=quick.centre.pk, code="sms", name="12110", kind="text", address="http://127.0.0.1:9/"
    )
    return quick


def talking(cast: Cast, **facts: Any) -> Call:
    """A call in progress."""
    said = {"channel": "CH11", "kind": "CK01", "caller_number": MOBILE, **facts}
    return Call.objects.get(pk=calls.take_call(by=cast.actor("tess"), facts=said).pk)


def asked(cast: Cast, call: Call) -> str:
    """Ask the caller and return the secret of the link, out of the text as it goes out."""
    message = where.ask_where(by=cast.actor("tess"), call_id=call.pk)
    found = re.search(r"/where/(\w+)/", texts.outgoing(Message.objects.select_related("call").get(pk=message.pk)))
    assert found is not None
    return found[1]


def test_a_position_comes_by_the_link_once_and_stands_on_the_call_with_its_source_radius_and_time(
    texting: Cast, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = talking(texting, caller_point={**HERE, "source": "operator", "accuracy_m": 800.0})
    token = asked(texting, call)
    sent: list[dict[str, Any]] = []

    def keep(content: dict[str, Any]) -> dict[str, Any]:
        sent.append(content)
        return {}

    monkeypatch.setattr(gateways, "post", lambda gateway, centre, event, content: keep(content))
    jobs.drain()
    assert sent[0]["number"] == MOBILE and token in sent[0]["text"]
    browser = api()
    assert browser.get(f"/api/public/where/{token}/").json()["state"] == "open"
    answer = browser.post(f"/api/public/where/{token}/", {"point": HERE})
    assert answer.json() == {"state": "used", "until": None}
    row = Call.objects.get(pk=call.pk).row()
    [spot] = row["positions"]
    assert (spot["source"], spot["accuracy_m"], spot["crs_in"], spot["lat"]) == (
        "sms_link",
        18.0,
        "WGS84",
        PLACE["lat"],
    )
    assert row["caller_point"]["source"] == "operator"  # the other candidate stays as it came
    assert kinds()[-1] == "call.where_told"
    again = browser.post(f"/api/public/where/{token}/", {"point": HERE})
    assert (again.status_code, "current" in again.json()) == (409, False)
    assert browser.get(f"/api/public/where/{token}/").json()["state"] == "used"


def test_the_secret_stands_nowhere_but_in_the_text_that_goes_out(texting: Cast) -> None:
    token = asked(texting, talking(texting))
    kept = [str(row) for model in (Call, Message, Job) for row in model.objects.values()]
    kept += list(Entry.objects.values_list("body", flat=True))
    assert not any(token in text for text in kept)


def test_a_link_runs_out_after_half_an_hour_and_a_new_one_ends_the_old(texting: Cast, api: Any) -> None:
    call = talking(texting)
    first, browser = asked(texting, call), api()
    second = asked(texting, call)
    assert browser.post(f"/api/public/where/{first}/", {"point": HERE}).status_code == 404
    assert browser.get("/api/public/where/unknown/").status_code == 404
    with time_machine.travel(timezone.now() + where.HOLDS + dt.timedelta(seconds=1), tick=False):
        assert browser.get(f"/api/public/where/{second}/").json()["state"] == "ended"
        assert browser.post(f"/api/public/where/{second}/", {"point": HERE}).status_code == 409
    assert browser.post(f"/api/public/where/{second}/", {"point": {"lat": 24.5, "lng": 117.6}}).status_code == 400
    outside = {"point": {**HERE, "lat": 39.9, "lng": 116.4}}
    assert browser.post(f"/api/public/where/{second}/", outside).status_code == 400
    assert browser.post(f"/api/public/where/{second}/", {"point": HERE}).status_code == 200


def test_a_silent_contact_is_asked_only_in_the_text_that_it_began(texting: Cast, api: Any) -> None:
    desk = api(texting.user("tess"))
    silent = talking(texting, silent=True)
    assert desk.post(f"/api/calls/{silent.pk}/where/").status_code == 409
    wrote = talking(texting, channel="CH21", silent=True)
    assert desk.post(f"/api/calls/{wrote.pk}/where/").status_code == 201
    landline = talking(texting, caller_number="05960000000")
    assert desk.post(f"/api/calls/{landline.pk}/where/").status_code == 409
    assert (
        desk.post(f"/api/calls/{talking(texting, caller_number='', contact_phone=MOBILE).pk}/where/").status_code == 201
    )
    assert Message.objects.filter(direction="out").count() == 2
