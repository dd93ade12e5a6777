"""The follow-up page and passing on, by keyboard: a danger check that cannot be skipped, a callback, a supervision order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.e2e.conftest import PageAs
from tests.stack.stack import Stack, manage

CONSOLE = (1920, 1080)
PLAN = """
import datetime as dt
from django.utils import timezone
from incidents.models import Incident
from incidents.services import callbacks
ago = timezone.now() - dt.timedelta(hours=3)
Incident.objects.filter(pk={pk}).update(reported_at=ago, priority=1)
callbacks.plan(by=None, incident_id={pk})
"""
POINT = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}


def told_call(stack: Stack, **facts: Any) -> dict[str, Any]:
    """Take a call with its incident over the API."""
    desk = stack.sign_in("jiejing1", seat="J07")
    incident = {"type_reported": "0402", "address_text": "延安路18号", "point": POINT, **facts}
    body = {"channel": "CH11", "kind": "CK01", "caller_name": "卢知遥", "caller_number": "19000000101"}
    found: dict[str, Any] = desk.post("/api/calls/", {**body, "incident": incident})
    desk.post(f"/api/calls/{found['call']['id']}/finish/", {"kind": "CK01"})
    return found


def test_a_contact_is_passed_on_only_after_the_danger_check(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    desk = page_as("jiejing1", "/console/", CONSOLE, on=desk_stack, seat="J07")
    expect(desk.locator("#panel-units .unit").first).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.locator(".intake-form")).to_be_visible()
    desk.keyboard.press("Alt+p")
    form = desk.locator("form.inline-form")
    expect(form.get_by_role("radio", name="没有")).to_be_focused()
    desk.keyboard.press("ArrowRight")
    form.get_by_role("radio", name="12345政务热线").check(force=True)
    form.locator("input[name=told_caller]").fill("已为您转12345")
    desk.keyboard.press("Enter")
    expect(form.locator(".form-says")).to_contain_text("请先建警情派警")
    form.get_by_role("radio", name="没有").focus()
    desk.keyboard.press("Space")
    form.locator("input[name=told_caller]").focus()
    desk.screenshot(path=screenshots / "console-transfer.png")
    desk.keyboard.press("Enter")
    expect(form).to_have_count(0)
    desk.keyboard.press("F7")
    desk.keyboard.press("8")
    expect(desk.locator(".intake-form")).to_be_hidden()
    page = page_as("jiejing1", "/followup/", CONSOLE, on=desk_stack, seat="J07")
    row = page.locator("#transfers tbody tr").first
    expect(row).to_contain_text("12345政务热线")
    expect(row).to_contain_text("未推送")
    page.keyboard.press("Enter")
    page.locator("#transfers input[name=receipt_no]").fill("H2026-7")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("已受理")
    expect(page.locator("#transfers .panel")).to_contain_text("H2026-7")


def test_a_dissatisfied_caller_brings_a_supervision_order_that_the_station_answers(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack)["call"]["incident"]
    manage(desk_stack.environment, "shell", "-v0", "-c", PLAN.format(pk=incident))
    agent = page_as("huifang1", "/followup/", CONSOLE, on=desk_stack)
    row = agent.locator("#callbacks tbody tr", has_text="延安路18号")
    expect(row).to_contain_text("人工电话")
    row.focus()
    agent.keyboard.press("Enter")
    expect(agent.locator("#callbacks .panel")).to_contain_text("19000000101")
    agent.select_option("[name=grade]", "3")
    agent.fill("[name=words]", "来得太慢")
    agent.screenshot(path=screenshots / "followup-callback.png")
    agent.keyboard.press("Control+Enter")
    expect(row).to_contain_text("3 不满意")
    expect(agent.locator("#callbacks [data-part=head]")).to_contain_text("满意 0 / 已回复 1 / 已发起 1")
    agent.keyboard.press("Alt+2")
    order = agent.locator("#supervision tbody tr", has_text="不满意").first
    expect(order).to_contain_text("巷口派出所")

    station = page_as("suo404", "/followup/", CONSOLE, on=desk_stack)
    mine = station.locator("#supervision tbody tr").first
    mine.focus()
    station.keyboard.press("Enter")
    station.fill("#supervision input[name=text]", "已当面致歉，调整该时段巡线")
    station.keyboard.press("Control+Enter")
    expect(mine).to_contain_text("已回复")
    leader = page_as("juzhang", "/followup/#supervision", CONSOLE, on=desk_stack)
    line = leader.locator("#supervision tbody tr").first
    expect(line).to_contain_text("已回复")
    line.focus()
    leader.keyboard.press("Enter")
    leader.screenshot(path=screenshots / "followup-supervision.png")
    leader.keyboard.press("Control+Enter")
    expect(line).to_contain_text("已办结")


def test_the_follow_up_page_has_no_accessibility_fault(desk_stack: Stack, page_as: PageAs) -> None:
    for theme in ("night", "day"):
        page = page_as("zhihui", "/followup/", CONSOLE, on=desk_stack)
        page.evaluate("name => { document.documentElement.dataset.theme = name }", theme)
        page.wait_for_timeout(500)
        page.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
        assert found == []
