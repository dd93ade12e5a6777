"""Searching, asking and approving, holding and the board of what is overdue, by keyboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import PageAs
from tests.stack.stack import Stack

CONSOLE = (1920, 1080)
POINT = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}


def told_call(stack: Stack, **facts: Any) -> dict[str, Any]:
    """Take a call with its incident over the API."""
    desk = stack.sign_in("jiejing1", seat="J07")
    incident = {"type_reported": "0202", "address_text": "延安路18号", "point": POINT, "priority": 2, **facts}
    body = {"channel": "CH11", "kind": "CK01", "caller_name": "卢知遥", "caller_number": "19000000101"}
    found: dict[str, Any] = desk.post("/api/calls/", {**body, "incident": incident})
    return found


def without_faults(page: Any) -> None:
    """Look for accessibility faults in both themes."""
    for theme in ("night", "day"):
        page.evaluate("name => { document.documentElement.dataset.theme = name }", theme)
        page.wait_for_timeout(300)
        page.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
        assert found == [], theme


def test_everything_is_searched_by_keyboard_and_people_only_with_a_purpose(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack, narrative="两人在烧烤摊打架", vehicle_plate="闽E7AB12")["call"]["incident"]
    page = page_as("paijing1", "/search/", CONSOLE, on=desk_stack, seat="P11")
    box = page.locator("input[name=q]")
    expect(box).to_be_focused()
    page.keyboard.insert_text("烧烤摊")
    page.keyboard.press("Enter")
    row = page.locator("#search-rows tbody tr").first
    expect(row).to_contain_text("延安路18号")
    page.keyboard.press("F3")
    page.keyboard.insert_text("卢知遥")
    page.keyboard.press("Enter")
    expect(page.locator("#search-told")).to_contain_text("填写用途后才检索")
    page.keyboard.press("F3")
    page.keyboard.press("Tab")
    page.keyboard.insert_text("核实报警人")
    page.keyboard.press("Enter")
    expect(page.locator("#search-told")).to_contain_text(re.compile(r"找到\s?[1-9]"))
    expect(row).to_contain_text("延安路18号")
    page.screenshot(path=screenshots / "search.png")
    without_faults(page)
    with page.context.expect_page() as opened:
        row.focus()
        page.keyboard.press("Enter")
    expect(opened.value).to_have_url(re.compile(rf"/incidents/{incident}/file/$"))
    expect(opened.value.locator("body")).to_contain_text("保存类别")
    opened.value.screenshot(path=screenshots / "file.png", full_page=True)


def test_a_lower_priority_is_asked_for_and_approved_with_one_key_and_a_hold_is_placed(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack)["call"]["incident"]
    asks = desk_stack.sign_in("paijing1", seat="P11")
    asks.post(f"/api/incidents/{incident}/ask/", {"kind": "priority", "priority": 3, "reason": "双方已离开"})
    page = page_as("zhihui", "/followup/#approvals", CONSOLE, on=desk_stack)
    row = page.locator("#approvals tbody tr", has_text="双方已离开")
    expect(row).to_contain_text("等级由 2 降为 3")
    row.focus()
    page.keyboard.press("Enter")
    page.screenshot(path=screenshots / "approvals.png")
    without_faults(page)
    page.keyboard.press("Control+Enter")
    expect(row).to_have_count(0)
    page.locator("#tab-holds").click()
    form = page.locator("#holds form").first
    form.locator("[name=incident]").fill(str(incident))
    form.locator("[name=reason]").fill("行政诉讼")
    form.locator("[name=legal_basis]").fill("行政诉讼法第三十四条")
    form.locator("[name=legal_basis]").press("Enter")
    expect(page.locator("#holds tbody tr").first).to_contain_text("行政诉讼法第三十四条")
    page.screenshot(path=screenshots / "holds.png")
    for name in ("overdue", "retention"):
        page.locator(f"#tab-{name}").click()
        expect(page.locator(f"#{name} table")).to_be_visible()
        page.screenshot(path=screenshots / f"{name}.png")
    without_faults(page)
