"""The video desk by keyboard: a camera at T−n, a bookmark that reaches the officer's phone with its still, the next camera,
a search that is shared with a branch and widened (story A step 5 and 6, story B step 4 and 5)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, PageAs
from tests.e2e.test_followup import told_call
from tests.e2e.test_fusion import DESK, axe
from tests.stack.stack import Stack

SHOWS = ".video-player[data-state=shows]"


def test_from_the_queue_to_the_picture_to_the_phone_and_through_a_shared_search(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    incident = told_call(desk_stack, type_reported="010403", priority=2, narrative="电动车被抢，两人往南")["call"][
        "incident"
    ]
    unit = desk_stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C111'")[0]["id"]
    desk_stack.sign_in("c111a").post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    dispatcher = desk_stack.sign_in("paijing1", seat="P11")
    dispatcher.post(f"/api/incidents/{incident}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]})
    ask = {"ask": "track", "text": "追踪两人去向", "legal_basis": "刑事诉讼法第一百一十五条"}
    dispatcher.post(f"/api/incidents/{incident}/fusion/", ask)
    phone = page_as("c111a", "/m/", PHONE, on=desk_stack, is_mobile=True, has_touch=True)
    expect(phone.locator("h1.address")).to_have_text("延安路18号")
    phone.locator("#next").click()

    video = page_as("tuzhen2", f"/video/?incident={incident}", DESK, on=desk_stack)
    expect(video.locator("#video-live")).to_have_text("● 实时")
    expect(video.locator("[data-video=context]")).to_contain_text("追踪两人去向")
    cameras = video.locator("[data-video=cameras] tbody tr")
    expect(cameras.first).to_contain_text("米")
    online = cameras.filter(has_text="在线").first
    online.focus()
    video.keyboard.press("Enter")
    expect(video.locator(SHOWS)).to_have_count(1)
    first = video.locator("[data-video=camera-code]").text_content()
    opened = desk_stack.sql("SELECT purpose, by_no, mode FROM incidents_viewing ORDER BY id DESC LIMIT 1")[0]
    assert (opened["purpose"], opened["by_no"], opened["mode"]) == ("追查本警情嫌疑人", "0142", "simulated")

    video.keyboard.press("F9")
    video.keyboard.type("两人，一人戴红帽，往南")
    video.keyboard.press("Enter")
    mark = video.locator("[data-bookmark]").first
    expect(mark).to_contain_text("戴红帽")
    expect(mark.locator("img")).to_have_js_property("naturalWidth", 960)
    mark.locator("[data-push]").click()
    expect(mark).to_contain_text("已推送")
    clue = phone.locator("[data-clue]")
    expect(clue).to_contain_text("两人，一人戴红帽，往南")
    expect(clue.locator("img")).to_have_js_property("naturalWidth", 960)
    phone.screenshot(path=screenshots / "phone-still.png", full_page=True)

    # One that was a mistake is taken back by key; the reason that is being written outlives another mark.
    video.keyboard.press("F9")
    video.keyboard.type("看错了")
    video.keyboard.press("Enter")
    wrong = video.locator("[data-bookmark]").filter(has_text="看错了")
    number = wrong.get_attribute("data-bookmark")
    wrong.locator("summary").press("Enter")
    wrong.locator("[name=reason]").fill("不是本案人员")
    video.keyboard.press("F9")
    video.keyboard.type("第三处")
    video.keyboard.press("Enter")
    expect(video.locator("[data-bookmark]").first).to_contain_text("第三处")
    expect(wrong.locator("[name=reason]")).to_have_value("不是本案人员")
    wrong.locator("[name=reason]").press("Enter")
    taken = video.locator(f"[data-bookmark='{number}']")
    expect(taken).to_contain_text("作废：不是本案人员")
    expect(taken).to_be_focused()

    video.keyboard.press("Alt+5")
    form = video.locator("#video-directive form")
    form.locator("[name=text]").fill("前往新华路口协查，红帽男子")
    form.locator("[name=units]").fill("C111")
    # The first map of a server is drawn while one waits.
    expect(video.locator(".video-map canvas").first).to_be_visible(timeout=60_000)
    video.keyboard.press("F4")  # the point is taken from the map
    expect(video.locator(".video-map .zz-crosshair")).to_be_visible()
    video.keyboard.press("Enter")
    expect(form.locator("[name=point]")).to_be_focused()
    expect(form.locator("[name=point]")).not_to_have_value("")
    video.keyboard.press("Enter")
    expect(video.locator("[data-directive]")).to_contain_text("C111")
    assert len(desk_stack.sql("SELECT id FROM dispatch_assignment WHERE incident_id = %s", [incident])) == 1
    # The desk knows in the same moment, and the unit holds one order as before.
    alerts = "SELECT kind FROM incidents_alert WHERE incident_id = %s AND kind = 'directive_issued'"
    assert len(desk_stack.sql(alerts, [incident])) == 1

    expect(video.locator("[data-next]").first).to_contain_text("秒后")
    video.keyboard.press("F8")
    expect(video.locator("[data-video=camera-code]")).not_to_have_text(first or "")

    video.keyboard.press("Alt+3")
    video.locator("form[aria-label=建立排查范围]").get_by_role("button").click()
    expect(video.locator("[data-video=area-count]")).to_have_text("0/10")
    marks = video.locator("[data-video=areas] tbody tr")
    expect(marks).to_have_count(10)
    marks.first.focus()
    video.keyboard.press("Enter")
    expect(video.locator("[data-video=camera-name]")).to_have_text(marks.first.locator("td").first.inner_text())
    video.keyboard.press("F2")
    video.keyboard.type("两人经过")
    video.keyboard.press("Enter")
    expect(video.locator("[data-video=area-count]")).to_have_text("1/10")
    video.locator("form[aria-label=扩大范围] [name=radius_m]").fill("900")
    video.locator("form[aria-label=扩大范围]").get_by_role("button").click()
    expect(video.locator(".video-area")).to_have_count(2)
    expect(video.locator("[data-video=area-count]")).to_contain_text("1/")
    expect(marks.last).to_contain_text("两人经过")  # what was looked through stays so
    video.locator("form[aria-label=共享给分局]").get_by_role("button").click()
    expect(video.locator(".video-area").last).to_contain_text("芗城分局")
    assert axe(video) == []
    video.screenshot(path=screenshots / "video-night.png")

    branch = page_as("suo404", f"/video/?incident={incident}", DESK, on=desk_stack)
    expect(branch.locator("#video-live")).to_have_text("● 实时")
    branch.keyboard.press("Alt+3")
    expect(branch.locator("#pane-areas")).to_be_visible()
    expect(branch.locator("[data-video=areas] tbody tr").last).to_contain_text("两人经过")
    branch.locator("[data-video=areas] tbody tr").first.focus()
    branch.keyboard.press("Enter")
    expect(branch.locator(SHOWS)).to_have_count(1)
    branch.keyboard.press("F2")
    branch.keyboard.press("Enter")
    expect(video.locator("[data-video=area-count]")).to_contain_text("2/")

    console = page_as("paijing1", "/console/", DESK, on=desk_stack, seat="P11")
    console.locator(f"#row-{incident}").focus()
    console.keyboard.press("Enter")
    console.get_by_role("tab", name="案情").click()
    expect(console.locator(".casework [data-search]")).to_contain_text("已排查2路")
    expect(console.locator(".casework [data-clue] a")).to_have_text("画面")

    desk_stack.sql("UPDATE incidents_camera SET state = 'offline' WHERE gb_code = %s", [first])
    video.keyboard.press("Alt+2")
    video.locator("[data-video=cameras] tbody tr").filter(has_text=mark.inner_text().split()[1]).first.focus()
    video.keyboard.press("Enter")
    expect(video.locator(".player-says")).to_contain_text("该点位目前无画面")
    video.locator("[data-switch-theme]").click()
    video.screenshot(path=screenshots / "video-day.png")
