"""The fusion desk: requests with an owner, clues that are pushed, positions that are renewed (M20–M23, M43, K16)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from dispatch.services import decisions
from incidents import followup
from incidents.live import frames
from incidents.matters import open_matters
from incidents.models import FusionRequest, LockedPosition
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.services import calls, clues, fusion, locked_positions
from incidents.services.locked_positions import present_position
from incidents.sessions import actor_of
from tests.database.acts import handled, kinds, send, take
from tests.database.casework import BASIS, FIX, SNATCH, asked, clue, locked, working
from tests.database.together import together
from tests.people import Cast


def seen_in_feed(cast: Cast, audience: str, kind: str) -> list[dict[str, Any]]:
    """Return the rows of the last entry of a kind as an audience gets them."""
    line = [one for one in frames.read(cast.centre.pk, 0, 1000) if one.kind == kind][-1]
    shown = frames.view(line, audience)
    return [row for rows in shown["rows"].values() for row in rows] if shown else []


def test_a_request_goes_from_the_desk_to_an_owner_is_handed_over_by_name_and_ends_with_words(
    quick: Cast, api: Any
) -> None:
    incident = take(quick, **SNATCH)
    desk, analyst = api(quick.user("dana")), api(quick.user("ana"))
    board = analyst.get("/api/fusion/").json()
    assert [one["incident"] for one in board["proposals"]] == [incident.pk]
    assert not FusionRequest.objects.exists()  # the rule proposes, a person raises
    ask = {"ask": "person", "text": "三人往北逃", "legal_basis": BASIS, "by_rule": True}
    made = desk.post(f"/api/incidents/{incident.pk}/fusion/", ask)
    assert made.status_code == 201, made.content
    row = made.json()["fusion_request"]
    assert (row["state"], row["by_rule"], row["owner"]) == ("waiting", True, "")
    assert desk.post(f"/api/incidents/{incident.pk}/fusion/", ask).status_code == 409  # nothing is proposed any more
    assert [one["text"] for one in seen_in_feed(quick, "desk", "fusion.asked")] == ["三人往北逃"]
    assert [one["text"] for one in seen_in_feed(quick, "overview", "fusion.asked")] == ["＊＊＊"]
    assert seen_in_feed(quick, f"unit.{quick.car12.pk}", "fusion.asked") == []
    taken = analyst.post(f"/api/fusion/{row['id']}/accept/", {"speciality": "刑侦"}).json()["fusion_request"]
    assert (taken["state"], taken["owner_name"], bool(taken["accepted_at"])) == ("working", "Ana", True)
    aki = quick.analyst()
    with pytest.raises(WrongTurn):
        fusion.accept_fusion(by=actor_of(aki, {}), request_id=row["id"], speciality="")
    handed = analyst.post("/api/fusion/shift/", {"to": aki.badge, "words": "还有六路没看"})
    [line] = handed.json()["fusion_requests"][0]["shift_log"]
    assert (line["from_name"], line["to_name"], line["words"]) == ("Ana", "Aki", "还有六路没看")
    with pytest.raises(Forbidden):
        fusion.end_fusion(by=quick.actor("ana"), request_id=row["id"], state="done", text="x")
    [matter] = [one for one in open_matters(quick.centre.pk) if one.noun == "fusion_request"]
    assert matter.owner_id == aki.pk
    done = (
        api(aki).post(f"/api/fusion/{row['id']}/end/", {"state": "done", "text": "三人抓获"}).json()["fusion_request"]
    )
    assert (done["state"], done["open"], done["result_text"]) == ("done", False, "三人抓获")
    assert [kind for kind in kinds(incident) if kind.startswith("fusion.")] == [
        "fusion.asked", "fusion.accepted", "fusion.handed_over", "fusion.ended",
    ]  # fmt: skip
    with pytest.raises(WrongTurn):
        fusion.end_fusion(by=quick.actor("sam"), request_id=row["id"], state="no_result", text="x")


def test_an_open_request_keeps_its_incident_open_and_a_complaint_is_not_theirs(quick: Cast) -> None:
    with pytest.raises(NotFound):
        asked(quick, take(quick, type_reported="1003"))
    incident, _order = handled(quick)
    request = working(quick, incident)
    calls.finish_call(by=quick.actor("tess"), call_id=incident.calls.get().pk, facts={})
    incident.refresh_from_db()
    row = decisions.submit(by=quick.actor("dana"), incident_id=incident.pk, version=incident.version)
    with pytest.raises(WrongTurn):
        decisions.approve(by=quick.actor("rae"), incident_id=incident.pk, version=row.version)
    fusion.end_fusion(by=quick.actor("ana"), request_id=request.pk, state="no_result", text="未能查明")
    closed = decisions.approve(by=quick.actor("rae"), incident_id=incident.pk, version=row.version)
    assert closed.stage == "closed"


def test_a_clue_reaches_the_units_on_the_incident_when_it_is_pushed_and_not_before(quick: Cast, api: Any) -> None:
    incident = take(quick, **SNATCH)
    send(quick, incident)
    request = working(quick, incident)
    unit, phone = f"unit.{quick.car12.pk}", api(quick.user("omar"))
    body = {
        "request": request.pk, "kind": "vehicle", "text": "两辆电动车", "value": "闽e·0x99t", "source": "图像",
        "confidence": "medium", "point": {"lat": 24.5105, "lng": 117.705, "crs": "WGS84"},
    }  # fmt: skip
    made = api(quick.user("vic")).post(f"/api/incidents/{incident.pk}/clues/", body)
    assert made.status_code == 201, made.content
    row = made.json()["clue"]
    assert row["value"] == "闽E0X99T"
    assert seen_in_feed(quick, unit, "clue.added") == []
    assert phone.get("/api/my-unit/").json()["clues"] == []
    pushed = clues.push_clue(by=quick.actor("ana"), clue_id=row["id"])
    assert [one["text"] for one in seen_in_feed(quick, unit, "clue.pushed")] == ["两辆电动车"]
    assert seen_in_feed(quick, f"unit.{quick.car7.pk}", "clue.pushed") == []
    assert [one["id"] for one in phone.get("/api/my-unit/").json()["clues"]] == [row["id"]]
    assert clues.push_clue(by=quick.actor("ana"), clue_id=row["id"]).version == pushed.version
    clues.void_clue(by=quick.actor("ana"), clue_id=row["id"], reason="号牌看错")
    assert [one["void_reason"] for one in seen_in_feed(quick, unit, "clue.voided")] == ["号牌看错"]
    with pytest.raises(BadInput):
        clue(quick, request, kind="person", value="闽E0X99T")
    assert phone.post(f"/api/clues/{row['id']}/push/").status_code == 403


def test_a_position_is_renewed_not_edited_runs_out_and_is_then_no_base_for_a_directive(quick: Cast, api: Any) -> None:
    incident = take(quick, **SNATCH)
    send(quick, incident)
    request = working(quick, incident)
    body = {
        "point": {"lat": 24.5105, "lng": 117.705, "crs": "WGS84"}, "radius_m": 60, "source": "camera",
        "confidence": "high", "minutes": 30,
    }  # fmt: skip
    analyst = api(quick.user("ana"))
    first = analyst.post(f"/api/fusion/{request.pk}/position/", body).json()["locked_position"]
    assert (first["radius_m"], first["replaces"]) == (60, None)
    request.refresh_from_db()
    locked_at = request.locked_at
    assert (request.state, locked_at is not None) == ("locked", True)
    assert seen_in_feed(quick, f"unit.{quick.car12.pk}", "position.locked")
    again = analyst.post(f"/api/fusion/{request.pk}/position/", body)
    assert (again.status_code, again.json()["current"]["id"]) == (409, first["id"])
    renewed = analyst.post(f"/api/locked-positions/{first['id']}/renew/", {**body, "radius_m": 40})
    second = renewed.json()["locked_position"]
    assert (renewed.status_code, second["replaces"], second["radius_m"]) == (201, first["id"], 40)
    old = LockedPosition.objects.get(pk=first["id"])
    assert (old.radius_m, old.replaced_at is not None) == (60, True)
    assert analyst.post(f"/api/locked-positions/{first['id']}/renew/", body).json()["current"]["id"] == second["id"]
    [known] = api(quick.user("omar")).get("/api/my-unit/").json()["locked_positions"]
    assert known["id"] == second["id"]
    now = timezone.now()
    found = present_position(request.pk, now)
    assert found is not None and found.pk == second["id"]
    later = now + dt.timedelta(minutes=31)
    assert present_position(request.pk, later) is None
    with time_machine.travel(later):
        assert followup.keep(later) >= 1
        request.refresh_from_db()
        assert (request.state, request.locked_at) == ("working", locked_at)  # K16 keeps the first lock
        third = locked_positions.lock_position(by=quick.actor("vic"), request_id=request.pk, fix=FIX)
        assert third.replaces_id == second["id"]
    fusion.end_fusion(by=quick.actor("ana"), request_id=request.pk, state="done", text="抓获")
    assert present_position(request.pk, later) is None
    assert "position.lapsed" in kinds(incident)
    with pytest.raises(WrongTurn):
        locked_positions.renew_position(by=quick.actor("ana"), position_id=third.pk, fix=FIX)


def test_of_two_analysts_who_accept_or_renew_at_once_one_wins(cast: Cast) -> None:
    cast.on_duty()
    request = asked(cast)
    aki = cast.analyst()
    other = actor_of(aki, {})
    analysts = [cast.actor("ana"), other]
    found = together(
        [partial(fusion.accept_fusion, by=one, request_id=request.pk, speciality="刑侦") for one in analysts],
        raise_errors=False,
    )
    assert sorted(type(one).__name__ for one in found) == ["FusionRequest", "WrongTurn"]
    position = locked(cast, request)
    renewals = together(
        [partial(locked_positions.renew_position, by=one, position_id=position.pk, fix=FIX) for one in analysts],
        raise_errors=False,
    )
    assert sorted(type(one).__name__ for one in renewals) == ["LockedPosition", "WrongTurn"]
    assert LockedPosition.objects.filter(request=request, replaced_at__isnull=True).count() == 1
