"""How long the tasks of a seat take by keyboard: a scripted typist at five keys a second (Hanzi at 2.6 keys), on a real
page, with the keys counted (a call ≤ 25 s; docs/console.md lists the tasks); and how soon a closed window is back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.bench.figures import line
from tests.bench.map_frames import browser_path
from tests.e2e.acts import FULL_HD, LATER, city_at_work
from tests.e2e.desk_tasks import KEY_S, KEYS_PER_HANZI, Seat, all_tasks
from tests.stack.stack import Stack

SPOTS = {"C101": (24.5140, 117.6655), "C102": (24.5195, 117.6640), "C107": (24.5140, 117.6920)}
SECONDS = {"take_call": 25, "order": 2}


@contextmanager
def console(stack: Stack) -> Iterator[tuple[Browser, Page]]:
    """Open the console of the watch commander in a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--disable-background-networking"])
        context = browser.new_context(
            base_url=stack.base_url, viewport={"width": FULL_HD[0], "height": FULL_HD[1]}, locale="zh-CN"
        )
        session = stack.sign_in("zhihui", seat="Z01")
        context.add_cookies(
            [
                {"name": cookie.name, "value": cookie.value or "", "url": stack.base_url}
                for cookie in session.client.cookies.jar
            ]
        )
        page = context.new_page()
        page.goto("/console/")
        yield browser, page
        browser.close()


def window_back(page: Page) -> float:
    """Return the milliseconds until a window that was lost shows live units again."""
    lost = page.context.new_page()
    lost.goto("/console/?panel=units")
    expect(lost.locator(".unit").first).to_be_visible(timeout=LATER)
    lost.close()
    began = time.monotonic()
    again = page.context.new_page()
    again.goto("/console/?panel=units")
    again.locator(".unit").first.wait_for(state="visible", timeout=LATER)
    passed = (time.monotonic() - began) * 1000
    again.close()
    return passed


def run(stack: Stack, seconds: float) -> None:
    """Do every task once at the typist's speed, print a line for each."""
    with city_at_work(stack) as city, console(stack) as (_browser, page):
        for call_sign, spot in SPOTS.items():
            city.on_duty(call_sign, spot)
        city.stand()
        expect(page.locator("#panel-units .unit").first).to_be_visible(timeout=LATER)
        for done in all_tasks(Seat(page, city, KEY_S)):
            line(
                "time_on_task",
                task=done.name,
                seconds=round(done.seconds, 1),
                keystrokes=done.keys,
                text_keys=done.letters,
                typist=f"{1 / KEY_S:.0f} keys/s, Hanzi {KEYS_PER_HANZI} keys",
                target=f"≤ {done.at_most} keystrokes beside text"
                + (f", ≤ {SECONDS[done.name]} s" if done.name in SECONDS else ""),
            )
        line("window_back", ms=round(window_back(page)), target="≤ 2,000 ms")
