"""The twelve tasks of a seat, done by keyboard alone, with every key counted: for the test that holds the counts and the
bench that measures the seconds (docs/console.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.e2e.acts import LATER, SOON, City, accept_first_hit, number_of, row_of

# What a trained typist does: five keys a second, and Hanzi by pinyin at 2.6 keys each.
KEY_S, KEYS_PER_HANZI = 0.2, 2.6
READ_MS = 1000  # a row must have stood for 0.7 s before its key attaches: nobody reads faster
GROCERY, PARK = "惠民杂货店", "中山公园"
STORY = "男子抢走香烟往北跑"


@dataclass
class Hands:
    """Hands on a keyboard: keys beside text are counted, text is typed at a stated speed (at once in a test)."""

    page: Page
    key_s: float = 0.0
    keys: int = 0
    letters: float = 0.0
    said: list[str] = field(default_factory=list)

    def press(self, *chords: str) -> None:
        """Press keys that are no text."""
        for chord in chords:
            time.sleep(self.key_s)
            self.keys += 1
            self.said.append(chord)
            self.page.keyboard.press(chord)

    def type(self, text: str) -> None:
        """Type text; Hanzi come through an input method."""
        for character in text:
            cost = KEYS_PER_HANZI if character > "\u3000" else 1
            time.sleep(self.key_s * cost)
            self.letters += cost
            if character > "\u3000":
                self.page.keyboard.insert_text(character)
            else:
                self.page.keyboard.type(character)

    def command(self, line: str) -> None:
        """Say one line on the command line."""
        self.press("F1")
        self.type(line)
        self.press("Enter")


@dataclass
class Done:
    """One task done."""

    name: str
    at_most: int
    keys: int
    letters: float
    seconds: float


class Seat:
    """A seat that does its tasks one after the other."""

    def __init__(self, page: Page, city: City, key_s: float = 0.0) -> None:
        self.page, self.city, self.key_s = page, city, key_s
        self.hands = Hands(page, key_s)
        self.done: list[Done] = []

    @contextmanager
    def task(self, name: str, at_most: int) -> Iterator[Hands]:
        """Count one task; `at_most` keys beside text are allowed."""
        self.hands = Hands(self.page, self.key_s)
        began = time.monotonic()
        yield self.hands
        seconds = time.monotonic() - began
        self.done.append(Done(name, at_most, self.hands.keys, round(self.hands.letters, 1), seconds))

    def told(self, text: str) -> None:
        """Wait for a sentence in the status line."""
        expect(self.page.locator("#command [data-part=told]")).to_contain_text(text, timeout=SOON)

    def row(self, incident: int, column: str) -> Callable[[], object]:
        """Return what asks a column of an incident."""
        return lambda: self.city.row(incident)[column]

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds at the server."""
        self.city.stack.wait_until(holds, what, within=SOON / 1000, step=0.05)


def take_call(seat: Seat) -> int:
    """A call rings, becomes an incident and is finished; returns the incident."""
    page = seat.page
    seat.city.ring("19000000202")
    expect(page.locator(".calls .call-line").filter(has_text="190 0000 0202")).to_be_visible(timeout=SOON)
    with seat.task("take_call", 12) as hands:
        hands.press("F3")
        expect(page.locator("input[name=address_text]")).to_be_focused(timeout=SOON)
        hands.type("hmzhd")
        hands.press("Enter")
        expect(page.locator("input[name=type_reported]")).to_be_focused(timeout=SOON)
        hands.type("010403")
        hands.press("Enter")
        expect(page.locator("textarea[name=narrative]")).to_be_focused(timeout=SOON)
        hands.type(STORY)
        hands.press("Tab", "Tab", "Tab", "Tab")
        hands.type("简宁")
        hands.press("Control+Enter")
        expect(page.locator(".card-place")).to_have_text(GROCERY, timeout=SOON)
        hands.press("Control+Enter")
        seat.told("来话已办结")
    sql = "SELECT incident_id, caller_name FROM incidents_call ORDER BY id DESC LIMIT 1"
    [call] = seat.city.stack.sql(sql)
    assert call["caller_name"] == "简宁", call
    return int(call["incident_id"])


def on_the_incident(seat: Seat, incident: int) -> None:
    """Type, priority, note and place of the selected incident."""
    number = number_of(seat.page)
    with seat.task("type", 4) as hands:
        hands.command(f"类 010402 {number}")
        seat.until(lambda: seat.city.row(incident)["type_reported"] == "010402", "the type")
    with seat.task("priority", 4) as hands:
        hands.command(f"级 1 {number}")
        seat.until(lambda: seat.city.row(incident)["priority"] == 1, "the priority")
    with seat.task("note", 4) as hands:
        hands.command(f"注 {number}：往北")
        seat.told("备注已保存")
    with seat.task("place", 6) as hands:
        hands.command(f"地 {PARK} {number}")
        first = seat.page.locator(".card-form .pick-list:not([hidden]) li[aria-selected=true]")
        expect(first).to_contain_text(PARK, timeout=SOON)
        hands.press("Enter", "Enter")
        seat.until(lambda: seat.city.row(incident)["address_text"] == PARK, "the place")


