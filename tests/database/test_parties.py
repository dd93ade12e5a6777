"""Persons, vehicles, property as slots: who sees what, what is refused, from stolen to given back, and readings."""

from __future__ import annotations

from typing import Any

import pytest

from incidents.audience import MASK
from incidents.models import Entry, Party
from incidents.refusals import BadInput, NotFound, Stale, WrongTurn
from incidents.services import parties
from tests.database.acts import drive, kinds, send, take
from tests.people import Cast

MAN: dict[str, Any] = {
    "role": "suspect",
    "description": "红帽子，黑上衣",
    "name": "某甲",
    "id_no": "350600199001010011",
}
BIKE: dict[str, Any] = {
    "description": "山岚牌",
    "frame_no": "SL260117",
    "colour": "银色",
    "value_yuan": 1600.0,
    "status": "stolen",
}


def add(cast: Cast, who: str = "tess", kind: str = "person", incident: Any = None, **facts: Any) -> Party:
    """Add a slot."""
    found = incident or take(cast)
    return parties.add_party(
        by=cast.actor(who), incident_id=found.pk, kind=kind, facts=facts or dict(MAN if kind == "person" else BIKE)
    )


def test_a_slot_reaches_the_unit_while_the_caller_talks_and_the_overview_sees_no_name(quick: Cast, api: Any) -> None:
    incident = take(quick)
    drive(quick, send(quick, incident), "accepted")
    row = add(quick, incident=incident)
    assert kinds(incident)[-1] == "party.added"
    [mine] = api(quick.user("omar")).get("/api/my-unit/").json()["parties"]
    assert (mine["name"], mine["description"], mine["id_no"]) == ("某甲", "红帽子，黑上衣", MASK)
    [desk] = api(quick.user("dana")).get("/api/snapshot/").json()["rows"]["party"]
    assert (desk["id"], desk["name"], desk["id_no"]) == (row.pk, "某甲", MASK)
    [leader] = api(quick.user("lee")).get("/api/snapshot/").json()["rows"]["party"]
    assert (leader["name"], leader["description"]) == (MASK, "红帽子，黑上衣")
    assert api(quick.user("nia")).get("/api/my-unit/").json()["parties"] == []


def test_an_officer_adds_to_the_own_incident_and_to_no_other(quick: Cast, api: Any) -> None:
    incident = take(quick)
    drive(quick, send(quick, incident), "on_scene")
    body = {"kind": "vehicle", "plate": "闽E0X99T", "colour": "黑色", "status": "stolen"}
    made = api(quick.user("omar")).post(f"/api/incidents/{incident.pk}/parties/", body)
    assert made.status_code == 201, made.content
    assert api(quick.user("nia")).post(f"/api/incidents/{incident.pk}/parties/", body).status_code == 404
    party = made.json()["party"]["id"]
    assert api(quick.user("nia")).post(f"/api/parties/{party}/void/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "facts", "field"),
    [
        ("person", {"role": "victim"}, "name"),
        ("person", {"name": "某甲", "plate": "闽E1"}, "plate"),
        ("vehicle", {"colour": "红"}, "plate"),
        ("property", {"value_yuan": 5.0}, "name"),
        ("property", {"name": "手机", "phone": "1"}, "phone"),
    ],
)
def test_a_slot_that_says_nothing_or_too_much_is_refused_by_name(
    quick: Cast, kind: str, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        add(quick, kind=kind, **facts)
    assert field in (refused.value.fields or {})
    assert not Party.objects.exists()


def test_a_thing_goes_from_stolen_to_given_back_with_its_receipt(quick: Cast) -> None:
    row = add(quick, kind="property", name="自行车", **BIKE)
    by = quick.actor("tess")
    with pytest.raises(WrongTurn):
        parties.describe_party(by=by, party_id=row.pk, version=1, facts={"status": "returned"})
    row = parties.describe_party(by=by, party_id=row.pk, version=1, facts={"status": "recovered"})
    assert row.recovered_at is not None
    with pytest.raises(BadInput) as refused:
        parties.describe_party(by=by, party_id=row.pk, version=row.version, facts={"status": "returned"})
    assert "receipt" in (refused.value.fields or {})
    facts = {"status": "returned", "returned_to": "卢知遥", "receipt": "照片P12"}
    row = parties.describe_party(by=by, party_id=row.pk, version=row.version, facts=facts)
    assert row.returned_at is not None
    with pytest.raises(WrongTurn):
        parties.describe_party(by=by, party_id=row.pk, version=row.version, facts={"status": "stolen"})
    with pytest.raises(Stale):
        parties.describe_party(by=by, party_id=row.pk, version=1, facts={"brand": "x"})


def test_an_identity_is_read_with_a_purpose_and_the_journal_keeps_both_but_never_the_number(
    quick: Cast, api: Any
) -> None:
    row = add(quick)
    desk = api(quick.user("tess"))
    assert desk.post(f"/api/parties/{row.pk}/identity/", {}).status_code == 400
    answer = desk.post(f"/api/parties/{row.pk}/identity/", {"purpose": "核对在逃人员"})
    assert answer.json()["id_no"] == MAN["id_no"]
    entry = Entry.objects.get(kind="party.identity_read")
    assert "核对在逃人员" in entry.body
    assert not any(MAN["id_no"] in body for body in Entry.objects.values_list("body", flat=True))
    assert api(quick.user("lee")).post(f"/api/parties/{row.pk}/identity/", {"purpose": "x"}).status_code == 403
    with pytest.raises(NotFound):
        parties.read_identity(by=quick.actor("omar"), party_id=row.pk, purpose="x")


def test_what_was_voided_stays_in_the_record_and_cannot_be_written(quick: Cast) -> None:
    row = add(quick)
    gone = parties.void_party(by=quick.actor("tess"), party_id=row.pk, reason="重复")
    assert gone.row()["void"] is True
    with pytest.raises(WrongTurn):
        parties.describe_party(by=quick.actor("tess"), party_id=row.pk, version=gone.version, facts={"name": "x"})
    assert Party.objects.count() == 1
