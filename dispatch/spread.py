"""How long it takes until a unit is there, as a distribution: accept delay, turnout, time on the road. Pure.

Each part is lognormal: seconds for the delays, actual over estimated time for the road. Delays are added by their
quantile points, the road's spread is then exact: P(T ≤ limit) is the mean over the points q of the preparation of
Φ((ln((limit − q) / estimate) − μ) / σ).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from dispatch.policy import Policy

Floats = NDArray[np.float64]

POINTS: Final = 24
LEAST_S: Final = 1.0  # a unit at the spot still needs a second
ALMOST_OVER_S: Final = 3.0  # what is left of a delay that has outlasted every point
NARROWEST, WIDEST = 0.05, 1.2  # of a fitted standard deviation: a history of equal values would claim certainty
SHIPPED, HISTORY = "shipped", "history"


@dataclass(frozen=True, slots=True)
class Part:
    """One lognormal part: mean and standard deviation of the logarithm, the number of cases, and where it is from."""

    mu: float
    sigma: float
    n: int = 0
    source: str = SHIPPED

    @property
    def mean(self) -> float:
        """Return the expected value."""
        return math.exp(self.mu + self.sigma**2 / 2)


@dataclass(frozen=True, slots=True)
class Spread:
    """The parameters of an arrival; `road` and `straight` are ratios to the estimate of that basis."""

    accept: Part
    turnout: Part
    road: Part
    straight: Part

    def way(self, basis: str) -> Part:
        """Return the part for a time on the road of a basis."""
        return self.road if basis == "road" else self.straight

    def row(self) -> dict[str, dict[str, Any]]:
        """Return the parameters as they are stored and shown."""
        return {
            name: {"mu": part.mu, "sigma": part.sigma, "n": part.n, "source": part.source}
            for name, part in (
                ("accept", self.accept),
                ("turnout", self.turnout),
                ("road", self.road),
                ("straight", self.straight),
            )
        }


def shipped(policy: Policy) -> Spread:
    """Return the parameters of the policy's file."""
    return Spread(**{name: Part(mu, sigma) for name, (mu, sigma) in policy.spread.items()})


def from_row(row: dict[str, dict[str, Any]]) -> Spread:
    """Return parameters as they were stored by `row()`."""
    return Spread(**{name: Part(**values) for name, values in row.items()})


def fitted(policy: Policy, history: Mapping[str, Sequence[float]]) -> Spread:
    """Fit each part to its cases (seconds, or ratios) where there are enough; else the shipped one, with its n.

    Cases that are not positive are left out; figures are rounded so that storing them loses nothing."""
    parts = {}
    for name, (mu, sigma) in policy.spread.items():
        logs = [math.log(value) for value in history.get(name, ()) if value > 0]
        if len(logs) < policy.least_n:
            parts[name] = Part(mu, sigma, len(logs))
            continue
        centre = sum(logs) / len(logs)
        width = math.sqrt(sum((one - centre) ** 2 for one in logs) / (len(logs) - 1))
        parts[name] = Part(round(centre, 4), round(min(WIDEST, max(NARROWEST, width)), 4), len(logs), HISTORY)
    return Spread(**parts)


@lru_cache(maxsize=4_096)
def preparation(spread: Spread, state: str = "", waited_s: int = 0) -> Floats:
    """Return equally likely seconds until the unit moves off, for an order in a state since `waited_s` seconds.

    "" is an order that is not sent yet. A delay that lasts already is at least as long as it has lasted.
    """
    if state in ("", "dispatched", "delivered"):
        accept = _left(_points(spread.accept), waited_s if state else 0)
        return _reduced(np.add.outer(accept, _points(spread.turnout)).ravel())
    if state == "accepted":
        return _left(_points(spread.turnout), waited_s)
    return np.zeros(1)


def _points(part: Part) -> Floats:
    middles = (np.arange(POINTS) + 0.5) / POINTS
    return np.asarray(np.exp(part.mu + part.sigma * ndtri(middles)), dtype=np.float64)


def _left(points: Floats, waited_s: float) -> Floats:
    rest = points[points > waited_s] - waited_s
    return rest if len(rest) else np.array([ALMOST_OVER_S])


def _reduced(values: Floats) -> Floats:
    """Return a few equally likely values for many: the means of equal groups of them in their order."""
    if len(values) % POINTS:
        values = np.repeat(values, POINTS)
    return np.asarray(np.sort(values).reshape(POINTS, -1).mean(axis=1), dtype=np.float64)


def chances(ready: Floats, way: Part, estimates: Floats, limits: Floats) -> Floats:
    """Return the probability of being there within each limit (seconds from now) for each estimate (seconds of road):
    an array of estimates × limits. An infinite estimate has none."""
    left = limits[None, :, None] - ready[None, None, :]
    road = np.maximum(estimates, LEAST_S)[:, None, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = (np.log(np.where(left > 0, left, np.nan) / road) - way.mu) / way.sigma
    return np.asarray(np.nan_to_num(ndtr(depth), nan=0.0).mean(axis=2), dtype=np.float64)


def expected(ready: Floats, way: Part, estimates: Floats) -> Floats:
    """Return the expected seconds from now until arrival for each estimate."""
    return np.asarray(float(ready.mean()) + np.maximum(estimates, LEAST_S) * way.mean, dtype=np.float64)
