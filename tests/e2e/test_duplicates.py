"""A second caller types: the suggestion says why, one key attaches, the phone reads only what is new, undo works (F6)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, PageAs
from tests.e2e.test_followup import told_call
from tests.stack.stack import Stack

SAID = "延安路18号有人打架，戴红帽子的那个拿着刀，往中山桥跑了"


def test_a_second_caller_is_attached_with_one_key_and_the_street_reads_only_what_is_new(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    first = told_call(desk_stack, type_reported="0202", narrative="延安路18号两个人打架，一个戴红帽子")
    incident = first["call"]["incident"]
    unit = desk_stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C109'")[0]["id"]
    officer = desk_stack.sign_in("c109a")
    officer.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    dispatcher = desk_stack.sign_in("paijing2", seat="P12")
    sent = dispatcher.post(f"/api/incidents/{incident}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]})
    officer.post(f"/api/assignments/{sent['assignments'][0]['id']}/accept/", {})
    phone = page_as("c109a", "/m/", PHONE, on=desk_stack, is_mobile=True, has_touch=True)
    expect(phone.locator("h1.address")).to_have_text("延安路18号")
    desk = page_as("jiejing1", "/console/", (1920, 1080), on=desk_stack, seat="J11")
    expect(desk.locator("#panel-units .unit").first).to_be_visible()
    desk.keyboard.press("F2")
    narrative = desk.locator("textarea[name=narrative]")
    narrative.click()
    narrative.press_sequentially(SAID, delay=5)
    row = desk.locator(f".likely-row[data-incident='{incident}']")
    expect(row).to_contain_text("都说到")
    expect(row).to_contain_text("前")
    desk.screenshot(path=screenshots / "console-duplicates.png")
    desk.wait_for_timeout(800)  # a key does nothing while its row has only just come
    desk.keyboard.press("Alt+J")
    expect(desk.locator("body")).to_contain_text("10 秒内 Ctrl+Z 可撤回")
    news = phone.locator(".words.news")
    expect(news).to_contain_text("新情况")
    expect(news).to_contain_text("拿着刀")
    expect(news).to_contain_text("往中山桥跑了")
    expect(news).not_to_contain_text("打架")
    phone.screenshot(path=screenshots / "phone-news.png")
    desk.locator("body").press("Control+z")
    expect(narrative).to_have_value(SAID)
    expect(phone.locator(".words.taken-back")).to_contain_text("不属于本警情")
    phone.screenshot(path=screenshots / "phone-news-taken-back.png")
    desk.screenshot(path=screenshots / "console-duplicates-undone.png")
    desk.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    assert desk.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))") == []
