"""What is to be expected in a cell at an hour of the week: a seasonal Poisson model with near-repeats. Pure.

docs/prevention.md says it in words. The rate of a cell is its smoothed, slowly forgotten past, drawn to the city's mean;
the hour of the week follows the city's profile and, as far as it has events of its own, the neighbourhood's; every event
raises the rate around it for some days. All moments are days since a Monday 00:00 of the city, all places metres.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.spatial import cKDTree
from scipy.special import ndtr
from scipy.stats import nbinom

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HOURS: Final = 168
TINY: Final = 1e-12
METRES_A_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The stated figures of the model."""

    cell_m: float = 250.0
    half_life_days: float = 91.0  # after a quarter an event weighs half
    smooth_m: float = 250.0  # of the base rate
    prior_weeks: float = 2.0  # the city's mean counts like so many weeks of a cell
    hour_smooth: float = 1.5  # hours, around the week's circle
    profile_smooth_m: float = 750.0  # how far a neighbourhood reaches
    profile_prior: float = 60.0  # events of a neighbourhood from which on it is believed half
    near_m: float = 150.0  # near-repeat: standard deviation of the distance
    near_days: float = 7.0  # and mean of the exponential decay
    near_share: float = 0.0  # events that an event brings about; fitted


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of square cells, numbered row by row from the south-west."""

    south: float
    west: float
    rows: int
    columns: int
    cell_m: float

    @property
    def cells(self) -> int:
        """How many there are."""
        return self.rows * self.columns

    def metres(self, lat: Any, lng: Any) -> tuple[Any, Any]:
        """Turn WGS-84 into metres north and east of the south-western corner; flat, good for a city."""
        shrink = math.cos(math.radians(self.south + self.rows * self.cell_m / METRES_A_DEGREE / 2))
        return (lat - self.south) * METRES_A_DEGREE, (lng - self.west) * METRES_A_DEGREE * shrink

    def cell_of(self, north: Any, east: Any) -> Any:
        """Return the cells of points in metres; -1 outside."""
        row, column = np.floor(north / self.cell_m).astype(int), np.floor(east / self.cell_m).astype(int)
        inside = (row >= 0) & (row < self.rows) & (column >= 0) & (column < self.columns)
        return np.where(inside, row * self.columns + column, -1)

    def middle(self, cell: int) -> tuple[float, float]:
        """Return the middle of a cell as latitude and longitude."""
        shrink = math.cos(math.radians(self.south + self.rows * self.cell_m / METRES_A_DEGREE / 2))
        row, column = divmod(cell, self.columns)
        north, east = (row + 0.5) * self.cell_m, (column + 0.5) * self.cell_m
        return self.south + north / METRES_A_DEGREE, self.west + east / METRES_A_DEGREE / shrink


def grid_over(box: list[float] | tuple[float, ...], cell_m: float) -> Grid:
    """Return the grid over a box of south, west, north, east."""
    south, west, north, east = box
    shrink = math.cos(math.radians((south + north) / 2))
    rows = max(1, math.ceil((north - south) * METRES_A_DEGREE / cell_m))
    columns = max(1, math.ceil((east - west) * METRES_A_DEGREE * shrink / cell_m))
    return Grid(south, west, rows, columns, cell_m)


@dataclass(frozen=True, slots=True)
class Events:
    """Events in the order of their moments: days, metres north and east, cell."""

    days: Floats
    north: Floats
    east: Floats
    cells: Ints

    def __len__(self) -> int:
        return len(self.days)

    def before(self, day: float, since: float = -math.inf) -> Events:
        """Return those of a span."""
        kept = slice(*np.searchsorted(self.days, [since, day]))
        return Events(self.days[kept], self.north[kept], self.east[kept], self.cells[kept])


def events_of(grid: Grid, days: Any, lat: Any, lng: Any) -> Events:
    """Return events from moments and coordinates; what lies outside the grid is left out."""
    days = np.asarray(days, dtype=float)
    north, east = grid.metres(np.asarray(lat, dtype=float), np.asarray(lng, dtype=float))
    cells = grid.cell_of(north, east)
    order = np.argsort(days, kind="stable")
    order = order[cells[order] >= 0]
    return Events(days[order], north[order], east[order], cells[order].astype(np.int64))


def hour_of_week(days: Any) -> Any:
    """Return the hours of the week of moments, Monday 00:00 is 0."""
    return np.floor(np.asarray(days) * 24).astype(int) % HOURS


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted model of a centre; `weekly` are events a week by cell, `shape` the evidence behind them."""

    grid: Grid
    settings: Settings
    until: float
    weekly: Floats
    shape: Floats
    profile: Floats  # of the city: shares of the week's hours
    local: Floats  # by cell and hour: events of the neighbourhood, smoothed

    def hours(self, cells: Any) -> Floats:
        """Return the profile of cells: the city's, mixed with what the neighbourhood has of its own."""
        own = self.local[cells]
        prior = self.settings.profile_prior
        mixed = (prior * self.profile + own) / (prior + own.sum(axis=-1, keepdims=True))
        return np.asarray(mixed)

    def base(self, first_hour: int, length: int) -> Floats:
        """Return the expected events of every cell in some hours of the week, without near-repeats."""
        hours = np.arange(first_hour, first_hour + length) % HOURS
        return np.asarray(self.weekly * self.hours(np.arange(self.grid.cells))[:, hours].sum(axis=1))

    def near(self, events: Events, since: float, until: float) -> Floats:
        """Return the events of every cell in a span that the events before it will bring about."""
        return near(self.grid, self.settings, events, since, until)

    def expected(self, events: Events, since: float, until: float) -> Floats:
        """Return the expected events of every cell in a span of whole hours: base and near-repeats."""
        first, length = round(since * 24), round((until - since) * 24)
        share = self.settings.near_share
        return (1 - share) * self.base(first % HOURS, length) + self.near(events, since, until)


