"""What the sections of the pages ask when they are opened, as the browser sends it: each request through the whole web
application (session, rights, answer as JSON), with the presets of the period and the longest period that may be asked.

The requests of a section are asked one after the other in this process, and beside each other in two, as a browser does
it of two web processes.
"""

from __future__ import annotations

import datetime as dt
import gc
import multiprocessing
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import time_machine

from tests.bench.figures import emit, percentile
from tests.bench.statistics_rows import NOW, Span

REPEATS = 20
PROCESSES = 2
LONGEST = 3 * 365  # days: what one question may ask for
PAIRS = "K1,K2,K3,K7,K8,K9,K18,K12,K13,K14,K16,K15,K20,K17,K10,K11,volume,K19"
Asked = tuple[str, dict[str, Any]]
_client: Any = None  # of a process that answers


def sections(since: dt.date, until: dt.date) -> dict[str, list[Asked]]:
    """Return the requests of each section of the statistics page, with what stands in its controls at first."""
    span = {"since": since, "until": until}
    basis = {**span, "clock": "A", "source": "published"}
    short = {"since": max(since, until - dt.timedelta(days=91)), "until": until}
    per, columns = {"per": "day"}, {"shape": "columns"}  # static/js/dashboard/columns.js
    return {
        "trends": [
            ("series", {"keys": "K7", "measure": "rate", **per, **columns, **basis}),
            ("series", {"keys": "K9", "measure": "p90", **per, **columns, **basis}),
            ("series", {"keys": "volume", "measure": "incidents", **per, **columns, **span}),
        ],
        "pairs": [("figures", {"keys": PAIRS, "against": "previous", **basis})],
        "stations": [
            (
                "series",
                {"keys": "K7", "measure": "rate", "by": "station", "per": "week", "split": 1, **columns, **basis},
            )
        ],
        "heat": [("figures", {"keys": "K9", "measure": "p90", "by": "slot", **columns, **basis})],
        "cells": [("figures", {"keys": "K9", "measure": "p90", "by": "cell", **columns, **basis})],
        "funnel": [("figures", {"keys": "funnel", **span}), ("figures", {"keys": "funnel", "by": "station", **span})],
        "worst": [("worst", {"hours": 24}), ("misses", {**short, "source": "published"})],
        "single": [
            ("figures", {"keys": "K7", **span}),
            ("figures", {"keys": "K7", "measure": "rate", "by": "station", **basis}),
        ],
        "voice": [("figures", {"keys": "K11", **span}), ("figures", {"keys": "K11", "by": "station", **span})],
        "trust": [
            ("figures", {"keys": "K10,times", "by": "all", **span}),
            ("figures", {"keys": "K10,times", "by": "station", **span}),
            ("types", span),
            ("today", {}),
        ],
        "delays": [("delays", {**short, "limit": "K7", "by": "station"}), ("unit-times", short)],
    }


def others() -> dict[str, list[Asked]]:
    """Return the requests of the pages that have no period to choose."""
    return {"dashboard": [("today", {}), ("misses", {"days": 1})], "days": [("days", {"days": 30})]}


def presets(span: Span) -> Iterator[tuple[str, dt.date]]:
    """Return the periods up to today by their first day: the page's own at first, its longest preset, this month, a year,
    and the longest that may be asked."""
    today = NOW.date()
    yield "d28", today - dt.timedelta(days=27)
    yield "d91", today - dt.timedelta(days=90)
    yield "month", today.replace(day=1)
    yield "year", today.replace(month=1, day=1)
    if span.days > LONGEST:
        yield "three_years", today - dt.timedelta(days=LONGEST - 1)


def pages(centre: Any, facts: dict[str, Any], span: Span) -> None:
    """Measure each section with each preset: the time of all its requests one after the other, and the slowest one; and
    until the last of them is there when they are asked beside each other."""
    client = signed_in(centre)
    with multiprocessing.get_context("spawn").Pool(PROCESSES, start_web, [centre.pk]) as web:
        for name, requests in others().items():
            measured(client, web, f"statistics.page_{name}", requests, facts)
        for preset, since in presets(span):
            for name, requests in sections(since, NOW.date()).items():
                measured(client, web, f"statistics.page_{name}_{preset}", requests, facts)


def start_web(centre_id: int) -> None:
    """Make this process one that answers."""
    global _client
    import django

    django.setup()
    from incidents.models import Centre

    _client = signed_in(Centre.objects.get(pk=centre_id))
    gc.collect()
    gc.freeze()


def answered(path: str) -> int:
    """Answer a request in a process of its own; returns the status."""
    with time_machine.travel(NOW, tick=True):
        return int(_client.get(path).status_code)


def signed_in(centre: Any) -> Any:
    """Return a browser in which a leader is signed in."""
    from django.contrib.auth.models import Group
    from django.test import Client

    from incidents.models import User

    with time_machine.travel(NOW, tick=True):
        person = {"centre": centre, "badge": "0999", "name": "测量员"}
        user, new = User.objects.get_or_create(username=f"bench@{centre.code}", defaults=person)
        if new:
            user.groups.set([Group.objects.get_or_create(name="watch_commander")[0]])
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend="incidents.sessions.Backend")
    return client


def measured(client: Any, web: Any, name: str, requests: list[Asked], facts: dict[str, Any]) -> None:
    """Ask them over and over."""
    paths = [f"/api/statistics/{route}/?{urlencode(query)}" for route, query in requests]
    wholes, slowest, beside = [], [], []
    with time_machine.travel(NOW, tick=True):
        for turn in range(REPEATS + 1):
            each = []
            for path in paths:
                begin = time.perf_counter()
                answer = client.get(path)
                each.append((time.perf_counter() - begin) * 1e3)
                assert answer.status_code == 200, (path, answer.content[:300])
            if turn:
                wholes.append(sum(each))
                slowest.append(max(each))
    for turn in range(REPEATS + 2):
        begin = time.perf_counter()
        assert set(web.map(answered, paths, chunksize=1)) == {200}
        if turn > 1:  # both processes have seen it
            beside.append((time.perf_counter() - begin) * 1e3)
    emit(
        name, wholes, p95_ms=round(percentile(wholes, 0.95), 1), slowest_request_p95_ms=round(percentile(slowest, 0.95), 1),
        beside_median_ms=round(percentile(beside, 0.5), 1), beside_p95_ms=round(percentile(beside, 0.95), 1),
        requests=len(paths), **facts, target="p95 ≤ 300 ms",
    )  # fmt: skip
