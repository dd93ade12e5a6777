"""Whether the forecast of hot spots is worth anything: held-back weeks, shift by shift. Pure.

For each eight-hour shift of a held-back week the cells are ranked by what was known before the shift began; the best five
per cent are taken, and it is counted how many events of the shift happened in them. The area is the part of the city
where anything has happened at all, so that sea and hills make no figure better. PAI is the share of events that were hit
over the share of the area. Beside the model stand last month's counts (the naive rule), all counts of history, and chance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from dispatch.prevention.model import Events, Floats, Grid, Ints, Model, Settings, knox, with_near_repeats

AREA: Final = 0.05
MONTH_DAYS: Final = 28.0
SHIFT: Final = 1 / 3
FITTED_EVERY: Final = 7.0
Ranker = Callable[[float, float], Floats]


def evaluate(grid: Grid, events: Events, *, weeks: int, seed: int, settings: Settings | None = None) -> dict[str, Any]:
    """Return hit rate at 5 % of the area and PAI of the model and of those it is held against, over the last weeks."""
    known, last = settings or Settings(), float(np.ceil(events.days[-1] / 7) * 7)
    first, start = last - 7 * weeks, float(np.floor(events.days[0]))
    area = np.unique(events.before(first).cells)
    draw = np.random.default_rng(seed)
    hits = dict.fromkeys(("model", "base_alone", "last_month", "all_history", "random"), 0)
    count, inside = 0, 0
    share = 0.0
    for week in range(weeks):
        monday = first + 7 * week
        model = with_near_repeats(grid, known, events, monday, start)
        share += model.settings.near_share / weeks
        for number in range(21):
            since = monday + number * SHIFT
            rankings = rankings_of(model, events, since, draw)
            happened = events.before(since + SHIFT, since).cells
            count += len(happened)
            inside += int(np.isin(happened, area).sum())
            for name, ranking in rankings.items():
                hits[name] += int(np.isin(happened, best(ranking, area, draw)).sum())
    return {
        "events_known": len(events.before(first)), "weeks": weeks, "shifts": 21 * weeks, "events": count,
        "events_in_area": inside, "cells": len(area), "cell_m": grid.cell_m, "area": AREA, "seed": seed,
        "near_share": round(share, 3),
        **{name: told(number, count) for name, number in hits.items()},
        "knox": knox_told(events.before(first)),
    }  # fmt: skip


def rankings_of(model: Model, events: Events, since: float, draw: np.random.Generator) -> dict[str, Floats]:
    """Return what each way of ranking gives every cell for a shift."""
    cells = model.grid.cells
    month = np.bincount(events.before(since, since - MONTH_DAYS).cells, minlength=cells).astype(float)
    past = np.bincount(events.before(since).cells, minlength=cells).astype(float)
    first = round(since * 24) % 168
    return {
        "model": model.expected(events, since, since + SHIFT),
        "base_alone": model.base(first, 8),
        "last_month": month,
        "all_history": past,
        "random": draw.uniform(size=cells),
    }


def best(ranking: Floats, area: Ints, draw: np.random.Generator) -> Ints:
    """Return the best cells of the area; equal ones are drawn, so that an order of rows helps nobody."""
    values = ranking[area]
    order = np.lexsort((draw.uniform(size=len(area)), -values))
    return np.asarray(area[order[: max(1, round(AREA * len(area)))]])


def told(hits: int, count: int) -> dict[str, Any]:
    """Return hits as a share of the events and as PAI."""
    rate = hits / max(1, count)
    return {"hits": hits, "hit_rate": round(rate, 4), "pai": round(rate / AREA, 2)}


def knox_told(events: Events) -> dict[str, Any]:
    """Return whether near-repeats are there at all, within 200 m and 14 days."""
    found = knox(events.before(np.inf, events.days[-1] - 182 if len(events) else 0.0), 200.0, 14.0)
    return {"pairs": found.pairs, "ratio": round(found.ratio, 2), "chance": round(found.chance, 3)}
