"""Story B of the domain reference, whole: a grocery is robbed by snatching: two units in one act, two reports, a camera
search that is widened, shared and handed over by name, a locked position, a silent directive that moves with it, three
arrests. The hours between are left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import (
    FULL_HD,
    LATER,
    SOON,
    City,
    PageAs,
    Phone,
    Row,
    accept_first_hit,
    city_at_work,
    command,
    in_order,
    number_of,
    phone_of,
    row_of,
    shown_duration,
    sit_down,
    tab_to,
)
from tests.stack.stack import Stack

pytestmark = pytest.mark.browser
HALF_AN_HOUR = dt.timedelta(minutes=30)
GROCERY = "惠民杂货店"
STORY = "男子抢走货架上的香烟，往北逃跑，刚刚发生"
SEEN = "嫌疑人已离开。男，约30岁，黑色短袖，蓝色电动车，往北"
MILESTONES = [
    "incident.created", "assignment.sent", "assignment.sent", "assignment.on_scene", "report.filed",
    "report.filed", "assignment.finished", "assignment.finished",
]  # fmt: skip


@pytest.fixture
def city(story_stack: Stack) -> Iterator[City]:
    """An evening: C102 and B205 are the two nearest, C107 stands further away."""
    with city_at_work(story_stack) as found:
        for call_sign, spot in {
            "C102": (24.5140, 117.6655), "B205": (24.5195, 117.6640), "C107": (24.5140, 117.6920),
        }.items():  # fmt: skip
            found.on_duty(call_sign, spot)
        found.stand()
        yield found


def test_a_snatch_at_a_grocery_gets_two_units_at_once_and_two_reports(city: City, page_as: PageAs) -> None:
    commander = page_as("zhihui", "/console/", FULL_HD, on=city.stack)
    agent = sit_down(page_as, city, "jiejing1", "J17")
    desk = sit_down(page_as, city, "paijing1", "P11")
    car = phone_of(page_as, city, "C102")
    bike = phone_of(page_as, city, "B205")

    call = city.ring("19000000202")
    incident = take_the_call(agent, call, city)
    send_both(desk, incident, city)
    the_commander_sees_it(commander)
    both_go(car, bike, incident, city)
    the_car_arrives(car, desk, incident, city)
    two_reports(car, desk, incident, city)
    both_finish(car, bike, incident, city)
    milestones_are_kept(commander, incident, city)
    arrivals = city.row(incident)["first_on_scene_at"]
    request = locked_on_the_next_day(incident, city)
    three_are_caught(desk, incident, city)
    closed_when_nothing_is_open(incident, request, city)
    assert city.row(incident)["first_on_scene_at"] == arrivals


def locked_on_the_next_day(incident: int, city: City) -> int:
    """Steps 4 to 7: the request, its owner, a handed-over shift, and the locked position at 13:58."""
    ask = {"ask": "person", "text": "三人，两辆电动车", "legal_basis": "《刑事诉讼法》第一百一十五条"}
    request = int(city.desk.post(f"/api/incidents/{incident}/fusion/", ask)["fusion_request"]["id"])
    first, second = city.stack.sign_in("yanpan1"), city.stack.sign_in("yanpan2")
    first.post(f"/api/fusion/{request}/accept/", {"speciality": "刑侦"})
    cameras_are_looked_through(incident, request, city)
    first.post(f"/api/fusion/{request}/hand-over/", {"to": "0144", "words": "还有六路没看"})
    handed = next(row for row in second.get("/api/fusion/")["fusion_requests"] if row["id"] == request)
    assert (handed["owner"], handed["shift_log"][-1]["words"]) == ("0144", "还有六路没看")
    for text in ("三人沿新浦路往东", "两辆电动车进入步文"):
        clue = {"kind": "track", "text": text, "source": "路口图像", "confidence": "medium"}
        second.post(f"/api/incidents/{incident}/clues/", {**clue, "request": request})
    fix = {
        "point": {"lat": 24.5105, "lng": 117.7050, "crs": "WGS84"},
        "radius_m": 60,
        "source": "图像",
        "confidence": "high",
    }
    second.post(f"/api/fusion/{request}/lock/", fix)
    return request


def cameras_are_looked_through(incident: int, request: int, city: City) -> None:
    """Steps 4 and 5: 500 m round the grocery from 17:30 to 18:30, camera by camera; widened to 2 km, nothing of it lost,
    and shared with 芗城分局, whose people check as well."""
    squad = city.stack.sign_in("tuzhen1")
    row = city.row(incident)
    span = {
        "since": (row["answered_at"] - HALF_AN_HOUR).isoformat(),
        "until": (row["answered_at"] + HALF_AN_HOUR).isoformat(),
    }
    centre = {"kind": "circle", "points": [{"lat": 24.5170, "lng": 117.6695}], "crs": "WGS84"}
    near = squad.post(
        f"/api/incidents/{incident}/search-areas/", {"shape": {**centre, "radius_m": 500}, **span, "request": request}
    )
    first = near["search_area"]["id"]
    marks = squad.get(f"/api/search-areas/{first}/")["searched_cameras"]
    assert marks
    seen = {"checked": True, "finding": "三人，两辆电动车，号牌漳州X00Z91"}
    squad.post(f"/api/searched-cameras/{marks[0]['id']}/check/", seen)
    facts = {
        "kind": "vehicle",
        "text": "三人，两辆电动车",
        "value": "漳州X00Z91",
        "source": "排查",
        "confidence": "high",
    }
    squad.post(f"/api/incidents/{incident}/clues/", {**facts, "request": request})
    branch = next(one["id"] for one in squad.get("/api/video/")["branches"] if one["name"] == "芗城分局")
    wide = squad.post(f"/api/search-areas/{first}/widen/", {"shape": {**centre, "radius_m": 2000}, "branch": branch})
    area = wide["search_area"]
    assert area["cameras"] > len(marks)
    shared = city.stack.sign_in("suo404")
    listed = shared.get(f"/api/search-areas/{area['id']}/")["searched_cameras"]
    assert [one["finding"] for one in listed if one["checked_at"]] == [seen["finding"]]
    other = next(one for one in listed if not one["checked_at"])
    shared.post(f"/api/searched-cameras/{other['id']}/check/", {"checked": True, "finding": ""})
    counted = squad.get(f"/api/search-areas/{area['id']}/")["search_area"]
    assert (counted["checked"], counted["ended_at"]) == (2, None)


def three_are_caught(desk: Page, incident: int, city: City) -> None:
    """Steps 7 and 8: C101 leads, C107 and B204; the position is renewed and the directive shows the new point."""
    for call_sign, spot in {"C101": (24.5120, 117.7020), "B204": (24.5090, 117.7080)}.items():
        city.on_duty(call_sign, spot)
    city.stand()
    analyst = city.stack.sign_in("yanpan2")
    [position] = next(row for row in analyst.get("/api/fusion/")["fusion_requests"] if row["incident"] == incident)[
        "positions"
    ]
    units = [{"unit": city.units[call_sign]["id"]} for call_sign in ("C101", "C107", "B204")]
    told = {
        "task": "arrest",
        "text": "静默接近，同时控制",
        "units": units,
        "silent": True,
        "locked_position": position["id"],
    }
    row = analyst.post(f"/api/incidents/{incident}/directives/", told)["directive"]
    assert row["lead_call_sign"] == "C101"
    desk.keyboard.press("Alt+1")
    shown = desk.locator(".directives li[data-task=arrest]")
    expect(shown).to_contain_text("117.70500, 24.51050", timeout=SOON)
    expect(shown).to_contain_text("静默")
    new = {
        "point": {"lat": 24.5112, "lng": 117.7061, "crs": "WGS84"},
        "radius_m": 40,
        "source": "图像",
        "confidence": "high",
    }
    analyst.post(f"/api/locked-positions/{position['id']}/renew/", new)
    expect(shown).to_contain_text("117.70610, 24.51120", timeout=SOON)
    expect(shown).to_contain_text("位置更新1次")
    orders = city.orders(incident)
    for call_sign in ("C101", "C107", "B204"):
        for step in ("accept", "depart", "arrive"):
            city.leads[call_sign].post(f"/api/assignments/{orders[call_sign]['id']}/{step}/")
    for name in ("甲某", "乙某", "丙某"):
        suspect = city.desk.post(f"/api/incidents/{incident}/suspects/", {"name": name})["suspect"]
        city.desk.post(f"/api/suspects/{suspect['id']}/arrest/", {"caught_by": "C101", "credit": ["C107", "B204"]})
    found = city.desk.get(f"/api/incidents/{incident}/")["rows"]
    assert len({one["caught_at"] for one in found["suspect"]}) == 3
    [directive] = found["directive"]
    assert [one["point"] for one in directive["moved"]] == [{"lat": 24.5105, "lng": 117.705}]
    twice = "SELECT unit_id FROM dispatch_assignment WHERE state NOT IN ('finished', 'refused', 'withdrawn') GROUP BY 1"
    assert city.stack.sql(f"{twice} HAVING count(*) > 1") == []


def closed_when_nothing_is_open(incident: int, request: int, city: City) -> None:
    """*Pass*: closing is refused while the request is open; with its end the incident is closed."""
    facts = {
        "type_verified": "010403", "process_text": "抓获三人，追回部分香烟", "address_verified": GROCERY, "camera_ref": "JL1",
        "involved": 3, "escaped": 0, "loss_yuan": 900, "recovered_yuan": 600,
    }  # fmt: skip
    for call_sign, order in city.orders(incident).items():
        caught = order["purpose"] == "directive"
        lead, path = city.leads[call_sign], f"/api/assignments/{order['id']}"
        if caught:
            lead.post(f"{path}/finish/", {"result_code": "RS01"})
        result = {"result_codes": ["RS01" if caught else "RS20"], "caught": 3 if caught else 0}
        lead.post(f"{path}/reports/", {"kind": "handling", **facts, **result})
    row = city.wait_for_stage(incident, "reported")
    city.desk.post(f"/api/incidents/{incident}/submit/", {"version": row["version"]})
    version = city.wait_for_stage(incident, "review")["version"]
    reviewer = city.stack.sign_in("shenhe1")
    reviewer.post(f"/api/incidents/{incident}/approve/", {"version": version}, expect=[409])
    city.stack.sign_in("yanpan2").post(f"/api/fusion/{request}/end/", {"state": "done", "text": "三人抓获"})
    reviewer.post(f"/api/incidents/{incident}/approve/", {"version": version})
    assert city.row(incident)["stage"] == "closed"


def take_the_call(agent: Page, call: Row, city: City) -> int:
    """Step 1: the clerk is answered and the grocery accepted; returns the incident."""
    expect(agent.locator(".calls .call-line")).to_contain_text("190 0000 0202", timeout=SOON)
    agent.keyboard.press("F3")
    expect(agent.locator("input[name=address_text]")).to_be_focused(timeout=SOON)
    accept_first_hit(agent, "hmzhd", GROCERY)
    accept_first_hit(agent, "010403", "店铺抢夺")
    expect(agent.locator("[data-priority='2'] input")).to_be_checked()
    agent.keyboard.type(STORY)
    tab_to(agent, "input[name=caller_name]")
    agent.keyboard.type("简宁")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".card-place")).to_have_text(GROCERY, timeout=SOON)
    expect(agent.locator(".card-kind")).to_have_text("店铺抢夺")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#command [data-part=told]")).to_contain_text("来话已办结", timeout=SOON)
    return int(city.stack.value("SELECT incident_id FROM incidents_call WHERE id = %s", [call["id"]]))


def send_both(desk: Page, incident: int, city: City) -> None:
    """Step 2: one line sends both units; both orders are of the same act."""
    city.stand()
    expect(row_of(desk, "pending", GROCERY)).to_be_visible(timeout=SOON)
    desk.keyboard.press("F8")
    expect(desk.locator(".card-place")).to_have_text(GROCERY, timeout=SOON)
    ranked = desk.locator(".candidate .candidate-unit")
    expect(ranked).to_have_text(["C102", "B205", "C107"], timeout=SOON)
    command(desk, f"派 C102 B205 {number_of(desk)}", meaning="B205")
    city.stack.wait_until(lambda: {"C102", "B205"} <= set(city.orders(incident)), "both orders", within=20)
    orders = city.orders(incident)
    assert orders["C102"]["dispatched_at"] == orders["B205"]["dispatched_at"]
    assert orders["C102"]["purpose"] == "first"
    assert orders["B205"]["purpose"] == "support"
    sent = "SELECT count(DISTINCT command) FROM incidents_entry WHERE kind = 'assignment.sent' AND incident_id = %s"
    assert city.stack.value(sent, [incident]) == 1


def the_commander_sees_it(commander: Page) -> None:
    """Step 2: the watch commander's console shows the incident and both orders, without a hand of his."""
    row = row_of(commander, "running", GROCERY)
    expect(row).to_contain_text("店铺抢夺", timeout=LATER)
    expect(row.locator(".hand")).to_have_count(2, timeout=SOON)
    expect(row).to_contain_text("C102")
    expect(row).to_contain_text("B205")
    commander.keyboard.press("Alt+ArrowDown")
    expect(commander.locator(".card-place")).to_have_text(GROCERY, timeout=SOON)
    commander.keyboard.press("Alt+3")
    expect(commander.locator(".order .order-head b")).to_have_text(["B205", "C102"], timeout=SOON)


