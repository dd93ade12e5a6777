"""An incident is played again: opened with its purpose, stepped by keys and chapters, noted, a task given, taken out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PageAs
from tests.e2e.test_followup import told_call
from tests.stack.stack import Stack

pytestmark = pytest.mark.browser
DESK = (1920, 1080)
AXE = Path("node_modules/axe-core/axe.min.js")
UNIT = "C103"


def axe(page: Page) -> Any:
    """Return what axe finds wrong on a page."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    return page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")


def handled(stack: Stack) -> int:
    """Let a unit handle an incident with fixes on its way; returns the incident."""
    incident: int = told_call(stack, type_reported="010403", priority=2, narrative="商店被抢，男子向北逃跑")["call"][
        "incident"
    ]
    unit = stack.sql(f"SELECT id FROM patrol_unit WHERE call_sign = '{UNIT}'")[0]["id"]
    officer = stack.sign_in(f"{UNIT.lower()}a")
    officer.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    desk = stack.sign_in("paijing1", seat="P11")
    order = desk.post(f"/api/incidents/{incident}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]})
    assignment = order["assignments"][0]["id"]
    spots = [(24.5180, 117.6700), (24.5150, 117.6650), (24.5120, 117.6560)]
    for move, (lat, lng) in zip(("accept", "depart", "arrive"), spots, strict=True):
        now = stack.sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS at")[0]["at"]
        officer.post("/api/my-unit/position/", {"fixes": [{"lat": lat, "lng": lng, "crs": "WGS84", "taken_at": now}]})
        officer.post(f"/api/assignments/{assignment}/{move}/")
    desk.post(f"/api/incidents/{incident}/note/", {"text": "嫌疑人往北"})
    officer.post(f"/api/assignments/{assignment}/finish/", {"result_code": "RS16"})
    return incident


def test_an_incident_is_played_noted_and_taken_out(desk_stack: Stack, page_as: PageAs, screenshots: Path) -> None:
    incident = handled(desk_stack)
    page = page_as("zhihui", f"/review/?incident={incident}", DESK, on=desk_stack)
    form = page.locator("#reviews form").first
    expect(form.locator("[name=incident_no]")).to_have_value(str(incident))
    form.locator("[name=purpose]").fill("店铺抢夺案复盘")
    page.screenshot(path=screenshots / "review-list.png")
    form.get_by_role("button").click()

    lines = page.locator("[data-player=lines] li")
    expect(lines.filter(has_text="处置完毕").first).to_be_visible()
    clock = page.locator("[data-player=clock]")
    expect(page.locator(".review-rows .is-own")).to_have_count(0)
    start = clock.text_content()
    page.locator("[data-player=play]").focus()

    page.keyboard.press("4")
    own = page.locator(".review-rows .is-own")
    expect(own).to_contain_text(UNIT)
    expect(own).to_contain_text("已派")
    expect(page.locator("[data-chapter=command]")).to_have_attribute("aria-pressed", "true")
    assert clock.text_content() != start
    expect(own).not_to_contain_text("处置完毕")
    page.keyboard.press("End")
    expect(own).to_contain_text("处置完毕")
    page.keyboard.press("Home")
    expect(own).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-player=lines] [aria-current]")).to_have_count(1)

    for _ in range(3):
        page.keyboard.press("-")
    expect(page.locator("[data-player=speed]")).to_have_value("1")
    page.keyboard.press(" ")
    expect(page.locator("[data-player=play]")).to_have_attribute("data-playing", "true")
    for _ in range(6):
        page.keyboard.press("+")
    expect(page.locator("[data-player=speed]")).to_have_value("120")
    expect(own).to_contain_text("处置完毕", timeout=30_000)
    expect(page.locator("[data-player=play]")).to_have_attribute("data-playing", "false", timeout=30_000)

    page.keyboard.press("5")
    page.keyboard.press("n")
    note = page.locator("[data-player=note]")
    note.locator("input").fill("出警路线绕行")
    page.keyboard.press("Enter")
    expect(page.locator(".chapter-note")).to_contain_text("出警路线绕行")
    page.locator("[data-player=play]").focus()
    page.keyboard.press("t")
    task = page.locator("[data-player=task]")
    task.locator("[name=text]").fill("重画巡区路线")
    badge = desk_stack.sql("SELECT badge FROM incidents_user WHERE username = 'paijing1'")[0]["badge"]
    task.locator("[name=owner]").fill(badge)
    task.locator("[name=due_at]").fill("2099-01-01T08:00")
    task.get_by_role("button").click()
    expect(task.locator("[name=due_at]")).to_have_attribute("aria-invalid", "true")
    task.locator("[name=due_at]").fill(
        desk_stack.sql("SELECT to_char(now() + interval '9 days', 'YYYY-MM-DD\"T\"08:00') AS at")[0]["at"]
    )
    task.get_by_role("button").click()
    expect(page.locator("[data-player=tasks]")).to_contain_text("重画巡区路线")
    page.screenshot(path=screenshots / "review-player-night.png")
    assert axe(page) == []
    with page.expect_download() as file:
        page.get_by_role("link", name="CSV").click()
    assert "出警路线绕行" in Path(file.value.path()).read_text(encoding="utf-8-sig")
    page.locator("[data-switch-theme]").click()
    page.screenshot(path=screenshots / "review-player-day.png")
    assert axe(page) == []

    page.keyboard.press("Escape")
    expect(page.locator("#reviews tbody tr").first).to_contain_text("延安路18号")
    owner = page_as("paijing1", "/review/", DESK, on=desk_stack, seat="P11")
    row = owner.locator("#tasks tbody tr").filter(has_text="重画巡区路线")
    row.focus()
    owner.keyboard.press("Enter")
    owner.locator("#tasks [name=words]").fill("已重画")
    owner.keyboard.press("Control+Enter")
    expect(row).to_contain_text("已完成")
