"""Reading and writing rows by prepared text, for the statements that every command makes.

Django's query compiler builds the text of a statement anew each time; for statements that never change their shape this
took longer than the statement itself. The values go through the same fields and converters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import DatabaseError, connection, models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Table:
    """A model as its statements need it."""

    name: str
    columns: str  # of a SELECT or RETURNING, each with the table's name
    attributes: tuple[str, ...]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    def made(self, model: type[M], values: Sequence[Any]) -> M:
        """Make an instance from the values of `columns`."""
        converted = list(values)
        for place, convert in self.converters:
            converted[place] = convert(converted[place])
        return model.from_db("default", self.attributes, converted)


@cache
def table_of(model: type[models.Model]) -> Table:
    """Return the table of a model."""
    fields = model._meta.concrete_fields
    name = f'"{model._meta.db_table}"'
    return Table(
        name=name,
        columns=", ".join(f'{name}."{field.column}"' for field in fields),
        attributes=tuple(field.attname for field in fields),
        converters=tuple((place, found) for place, field in enumerate(fields) if (found := converter(field))),
    )


def converter(field: Any) -> Callable[[Any], Any] | None:
    """Return what turns a column's value into the field's, None when they are the same."""
    convert = getattr(field, "from_db_value", None)
    if convert is None:
        return None
    column = field.cached_col
    return lambda value: convert(value, column, connection)


def fetch(model: type[M], condition: str, values: Sequence[Any]) -> list[M]:
    """Return the rows that meet a condition; it may go on with ORDER BY and FOR NO KEY UPDATE."""
    table = table_of(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {table.columns} FROM {table.name} WHERE {condition}", values)
        return [table.made(model, line) for line in cursor.fetchall()]


def change_where(model: type[M], changes: str, condition: str, values: Sequence[Any]) -> list[M]:
    """Change all rows that meet a condition in one statement, locked in the order of their ids (style rule 26), and
    return them as they are then. `values` are those of the changes, then those of the condition."""
    table = table_of(model)
    found = f"SELECT id FROM {table.name} WHERE {condition} ORDER BY id FOR NO KEY UPDATE"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table.name} SET {changes} WHERE id IN ({found}) RETURNING {table.columns}", values)
        made = [table.made(model, line) for line in cursor.fetchall()]
    return sorted(made, key=lambda row: int(row.pk))


def insert(*rows: models.Model) -> None:
    """Insert instances of one model in one statement; ids that are not set come from the database. Raises what the
    constraints raise."""
    model, meta = type(rows[0]), rows[0]._meta
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field or rows[0].pk is not None]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(insertion(model, tuple(field.column for field in fields), len(rows)), values)
        for row, (row_id,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = row_id
            row._state.adding, row._state.db = False, "default"


@cache
def insertion(model: type[models.Model], columns: tuple[str, ...], rows: int) -> str:
    """Return the text of an INSERT."""
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * rows)
    return f'INSERT INTO {table_of(model).name} ({names}) VALUES {places} RETURNING "{model._meta.pk.column}"'


def update(row: models.Model, names: Sequence[str]) -> None:
    """Write some fields of an instance; raises DatabaseError when the row is not there."""
    meta = row._meta
    fields: list[Any] = [meta.get_field(name) for name in names]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    changes = ", ".join(f'"{field.column}" = %s' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {table_of(type(row)).name} SET {changes} WHERE "{meta.pk.column}" = %s', [*values, row.pk]
        )
        if cursor.rowcount != 1:
            raise DatabaseError(f"{meta.label} {row.pk} is not there to be changed")
