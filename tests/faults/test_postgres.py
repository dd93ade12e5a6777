"""PostgreSQL killed and stopped under load: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import time

import httpx

from tests.faults.checker import check
from tests.faults.console import Console
from tests.faults.load import Load, call_body, carry_through
from tests.stack.fixtures import OwnStack

AGAIN_WITHIN = 10.0  # seconds from the moment the server takes connections


def test_postgres_killed_under_load_loses_nothing_and_doubles_nothing(own_stack: OwnStack) -> None:
    stack = own_stack("web")
    with Console(stack.sign_in("paijing1")) as console:
        with Load(stack) as load:
            for _ in range(3):
                load.wait_for(20)
                before = len(load.heard)
                stack.postgres.kill()
                load.wait_for_doubt(before)
                stack.postgres.start()
                there = time.monotonic()
                load.wait_for(1)
                assert time.monotonic() - there < AGAIN_WITHIN
            load.wait_for(20)
        told = load.told()
        assert not told["500"], told
        check(stack, load.acts, [console])


def test_while_postgres_hangs_nobody_is_told_a_fault_and_all_requests_are_settled_afterwards(
    own_stack: OwnStack,
) -> None:
    stack = own_stack("web")
    with Console(stack.sign_in("paijing1")) as console:
        with Load(stack) as load:
            load.wait_for(20)
            stack.postgres.pause()
            try:
                time.sleep(6)
                assert stack.answers(), "the process itself no longer answers"
            finally:
                stack.postgres.resume()
            there = time.monotonic()
            load.wait_for(5)
            assert time.monotonic() - there < AGAIN_WITHIN
            load.wait_for(20)
        told = load.told()
        assert not [one for one in told if one.isdigit() and one not in ("200", "201", "409", "503")], told
        assert sum(told[one] for one in told if one not in ("200", "201")), f"nobody noticed: {told}"
        check(stack, load.acts, [console])


def test_without_postgres_a_command_is_answered_503_with_the_time_to_come_back(own_stack: OwnStack) -> None:
    stack = own_stack("web")
    taker = stack.sign_in("jiejing1")
    stack.postgres.kill()
    answers: list[httpx.Response] = []
    key = "5b0e6a4e-52a1-4f1e-9d2f-000000000110"
    try:
        for _ in range(2):
            answers.append(taker.send("POST", "/api/calls/", call_body(key), key=key, timeout=30))
    finally:
        stack.postgres.start()
    assert [one.status_code for one in answers] == [503] * 2, [one.text[:300] for one in answers]
    assert all(one.json()["error"] == "try_again" for one in answers)
    assert all(int(one.headers["Retry-After"]) >= 1 for one in answers)
    check(stack, [carry_through(taker, "/api/calls/", call_body(key), key)])