def both_go(car: Phone, bike: Phone, incident: int, city: City) -> None:
    """Both phones ring, say that the order has come, accept and depart."""
    for phone, call_sign in ((car, "C102"), (bike, "B205")):
        phone.screen("order")
        expect(phone.page.locator(".address")).to_have_text(GROCERY)
        city.wait_for_order(incident, call_sign, "delivered")
        phone.step("accept")
        phone.step("depart")
        city.wait_for_order(incident, call_sign, "en_route")


def the_car_arrives(car: Phone, desk: Page, incident: int, city: City) -> None:
    """Step 3: C102 is the first on scene; both clocks stop with it."""
    car.step("arrive")
    city.wait_for_order(incident, "C102", "on_scene")
    row = city.row(incident)
    there = row["first_on_scene_at"]
    assert city.orders(incident)["B205"]["state"] == "en_route"
    for name, start in {"a": row["answered_at"], "b": row["first_dispatched_at"]}.items():
        clock = desk.locator(f".card-clock.clock-{name} .timer")
        expect(clock).to_have_text(shown_duration(start, there), timeout=SOON)


def two_reports(car: Phone, desk: Page, incident: int, city: City) -> None:
    """Step 3: the suspect is gone: an arrival report, then his description."""
    for number, (kind, text) in enumerate((("arrival", "到场，嫌疑人已不在"), ("progress", SEEN)), 1):
        car.sheet("report")
        car.choose(kind)
        car.page.locator("#sheet [name=process]").fill(text)
        car.step("sheet")
        car.settled()
        wait_for_reports(city, incident, number)
    assert [(row["kind"], row["process_text"]) for row in reports(city, incident)] == [
        ("arrival", "到场，嫌疑人已不在"),
        ("progress", SEEN),
    ]
    desk.keyboard.press("Alt+4")
    shown = desk.locator("#page-notes .notes li")
    expect(shown).to_have_count(2, timeout=SOON)
    expect(shown.first).to_contain_text("C102 · 进展")
    expect(shown.first).to_contain_text(SEEN)
    expect(shown.last).to_contain_text("C102 · 到场")


