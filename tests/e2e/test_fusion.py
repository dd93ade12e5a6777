"""The fusion desk from the card to the phone: asked, accepted, a clue pushed and read, a position locked and renewed, a
watch entry approved, a hit that sends nobody (stories B and C)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from dispatch.simulator.border import WatchFeed
from tests.e2e.conftest import PHONE, PageAs
from tests.e2e.test_followup import told_call
from tests.stack.stack import Stack, manage

DESK = (1920, 1080)
AXE = Path("node_modules/axe-core/axe.min.js")


def axe(page: Page) -> Any:
    """Return what axe finds wrong on a page."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    return page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")


def feed_of(stack: Stack) -> WatchFeed:
    """Register a feed and speak as it."""
    said = manage(stack.environment, "gateway", "kakou1", "--kind", "watch_feed")
    secret = said.split("secret")[1].split()[0]
    return WatchFeed(stack.base_url, "350600/kakou1", secret)


def test_from_the_card_to_the_phone_and_back_to_an_alert_without_an_order(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack, type_reported="010403", priority=2, narrative="商店被抢，男子向北逃跑")["call"][
        "incident"
    ]
    unit = desk_stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C105'")[0]["id"]
    desk_stack.sign_in("c105a").post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    dispatcher = desk_stack.sign_in("paijing1", seat="P11")
    order = {"units": [{"unit": unit, "override_reason": "OV1"}]}
    dispatcher.post(f"/api/incidents/{incident}/orders/", order)
    phone = page_as("c105a", "/m/", PHONE, on=desk_stack, is_mobile=True, has_touch=True)
    expect(phone.locator("h1.address")).to_have_text("延安路18号")
    expect(phone.locator("#next")).to_be_enabled()
    phone.locator("#next").click()

    desk = page_as("paijing1", "/console/", DESK, on=desk_stack, seat="P11")
    row = desk.locator(f"#row-{incident}")
    expect(row).to_be_visible()
    expect(row).to_contain_text("C105")
    row.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#panel-incident .card-place")).to_have_text("延安路18号")
    desk.get_by_role("tab", name="案情").click()
    expect(desk.locator(".proposal")).to_contain_text("提请合成作战")
    desk.keyboard.press("Alt+f")
    expect(desk.locator(".casework [data-request]")).to_contain_text("待受理")

    fusion = page_as("yanpan1", "/fusion/", DESK, on=desk_stack)
    expect(fusion.locator("#fusion-live")).to_have_text("● 实时")
    line = fusion.locator("#requests tbody tr").filter(has_text="延安路18号").first
    expect(line).to_contain_text("待受理")
    line.focus()
    fusion.keyboard.press("Enter")
    fusion.keyboard.press("Control+Enter")
    expect(line).to_contain_text("研判中")
    expect(fusion.locator("#requests tbody tr:focus")).to_have_count(1)  # the panel has been drawn anew
    expect(desk.locator(".casework [data-request]")).to_contain_text("研判中")

    panel = fusion.locator("#requests [data-part=panel]")
    clue = panel.locator("form").filter(has=fusion.locator("legend", has_text="登记线索"))
    clue.locator("[name=kind]").select_option("vehicle")
    clue.locator("[name=text]").fill("三人，两辆电动车往北")
    clue.locator("[name=value]").fill("闽E·0X99T")
    clue.locator("[name=source]").fill("路口图像")
    clue.locator("[name=point]").fill("24.5150, 117.6600")
    fusion.keyboard.press("Control+Enter")
    expect(panel).to_contain_text("未推送")
    line.focus()
    fusion.keyboard.press("Enter")
    fusion.keyboard.press("Control+Enter")
    found = phone.locator("[data-clue]")
    expect(found).to_contain_text("闽E0X99T")
    expect(found).to_contain_text("三人，两辆电动车往北")

    expect(panel.locator("legend", has_text="推送至现场")).to_have_count(0)
    expect(line).to_be_focused()
    lock = panel.locator("form").filter(has=fusion.locator("legend", has_text="锁定位置"))
    lock.locator("[name=point]").fill("24.5105, 117.7050")
    lock.locator("[name=source]").fill("图像")
    lock.get_by_role("button").click()
    expect(phone.locator("[data-position]")).to_contain_text("24.51050, 117.70500")
    expect(line).to_contain_text("已锁定")
    renew = panel.locator("form").filter(has=fusion.locator("legend", has_text="续定位置"))
    renew.locator("[name=radius_m]").fill("40")
    renew.get_by_role("button").click()
    expect(phone.locator("[data-position]")).to_contain_text("±40米")
    expect(phone.locator("[data-position]")).to_have_count(1)
    expect(desk.locator(".casework [data-position]")).to_contain_text("±40米")
    phone.screenshot(path=screenshots / "phone-clue.png", full_page=True)
    desk.screenshot(path=screenshots / "console-casework.png")
    fusion.screenshot(path=screenshots / "fusion-requests.png")
    assert axe(fusion) == []

    fusion.keyboard.press("Alt+2")
    ask = fusion.locator("#entries form")
    ask.locator("[name=value]").fill("闽E0X99T")
    ask.locator("[name=reason]").fill("抢夺嫌疑车辆")
    ask.get_by_role("button").click()
    entry = fusion.locator("#entries tbody tr").filter(has_text="闽E0X99T").first
    expect(entry).to_contain_text("待批")
    commander = page_as("zhihui", "/fusion/#entries", DESK, on=desk_stack)
    waits = commander.locator("#entries tbody tr").filter(has_text="闽E0X99T").first
    expect(waits).to_contain_text("待批")
    waits.focus()
    commander.keyboard.press("Enter")
    commander.keyboard.press("Control+Enter")
    expect(entry).to_contain_text("生效")

    orders = len(desk_stack.sql("SELECT id FROM dispatch_assignment"))
    point = {"lat": 24.5180, "lng": 117.7200, "crs": "WGS84"}
    assert feed_of(desk_stack).sight("闽e·0x99t", point=point, text="蓝田路口").status_code == 200
    expect(desk.locator(".alert").filter(has_text="布控命中")).to_contain_text("闽E0X99T")
    fusion.keyboard.press("Alt+3")
    expect(fusion.locator("#hits tbody tr").first).to_contain_text("待核实")
    assert len(desk_stack.sql("SELECT id FROM dispatch_assignment")) == orders
    fusion.screenshot(path=screenshots / "fusion-hits.png")

    fusion.keyboard.press("Alt+4")
    form = fusion.locator("#links-form")
    form.locator("[name=value]").fill("闽E0X99T")
    form.locator("[name=purpose]").fill("串并研判")
    fusion.keyboard.press("Enter")
    expect(fusion.locator("#links-table tbody tr").first).to_contain_text("出现于")
    node = fusion.locator("[data-node=start]")
    node.focus()
    fusion.keyboard.press("ArrowUp")
    fusion.screenshot(path=screenshots / "fusion-links.png")
    assert axe(fusion) == []
    fusion.locator("[data-switch-theme]").click()
    fusion.screenshot(path=screenshots / "fusion-links-day.png")
