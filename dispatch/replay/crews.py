"""The accounts of a replay: three seats and one lead for each unit, who come on duty when first needed and go home."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Final

from dispatch.replay import opening
from dispatch.simulator.client import Account, Server

SIGNS_IN_AT_ONCE: Final = 3  # each costs the server an Argon2 hash


class Crews:
    """The sessions of the desk and of the units' leads, each opened when it is first needed."""

    def __init__(self, server: Server, code: str) -> None:
        self.server, self.code = server, code
        self._accounts: dict[str, Account] = {}
        self._units: dict[str, int] = {}
        self._on_duty: set[str] = set()
        self._gate = asyncio.Semaphore(SIGNS_IN_AT_ONCE)
        self._doors: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, name: str) -> Account:
        """Return the account of a seat or unit."""
        if name in self._accounts:
            return self._accounts[name]
        async with self._doors[name], self._gate:
            if name not in self._accounts:
                login, password = opening.login(self.code, name), opening.password(self.code)
                account = Account(self.server, login, password, seat=name[:20])
                await account.sign_in()
                self._accounts[name] = account
        return self._accounts[name]

    async def look(self) -> None:
        """Read the units and who of them is on duty already."""
        reply = await (await self.of("dispatcher")).get("/api/units/")
        self._units = {row["call_sign"]: row["id"] for row in reply.body["units"]}
        self._on_duty = {row["call_sign"] for row in reply.body["units"] if row["shift"]}

    async def bring(self, unit: str) -> int:
        """Bring a unit on duty unless it is, and return its id."""
        account = await self.of(unit)
        async with self._doors[f"shift of {unit}"]:
            if unit not in self._on_duty:
                await account.post("/api/my-unit/shift/", {"unit": self._units[unit]})
                self._on_duty.add(unit)
        return self._units[unit]

    async def end(self, *, go_home: bool) -> None:
        """End the sessions; before that, when the replay is over, send every unit off duty."""

        async def leave(unit: str) -> None:
            await (await self.of(unit)).post("/api/my-unit/shift/end/")

        if go_home:
            await asyncio.gather(*(leave(unit) for unit in self._on_duty))
        await asyncio.gather(*(account.sign_out() for account in self._accounts.values()))
