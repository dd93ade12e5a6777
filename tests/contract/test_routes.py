"""Every route × method × role, against the contract (A1, A2, B2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver

from dispatch.services import orders
from incidents.alerts import raise_alert
from incidents.demo_city.base_map import base_map
from incidents.models import Alert
from tests import people
from tests.contract import routes
from tests.database.acts import take
from tests.people import ROLES, Cast
from zz110.urls import urlpatterns

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLE_OF = {held[0]: name for name, held in ROLES.items() if held}


def walk(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """Name every route of the project."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def test_every_route_is_under_contract_and_every_contract_has_its_route() -> None:
    known = (
        {f"api/{path}" for path in (*routes.API, *routes.APART)} | set(routes.PAGES) | routes.OPEN | routes.PAGES_APART
    )
    assert set(walk(urlpatterns)) == known


@pytest.fixture(scope="module", autouse=True)
def map_drawn() -> None:
    """Draw the demo's map before a transaction begins: on a busy machine it takes longer than one may stand idle."""
    base_map()


@pytest.fixture
def scene(db: None) -> tuple[Cast, dict[str, int]]:
    """A centre on duty with one incident, one order to car-12 and one alert."""
    cast = people.cast().on_duty()
    incident = take(cast)
    [order] = orders.assign(by=cast.actor("dana"), incident_id=incident.pk, choices=[orders.Choice(cast.car12.pk)])
    with transaction.atomic():
        alert: Alert = raise_alert("delayed", centre_id=cast.centre.pk, by=None, now=incident.created_at)
    call_id = incident.calls.get().pk
    ids = {"incident_id": incident.pk, "assignment_id": order.pk, "unit_id": cast.car12.pk, "alert_id": alert.pk}
    return cast, {
        **ids,
        "call_id": call_id,
        "user_id": cast.users["cho"].pk,
        "photo_id": 999,
        "closure_id": 999,
        "message_id": 999,
        "flag_id": 999,
        **dict.fromkeys(
            (
                "transfer_id",
                "callback_id",
                "order_id",
                "notice_id",
                "party_id",
                "mark_id",
                "series_id",
                "note_id",
                "planned_id",
                "answer_id",
                "hand_over_id",
                "item_id",
                "qualification_id",
                "request_id",
                "clue_id",
                "directive_id",
                "suspect_id",
                "position_id",
                "camera_id",
                "viewing_id",
                "bookmark_id",
                "area_id",
                "entry_id",
                "hit_id",
                "hold_id",
                "row_id",
                "task_id",
                "report_id",
                "picture_id",
                "attachment_id",
                "team_id",
                "operation_id",
                "member_id",
                "review_id",
                "warning_id",
                "edition_id",
                "trial_id",
            ),
            999,
        ),
        **dict.fromkeys(("block_id", "entry_id", "catch_up_id", "history_id"), 999),
    }


def address(route: str, ids: dict[str, int]) -> str:
    """Fill a route's ids in."""
    filled = re.sub(r"<id:(\w+)>", lambda found: str(ids[found.group(1)]), route)
    return "/api/" + filled.replace("<slug:table>", "channel").replace("<slug:code>", "CH11").replace(
        "<slug:kind>", "hold_end"
    )


def call(client: Client, method: str, path: str) -> int:
    """Send an empty request in a transaction that is rolled back; return its status."""
    with transaction.atomic():
        answer = client.generic(
            method,
            path,
            "{}" if method != "GET" else "",
            content_type="application/json",
            headers={"Idempotency-Key": "11111111-1111-4111-8111-111111111111"},
        )
        transaction.set_rollback(True)
    return int(answer.status_code)


@pytest.mark.parametrize("role", [*ROLE_OF, "nobody", "anonymous"])
def test_every_method_of_every_route_is_granted_to_its_roles_alone(
    scene: tuple[Cast, dict[str, int]], role: str
) -> None:
    cast, ids = scene
    client = Client()
    if role != "anonymous":
        client.force_login(cast.user(ROLE_OF.get(role, "cho")), backend="incidents.sessions.Backend")
    wrong = []
    for route, methods in routes.API.items():
        for method in METHODS:
            status = call(client, method, address(route, ids))
            if role == "anonymous":
                right = status == 401
            elif (role, route) in routes.FINER:
                right = status in (403, 405)
            elif method in methods and role in methods[method]:
                right = status not in (401, 403, 405, 500)
            else:
                right = status in (403, 405)
            if not right:
                wrong.append((method, route, status))
    assert wrong == []


@pytest.mark.parametrize("role", [*ROLE_OF, "nobody", "anonymous"])
def test_every_page_opens_for_its_roles_alone(scene: tuple[Cast, dict[str, int]], role: str) -> None:
    cast, _ids = scene
    client = Client()
    if role != "anonymous":
        client.force_login(cast.user(ROLE_OF.get(role, "cho")), backend="incidents.sessions.Backend")
    for path, allowed in routes.PAGES.items():
        answer = client.get(f"/{path}")
        if role == "anonymous":
            assert answer.status_code == 302, path
            assert answer["Location"].startswith("/login/")
        else:
            assert answer.status_code == (200 if role in allowed else 403), path


def test_a_refusal_leaves_a_denial_row_and_changes_nothing(scene: tuple[Cast, dict[str, int]]) -> None:
    from incidents.models import Denial, Entry

    cast, ids = scene
    before = Entry.objects.count()
    client = Client()
    client.force_login(cast.user("tess"), backend="incidents.sessions.Backend")
    answer = client.post(
        f"/api/incidents/{ids['incident_id']}/orders/",
        {"units": [{"unit": cast.car7.pk}]},
        content_type="application/json",
        headers={"Idempotency-Key": "11111111-1111-4111-8111-111111111111"},
    )
    assert answer.status_code == 403
    assert answer.json()["error"] == "forbidden"
    denial = Denial.objects.get()
    assert (denial.user_id, denial.code, denial.method) == (cast.users["tess"].pk, "forbidden", "POST")
    assert Entry.objects.count() == before


def test_the_schema_needs_a_sign_in_and_names_every_route(scene: tuple[Cast, dict[str, int]]) -> None:
    cast, _ids = scene
    client = Client()
    assert client.get("/api/schema/").status_code == 401
    client.force_login(cast.user("dana"), backend="incidents.sessions.Backend")
    answer = client.get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert answer.status_code == 200
    named = set(answer.json()["paths"])
    expected = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/api/{route}") for route in routes.API}
    assert expected <= named
