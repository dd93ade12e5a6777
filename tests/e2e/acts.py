"""What people do in the browser stories: keys on the console, touches on the phone, and the city around them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Locator, Page, expect

from incidents.demo_city.people import DEMO_PASSWORD
from tests.stack.session import Session
from tests.stack.stack import Stack

Row = dict[str, Any]
PageAs = Callable[..., Page]
Spot = tuple[float, float]  # latitude, longitude in WGS-84

FULL_HD, PHONE = (1920, 1080), (390, 844)
SOON, LATER = 15_000, 40_000  # milliseconds; the machine may be busy
SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_TABS = 80


def shown_time(moment: dt.datetime) -> str:
    """Return a moment as the screens of the day write it: the time of the city, 24 hours."""
    return moment.astimezone(SHANGHAI).strftime("%H:%M:%S")


def shown_duration(start: dt.datetime, end: dt.datetime) -> str:
    """Return the time between two moments as the counters write it, cut to whole seconds."""
    seconds = int((end - start).total_seconds())
    return f"{seconds // 60}:{seconds % 60:02d}"


# --- the desk, by keyboard only ---


def sit_down(page_as: PageAs, city: City, username: str, seat: str) -> Page:
    """Open the console as a person does who sits down: account, password and seat typed, no mouse."""
    page = page_as("", "/login/?next=/console/", FULL_HD, on=city.stack)
    keys = page.keyboard
    expect(page.locator("input[name=username]")).to_be_focused(timeout=SOON)
    keys.type(username)
    tab_to(page, "input[name=password]")
    keys.type(DEMO_PASSWORD)
    tab_to(page, "input[name=seat]")
    keys.type(seat)
    keys.press("Enter")
    page.wait_for_url("**/console/", timeout=LATER)
    expect(page.locator("#strip [data-part=state]")).to_contain_text("实时", timeout=LATER)
    expect(page.locator("#strip [data-part=who]")).to_contain_text(seat)
    return page


def tab_to(page: Page, selector: str, back: bool = False) -> None:
    """Press Tab (or Shift+Tab) until an element has the focus; fails when it cannot be reached by keyboard."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible(timeout=SOON)
    for _ in range(MOST_TABS):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{selector} cannot be reached with the Tab key")


def accept_first_hit(page: Page, text: str, hit: str) -> None:
    """Type into the search field that has the focus and take its first hit, which must read as expected."""
    page.keyboard.type(text)
    first = page.locator(".pick-list:not([hidden]) li[aria-selected=true]")
    expect(first).to_contain_text(hit, timeout=SOON)
    page.keyboard.press("Enter")


def command(page: Page, line: str, meaning: str | None = None) -> None:
    """Say one line on the command line; its meaning, when named, must stand there before Enter."""
    page.keyboard.press("F1")
    page.keyboard.type(line)
    if meaning is not None:
        expect(page.locator("#meaning")).to_contain_text(meaning, timeout=SOON)
    page.keyboard.press("Enter")


def press_verb(page: Page, act: str) -> None:
    """Press a verb of the incident card and then the button of its form, by keyboard."""
    tab_to(page, f".card-verbs [data-act={act}]")
    page.keyboard.press("Enter")
    expect(page.locator(".card-form .inline-form")).to_be_visible(timeout=SOON)
    page.keyboard.press("Enter")


def number_of(page: Page) -> str:
    """Return the short number of the incident on the card, such as #6."""
    return str(page.locator(".card-number").inner_text())


def row_of(page: Page, group: str, place: str) -> Locator:
    """Return the row of a place in a section of the queue: pending, running or closing."""
    return page.locator(f"[data-group={group}] .row").filter(has_text=place)


# --- the phone, by touch only ---


