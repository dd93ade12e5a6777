"""What all agents of a run share: server, clock, board, tally, and who knows what about which call and incident."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections import OrderedDict
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from dispatch.simulator.board import Board
from dispatch.simulator.client import Account, Reply, Server
from dispatch.simulator.clock import Clock
from dispatch.simulator.people import Pace
from dispatch.simulator.plan import PlannedCall, Scene
from dispatch.simulator.report import Arrival, Tally, arrival_of

Json = dict[str, Any]

CALLS_REMEMBERED: Final = 2_000
TRIES: Final = 4


@dataclass(slots=True)
class Line:
    """One call on the line: what the caller will say, and the record it has at the centre."""

    call: PlannedCall
    call_id: int
    row: Json
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    tries: int = 0


@dataclass(slots=True)
class Known:
    """What the simulator knows of an incident of its own."""

    number: int  # of the call that made it, or minus the incident's id for a patrol's discovery
    scene: Scene | None
    arrival: Arrival | None = None


class World:
    """The shared state of one run."""

    def __init__(self, *, server: Server, clock: Clock, pace: Pace, seed: int, drill: bool, board: Board) -> None:
        self.server, self.clock, self.pace, self.seed, self.drill, self.board = server, clock, pace, seed, drill, board
        self.lines: dict[int, Line] = {}  # by call id, until the call is finished
        self.known: dict[int, Known] = {}  # by incident id
        self.incident_of: OrderedDict[int, int] = OrderedDict()  # call number -> incident id
        self.tasks: set[asyncio.Task[Any]] = set()
        board.listen(self._note_arrival)

    @property
    def tally(self) -> Tally:
        """Return the run's tally."""
        return self.server.tally

    def random(self, *what: object) -> Random:
        """Return the random numbers of one matter: the same for the same seed, whatever else happens."""
        return Random("/".join(str(part) for part in (self.seed, *what)))

    def key_of(self, incident_id: int) -> object:
        """Return what names an incident's random numbers: the number of its call, or its id when it is somebody else's."""
        known = self.known.get(incident_id)
        return known.number if known else f"other-{incident_id}"

    def remember(self, incident_id: int, number: int, scene: Scene | None) -> None:
        """Note that an incident is this run's own."""
        self.known[incident_id] = Known(number, scene)
        self.incident_of[number] = incident_id
        while len(self.incident_of) > CALLS_REMEMBERED:
            self.incident_of.popitem(last=False)
        row = self.board.incident(incident_id)
        if row is not None:
            self._note_arrival("incident", row)

    def _note_arrival(self, noun: str, row: Json) -> None:
        known = self.known.get(row["id"]) if noun == "incident" else None
        if known is not None:
            known.arrival = arrival_of(row)
            if not row["open"]:
                known.scene = None  # only the figures are needed from now on

    def scene_of(self, incident_id: int) -> Scene | None:
        """Return what really happened at an incident of this run."""
        known = self.known.get(incident_id)
        return known.scene if known else None

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run an agent's work beside the others; a failure is counted and shown, and stops nobody else."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fault(error)

    @contextlib.contextmanager
    def guarded(self) -> Iterator[None]:
        """Let an agent survive a fault of one of its acts: the fault is counted and shown."""
        try:
            yield
        except Exception as error:
            self._fault(error)

    def _fault(self, error: BaseException) -> None:
        self.tally.error("".join(traceback.format_exception_only(error)).strip())
        traceback.print_exception(error)

    async def decide(self, account: Account, incident_id: int, act: str, body: Json) -> Reply | None:
        """Make a decision on an incident from the version that is known, again when somebody was quicker.

        Return None when the incident is over or the state does not allow it any more: somebody else has acted.
        """
        row = self.board.incident(incident_id)
        for _ in range(TRIES):
            if row is None or not row["open"]:
                return None
            reply = await account.post(f"/api/incidents/{incident_id}/{act}/", {"version": row["version"], **body})
            if reply.ok:
                self.board.learn("incident", reply.body["incident"])
                return reply
            if reply.body.get("error") != "stale":
                return None
            row = reply.current
        return None
