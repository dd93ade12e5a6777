"""The craft of the console: what an input method composes does nothing, twelve tasks by keyboard with their keys counted,
and the windows of a seat in step, also when it locks or one of them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.acts import FULL_HD, LATER, SOON, City, PageAs, city_at_work
from tests.e2e.desk_tasks import Seat, all_tasks
from tests.stack.stack import Stack

pytestmark = pytest.mark.browser
FIELDS = "input[type=text]:visible, textarea:visible"
TRAPS = [("Enter", 13), (" ", 32), ("1", 49), ("9", 57), ("F2", 113), ("F3", 114), ("F7", 118), ("F9", 120), (";", 186)]
TICKETS = ("/api/ticket/", "/api/hints/")


@pytest.fixture
def city(story_stack: Stack) -> Iterator[City]:
    """Three units on the street around the grocery and the park."""
    with city_at_work(story_stack) as found:
        for call_sign, spot in {
            "C101": (24.5140, 117.6655), "C102": (24.5195, 117.6640), "C107": (24.5140, 117.6920),
        }.items():  # fmt: skip
            found.on_duty(call_sign, spot)
        found.stand()
        yield found


def console(page_as: PageAs, city: City, username: str = "zhihui", seat: str = "Z01", path: str = "/console/") -> Page:
    """Open the console and wait until its board stands."""
    page = page_as(username, path, FULL_HD, on=city.stack, seat=seat)
    expect(page.locator("#strip [data-part=state]")).to_contain_text("实时", timeout=LATER)
    return page


def test_the_tasks_of_a_seat_need_no_mouse_and_few_keys(city: City, page_as: PageAs) -> None:
    page = console(page_as, city)
    done = all_tasks(Seat(page, city))
    assert [(one.name, one.keys) for one in done if one.keys > one.at_most] == []
    assert {one.name for one in done} >= {
        *("take_call", "place", "type", "order", "second_unit", "withdraw", "accept_by_radio", "arrive_by_radio"),
        *("note", "priority", "merge", "transfer", "acknowledge_alarm", "attach_duplicate", "nuisance"),
    }
    typed_ahead(page, city)


def typed_ahead(page: Page, city: City) -> None:
    """What is typed in the same instant as F3 stands in the form, and takes the hits that had not come yet."""
    city.ring("19000000205")
    expect(page.locator(".calls .call-line").filter(has_text="190 0000 0205")).to_be_visible(timeout=SOON)
    page.keyboard.press("F3")
    page.keyboard.type("hmzhd")
    page.keyboard.press("Enter")
    page.keyboard.type("010403")
    page.keyboard.press("Enter")
    page.keyboard.type("two men")
    expect(page.locator("textarea[name=narrative]")).to_have_value("two men", timeout=SOON)
    expect(page.locator("input[name=address_text]")).to_have_value("惠民杂货店")
    expect(page.locator("input[name=type_reported]")).to_have_value("店铺抢夺")
    page.keyboard.press("F7")
    page.keyboard.press("4")


def test_what_an_input_method_composes_submits_nothing_and_is_no_shortcut(city: City, page_as: PageAs) -> None:
    city.incident("新华路", (24.5112, 117.6540), "020101")
    page = console(page_as, city)
    page.keyboard.press("F8")
    page.keyboard.press("Alt+4")
    page.keyboard.press("F2")
    expect(page.locator("input[name=address_text]")).to_be_focused(timeout=SOON)
    page.keyboard.press("Alt+p")
    expect(page.locator("form.inline-form")).to_be_visible(timeout=SOON)
    page.locator("input[name=place_note]").focus()
    page.keyboard.type("3F")
    expect(page.locator(".intake-saved")).to_have_text("已保存", timeout=SOON)
    writes: list[str] = []
    page.on(
        "request", lambda one: writes.append(f"{one.url} {one.post_data}") if one.method in ("POST", "PATCH") else None
    )
    page.wait_for_timeout(1200)  # what the form itself had to save is saved
    writes.clear()
    shown = page.locator(".intake-form, form.inline-form").count()
    fields = page.locator(FIELDS)
    assert fields.count() >= 10
    for at in range(fields.count()):
        composing(page, fields.nth(at))
    assert page.locator(".intake-form, form.inline-form").count() == shown
    assert [url for url in writes if not any(ticket in url for ticket in TICKETS)] == []
    full_width(page)
    page.locator("input[name=place_note]").focus()
    page.keyboard.press("F7")
    page.keyboard.press("4")
    expect(page.locator(".intake-form")).to_be_hidden(timeout=SOON)


def composing(page: Page, field: Any) -> None:
    """Let an input method compose in a field while every trap is pressed, then give the composition up."""
    field.focus()
    before = field.input_value()
    cdp = page.context.new_cdp_session(page)
    for key, code in TRAPS:
        cdp.send("Input.imeSetComposition", {"text": "zhong", "selectionStart": 5, "selectionEnd": 5})
        for number in (229, code):
            event = {"key": "Process" if number == 229 else key, "code": key, "windowsVirtualKeyCode": number}
            cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **event})
            cdp.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
        assert field.evaluate("node => node === document.activeElement"), f"{key} took the focus"
    cdp.send("Input.imeSetComposition", {"text": "", "selectionStart": 0, "selectionEnd": 0})
    cdp.detach()
    assert field.input_value() == before


def full_width(page: Page) -> None:
    """Full-width characters and Chinese punctuation mean what the half-width ones mean."""
    page.keyboard.press("F1")
    page.keyboard.insert_text("注　＃１；两人，已离开。")
    expect(page.locator("#meaning")).to_contain_text("两人，已离开。", timeout=SOON)
    page.keyboard.press("Escape")


def sockets(stack: Stack) -> float:
    """Return how many sockets the web process holds."""
    text = httpx.get(f"{stack.base_url}/metrics", trust_env=False, timeout=10).text
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith("cad_ws_connections{"))


def test_four_windows_of_a_seat_are_one_connection_and_stay_in_step(city: City, page_as: PageAs) -> None:
    first = city.incident("新华路", (24.5112, 117.6540), "020101")
    second = city.incident("延安路", (24.5120, 117.6560), "020101")
    before = sockets(city.stack)
    queue = console(page_as, city, path="/console/?panel=queue")
    windows = {"queue": queue}
    for name in ("incident", "units", "messages"):
        windows[name] = queue.context.new_page()
        windows[name].goto(f"/console/?panel={name}")
        expect(windows[name].locator("#strip [data-part=state]")).to_contain_text("实时", timeout=LATER)
    assert sockets(city.stack) == before + 1
    linked(windows, first, second)
    in_step(windows, city, first)
    locked_together(windows)
    lost = windows["incident"]
    lost.close()
    again = queue.context.new_page()
    again.goto("/console/?panel=incident")
    expect(again.locator("#strip [data-part=state]")).to_contain_text("实时", timeout=SOON)
    assert sockets(city.stack) == before + 1


def linked(windows: dict[str, Page], first: int, second: int) -> None:
    """The selection is linked, and a window may hold its own."""
    card = windows["incident"].locator(".card-place")
    windows["queue"].locator(f"#row-{first}").click()
    expect(card).to_have_text("新华路", timeout=SOON)
    windows["incident"].locator("#selection-lock").click()
    windows["queue"].locator(f"#row-{second}").click()
    windows["queue"].wait_for_timeout(300)
    expect(card).to_have_text("新华路")
    windows["incident"].locator("#selection-lock").click()


def in_step(windows: dict[str, Page], city: City, incident: int) -> None:
    """All windows stand at the same number; rows stay where they are while the pointer is among them."""
    city.desk.post(f"/api/incidents/{incident}/note/", {"text": "在步"})
    head = str(city.stack.head())
    for page in windows.values():
        expect(page.locator("#strip [data-part=state]")).to_have_attribute("data-seq", head, timeout=SOON)


def locked_together(windows: dict[str, Page]) -> None:
    """One window locks, all are covered; the server refuses a write; the password opens all of them."""
    queue = windows["queue"]
    queue.keyboard.press("Alt+l")
    for page in windows.values():
        expect(page.locator("body")).to_have_attribute("data-locked", "yes", timeout=SOON)
    status = queue.evaluate(
        """() => fetch("/api/codes/", {method: "GET"}).then(() => fetch("/api/incidents/1/note/", {method: "POST",
        headers: {"X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
        "Idempotency-Key": crypto.randomUUID(), "Content-Type": "application/json"}, body: '{"text":"x"}'}))
        .then((answer) => answer.status)"""
    )
    assert status == 423
    expect(queue.locator("#lock input").first).to_be_focused()
    queue.keyboard.type("zz110-demo")
    queue.keyboard.press("Enter")
    for page in windows.values():
        expect(page.locator("body")).not_to_have_attribute("data-locked", "yes", timeout=SOON)