class Phone:
    """The page of a unit's lead."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def screen(self, name: str) -> None:
        """Wait for a screen of the page."""
        expect(self.page.locator("body")).to_have_attribute("data-screen", name, timeout=LATER)

    def step(self, wanted: str) -> None:
        """Tap the big button once it stands for a step and takes taps."""
        self.page.locator(f"#next[data-step={wanted}]:not(.guarded):not([disabled])").tap(timeout=LATER)

    def sheet(self, beside: str) -> None:
        """Open a sheet by a side button."""
        self.page.locator(f"#beside [data-step={beside}]").tap(timeout=SOON)

    def choose(self, code: str) -> None:
        """Choose a row of a sheet by its code, behind 更多 if it stands there."""
        row = self.page.locator(f"#sheet label:has(input[value='{code}'])").first
        expect(row).to_be_attached(
            timeout=LATER
        )  # a sheet is laid out only when its script and its catalogue are there
        if not row.is_visible():
            self.page.locator("#sheet .stack details summary").first.tap()
        row.tap(timeout=SOON)

    def settled(self) -> None:
        """Wait until nothing waits in the outbox."""
        expect(self.page.locator("#line")).to_have_attribute("data-state", "empty", timeout=LATER)

    def photograph(self, picture: bytes) -> None:
        """Let the camera deliver a picture to the open report."""
        photo: FilePayload = {"name": "scene.png", "mimeType": "image/png", "buffer": picture}
        self.page.locator("#sheet input[type=file]").set_input_files(photo)
        expect(self.page.locator("#sheet .photos figure")).to_have_count(1, timeout=LATER)

    def clocks(self) -> dict[str, str]:
        """Return what both clocks read, by name."""
        faces = self.page.locator(".clocks .clock").all()
        return {face.locator("b").first.inner_text(): face.locator(".elapsed").inner_text() for face in faces}


# --- the city around the story ---


class City:
    """Units on shift with their positions, and incidents of others, through the public API."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.adapter = stack.sign_in("jieru")
        self.desk = stack.sign_in("zhihui2", seat="Z02")
        self.units: dict[str, Row] = {row["call_sign"]: row for row in self.desk.get("/api/units/")["units"]}
        self.leads: dict[str, Session] = {}
        self.spots: dict[str, Spot] = {}
        self.others: list[int] = []

    def on_duty(self, call_sign: str, spot: Spot) -> Session:
        """Start the shift of a unit under its lead, standing at a spot."""
        lead = self.stack.sign_in(f"{call_sign.lower()}a")
        lead.post("/api/my-unit/shift/", {"unit": self.units[call_sign]["id"], "crew": []})
        self.leads[call_sign] = lead
        self.spots[call_sign] = spot
        return lead

    def stand(self, *call_signs: str) -> None:
        """Let the adapter report where units stand now (all of them unless named)."""
        now = dt.datetime.now(dt.UTC).isoformat()
        wanted = call_signs or tuple(self.spots)
        fixes = [
            {"call_sign": sign, "lat": self.spots[sign][0], "lng": self.spots[sign][1], "crs": "WGS84",
             "accuracy_m": 8, "taken_at": now}
            for sign in wanted
        ]  # fmt: skip
        answer = self.adapter.post("/api/positions/", {"fixes": fixes})
        assert answer["taken"] == len(fixes), answer

    def ring(self, number: str, **facts: Any) -> Row:
        """Let a call ring."""
        body = {"channel": "CH11", "state": "waiting", "dialled_number": "110", "caller_number": number, **facts}
        return dict(self.adapter.post("/api/calls/", body)["call"])

    def incident(self, place: str, spot: Spot, type_reported: str, **facts: Any) -> int:
        """Open an incident of somebody else at the desk; returns its id."""
        known = {
            "type_reported": type_reported, "address_text": place, "point_status": "verified",
            "point": {"lat": spot[0], "lng": spot[1], "crs": "WGS84"},
        } | facts  # fmt: skip
        call = self.desk.post(
            "/api/calls/", {"channel": "CH11", "state": "in_progress", "kind": "CK01", "incident": known}
        )["call"]
        self.desk.post(f"/api/calls/{call['id']}/finish/", {"kind": "CK01"})
        self.others.append(int(call["incident"]))
        return self.others[-1]

    def send(self, call_sign: str, incident: int, *moves: str) -> Row:
        """Send a unit and let it make moves (deliver, accept, depart, arrive); returns the assignment."""
        body = {"units": [{"unit": self.units[call_sign]["id"], "override_reason": "OV7"}]}
        order = self.desk.post(f"/api/incidents/{incident}/orders/", body)["assignments"][0]
        for move in moves:
            self.leads[call_sign].post(f"/api/assignments/{order['id']}/{move}/")
        return dict(order)

    def row(self, incident: int) -> Row:
        """Return an incident's columns."""
        return self.stack.sql("SELECT * FROM incidents_incident WHERE id = %s", [incident])[0]

    def orders(self, incident: int) -> dict[str, Row]:
        """Return the orders of an incident by call sign."""
        rows = self.desk.get(f"/api/incidents/{incident}/")["rows"]["assignment"]
        return {row["call_sign"]: row for row in rows}

    def wait_for_order(self, incident: int, call_sign: str, state: str) -> Row:
        """Wait for a state of a unit's order and return the order."""
        found = self.stack.wait_until(
            lambda: (row := self.orders(incident)[call_sign])["state"] == state and row,
            f"the order of {call_sign} to be {state}", within=LATER / 1000, step=0.2,
        )  # fmt: skip
        return dict(found)

    def wait_for_stage(self, incident: int, stage: str) -> Row:
        """Wait for a stage of an incident and return its columns."""
        found = self.stack.wait_until(
            lambda: (row := self.row(incident))["stage"] == stage and row,
            f"the incident to be {stage}", within=LATER / 1000, step=0.2,
        )  # fmt: skip
        return dict(found)

    def kinds(self, incident: int) -> list[str]:
        """Return the kinds of an incident's timeline in its order."""
        entries = self.desk.get(f"/api/incidents/{incident}/timeline/")["entries"]
        assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)
        return [entry["kind"] for entry in entries]

    def go_home(self) -> None:
        """Take what every unit still holds and end its shift, and cancel what nobody goes to: the next story begins
        with an empty street and an empty queue."""
        for lead in self.leads.values():
            mine = lead.get("/api/my-unit/")
            if mine["unit"] is None:
                continue
            if (held := mine["assignment"]) and held["state"] == "on_scene":
                lead.post(f"/api/assignments/{held['id']}/finish/", {"result_code": "RS16"})
            elif held:
                self.desk.post(f"/api/assignments/{held['id']}/withdraw/", {"cancel_code": "CX3"})
            for withdrawn in lead.get("/api/my-unit/")["withdrawn"]:
                lead.post(f"/api/assignments/{withdrawn['id']}/confirm-withdrawal/")
            lead.post("/api/my-unit/shift/end/")
        for incident in self.others:
            row = self.row(incident)
            if row["stage"] in ("new", "pending"):
                self.desk.post(f"/api/incidents/{incident}/cancel/", {"version": row["version"], "cancel_code": "CX1"})


