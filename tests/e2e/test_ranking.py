"""A dispatcher reads the ranking with its reasons, looks at the coverage that a choice leaves, sends the second with a
reason code and closes a road, by keyboard only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import LATER, SOON, City, PageAs, Row, city_at_work, row_of, sit_down, tab_to
from tests.stack.stack import Stack

pytestmark = pytest.mark.browser
PLACE = "延安路与新华路口"


@pytest.fixture
def city(story_stack: Stack) -> Iterator[City]:
    """Three cars at different distances; the demo city's road network is loaded by the seed."""
    with city_at_work(story_stack) as found:
        for call_sign, spot in {
            "C101": (24.5112, 117.6570),
            "C102": (24.5140, 117.6655),
            "C103": (24.5087, 117.6760),
        }.items():
            found.on_duty(call_sign, spot)
        found.stand()
        yield found


def test_a_dispatcher_sends_the_second_of_the_ranking_and_says_why(
    city: City, page_as: PageAs, screenshots: Path
) -> None:
    desk = sit_down(page_as, city, "paijing1", "P11")
    incident = city.incident(PLACE, (24.5112, 117.6560), "0402", narrative="两家商户争吵")
    expect(row_of(desk, "pending", PLACE)).to_be_visible(timeout=LATER)
    city.stand()
    row_of(desk, "pending", PLACE).focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("F8")
    shown = desk.locator(".candidates .candidate")
    expect(shown).to_have_count(3, timeout=LATER)
    expect(shown.nth(0)).to_contain_text("C101")
    expect(shown.nth(1)).to_contain_text("C102")
    expect(shown.nth(0).locator(".candidate-chance")).to_contain_text("5分")
    expect(shown.nth(0).locator(".candidate-chance")).to_contain_text("10分")
    expect(shown.nth(0).locator(".candidate-why")).to_contain_text("首选")
    candidates = city.desk.get(f"/api/incidents/{incident}/candidates/")
    assert candidates["basis"] == "road"
    expect(desk.locator(".basis")).to_contain_text("道路时间")
    expect(shown.nth(0).locator(".candidate-left")).to_contain_text("派后5分覆盖")
    expect(desk.locator(".excluded summary")).to_be_visible()

    expect(desk.locator(".candidates")).to_be_focused(timeout=SOON)
    look_at_what_it_leaves(desk, city, screenshots)
    desk.keyboard.press("2")
    asked = desk.locator(".candidate-override")
    expect(asked).to_contain_text("未用首选", timeout=SOON)
    desk.keyboard.press("4")
    order = city.stack.wait_until(lambda: city.orders(incident).get("C102"), "the order of C102", within=LATER / 1000)
    assert order["recommended"] == "C101"
    assert order["override_reason"].startswith("OV")
    assert order["rank_basis"]["rank"] == 2
    assert order["rank_basis"]["record"] > 0
    assert order["rank_basis"]["basis"] == "road"
    the_road_is_drawn_while_it_drives(desk, order, city, screenshots)


def the_road_is_drawn_while_it_drives(desk: Page, order: Row, city: City, screenshots: Path) -> None:
    """The order's road with its arrival comes to the map; coverage is switched on beside it by its key."""
    for move in ("deliver", "accept", "depart"):
        city.leads["C102"].post(f"/api/assignments/{order['id']}/{move}/")
    with desk.expect_response(lambda answer: "/api/routes/" in answer.url, timeout=SOON) as heard:
        city.stand()
    assert heard.value.ok
    [route] = city.desk.get("/api/routes/")["routes"]
    assert (route["assignment"], route["basis"]) == (order["id"], "road")
    assert len(route["line"]) > 2
    desk.keyboard.press("Alt+c")
    expect(desk.locator(".map-legend")).to_contain_text("5分钟内可到：需求的", timeout=SOON)
    desk.screenshot(path=str(screenshots / "coverage.png"))
    desk.keyboard.press("Alt+c")
    expect(desk.locator(".map-legend")).to_be_hidden(timeout=SOON)


