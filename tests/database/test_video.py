"""The video desk: cameras of a place and a time, opened with a purpose, bookmarks that become clues, search areas that are
shared and widened, and the squad's three counters (M22, M24, M44, M57)."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from incidents import gateways
from incidents.cameras import sources
from incidents.models import (
    Bookmark,
    Camera,
    Cleared,
    Clue,
    Entry,
    Gateway,
    Incident,
    Organisation,
    Party,
    SearchArea,
    SearchedCamera,
    Suspect,
    User,
    Viewing,
)
from incidents.refusals import BadInput, NotFound, WrongTurn
from incidents.services import cameras, search_areas, viewings
from incidents.services.gateways import register_gateway
from tests.database.acts import kinds, send, take
from tests.database.casework import SNATCH, asked
from tests.database.test_fusion import seen_in_feed
from tests.people import PLACE, Cast, register

LAT, LNG = float(str(PLACE["lat"])), float(str(PLACE["lng"]))
METRE = 1 / 111_195
HOUR = dt.timedelta(hours=1)


def code(number: int) -> str:
    return f"3506020000132{number:07d}"


def facts(number: int, north_m: float, **more: Any) -> dict[str, Any]:
    """A camera so far north of the usual place, looking south at it over 100 m."""
    usual: dict[str, Any] = {
        "gb_code": code(number), "name": f"新华路{number:02d}杆", "lat": LAT + north_m * METRE, "lng": LNG,
        "bearing": 180.0, "fov_deg": 60.0, "range_m": 100.0, "pole_code": f"JK{number:04d}", "owner_net": "police",
        "state": "online", "neighbours": [],
    }  # fmt: skip
    return {**usual, **more}


def set_up(cast: Cast, *more: dict[str, Any]) -> list[Camera]:
    """Load three cameras and what else is named, with the simulated source; return them by their code."""
    rows = [facts(1, 90), facts(2, 40, bearing=0.0), facts(3, 60, bearing=None, fov_deg=None), *more]
    cameras.load_cameras(by=None, centre_id=cast.centre.pk, cameras=rows)
    register_gateway(by=None, centre_id=cast.centre.pk, code="video", name="视频", kind="video", address="simulated:")
    return list(Camera.objects.order_by("gb_code"))


def opened(cast: Cast, camera: Camera, incident: Incident, who: str = "vic") -> Viewing:
    """Let Vic open a camera from an hour ago."""
    now = timezone.now()
    return viewings.open_camera(
        by=cast.actor(who), camera_id=camera.pk, incident_id=incident.pk, since=now - HOUR, until=now, purpose="追查"
    )


def area(cast: Cast, incident: Incident, radius_m: float = 100, who: str = "vic", **more: Any) -> SearchArea:
    """Let Vic open a circle round the usual place."""
    now = timezone.now()
    said: dict[str, Any] = {
        "note": "",
        "request_id": None,
        "branch_id": None,
        "since": now - HOUR,
        "until": now,
        **more,
    }
    shape = search_areas.Shape("circle", ((LAT, LNG),), radius_m)
    return search_areas.open_area(by=cast.actor(who), incident_id=incident.pk, shape=shape, **said)


def station_people(cast: Cast) -> tuple[Organisation, User]:
    """Give the station of Stan a branch above it, and the branch a person of its own."""
    bureau = cast.station.parent
    branch = Organisation.objects.create(centre=cast.centre, kind="branch", code="B1", name="芗城分局", parent=bureau)
    Organisation.objects.filter(pk=cast.station.pk).update(parent=branch)
    person = User.objects.create(
        username=f"bea@{cast.centre.code}", badge="0950", name="Bea", centre=cast.centre, organisation=branch
    )
    person.groups.set(cast.user("stan").groups.all())
    return branch, person


def still(viewing: Viewing) -> SimpleUploadedFile:
    """A still as a browser takes it from the pictures that are open."""
    return SimpleUploadedFile("still.jpg", sources.drawn(viewing, viewing.since), "image/jpeg")


def test_the_register_is_loaded_once_and_what_is_missing_ends_only_on_request(quick: Cast, tmp_path: Path) -> None:
    quick.centre.code = "350600"
    quick.centre.save(update_fields=["code"])
    file = tmp_path / "cameras.csv"
    head = "gb_code,name,lat,lng,crs,owner_net,bearing,fov_deg,range_m\n"
    lines = [f"{code(number)},新华路{number},{LAT},{LNG},WGS84,police,90,60,80\n" for number in (1, 2)]
    file.write_text(head + "".join(lines), encoding="utf-8")
    for said in ("2 cameras, 2 new, 0 changed, 0 ended", "2 cameras, 0 new, 0 changed, 0 ended"):
        out = io.StringIO()
        call_command("load_cameras", str(file), stdout=out)
        assert said in out.getvalue()
    assert kinds().count("cameras.loaded") == 1
    file.write_text(head + lines[0].replace("新华路1", "新华路一"), encoding="utf-8")
    call_command("load_cameras", str(file), stdout=io.StringIO())
    assert Camera.objects.filter(ended_at__isnull=True).count() == 2
    call_command("load_cameras", str(file), "--end-missing", stdout=io.StringIO())
    assert [one.name for one in Camera.objects.filter(ended_at__isnull=True)] == ["新华路一"]
    file.write_text(head + lines[1].replace(",90,", ",400,"), encoding="utf-8")
    told = io.StringIO()
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_cameras", str(file), stderr=told)
    assert "line 2, bearing" in told.getvalue()


def test_one_camera_is_corrected_from_a_version_and_ended_with_a_reason(quick: Cast, api: Any) -> None:
    [first, *_rest] = set_up(quick)
    keeper = api(quick.user("vic"))
    body = {"version": first.version, "bearing": 90, "neighbours": [code(2)]}
    made = keeper.patch(f"/api/cameras/{first.pk}/", body)
    assert (made.json()["camera"]["bearing"], made.json()["camera"]["neighbours"]) == (90.0, [code(2)])
    assert keeper.patch(f"/api/cameras/{first.pk}/", body | {"bearing": 91}).status_code == 409
    wrong = keeper.patch(f"/api/cameras/{first.pk}/", {"version": 2, "neighbours": [code(9)]})
    assert "neighbours" in wrong.json()["fields"]
    assert keeper.post(f"/api/cameras/{first.pk}/end/", {"reason": "已拆除"}).status_code == 200
    assert api(quick.user("ada")).get("/api/cameras/?q=03").json()["count"] == 1
    assert {"camera.described", "camera.ended"} <= set(kinds())


def test_cameras_near_an_incident_are_ordered_by_view_and_distance_as_they_stood_then(quick: Cast, api: Any) -> None:
    first, second, third = set_up(quick, facts(9, 5_000))[:3]
    incident = take(quick, **SNATCH)
    squad = api(quick.user("vic"))
    found = squad.get(f"/api/cameras/near/?incident={incident.pk}").json()["cameras"]
    assert [(one["id"], one["sees"]) for one in found] == [(first.pk, "yes"), (third.pk, "maybe"), (second.pk, "no")]
    assert [round(one["metres"]) for one in found] == [90, 60, 40]
    cameras.end_camera(by=quick.actor("vic"), camera_id=first.pk, reason="已拆除")
    place = f"lat={LAT}&lng={LNG}&crs=WGS84&radius=200"
    now = squad.get(f"/api/cameras/near/?{place}").json()["cameras"]
    then = squad.get(f"/api/cameras/near/?{place}&at={(timezone.now() - HOUR).isoformat()}").json()["cameras"]
    assert ([one["id"] for one in now], len(then)) == ([third.pk, second.pk], 3)
    assert squad.get("/api/cameras/near/?lat=24.5&lng=117.6").status_code == 400  # no datum
    assert squad.get(f"/api/cameras/near/?incident={incident.pk}&radius=9").status_code == 400
    complaint = take(quick, type_reported="1003")
    assert squad.get(f"/api/cameras/near/?incident={complaint.pk}").status_code == 404


def test_a_camera_is_opened_with_a_purpose_and_only_who_opened_it_sees_its_pictures(quick: Cast, api: Any) -> None:
    [first, *_rest] = set_up(quick)
    incident = take(quick, **SNATCH)
    squad, now = api(quick.user("vic")), timezone.now()
    body = {
        "incident": incident.pk,
        "since": (now - HOUR).isoformat(),
        "until": now.isoformat(),
        "purpose": "追查嫌疑人",
    }
    key = str(uuid.uuid4())
    made = squad.post(f"/api/cameras/{first.pk}/open/", body, key=key)
    assert made.status_code == 201, made.content
    viewing = made.json()["viewing"]
    assert squad.post(f"/api/cameras/{first.pk}/open/", body, key=key).json()["viewing"] == viewing
    assert Viewing.objects.count() == 1
    data = json.loads(Entry.objects.get(kind="camera.opened").body)["data"]
    assert (data["badge"], data["gb_code"], data["purpose"]) == (quick.user("vic").badge, code(1), "追查嫌疑人")
    assert [one["purpose"] for one in seen_in_feed(quick, "overview", "camera.opened")] == ["＊＊＊"]
    source = squad.get(f"/api/viewings/{viewing['id']}/source/").json()
    assert source == {"mode": "pictures", "url": f"/api/viewings/{viewing['id']}/frame/"}
    inside = (now - HOUR / 2).isoformat().replace("+", "%2B")
    picture = squad.get(f"{source['url']}?at={inside}")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    early = (now - 2 * HOUR).isoformat().replace("+", "%2B")
    assert squad.get(f"{source['url']}?at={early}").json()["error"] == "no_picture"
    assert api(quick.user("ana")).get(source["url"]).status_code == 404
    for change in ({"purpose": ""}, {"until": (now - 2 * HOUR).isoformat()}, {"since": (now + HOUR).isoformat()}):
        assert squad.post(f"/api/cameras/{first.pk}/open/", {**body, **change}).status_code == 400
    complaint = take(quick, type_reported="1003")
    assert squad.post(f"/api/cameras/{first.pk}/open/", {**body, "incident": complaint.pk}).status_code == 404
    assert api(quick.user("lee")).post(f"/api/cameras/{first.pk}/open/", body).status_code == 403
    Camera.objects.filter(pk=first.pk).update(state="offline")
    assert squad.get(f"{source['url']}?at={inside}").status_code == 503
    Gateway.objects.all().delete()
    with pytest.raises(WrongTurn):
        opened(quick, first, incident)


def test_a_stream_gets_a_right_that_runs_out_and_a_platform_is_asked_and_not_believed(
    quick: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first, *_rest] = set_up(quick)
    viewing = opened(quick, first, take(quick, **SNATCH))
    settings.VIDEO_ORIGINS = ["https://media.test"]
    template = "https://media.test/{gb_code}?from={start}&to={end}&expires={expires}&token={token}"
    for address in (
        "ftp://x/{gb_code}",
        "https://media.test/{gb_code}",
        template.replace("media", "other"),
        template + "{x}",
    ):
        with pytest.raises(BadInput):
            register_gateway(by=None, centre_id=quick.centre.pk, code="v2", name="", kind="video", address=address)
    adapter = Gateway.objects.get(code="video")
    adapter.address = template
    url = sources.source_of(viewing, adapter, "T1", timezone.now())["url"]
    assert url.startswith(f"https://media.test/{code(1)}?from=20")
    assert adapter.secret not in url
    assert url != sources.source_of(viewing, adapter, "T1", timezone.now() + HOUR)["url"]
    assert "token" not in Entry.objects.get(kind="camera.opened").body
    adapter.address = "platform:https://nvr.test/playback"
    answers = iter([{"url": "https://media.test/live/1"}, {"url": "https://elsewhere.test/"}, {}])
    said: list[Any] = []

    def answer(gateway: Gateway, address: str, centre: str, event: str, content: Any, *, within_s: float) -> Any:
        said.append((address, content["gb_code"]))
        return next(answers)

    monkeypatch.setattr(gateways, "post_to", answer)
    assert sources.source_of(viewing, adapter, "T1", timezone.now())["url"] == "https://media.test/live/1"
    assert said == [("https://nvr.test/playback", code(1))]
    for _strange in range(2):
        with pytest.raises(sources.NoPicture):
            sources.source_of(viewing, adapter, "T1", timezone.now())


def test_a_bookmark_becomes_a_clue_whose_still_the_unit_sees_once_it_is_pushed(quick: Cast, api: Any) -> None:
    [first, *_rest] = set_up(quick)
    incident = take(quick, **SNATCH)
    send(quick, incident)
    viewing = opened(quick, first, incident)
    squad, phone = api(quick.user("vic")), api(quick.user("omar"))
    at = viewing.since + dt.timedelta(minutes=13)
    path = f"/api/viewings/{viewing.pk}/bookmarks/"
    body = {"at": at.isoformat(), "text": "两人，一人戴红帽，往南", "file": still(viewing)}
    made = squad.client.post(path, body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert made.status_code == 201, made.content
    row = made.json()["bookmark"]
    assert row["still"] == f"/api/bookmarks/{row['id']}/still/"
    kept = Bookmark.objects.get().still
    assert kept is not None
    assert len(kept["sha256"]) == 64
    assert [one["text"] for one in seen_in_feed(quick, "desk", "bookmark.made")] == ["两人，一人戴红帽，往南"]
    assert seen_in_feed(quick, f"unit.{quick.car12.pk}", "bookmark.made") == []
    outside = {"at": (viewing.since - HOUR).isoformat(), "text": "x"}
    assert squad.client.post(path, outside, headers={"Idempotency-Key": str(uuid.uuid4())}).status_code == 400
    assert phone.get(row["still"]).status_code == 404
    made = squad.post(f"/api/bookmarks/{row['id']}/clue/", {"confidence": "high"})
    assert made.status_code == 201, made.content
    clue = made.json()["clue"]
    assert (clue["kind"], clue["bookmark"], clue["camera"], clue["text"]) == (
        "picture", row["id"], first.pk, "两人，一人戴红帽，往南",
    )  # fmt: skip
    assert clue["point"] == {"lat": first.lat, "lng": first.lng}
    assert phone.get(row["still"]).status_code == 404
    assert squad.post(f"/api/bookmarks/{row['id']}/clue/", {"push": True, "text": "红帽男子"}).status_code == 201
    assert [one["text"] for one in seen_in_feed(quick, f"unit.{quick.car12.pk}", "clue.pushed")] == ["红帽男子"]
    assert [one["bookmark"] for one in phone.get("/api/my-unit/").json()["clues"]] == [row["id"]]
    assert b"".join(phone.get(row["still"]).streaming_content)[:2] == b"\xff\xd8"
    assert api(quick.user("nia")).get(row["still"]).status_code == 404
    assert api(quick.user("lee")).get(row["still"]).status_code == 403
    assert api(quick.user("dana")).get(row["still"]).status_code == 200
    Clue.objects.update(void_at=timezone.now(), void_reason="认错")
    assert phone.get(row["still"]).status_code == 404
    Clue.objects.filter(pk=clue["id"]).update(void_at=None)
    refused = squad.post(f"/api/bookmarks/{row['id']}/void/", {"reason": "不是同一人"})
    assert (refused.status_code, refused.json()["error"]) == (409, "wrong_turn")
    Clue.objects.update(void_at=timezone.now())
    board = api(quick.user("dana")).get("/api/snapshot/").json()["rows"]
    assert [one["id"] for one in board["bookmark"]] == [row["id"]]
    for _ in range(2):
        void = squad.post(f"/api/bookmarks/{row['id']}/void/", {"reason": "不是同一人"})
        assert void.json()["bookmark"]["void"] is True
    assert len(seen_in_feed(quick, "desk", "bookmark.voided")) == 1
    assert squad.post(f"/api/bookmarks/{row['id']}/clue/", {"confidence": "high"}).status_code == 409


def test_a_search_is_shared_with_a_branch_counted_and_widened_without_losing_a_mark(quick: Cast, api: Any) -> None:
    set_up(quick, facts(4, 300), facts(5, 900))
    branch, bea = station_people(quick)
    incident = take(quick, **SNATCH)
    request = asked(quick, incident)
    row = area(quick, incident, request_id=request.pk)
    squad, other, stan = api(quick.user("vic")), api(bea), api(quick.user("stan"))
    path = f"/api/search-areas/{row.pk}/"
    listed = squad.get(path).json()
    assert (listed["search_area"]["cameras"], listed["search_area"]["checked"]) == (3, 0)
    assert other.get(path).status_code == 404
    assert other.get("/api/video/").json()["tasks"] == []
    assert squad.post(f"{path}share/", {"branch": branch.pk}).json()["search_area"]["branch"] == branch.pk
    [told] = other.get("/api/video/").json()["tasks"]
    assert (told["incident"]["narrative"], told["fusion_requests"], told["bookmarks"]) == ("", [], [])
    assert seen_in_feed(quick, f"station.{branch.pk}", "search.shared") != []
    first, second = (one["id"] for one in listed["searched_cameras"][:2])
    checked = other.post(f"/api/searched-cameras/{first}/check/", {"finding": "15:58 两人往南"})
    [open_area] = [
        one for one in api(quick.user("sam")).get("/api/matters/").json()["matters"] if one["noun"] == "search_area"
    ]
    assert (open_area["row"], open_area["words"].split()[-1], open_area["owner_name"]) == (row.pk, "1/3", "")
    assert checked.json()["searched_camera"]["checked_by_name"] == "Bea"
    assert stan.post(f"/api/searched-cameras/{second}/check/", {}).status_code == 200  # a station of the branch
    assert stan.post(f"/api/searched-cameras/{second}/check/", {"checked": False}).status_code == 200
    [shown] = [one for one in seen_in_feed(quick, "desk", "search.unchecked") if "ring" in one]
    assert (shown["checked"], shown["cameras"]) == (1, 3)
    again = other.post(f"/api/searched-cameras/{first}/check/", {"finding": "15:58 两人往南"})
    assert again.json()["searched_camera"]["version"] == checked.json()["searched_camera"]["version"]
    wider = {"shape": {"kind": "circle", "points": [{"lat": LAT, "lng": LNG}], "crs": "WGS84", "radius_m": 400}}
    made = squad.post(f"{path}widen/", wider)
    assert made.status_code == 201, made.content
    new = made.json()["search_area"]
    assert (new["widens"], new["cameras"], new["checked"], new["branch"]) == (row.pk, 4, 1, branch.pk)
    mark = SearchedCamera.objects.get(area_id=new["id"], checked_at__isnull=False)
    assert (mark.finding, mark.checked_by_name) == ("15:58 两人往南", "Bea")
    late = other.post(f"/api/searched-cameras/{second}/check/", {})
    assert (late.status_code, late.json()["current"]["id"]) == (409, new["id"])
    apart = {"shape": {**wider["shape"], "points": [{"lat": LAT + 0.04, "lng": LNG}]}}
    assert squad.post(f"/api/search-areas/{new['id']}/widen/", apart).status_code == 400
    assert other.post(f"/api/search-areas/{new['id']}/end/").status_code == 403
    assert squad.post(f"/api/search-areas/{new['id']}/end/").json()["search_area"]["ended_at"]
    assert [kind for kind in kinds(incident) if kind.startswith("search.")] == [
        "search.opened", "search.shared", "search.checked", "search.checked", "search.unchecked", "search.widened",
        "search.ended",
    ]  # fmt: skip


def test_an_area_needs_a_camera_and_its_branch_opens_what_it_holds_alone(quick: Cast, api: Any) -> None:
    found = set_up(quick, facts(5, 900))
    _branch, bea = station_people(quick)
    incident = take(quick, **SNATCH)
    with pytest.raises(BadInput):
        area(quick, incident, radius_m=10)
    with pytest.raises(NotFound):
        area(quick, take(quick, type_reported="1003"))
    now = timezone.now()
    body = {"incident": incident.pk, "since": (now - HOUR).isoformat(), "until": now.isoformat(), "purpose": "协查"}
    other = api(bea)
    assert other.post(f"/api/cameras/{found[0].pk}/open/", body).status_code == 404
    area(quick, incident, branch_id=bea.organisation_id)
    assert other.post(f"/api/cameras/{found[0].pk}/open/", body).status_code == 201
    assert other.post(f"/api/cameras/{found[3].pk}/open/", body).status_code == 404  # outside of the area
    incident_path = f"/api/incidents/{incident.pk}/search-areas/"
    assert other.post(incident_path, {}).status_code == 403
    assert api(quick.user("vic")).post(incident_path, {}).status_code == 400


def test_the_queue_puts_work_for_cameras_first_and_the_next_camera_is_named_with_its_time(
    quick: Cast, api: Any
) -> None:
    set_up(quick, facts(4, -300), facts(5, 400))
    Camera.objects.filter(gb_code=code(1)).update(neighbours=[code(5)])
    idle, busy = take(quick), take(quick, **SNATCH)
    asked(quick, busy)
    take(quick, type_reported="1003")
    squad = api(quick.user("vic"))
    tasks = squad.get("/api/video/").json()["tasks"]
    assert [(one["incident"]["id"], one["has_work"]) for one in tasks] == [(busy.pk, True), (idle.pk, False)]
    assert [one["ask"] for one in tasks[0]["fusion_requests"]] == ["person"]
    first = Camera.objects.get(gb_code=code(1))
    at = timezone.now()
    moment = at.isoformat().replace("+", "%2B")
    found = squad.get(f"/api/cameras/{first.pk}/next/?at={moment}&heading=180&pace=foot").json()["next"]
    assert [(one["camera"]["gb_code"], one["declared"]) for one in found[:2]] == [(code(5), True), (code(3), False)]
    assert dt.datetime.fromisoformat(found[0]["at"]) > at
    assert squad.get(f"/api/cameras/{first.pk}/next/?pace=fly").status_code == 400


def test_the_three_counters_of_the_squad_count_its_credits_in_a_period(quick: Cast, api: Any) -> None:
    register(quick.centre, quick.squad, "V502", "UV")
    now = timezone.now()
    stamps = {"centre": quick.centre, "created_at": now, "updated_at": now}
    theft, along = take(quick, **SNATCH), take(quick)
    person = Party.objects.create(**stamps, incident=theft, kind="person", role="suspect", name="某")
    caught = Suspect.objects.create(
        **stamps, party=person, incident=theft, status="controlled", caught_at=now - HOUR, caught_by_sign="C101",
        credit_units=["C101", "V502"],
    )  # fmt: skip
    Cleared.objects.create(suspect=caught, incident=along, at=now - HOUR, by_no="0001", reason="供述")
    for incident, status, voided in ((theft, "recovered", None), (along, "returned", None), (along, "recovered", now)):
        Party.objects.create(
            **stamps, incident=incident, kind="vehicle", plate="闽E0X99T", status=status, recovered_at=now - HOUR,
            returned_to="某", receipt="照片", void_at=voided,
        )  # fmt: skip
    other = Party.objects.create(**stamps, incident=along, kind="person", role="suspect", name="某乙")
    Suspect.objects.create(
        **stamps, party=other, incident=along, status="controlled", caught_at=now - HOUR, caught_by_sign="C101",
        credit_units=["C101"],
    )  # fmt: skip
    squad = api(quick.user("vic"))
    told = squad.get("/api/video/figures/").json()
    assert (told["caught"], told["vehicles"], told["cleared"], told["seats"]) == (1, 2, 1, ["V502"])
    assert set(told["definitions"]) == {"caught", "vehicles", "cleared"}
    until = (now - 2 * HOUR).isoformat().replace("+", "%2B")
    before = squad.get(f"/api/video/figures/?since=2020-01-01T00:00:00%2B08:00&until={until}").json()
    assert (before["caught"], before["vehicles"], before["cleared"]) == (0, 0, 0)
    assert squad.get(f"/api/video/figures/?since={until}&until=2020-01-01T00:00:00%2B08:00").status_code == 400
    assert api(quick.user("omar")).get("/api/video/figures/").status_code == 403
