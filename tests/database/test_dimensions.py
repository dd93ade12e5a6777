"""Every dimension against a plain grouping of the rows: a group holds what lies in it, and the groups add up to the whole."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from dispatch.models import Assignment
from dispatch.statistics import answers, types
from dispatch.statistics.answers import Wanted
from dispatch.statistics.asked import Question
from dispatch.statistics.counting import recount
from dispatch.statistics.dimensions import DIMENSIONS
from dispatch.statistics.period import of_days
from incidents.models import Area, Call, Incident, Organisation
from patrol.models import Unit
from tests.database.histories import NOW, History, stories
from tests.database.plain_figures import SHANGHAI, Event, all_events, rank, ratio, seconds
from tests.database.test_counting import CHECKED, FIRST, LAST, everything_of
from tests.people import Cast

LAT, LNG = 24.5112, 117.6540
SHIFTS = ("night", "day", "evening")  # from 0, 8 and 16 o'clock
KINDS = ("urban", "suburban", "rural", "")
RING = [[117.0, 24.0], [118.0, 24.0], [118.0, 25.0], [117.0, 24.0]]


@pytest.fixture
def city(quick: Cast) -> Cast:
    """A branch with a station of its own, and two beats of which one has ended, and a grid."""
    branch = Organisation.objects.create(centre=quick.centre, kind="branch", code="B1", name="芗城分局")
    Organisation.objects.create(centre=quick.centre, kind="station", code="S405", name="东街所", parent=branch)
    for kind, code, name in (("beat", "B01", "一巡区"), ("beat", "B02", "二巡区"), ("grid", "G0101", "丰乐社区")):
        Area.objects.create(centre=quick.centre, kind=kind, code=code, name=name, ring=RING)
    Area.objects.filter(code="B02").update(ended_at=NOW)
    return quick


def spread_out(cast: Cast, history: History, places: list[int]) -> None:
    """Put the incidents of a history into stations, kinds of area, beats, grids and cells."""
    stations = list(Organisation.objects.filter(centre=cast.centre, kind="station").order_by("id"))
    for incident, place in zip(history.incidents, places, strict=False):
        areas: dict[str, Any] = {"beat": None, "grid": None, "ring": None}
        if place % 3:
            areas["beat"] = {"id": 1, "code": f"B0{place % 3}", "name": "从前的名称"}
        if place % 2:
            areas["grid"] = {"id": 2, "code": "G0101", "name": "丰乐社区"}
        Incident.objects.filter(pk=incident.pk).update(
            areas=areas if place else {}, area_kind=KINDS[place % 4], lat=LAT + place * 0.004, lng=LNG,
            jurisdiction=[*stations, None][place % 3],
        )  # fmt: skip


def branch_of(incident: Incident) -> str:
    above = incident.jurisdiction
    while above is not None and above.kind != "branch":
        above = above.parent
    return str(above.pk) if above else ""


def channel_of(event: Event) -> str:
    # The earliest call of the family; one that nobody answered counts by its ring.
    found = sorted(
        Call.objects.filter(incident__in=event.family), key=lambda one: (one.answered_at or one.ring_at, one.pk)
    )
    return found[0].channel if found else ""


def cell_of(incident: Any) -> str:
    row = math.floor(incident.lat * 111_320 / 500)
    wide = 111_320 * math.cos(math.radians((row + 0.5) * 500 / 111_320))
    return f"{row}:{math.floor(incident.lng * wide / 500)}"


def lead_of(event: Event) -> str:
    there: list[Any] = [order for order in event.orders if order.on_scene_pos_at or order.on_scene_at]
    if there:
        return str(min(there, key=lambda order: (order.on_scene_pos_at or order.on_scene_at, order.pk)).lead_no)
    return str(event.orders[0].lead_no) if event.orders else ""


def squad_of(unit: str) -> str:
    return str(Unit.objects.get(pk=int(unit)).squad_id) if unit else ""


def local(event: Event, order: Assignment | None) -> Any:
    return (order.dispatched_at if order else event.answered).astimezone(SHANGHAI)


PLAINLY: dict[str, Callable[[Event, Assignment | None], str]] = {
    "all": lambda event, order: "",
    "station": lambda event, order: str(event.incident.jurisdiction_id or ""),
    "branch": lambda event, order: branch_of(event.incident),
    "unit": lambda event, order: str(order.unit_id) if order else event.unit,
    "squad": lambda event, order: squad_of(str(order.unit_id) if order else event.unit),
    "officer": lambda event, order: order.lead_no if order else lead_of(event),
    "beat": lambda event, order: ((event.incident.areas or {}).get("beat") or {}).get("code", ""),
    "grid": lambda event, order: ((event.incident.areas or {}).get("grid") or {}).get("code", ""),
    "cell": lambda event, order: cell_of(event.incident),
    "type_reported": lambda event, order: event.incident.type_reported,
    "type_verified": lambda event, order: event.incident.type_verified,
    "top_type_reported": lambda event, order: event.incident.type_reported[:2],
    "top_type_verified": lambda event, order: event.incident.type_verified[:2],
    "types": lambda event, order: f"{event.incident.type_reported}>{event.incident.type_verified}",
    "priority": lambda event, order: str(event.incident.priority),
    "channel": lambda event, order: channel_of(event),
    "area_kind": lambda event, order: event.incident.area_kind,
    "hour": lambda event, order: f"{local(event, order).hour:02}",
    "weekday": lambda event, order: str(local(event, order).isoweekday()),
    "slot": lambda event, order: f"{local(event, order).isoweekday()}-{local(event, order).hour:02}",
    "shift": lambda event, order: SHIFTS[local(event, order).hour // 8],
}


def plainly(by: str) -> dict[str, tuple[Any, ...]]:
    """Return of each group: hits and n of K7, P90 of K9 and orders of K4, on clock A, as published."""
    said: defaultdict[str, list[bool]] = defaultdict(list)
    taken: defaultdict[str, list[int]] = defaultdict(list)
    orders: defaultdict[str, int] = defaultdict(int)
    for event in all_events():
        value = PLAINLY[by](event, None)
        within = event.within("A", 300, "published", NOW)
        said[value] += [] if within is None else [within]
        arrived = event.arrived("published")
        if event.in_base("published") and arrived is not None:
            taken[value].append(seconds(event.answered, arrived))
        for order in event.own_orders:
            if not event.incident.drill and order.purpose != "self" and order.state not in ("refused", "withdrawn"):
                orders[PLAINLY[by](event, order)] += 1
    found = {
        value: (sum(said[value]), len(said[value]), ratio(sum(said[value]), len(said[value])),
                rank(taken[value], 90), orders[value])
        for value in {*said, *taken, *orders}
    }  # fmt: skip
    return {value: one for value, one in found.items() if any(one)}


def counted(cast: Cast, by: str) -> dict[str, tuple[Any, ...]]:
    """Return the same from the engine."""
    question = Question(cast.centre.pk, of_days(FIRST, LAST), by)
    wanted = Wanted(("K7", "K9", "K4"), ("A",), ("published",))
    found = {}
    for group in answers.figures(question, wanted, NOW)["groups"]:
        known = {(one["key"], one["measure"]): one for one in group["figures"]}
        rate, late = known["K7", "rate"], known["K9", "p90"]
        [orders] = [one["n"] for one in group["buckets"]]
        found[group["value"]] = (rate["hits"], rate["n"], rate["value"], late["value"], orders)
    return {value: one for value, one in found.items() if any(one)}


@CHECKED
@given(st.lists(stories, min_size=1, max_size=6), st.lists(st.integers(0, 11), min_size=6, max_size=6))
def test_every_dimension_groups_as_the_rows_do(city: Cast, some: list[Any], places: list[int]) -> None:
    assert set(PLAINLY) == set(DIMENSIONS)
    with transaction.atomic():
        history = History(city)
        history.write(some)
        spread_out(city, history, places)
        recount(city.centre.pk, everything_of(history))
        wrong = {by: (counted(city, by), plainly(by)) for by in DIMENSIONS if counted(city, by) != plainly(by)}
        assert not wrong
        told = types.pairs(city.centre.pk, of_days(FIRST, LAST), NOW)["rows"]
        judged = [
            one.incident for one in all_events() if not one.incident.drill and one.incident.merged_into_id is None
        ]
        pairs = Counter((one.type_reported, one.type_verified) for one in judged if one.type_reported)
        assert {(row["reported"], row["verified"]): row["n"] for row in told} == pairs
        transaction.set_rollback(True)


def test_a_beat_has_its_name_also_after_it_ended_and_what_lies_in_none_stands_apart(city: Cast) -> None:
    history = History(city)
    for number, beat in enumerate(("B01", "B02", None)):
        areas = {"beat": beat and {"id": 1, "code": beat, "name": "旧"}}
        facts = {"incident_no": f"N{number}", "answered_at": NOW, "priority": 2, "areas": areas}
        history.incidents.append(Incident.objects.create(**facts, **history.base()))
    recount(city.centre.pk, everything_of(history))
    question = Question(city.centre.pk, of_days(FIRST, LAST), "beat")
    groups = answers.figures(question, Wanted(("volume",), measures=("incidents",)), NOW)["groups"]
    assert [(one["value"], one["label"], one["figures"][0]["n"]) for one in groups] == [
        ("", "", 1), ("B01", "B01 一巡区", 1), ("B02", "B02 二巡区", 1),
    ]  # fmt: skip
