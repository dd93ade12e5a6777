"""A small load of real commands over HTTP, each with its key, the doubtful ones sent again with the same key.

Every worker is a call-taker, a dispatcher and the lead of a unit of its own: it takes a call with its incident, sends
its unit, moves the order to its end, and begins anew. Nobody competes, so that every refusal is a fault.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.stack.session import Session
from tests.stack.stack import Stack

PLACE = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}
UNITS = ("C101", "C102", "C103", "C104", "C105", "C106")
PATIENCE = 90.0  # seconds that a client keeps asking for the answer of one act
ONE_TRY = 4.0  # seconds until a client doubts that an answer comes

Hear = Callable[[str], None]


@dataclass
class Act:
    """One command of one person and what became of it: `status` 0 means that no answer has said it."""

    key: str
    actor: int
    path: str
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict, repr=False)
    tries: list[str] = field(default_factory=list)  # what each try brought: a status or the name of an error
    at: float = 0.0  # monotonic moment of the answer

    @property
    def done(self) -> bool:
        """The client was told that it happened."""
        return self.status in (200, 201)

    @property
    def refused(self) -> bool:
        """The client was told that it did not happen."""
        return 400 <= self.status < 500


def carry_through(
    session: Session, path: str, body: dict[str, Any], key: str | None = None, hear: Hear = lambda word: None
) -> Act:
    """Send a command until an answer says what became of it, always with the same key; `hear` is told of each try.

    No answer, 503 and a 409 with Retry-After (the key is in flight) are doubtful; any other answer is final.
    """
    act = Act(key or str(uuid.uuid4()), session.me["id"], path)
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        try:
            response = session.send("POST", path, body, key=act.key, timeout=ONE_TRY)
        except httpx.HTTPError as error:
            act.tries.append(type(error).__name__)
            hear(act.tries[-1])
            time.sleep(random.uniform(0.1, 0.4))
            continue
        act.tries.append(str(response.status_code))
        hear(act.tries[-1])
        if response.status_code == 503 or "Retry-After" in response.headers:
            assert response.headers.get("Retry-After"), response.text
            time.sleep(random.uniform(0.1, 0.4))
            continue
        act.status, act.at = response.status_code, time.monotonic()
        if response.status_code < 500:
            act.answer = response.json()
        return act
    return act


def call_body(key: str) -> dict[str, Any]:
    """Return a call with its incident; the recording's number marks whose effect it is."""
    return {
        "channel": "CH11",
        "kind": "CK01",
        "caller_number": "19000000101",
        "recording_id": key,
        "incident": {"type_reported": "020101", "address_text": "新华路", "point": PLACE},
    }


def take_call(session: Session, hear: Hear = lambda word: None) -> Act:
    """Take a call with its incident."""
    key = str(uuid.uuid4())
    return carry_through(session, "/api/calls/", call_body(key), key, hear)


def on_duty(stack: Stack, call_sign: str) -> tuple[Session, int]:
    """Sign the lead of a unit in, start the shift and return the session and the unit's id."""
    lead = stack.sign_in(f"{call_sign.lower()}a")
    unit = stack.value("SELECT id FROM patrol_unit WHERE call_sign = %s", [call_sign])
    lead.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    return lead, unit


class Load:
    """Some workers, each in a thread: `with Load(stack) as load`; leaving it lets every story end."""

    def __init__(self, stack: Stack, workers: int = 4, pause: float = 0.05) -> None:
        """Sign everybody in and start the shifts; nothing is sent yet."""
        self.acts: list[Act] = []
        self.errors: list[BaseException] = []
        self.heard: list[str] = []  # what each try brought, in order, also of acts that are still under way
        self.pause = pause
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(self._people(stack, number),), name=f"load-{number}", daemon=True)
            for number in range(workers)
        ]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in self._threads), "a story of the load does not end"
        assert not self.errors, self.errors

    def wait_for(self, done: int, within: float = 60.0) -> None:
        """Wait until so many more acts have been acknowledged."""
        wanted = self.acknowledged + done
        give_up_at = time.monotonic() + within
        while self.acknowledged < wanted and not self.errors:
            assert time.monotonic() < give_up_at, f"{self.acknowledged} of {wanted} acknowledged; {self.told()}"
            time.sleep(0.02)

    def wait_for_doubt(self, since: int, within: float = 60.0) -> None:
        """Wait until a try after the first `since` was told 503 or got no answer: only then is it certain that somebody
        asked while something was away. Who waits for a connection may be given up by the client before the 503 comes."""
        give_up_at = time.monotonic() + within
        while not self.doubtful(since) and not self.errors:
            assert time.monotonic() < give_up_at, f"nobody asked; {Counter(self.heard)}"
            time.sleep(0.02)

    def doubtful(self, since: int = 0) -> list[str]:
        """Return what tries after the first `since` brought, other than an acknowledgement."""
        return [word for word in self.heard[since:] if word not in ("200", "201")]

    @property
    def acknowledged(self) -> int:
        """How many acts were acknowledged."""
        return sum(act.done for act in self.acts)

    def told(self) -> Counter[str]:
        """Count what all tries brought."""
        return Counter(one for act in self.acts for one in act.tries)

    def _people(self, stack: Stack, number: int) -> tuple[Session, Session, Session, int]:
        taker = stack.sign_in(f"jiejing{number % 6 + 1}")
        dispatcher = stack.sign_in(f"paijing{number % 3 + 1}")
        return (taker, dispatcher, *on_duty(stack, UNITS[number]))

    def _work(self, people: tuple[Session, Session, Session, int]) -> None:
        try:
            while not self._over.is_set():
                self._story(*people)
        except BaseException as error:
            self.errors.append(error)

    def _story(self, taker: Session, dispatcher: Session, lead: Session, unit: int) -> None:
        """Take one event from the call to the end of its order."""
        incident = self._keep(take_call(taker, self.heard.append)).answer["call"]["incident"]
        chosen = {"unit": unit, "override_reason": "OV1"}
        order = self._keep(self._act(dispatcher, f"/api/incidents/{incident}/orders/", {"units": [chosen]}))
        path = f"/api/assignments/{order.answer['assignments'][0]['id']}"
        for move, body in (("accept", {}), ("depart", {}), ("arrive", {}), ("finish", {"result_code": "RS16"})):
            self._keep(self._act(lead, f"{path}/{move}/", body))

    def _act(self, session: Session, path: str, body: dict[str, Any]) -> Act:
        return carry_through(session, path, body, hear=self.heard.append)

    def _keep(self, act: Act) -> Act:
        self.acts.append(act)
        assert act.done, f"{act}: {act.answer}"
        time.sleep(self.pause)
        return act
