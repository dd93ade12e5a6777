"""Seats with what they need (M19), and handing a seat or a shift over by name (row 94)."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from incidents.api.session import me
from incidents.models import HandOver, HandOverItem, Ownership, Qualification, Seat, Sitting, User
from incidents.refusals import BadInput, Forbidden, WrongTurn
from incidents.services import handovers, people, seats
from incidents.services.seats import NotQualified, SeatTaken
from incidents.sessions import actor_of
from tests.database.acts import kinds, ring, take
from tests.database.together import errors_of, together
from tests.people import Cast

HOUR = dt.timedelta(hours=1)
SEATS = [
    {"code": "J01", "name": "接警一席", "kind": "call_taking"},
    {"code": "J08", "name": "外语席", "kind": "foreign"},
    {"code": "P11", "name": "派警一席", "kind": "dispatch"},
]


def furnished(cast: Cast) -> Cast:
    """Register three seats; Tess is qualified to take calls, Dana to dispatch as well."""
    seats.register_seats(by=None, centre_id=cast.centre.pk, seats=SEATS)
    now = timezone.now()
    for who, skill in (("tess", "call_taking"), ("dana", "call_taking"), ("dana", "dispatch")):
        seats.grant(
            by=None, centre_id=cast.centre.pk, badge=cast.users[who].badge, skill=skill, certificate="",
            starts_at=now - HOUR, expires_at=now + 100 * HOUR,
        )  # fmt: skip
    return cast


def sit(cast: Cast, who: str, seat: str, **how: Any) -> None:
    """Sign in on a seat."""
    people.note_sign_in(by=actor_of(cast.user(who), {"seat": seat}), came=True, **how)


def sitting(who: User) -> str:
    """Return the seat on which a person sits."""
    found = Sitting.objects.filter(person=who, ended_at__isnull=True).first()
    return found.seat.code if found else ""


# --- seats ---


def test_m19_a_seat_refuses_whoever_lacks_a_skill_and_the_watch_commander_may_allow_it(quick: Cast) -> None:
    furnished(quick)
    tess = quick.users["tess"]
    with pytest.raises(NotQualified) as refused:
        sit(quick, "tess", "J08")
    assert "英语接警" in str(refused.value.sentence)
    with pytest.raises(NotQualified):
        sit(quick, "tess", "P11")  # not of that role
    with pytest.raises(NotQualified):
        sit(quick, "tess", "X99")  # no such seat
    sit(quick, "tess", "J01")
    assert (sitting(tess), quick.user("tess").on_seat) == ("J01", "J01")
    permit = seats.allow(by=quick.actor("sam"), seat_no="J08", badge=tess.badge, reason="英语岗病假，可用翻译线")
    assert permit.lacks == ["english"]
    sit(quick, "tess", "J08")
    assert sitting(tess) == "J08"  # one seat per person: the first one is left
    assert Sitting.objects.get(seat__code="J08", ended_at=None).permit_id == permit.pk
    assert "seat.allowed" in kinds()
    with pytest.raises(BadInput):
        seats.allow(by=quick.actor("sam"), seat_no="J08", badge=quick.users["sam"].badge, reason="自己")


def test_a_skill_that_has_expired_is_no_skill_and_is_held_once_at_a_time(quick: Cast) -> None:
    furnished(quick)
    row = Qualification.objects.get(person=quick.users["tess"])
    with pytest.raises(BadInput):
        seats.grant(
            by=quick.actor("sam"), centre_id=quick.centre.pk, badge=quick.users["tess"].badge, skill="call_taking",
            certificate="", starts_at=timezone.now(), expires_at=timezone.now() + HOUR,
        )  # fmt: skip
    seats.end_qualification(by=quick.actor("sam"), qualification_id=row.pk, reason="年审未过")
    row.refresh_from_db()
    type(row).objects.filter(pk=row.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    with pytest.raises(NotQualified):
        sit(quick, "tess", "J01")


def test_one_person_sits_on_a_seat_and_whoever_relieves_says_so(quick: Cast) -> None:
    furnished(quick)
    sit(quick, "tess", "J01")
    sit(quick, "tess", "J01")
    with pytest.raises(SeatTaken) as refused:
        sit(quick, "dana", "J01")
    assert "Tess" in str(refused.value.sentence)
    sit(quick, "dana", "J01", relieve=True)
    assert (sitting(quick.users["tess"]), sitting(quick.users["dana"])) == ("", "J01")
    assert "seat.relieved" in kinds()
    people.note_sign_in(by=actor_of(quick.user("dana"), {"seat": "J01"}), came=False)
    assert sitting(quick.users["dana"]) == ""
    with pytest.raises(IntegrityError, match="one_person_per_seat"), transaction.atomic():
        Sitting.objects.update(ended_at=None)


def test_of_two_who_sit_down_at_one_moment_one_gets_the_seat(cast: Cast) -> None:
    furnished(cast)
    acts = [partial(sit, cast, who, "J01") for who in ("tess", "dana")]
    assert [type(error) for error in errors_of(together(acts, raise_errors=False))] == [SeatTaken]
    assert Sitting.objects.filter(ended_at=None).count() == 1


def test_whoever_may_not_sit_there_is_not_signed_in(quick: Cast) -> None:
    furnished(quick)
    user = quick.user("tess")
    user.set_password("geheim-110")
    user.save()
    client = Client()
    body = {"username": user.username, "password": "geheim-110", "seat": "J08"}
    answer = client.post("/api/session/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (403, "not_qualified")
    assert client.get("/api/session/").json()["user"] is None
    right = client.post("/api/session/", {**body, "seat": "J01"}, content_type="application/json")
    assert right.json()["user"]["seat"] == "J01"
    assert Seat.objects.get(code="J01").sittings.get().person_id == user.pk
    assert "J01" in client.get("/login/").content.decode()


# --- hand-over ---


def test_a_seat_is_handed_over_by_name_and_nothing_is_without_an_owner(quick: Cast, api: Any) -> None:
    incident, waiting = take(quick), ring(quick)
    tess, dana = api(quick.user("tess")), api(quick.user("dana"))
    made = tess.post("/api/hand-overs/", {"remark": "夜班平稳"})
    assert made.status_code == 201, made.content
    sheet = made.json()["hand_over"]
    assert {(item["noun"], item["number"]) for item in sheet["items"]} == {
        ("incident", incident.incident_no),
        ("call", incident.calls.get().call_no),
    }
    item = next(one for one in sheet["items"] if one["noun"] == "incident")
    assert dana.post(f"/api/hand-over-items/{item['id']}/remark/", {"text": "我的"}).status_code == 403
    tess.post(f"/api/hand-over-items/{item['id']}/remark/", {"text": "家属八点来电"})
    assert tess.post(f"/api/hand-overs/{sheet['id']}/accept/", {}).status_code == 403  # nobody takes over from oneself
    first = dana.post(f"/api/hand-overs/{sheet['id']}/accept/", {"items": [item["id"]]}).json()["hand_over"]
    assert (first["state"], first["receiver_name"]) == ("open", "Dana")
    assert api(quick.user("sam")).post(f"/api/hand-overs/{sheet['id']}/accept/", {}).status_code == 409
    more = take(quick)  # came up after the sheet was written
    done = dana.post(f"/api/hand-overs/{sheet['id']}/accept/", {}).json()["hand_over"]
    assert done["state"] == "accepted"
    assert {one["row"] for one in done["items"] if one["noun"] == "incident"} == {incident.pk, more.pk}
    assert next(one for one in done["items"] if one["row"] == incident.pk)["remark"] == "家属八点来电"
    owners = dana.get("/api/ownership/", noun="incident", id=incident.pk).json()["owners"]
    assert [(one["owner_name"], one["ended_at"] is None) for one in owners] == [("Tess", False), ("Dana", True)]
    mine = {(one["noun"], one["row"]): one["owner_name"] for one in dana.get("/api/matters/").json()["matters"]}
    assert mine[("incident", incident.pk)] == mine[("incident", more.pk)] == "Dana"
    assert mine[("call", waiting.pk)] == ""  # a ringing call is the shift's, until somebody answers it
    assert [kind for kind in kinds() if kind.startswith("hand_over.")] == [
        "hand_over.drawn_up", "hand_over.remarked", "hand_over.item_accepted", "hand_over.accepted",
    ]  # fmt: skip


def test_the_watch_hands_over_everything_and_what_is_another_seats_stays_there(quick: Cast) -> None:
    incident, waiting = take(quick), ring(quick)
    sheet = handovers.draw_up(by=quick.actor("sam"), remark="")
    rows = {(one.noun, one.row_id): one for one in sheet.items.all()}
    assert (rows["incident", incident.pk].stays, rows["incident", incident.pk].owner_name) == (True, "Tess")
    assert (rows["call", waiting.pk].stays, rows["call", waiting.pk].owner_name) == (False, "Sam")
    with pytest.raises(Forbidden):
        handovers.accept_hand_over(by=quick.actor("dana"), hand_over_id=sheet.pk, items=None)
    second = User.objects.create(username="sid@T1", badge="0099", name="Sid", centre=quick.centre)
    second.groups.set(quick.users["sam"].groups.all())
    sid = actor_of(second, {"seat": "Z02"})
    assert me(second, sid)["hand_over"] == sheet.pk  # seen at sign-in
    handovers.accept_hand_over(by=sid, hand_over_id=sheet.pk, items=None)
    assert me(second, sid)["hand_over"] is None
    assert Ownership.objects.get(noun="call", row_id=waiting.pk, ended_at=None).owner_id == second.pk
    assert not Ownership.objects.filter(noun="incident", row_id=incident.pk).exists()


def test_a_sheet_goes_on_is_withdrawn_and_is_one_per_person(quick: Cast) -> None:
    take(quick)
    tess = quick.actor("tess")
    sheet = handovers.draw_up(by=tess, remark="")
    take(quick)
    again = handovers.draw_up(by=tess, remark="")
    assert (again.pk, HandOverItem.objects.count(), again.version) == (sheet.pk, 4, 2)
    assert handovers.draw_up(by=tess, remark="").version == 2
    handovers.withdraw_hand_over(by=tess, hand_over_id=sheet.pk)
    with pytest.raises(WrongTurn):
        handovers.accept_hand_over(by=quick.actor("dana"), hand_over_id=sheet.pk, items=None)
    with pytest.raises(IntegrityError, match="a_hand_over_has_two_people"), transaction.atomic():
        HandOver.objects.update(receiver_id=tess.user_id)


def test_two_who_take_one_sheet_over_do_not_both_get_it(cast: Cast) -> None:
    take(cast)
    sheet = handovers.draw_up(by=cast.actor("tess"), remark="")
    acts = [
        partial(handovers.accept_hand_over, by=cast.actor(who), hand_over_id=sheet.pk, items=None)
        for who in ("dana", "sam")
    ]
    assert [type(error) for error in errors_of(together(acts, raise_errors=False))] == [WrongTurn]
    assert Ownership.objects.filter(noun="incident", ended_at=None).count() == 1


def test_the_sheet_is_printed_by_those_who_hand_over(quick: Cast) -> None:
    incident = take(quick)
    sheet = handovers.draw_up(by=quick.actor("tess"), remark="夜班平稳")
    for who, status in (("dana", 200), ("ina", 200), ("lee", 403), ("omar", 403), ("stan", 404)):
        client = Client()
        client.force_login(quick.user(who), backend="incidents.sessions.Backend")
        answer = client.get(f"/shift/hand-over/{sheet.pk}/")
        assert answer.status_code == status, who
        if status == 200:
            assert incident.incident_no in answer.content.decode()
            assert "夜班平稳" in answer.content.decode()
