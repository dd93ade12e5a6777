"""The map in a browser: picking a place by keyboard, choosing what is drawn, themes, a centre without a map."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from incidents import geo
from incidents.demo_city.ground import BOX
from tests.bench.map_frames import Pages, drawn_city

pytestmark = pytest.mark.browser
OpenMap = Callable[[str], Page]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The map's bench page, served without Django."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, drawn=drawn_city()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def open_map(browser: Browser, address: str) -> Iterator[OpenMap]:
    """Return a function that opens the map with a query; a fault of the page fails the test."""
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def open_with(query: str) -> Page:
        page.goto(f"{address}/bench/map_page.html?{query}")
        page.wait_for_function("globalThis.bench?.ready === true")
        return page

    yield open_with
    page.close()
    assert faults == []


def spot_of(page: Page, unit: int) -> dict[str, float]:
    """Return where a unit's mark is on the screen."""
    script = "id => { const u = bench.fleet[id - 1]; return bench.map.leaflet.latLngToContainerPoint([u.lat, u.lng]); }"
    return dict(page.evaluate(script, unit))


def told(page: Page) -> list[Any]:
    return list(page.evaluate("bench.told"))


def test_a_place_is_picked_with_arrow_keys_and_enter(open_map: OpenMap) -> None:
    page = open_map("units=0&incidents=0&zoom=15")
    centre = page.evaluate("bench.map.leaflet.getCenter()")
    page.evaluate("bench.map.pick(true)")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    ((what, point),) = told(page)
    assert what == "pick"
    # Both ways are 60 pixels: five short steps, one long one.
    metres_per_pixel = 156543.03392 * 0.90985 / 2**15
    assert geo.distance_m(centre["lat"], centre["lng"], centre["lat"], point["lng"]) == pytest.approx(
        60 * metres_per_pixel, rel=0.03
    )
    assert point["lat"] > centre["lat"]
    assert BOX.contains(point["lat"], point["lng"])
    assert page.evaluate("bench.map.isPicking()") is False


def test_escape_gives_picking_up_and_enter_of_an_input_method_picks_nothing(open_map: OpenMap) -> None:
    page = open_map("units=0&incidents=0&zoom=15")
    page.evaluate("bench.map.pick(true)")
    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', "
        "{key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert told(page) == []
    page.keyboard.press("Escape")
    assert told(page) == [["pick", None]]


def test_a_click_picks_a_place_and_the_next_one_does_not(open_map: OpenMap) -> None:
    page = open_map("units=0&incidents=0&zoom=15")
    page.evaluate("bench.map.pick(true)")
    page.mouse.click(300, 300)
    page.mouse.click(500, 500)
    assert [what for what, _ in told(page)] == ["pick", "select"]
    assert told(page)[1] == ["select", None]


def test_arrow_keys_move_the_map_and_plus_and_minus_zoom_it(open_map: OpenMap) -> None:
    page = open_map("units=0&incidents=0&zoom=15")
    page.locator(".leaflet-container").focus()
    before = page.evaluate("bench.map.leaflet.getCenter().lng")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => bench.map.leaflet.getCenter().lng > before", arg=before)
    page.keyboard.press("-")
    page.wait_for_function("bench.map.leaflet.getZoom() === 14")


def test_a_click_on_a_mark_chooses_it(open_map: OpenMap) -> None:
    page = open_map("units=1&incidents=0&zoom=15")
    page.evaluate("bench.map.flyTo(bench.fleet[0], 15)")
    page.wait_for_timeout(700)
    page.evaluate("bench.map.drawNow()")
    spot = spot_of(page, 1)
    page.mouse.click(spot["x"], spot["y"])
    assert ["select", {"type": "unit", "id": 1}] in told(page)


def test_what_is_drawn_changes_with_the_theme_and_stays_still_otherwise(open_map: OpenMap) -> None:
    page = open_map("units=0&incidents=0&zoom=15")
    paper = (
        "document.querySelector('canvas.zz-map-sheet').getContext('2d').getImageData(400, 300, 200, 200).data.join()"
    )
    night = page.evaluate(paper)
    assert page.evaluate(paper) == night
    page.evaluate("document.documentElement.dataset.theme = 'day'")
    page.wait_for_function(f"earlier => {paper} !== earlier", arg=night)


def test_a_centre_without_a_map_of_its_own_still_shows_its_units(open_map: OpenMap) -> None:
    page = open_map("units=3&incidents=2&zoom=13&bare")
    inked = (
        "() => { const c = document.querySelectorAll('canvas.zz-map-sheet')[2]; "
        "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((value) => value > 0); }"
    )
    page.wait_for_function(inked)


def test_a_destroyed_map_leaves_nothing_behind(open_map: OpenMap) -> None:
    page = open_map("units=5&incidents=5&zoom=14")
    page.evaluate("bench.map.destroy()")
    assert page.locator("canvas").count() == 0
    assert page.locator("#map *").count() == 0
    page.wait_for_timeout(1200)