def fit(grid: Grid, settings: Settings, events: Events, until: float, since: float) -> Model:
    """Fit the model to the events of a span."""
    known = events.before(until, since)
    weight = np.exp2(-(until - known.days) / settings.half_life_days)
    span = until - since
    weeks = settings.half_life_days / math.log(2) * (1 - 2 ** (-span / settings.half_life_days)) / 7
    counts = np.bincount(known.cells, weight, grid.cells).reshape(grid.rows, grid.columns)
    smooth = gaussian_filter(counts, settings.smooth_m / grid.cell_m, mode="constant")
    mean = counts.sum() / grid.cells / weeks
    shape = smooth.ravel() + settings.prior_weeks * mean
    weekly = shape / (weeks + settings.prior_weeks)
    return Model(
        grid, settings, until, weekly, shape, city_profile(known, weight, settings), local(grid, known, settings)
    )


def city_profile(known: Events, weight: Floats, settings: Settings) -> Floats:
    """Return the shares of the hours of the week, smoothed around the circle; even while there is nothing."""
    counts = np.bincount(hour_of_week(known.days), weight, HOURS) + TINY
    smooth = gaussian_filter1d(counts, settings.hour_smooth, mode="wrap")
    return np.asarray(smooth / smooth.sum())


def local(grid: Grid, known: Events, settings: Settings) -> Floats:
    """Return the events of each cell's neighbourhood by hour of the week, smoothed in place and time."""
    counts = np.zeros((grid.cells, HOURS))
    np.add.at(counts, (known.cells, hour_of_week(known.days)), 1.0)
    shaped = counts.reshape(grid.rows, grid.columns, HOURS)
    sigma = settings.profile_smooth_m / grid.cell_m
    # A kernel that is one in its middle: the sum is of events, not a mean of them.
    peak = 2 * math.pi * sigma**2
    wide = gaussian_filter(shaped, (sigma, sigma, 0), mode="constant") * peak
    return np.asarray(gaussian_filter1d(wide, settings.hour_smooth, axis=2, mode="wrap").reshape(grid.cells, HOURS))


def near(grid: Grid, settings: Settings, events: Events, since: float, until: float) -> Floats:
    """Return what the events before a span bring about in it, by cell: an exponential in time, a Gaussian in place."""
    rate, share = 1 / settings.near_days, settings.near_share
    if share == 0:
        return np.zeros(grid.cells)
    recent = events.before(since, since - 6 * settings.near_days)
    fading = np.exp(-rate * (since - recent.days)) - np.exp(-rate * (until - recent.days))
    reach = math.ceil(3 * settings.near_m / grid.cell_m)
    found = np.zeros((grid.rows, grid.columns))
    row, column = recent.cells // grid.columns, recent.cells % grid.columns
    for down in range(-reach, reach + 1):
        in_row = part(recent.north, row + down, grid.cell_m, settings.near_m)
        for right in range(-reach, reach + 1):
            inside = in_row * part(recent.east, column + right, grid.cell_m, settings.near_m)
            at = (row + down >= 0) & (row + down < grid.rows) & (column + right >= 0) & (column + right < grid.columns)
            np.add.at(found, (row[at] + down, column[at] + right), share * (fading * inside)[at])
    return found.ravel()


def part(place: Floats, number: Ints, cell_m: float, spread_m: float) -> Floats:
    """Return the share of a Gaussian around a place that lies in a row (or column) of cells."""
    return normal((number + 1) * cell_m - place, spread_m) - normal(number * cell_m - place, spread_m)


def normal(distance: Floats, spread: float) -> Floats:
    """Return the distribution function of a centred Gaussian."""
    return np.asarray(ndtr(distance / spread))


SHARES: Final = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
FIT_WEEKS: Final = 4


