"""A simulated history with planted patterns, to hold a forecast against what is known to be there. Pure.

Planted, for a seed: a background around places where people live; lasting hot spots with hours of their own (a bar
street on weekend nights, a market on mornings, a school at its end); spots that come up for a few weeks and go; chains
of near-repeats (one event in five brings about another one, nearby and soon). The bandwidths are not the model's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from dispatch.prevention.model import HOURS, Events, Grid, events_of

A_DAY: Final = 26.0
FOLLOWS: Final = 0.2
FOLLOW_M: Final = 110.0
FOLLOW_DAYS: Final = 4.0
TOWNS: Final = 24
SPOTS: Final = 14
COMING: Final = 10
SHARES: Final = {"background": 0.55, "spots": 0.35, "coming": 0.10}


@dataclass(frozen=True, slots=True)
class Planted:
    """The events and where the spots were planted: north, east, first hour of the week, first and last day."""

    events: Events
    spots: list[tuple[float, float, int, float, float]]


def history(grid: Grid, weeks: int, seed: int, a_day: float = A_DAY) -> Planted:
    """Return a history of whole weeks that a seed decides."""
    draw = np.random.default_rng(seed)
    height, width, days = grid.rows * grid.cell_m, grid.columns * grid.cell_m, weeks * 7.0
    total = draw.poisson(a_day * days * (1 - FOLLOWS))
    kinds = draw.choice(3, total, p=list(SHARES.values()))
    towns = np.column_stack([draw.uniform(0.15, 0.85, TOWNS) * height, draw.uniform(0.15, 0.85, TOWNS) * width])
    town = draw.choice(TOWNS, total, p=draw.dirichlet(np.full(TOWNS, 2.0)))
    places = towns[town] + draw.normal(0, 900.0, (total, 2))
    moments = np.floor(draw.uniform(0, days, total)) + evening(draw, total)
    spots = planted_spots(draw, towns, days)
    for kind, (first, count) in {1: (0, SPOTS), 2: (SPOTS, COMING)}.items():
        of_kind = np.flatnonzero(kinds == kind)
        chosen = draw.integers(first, first + count, len(of_kind))
        for number in range(first, first + count):
            mine = of_kind[chosen == number]
            north, east, hour, begins, ends = spots[number]
            places[mine] = np.array([north, east]) + draw.normal(0, 60.0, (len(mine), 2))
            week = np.floor(draw.uniform(begins, ends, len(mine)) / 7) * 7
            moments[mine] = week + ((hour + draw.uniform(0, 3, len(mine))) % HOURS) / 24
    places, moments = with_followers(draw, places, moments, days)
    inside = (moments >= 0) & (moments < days)
    lat, lng = back(grid, places[inside])
    return Planted(events_of(grid, moments[inside], lat, lng), spots)


def evening(draw: np.random.Generator, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return times of day: most in the evening, few before dawn."""
    hours = (draw.normal(19.5, 4.5, count)) % 24
    return np.asarray(hours / 24)


def planted_spots(
    draw: np.random.Generator, towns: np.ndarray[tuple[int, int], np.dtype[np.float64]], days: float
) -> list[tuple[float, float, int, float, float]]:
    """Return the lasting spots, then those that come up for three to eight weeks."""
    found = []
    for number in range(SPOTS + COMING):
        north, east = towns[draw.integers(len(towns))] + draw.normal(0, 700.0, 2)
        hour = int(draw.choice([22 + 24 * 4, 22 + 24 * 5, 7, 31, 16 + 24 * 2, 20 + 24 * 6]))
        begins, ends = 0.0, days
        if number >= SPOTS:
            begins = float(draw.uniform(0, days - 21))
            ends = min(days, begins + float(draw.uniform(21, 56)))
        found.append((float(north), float(east), hour, begins, ends))
    return found


def with_followers(
    draw: np.random.Generator,
    places: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    moments: np.ndarray[tuple[int], np.dtype[np.float64]],
    days: float,
) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Add what events bring about, and what that brings about, until nothing follows."""
    all_places, all_moments, new_places, new_moments = [places], [moments], places, moments
    while len(new_moments):
        chosen = np.flatnonzero(draw.uniform(size=len(new_moments)) < FOLLOWS)
        new_places = new_places[chosen] + draw.normal(0, FOLLOW_M, (len(chosen), 2))
        new_moments = new_moments[chosen] + draw.exponential(FOLLOW_DAYS, len(chosen))
        all_places.append(new_places)
        all_moments.append(new_moments)
    return np.concatenate(all_places), np.concatenate(all_moments)


def back(grid: Grid, places: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> tuple[object, object]:
    """Turn metres back into WGS-84."""
    zero, one = grid.metres(grid.south, grid.west), grid.metres(grid.south + 1, grid.west + 1)
    return grid.south + places[:, 0] / (one[0] - zero[0]), grid.west + places[:, 1] / (one[1] - zero[1])
