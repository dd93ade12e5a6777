"""Initials find the place, one key accepts it, and what is known of it stands at the desk and on the street (M36, F1)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, PageAs
from tests.stack.stack import Stack

DAY = dt.timedelta(days=1)
SHOP = {"lat": 24.5112, "lng": 117.6540}


def test_a_call_taker_finds_the_place_by_initials_and_sees_its_hazard_and_its_past(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    told = desk_stack.sign_in("jiejing2", seat="J02")
    now = dt.datetime.now(dt.UTC)
    point = {**SHOP, "crs": "WGS84"}
    before = told.post(
        "/api/calls/",
        {
            "channel": "CH11",
            "kind": "CK01",
            "caller_number": "19000000031",
            "incident": {"type_reported": "0102", "address_text": "锦衣坊服装店", "point": point},
        },
    )["call"]["incident"]
    note = {"kind": "hazard", "text": "店后院有烈性犬", "place_name": "锦衣坊服装店", "radius_m": 60, "point": point}
    times = {"review_at": (now + 10 * DAY).isoformat(), "expires_at": (now + 20 * DAY).isoformat()}
    told.post("/api/premise-notes/", {**note, **times})
    desk = page_as("jiejing1", "/console/", (1920, 1080), on=desk_stack, seat="J01")
    expect(desk.locator("#panel-units .unit").first).to_be_visible()
    desk.keyboard.press("F2")
    place = desk.locator("input[name=address_text]")
    expect(place).to_be_focused()
    desk.keyboard.type("jyffzd", delay=30)
    expect(desk.locator(".pick-list li").first).to_contain_text("锦衣坊服装店")
    desk.keyboard.press("Enter")
    known = desk.locator(".panel-intake .surroundings")
    expect(known).to_contain_text("店后院有烈性犬")
    expect(known.locator(".premise-note")).to_contain_text("▲ 危险")
    expect(known.locator(".past-last")).to_contain_text("尚无结果")
    desk.screenshot(path=screenshots / "console-known.png")
    desk.locator(".panel-intake input[name=type_reported]").fill("0201")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".intake-title")).to_contain_text("#")
    desk.keyboard.press("Alt+0")
    desk.keyboard.press("Alt+2")
    expect(desk.locator("#panel-incident .card > .surroundings")).to_contain_text("店后院有烈性犬")
    desk.keyboard.press("Alt+1")
    card = desk.locator("#panel-incident")
    expect(card.locator(".facts").first).to_contain_text("快反圈")
    expect(card.locator(".page .surroundings")).to_contain_text("店后院有烈性犬")
    desk.screenshot(path=screenshots / "console-known-card.png")
    unit = desk_stack.sql("SELECT id FROM patrol_unit WHERE call_sign = 'C108'")[0]["id"]
    officer = desk_stack.sign_in("c108a")
    officer.post("/api/my-unit/shift/", {"unit": unit, "crew": []})
    dispatcher = desk_stack.sign_in("paijing2", seat="P12")
    phone = page_as("c108a", "/m/", PHONE, on=desk_stack, is_mobile=True, has_touch=True)
    dispatcher.post(f"/api/incidents/{before}/orders/", {"units": [{"unit": unit, "override_reason": "OV1"}]})
    expect(phone.locator("h1.address")).to_have_text("锦衣坊服装店")
    expect(phone.locator(".premise.hazard")).to_contain_text("店后院有烈性犬")
    phone.screenshot(path=screenshots / "phone-known.png", full_page=True)
