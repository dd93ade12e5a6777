"""Plain SQL of the statistics, and the one moment that all statements of an answer see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction


def fetch(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement with named values and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def fetch_binary(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement whose rows travel in binary: bytes as they are instead of as hexadecimal text, and moments, of
    which reading one from its text takes longer than all the rest of its row."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, binary=True)
        return list(cursor.fetchall())


def fetch_named(statement: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a statement with named values and return its rows by column; moments travel as numbers."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, binary=True)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def listed(ids: Iterable[int]) -> str:
    """Write numbers as the text of an array: of thousands, one string is sent faster than a list is converted."""
    return "{" + ",".join(map(str, ids)) + "}"


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all statements inside see the same committed state. Inside a transaction that already runs, that one's."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
