"""Series of incidents: opening, joining, leaving, closing, suggestions with reasons, and who sees them (M26, M61)."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.models import Incident, Series, SeriesMember
from incidents.refusals import NotFound, WrongTurn
from incidents.services import series
from tests.database.acts import kinds, take
from tests.people import Cast


def bike(cast: Cast, words: str = "电动车被偷，锁被撬，人戴头盔") -> Incident:
    """Take a theft of an e-bike."""
    return take(cast, type_reported="020102", narrative=words)


def opened(cast: Cast, *incidents: Incident) -> Series:
    """Let the analyst open a series."""
    return series.open_series(
        by=cast.actor("ana"), name="电动车系列盗窃", reason="手法相同", incident_ids=[one.pk for one in incidents]
    )


def test_three_thefts_become_one_series_with_reasons_on_each_timeline(quick: Cast, api: Any) -> None:
    one, two, three = bike(quick), bike(quick), bike(quick)
    analyst = api(quick.user("ana"))
    told = analyst.get(f"/api/incidents/{one.pk}/series/?likely=1").json()
    assert told["series"] is None
    assert {row["incident"] for row in told["likely"]} == {two.pk, three.pk}
    assert told["likely"][0]["type"] == "same"
    assert set(told["likely"][0]["means"]) >= {"撬锁", "戴头盔"}
    assert told["likely"][0]["words"]
    body = {"name": "电动车系列盗窃", "reason": "手法相同", "incidents": [one.pk, two.pk]}
    made = analyst.post("/api/series/", body)
    assert made.status_code == 201, made.content
    row = made.json()["series"]
    assert [member["incident"] for member in row["members"]] == [one.pk, two.pk]
    joined = api(quick.user("dana")).post(
        f"/api/series/{row['id']}/join/", {"incident": three.pk, "reason": "同一顶头盔"}
    )
    assert len(joined.json()["series"]["members"]) == 3
    assert kinds(three)[-1] == "series.joined"
    again = series.join_series(by=quick.actor("vic"), series_id=row["id"], incident_id=three.pk, reason="x")
    assert again.version == joined.json()["series"]["version"]
    assert api(quick.user("sam")).get(f"/api/incidents/{three.pk}/series/").json()["series"]["id"] == row["id"]


def test_an_incident_is_in_one_series_leaves_with_a_reason_and_stays_on_record(quick: Cast) -> None:
    one, two = bike(quick), bike(quick)
    first, second = opened(quick, one), opened(quick, two)
    with pytest.raises(WrongTurn):
        series.join_series(by=quick.actor("dana"), series_id=second.pk, incident_id=one.pk, reason="x")
    left = series.leave_series(by=quick.actor("dana"), series_id=first.pk, incident_id=one.pk, reason="另一人所为")
    assert left.row()["members"] == []
    assert SeriesMember.objects.get(series=first).left_reason == "另一人所为"
    assert kinds(one)[-1] == "series.left"
    joined = series.join_series(by=quick.actor("dana"), series_id=second.pk, incident_id=one.pk, reason="同款")
    closed = series.close_series(by=quick.actor("ana"), series_id=second.pk, version=joined.version, reason="已抓获")
    assert (closed.state, len(closed.row()["members"])) == ("closed", 2)
    with pytest.raises(WrongTurn):
        series.join_series(by=quick.actor("dana"), series_id=second.pk, incident_id=two.pk, reason="x")
    assert opened(quick, one).row()["members"][0]["incident"] == one.pk


def test_complaints_join_no_series_and_each_reader_sees_members_as_the_own_board_does(quick: Cast, api: Any) -> None:
    with pytest.raises(NotFound):
        opened(quick, take(quick, type_reported="1003"))
    assert not Series.objects.exists()
    opened(quick, bike(quick))
    path = "/api/series/"
    for name in ("tess", "dana", "sam", "ana", "vic", "lee", "ina"):
        [row] = api(quick.user(name)).get(path).json()["series"]
        assert row["members"][0]["address_text"] == "新华路", name
    for name in ("omar", "stan", "cho"):
        assert api(quick.user(name)).get(path).status_code == 403
    for name in ("tess", "lee", "ina"):
        body = {"name": "x", "reason": "y", "incidents": [1]}
        assert api(quick.user(name)).post(path, body).status_code == 403
