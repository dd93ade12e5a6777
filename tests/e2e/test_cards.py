"""The question card by keys, the order's words, a late unit on one line; the phone's checklist, report and correction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import FULL_HD, LATER, SOON, City, Phone, accept_first_hit, city_at_work, phone_of
from tests.e2e.conftest import PageAs
from tests.stack.stack import Stack

SHOP = (24.5126, 117.6534)


@pytest.fixture
def city(desk_stack: Stack) -> Iterator[City]:
    """A city whose units go home at the end."""
    with city_at_work(desk_stack) as found:
        yield found


def test_the_card_is_answered_by_key_and_a_late_unit_stands_on_one_line(
    city: City, page_as: PageAs, screenshots: Path
) -> None:
    city.on_duty("C110", SHOP)
    city.on_duty("C105", (24.5150, 117.6560))
    city.stand()
    page = page_as("zhihui", "/console/", FULL_HD, on=city.stack, seat="Z01")
    expect(page.locator("#strip [data-part=state]")).to_contain_text("实时", timeout=LATER)
    page.keyboard.press("F2")
    expect(page.locator(".opening-words")).to_contain_text("漳州110")
    incident = answer_the_card(page, city)
    page.screenshot(path=screenshots / "console-question-card.png")
    page.keyboard.press("F8")
    words = page.locator(".order-text")
    expect(words).to_have_value(
        "抢夺 · 丹霞路便利店 · 有凶器 · 受伤2人 · 沿逃离方向堵截，注意车辆和体貌", timeout=LATER
    )
    words.fill(words.input_value() + " · 走后巷")
    words.press("Enter")
    page.keyboard.press("1")
    city.stack.wait_until(lambda: city.orders(incident), "an order")
    [(sign, order)] = city.orders(incident).items()
    assert order["order_text"].endswith("走后巷")
    for move in ("deliver", "accept", "depart"):
        city.leads[sign].post(f"/api/assignments/{order['id']}/{move}/")
    city.leads[sign].post(f"/api/assignments/{order['id']}/delay/", {"delay_code": "DL1"})
    chain = page.locator(".late-chain")
    expect(chain).to_contain_text("拥堵", timeout=LATER)
    expect(page.locator(".late-words")).to_contain_text(f"{sign}因拥堵会晚到")
    page.screenshot(path=screenshots / "console-late-chain.png")
    chain.locator("[data-act=caller-told]").press("Enter")
    expect(chain).to_contain_text("已告知报警人", timeout=SOON)
    chain.locator("[data-late=send]").press("Enter")
    expect(chain.first).to_contain_text("已加派", timeout=LATER)
    assert len(city.orders(incident)) == 2
    page.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate("axe.run('.panels').then(r => r.violations.map(v => [v.id, v.nodes[0].html]))") == []


def answer_the_card(page: Page, city: City) -> int:
    """Take a call, choose the type, answer before and after the incident is opened; returns the incident."""
    page.locator("input[name=address_text]").fill("丹霞路便利店")
    page.locator("input[name=type_reported]").focus()
    accept_first_hit(page, "0104", "抢夺")
    page.keyboard.press("Alt+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")  # two are hurt
    page.keyboard.press("1")  # a weapon
    expect(page.locator(".question-chip[data-done=yes]")).to_have_count(2)
    expect(page.locator(".question-text")).to_contain_text("往哪个方向跑了")
    page.evaluate("""() => document.querySelector('#panel-intake [name=narrative]').focus()""")
    page.keyboard.press("Control+Enter")
    city.stack.wait_until(lambda: city.stack.value("SELECT count(*) FROM incidents_cardanswer") == 2, "two answers")
    incident = int(city.stack.value("SELECT incident_id FROM incidents_cardanswer LIMIT 1"))
    row = city.row(incident)
    assert (row["injured"], row["weapon"], row["priority"]) == (2, "yes", 1)
    page.keyboard.press("Alt+a")
    page.keyboard.type("往胜利路，一分钟前")
    page.keyboard.press("Enter")
    city.stack.wait_until(lambda: city.stack.value("SELECT count(*) FROM incidents_cardanswer") == 3, "three answers")
    desk = city.desk.get(f"/api/incidents/{incident}/")["rows"]["incident"][0]
    path = f"/api/incidents/{incident}/place/"
    point = {"lat": SHOP[0], "lng": SHOP[1], "crs": "WGS84"}
    city.desk.post(path, {"version": desk["version"], "point": point, "point_status": "verified"})
    return incident


def test_a_checklist_is_ticked_without_network_and_a_returned_report_is_corrected(
    city: City, page_as: PageAs, screenshots: Path
) -> None:
    city.on_duty("C106", SHOP)
    city.stand()
    unit = phone_of(page_as, city, "C106")
    incident = city.incident("胜利路路口", SHOP, "0302", narrative="两车追尾")
    order = city.send("C106", incident, "deliver", "accept", "depart", "arrive")
    unit.screen("task")
    tick_offline(unit, city, order["id"], screenshots)
    unit.step("finish")
    unit.choose("RS09")
    unit.step("sheet")
    report_with_its_annex(unit, screenshots)
    unit.settled()
    send_back(city, incident)
    unit.step("correct")
    expect(unit.page.locator("#sheet .warning")).to_contain_text("没有写明伤情", timeout=LATER)
    unit.page.screenshot(path=screenshots / "phone-correction.png")
    unit.page.locator("#sheet [name=process]").fill("一人擦伤，未就医")
    unit.step("sheet")
    unit.settled()
    unit.screen("idle")
    reports = city.desk.get(f"/api/incidents/{incident}/")["rows"]["report"]
    assert [(row["kind"], row["process_text"]) for row in reports] == [
        ("handling", "追尾，已拍照"), ("correction", "一人擦伤，未就医"),
    ]  # fmt: skip
    assert reports[1]["traffic_form"] == "TF1"
    assert reports[1]["corrects"] == reports[0]["id"]


def tick_offline(unit: Phone, city: City, order: int, screenshots: Path) -> None:
    """Two ticks without network wait in the outbox with the phone's time, and arrive with it."""
    steps = unit.page.locator(".checklist .tick")
    expect(steps).to_have_count(6, timeout=LATER)
    unit.page.context.set_offline(True)
    for item in ("recorder", "warning"):
        unit.page.locator(f".tick[data-item={item}] input").tap()
    expect(unit.page.locator(".checklist .count")).to_have_text("2 / 6")
    expect(unit.page.locator(".tick[data-item=recorder] small")).to_have_text("待发")
    unit.page.screenshot(path=screenshots / "phone-checklist.png", full_page=True)
    time.sleep(1)  # the phone's own time is another than the server's
    unit.page.context.set_offline(False)
    sql = "SELECT device_at, ticked_at FROM dispatch_tick WHERE assignment_id = %s AND done"
    city.stack.wait_until(lambda: len(city.stack.sql(sql, [order])) == 2, "both ticks", within=LATER / 1000)
    assert all(row["device_at"] < row["ticked_at"] for row in city.stack.sql(sql, [order]))


