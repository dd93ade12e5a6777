"""A dispatcher reads the ranking with its reasons and sends the second with a reason code, by keyboard only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import LATER, SOON, City, PageAs, city_at_work, row_of, sit_down
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
    expect(shown.nth(0).locator(".candidate-chance")).to_contain_text("派后覆盖")
    expect(desk.locator(".excluded summary")).to_be_visible()
    desk.screenshot(path=str(screenshots / "ranking.png"))

    expect(desk.locator(".candidates")).to_be_focused(timeout=SOON)
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
