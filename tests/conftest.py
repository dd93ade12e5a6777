"""What every test shares: a clean database without migrating again, the cast, and callers of the API."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone

from tests import people, turns
from tests.people import Cast
from tests.stack.fixtures import module_stack, own_stack, stack, stacks_folder

__all__ = ["module_stack", "own_stack", "stack", "stacks_folder"]  # fixtures of the running ZZ110
KEPT = ("django_migrations", "django_content_type", "auth_permission", "auth_group", "incidents_code")


FILLED = """
SELECT string_agg(format('SELECT %%L WHERE EXISTS (SELECT FROM %%1$I)', c.relname), ' UNION ALL ')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relname = ANY(%s)
"""
RESTART = """
SELECT setval(s.seqrelid, s.seqstart, false) FROM pg_sequence s
JOIN pg_depend d ON d.objid = s.seqrelid AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid
WHERE NOT t.relname = ANY(%s) AND pg_sequence_last_value(s.seqrelid) IS NOT NULL
"""


def empty_tables(self: Any) -> None:
    """Empty every table but the reference data, and let the numbers start anew. The journal refuses that by trigger;
    replica mode is the door that only a superuser has. Rows are deleted where there are any: to truncate a hundred
    tables takes some fifty times as long."""
    with connection.cursor() as cursor:
        cursor.execute(FILLED, [list(KEPT)])
        cursor.execute(cursor.fetchone()[0])
        filled = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")
        for table in filled:
            cursor.execute(f'DELETE FROM "{table}"')
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(RESTART, [list(KEPT)])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files into their order; within a file the tests stay as they are."""
    places = {file: place for place, file in enumerate(turns.in_turn({item.path for item in items}))}
    items.sort(key=lambda item: places[item.path])


setattr(TransactionTestCase, "_fixture_teardown", empty_tables)  # noqa: B010  a private hook, no attribute of the stubs


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the shipped code tables once; they are reference data."""
    with django_db_blocker.unblock():
        from incidents import partitions
        from incidents.services.codes import load_codes

        # The first request of a test imports every view: on a busy machine longer than a transaction may stand idle.
        import_module("zz110.urls")
        load_codes()
        partitions.ensure(timezone.now())


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    """Argon2 is slow by purpose; tests sign hundreds of people in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_copies() -> Iterator[None]:
    """Forget what a process keeps of a centre between tests."""
    from dispatch import history, order_routes, outlooks
    from incidents import centres, codebook, places, standing, tree
    from incidents.services import cards

    cards.forget()
    tree.forget()
    history.forget()
    standing.forget()
    order_routes.forget()
    outlooks.forget()
    centres.forget()
    codebook.forget()
    places._known.clear()
    yield


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast in a centre of its own, on real committed rows."""
    return people.cast()


@pytest.fixture
def quick(db: None) -> Cast:
    """The cast on duty inside one transaction that is rolled back: for what needs no second connection."""
    return people.cast().on_duty()


@dataclass
class Caller:
    """Calls the API as one person."""

    client: Client
    version: int = 0

    def get(self, path: str, **query: Any) -> Any:
        """GET a path."""
        return self.client.get(path, query)

    def post(self, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        """POST JSON with a key of its own."""
        return self.send("post", path, body, key)

    def patch(self, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        """PATCH JSON with a key of its own."""
        return self.send("patch", path, body, key)

    def send(self, method: str, path: str, body: dict[str, Any] | None, key: str | None) -> Any:
        """Send JSON."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return getattr(self.client, method)(
            path, data=body if body is not None else {}, content_type="application/json", headers=headers
        )


@pytest.fixture
def api() -> Any:
    """Return a function that makes a Caller of a person's user row (or of nobody)."""

    def call_as(user: Any = None) -> Caller:
        client = Client()
        if user is not None:
            client.force_login(user, backend="incidents.sessions.Backend")
        return Caller(client)

    return call_as


@pytest.fixture
def keyed() -> Any:
    """Return a function that gives an Actor another key, as a new request does."""

    def with_key(actor: Any, key: uuid.UUID | None = None, body: bytes = b"") -> Any:
        return replace(actor, key=key or uuid.uuid4(), body_hash=body)

    return with_key
