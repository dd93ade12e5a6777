"""The model of prevention against a plain twin, and on histories in which it is known what is there."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dispatch.evaluation import hotspots, planted
from dispatch.prevention import signals
from dispatch.prevention.model import (
    HOURS,
    Events,
    Grid,
    Knox,
    Settings,
    at_least,
    events_of,
    fit,
    grid_over,
    hot_spots,
    knox,
    near,
    with_near_repeats,
)
from dispatch.prevention.signals import Happened

BOX = [24.46, 117.60, 24.57, 117.78]
GRID = grid_over(BOX, 250.0)


def scattered(count: int, days: float, seed: int, grid: Grid = GRID) -> Events:
    """Return events without any pattern."""
    draw = np.random.default_rng(seed)
    lat, lng = draw.uniform(BOX[0], BOX[2], count), draw.uniform(BOX[1], BOX[3], count)
    return events_of(grid, draw.uniform(0, days, count), lat, lng)


def gauss(distance: float, sigma: float) -> float:
    """Return the weight of scipy's Gaussian at a whole distance, cut at four sigmas."""
    reach = int(4 * sigma + 0.5)
    whole = sum(math.exp(-(one**2) / (2 * sigma**2)) for one in range(-reach, reach + 1))
    return math.exp(-(distance**2) / (2 * sigma**2)) / whole if abs(distance) <= reach else 0.0


