"""What a page says of a simulated stretch of days is what the simulator counted itself, priority by priority."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command

from tests import simulated_month
from tests.people import Cast

SEED = 11
MONTH = pytest.param(30, "road", marks=pytest.mark.soak)


@pytest.mark.parametrize(("length", "policy"), [(4, "straight"), MONTH])
def test_the_five_minute_rate_of_a_page_is_the_simulators_own_count(
    cast: Cast, api: Any, length: int, policy: str
) -> None:
    result = simulated_month.simulate(length, SEED, policy)
    simulated_month.write(cast.centre, cast.station, result)
    call_command("rebuild_statistics", verbosity=0)
    expected = simulated_month.own_count(result)
    assert sum(expected.n.values()) > 100 * length
    first = simulated_month.BEGIN.date()
    query = {"since": first.isoformat(), "until": (first + dt.timedelta(days=length)).isoformat(), "by": "priority"}
    for clock, hits in (("A", expected.hits_a), ("B", expected.hits_b)):
        answer = api(cast.user("sam")).get("/api/statistics/figures/", keys="K7", clock=clock, source="button", **query)
        shown = {
            int(one["value"]): (one["figures"][0]["hits"], one["figures"][0]["n"]) for one in answer.json()["groups"]
        }
        assert {key: shown[key] for key in expected.n} == {key: (hits[key], n) for key, n in expected.n.items()}
        assert 0 < sum(hits.values()) < sum(expected.n.values())
