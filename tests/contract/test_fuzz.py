"""Fuzz every operation of the schema: whatever comes in, no fault comes out (B3). Short here, long in `make fuzz`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.contrib.sessions.backends.db import SessionStore
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings

from tests.contract import routes
from tests.contract.test_routes import ROLE_OF
from tests.people import Cast

SPEC: Any = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
SCHEMA: Any = schemathesis.openapi.from_dict(SPEC)
SCHEMA.app = get_wsgi_application()
TOKEN = "a" * 32
SHORT, LONG = 4, int(os.environ.get("ZZ110_FUZZ_EXAMPLES", "3000"))


def operations() -> list[Any]:
    """Return every operation of the schema that is under contract."""
    found = []
    for result in SCHEMA.get_all_operations():
        operation = result.ok()
        route = re.sub(r"{(\w+)}", r"<\1>", operation.path.removeprefix("/api/"))
        if granted(route, operation.method):
            found.append(operation)
    return found


def granted(route: str, method: str) -> set[str]:
    """Return the roles of an operation; the contract writes converters, the schema does not."""
    bare = {re.sub(r"<\w+:(\w+)>", r"<\1>", path): methods for path, methods in routes.API.items()}
    return bare.get(route, {}).get(method.upper(), set())


def session_of(cast: Cast, role: str) -> str:
    """Return the session key of a person with a role."""
    from django.test import Client

    client = Client()
    client.force_login(cast.user(ROLE_OF[role]), backend="incidents.sessions.Backend")
    return str(client.session.session_key)


def fuzz(operation: Any, cast: Cast, ids: dict[str, int], examples: int) -> None:
    """Send generated requests, each in a transaction that is rolled back."""
    route = re.sub(r"{(\w+)}", r"<\1>", operation.path.removeprefix("/api/"))
    role = sorted(granted(route, operation.method))[0]
    key = session_of(cast, role)
    assert SessionStore(key).exists(key)
    wrong: list[str] = []

    @given(case=operation.as_strategy())
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def run(case: Any) -> None:
        for name in case.path_parameters or {}:
            if name in ids and hash(str(case.body)) % 4:
                case.path_parameters[name] = ids[name]
        with transaction.atomic():
            answer = case.call(
                headers={"X-CSRFToken": TOKEN, "Idempotency-Key": "11111111-1111-4111-8111-111111111111"},
                cookies={"sessionid": key, "csrftoken": TOKEN},
            )
            transaction.set_rollback(True)
        if answer.status_code >= 500 and answer.status_code != 503:
            wrong.append(f"{answer.status_code} {case.path_parameters} {case.query} {case.body!r}"[:400])
        assert answer.status_code not in (401,), "the session must hold"

    run()
    assert wrong == []


@pytest.fixture
def open_connection(quick: Cast) -> Iterator[None]:
    """Keep the test's transaction: a WSGI request ends by closing the connection, as it should in production."""
    from django.core import signals
    from django.db import close_old_connections

    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)
    assert connection.connection is not None


def ids_of(cast: Cast) -> dict[str, int]:
    """Return ids of rows that exist."""
    from tests.database.acts import send, take

    incident = take(cast)
    order = send(cast, incident)
    return {
        "incident_id": incident.pk,
        "assignment_id": order.pk,
        "unit_id": cast.car12.pk,
        "call_id": incident.calls.get().pk,
        "user_id": cast.users["cho"].pk,
    }


@pytest.mark.parametrize("operation", operations(), ids=lambda one: f"{one.method} {one.path}")
def test_no_operation_faults_on_generated_input(operation: Any, quick: Cast, open_connection: None) -> None:
    fuzz(operation, quick, ids_of(quick), SHORT)


@pytest.mark.fuzz
@pytest.mark.parametrize("operation", operations(), ids=lambda one: f"{one.method} {one.path}")
def test_no_operation_faults_on_much_generated_input(operation: Any, quick: Cast, open_connection: None) -> None:
    fuzz(operation, quick, ids_of(quick), LONG)
