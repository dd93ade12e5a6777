"""Words suggest, a person decides (M16); and everybody who is told in parallel has a receipt (R7). Keyboard only."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PageAs
from tests.e2e.test_followup import told_call
from tests.stack.stack import Stack

CONSOLE = (1920, 1080)


def test_the_callers_words_suggest_and_two_keys_accept(desk_stack: Stack, page_as: PageAs, screenshots: Path) -> None:
    desk = page_as("jiejing1", "/console/", CONSOLE, on=desk_stack, seat="J07")
    expect(desk.locator("#panel-units .unit").first).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.locator(".intake-form")).to_be_visible()
    desk.locator("textarea[name=narrative]").focus()
    desk.keyboard.type("铁门被焊死了，没有人受伤")
    desk.wait_for_timeout(900)
    expect(desk.locator(".hints [data-hint=priority]")).to_have_count(0)
    desk.keyboard.press("Control+a")
    desk.keyboard.type("我老公打我，他手里拿着刀")
    hints = desk.locator(".hints")
    expect(hints.locator("[data-hint=type]").first).to_contain_text("家庭暴力")
    expect(hints.locator("[data-hint=priority]")).to_contain_text("紧急")
    desk.screenshot(path=screenshots / "console-hints.png")
    desk.keyboard.press("Alt+w")
    desk.keyboard.press("Alt+q")
    expect(desk.locator("input[name=type_reported]")).to_have_value("家庭暴力")
    expect(desk.get_by_role("radio", name="紧急")).to_be_checked()
    desk.keyboard.press("F7")
    desk.keyboard.press("7")
    expect(desk.locator(".intake-form")).to_be_hidden()


def test_who_is_told_stands_on_the_card_until_they_know(desk_stack: Stack, page_as: PageAs) -> None:
    incident = told_call(desk_stack, type_reported="010403", priority=2)["call"]["incident"]
    unit = desk_stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C106'")[0]["id"]
    officer = desk_stack.sign_in("c106a")
    officer.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    dispatcher = desk_stack.sign_in("paijing1", seat="P11")
    dispatcher.post(f"/api/incidents/{incident}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]})
    desk = page_as("paijing1", "/console/", CONSOLE, on=desk_stack, seat="P11")
    row = desk.locator(f"#row-{incident}")
    expect(row).to_be_visible()
    row.focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("tab", name="案情").click()
    block = desk.locator(".notices li")
    expect(block).to_have_count(3)
    expect(block.first).to_contain_text("指挥长")
    block.first.get_by_role("button", name="已通报").focus()
    desk.keyboard.press("Enter")
    expect(block.first).to_contain_text("已收到")
    expect(desk.locator(".pages")).to_contain_text("同步通报（共 3，未回执 2）")
