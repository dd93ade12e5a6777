"""The ranking policy as data: one file per version in `dispatch/policies/` (style rule 41). Pure."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).parent / "policies"


class UnknownPolicy(LookupError):
    """No file of this version is shipped."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts for one priority, in seconds of expected arrival; `limit_s` is the arrival limit on clock A."""

    limit_s: float
    miss_s: float
    lacks_s: float
    other_kind_s: float
    drop_s: float
    coverage_s: float
    load_s: float
    weary_s: float
    rest_s: float
    old_fix_s: float


@dataclass(frozen=True, slots=True)
class Strategy:
    """A way of handling for some types, areas and priorities (R8); `cost_s` is what any other unit costs."""

    way: str  # category, direct
    types: tuple[str, ...]
    areas: tuple[str, ...]  # none: everywhere
    priorities: tuple[int, ...]
    cost_s: float


@dataclass(frozen=True, slots=True)
class EarlyWarning:
    """When a foreseen miss becomes an alert and when it ends; `limits` names the limit of each priority."""

    miss_at: float
    clear_at: float
    unreachable_below: float
    limits: dict[int, str]


@dataclass(frozen=True, slots=True)
class Swap:
    """When another unit is proposed for an order: it must gain `gain_s` and that share of the time that is left; the
    proposal stands while it gains `keep_s`, and one that was seen does not come back within `again_after_s`."""

    gain_s: float
    gain_share: float
    keep_s: float
    again_after_s: float


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy."""

    version: int
    of_first: int
    warn_after_s: float
    never_after_s: float
    road_factor: float
    kmh: dict[str, float]
    other_kmh: float
    spread: dict[str, tuple[float, float]]
    least_n: int
    divert_up_to: int
    divert_states: frozenset[str]
    weights: dict[int, Weights]
    needs: dict[str, tuple[str, ...]]
    equipment: dict[str, frozenset[str]]
    warning: EarlyWarning
    swap: Swap
    strategies: tuple[Strategy, ...] = ()

    def strategy_of(self, type_code: str, area_kind: str, priority: int) -> Strategy | None:
        """Return the first way of handling that fits; None means that the nearest unit goes."""
        for one in self.strategies:
            fits = any(type_code.startswith(code) for code in one.types) and priority in one.priorities
            if fits and (not one.areas or area_kind in one.areas):
                return one
        return None

    def needs_of(self, type_code: str) -> tuple[str, ...]:
        """Return the capabilities that a type needs: those of the longest code that it begins with."""
        for length in range(len(type_code), 0, -1):
            if type_code[:length] in self.needs:
                return self.needs[type_code[:length]]
        return ()


@lru_cache(maxsize=1)
def current() -> Policy:
    """Return the newest version."""
    return of(max(int(path.stem) for path in _FOLDER.glob("*.toml")))


@lru_cache(maxsize=16)
def of(version: int) -> Policy:
    """Return one version. Raises UnknownPolicy."""
    path = _FOLDER / f"{version}.toml"
    if not path.is_file():
        raise UnknownPolicy(f"No ranking policy of version {version} is shipped.")
    return _policy(tomllib.loads(path.read_text(encoding="utf-8")))


def _policy(data: dict[str, Any]) -> Policy:
    spread = {name: (pair[0], pair[1]) for name, pair in data["spread"].items() if isinstance(pair, list)}
    return Policy(
        version=data["version"],
        of_first=data["of_first"],
        warn_after_s=data["fix"]["warn_after_s"],
        never_after_s=data["fix"]["never_after_s"],
        road_factor=data["straight"]["road_factor"],
        kmh=data["straight"]["kmh"],
        other_kmh=data["straight"]["other_kmh"],
        spread=spread,
        least_n=data["spread"]["least_n"],
        divert_up_to=data["divert"]["for_priority_up_to"],
        divert_states=frozenset(data["divert"]["states"]),
        weights={int(level): Weights(**weights) for level, weights in data["priority"].items()},
        needs={code: tuple(needs) for code, needs in data["needs"].items()},
        equipment={name: frozenset(words) for name, words in data["equipment"].items()},
        warning=EarlyWarning(
            **{**data["warning"], "limits": {int(level): name for level, name in data["warning"]["limits"].items()}}
        ),
        swap=Swap(**data["swap"]),
        strategies=tuple(
            Strategy(one["way"], tuple(one["types"]), tuple(one["areas"]), tuple(one["priorities"]), one["cost_s"])
            for one in data.get("strategy", [])
        ),
    )
