"""Every command leaves nothing behind when PostgreSQL refuses any one of its statements.

Each command runs again and again with the same key: its first statement fails, then its second, and so on until it
passes. After every failure the whole database must be as it was (targets 1.2: one transaction, or nothing).
"""

from __future__ import annotations

import functools
import importlib
import itertools
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

import dispatch
import incidents
import patrol
from incidents.commands import COMMANDS
from tests.faults.deployment_samples import DEPLOYMENT_SAMPLES
from tests.faults.directive_samples import DIRECTIVE_SAMPLES
from tests.faults.duty_samples import DUTY_SAMPLES
from tests.faults.fusion_samples import FUSION_SAMPLES
from tests.faults.grid_samples import GRID_SAMPLES
from tests.faults.prevention_samples import PREVENTION_SAMPLES
from tests.faults.review_samples import REVIEW_SAMPLES
from tests.faults.samples import SAMPLES as OTHER_SAMPLES
from tests.faults.standing_samples import STANDING_SAMPLES
from tests.faults.video_samples import VIDEO_SAMPLES
from tests.people import Cast

SAMPLES = {
    **OTHER_SAMPLES,
    **DUTY_SAMPLES,
    **FUSION_SAMPLES,
    **DEPLOYMENT_SAMPLES,
    **DIRECTIVE_SAMPLES,
    **VIDEO_SAMPLES,
    **GRID_SAMPLES,
    **STANDING_SAMPLES,
    **REVIEW_SAMPLES,
    **PREVENTION_SAMPLES,
}
MOST_STATEMENTS = 400  # a command with more has another fault
OF_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "ROLLBACK")  # the frame of an atomic block, no statement of the command


class Strike:
    """Refuses one statement of a connection, counted from 1."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = 0
        self.refused = ""

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count a statement, and refuse it when its turn has come."""
        if not sql.lstrip().upper().startswith(OF_TRANSACTIONS):
            self.seen += 1
            if self.seen == self.number:
                self.refused = sql
                raise OperationalError("the server closed the connection unexpectedly")
        return execute(sql, params, many, context)


def everything() -> Iterator[str]:
    """Import every module that may define a command and return the names of the commands that there are."""
    for package in (incidents, patrol, dispatch):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and ".management" not in module.name:
                importlib.import_module(module.name)
    yield from sorted(name for name in COMMANDS if name.startswith(("incidents.", "patrol.", "dispatch.")))


@pytest.fixture
def planned(quick: Cast) -> Iterator[None]:
    """Have the digest planned once for a command: that takes as long as to work it out, and it is asked for after each
    of its statements."""
    with connection.cursor() as cursor:
        cursor.execute("PREPARE digest AS " + " UNION ALL ".join(fingerprint(name) for name in tables()))
        yield
        cursor.execute("DEALLOCATE digest")


def digest() -> str:
    """Return one value that changes with any row of any table."""
    with connection.cursor() as cursor:
        cursor.execute("EXECUTE digest")
        return str(sorted(cursor.fetchall()))  # a server may work through the tables side by side


def fingerprint(table: str) -> str:
    """Return the query of a table's number of rows and the sum of their hashes."""
    return f"""SELECT '{table}', count(*), sum(hashtextextended(r::text, 0)) FROM "{table}" r"""


@functools.cache
def tables() -> list[str]:
    """Return the names of our tables, without the partitions, which their parents show."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' "
            "AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname !~ '^django_' ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def test_every_command_has_a_sample() -> None:
    assert list(everything()) == sorted(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_command_that_fails_at_any_statement_changes_nothing(quick: Cast, planned: None, name: str) -> None:
    carry_out = SAMPLES[name](quick)
    before = digest()
    for number in itertools.count(1):
        assert number < MOST_STATEMENTS, name
        strike = Strike(number)
        try:
            with connection.execute_wrapper(strike):
                carry_out()
        except OperationalError:
            assert strike.refused, f"statement {number} failed by itself"
            assert digest() == before, f"statement {number} failed and left something behind: {strike.refused}"
            continue
        assert not strike.refused, f"statement {number} failed and nobody was told: {strike.refused}"
        break
    assert strike.seen > 1
    assert digest() != before, "the sample does nothing"
