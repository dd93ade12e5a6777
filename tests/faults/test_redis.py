"""Redis killed, stopped, emptied and restarted: commands answer, sockets deliver, deadlines fire (style rule 57).

Redis only makes things faster; every test here says what goes on without it, and that hints and tasks come back.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

import pytest
import redis

from tests.faults.checker import check
from tests.faults.console import Console
from tests.faults.limits import heard_since, let_pass, wait_until_fired
from tests.faults.load import Act, take_call
from tests.stack.fixtures import OwnStack
from tests.stack.session import Session
from tests.stack.stack import Stack

HEALED_WITHIN = 60.0  # seconds until Celery's programs are connected again


@pytest.fixture(scope="module")
def running(module_stack: OwnStack) -> Stack:
    """Web, worker and beat; every test leaves it whole."""
    return module_stack()


@pytest.fixture
def taker(running: Stack) -> Session:
    """A call-taker."""
    return running.sign_in("jiejing1")


@pytest.fixture
def console(running: Stack) -> Iterator[Console]:
    """A dispatcher's console that was open before anything happened."""
    with Console(running.sign_in("paijing1")) as found:
        yield found


def commands(taker: Session, number: int = 5) -> list[Act]:
    """Carry some commands out; each must pass with its first try."""
    acts = [take_call(taker) for _ in range(number)]
    assert [act.tries for act in acts] == [["201"]] * number
    return acts


def last(stack: Stack) -> int:
    """Return the head of the one centre's journal."""
    return int(stack.value("SELECT seq FROM incidents_head"))


def all_goes_on(stack: Stack, taker: Session, console: Console) -> list[Act]:
    """Commands answer, the open socket brings every entry, limits fire once: all that is promised without Redis."""
    began, sockets, fetched = last(stack), console.opened, len(console.fetched)
    acts = commands(taker)
    wait_until_fired(stack, let_pass(stack, taker, 3))
    console.wait_for(last(stack))
    assert (console.opened, len(console.fetched)) == (sockets, fetched), "the socket was lost or missed something"
    heard = [number for number in console.heard if number > began]
    assert heard == list(range(began + 1, heard[-1] + 1))
    return acts


def all_is_well_again(stack: Stack, taker: Session) -> None:
    """Hints go out and are listened for, and the worker works."""
    stack.wait_until(lambda: hinted(stack, taker), "a hint", within=HEALED_WITHIN)
    healed = stack.value("SELECT clock_timestamp()")
    worked = "SELECT 1 FROM incidents_heartbeat WHERE name = 'worker' AND at > %s"
    stack.wait_until(lambda: stack.sql(worked, [healed]), "the worker to work", within=HEALED_WITHIN)
    stack.wait_until(lambda: heard_since(stack, "sweep"), "a sweep")


def hinted(stack: Stack, taker: Session) -> bool:
    """Say whether a command's hint passes through Redis to a process that listens for it."""
    with (
        contextlib.suppress(redis.RedisError),
        redis.Redis.from_url(stack.servers.redis_url, socket_timeout=5) as client,
        client.pubsub() as listener,
    ):
        channels = [name for name in client.pubsub_channels("*") if name.endswith(b"heads")]
        if not channels:
            return False
        listener.subscribe(*channels)
        take_call(taker)
        give_up_at = time.monotonic() + 2
        while time.monotonic() < give_up_at:
            told = listener.get_message(timeout=0.5)
            if told and told["type"] == "message":
                return True
    return False


def restart(stack: Stack) -> None:
    """Restart Redis under the open connections."""
    stack.redis.kill()
    stack.redis.start()


FAULTS: dict[str, tuple[Callable[[Stack], None], Callable[[Stack], None]]] = {
    "killed": (lambda stack: stack.redis.kill(), lambda stack: stack.redis.start()),
    "hanging": (lambda stack: stack.redis.pause(), lambda stack: stack.redis.resume()),
    "emptied": (lambda stack: stack.flush_redis(), lambda stack: None),
    "restarted": (restart, lambda stack: None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_with_redis_gone_everything_goes_on_and_afterwards_all_is_well(
    running: Stack, taker: Session, console: Console, fault: str
) -> None:
    spoil, heal = FAULTS[fault]
    spoil(running)
    try:
        acts = all_goes_on(running, taker, console)
    finally:
        heal(running)
    acts += commands(taker, 2)
    all_is_well_again(running, taker)
    check(running, acts, [console])


def test_a_socket_opened_while_redis_is_away_is_as_good(running: Stack, taker: Session) -> None:
    running.redis.kill()
    try:
        with Console(running.sign_in("paijing2")) as console:
            acts = all_goes_on(running, taker, console)
            check(running, acts, [console])
    finally:
        running.redis.start()
    all_is_well_again(running, taker)
