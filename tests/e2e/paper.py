"""A person who types cards in: keyboard alone, at a person's pace if one is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.e2e.acts import SHANGHAI, SOON


@dataclass
class Typist:
    """Types into a page and counts the keys."""

    page: Page
    pause_ms: float = 0
    keys: int = field(default=0)

    def type(self, text: str) -> None:
        """Type a text."""
        self.page.keyboard.type(text, delay=self.pause_ms)
        self.keys += len(text)

    def press(self, key: str) -> None:
        """Press a key, or several together."""
        self.page.keyboard.press(key, delay=self.pause_ms)
        self.keys += 1


def written(moment: dt.datetime) -> str:
    """Write a time as it stands on a card."""
    return moment.astimezone(SHANGHAI).strftime("%d %H%M")


def type_card(typist: Typist, answered: dt.datetime, unit: str, words: str = "两人打架，一人流血") -> None:
    """Type a whole card: serial as offered, times, caller, place and type from their lists, words, one unit, enter."""
    minute = dt.timedelta(minutes=1)
    page = typist.page
    typist.press("F2")
    typist.press("Tab")
    typist.type(written(answered))
    for text in (written(answered + minute), "", "19000000123", "卢知遥"):
        typist.press("Tab")
        typist.type(text)
    typist.press("Tab")
    accept(typist, "yal")  # the initials of a road
    accept(typist, "0201")
    typist.press("Tab")
    typist.type(words)
    typist.press("Tab")
    steps = [answered + n * minute for n in (1, 3, 8, 30)]
    typist.type(" ".join([unit, *(moment.astimezone(SHANGHAI).strftime("%H%M") for moment in steps), "RS16"]))
    typist.press("Control+Enter")
    expect(page.locator(".catchup-form .panel-told")).to_contain_text("已录入", timeout=SOON)


def accept(typist: Typist, text: str) -> None:
    """Type into a search field and take its first hit."""
    typist.type(text)
    expect(typist.page.locator(".pick-list:not([hidden]) li[aria-selected=true]")).to_be_visible(timeout=SOON)
    typist.press("Enter")
