"""Chromium for the browser stories: found and driven by Playwright, or skipped aloud; with CI=true it must run."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from incidents.demo_city.people import DEMO_PASSWORD
from tests.stack.stack import Stack
from zz110.home import CHECKOUT

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# A test browser asks nobody outside (platform.md).
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
DESK, PHONE = (1600, 900), (390, 844)
PageAs = Callable[..., Page]


@pytest.fixture(scope="session")
def live_server_url(stack: Stack) -> str:
    """The address of the running ZZ110, without a slash at its end."""
    return stack.base_url


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver, for the browser stories only: its loop occupies this thread, and no coroutine of another
    test could run there."""
    # For the same reason Django would refuse its ORM, although no coroutine of ours runs.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        yield driver
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A headless Chromium; without one the test is skipped with a loud line, or fails with CI=true."""
    program = find_browser(playwright)
    if program is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("No Chromium was found, and with CI=true the browser stories must run (make browser).")
        line = "NO BROWSER STORY IS RUN: no Chromium was found. Install one, or set ZZ110_CHROMIUM to its program."
        terminal = request.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.write_line(f"\n######## {line} ########", red=True, bold=True)
        pytest.skip(line)
    started = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield started
    started.close()


def find_browser(playwright: Playwright) -> str | None:
    """Return the program of ZZ110_CHROMIUM, an installed Chromium, or Playwright's own; None when there is none."""
    named = os.environ.get("ZZ110_CHROMIUM")
    if named:
        return named
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    own = playwright.chromium.executable_path
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="package")
def story_stack(stacks_folder: Path) -> Iterator[Stack]:
    """A ZZ110 of its own for the acceptance stories: nobody else's units are nearer, nobody else's incidents more
    urgent, and the screenshots show only what the stories put there. Its folder is a new one each time: a process that
    tests other files between two stories sets it up twice."""
    with Stack(Path(tempfile.mkdtemp(prefix="stories-", dir=stacks_folder)) / "home") as running:
        yield running.start_all()


@pytest.fixture(scope="package")
def desk_stack(stacks_folder: Path) -> Iterator[Stack]:
    """A ZZ110 for the tests of single acts at the desk: what one of them leaves standing disturbs no story."""
    with Stack(Path(tempfile.mkdtemp(prefix="desk-", dir=stacks_folder)) / "home") as running:
        yield running.start_all()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder of the screenshots: ZZ110_SCREENSHOTS, else var/screenshots."""
    folder = Path(os.environ.get("ZZ110_SCREENSHOTS") or CHECKOUT / "var" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page_as(browser: Browser, request: pytest.FixtureRequest) -> Iterator[PageAs]:
    """Return `page_as(username, path="/", viewport=(1600, 900), typed=False, on=stack)`: a page of a signed-in person
    in a browser context of its own. `typed` signs in through the page, else the session's cookie is put in. A script
    error or a breach of the content security policy fails the test at its end."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        username: str,
        path: str = "/",
        viewport: tuple[int, int] = DESK,
        *,
        typed: bool = False,
        on: Stack | None = None,
        seat: str = "",
        **options: Any,
    ) -> Page:
        running = on or request.getfixturevalue("stack")
        width, height = viewport
        context = browser.new_context(
            base_url=running.base_url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        opened.append(context)
        context.on("weberror", lambda error: faults.append(f"{username}: {error.error}"))
        page = context.new_page()
        page.on("console", lambda said: note_breach(faults, username, said.text))
        if typed:
            type_in(page, username)
        elif username:
            context.add_cookies(cookies_of(running, username, seat))  # type: ignore[arg-type]
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not faults, "\n".join(faults)


def note_breach(faults: list[str], username: str, text: str) -> None:
    """Keep what the console says about the content security policy."""
    if "Content Security Policy" in text:
        faults.append(f"{username}: {text}")


def type_in(page: Page, username: str) -> None:
    """Sign in as a person does."""
    page.goto("/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def cookies_of(running: Stack, username: str, seat: str) -> list[dict[str, Any]]:
    """Sign in over HTTP and return the cookies as the browser takes them."""
    session = running.sign_in(username, seat=seat)
    return [
        {"name": cookie.name, "value": cookie.value or "", "url": running.base_url}
        for cookie in session.client.cookies.jar
    ]
