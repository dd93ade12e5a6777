"""One run: everybody signs in, works until the time is over or somebody stops it, and leaves the place tidy."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from dispatch.simulator import city, people, plan
from dispatch.simulator.back_office import BackOffice
from dispatch.simulator.board import Board
from dispatch.simulator.call_takers import CallTaker
from dispatch.simulator.callers import Telephony
from dispatch.simulator.client import Account, Server, SignInRefused
from dispatch.simulator.clock import Clock
from dispatch.simulator.dispatchers import Desk
from dispatch.simulator.officers import Officer
from dispatch.simulator.report import Tally, status_line, summary
from dispatch.simulator.streets import streets
from dispatch.simulator.world import World

Json = dict[str, Any]

SAYS_EVERY_S: Final = 10.0
# How long the end may take: at the end of the time, and on a signal, after which the supervisor kills in eight seconds.
ENDS_AGENTS_WITHIN_S: Final = {False: 15.0, True: 2.0}
TIDIES_WITHIN_S: Final = {False: 30.0, True: 4.5}
OPENS_WITHIN_S: Final = 90.0
SIGNS_IN_AT_ONCE: Final = 3  # each costs the server an Argon2 hash
START_HOUR: Final = 8  # of the agents' day
OWN_MARK: Final = "SIM-"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked for; `minutes` are of the agents' clock, None means until stopped."""

    url: str
    seed: int = 1
    speed: float = 1.0
    minutes: float | None = None
    pace: str = "full"
    calls_a_day: float | None = None
    start_hour: int = START_HOUR
    drill: bool = False


