"""Facets: a value of a dimension as a small number, so that facts and cells stay narrow."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

from dispatch.statistics.facts import Fact
from dispatch.statistics.query import fetch

FIND = """
SELECT f.dimension, f.value, f.id FROM dispatch_count_facet f
JOIN unnest(%(dimensions)s::smallint[], %(values)s::text[]) AS w (dimension, value)
  ON f.dimension = w.dimension AND f.value = w.value
WHERE f.centre_id = %(centre)s
"""
MAKE = """
INSERT INTO dispatch_count_facet (centre_id, dimension, value)
SELECT %s, dimension, value FROM unnest(%s::smallint[], %s::text[]) AS w (dimension, value)
ON CONFLICT DO NOTHING
"""
NAMED = "SELECT id, dimension, value FROM dispatch_count_facet WHERE centre_id = %(centre)s AND id = ANY(%(ids)s)"
OF_DIMENSION = """
SELECT id, value FROM dispatch_count_facet WHERE centre_id = %(centre)s AND dimension = %(dimension)s ORDER BY value
"""
LONGEST = 40


def numbered(centre_id: int, facts: Collection[Fact]) -> Iterable[tuple[Fact, tuple[int, ...]]]:
    """Return facts with the numbers of their facets; new values get one."""
    if not facts:
        return []
    wanted = sorted({facet for fact in facts for facet in fact.facets})
    known = find(centre_id, wanted)
    missing = [facet for facet in wanted if facet not in known]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(MAKE, [centre_id, [one[0] for one in missing], [one[1] for one in missing]])
        known |= find(centre_id, missing)
    return [(fact, tuple(known[facet] for facet in fact.facets)) for fact in facts]


def find(centre_id: int, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Return the numbers of facets that have one."""
    values = {"centre": centre_id, "dimensions": [one[0] for one in wanted], "values": [one[1] for one in wanted]}
    return {(dimension, value): number for dimension, value, number in fetch(FIND, values)}


def named(centre_id: int, numbers: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return dimension and value of numbers."""
    if not numbers:
        return {}
    return {number: (one, value) for number, one, value in fetch(NAMED, {"centre": centre_id, "ids": list(numbers)})}


def of_dimension(centre_id: int, dimension: int) -> dict[int, str]:
    """Return all values of a stored dimension by their numbers."""
    return dict(fetch(OF_DIMENSION, {"centre": centre_id, "dimension": dimension}))