def report_with_its_annex(unit: Phone, screenshots: Path) -> None:
    """The button names what is missing until the annex is complete."""
    sheet = unit.page.locator("#sheet")
    hint = unit.page.locator("#next-hint")
    expect(hint).to_contain_text("还缺：处置经过", timeout=LATER)
    sheet.locator("[name=process]").fill("追尾，已拍照")
    sheet.locator("[name=case_no]").fill("T2026001")
    sheet.locator("[name=camera_ref]").fill("JL0106")
    expect(hint).to_contain_text("事故形态")
    for name, code in [
        ("traffic_form", "TF1"),
        ("traffic_cause", "TC3"),
        ("road_surface", "SF2"),
        ("visibility", "VI4"),
    ]:
        sheet.locator(f"[name={name}]").select_option(code)
    expect(hint).to_contain_text("损坏车辆数")
    unit.page.screenshot(path=screenshots / "phone-report-annex.png")
    sheet.locator("[name=vehicles_damaged]").fill("2")
    unit.step("sheet")


def send_back(city: City, incident: int) -> None:
    """The desk submits, the reviewer returns."""
    row = city.wait_for_stage(incident, "reported")
    city.desk.post(f"/api/incidents/{incident}/submit/", {"version": row["version"]})
    row = city.wait_for_stage(incident, "review")
    reviewer = city.stack.sign_in("shenhe1")
    reviewer.post(f"/api/incidents/{incident}/return/", {"version": row["version"], "reason": "没有写明伤情"})
