"""What every operational row carries, and the one way to change it."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from incidents import statements
from incidents.actor import Actor
from incidents.refusals import NotFound, Stale

Json = dict[str, Any]


class Row(models.Model):
    """A row that a browser shows: belongs to a centre, has a version, is never deleted (domain 6)."""

    NOUN: ClassVar[str]
    is_new = False  # True on the instance that this very command made

    centre = models.ForeignKey("incidents.Centre", models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+", db_index=False)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey("incidents.User", models.PROTECT, null=True, related_name="+", db_index=False)
    terminal = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    def row(self) -> Json:
        """Return the row as every client sees it (docs/contract.md 3)."""
        raise NotImplementedError

    def readers(self) -> list[str]:
        """Name the audiences beside desk, inspectors and overview that may see this row."""
        return []

    def no_longer_readers(self) -> list[str]:
        """Name the audiences that could see this row until the running command changed it."""
        return []

    @classmethod
    def make(cls, *, by: Actor | None, now: dt.datetime, **fields: Any) -> Self:
        """Insert a row with its author and moment."""
        author = by.user_id if by else None
        terminal = by.place if by else ""
        made = cls(
            created_at=now, updated_at=now, created_by_id=author, updated_by_id=author, terminal=terminal, **fields
        )
        statements.insert(made)
        made.is_new = True
        return made

    @classmethod
    def locked(cls, row_id: int, centre_id: int, version: int | None = None) -> Self:
        """Lock one row of a centre until the end of the command; a foreign or unknown one is NotFound, an old
        `version` is Stale with the present row."""
        rows = statements.fetch(cls, "id = %s AND centre_id = %s FOR NO KEY UPDATE", [row_id, centre_id])
        if not rows:
            raise NotFound()
        found = rows[0]
        if version is not None and found.version != version:
            raise Stale(found)
        return found

    def change(self, *, by: Actor | None, now: dt.datetime | None = None, **fields: Any) -> Json:
        """Write the fields that differ, raise the version in the same UPDATE, and return `{field: [before, after]}`
        (empty when nothing changed, and then nothing is written)."""
        before = {name: getattr(self, name) for name in fields}
        changed = {name: value for name, value in fields.items() if before[name] != value}
        if not changed:
            return {}
        now = now or timezone.now()
        for name, value in changed.items():
            setattr(self, name, value)
        self.version += 1
        self.updated_at, self.updated_by_id = now, by.user_id if by else None
        self.terminal = by.place if by else ""
        statements.update(self, [*changed, "version", "updated_at", "updated_by", "terminal"])
        return {name: [plain(before[name]), plain(value)] for name, value in changed.items()}

    def touch(self, *, by: Actor | None, now: dt.datetime) -> None:
        """Raise the version alone: not the row has changed but who may see it, and clients keep the higher version."""
        self.version += 1
        self.updated_at, self.updated_by_id = now, by.user_id if by else None
        statements.update(self, ["version", "updated_at", "updated_by"])


def plain(value: Any) -> Any:
    """Turn a field's value into what JSON can hold."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.datetime):
        return stamp(value)
    return value


def stamp(moment: dt.datetime | None) -> str | None:
    """Write a moment as ISO 8601 in UTC with milliseconds; None stays None."""
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
