"""The search over everything that one may see: rights first, personal data only with a purpose, every sign literal."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from dispatch.search import index
from dispatch.search.documents import keyed
from incidents.audience import MASK
from incidents.models import Entry, Incident, SearchDocument
from incidents.services import calls, incidents, number_flags, parties
from tests.database.acts import handled, send, take
from tests.people import Cast

NAME, NUMBER, IDENTITY = "卢知遥", "19000000101", "350600200001010011"
WHY = "核实报警人"


def told(cast: Cast, **more: Any) -> Incident:
    """Take a call with a name, a number and a story."""
    facts = {"contact_name": NAME, "contact_phone": NUMBER, "narrative": "有人在楼下盗窃电动车", **more}
    return take(cast, **facts)


def found(api: Any, cast: Cast, who: str, q: str = "", **more: Any) -> dict[str, Any]:
    """Search as somebody."""
    answer = api(cast.user(who)).post("/api/search/", {"q": q, **more})
    assert answer.status_code == 200, answer.json()
    answered: dict[str, Any] = answer.json()
    return answered


def ids(answer: dict[str, Any], kind: str = "incident") -> list[int]:
    """Return the ids of the results of a kind."""
    return [row["id"] for row in answer["results"] if row["kind"] == kind]


@pytest.mark.parametrize(
    "q", ["盗窃", "电动 楼下", "新华", "xinhua", "xhl", "闽E7", "ＡB1", "红帽", "car-12", "请走后门"]
)
def test_an_incident_is_found_by_whatever_stands_in_it(quick: Cast, api: Any, q: str) -> None:
    incident = told(quick, vehicle_plate="闽E7AB12")
    facts = {"role": "suspect", "description": "戴红帽子"}
    parties.add_party(by=quick.actor("tess"), incident_id=incident.pk, kind="person", facts=facts)
    incidents.add_note(by=quick.actor("tess"), incident_id=incident.pk, text="请走后门")
    send(quick, incident)
    take(quick, narrative="别的事", address_text="延安北路")
    assert ids(found(api, quick, "dana", q))[-1:] == [incident.pk], q
    assert ids(found(api, quick, "dana", f"#{incident.pk}")) == [incident.pk]
    assert ids(found(api, quick, "dana", incident.incident_no[-9:]))[0:1] == [incident.pk]


def test_people_are_found_only_with_a_purpose_which_is_journalled_and_by_need_to_know(quick: Cast, api: Any) -> None:
    incident = told(quick)
    party = {"role": "caller", "name": NAME, "phone": NUMBER, "id_no": IDENTITY}
    parties.add_party(by=quick.actor("tess"), incident_id=incident.pk, kind="person", facts=party)
    for q in (NAME, NUMBER, "190-0000-0101", "luzhiyao", "lzy", IDENTITY):
        assert ids(found(api, quick, "dana", q)) == [], q
        assert ids(found(api, quick, "dana", q, purpose=WHY)) == [incident.pk], q
        assert ids(found(api, quick, "stan", q, purpose=WHY)) == [incident.pk], q
        assert ids(found(api, quick, "lee", q, purpose=WHY)) == [], q
    assert ids(found(api, quick, "dana", IDENTITY[:17], purpose=WHY)) == []  # whole or not at all
    [row] = found(api, quick, "dana", "盗窃")["results"]
    assert (row["contact_phone"], row["contact_name"]) == (MASK, MASK)
    [row] = found(api, quick, "dana", NUMBER, purpose=WHY)["results"]
    assert (row["contact_phone"], row["file"]) == (NUMBER, f"/incidents/{incident.pk}/file/")
    assert any(NUMBER in line for line in row["excerpts"])
    [row] = found(api, quick, "lee", "盗窃", purpose=WHY)["results"]
    assert row["contact_phone"] == MASK
    entry = Entry.objects.filter(kind="archive.searched").order_by("seq").last()
    assert entry is not None
    said = json.loads(entry.body)["data"]
    assert said == {"badge": quick.users["lee"].badge, "found": 1, "purpose": WHY, "terms": [keyed("盗窃")]}
    everything = "".join(Entry.objects.filter(kind="archive.searched").values_list("body", flat=True))
    assert not any(secret in everything for secret in (NAME, NUMBER, IDENTITY))


def test_complaints_and_confidential_words_are_found_by_those_alone_who_read_them(quick: Cast, api: Any) -> None:
    complaint = told(quick, type_reported="1001", narrative="民警态度恶劣")
    secret = told(quick, narrative="线人约见地点")
    incidents.describe_incident(
        by=quick.actor("sam"), incident_id=secret.pk, version=secret.version, facts={"confidential": True}
    )
    for who, sees in (("ina", True), ("sam", True), ("lee", False), ("rae", False), ("stan", False)):
        assert ids(found(api, quick, who, "态度", purpose=WHY)) == ([complaint.pk] if sees else []), who
    for who, sees in (("sam", True), ("stan", True), ("lee", False), ("vic", False)):
        assert ids(found(api, quick, who, "线人", purpose=WHY)) == ([secret.pk] if sees else []), who
    assert ids(found(api, quick, "dana", "线人")) == []
    for who in ("omar", "ada", "gil", "cho"):
        assert api(quick.user(who)).post("/api/search/", {"q": "态度"}).status_code == 403


def test_calls_and_flags_are_the_desks_and_follow_what_becomes_of_them(quick: Cast, api: Any) -> None:
    facts = {"channel": "CH11", "kind": "CK05", "caller_number": NUMBER, "narrative": "问路怎么走"}
    call = calls.take_call(by=quick.actor("tess"), facts=facts)
    flag = number_flags.ask_flag(
        by=quick.actor("dana"), number=NUMBER, kind="nuisance", reason="反复拨打",
        expires_at=timezone.now() + dt.timedelta(days=30),
    )  # fmt: skip
    answer = found(api, quick, "dana", "怎么走", purpose=WHY)
    assert ids(answer, "call") == [call.pk]
    assert ids(found(api, quick, "dana", "反复", purpose=WHY), "number") == [flag.pk]
    assert ids(found(api, quick, "lee", "反复", purpose=WHY), "number") == []
    assert ids(found(api, quick, "stan", "怎么走", purpose=WHY), "call") == []
    assert ids(found(api, quick, "dana", "怎么走"), "call") == []
    incident = calls.open_incident_of_call(
        by=quick.actor("tess"), call_id=call.pk, facts={"type_reported": "0504", "narrative": "老人走失"}
    )
    answer = found(api, quick, "dana", "怎么走", purpose=WHY)
    assert (ids(answer, "call"), ids(answer)) == ([], [incident.pk])


def test_filters_pages_units_and_places(quick: Cast, api: Any) -> None:
    rows = [told(quick, narrative=f"盗窃第{number}起") for number in range(23)]
    other, _order = handled(quick)
    answer = found(api, quick, "sam", "盗窃第")
    assert (answer["count"], answer["pages"], len(answer["results"])) == (23, 2, 20)
    assert ids(found(api, quick, "sam", "盗窃第", page=2)) == [rows[2].pk, rows[1].pk, rows[0].pk]
    assert ids(found(api, quick, "sam", stage="reported")) == [other.pk]
    assert ids(found(api, quick, "sam", "盗窃", type="0402")) == []
    assert ids(found(api, quick, "sam", "盗窃", before="2020-01-01T00:00:00+08:00")) == []
    assert [unit["call_sign"] for unit in found(api, quick, "sam", "car-12")["units"]] == ["car-12"]
    assert found(api, quick, "sam", "car-12", page=2)["units"] == []


@pytest.mark.parametrize(
    "q",
    [
        "%%",
        "__",
        "\\\\",
        "' OR 1=1 --",
        "'); DROP TABLE incidents_incident; --",
        "(a+)+$",
        "{盗,窃}",
        "\u202e盗窃x",
        "盗' || '窃",
    ],
)
def test_every_sign_is_literal(quick: Cast, api: Any, q: str) -> None:
    told(quick)
    answer = api(quick.user("dana")).post("/api/search/", {"q": q})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["results"] == []
    assert Incident.objects.count() == 1
    incident = told(quick, narrative="折扣50%_off")
    assert ids(found(api, quick, "dana", "50%_")) == [incident.pk]


@pytest.mark.parametrize(
    "body",
    [
        {"q": "x" * 1_000_000},
        {"q": " OR ".join(["ab"] * 1_000_000)},
        {"q": "aa bb cc dd ee ff gg hh ii"},
        {"q": "盗"},
        {"q": ""},
        {"q": "盗窃\0"},
        {"q": "盗窃", "page": 51},
        {"q": "盗窃", "ordering": "caller_phone"},
        {"q": "盗窃", "stage": "nothing"},
        {"q": ["盗窃"]},
    ],
)
def test_what_is_too_much_or_nothing_is_refused(quick: Cast, api: Any, body: dict[str, Any]) -> None:
    assert api(quick.user("dana")).post("/api/search/", body).status_code in (400, 413)


def test_the_index_goes_on_where_it_stopped_and_writes_only_what_the_journal_names(quick: Cast) -> None:
    told(quick)
    index.catch_up()
    before = SearchDocument.objects.count()
    assert before == 3  # one incident at three levels
    assert index.catch_up() == 0
    SearchDocument.objects.all().delete()
    incidents.add_note(by=quick.actor("tess"), incident_id=Incident.objects.get().pk, text="补充一句")
    assert index.catch_up() == 1
    assert SearchDocument.objects.filter(text__contains="补充一句").count() == 3
