"""Plain SQL of the statistics: one statement, one moment."""

from __future__ import annotations

from typing import Any

from django.db import connection


def fetch(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement with named values and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
