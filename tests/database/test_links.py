"""What links incidents: exact values, two hops at most, with a purpose that is journalled, masked as everywhere (M21)."""

from __future__ import annotations

import json
from typing import Any

from incidents.models import Entry, Incident
from incidents.services import parties, series
from tests.database.acts import take
from tests.database.casework import clue, working
from tests.people import Cast

WHY = "系列抢夺案串并"
ID_NO = "35060219900101001X"


def person(cast: Cast, incident: Incident, **facts: Any) -> None:
    """Write a suspect down."""
    parties.add_party(by=cast.actor("tess"), incident_id=incident.pk, kind="person", facts={"role": "suspect", **facts})


def labels(chart: dict[str, Any], kind: str) -> set[str]:
    """Return what the nodes of a kind are called."""
    return {node["label"] for node in chart["nodes"] if node["kind"] == kind}


def incidents_in(chart: dict[str, Any]) -> dict[int, int]:
    """Return the incidents of a chart with their hop."""
    return {node["incident"]: node["hop"] for node in chart["nodes"] if node["kind"] == "incident"}


def test_two_hops_lead_from_a_plate_over_a_telephone_to_an_incident_that_does_not_know_the_plate(
    quick: Cast, api: Any
) -> None:
    first = take(quick, vehicle_plate="闽E·0X99T", address_text="胜利路", contact_phone="19000000301")
    second = take(quick, contact_phone="190 0000 0777", address_text="元光路")
    person(quick, first, name="柯某", id_no=ID_NO, phone="19000000777")
    person(quick, second, name="柯某", id_no="35060219900101001x")
    third = take(quick, address_text="延安路")
    person(quick, third, name="柯某")  # the same name is not the same person
    clue(quick, working(quick, third), value="闽e0x99t")
    analyst = api(quick.user("ana"))
    assert analyst.get("/api/links/", kind="plate", value="闽E0X99T").status_code == 400  # no purpose
    wide = {"kind": "plate", "value": "闽e 0x99t", "purpose": WHY, "hops": 2}
    answer = analyst.get("/api/links/", **wide)
    assert answer.status_code == 200, answer.content
    chart = answer.json()
    assert incidents_in(chart) == {first.pk: 1, third.pk: 1, second.pk: 3}
    assert "19000000777" in labels(chart, "phone")
    assert ID_NO not in answer.content.decode()
    assert not chart["cut"]
    one = analyst.get("/api/links/", **{**wide, "hops": 1}).json()
    assert incidents_in(one) == {first.pk: 1, third.pk: 1}
    entry = Entry.objects.filter(kind="links.read").order_by("seq").first()
    assert entry is not None
    data = json.loads(entry.body)["data"]
    assert (data["purpose"], data["asked"], data["incidents"]) == (WHY, "plate", 2)
    same = analyst.get("/api/links/", kind="identity", value="35060219900101001 x", purpose=WHY)
    assert incidents_in(same.json()) == {first.pk: 1, second.pk: 1}
    assert ID_NO not in same.content.decode()
    persons = [node for node in same.json()["nodes"] if node["kind"] == "person"]
    assert len(persons) == 1  # one identity, one person
    assert set(incidents_in(analyst.get("/api/links/", kind="name", value="柯某", purpose=WHY).json())) == {
        first.pk, second.pk, third.pk,
    }  # fmt: skip
    near = analyst.get("/api/links/", kind="place", lat=24.5112, lng=117.654, radius_m=50, purpose=WHY)
    assert set(incidents_in(near.json())) == {first.pk, second.pk, third.pk}


def test_complaints_and_confidential_incidents_stay_closed_in_the_chart(quick: Cast, api: Any) -> None:
    plain = take(quick, vehicle_plate="闽E12345")
    quiet = take(quick, vehicle_plate="闽E12345", confidential=True, address_text="某宅", contact_phone="19000000888")
    complaint = take(quick, vehicle_plate="闽E12345", type_reported="1003")
    row = series.open_series(by=quick.actor("ana"), name="系列一", reason="同车", incident_ids=[plain.pk])
    asked = {"kind": "plate", "value": "闽E12345", "purpose": WHY}
    chart = api(quick.user("ana")).get("/api/links/", **asked).json()
    assert set(incidents_in(chart)) == {plain.pk, quiet.pk}
    assert labels(chart, "series") == {row.name}
    text = json.dumps(chart, ensure_ascii=False)
    assert "某宅" not in text
    assert "19000000888" not in text
    whole = api(quick.user("ina")).get("/api/links/", **asked).json()
    assert set(incidents_in(whole)) == {plain.pk, quiet.pk, complaint.pk}
    for name in ("tess", "lee", "omar", "stan", "rae", "cho"):
        assert api(quick.user(name)).get("/api/links/", **asked).status_code == 403, name
