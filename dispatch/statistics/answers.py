"""Answers: figures of a period by a dimension, series over time, and two periods beside each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatch.statistics import head, present
from dispatch.statistics.asked import Question
from dispatch.statistics.dimensions import cell_box
from dispatch.statistics.figures import BucketColumn, Column
from dispatch.statistics.kpis import KPIS, Columns, Counts, measures_of
from dispatch.statistics.marks import CLOCKS, SOURCES, VERSION
from dispatch.statistics.period import Period
from dispatch.statistics.query import one_moment
from dispatch.statistics.reading import SPLIT, read
from incidents.row import stamp

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures are asked for; empty means every clock, source or measure."""

    keys: Sequence[str]
    clocks: Sequence[str] = CLOCKS
    sources: Sequence[str] = SOURCES
    measures: Collection[str] = ()


def figures(question: Question, wanted: Wanted, now: dt.datetime, against: Period | None = None) -> Json:
    """Return figures by group, and beside each what it was in another period."""
    with one_moment():
        answer = heading(question, now)
        groups = grouped(question, wanted, now)
        if against is not None:
            past = replace(wanted, keys=[key for key in wanted.keys if key in KPIS])  # the present has no past
            before = grouped(replace(question, period=against), past, now)
            answer["against"] = span(against)
            if question.per:  # the third day is held against the third day
                before = [{**one, "value": now_["value"]} for one, now_ in zip(before, groups, strict=False)]
            compare(groups, before)
    name_groups(question, groups)
    return {**answer, "groups": groups}


def in_columns(question: Question, wanted: Wanted, now: dt.datetime) -> Json:
    """Return the same figures as lists, one place for each group; `wanted` names measures and none of the present."""
    with one_moment():
        answer = heading(question, now)
        names, columns = columns_of(question, wanted, now)
    order = sorted(range(len(names)), key=names.__getitem__)
    groups: list[Json] = [{"value": names[at]} for at in order]
    name_groups(question, groups)
    return {
        **answer,
        "groups": {name: [one[name] for one in groups] for name in (groups[0] if groups else ())},
        "columns": [column.listed(order, now) for column in columns if isinstance(column, Column)],
    }


def name_groups(question: Question, groups: list[Json]) -> None:
    """Give every group the name of its value, a cell its box (south, west, north, east), a split its time."""
    for one in groups if question.split else ():
        one["value"], one["at"] = one["value"].rsplit(SPLIT, 1)
    names = question.dimension.names(question.centre_id, [one["value"] for one in groups])
    for one in groups:
        one["label"] = names.get(one["value"], "")
        if question.by == "cell":
            one["box"] = [round(edge, 6) for edge in cell_box(one["value"])] if one["value"] else None


def heading(question: Question, now: dt.datetime) -> Json:
    """Return what every answer begins with: its moment, the entry up to which it is counted, what was asked."""
    return {
        **counted_to(question.centre_id, now),
        "period": span(question.period),
        "by": question.by,
        "value": question.value,
        "urgent": question.urgent,
        "per": question.per,
        "split": question.split,
    }


def counted_to(centre_id: int, now: dt.datetime) -> Json:
    """Return the moment of an answer and how far its counts have come."""
    found = head.read(centre_id)
    days = {"next": found.rebuild_next, "until": found.rebuild_until}
    return {
        "as_of": stamp(now),
        "seq": found.seq,
        "version": found.version,
        "rebuilding": {name: str(day) for name, day in days.items()} if found.rebuilding else None,
        "outdated": found.version != VERSION,
    }


def span(period: Period) -> Json:
    """Return a period as it is sent; `until` is exclusive."""
    return {
        "since": stamp(period.since),
        "until": stamp(period.until),
        "days": len(period.days()),
        "first": str(period.first),
        "last": str(period.last),
    }


def columns_of(question: Question, wanted: Wanted, now: dt.datetime) -> tuple[list[str], Columns]:
    """Return the groups and the figures of all of them. The caller holds the one moment."""
    kpis = [KPIS[key] for key in wanted.keys if key in KPIS]
    measures = {name for kpi in kpis for name in measures_of(kpi, wanted.clocks, wanted.sources)}
    found = read(question, measures, now)
    counts = Counts(found, wanted.clocks, wanted.sources)
    columns = [column for kpi in kpis for column in kpi.make(counts)]
    return found.groups, [column for column in columns if is_wanted(column, wanted)]


def is_wanted(column: Column | BucketColumn, wanted: Wanted) -> bool:
    """Tell whether a figure was asked for; clocks and sources choose among those that have them."""
    measure = getattr(column, "measure", "buckets")
    return (
        (column.clock in wanted.clocks or column.clock not in CLOCKS)
        and (
            column.source in wanted.sources
            or column.source not in SOURCES
            or column.key not in ("K5", "K7", "K8", "K9")
        )
        and (not wanted.measures or measure in wanted.measures)
    )


def grouped(question: Question, wanted: Wanted, now: dt.datetime) -> list[Json]:
    """Return every group with its figures and buckets, by name; times in their order."""
    groups, columns = columns_of(question, wanted, now)
    found: list[Json] = [{"value": name, "label": "", "figures": [], "buckets": []} for name in groups]
    for column in columns:
        part = "figures" if isinstance(column, Column) else "buckets"
        for one, row in zip(found, column.rows_of(groups, now), strict=True):
            one[part].append(row)
    if not question.per and question.by == "all":
        found[0]["figures"] += present.figures(question.centre_id, wanted.keys, now)
    return sorted(found, key=lambda one: str(one["value"]))


def compare(groups: list[Json], before: list[Json]) -> None:
    """Write beside each figure what it was before, and the difference (points of a share, seconds, a number)."""
    known = {(one["value"], *identity(figure)): figure for one in before for figure in one["figures"]}
    for one in groups:
        for figure in one["figures"]:
            if figure["key"] not in KPIS:
                figure |= {"before": None, "change": None}
                continue
            found = known.get((one["value"], *identity(figure)))
            past = found["value"] if found else None
            both = figure["value"] is not None and past is not None
            figure["before"] = {"value": past, "n": found["n"] if found else 0}
            figure["change"] = round(figure["value"] - past, 6) if both else None
    compare_buckets(groups, before)


def compare_buckets(groups: list[Json], before: list[Json]) -> None:
    """Write beside the buckets of each group how many there were before."""
    known = {(one["value"], *kind_of(found)): found for one in before for found in one["buckets"]}
    for one in groups:
        for row in one["buckets"]:
            past = known.get((one["value"], *kind_of(row)))
            row["before"] = {"n": past["n"] if past else 0, "not_yet": past["not_yet"] if past else 0}
            for at, bucket in enumerate(row["buckets"]):
                bucket["before"] = past["buckets"][at]["count"] if past else 0


def kind_of(buckets: Json) -> tuple[str, str, str]:
    """Return what makes buckets these and no others."""
    return buckets["key"], buckets["clock"], buckets["source"]


def identity(figure: Json) -> tuple[str, str, str, str]:
    """Return what makes a figure this one and no other."""
    return figure["key"], figure["clock"], figure["source"], figure["measure"]
