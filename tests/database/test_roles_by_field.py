"""Who sees which fields, over HTTP and in the live feed: the partner, the branch, the unit concerned, the inspector
(domain 5 and 6, targets 3.1, R1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from incidents.alerts import raise_alert
from incidents.audience import MASK
from incidents.commands import command
from incidents.journal import record
from incidents.live import frames
from incidents.models import Incident, Organisation, Party
from incidents.roles import audience_of
from incidents.services import calls, incidents, parties
from tests.contract import routes
from tests.database import grid_acts
from tests.database.acts import drive, report, send, take
from tests.people import Cast

NAME, NUMBER, WORDS, PLACE, PARTY, PHONE = (
    "简宁",
    "19000000202",
    "被抢了一部手机",
    "元光路杂货店",
    "童雨晴",
    "19000000303",
)
SECRETS = (NAME, NUMBER, WORDS, PLACE, PARTY, PHONE)
PARTNER = {"id", "version", "centre", "open", "point", "time", "description", "plate"}
# What an inspector may do beside reading: it concerns the inspection alone, never an operation.
INSPECTS = {
    "POST search/", "POST links/", "POST post-checks/", "POST quality/<id:mark_id>/mark/", "POST surroundings/",
    "POST incidents/<id:incident_id>/supervision/", "POST supervision/<id:order_id>/close/",
    "POST supervision/<id:order_id>/return/", "POST incidents/<id:incident_id>/retention-class/", "POST holds/",
    "POST holds/<id:hold_id>/end/", "POST approvals/<slug:kind>/<id:row_id>/approve/",
    "POST approvals/<slug:kind>/<id:row_id>/refuse/", "PATCH me/", "POST me/pin/", "POST session/lock/",
    "POST session/unlock/",
    "POST reviews/",
    "POST reviews/<id:review_id>/read/",
    "POST reviews/<id:review_id>/notes/",
    "POST review-tasks/<id:task_id>/done/", "POST ticket/",
}  # fmt: skip


@command
def alarmed(*, by: Any, incident: Incident) -> Incident:
    """Raise an alert about an incident."""
    alert = raise_alert(
        "delayed", centre_id=incident.centre_id, by=by, now=incident.updated_at, incident_id=incident.pk
    )
    record("alert.raised", alert)
    return incident


def told(cast: Cast, **facts: Any) -> Incident:
    """An incident with everything that there is to know: caller, person, note, order, report, task, team."""
    said = {
        "contact_name": NAME,
        "contact_phone": NUMBER,
        "narrative": WORDS,
        "address_text": PLACE,
        "vehicle_plate": "闽E0X99T",
    }
    incident = take(cast, **{**said, **facts})
    dana = cast.actor("dana")
    incidents.add_note(by=dana, incident_id=incident.pk, text=f"{NAME} 再次来电")
    person = {"role": "victim", "name": PARTY, "phone": PHONE}
    parties.add_party(by=dana, incident_id=incident.pk, kind="person", facts=person)
    order = drive(cast, send(cast, incident), "on_scene")
    report(cast, order, process_text=f"见到{PARTY}")
    calls.supplement_call(by=cast.actor("tess"), call_id=incident.calls.get().pk, text=WORDS)
    alarmed(by=dana, incident=incident)
    incident.refresh_from_db()
    return incident


def heard(cast: Cast, audience: str) -> list[dict[str, Any]]:
    """Return every frame of the journal as an audience gets it."""
    found = [frames.frame(line, audience, 0) for line in frames.read(cast.centre.pk, 0, 500)]
    return [json.loads(text) for text in found if text is not None]


def nouns(found: list[dict[str, Any]]) -> set[str]:
    """Name the kinds of rows in frames."""
    return {noun for frame in found for noun in frame["rows"]}


def rows(found: list[dict[str, Any]], noun: str) -> list[dict[str, Any]]:
    """Return the rows of a kind in frames."""
    return [row for frame in found for row in frame["rows"].get(noun, [])]


# --- the partner ---


def test_a_partner_gets_exactly_its_fields_in_the_feed_and_over_http(quick: Cast, api: Any) -> None:
    grid_acts.manned(quick)
    grid_acts.team(quick)
    incident = told(quick)
    grid_acts.task(quick, incident)
    assert heard(quick, audience_of(quick.actor("pat"))) == []
    grid_acts.attached(quick, incident)
    incident.refresh_from_db()
    incidents.describe_incident(
        by=quick.actor("dana"), incident_id=incident.pk, version=incident.version, facts={"narrative": WORDS + "，黑色"}
    )
    found = heard(quick, audience_of(quick.actor("pat")))
    assert nouns(found) == {"incident"}
    assert {frozenset(row) for row in rows(found, "incident")} == {frozenset(PARTNER)}
    assert [(frame["data"], frame["actor"]) for frame in found] == [({}, None)] * len(found)
    pat = api(quick.user("pat"))
    answers = [pat.get("/api/partner/"), pat.get("/api/operations/mine/"), pat.get("/api/events/", after=0)]
    text = json.dumps(found, ensure_ascii=False) + "".join(one.content.decode() for one in answers)
    assert [word for word in SECRETS if word in text] == []


def test_a_partner_opens_no_other_route_that_reads(quick: Cast, api: Any) -> None:
    grid_acts.attached(quick)
    allowed = {route for route, methods in routes.API.items() if "partner" in methods.get("GET", set())}
    assert allowed == {"me/", "codes/", "partner/", "operations/mine/", "grid/pictures/<id:picture_id>/"}
    assert api(quick.user("pat")).get("/api/snapshot/").status_code == 403


# --- the grid worker ---


def test_a_grid_worker_hears_of_the_own_tasks_and_reports_alone(quick: Cast) -> None:
    incident = told(quick, type_reported="0402")
    grid_acts.task(quick, incident)
    grid_acts.reported(quick)
    found = heard(quick, audience_of(quick.actor("gil")))
    assert nouns(found) == {"grid_post", "grid_task", "grid_report"}
    text = json.dumps(found, ensure_ascii=False)
    assert [word for word in (NAME, NUMBER, WORDS, PARTY, PHONE) if word in text] == []
    assert heard(quick, "worker.999999") == []


# --- the branch ---


@pytest.fixture
def branch(quick: Cast) -> Organisation:
    """The branch above the station, with Stan on duty at it; another station of another branch beside."""
    made = Organisation.objects.create(centre=quick.centre, kind="branch", code="350602", name="芗城分局")
    Organisation.objects.filter(pk=quick.station.pk).update(parent=made)
    quick.users["stan"].organisation = made
    quick.users["stan"].save()
    return made


def test_m42_a_branch_sees_what_its_stations_see_and_no_other_branch_does(
    quick: Cast, api: Any, branch: Organisation
) -> None:
    incident = told(quick)
    mine, station = f"station.{branch.pk}", f"station.{quick.station.pk}"
    assert audience_of(quick.actor("stan")) == mine
    assert heard(quick, mine) == heard(quick, station)
    shown = rows(heard(quick, mine), "incident")[-1]
    assert (shown["contact_name"], shown["contact_phone"], shown["narrative"]) == (NAME, NUMBER, WORDS)
    assert not {"call", "message", "alert"} & nouns(heard(quick, mine))
    assert heard(quick, "station.999999") == []
    stan = api(quick.user("stan"))
    assert [row["id"] for row in stan.get("/api/snapshot/").json()["rows"]["incident"]] == [incident.pk]
    assert stan.get("/api/incidents/").json()["count"] == 1
    other = Organisation.objects.create(centre=quick.centre, kind="branch", code="350603", name="龙文分局")
    quick.users["stan"].organisation = other
    quick.users["stan"].save()
    away = api(quick.user("stan"))
    assert away.get("/api/snapshot/").json()["rows"]["incident"] == []
    assert away.get(f"/api/incidents/{incident.pk}/").status_code == 404
    assert away.get("/api/incidents/").json()["count"] == 0


# --- the unit concerned: a complaint (R1) ---


WATCHERS: dict[str, Callable[[Cast], str]] = {
    "station": lambda cast: f"station.{cast.station.pk}",
    "unit": lambda cast: f"unit.{cast.car12.pk}",
    "leader": lambda cast: "overview",
    "worker": lambda cast: f"worker.{cast.users['gil'].pk}",
}


@pytest.mark.parametrize("who", sorted(WATCHERS))
@pytest.mark.parametrize("facts", [{"type_reported": "1001"}, {"type_reported": "0204", "intake_class": "IC3"}])
def test_r1_a_complaint_is_no_row_no_count_and_no_word_for_the_unit_concerned(
    quick: Cast, api: Any, who: str, facts: dict[str, Any]
) -> None:
    grid_acts.manned(quick)
    incident = take(quick, contact_name=NAME, contact_phone=NUMBER, narrative=WORDS, address_text=PLACE, **facts)
    incidents.add_note(by=quick.actor("dana"), incident_id=incident.pk, text=f"{NAME} 投诉")
    parties.add_party(
        by=quick.actor("dana"), incident_id=incident.pk, kind="person", facts={"role": "victim", "name": PARTY}
    )
    alarmed(by=quick.actor("dana"), incident=incident)
    found = heard(quick, WATCHERS[who](quick))
    text = json.dumps(found, ensure_ascii=False)
    assert [word for word in SECRETS if word in text] == []
    assert not {"incident", "note", "party", "deadline", "alert"} & nouns(found)
    person = {"station": "stan", "unit": "omar", "leader": "lee", "worker": "gil"}[who]
    caller = api(quick.user(person))
    assert caller.get(f"/api/incidents/{incident.pk}/").status_code in (403, 404)
    assert caller.get(f"/api/incidents/{incident.pk}/timeline/").status_code in (403, 404)
    listed = caller.get("/api/incidents/")
    assert listed.status_code == 403 or (listed.json()["count"], listed.json()["incidents"]) == (0, [])
    board = caller.get("/api/snapshot/")
    assert board.status_code == 403 or not any(
        board.json()["rows"][noun] for noun in ("incident", "note", "party", "deadline", "alert", "call")
    )


# --- the inspector ---


def test_the_inspector_sees_every_row_of_a_complaint_unmasked(quick: Cast, api: Any) -> None:
    incident = take(quick, type_reported="1001", contact_name=NAME, contact_phone=NUMBER, narrative=WORDS)
    parties.add_party(
        by=quick.actor("dana"), incident_id=incident.pk, kind="person", facts={"role": "victim", "name": PARTY}
    )
    alarmed(by=quick.actor("dana"), incident=incident)
    found = heard(quick, audience_of(quick.actor("ina")))
    assert found == heard(quick, "desk")
    assert {"incident", "call", "party", "alert"} <= nouns(found)
    whole = api(quick.user("ina")).get(f"/api/incidents/{incident.pk}/").json()["rows"]
    assert (whole["incident"][0]["contact_name"], whole["party"][0]["name"]) == (NAME, PARTY)
    assert MASK not in json.dumps([whole["incident"], whole["party"], whole["call"]], ensure_ascii=False)
    assert Party.objects.get().name == PARTY


def test_the_inspector_writes_nothing_but_what_inspecting_is() -> None:
    writes = {
        f"{method} {route}"
        for route, methods in routes.API.items()
        for method, roles in methods.items()
        if method != "GET" and "inspector" in roles
    }
    assert writes - INSPECTS == set()
