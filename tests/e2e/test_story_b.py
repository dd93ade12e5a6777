"""Story B of the domain reference: a grocery is robbed by snatching (steps 1 to 3): two units in one act, two reports."""

from __future__ import annotations

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
