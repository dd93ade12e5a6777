"""Code tables and accounts over the API, as the administrator's page uses them: versions, refusals, what is offered."""

from typing import Any

import pytest

from incidents.models import Centre, Code, Organisation, User
from tests.people import Cast

NEW = {"username": "tang", "password": "long enough for it", "badge": "9003", "name": "唐试"}


@pytest.fixture
def ada(cast: Cast, api: Any) -> Any:
    """The administrator; edits of the shipped codes are undone, because the tables are kept between tests."""
    before = Code.objects.get(table="delay", code="DL1")
    yield api(cast.user("ada"))
    before.save()


def test_an_edited_code_is_what_everybody_reads_next(ada: Any) -> None:
    edited = ada.patch("/api/codes/delay/DL1/", {"version": 1, "zh": "道路拥堵", "ext_code": "Y01"})
    assert (edited.status_code, edited.json()["code"]["version"]) == (200, 2)
    rows = ada.get("/api/codes/").json()["tables"]["delay"]
    assert [(row["zh"], row["ext_code"]) for row in rows if row["code"] == "DL1"] == [("道路拥堵", "Y01")]


def test_a_stale_edit_of_a_code_is_answered_with_the_present_row(ada: Any) -> None:
    ada.patch("/api/codes/delay/DL1/", {"version": 1, "zh": "别人的"})
    refused = ada.patch("/api/codes/delay/DL1/", {"version": 1, "zh": "我的"})
    current = refused.json()["current"]
    assert (refused.status_code, current["zh"], current["version"]) == (409, "别人的", 2)


def test_a_stale_edit_of_a_person_is_answered_with_the_present_row(ada: Any, cast: Cast) -> None:
    cho = cast.user("cho")
    ada.patch(f"/api/users/{cho.pk}/", {"version": cho.version, "name": "别人的"})
    refused = ada.patch(f"/api/users/{cho.pk}/", {"version": cho.version, "name": "我的"})
    current = refused.json()["current"]
    assert (refused.status_code, current["name"], current["version"]) == (409, "别人的", cho.version + 1)


def test_an_account_of_a_station_is_made_and_moved(ada: Any, cast: Cast) -> None:
    station = {"id": cast.station.pk, "code": "S404", "name": "巷口所", "kind": "station"}
    assert station in ada.get("/api/users/").json()["organisations"]
    made = ada.post("/api/users/", {**NEW, "roles": ["station_duty"], "organisation": station["id"]})
    user = made.json()["user"]
    assert (made.status_code, user["organisation"]) == (201, station["id"])
    moved = ada.patch(f"/api/users/{user['id']}/", {"version": user["version"], "organisation": None})
    assert (moved.status_code, moved.json()["user"]["organisation"]) == (200, None)


def test_the_organisation_of_another_centre_is_refused_by_name(ada: Any, cast: Cast) -> None:
    other = Centre.objects.create(code="T2", name="他市", box=[0.0, 0.0, 1.0, 1.0], number_prefix="2")
    foreign = Organisation.objects.create(centre=other, kind="station", code="S1", name="他所")
    stan = cast.user("stan")
    refused = ada.patch(f"/api/users/{stan.pk}/", {"version": stan.version, "organisation": foreign.pk})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["organisation"])
    assert User.objects.get(pk=stan.pk).organisation_id == cast.station.pk


def test_nobody_changes_the_own_rights(ada: Any, cast: Cast) -> None:
    me = cast.user("ada")
    refused = ada.patch(f"/api/users/{me.pk}/", {"version": me.version, "roles": ["administrator", "leader"]})
    assert refused.status_code == 403
    assert cast.user("ada").role_names == {"administrator"}


def test_roles_that_exclude_each_other_are_refused(ada: Any, cast: Cast) -> None:
    dana = cast.user("dana")
    refused = ada.patch(f"/api/users/{dana.pk}/", {"version": dana.version, "roles": ["dispatcher", "administrator"]})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["roles"])


@pytest.mark.parametrize("name", ["tess", "sam", "ina", "lee", "omar", "cho"])
def test_the_page_and_its_writes_are_for_administrators(cast: Cast, api: Any, name: str) -> None:
    caller = api(cast.user(name))
    assert caller.get("/manage/").status_code == 403
    assert caller.get("/api/users/").status_code == 403
    assert caller.patch("/api/codes/delay/DL1/", {"version": 1, "zh": "x"}).status_code == 403
    assert Code.objects.get(table="delay", code="DL1").version == 1


@pytest.mark.parametrize(("language", "tag"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_the_pages_of_the_shell_speak_the_language_of_the_switch(ada: Any, language: str, tag: str) -> None:
    ada.client.cookies["django_language"] = language
    page = ada.get("/manage/").content.decode()
    assert f'<html lang="{tag}"' in page
    assert 'name="csrf-token" content=""' not in page
