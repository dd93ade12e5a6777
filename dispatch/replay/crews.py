"""The accounts of a replay: three seats and one lead for each unit, who come on duty before and go home after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from dispatch.replay import opening
from dispatch.simulator.client import Account, Server

SIGNS_IN_AT_ONCE: Final = 3  # each costs the server an Argon2 hash


class Crews:
    """The accounts of a replay: the desk, and one lead for each unit, signed in when they are first needed."""

    def __init__(self, server: Server, code: str) -> None:
        self.server, self.code = server, code
        self._accounts: dict[str, Account] = {}
        self._unit_ids: dict[str, int] = {}
        self._gate = asyncio.Semaphore(SIGNS_IN_AT_ONCE)

    async def of(self, name: str) -> Account:
        """Return the account of a seat or unit."""
        known = self._accounts.get(name)
        if known is not None:
            return known
        async with self._gate:
            if name not in self._accounts:
                account = Account(
                    self.server, opening.login(self.code, name), opening.password(self.code), seat=name[:20]
                )
                await account.sign_in()
                self._accounts[name] = account
        return self._accounts[name]

    async def begin(self, units: list[str], arrived: Callable[[], None]) -> None:
        """Bring the units on duty; one that is there already stays."""
        reply = await (await self.of("dispatcher")).get("/api/units/")
        self._unit_ids = {row["call_sign"]: row["id"] for row in reply.body["units"]}
        on_duty = {row["call_sign"] for row in reply.body["units"] if row["shift"]}

        async def bring(unit: str) -> None:
            account = await self.of(unit)
            if unit not in on_duty:
                await account.post("/api/my-unit/shift/", {"unit": self._unit_ids[unit]})
            arrived()

        await asyncio.gather(*(bring(unit) for unit in units))

    def unit_id(self, unit: str) -> int:
        """Return a unit's id."""
        return self._unit_ids[unit]

    async def end(self) -> None:
        """Send everybody home: units off duty, sessions ended."""
        for name, account in self._accounts.items():
            if name in self._unit_ids:
                await account.post("/api/my-unit/shift/end/")
            await account.sign_out()