def test_the_rate_of_a_cell_is_the_plain_one() -> None:
    grid = Grid(24.46, 117.60, 9, 11, 250.0)
    events = events_of(
        grid, [1.0, 20.5, 40.25, 69.0, 69.5], [24.4650, 24.4651, 24.4700, 24.4660, 24.4790],
        [117.6050, 117.6052, 117.6100, 117.6210, 117.6060],
    )  # fmt: skip
    known = Settings(half_life_days=30.0)
    model = fit(grid, known, events, 70.0, 0.0)
    weights = [0.5 ** ((70 - day) / 30) for day in events.days]
    weeks = sum(0.5 ** ((70 - (hour + 0.5) / 24) / 30) for hour in range(70 * 24)) / 24 / 7
    mean = sum(weights) / grid.cells / weeks
    for cell in (0, 24, 37, grid.cells - 1):
        row, column = divmod(cell, grid.columns)
        near_by = sum(
            weight * gauss(row - int(place) // 11, 1.0) * gauss(column - int(place) % 11, 1.0)
            for place, weight in zip(events.cells, weights, strict=True)
        )
        assert model.weekly[cell] == pytest.approx((near_by + 2 * mean) / (weeks + 2), rel=1e-3)


def test_the_hours_of_a_week_add_up_and_a_neighbourhood_that_has_events_follows_its_own() -> None:
    draw = np.random.default_rng(7)
    days = np.concatenate(
        [draw.uniform(0, 140, 2_000), 4 + 22.5 / 24 + 7 * np.arange(20), 4 + 23.2 / 24 + 7 * np.arange(20)]
    )
    lat = np.concatenate([draw.uniform(BOX[0], BOX[2], 2_000), np.full(40, 24.51)])
    lng = np.concatenate([draw.uniform(BOX[1], BOX[3], 2_000), np.full(40, 117.65)])
    model = fit(GRID, Settings(), events_of(GRID, days, lat, lng), 140.0, 0.0)
    bar = int(GRID.cell_of(*GRID.metres(24.51, 117.65)))
    hours = model.hours(np.arange(GRID.cells))
    assert np.allclose(hours.sum(axis=1), 1.0)
    assert model.base(0, HOURS)[bar] == pytest.approx(model.weekly[bar])
    friday_night = 4 * 24 + 22
    assert hours[bar, friday_night] > 5 * model.profile[friday_night]


def test_a_near_repeat_raises_what_the_plain_integral_says() -> None:
    known = Settings(near_share=0.3)
    north, east = 3_010.0, 2_240.0
    events = Events(
        np.array([10.0]), np.array([north]), np.array([east]), GRID.cell_of(np.array([north]), np.array([east]))
    )
    found = near(GRID, known, events, 11.0, 12.0)
    fading = math.exp(-1 / 7) - math.exp(-2 / 7)

    def share(low: float, middle: float) -> float:
        def below(place: float) -> float:
            return 0.5 * (1 + math.erf((place - middle) / (150.0 * math.sqrt(2))))

        return below(low + 250) - below(low)

    for row, column in ((12, 8), (12, 9), (11, 8), (13, 10)):
        plain = 0.3 * fading * share(row * 250, north) * share(column * 250, east)
        assert found[row * GRID.columns + column] == pytest.approx(plain, rel=1e-9)
    assert found.sum() == pytest.approx(0.3 * fading, rel=1e-2)
    assert near(GRID, replace(known, near_share=0.0), events, 11.0, 12.0).sum() == 0


def test_the_chance_of_so_many_is_the_plain_sum() -> None:
    shape, mean, seen = 3.7, 1.9, 5
    part = shape / (shape + mean)

    def mass(count: int) -> float:
        return float(
            math.gamma(count + shape) / math.gamma(shape) / math.factorial(count) * part**shape * (1 - part) ** count
        )

    plain = 1 - sum(mass(count) for count in range(seen))
    assert at_least(np.array([seen]), np.array([mean]), np.array([shape]))[0] == pytest.approx(plain)


def test_where_nothing_is_nothing_is_told_and_what_is_planted_is_found() -> None:
    told = 0
    for seed in range(8):
        events = scattered(4_000, 210, seed)
        model = fit(GRID, Settings(), events, 182.0, 0.0)
        told += len(hot_spots(model, events, 4, 0.05))
    assert told <= 2, "one false list in twenty is what is stated"
    quiet = scattered(4_000, 210, 1)
    draw = np.random.default_rng(3)
    lat, lng = 24.5201, 117.6703
    new = 182 + 7 * draw.integers(0, 4, 12) + 5 + (21 + draw.uniform(0, 3, 12)) / 24  # Saturday, 21 to 24 h
    planted_cell = int(GRID.cell_of(*GRID.metres(lat, lng)))
    days = np.concatenate([quiet.days, new])
    north, east = GRID.metres(lat, lng)
    order = np.argsort(days)
    events = Events(
        days[order], np.append(quiet.north, np.full(12, north))[order], np.append(quiet.east, np.full(12, east))[order],
        np.append(quiet.cells, np.full(12, planted_cell))[order],
    )  # fmt: skip
    found = hot_spots(fit(GRID, Settings(), events, 182.0, 0.0), events, 4, 0.05)
    assert [one.cell for one in found] == [planted_cell]
    assert abs(found[0].hour - (5 * 24 + 21)) <= 1
    assert found[0].seen >= 10


def test_near_repeats_are_seen_where_they_are_and_the_share_is_fitted() -> None:
    without = scattered(3_000, 182, 5)
    assert knox(without, 200.0, 14.0, rounds=49).chance > 0.05
    assert with_near_repeats(GRID, Settings(), without, 182.0, 0.0).settings.near_share <= 0.05
    found = planted.history(GRID, 26, 5).events
    assert knox(found, 200.0, 14.0, rounds=49).chance <= 0.02
    assert with_near_repeats(GRID, Settings(), found, 182.0, 0.0).settings.near_share >= 0.1


def test_the_forecast_is_held_against_weeks_that_it_has_not_seen() -> None:
    found = planted.history(GRID, 20, 110)
    told = hotspots.evaluate(GRID, found.events, weeks=2, seed=110)
    assert told == hotspots.evaluate(GRID, found.events, weeks=2, seed=110), "the same for the same seed"
    assert told["model"]["pai"] > 3 > told["random"]["pai"] > 0.3
    assert told["events_in_area"] <= told["events"]
    # What comes later changes nothing of what was forecast before.
    first = float(np.ceil(found.events.days[-1] / 7) * 7) - 14
    early = hotspots.evaluate(GRID, found.events.before(first + 7), weeks=1, seed=110)
    assert early["events_known"] == told["events_known"]


def happened(number: int, day: float, lat: float = 24.51, lng: float = 117.65, type: str = "0201") -> Happened:
    """Return one incident."""
    return Happened(number, day, lat, lng, type, "新华路8号")


def test_an_address_is_told_when_it_is_more_often_than_its_own_past() -> None:
    now = 400.0
    fresh = [happened(number, now - number) for number in (1, 5, 9)]
    [found] = signals.addresses(fresh, now)
    assert (found.kind, found.reason["n"], found.incidents, found.type_group) == (
        "repeat_address",
        3,
        (1, 5, 9),
        "0201",
    )
    assert signals.addresses(fresh[:2], now) == []
    hospital = [happened(100 + number, now - 31 - number * 8) for number in range(20)]
    assert signals.addresses([*hospital, *fresh], now) == [], "it calls three times a month anyway"
    elsewhere = [happened(200 + number, now - number, 24.53, 117.70) for number in range(3)]
    assert len(signals.addresses([*fresh, *elsewhere], now)) == 2


def test_a_near_repeat_needs_the_same_type_near_and_soon_and_a_city_that_has_them() -> None:
    known, none = Knox(100, 60.0, 0.01), Knox(100, 98.0, 0.4)
    now = 400.0
    pair = [happened(1, now - 9), happened(2, now - 1, 24.5108)]
    [found] = signals.near_repeats(pair, now, known)
    assert (found.incidents, found.type_group, found.reason["n"]) == ((1, 2), "0201", 2)
    assert signals.near_repeats(pair, now, none) == []
    assert signals.near_repeats([pair[0], happened(2, now - 1, 24.5130)], now, known) == []
    assert signals.near_repeats([pair[0], happened(2, now - 1, type="0204")], now, known) == []
    assert signals.near_repeats([happened(1, now - 20), pair[1]], now, known) == []
