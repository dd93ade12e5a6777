"""The locked seat: what waits for the PIN, what never does, who may open it, and what the journal says."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from incidents import locking
from incidents.alerts import raise_alert
from incidents.models import Alert, Entry
from incidents.refusals import BadInput
from incidents.roles import ADAPTER, CALL_TAKER, OFFICER
from tests.database.acts import kinds, take
from tests.people import Cast

PASSWORD, PIN = "correct-horse-9", "4827"


@pytest.fixture
def tess(quick: Cast, api: Any) -> Any:
    """Tess at her seat, with a password and a PIN."""
    user = quick.user("tess")
    user.set_password(PASSWORD)
    user.save()
    client = api(quick.user("tess"))
    assert client.post("/api/me/pin/", {"pin": PIN, "password": PASSWORD}).status_code == 200
    return client


def test_a_locked_seat_reads_on_and_writes_nothing_but_what_must_not_wait(quick: Cast, tess: Any) -> None:
    incident = take(quick)
    assert tess.post("/api/session/lock/", {}).json() == {"locked": True}
    assert tess.get("/api/me/").json()["locked"] is True
    assert tess.get(f"/api/incidents/{incident.pk}/").status_code == 200
    refused = tess.post(f"/api/incidents/{incident.pk}/note/", {"text": "x"})
    assert (refused.status_code, refused.json()["error"]) == (423, "locked")
    assert tess.post("/api/ticket/", {}).status_code == 200
    assert tess.post("/api/calls/", {"channel": "CH11", "state": "in_progress"}).status_code == 201
    assert kinds()[-2:] == ["user.locked", "call.answered"]


def test_at_a_locked_seat_only_a_critical_alert_is_acknowledged(quick: Cast, tess: Any) -> None:
    incident = take(quick)
    now = timezone.now()
    for kind, urgent in (("refused", False), ("refused", True)):
        raise_alert(kind, centre_id=quick.centre.pk, by=None, now=now, incident_id=incident.pk, urgent=urgent)
    slight, grave = Alert.objects.order_by("id")
    tess.post("/api/session/lock/", {})
    assert tess.post(f"/api/alerts/{slight.pk}/acknowledge/", {}).status_code == 423
    assert tess.post(f"/api/alerts/{grave.pk}/acknowledge/", {}).status_code == 200


def test_pin_or_password_opens_and_the_journal_says_so(quick: Cast, tess: Any) -> None:
    for secret in (PIN, PASSWORD):
        tess.post("/api/session/lock/", {})
        assert tess.post("/api/session/unlock/", {"secret": "0000"}).json()["error"] == "wrong_pin"
        assert tess.post("/api/session/unlock/", {"secret": secret}).json() == {"locked": False}
    assert kinds()[-4:] == ["user.locked", "user.unlocked"] * 2
    stored = "".join(Entry.objects.filter(kind__startswith="user.").values_list("body", flat=True))
    assert PIN not in stored
    assert quick.user("tess").unlock_tries == 0


def test_wrong_pins_close_the_pin_and_go_on_to_end_the_session(tess: Any) -> None:
    tess.post("/api/session/lock/", {})
    said = [tess.post("/api/session/unlock/", {"secret": f"99{n:02d}"}).json()["error"] for n in range(10)]
    assert said == ["wrong_pin"] * 5 + ["pin_closed"] * 5
    assert tess.get("/api/me/").status_code == 200, "a closed PIN is refused before it counts against the session"
    assert tess.post("/api/session/unlock/", {"secret": PIN}).json()["error"] == "pin_closed"
    assert tess.post("/api/session/unlock/", {"secret": "no-password"}).json()["error"] == "wrong_pin"
    assert tess.get("/api/me/").status_code == 401


def test_another_person_takes_the_seat_over_by_signing_in(quick: Cast, tess: Any) -> None:
    dana = quick.user("dana")
    dana.set_password(PASSWORD)
    dana.save()
    tess.post("/api/session/lock/", {})
    came = tess.post("/api/session/", {"username": dana.username, "password": PASSWORD, "seat": "P1"})
    assert (came.status_code, came.json()["user"]["locked"]) == (200, False)


@pytest.mark.parametrize("pin", ["123", "1111", "1234", "9876", "12a4", "123456789"])
def test_a_pin_that_everybody_tries_first_is_refused(pin: str) -> None:
    with pytest.raises(BadInput):
        locking.pin_hash(pin)


def test_the_time_until_a_screen_locks_follows_the_role_and_the_setting(settings: Any) -> None:
    assert [locking.locks_after_s(frozenset([role])) for role in (CALL_TAKER, OFFICER, ADAPTER)] == [600, 300, 0]
    settings.ZZ110_LOCK_MINUTES = {CALL_TAKER: 15.0, OFFICER: 0.0}
    assert [locking.locks_after_s(frozenset([role])) for role in (CALL_TAKER, OFFICER)] == [900, 0]