def wait_for_reports(city: City, incident: int, count: int) -> None:
    """Wait until the server has so many reports of an incident."""
    city.stack.wait_until(lambda: len(reports(city, incident)) == count, f"{count} reports", within=LATER / 1000)


def reports(city: City, incident: int) -> list[Row]:
    """Return the reports of an incident in their order."""
    found: list[Row] = city.desk.get(f"/api/incidents/{incident}/")["rows"]["report"]
    return sorted(found, key=lambda row: row["id"])


def both_finish(car: Phone, bike: Phone, incident: int, city: City) -> None:
    """Step 3: both units finish and stand free again; the incident is handled."""
    bike.step("arrive")
    for phone, call_sign in ((bike, "B205"), (car, "C102")):
        city.wait_for_order(incident, call_sign, "on_scene")
        phone.step("finish")
        phone.choose("RS20")
        phone.step("sheet")
        city.wait_for_order(incident, call_sign, "finished")
    city.wait_for_stage(incident, "handled")


def milestones_are_kept(commander: Page, incident: int, city: City) -> None:
    """Every step stands once in the incident's one timeline, in its order, and with its time on each order."""
    expect(row_of(commander, "closing", GROCERY)).to_contain_text("处置完毕", timeout=LATER)
    kinds = city.kinds(incident)
    assert in_order(MILESTONES, kinds), kinds
    steps = ("dispatched_at", "delivered_at", "accepted_at", "departed_at", "on_scene_at", "finished_at")
    for order in city.orders(incident).values():
        times = [order[step] for step in steps]
        assert all(times), order
        assert times == sorted(times)
    row = city.row(incident)
    assert row["first_on_scene_at"] is not None
    assert row["handled_at"] > row["first_on_scene_at"]
