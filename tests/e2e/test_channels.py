"""Contacts that write: the public page on a phone, and the desk that answers, by keyboard."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, PageAs
from tests.stack.stack import Stack

CONSOLE = (1920, 1080)


def test_somebody_who_cannot_speak_reports_is_answered_in_writing_and_sees_the_patrol_come(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    desk_stack.take_what_waits()
    desk = page_as("jiejing1", "/console/", CONSOLE, on=desk_stack, seat="J07")
    phone = page_as(
        "",
        "/report/",
        PHONE,
        on=desk_stack,
        is_mobile=True,
        has_touch=True,
        geolocation={"latitude": 24.5112, "longitude": 117.6540, "accuracy": 25},
        permissions=["geolocation"],
    )
    expect(phone.locator("h1")).to_have_text("网上报警")
    phone.locator("#form button.send").click()
    expect(phone.locator("#error")).to_contain_text("请写明发生了什么")
    phone.fill("textarea[name=narrative]", "隔壁有人打人，我躲在卫生间，不敢说话")
    phone.locator("#locate").click()
    expect(phone.locator("#place")).to_contain_text("误差约 25 米")
    phone.check("input[name=silent]")
    phone.reload()  # nothing that was typed is lost
    expect(phone.locator("textarea[name=narrative]")).to_have_value("隔壁有人打人，我躲在卫生间，不敢说话")
    expect(phone.locator("#place")).to_contain_text("误差约 25 米")
    expect(phone.locator("input[name=silent]")).to_be_checked()
    phone.screenshot(path=screenshots / "report-form.png", full_page=True)
    phone.locator("#form button.send").click()
    phone.wait_for_url("**/report/*/")
    expect(phone.locator("#steps [aria-current]")).to_contain_text("已收到")

    line = desk.locator(".call-line[data-state=waiting]", has_text="静默文字")
    expect(line).to_have_count(1)
    desk.keyboard.press("F3")
    spot = desk.locator(".place-candidate[data-source=machine]")
    expect(spot).to_contain_text("±25 米")
    expect(spot).to_contain_text("巷口所")
    thread = desk.locator(".thread-box")
    expect(thread).to_contain_text("切勿回拨")
    expect(thread.locator("li")).to_contain_text(["隔壁有人打人"])
    desk.keyboard.press("Alt+t")
    desk.keyboard.type("收到，民警马上到。在几楼？")
    desk.keyboard.press("Enter")
    expect(thread.locator("li[data-direction=out]")).to_contain_text("在几楼？")
    expect(phone.locator("#thread li[data-by='110']")).to_contain_text("在几楼？")
    expect(phone.locator("#steps [aria-current]")).to_contain_text("接警员已接")
    phone.fill("#more textarea", "三楼左边")
    phone.locator("#more button.send").click()
    expect(thread.locator("li").last).to_contain_text("三楼左边")
    desk.screenshot(path=screenshots / "console-thread.png")
    phone.screenshot(path=screenshots / "report-status.png", full_page=True)

    desk.keyboard.press("Alt+g")
    expect(desk.locator(".point-says")).to_contain_text("117.6540, 24.5112")
    # Never a ring: the desk can neither reach for the telephone nor lose the contact.
    desk.keyboard.press("F7")
    desk.keyboard.press("6")
    expect(phone.locator("#ended")).to_be_visible()
    expect(phone.locator("#steps [aria-current]")).to_contain_text("已办结")


def test_a_reporter_points_at_the_map(desk_stack: Stack, page_as: PageAs, screenshots: Path) -> None:
    phone = page_as("", "/report/", PHONE, on=desk_stack, is_mobile=True, has_touch=True)
    phone.locator("#on-map").click()
    box = phone.locator("#map")
    expect(box.locator("canvas").first).to_be_visible()
    phone.screenshot(path=screenshots / "report-map.png", full_page=True)
    box.click(position={"x": 120, "y": 140})
    expect(phone.locator("#place")).to_have_text("已在地图上选定位置")
    expect(box).to_be_hidden()


def test_the_public_page_is_light_and_has_no_accessibility_fault(desk_stack: Stack, page_as: PageAs) -> None:
    phone = page_as("", "/livez", PHONE, on=desk_stack)
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    phone.goto("/report/", wait_until="networkidle")
    assert 5_000 < sum(sizes) <= 150_000, sizes
    phone.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = phone.evaluate("axe.run(document).then(r => r.violations.map(v => v.id))")
    assert found == []


def test_a_flag_is_asked_at_the_desk_and_approved_by_the_watch_commander(desk_stack: Stack, page_as: PageAs) -> None:
    desk_stack.take_what_waits()
    gate = desk_stack.sign_in("jieru")
    ring = {"channel": "CH11", "state": "waiting", "caller_number": "19000000666"}
    gate.post("/api/calls/", ring)
    desk = page_as("jiejing1", "/console/", CONSOLE, on=desk_stack, seat="J07")
    watch = page_as("zhihui", "/console/", CONSOLE, on=desk_stack, seat="Z01")
    expect(desk.locator(".call-line[data-state=waiting]")).to_contain_text("190 0000 0666")
    desk.keyboard.press("F3")
    desk.get_by_role("button", name="标为骚扰").click()
    desk.keyboard.type("今天第31次，只骂人")
    desk.keyboard.press("Enter")
    alert = watch.locator(".alert", has_text="号码标记待批准")
    expect(alert).to_contain_text("19000000666")
    alert.get_by_role("button", name="批准").click()
    expect(alert).to_have_count(0)
    desk.keyboard.press("F7")
    desk.keyboard.press("4")  # nuisance: two keys
    gate.post("/api/calls/", ring)
    again = desk.locator(".call-line[data-state=waiting]")
    expect(again).to_contain_text("骚扰标记")
    desk.keyboard.press("F3")  # it rings and is answered like any other
    expect(desk.locator(".intake-form")).to_be_visible()
    desk.keyboard.press("F7")
    desk.keyboard.press("4")
    expect(again).to_have_count(0)
    expect(desk.locator(".intake-form")).to_be_hidden()
