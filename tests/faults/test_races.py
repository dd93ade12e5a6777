"""Many hands at one thing at once: one wins, the others are told so, nobody deadlocks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from django.utils import timezone

from dispatch import deadlines
from incidents.models import Alert, Deadline, Entry
from tests.database.acts import take
from tests.database.together import together
from tests.faults.checker import check
from tests.faults.load import call_body, carry_through, on_duty, take_call
from tests.people import Cast
from tests.stack.fixtures import OwnStack
from tests.stack.session import Session
from tests.stack.stack import Stack

DISPATCHERS = 20
PATIENCE = 60.0


@pytest.fixture(scope="module")
def web(module_stack: OwnStack) -> Stack:
    """Two web processes on one socket and nothing else: no sweep of Celery's comes between."""
    stack = module_stack("web")
    stack.start_web("web-2")
    return stack


def at_once(acts: Sequence[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Do all acts at one moment."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], httpx.Response]) -> httpx.Response:
        gate.wait(PATIENCE)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def hands(session: Session, number: int) -> list[Session]:
    """Return as many windows of one person, each with a connection of its own."""
    found = []
    for _ in range(number):
        hand = Session(session.base_url, session.username, timeout=PATIENCE)
        hand.client.cookies.update(session.client.cookies)
        hand.csrf, hand.me = session.csrf, session.me
        found.append(hand)
    return found


def post(session: Session, path: str, body: Any, key: str) -> Callable[[], httpx.Response]:
    """Return the act of sending a command."""
    return lambda: session.send("POST", path, body, key=key)


def new_key() -> str:
    """Return a key."""
    return str(uuid.uuid4())


def test_twenty_dispatchers_cannot_assign_one_car_twice(web: Stack) -> None:
    _lead, unit = on_duty(web, "C101")
    taker = web.sign_in("jiejing1")
    found = [take_call(taker) for _ in range(DISPATCHERS)]
    people = [web.sign_in(f"paijing{number}") for number in (1, 2, 3)]
    windows = [hand for person in people for hand in hands(person, 7)][:DISPATCHERS]
    body = {"units": [{"unit": unit, "override_reason": "OV1"}]}
    keys = [new_key() for _ in windows]
    answers = at_once(
        [
            post(window, f"/api/incidents/{act.answer['call']['incident']}/orders/", body, key)
            for window, act, key in zip(windows, found, keys, strict=True)
        ]
    )
    told = Counter((one.status_code, one.json().get("error", "")) for one in answers)
    assert told == {(201, ""): 1, (409, "unit_busy"): DISPATCHERS - 1}
    assert all(one.json()["current"]["id"] == unit for one in answers if one.status_code == 409)
    assert web.value("SELECT count(*) FROM dispatch_assignment WHERE unit_id = %s", [unit]) == 1
    assert web.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    check(web, found)


def test_two_call_takers_cannot_answer_one_call(web: Stack) -> None:
    gate = web.sign_in("jieru")
    takers = [web.sign_in(f"jiejing{number}") for number in (2, 3)]
    calls = [gate.post("/api/calls/", {"channel": "CH11", "state": "waiting"})["call"] for _ in range(5)]
    for call in calls:
        answers = at_once([post(taker, f"/api/calls/{call['id']}/answer/", {}, new_key()) for taker in takers])
        assert sorted(one.status_code for one in answers) == [200, 409], [one.text for one in answers]
        [won] = [one.json()["call"] for one in answers if one.status_code == 200]
        [lost] = [one.json() for one in answers if one.status_code == 409]
        assert (lost["error"], lost["current"]["agent_no"]) == ("wrong_turn", won["agent_no"])
    told = "SELECT body::jsonb #>> '{rows,call,0,id}' AS id FROM incidents_entry WHERE kind = 'call.answered'"
    answered = [int(row["id"]) for row in web.sql(told)]
    assert [answered.count(call["id"]) for call in calls] == [1] * 5
    check(web)


def test_one_key_from_eight_connections_has_one_effect_and_one_answer(web: Stack) -> None:
    taker = web.sign_in("jiejing4")
    for _ in range(3):
        key = new_key()
        windows = hands(taker, 8)
        answers = at_once([post(window, "/api/calls/", call_body(key), key) for window in windows])
        assert {one.status_code for one in answers} <= {201, 409}, [one.text for one in answers]
        assert {one.json()["error"] for one in answers if one.status_code == 409} <= {"in_flight"}
        assert all(one.headers.get("Retry-After") for one in answers if one.status_code == 409)
        rows = [one.json()["call"] for one in answers if one.status_code == 201]
        assert rows
        assert all(row == rows[0] for row in rows)
        first = [one for one in answers if one.status_code == 201 and "Idempotent-Replay" not in one.headers]
        assert len(first) == 1
        check(web, [carry_through(taker, "/api/calls/", call_body(key), key)])


def test_eight_sweepers_fire_sixty_passed_limits_once_each(cast: Cast) -> None:
    incidents = [take(cast) for _ in range(60)]
    limits = Deadline.objects.filter(incident__in=incidents, kind=Deadline.Kind.ORDER)
    assert limits.update(due_at=timezone.now() - dt.timedelta(seconds=1)) == 60
    fired: Any = together([deadlines.sweep] * 8)
    assert sum(fired) == 60
    assert set(limits.values_list("state", flat=True)) == {"missed"}
    told = Counter(Entry.objects.filter(kind="incident.overdue").values_list("incident_id", flat=True))
    assert told == {incident.pk: 1 for incident in incidents}
    assert Alert.objects.filter(kind="order_overdue").count() == 60
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(
        range(1, Entry.objects.count() + 1)
    )