class Simulation:
    """The agents of one run."""

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options, self.say = options, say
        self.pace = people.pace(options.pace, options.calls_a_day)
        self.server = Server(options.url, Tally())
        self.stopped = asyncio.Event()
        self.accounts: dict[str, Account] = {}
        self.officers: list[Officer] = []
        self.takers: list[CallTaker] = []
        self._signing_in = asyncio.Semaphore(SIGNS_IN_AT_ONCE)

    async def run(self) -> Json:
        """Play until the end and return the summary."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stopped.set)
        streets()
        places = city.spots()
        try:
            if await self._until_stopped(self._sign_in_desk()):
                return self._summary(0.0)
            world = self.world = self._set_up()
            started = time.monotonic()
            if not await self._until_stopped(self._open(world)):
                planned = plan.calls(self.options.seed, self.pace.rate, places, self.options.start_hour)
                world.clock.started = time.monotonic()
                world.spawn(self.telephony.run(planned))
                world.spawn(self._say_regularly(world))
                await self._wait()
            ran = time.monotonic() - started
            await self._tidy(world)
            return self._summary(ran)
        finally:
            await self.server.close()

    async def _until_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do some work unless the run is stopped meanwhile; tell whether it was."""
        task, stop = asyncio.ensure_future(work), asyncio.ensure_future(self.stopped.wait())
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not task.done():
            task.cancel()
            return True
        await task
        return self.stopped.is_set()

    # --- the beginning ---

    async def _sign_in_desk(self) -> None:
        for number, name in enumerate(self.pace.call_takers, 1):
            await self._sign_in(name, seat=f"J{number + 10}")
        for number, name in enumerate(self.pace.dispatchers, 1):
            await self._sign_in(name, seat=f"P{number + 13}")
        for name in (people.ADAPTER, people.COMMANDER, people.REVIEWER):
            await self._sign_in(name)

    async def _sign_in(self, name: str, *, seat: str = "", terminal: str = "") -> Account:
        async with self._signing_in:
            account = Account(self.server, name, people.PASSWORD, seat=seat, terminal=terminal)
            await account.sign_in()
        self.accounts[name] = account
        return account

    def _set_up(self) -> World:
        options, accounts = self.options, self.accounts
        board = Board(accounts[self.pace.dispatchers[0]])
        world = World(
            server=self.server,
            clock=Clock(options.speed),
            pace=self.pace,
            seed=options.seed,
            drill=options.drill,
            board=board,
        )
        self.telephony = Telephony(world, accounts[people.ADAPTER])
        self.desk = Desk(world)
        BackOffice(world, accounts[people.COMMANDER], accounts[people.REVIEWER])
        commander = accounts[people.COMMANDER]
        self.takers = [
            CallTaker(world, accounts[name], self.telephony, self.desk, commander) for name in self.pace.call_takers
        ]
        return world

    async def _open(self, world: World) -> None:
        """Open the board, clear what a killed run has left, bring the units on duty, start the seats."""
        world.spawn(world.board.live.run())
        gives_up_at = time.monotonic() + OPENS_WITHIN_S
        while not world.board.live.is_open:
            if time.monotonic() > gives_up_at:
                raise SignInRefused(f"the live feed of {self.options.url} does not open")
            await asyncio.sleep(0.05)
        await self._clear_up(world)
        await asyncio.gather(*(self._bring(world, crew) for crew in people.crews(self.pace.units)))
        for name in self.pace.dispatchers:
            world.spawn(self.desk.run(self.accounts[name]))
        for taker in self.takers:
            world.spawn(taker.run())
        world.spawn(self.desk.look_after_orders())

    async def _bring(self, world: World, crew: people.Crew) -> None:
        account = await self._sign_in(crew.lead, terminal=f"T-{crew.call_sign}")
        officer = Officer(world, account, crew)
        if await officer.come_on_duty():
            self.officers.append(officer)
            world.spawn(officer.run())

    async def _clear_up(self, world: World) -> None:
        """Give the calls of a run that was killed their outcome; nobody is on those lines any more."""
        for taker in self.takers:
            await taker.settle()
        adapter, commander = self.accounts[people.ADAPTER], self.accounts[people.COMMANDER]
        left = [row for row in world.board.rows["call"].values() if row["recording_id"].startswith(OWN_MARK)]
        for row in left:
            if row["state"] == "waiting":
                await adapter.post(f"/api/calls/{row['id']}/lose/")
            if row["state"] in ("waiting", "lost"):
                await commander.post(f"/api/calls/{row['id']}/call-back/", {"answered": False})
                await commander.post(f"/api/calls/{row['id']}/finish/", {"kind": "CK11", "closing_reason": "CL4"})

    # --- the time between ---

    async def _wait(self) -> None:
        seconds = self.options.minutes * 60 / self.options.speed if self.options.minutes is not None else None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopped.wait(), seconds)

    async def _say_regularly(self, world: World) -> None:
        while True:
            await asyncio.sleep(SAYS_EVERY_S)
            self.say(status_line(world.tally.counts, world.tally, world.clock.now() / 60))

    # --- the end ---

    async def _tidy(self, world: World) -> None:
        """Stop the agents, give open calls an outcome, send units without an order off duty, sign everybody out."""
        hurried = self.stopped.is_set()
        await self._end_agents(world, ENDS_AGENTS_WITHIN_S[hurried])
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._leave(world), TIDIES_WITHIN_S[hurried])

    async def _end_agents(self, world: World, within: float) -> None:
        """End every agent, but none while it waits for an answer: what has happened is to be counted."""
        gives_up_at = time.monotonic() + within
        while world.tasks:
            for task in list(world.tasks):
                if task not in self.server.asking or time.monotonic() > gives_up_at:
                    task.cancel()
            await asyncio.sleep(0.02)

    async def _leave(self, world: World) -> None:
        adapter = self.accounts[people.ADAPTER]
        ringing = [
            line for line in world.lines.values() if not line.answered.is_set() and line.row["state"] == "waiting"
        ]
        lost = await asyncio.gather(*(adapter.post(f"/api/calls/{line.call_id}/lose/") for line in ringing))
        world.tally.add("lost_calls", sum(reply.ok for reply in lost))
        await asyncio.gather(
            *(taker.settle() for taker in self.takers), *(officer.settle() for officer in self.officers)
        )
        await asyncio.gather(*(account.sign_out() for account in self.accounts.values()))

    def _summary(self, ran: float) -> Json:
        arrivals = [known.arrival for known in self.world.known.values() if known.arrival] if self.takers else []
        return summary(self.server.tally, arrivals, now=time.time(), speed=self.options.speed, ran=ran)
