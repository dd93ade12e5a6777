"""A shift in the browser: planned, signed on by one tap, asked where it is, on a break, handed over, at a duty level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Geolocation, expect

from tests.e2e.conftest import PageAs
from tests.stack.stack import Stack

CONSOLE, PHONE = (1920, 1080), (390, 844)
PLACE: Geolocation = {"latitude": 24.5150, "longitude": 117.6545, "accuracy": 8}
POINT = {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}
SOON = 10_000


def test_a_crew_signs_on_by_the_plan_answers_a_post_check_and_takes_a_break(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    officer = page_as(
        "c104a", "/m/", PHONE, on=desk_stack, has_touch=True, geolocation=PLACE, permissions=["geolocation"]
    )
    sheet = officer.locator("#sheet")
    expect(sheet).to_contain_text("报备：巡104", timeout=SOON)
    expect(officer.locator("#next:not([disabled])")).to_contain_text("开始勤务", timeout=SOON)
    officer.screenshot(path=screenshots / "phone-planned.png")
    officer.fill("input[name=crew]", "")
    expect(sheet).to_contain_text("报备而未到")
    officer.locator("#next").tap()
    expect(officer.locator("body")).to_have_attribute("data-screen", "idle", timeout=SOON)

    watch = page_as("zhihui", "/shift/#checks", CONSOLE, on=desk_stack, seat="Z01")
    expect(watch.locator("#checks .panel")).to_contain_text("新查勤", timeout=SOON)
    watch.keyboard.press("F2")
    watch.fill("#checks input[name=call_signs]", "C104 C999")
    watch.keyboard.press("Control+Enter")
    expect(watch.locator("#checks .panel")).to_contain_text("没有单元C999")
    watch.fill("#checks input[name=call_signs]", "巡104")
    watch.keyboard.press("Control+Enter")
    row = watch.locator("#checks tbody tr").first
    expect(row).to_contain_text("巡104")

    expect(officer.locator("#check")).to_be_visible(timeout=SOON)
    officer.screenshot(path=screenshots / "phone-post-check.png")
    officer.locator("#check").tap()
    expect(officer.locator("#check")).to_be_hidden()
    expect(row).to_contain_text("已通报", timeout=SOON)
    row.focus()
    watch.keyboard.press("Enter")
    expect(watch.locator("#checks .shift-lines").first).to_contain_text("已应答")

    officer.locator("#beside [data-step=break]").tap()
    expect(officer.locator("#main")).to_contain_text("前归队", timeout=SOON)
    watch.keyboard.press("Alt+2")
    expect(watch.locator("#on_duty tbody tr", has_text="C104")).to_contain_text("休整", timeout=SOON)
    watch.keyboard.press("Alt+1")
    expect(watch.locator("#roster .week-chip", has_text="缺1人").first).to_be_visible(timeout=SOON)
    watch.screenshot(path=screenshots / "shift-roster.png")
    watch.keyboard.press("Alt+7")
    watch.keyboard.press("F2")
    watch.fill("#qualifications input[name=badge]", "0117")
    watch.select_option("#qualifications select[name=skill]", "english")
    watch.fill("#qualifications input[name=certificate]", "ZZ-2026-017")
    watch.fill("#qualifications input[name=expires_at]", "2030-01-01T08:00")
    watch.keyboard.press("Control+Enter")
    expect(watch.locator("#qualifications tbody tr", has_text="ZZ-2026-017")).to_contain_text("有效", timeout=SOON)
    watch.screenshot(path=screenshots / "shift-qualifications.png")


def test_a_seat_is_handed_over_and_a_duty_level_stands_on_every_surface(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    giver = desk_stack.sign_in("jiejing3", seat="J05")
    facts = {"type_reported": "0402", "address_text": "元光路3号", "point": POINT}
    body: dict[str, Any] = {"channel": "CH11", "kind": "CK01", "caller_number": "19000000102", "incident": facts}
    giver.post("/api/calls/", body)
    giver.post("/api/hand-overs/", {"remark": "夜班平稳"})

    door = page_as("", "/login/", CONSOLE, on=desk_stack)
    door.fill("input[name=username]", "jiejing2")
    door.fill("input[name=password]", "zz110-demo")
    door.fill("input[name=seat]", "P11")
    door.keyboard.press("Enter")
    expect(door.locator("#door-error")).to_contain_text("您的角色不能上P11席")
    door.fill("input[name=seat]", "J05")
    door.keyboard.press("Enter")
    expect(door.locator("#door-error")).to_contain_text("在席", timeout=SOON)
    door.locator("#door-relieve").click()
    door.wait_for_url("**/shift/#hand_overs")  # what waits for the successor comes first
    line = door.locator("#hand_overs tbody tr", has_text="J05").first
    expect(line).to_contain_text("待接")
    line.focus()
    door.keyboard.press("Enter")
    expect(door.locator("#hand_overs .shift-lines")).to_contain_text("元光路3号")
    door.screenshot(path=screenshots / "shift-hand-over.png")
    door.keyboard.press("Control+Enter")
    expect(line).to_contain_text("已接班")

    console = page_as("paijing1", "/console/", CONSOLE, on=desk_stack, seat="P11")
    board = page_as("juzhang", "/dashboard/", CONSOLE, on=desk_stack)
    expect(console.locator("#strip [data-part=who]")).to_contain_text("P11", timeout=SOON)
    watch = page_as("zhihui", "/shift/#level", CONSOLE, on=desk_stack, seat="Z01")
    expect(watch.locator("#level .panel")).to_contain_text("调整勤务等级", timeout=SOON)
    watch.keyboard.press("F2")
    watch.select_option("#level select[name=level]", "2")
    watch.fill("#level input[name=reason]", "台风防御")
    watch.keyboard.press("Control+Enter")
    for page, place in ((watch, "#duty-banner"), (console, "#strip [data-part=duty]"), (board, "#duty")):
        expect(page.locator(place)).to_contain_text("二级勤务 · 台风防御", timeout=SOON)
    console.screenshot(path=screenshots / "console-duty-level.png")
    watch.screenshot(path=screenshots / "shift-duty-level.png")
    for theme in ("night", "day"):
        watch.evaluate("name => { document.documentElement.dataset.theme = name }", theme)
        for section in range(1, 7):
            watch.keyboard.press(f"Alt+{section}")
            watch.wait_for_timeout(250)
            watch.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
            found = watch.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
            assert found == []
    desk_stack.sign_in("zhihui").post("/api/duty-level/", {"level": 3, "reason": "解除"})
    expect(console.locator("#strip [data-part=duty]")).to_be_hidden(timeout=SOON)