@contextmanager
def city_at_work(stack: Stack) -> Iterator[City]:
    """Give a city whose units go home at the end."""
    city = City(stack)
    try:
        yield city
    finally:
        city.go_home()


def phone_of(page_as: PageAs, city: City, call_sign: str) -> Phone:
    """Open the phone of a unit's lead, who is on shift; it reports the unit's spot by itself."""
    lat, lng = city.spots[call_sign]
    page = page_as(
        f"{call_sign.lower()}a", "/m/", PHONE, on=city.stack, has_touch=True, is_mobile=True,
        permissions=["geolocation"], geolocation={"latitude": lat, "longitude": lng, "accuracy": 8},
        device_scale_factor=2,
    )  # fmt: skip
    phone = Phone(page)
    phone.screen("idle")
    return phone


def counted(page: Page, key: str, clock: str) -> int:
    """Return the n of a rate tile on the dashboard, once it has been read."""
    tile = page.locator(f"[data-rate={key}][data-clock={clock}] .tile-basis")
    expect(tile).to_contain_text("n=", timeout=LATER)
    found = re.search(r"n=(\d+)", tile.inner_text())
    assert found is not None
    return int(found[1])


def in_order(wanted: Sequence[str], kinds: Sequence[str]) -> bool:
    """Tell whether the wanted kinds stand among the kinds in this order; others may stand between."""
    rest = iter(kinds)
    return all(kind in rest for kind in wanted)
