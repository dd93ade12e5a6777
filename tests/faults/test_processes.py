"""Worker, beat and web processes killed: deadlines still fire once, requests in flight are settled by their key."""

from __future__ import annotations

import time

from tests.faults.checker import check
from tests.faults.console import Console
from tests.faults.limits import heard_since, let_pass, wait_until_fired
from tests.faults.load import Load
from tests.stack.fixtures import OwnStack


def test_with_worker_and_beat_killed_the_web_process_fires_every_limit_once(own_stack: OwnStack) -> None:
    stack = own_stack()
    taker = stack.sign_in("jiejing1")
    with Console(stack.sign_in("paijing1")) as console:
        running = let_pass(stack, taker, 10)  # some of these are in the worker's hands when it dies
        stack.kill_worker()
        stack.kill_beat()
        wait_until_fired(stack, running)
        wait_until_fired(stack, let_pass(stack, taker, 10))
        stack.wait_until(lambda: heard_since(stack, "sweep"), "the web process to sweep")
        stack.start_worker()
        stack.start_beat()
        began = stack.value("SELECT clock_timestamp()")
        worked = "SELECT 1 FROM incidents_heartbeat WHERE name = 'worker' AND at > %s"
        stack.wait_until(lambda: stack.sql(worked, [began]), "the worker to work again")
        wait_until_fired(stack, let_pass(stack, taker, 5))
        check(stack, consoles=[console])


def test_a_web_process_killed_under_load_loses_and_doubles_nothing(own_stack: OwnStack) -> None:
    stack = own_stack("web")
    with Console(stack.sign_in("paijing1")) as console:
        with Load(stack) as load:
            for _ in range(3):
                load.wait_for(20)
                stack.kill_web()
                stack.start_web()
            load.wait_for(20)
        told = load.told()
        assert sum(times for try_, times in told.items() if not try_.isdigit()), f"nothing was in flight: {told}"
        assert not [try_ for try_ in told if try_.startswith("5") and try_ != "503"], told
        check(stack, load.acts, [console])
        assert console.opened > 1


def test_one_of_two_web_processes_killed_is_hardly_noticed(own_stack: OwnStack) -> None:
    stack = own_stack("web")
    stack.start_web("web-2")
    with Load(stack) as load:
        load.wait_for(20)
        killed_at = time.monotonic()
        stack.kill_web("web-2")
        load.wait_for(40)
    assert load.acts
    assert min(act.at for act in load.acts if act.at > killed_at) - killed_at < 10
    check(stack, load.acts)
