"""The machines at the border of the shift: an exchange, texts, devices, other bodies."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from dispatch.simulator.border import AlarmReceiver, Body, Exchange, TextService
from tests.stack.stack import Stack, manage

CENTRE = "350600"
BODIES = ("12345", "119", "120", "city")


class Machines:
    """Every gateway with its simulated machine; end them with `close`."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.open = stack, ExitStack()
        self.exchange = Exchange(stack.base_url, f"{CENTRE}/exchange", self.secret("exchange", "exchange"))
        self.alarms = AlarmReceiver(stack.base_url, f"{CENTRE}/alarm", self.secret("alarm", "device"))
        self.texts = self.listening(TextService, "sms", "text")
        self.bodies = {code: self.listening(Body, code, "body") for code in BODIES}

    def secret(self, code: str, kind: str, address: str = "") -> str:
        """Register a gateway and return its secret."""
        said = manage(self.stack.environment, "gateway", code, "--kind", kind, "--address", address)
        return said.split()[-1]

    def listening(self, machine: Any, code: str, kind: str) -> Any:
        """Start a machine that ZZ110 posts to."""
        made = self.open.enter_context(machine(self.stack.base_url, f"{CENTRE}/{code}", ""))
        made.secret = self.secret(code, kind, made.address)
        return made

    def close(self) -> None:
        """Stop listening."""
        self.open.close()
