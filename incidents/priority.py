"""Which priority the facts propose: a hint, a person decides (domain 7.2). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LOWEST = 4
DANGERS = ("weapon", "hazmat", "explosion_leak")


def propose(type_priority: int | None, facts: Mapping[str, Any]) -> int:
    """Return 1 to 4: the type's default, 1 when a danger question was answered yes, at most 2 with a death."""
    proposed = type_priority or 3
    if any(facts.get(name) == "yes" for name in DANGERS):
        return 1
    if (facts.get("dead") or 0) > 0:
        proposed = min(proposed, 2)
    return min(proposed, LOWEST)
