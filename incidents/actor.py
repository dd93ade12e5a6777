"""Who acts, from where, and with which key. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """One person (or adapter) doing one act: passed as `by=` to every command; the clock is None."""

    user_id: int
    centre_id: int
    badge: str
    name: str
    roles: frozenset[str]
    sworn: bool = False
    org_id: int | None = None
    on_unit: int | None = None
    on_team: int | None = None  # the partner team that the person belongs to
    seat: str = ""
    terminal: str = ""
    key: UUID | None = None
    body_hash: bytes = b""
    trace: str = ""
    locked: bool = False  # the screen is locked: only what must not wait is done

    @property
    def place(self) -> str:
        """The seat or terminal that the act came from."""
        return self.seat or self.terminal

    def has(self, *roles: str) -> bool:
        """Tell whether the actor holds one of these roles."""
        return not self.roles.isdisjoint(roles)
