"""A card by keyboard on the catch-up page, typed at five keys a second (target: 40 s a card; F24)."""

from __future__ import annotations

import datetime as dt
import os
import time

from playwright.sync_api import Page, expect, sync_playwright

from tests.bench.figures import emit
from tests.e2e.conftest import FLAGS, cookies_of, find_browser
from tests.e2e.paper import Typist, type_card
from tests.stack.stack import Stack

KEYS_A_SECOND = 5
CARDS = 5


def run(stack: Stack, seconds: float) -> None:
    """Type five cards, two in a quick run; nothing is printed where there is no browser."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    began = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    prepare(stack, began)
    with sync_playwright() as driver:
        program = find_browser(driver)
        if program is None:
            return
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(base_url=stack.base_url, locale="zh-CN", timezone_id="Asia/Shanghai")
        context.add_cookies(cookies_of(stack, "jiejing1", "J07"))  # type: ignore[arg-type]
        page = context.new_page()
        page.goto("/catchup/")
        expect(page.locator("input[name=number]")).not_to_have_value("", timeout=30_000)
        measured = [card(page, began + dt.timedelta(minutes=10 + n)) for n in range(CARDS if seconds >= 20 else 2)]
        browser.close()
    keys = sorted(count for _spent, count in measured)[len(measured) // 2]
    emit(
        "paper_card",
        [spent * 1000 for spent, _keys in measured],
        keystrokes=keys,
        keys_per_s=KEYS_A_SECOND,
        target="≤ 40 s",
    )


def prepare(stack: Stack, began: dt.datetime) -> None:
    """Give out serials that were printed yesterday, and open catch-up."""
    commander = stack.sign_in("zhihui", seat="Z01")
    commander.post("/api/number-blocks/", {"purpose": "paper", "size": 20})
    stack.sql("UPDATE incidents_numberblock SET created_at = now() - interval '1 day' RETURNING id")
    body = {"began_at": began.isoformat(), "over_at": dt.datetime.now(dt.UTC).isoformat(), "reason": "机房断电"}
    commander.post("/api/catch-up/", body)


def card(page: Page, answered: dt.datetime) -> tuple[float, int]:
    """Type one card; returns the seconds until it is entered, and the keys."""
    typist = Typist(page, pause_ms=1000 / KEYS_A_SECOND)
    began = time.perf_counter()
    type_card(typist, answered, "C101")
    return time.perf_counter() - began, typist.keys