def look_at_what_it_leaves(desk: Page, city: City, screenshots: Path) -> None:
    """The arrow keys go over the candidates; the map shows the coverage after sending the one under the cursor (K19)."""
    legend = desk.locator(".map-legend")
    for key, call_sign in (("Home", "C101"), ("ArrowDown", "C102")):
        desk.keyboard.press(key)
        expect(legend).to_contain_text(f"派出 {call_sign} 后", timeout=LATER)
        share = figures(city, call_sign)
        expect(legend).to_contain_text(re.compile(rf"5分：[\d.]+ % → {share:.1f} %"), timeout=SOON)
    expect(legend).to_contain_text("可派 n=3")
    desk.screenshot(path=str(screenshots / "coverage-preview.png"))


def figures(city: City, call_sign: str) -> float:
    """Return the 5-minute coverage in per cent after sending a unit."""
    unit = city.units[call_sign]["id"]
    return float(city.desk.get("/api/coverage/", minutes="5", without=str(unit))["minutes"][0]["share"]) * 100


def test_a_dispatcher_closes_roads_on_the_map_and_opens_them_again(
    city: City, page_as: PageAs, screenshots: Path
) -> None:
    """The closed roads count from the next ranking on, and no longer once they are open (RF4)."""
    desk = sit_down(page_as, city, "paijing1", "P11")
    incident = city.incident(PLACE, (24.5112, 117.6560), "0402", narrative="水管爆裂，道路塌陷")
    row_of(desk, "pending", PLACE).click()
    city.stand()
    before = city.desk.get(f"/api/incidents/{incident}/candidates/")["candidates"][0]
    assert before["basis"] == "road"
    draw_a_square(desk)
    form = desk.locator(".closure-form")
    expect(form.locator("input[name=reason]")).to_be_focused(timeout=SOON)
    desk.keyboard.type("路面塌陷")
    tab_to(desk, ".closure-form input[name=end]")
    desk.keyboard.type("+90")
    tab_to(desk, ".closure-form input[type=radio]")
    desk.keyboard.press("ArrowRight")
    desk.screenshot(path=str(screenshots / "closure-form.png"))
    tab_to(desk, ".closure-form input[name=reason]", back=True)
    desk.keyboard.press("Enter")
    listed = desk.locator(".closure-list li").filter(has_text="路面塌陷")
    expect(listed).to_be_visible(timeout=SOON)
    [closure] = city.desk.get("/api/closures/")["closures"]
    assert (closure["shape"]["kind"], closure["reason"]) == ("polygon", "路面塌陷")
    assert closure["ends_at"] is not None
    city.stand()
    during = city.desk.get(f"/api/incidents/{incident}/candidates/")["candidates"][0]
    assert (during["basis"], during["seconds"]) != ("road", before["seconds"])
    desk.screenshot(path=str(screenshots / "closure.png"))
    tab_to(desk, ".closure-list button")
    desk.keyboard.press("Enter")
    expect(listed).to_have_count(0, timeout=SOON)
    assert city.desk.get("/api/closures/")["closures"] == []
    after = city.desk.get(f"/api/incidents/{incident}/candidates/")["candidates"][0]
    assert (after["basis"], after["seconds"]) == ("road", before["seconds"])


def draw_a_square(desk: Page) -> None:
    """Put the corners of a square around the middle of the map by crosshair, then end the drawing."""
    desk.keyboard.press("Alt+x")
    expect(desk.locator(".zz-pick-hint")).to_contain_text("画封路", timeout=SOON)
    for keys in (
        ("ArrowUp", "ArrowLeft"),
        ("ArrowRight", "ArrowRight"),
        ("ArrowDown", "ArrowDown"),
        ("ArrowLeft", "ArrowLeft"),
    ):
        for key in keys:
            desk.keyboard.press(f"Shift+{key}")
        desk.keyboard.press("Enter")
    expect(desk.locator(".zz-pick-hint")).to_contain_text("已画 4 点")
    desk.keyboard.press("Space")