def with_near_repeats(grid: Grid, settings: Settings, events: Events, until: float, since: float) -> Model:
    """Fit everything: the share of near-repeats is the one under which the last four weeks, day by day, were likeliest
    for a model of what lay before them."""
    held_back = until - 7 * FIT_WEEKS
    if held_back <= since + 7 * FIT_WEEKS:
        return fit(grid, settings, events, until, since)
    early = fit(grid, settings, events, held_back, since)
    one = replace(settings, near_share=1.0)
    days = np.arange(held_back, until)
    base = [early.base(round(day * 24) % HOURS, 24) for day in days]
    raised = [near(grid, one, events, day, day + 1) for day in days]
    seen = [np.bincount(events.before(day + 1, day).cells, minlength=grid.cells) for day in days]

    def likelihood(share: float) -> float:
        rates = [(1 - share) * flat + share * up + TINY for flat, up in zip(base, raised, strict=True)]
        return float(sum((count * np.log(rate) - rate).sum() for count, rate in zip(seen, rates, strict=True)))

    best = max(SHARES, key=likelihood)
    return fit(grid, replace(settings, near_share=best), events, until, since)


# --- hot spots against the expected ---

WINDOW: Final = 3  # hours of the week that are looked at together
LEAST: Final = 3  # events below which nothing is a hot spot


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A cell in which more happened at some hours of the week than was to be expected."""

    cell: int
    hour: int  # of the week, where the window begins
    seen: int
    expected: float
    chance: float  # of so many or more, if nothing had changed


def hot_spots(model: Model, events: Events, weeks: int, false_share: float) -> list[HotSpot]:
    """Return the hot spots of the weeks after the model's end, the surest first, one for each cell.

    The number of events is held against the negative binomial that follows from a Poisson count whose rate is known
    from history with gamma uncertainty. Of all cells and windows those are told that the rule of Benjamini and Hochberg
    lets through at this share of false ones.
    """
    recent = events.before(model.until + 7 * weeks, model.until)
    seen = np.zeros((model.grid.cells, HOURS))
    np.add.at(seen, (recent.cells, hour_of_week(recent.days)), 1.0)
    windows = together(seen)
    cells, hours = np.nonzero(windows >= LEAST)
    if not len(cells):
        return []
    profile = model.hours(np.arange(model.grid.cells))
    share = together(profile)
    expected = model.weekly[cells] * share[cells, hours] * weeks
    counts = windows[cells, hours].astype(int)
    chances = at_least(counts, expected, model.shape[cells])
    found = [
        HotSpot(int(cell), int(hour), int(count), float(mean), float(chance))
        for cell, hour, count, mean, chance in zip(cells, hours, counts, expected, chances, strict=True)
        if chance <= let_through(chances, model.grid.cells * HOURS, false_share)
    ]
    return surest(found)


def together(hours: Floats) -> Floats:
    """Return for every hour of the week the sum of the window that begins with it."""
    return np.asarray(np.sum([np.roll(hours, -shift, axis=1) for shift in range(WINDOW)], axis=0))


def at_least(counts: Ints, expected: Floats, shape: Floats) -> Floats:
    """Return the chances of so many or more events."""
    shape = np.maximum(shape, TINY)
    return np.asarray(nbinom.sf(counts - 1, shape, shape / (shape + np.maximum(expected, TINY))))


def let_through(chances: Floats, tests: int, false_share: float) -> float:
    """Return the greatest chance that passes the rule of Benjamini and Hochberg; below zero when none does."""
    ordered = np.sort(chances)
    passes = np.nonzero(ordered <= false_share * np.arange(1, len(ordered) + 1) / tests)[0]
    return float(ordered[passes[-1]]) if len(passes) else -1.0


def surest(found: list[HotSpot]) -> list[HotSpot]:
    """Keep the surest window of each cell, surest first."""
    best: dict[int, HotSpot] = {}
    for one in sorted(found, key=lambda one: (one.chance, one.cell, one.hour)):
        best.setdefault(one.cell, one)
    return list(best.values())


# --- near-repeats ---


@dataclass(frozen=True, slots=True)
class Knox:
    """How many pairs lie near in place and time, and how many would by chance."""

    pairs: int
    expected: float
    chance: float

    @property
    def ratio(self) -> float:
        """Return how many times more pairs there are than by chance."""
        return self.pairs / self.expected if self.expected else 0.0


def knox(events: Events, near_m: float, near_days: float, rounds: int = 99, seed: int = 110) -> Knox:
    """Return the test of Knox: pairs within a distance and a number of days, against the same places with their moments
    shuffled."""
    if len(events) < 2:
        return Knox(0, 0.0, 1.0)
    pairs = cKDTree(np.column_stack([events.north, events.east])).query_pairs(near_m, output_type="ndarray")
    draw = np.random.default_rng(seed)

    def close(days: Floats) -> int:
        return int((np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) <= near_days).sum())

    seen = close(events.days)
    shuffled = [close(draw.permutation(events.days)) for _round in range(rounds)]
    chance = (1 + sum(one >= seen for one in shuffled)) / (rounds + 1)
    return Knox(seen, float(np.mean(shuffled)), chance)
