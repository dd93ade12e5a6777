"""The community grid in the browser: a dispute goes to the grid by one key, the worker settles it on the phone, without
network too; it breaks out again; a hazard comes in; the partner team sees four facts (M34, M37, M38, M48)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, PageAs
from tests.e2e.test_followup import told_call
from tests.stack.stack import Stack

DESK = (1920, 1080)
AXE = Path("node_modules/axe-core/axe.min.js")
SOON = 20_000


def axe(page: Page) -> Any:
    """Return what axe finds wrong on a page."""
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    return page.evaluate("axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")


def picture() -> Any:
    """A photo as a camera delivers it."""
    data = io.BytesIO()
    Image.new("RGB", (640, 480), "#7a5a3a").save(data, "JPEG")
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": data.getvalue()}


def shot(page: Page, folder: Path, name: str) -> None:
    """Take the page in both themes."""
    for theme in ("night", "day"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.screenshot(path=folder / f"{name}-{theme}.png")
    page.evaluate("document.documentElement.dataset.theme = 'night'")


def handled(stack: Stack, incident: int) -> None:
    """The street is done with a dispute: the moment alone, for the rule that proposes."""
    stack.sql("UPDATE incidents_incident SET handled_at = now() WHERE id = %s RETURNING id", [incident])


def test_a_dispute_goes_to_the_grid_is_settled_and_breaks_out_again_and_a_partner_sees_four_facts(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    dispute = {
        "type_reported": "0402",
        "priority": 3,
        "narrative": "楼上漏水，两户争吵",
        "contact_phone": "19000000409",
    }
    incident = told_call(desk_stack, **dispute)["call"]["incident"]
    handled(desk_stack, incident)
    place = {"geolocation": {"latitude": 24.5110, "longitude": 117.6545}, "permissions": ["geolocation"]}
    worker = page_as("wangge1", "/grid/", PHONE, on=desk_stack, is_mobile=True, has_touch=True, **place)
    expect(worker.locator("#link")).to_have_attribute("data-state", "live", timeout=SOON)
    expect(worker.locator("[data-group=open] .empty")).to_be_visible()

    desk = page_as("paijing1", "/console/", DESK, on=desk_stack, seat="P11")
    row = desk.locator(f"#row-{incident}")
    expect(row).to_be_visible(timeout=SOON)
    row.focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("tab", name="案情").click()
    expect(desk.locator(".proposal")).to_contain_text("转网格调解", timeout=SOON)
    desk.keyboard.press("Alt+d")
    expect(desk.locator(".community [data-task]")).to_contain_text("待办", timeout=SOON)

    card = worker.locator("[data-group=open] [data-task]")
    expect(card).to_contain_text("排查化解矛盾纠纷", timeout=SOON)
    card.locator("summary").first.click()
    shot(worker, screenshots, "grid-task")
    assert axe(worker) == []
    card.get_by_role("button", name="开始办理").click()
    expect(worker.locator("[data-group=open] [data-task][data-state=doing]")).to_be_visible(timeout=SOON)
    expect(desk.locator(".community [data-task]")).to_contain_text("办理中", timeout=SOON)

    worker.wait_for_function("navigator.serviceWorker.ready.then(() => caches.match('/grid/')).then(Boolean)")
    worker.context.set_offline(True)
    form = card.locator("[data-form=finish]")
    form.locator("input[type=file]").set_input_files(picture())
    expect(form.locator(".photo-count")).to_contain_text("1")
    form.locator("textarea").fill("双方签了调解协议")
    form.get_by_role("button", name="办结").click()
    expect(worker.locator("#link")).to_have_attribute("data-state", "offline")
    expect(worker.locator("#line")).to_contain_text("2")
    shot(worker, screenshots, "grid-offline")
    worker.reload()  # the page opens without network, with what was read last and what waits
    expect(worker.locator("#line")).to_contain_text("2", timeout=SOON)
    expect(worker.locator("[data-group=open] [data-task][data-state=doing]")).to_be_visible(timeout=SOON)
    worker.context.set_offline(False)
    settled = worker.locator("[data-group=recheck] [data-task]")
    expect(settled).to_be_visible(timeout=40_000)
    expect(worker.locator("#line")).to_have_text("")
    settled.locator("summary").first.click()
    expect(settled.locator(".pictures img")).to_have_count(1)

    told_call(desk_stack, **{**dispute, "narrative": "又吵起来了"})
    again = worker.locator("[data-group=open] [data-task]")
    expect(again).to_contain_text("再次发生", timeout=SOON)
    expect(desk.locator(".community [data-task]")).to_contain_text("再次发生", timeout=SOON)

    worker.keyboard.press("Alt+2")
    report = worker.locator("[data-form=report]")
    report.locator("textarea").fill("楼道堆满杂物，堵住出口")
    report.locator("input[type=text]").fill("延安路18号二楼")
    shot(worker, screenshots, "grid-report")
    report.get_by_role("button", name="发送").click()
    expect(worker.locator("[data-report]")).to_contain_text("待受理", timeout=SOON)

    station = page_as("suo404", "/grid/", DESK, on=desk_stack)
    expect(station.locator("#link")).to_have_attribute("data-state", "live", timeout=SOON)
    station.keyboard.press("Alt+2")
    hazard = station.locator("[data-report]").filter(has_text="堵住出口")
    expect(hazard).to_be_visible(timeout=SOON)
    hazard.locator("summary").first.click()
    hazard.locator("[data-form=settle]").get_by_role("button", name="办结").click()
    expect(hazard).to_contain_text("写入地点备注", timeout=SOON)
    expect(worker.locator("[data-report]")).to_contain_text("写入地点备注", timeout=SOON)
    station.locator("#tab-figures").click()
    expect(station.locator(".figures table").first).to_contain_text("排查化解矛盾纠纷", timeout=SOON)
    shot(station, screenshots, "grid-figures")
    station.keyboard.press("Alt+1")
    shot(station, screenshots, "grid-station")
    assert axe(station) == []

    chase = {"type_reported": "010401", "priority": 2, "narrative": "飞车抢夺金项链", "vehicle_plate": "闽E0X99T"}
    robbery = told_call(desk_stack, **chase)["call"]["incident"]
    partner = page_as("liandong1", "/grid/", PHONE, on=desk_stack, is_mobile=True, has_touch=True, **place)
    expect(partner.locator(".team")).to_have_text("T801 闽南护街队", timeout=SOON)
    commander = desk_stack.sign_in("zhihui")
    teams = commander.get("/api/partner-teams/")["partner_teams"]
    team = next(one["id"] for one in teams if one["call_sign"] == "T801")
    asked = {"team": team, "reason": "蹲守", "brief": "黑色摩托，尾号9T"}
    attached = commander.post(f"/api/incidents/{robbery}/partners/", asked)["attachment"]
    seen = partner.locator(f"[data-incident='{robbery}']")
    expect(seen).to_contain_text("闽E0X99T", timeout=SOON)
    expect(seen).to_contain_text("黑色摩托，尾号9T")
    assert "金项链" not in partner.content()
    assert "19000000" not in partner.locator("main").inner_text()
    night = {"name": "古城夜查", "purpose": "清查出租房", "meeting_place": "中山公园", "teams": [team]}
    commander.post("/api/operations/", night)
    partner.locator("#tab-partner").click()
    expect(partner.locator("[data-operation]")).to_contain_text("古城夜查", timeout=40_000)
    partner.locator("[data-operation] input").fill("8")
    partner.locator("[data-operation]").get_by_role("button", name="签到").click()
    expect(partner.locator("[data-operation]")).to_contain_text("● ", timeout=SOON)
    shot(partner, screenshots, "grid-partner")
    assert axe(partner) == []
    chief = page_as("zhihui", "/grid/#operations", DESK, on=desk_stack)
    operation = chief.locator("[data-operation]")
    expect(operation).to_contain_text("到位1/1", timeout=SOON)
    operation.locator("summary").first.click()
    expect(operation.locator("table")).to_contain_text("终端定位")
    shot(chief, screenshots, "grid-operation")
    assert axe(chief) == []
    the_commander_keeps_the_register(chief, desk_stack, screenshots)
    commander.post(f"/api/attachments/{attached['id']}/end/", {"reason": "任务结束"})
    expect(seen).to_have_count(0, timeout=SOON)


def the_commander_keeps_the_register(chief: Page, stack: Stack, screenshots: Path) -> None:
    """A grid gets another officer after a wrong badge was refused at its field; a team is entered and taken off."""
    chief.locator("#tab-register").click()
    chief.locator("[data-new=post] summary").click()
    appoint = chief.locator("[data-form=appoint]")
    posts = stack.sign_in("zhihui2", seat="Z02").get("/api/grid/posts/")["grid_posts"]
    mine = next(one for one in posts if one["worker_no"])
    appoint.locator("select").select_option(mine["grid_code"])
    worker, officer, phone = (appoint.locator("input").nth(at) for at in range(3))
    expect(worker).to_have_value(mine["worker_no"])
    officer.fill("999999")
    phone.fill("19000000777")
    officer.press("Enter")
    expect(appoint.locator(".field-fault:visible")).to_contain_text("警号", timeout=SOON)
    expect(officer).to_be_focused()
    shot(chief, screenshots, "grid-register")
    assert axe(chief) == []
    officer.fill(mine["officer_no"])
    officer.press("Enter")
    expect(appoint).to_be_hidden(timeout=SOON)
    assert stack.value("SELECT count(*) FROM incidents_gridpost WHERE worker_phone = '19000000777'") == 1

    chief.locator("[data-new=team] summary").click()
    form = chief.locator("[data-new=team] [data-form=team]")
    for at, said in enumerate(("江滨义警队", "T809", "陈某", "19000000778")):
        form.locator("input").nth(at).fill(said)
    form.locator("button[type=submit]").click()
    card = chief.locator("[data-team]").filter(has_text="江滨义警队")
    expect(card).to_be_visible(timeout=SOON)
    card.locator("summary").first.click()
    card.locator("[data-form=people] input").fill("999999")
    card.locator("[data-form=people] button").click()
    expect(card.locator("[data-form=people] .field-fault:visible")).to_be_visible(timeout=SOON)
    shot(chief, screenshots, "grid-teams")
    card.locator(".danger").click()
    card.locator(".danger").click()
    expect(card).to_have_count(0, timeout=SOON)