def orders(seat: Seat, incident: int) -> None:
    """The first unit, a second one, moves by radio, and one taken back."""
    page = seat.page
    seat.city.stand()
    ranked = page.locator(".candidate .candidate-unit")
    with seat.task("order", 4) as hands:
        hands.press("F8")
        expect(ranked).to_have_count(3, timeout=LATER)
        first = ranked.first.inner_text()
        hands.press("1")
        seat.until(lambda: first in seat.city.orders(incident), "the first order")
    with seat.task("second_unit", 4) as hands:
        hands.press("F8")
        expect(ranked).to_have_count(2, timeout=LATER)
        second = ranked.first.inner_text()
        hands.press("1")
        seat.until(lambda: second in seat.city.orders(incident), "the second order")
    with seat.task("accept_by_radio", 4) as hands:
        hands.command(f"{first} 签")
        seat.city.wait_for_order(incident, first, "accepted")
    with seat.task("arrive_by_radio", 4) as hands:
        hands.command(f"{first} 到")
        seat.city.wait_for_order(incident, first, "on_scene")
    with seat.task("withdraw", 4) as hands:
        hands.command(f"撤 {second} CX3")
        seat.city.wait_for_order(incident, second, "withdrawn")


def alarm(seat: Seat) -> None:
    """Acknowledge the first alarm."""
    lead = next(iter(seat.city.leads.values()))
    lead.post("/api/my-unit/emergency/", {"silent": True})
    expect(seat.page.locator(".alert[data-seen=no]").first).to_be_visible(timeout=SOON)
    open_alerts = "SELECT count(*) FROM incidents_alert WHERE acknowledged_at IS NULL AND kind = 'emergency'"
    with seat.task("acknowledge_alarm", 1) as hands:
        hands.press("F9")
        seat.until(lambda: seat.city.stack.value(open_alerts) == 0, "the acknowledgement")


def merge(seat: Seat, incident: int, other: int) -> None:
    """Merge one incident into another."""
    numbers = [seat.city.row(one)["incident_no"][-4:].lstrip("0") for one in (other, incident)]
    with seat.task("merge", 4) as hands:
        hands.command(f"并 #{numbers[0]} #{numbers[1]}：同一警情")
        seat.until(lambda: seat.city.row(other)["stage"] == "merged", "the merge")


def second_callers(seat: Seat) -> None:
    """A duplicate is joined, a nuisance call ended, a contact passed on."""
    page = seat.page
    seat.city.ring("19000000203")
    expect(page.locator(".calls .call-line").filter(has_text="190 0000 0203")).to_be_visible(timeout=SOON)
    page.keyboard.press("F3")
    expect(page.locator("input[name=address_text]")).to_be_focused(timeout=SOON)
    accept_first_hit(page, "zsgy", PARK)
    expect(page.locator(".likely .likely-row").first).to_be_visible(timeout=SOON)
    page.wait_for_timeout(READ_MS)
    with seat.task("attach_duplicate", 1) as hands:
        hands.press("Alt+j")
        expect(page.locator(".intake-form")).to_be_hidden(timeout=SOON)
    page.keyboard.press("F2")
    expect(page.locator("input[name=address_text]")).to_be_focused(timeout=SOON)
    with seat.task("nuisance", 2) as hands:
        hands.press("F7", "1")
        expect(page.locator(".intake-form")).to_be_hidden(timeout=SOON)
    page.keyboard.press("F2")
    expect(page.locator("input[name=address_text]")).to_be_focused(timeout=SOON)
    with seat.task("transfer", 12) as hands:
        hands.press("Alt+p")
        expect(page.locator("form.inline-form")).to_be_visible(timeout=SOON)
        pass_on(hands)
        expect(page.locator("form.inline-form")).to_have_count(0, timeout=SOON)
    page.keyboard.press("F7")
    page.keyboard.press("8")
    expect(page.locator(".intake-form")).to_be_hidden(timeout=SOON)


def pass_on(hands: Hands) -> None:
    """Fill the form that passes a contact on: no danger, to 12345, the caller told."""
    hands.press("1", "Tab", "4", "Tab", "Tab")
    hands.type("已转12345")
    hands.press("Enter")


def all_tasks(seat: Seat) -> list[Done]:
    """Do every task and return them."""
    incident = take_call(seat)
    on_the_incident(seat, incident)
    orders(seat, incident)
    alarm(seat)
    expect(row_of(seat.page, "running", PARK)).to_be_visible(timeout=SOON)
    merge(seat, incident, seat.city.incident(PARK, (24.5131, 117.6555), "010403"))
    second_callers(seat)
    return seat.done
