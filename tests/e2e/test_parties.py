"""A suspect's looks stand on the officer's phone while the desk still writes (M36, domain 6)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, PageAs
from tests.e2e.test_followup import told_call
from tests.stack.stack import Stack


def test_a_suspect_is_written_at_the_desk_and_read_on_the_street(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack, type_reported="020101")["call"]["incident"]
    unit = desk_stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C107'")[0]["id"]
    officer = desk_stack.sign_in("c107a")
    officer.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    dispatcher = desk_stack.sign_in("paijing1", seat="P11")
    dispatcher.post(f"/api/incidents/{incident}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]})
    phone = page_as("c107a", "/m/", PHONE, on=desk_stack, is_mobile=True, has_touch=True)
    expect(phone.locator("h1.address")).to_have_text("延安路18号")
    desk = page_as("paijing1", "/console/", (1920, 1080), on=desk_stack, seat="P11")
    row = desk.locator(f"#row-{incident}")
    expect(row).to_be_visible()
    row.focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("tab", name="案情").click()
    desk.locator(".party-verbs [data-kind=person]").focus()
    desk.keyboard.press("Enter")
    desk.locator("input[name=description]").fill("红帽子，黑上衣，往南走")
    desk.keyboard.press("Enter")
    expect(desk.locator(".parties li")).to_contain_text("红帽子")
    expect(phone.locator("body")).to_contain_text("红帽子，黑上衣，往南走")
    desk.locator(".party-verbs [data-kind=property]").focus()
    desk.keyboard.press("Enter")
    desk.locator("form.inline-form input[name=name]").fill("自行车")
    desk.locator("form.inline-form input[name=frame_no]").fill("SL260117")
    desk.keyboard.press("Enter")
    thing = desk.locator(".parties li[data-kind=property]")
    expect(thing).to_contain_text("被盗")
    expect(phone.locator("body")).to_contain_text("SL260117")
    desk.screenshot(path=screenshots / "console-parties.png")
    phone.screenshot(path=screenshots / "phone-parties.png", full_page=True)
    thing.get_by_role("button", name="查获").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Enter")
    expect(thing).to_contain_text("已查获")


def test_the_incident_file_is_readable_and_has_no_accessibility_fault(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack, type_reported="020101", narrative="店门口一辆银色山岚牌自行车被盗")["call"][
        "incident"
    ]
    page = page_as("zhihui", f"/incidents/{incident}/file/", (1000, 1400), on=desk_stack)
    expect(page.locator("h1")).to_contain_text("警情档案")
    expect(page.locator(".timeline")).to_contain_text("已接听")
    page.screenshot(path=screenshots / "incident-file.png", full_page=True)
    page.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))") == []
