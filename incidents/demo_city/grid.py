"""The community grids of the demo city: who answers for which, and the partner teams. Every name and number is invented."""

from __future__ import annotations

from typing import Any, Final

WORKER: Final = "0136"  # wangge1
# Grids around the old town, each with the badge of the sworn lead of a station car that is its officer.
GRIDS: Final = ("G0304", "G0403", "G0404", "G0405", "G0504")
OFFICER_USER: Final = "s404a"

# Name, call sign, kind, grid, leader, telephone, members, badges of the team's accounts.
TEAMS: Final[tuple[tuple[str, str, str, str, str, str, int, tuple[str, ...]], ...]] = (
    ("闽南护街队", "T801", "patrol", "G0404", "卓向阳", "19000000801", 12, ("0145",)),
    ("龙江平安志愿队", "T802", "volunteer", "G0405", "蓝嘉树", "19000000802", 20, ("0146",)),
    ("古城法律援助站", "", "legal_aid", "G0404", "苏文博", "19000000803", 4, ()),
)


def teams() -> list[dict[str, Any]]:
    """Return the facts of the teams as the command takes them."""
    names = ("name", "call_sign", "kind", "grid", "leader", "phone", "members")
    return [dict(zip(names, one[:-1], strict=True)) for one in TEAMS]


def accounts() -> dict[str, list[str]]:
    """Return the badges of each team's accounts by its name."""
    return {one[0]: list(one[-1]) for one in TEAMS if one[-1]}
