"""The officer's phone on a bad network: an order always arrives, nothing is done twice, and signing out is silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Geolocation, Page, Route, expect

from incidents.demo_city.people import DEMO_PASSWORD
from tests.stack.session import Session
from tests.stack.stack import Stack

PHONE = (390, 844)
PLACE: Geolocation = {"latitude": 24.5100, "longitude": 117.6525, "accuracy": 8}
# Counts what an officer would hear and feel; a headless browser has neither.
WITNESS = """
window.tones = 0; window.shakes = [];
const sounded = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones += 1; return sounded.call(this); };
navigator.vibrate = (pattern) => { if (pattern) window.shakes.push(pattern); return true; };
"""


@dataclass
class Patrol:
    """A unit on shift, the page of its lead, and the desk that sends it."""

    page: Page
    desk: Session
    unit: dict[str, Any]
    badge: str
    stack: Stack

    @property
    def context(self) -> BrowserContext:
        """The phone's browser, which outlives its page."""
        return self.page.context

    def screen(self, name: str, within: float = 10) -> None:
        """Wait for a screen of the page."""
        expect(self.page.locator("body")).to_have_attribute("data-screen", name, timeout=within * 1000)

    def step(self, wanted: str) -> None:
        """Tap the big button once it stands for a step and takes taps again after the one before."""
        button = self.page.locator(f"#next[data-step={wanted}]:not(.guarded):not([disabled])")
        button.tap(timeout=10_000)

    def sheet(self, beside: str) -> None:
        """Open a sheet by a side button."""
        self.page.locator(f"#beside [data-step={beside}]").tap()

    def choose(self, code: str) -> None:
        """Choose a row of a sheet by its code."""
        self.page.locator(f"#sheet label:has(input[value='{code}'])").first.tap()

    def settled(self, within: float = 20) -> None:
        """Wait until nothing waits in the outbox."""
        expect(self.page.locator("#line")).to_have_attribute("data-state", "empty", timeout=within * 1000)

    def kinds_since(self, seq: int) -> list[str]:
        """Return what this officer's acts made true since a number, in the journal's order."""
        entries = self.stack.entries_since(seq)
        return [entry["kind"] for entry in entries if f'"badge":"{self.badge}"' in entry["actor"]]

    def did(self, seq: int, kinds: list[str]) -> None:
        """See that exactly these entries are the officer's since a number."""
        assert self.kinds_since(seq) == kinds, self.shown()

    def shown(self) -> str:
        """Tell what the page shows, for the message of a failure."""
        return (
            f"{self.page.url}\n{self.page.locator('body').get_attribute('data-screen')}\n{self.page.inner_text('body')}"
        )

    def order(self, priority: int = 2) -> dict[str, Any]:
        """Open an incident at the desk and send this unit; returns the assignment."""
        facts = {
            "type_reported": "0202", "priority": priority, "address_text": "新华路 18 号",
            "point": {"lat": 24.5112, "lng": 117.6540, "crs": "WGS84"}, "point_status": "verified",
        }  # fmt: skip
        call = self.desk.post("/api/calls/", {"channel": "CH11", "state": "in_progress", "incident": facts})["call"]
        sent = {"units": [{"unit": self.unit["id"], "override_reason": "OV7"}], "order_text": "注意安全"}
        return dict(self.desk.post(f"/api/incidents/{call['incident']}/orders/", sent)["assignments"][0])

    def state_of(self, assignment: dict[str, Any]) -> str:
        """Return the present state of an assignment."""
        return str(self.stack.value("SELECT state FROM dispatch_assignment WHERE id = %s", [assignment["id"]]))

    def order_state(self, assignment: dict[str, Any], state: str, within: float = 10) -> None:
        """Wait for a state of an assignment."""
        self.stack.wait_until(lambda: self.state_of(assignment) == state, f"the order to be {state}", within=within)


@pytest.fixture
def patrol(stack: Stack, page_as: Callable[..., Page]) -> Iterator[Callable[..., Patrol]]:
    """Return `patrol(call_sign)`: the unit on shift, its lead's page open. The shift is ended at the end of the test."""
    officers: list[Session] = []
    desk = stack.sign_in("zhihui")

    def on_the_street(call_sign: str, shift: bool = True) -> Patrol:
        username = f"{call_sign.lower()}a"
        officer = stack.sign_in(username)
        officers.append(officer)
        unit = next(row for row in desk.get("/api/units/")["units"] if row["call_sign"] == call_sign)
        if shift:
            officer.post("/api/my-unit/shift/", {"unit": unit["id"], "crew": []})
        page = page_as(
            username, "/livez", PHONE, has_touch=True, is_mobile=True, permissions=["geolocation"], geolocation=PLACE
        )
        page.context.add_init_script(WITNESS)
        found = Patrol(page, desk, unit, officer.me["badge"], stack)
        page.goto("/m/")
        found.screen("idle" if shift else "shift", within=20)
        return found

    yield on_the_street
    for officer in officers:
        release(officer, desk)


def release(officer: Session, desk: Session) -> None:
    """Take what the unit still holds and end its shift, so that the next story finds it free."""
    mine = officer.get("/api/my-unit/")
    if mine["unit"] is None:
        return
    if held := mine["assignment"]:
        if held["state"] != "on_scene":
            desk.post(f"/api/assignments/{held['id']}/withdraw/", {"cancel_code": "CX3"})
        else:
            officer.post(f"/api/assignments/{held['id']}/finish/", {"result_code": "RS16"})
    for withdrawn in officer.get("/api/my-unit/")["withdrawn"]:
        officer.post(f"/api/assignments/{withdrawn['id']}/confirm-withdrawal/")
    officer.post("/api/my-unit/shift/end/")


def shell_is_kept(patrol: Patrol) -> None:
    """Wait until the service worker could open the page without network."""
    kept = "navigator.serviceWorker.ready.then(() => caches.match('/m/')).then(Boolean)"
    patrol.stack.wait_until(lambda: patrol.page.evaluate(kept), "the shell to be kept", within=20, step=0.2)


def test_an_order_comes_over_the_socket_and_its_receipt_goes_by_itself(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S406")
    unit.context.route("**/api/my-unit/position/", lambda route: route.abort())
    expect(unit.page.locator("#strip")).to_have_attribute("data-state", "live", timeout=15_000)
    order = unit.order(priority=1)
    unit.screen("order", within=5)
    unit.order_state(order, "delivered", within=5)
    expect(unit.page.locator("body")).to_have_attribute("data-alarm", "urgent")
    assert unit.page.evaluate("shakes.length") > 0
    unit.step("accept")
    unit.order_state(order, "accepted")
    expect(unit.page.locator("body")).to_have_attribute("data-alarm", "")


def test_an_order_comes_with_the_answer_to_a_position_when_no_socket_opens(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S407")
    unit.context.route("**/api/ticket/", lambda route: route.abort())
    unit.page.reload()
    unit.screen("idle", within=20)
    expect(unit.page.locator("#strip")).to_have_attribute("data-state", "slow", timeout=15_000)
    unit.context.set_geolocation({**PLACE, "latitude": 24.5104})
    order = unit.order()
    unit.screen("order", within=15)
    unit.order_state(order, "delivered", within=5)
    # The answer that brought the order may have been to a question without a fix; the fix follows within seconds.
    count = "SELECT count(*) FROM patrol_position WHERE unit_id = %s"
    for _turn in range(50):
        if unit.stack.value(count, [unit.unit["id"]]) == 1:
            break
        unit.page.wait_for_timeout(200)
    assert unit.stack.value(count, [unit.unit["id"]]) == 1


def test_twelve_acts_without_network_and_a_killed_page_happen_once_each_in_order(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S408")
    shell_is_kept(unit)
    order = unit.order()
    unit.screen("order")
    unit.order_state(order, "delivered")
    before = unit.stack.head()
    unit.context.set_offline(True)
    work_without_network(unit)
    assert unit.kinds_since(before) == []

    context = unit.context
    unit.page.close()
    unit.page = context.new_page()
    unit.page.goto("/m/")
    unit.screen("idle", within=15)
    expect(unit.page.locator("#line")).to_have_attribute("data-state", "waiting")
    asked = lose_the_first_answer(context, "**/api/assignments/*/depart/")
    context.set_offline(False)
    unit.settled(within=40)
    kinds = [
        "assignment.accepted", "assignment.en_route", "assignment.delayed", "unit.asked_backup", "assignment.on_scene",
        "report.filed", "assignment.finished", "report.filed", "unit.status_set", "unit.status_set",
        "incident.created", "assignment.on_scene", "assignment.finished",
    ]  # fmt: skip
    unit.did(before, kinds)
    (first, no), (again, yes) = asked
    assert (first, no, yes) == (again, "", "true"), "the retry carried the same key and got the stored answer"
    unit.screen("idle")


def work_without_network(unit: Patrol) -> None:
    """Work one order and one discovery from end to end: twelve acts."""
    page = unit.page
    unit.step("accept")
    unit.step("depart")
    unit.sheet("delay")
    unit.choose("DL2")
    unit.step("sheet")
    unit.sheet("backup")
    unit.step("sheet")
    unit.step("arrive")
    unit.sheet("report")
    page.fill("textarea[name=process]", "现场已控制")
    unit.step("sheet")
    unit.step("finish")
    unit.choose("RS07")
    unit.step("sheet")
    page.fill("textarea[name=process]", "双方已批评教育")
    page.fill("input[name=camera_ref]", "JL0001")
    page.locator("#sheet .rest").tap()
    page.locator("label:has(input[name=loss_unknown])").tap()
    unit.step("sheet")
    unit.sheet("status")
    unit.choose("break")
    unit.step("sheet")
    unit.step("available")
    unit.step("discovery")
    unit.choose("03")
    unit.step("sheet")
    unit.step("finish")
    unit.choose("RS08")
    unit.step("sheet")
    page.locator("#sheet-back").tap()
    unit.screen("idle")


def lose_the_first_answer(context: BrowserContext, path: str) -> list[tuple[str, str]]:
    """Let the first request reach the server and drop its answer: the phone cannot know that it has happened.
    Returns the list that fills with the key of each request and what its answer said about a replay."""
    asked: list[tuple[str, str]] = []

    def handle(route: Route) -> None:
        answer = route.fetch()
        asked.append((route.request.headers["idempotency-key"], answer.headers.get("idempotent-replay", "")))
        if len(asked) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    context.route(path, handle)
    return asked


def test_a_refused_act_is_shown_in_the_servers_words_and_holds_nothing_up(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S408")
    order = unit.order()
    unit.screen("order")
    unit.order_state(order, "delivered")
    unit.context.set_offline(True)
    unit.step("accept")
    unit.desk.post(f"/api/assignments/{order['id']}/withdraw/", {"cancel_code": "CX3", "text": "更近的车已到"})
    unit.context.set_offline(False)
    unit.screen("withdrawn", within=20)
    expect(unit.page.locator("#notice")).to_be_visible()
    unit.step("confirm_withdrawal")
    unit.screen("idle")
    found = unit.stack.wait_until(
        lambda: unit.stack.value(
            "SELECT withdrawal_confirmed_at FROM dispatch_assignment WHERE id = %s", [order["id"]]
        ),
        "the confirmation behind the refused act",
        within=15,
    )
    assert found
    unit.page.locator("#notice").tap()
    expect(unit.page.locator("#notice")).to_be_hidden()


def test_the_emergency_needs_a_long_press_and_makes_no_sound(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S409")
    alarm = "SELECT emergency_at FROM patrol_unit WHERE id = %s"
    box = unit.page.locator("#emergency").bounding_box()
    assert box is not None
    unit.page.mouse.move(box["x"] + 30, box["y"] + 20)
    unit.page.mouse.down()
    unit.page.wait_for_timeout(700)
    unit.page.mouse.up()
    unit.page.wait_for_timeout(400)
    assert unit.page.evaluate("shakes.length") == 0
    unit.page.mouse.down()
    unit.page.wait_for_timeout(1700)
    unit.page.mouse.up()
    unit.stack.wait_until(lambda: unit.stack.value(alarm, [unit.unit["id"]]), "the emergency", within=10)
    unit.stack.wait_until(lambda: unit.page.evaluate("shakes.length") == 2, "the second, confirming shake", within=10)
    assert unit.page.evaluate("tones") == 0
    expect(unit.page.locator("#line")).to_have_attribute("data-state", "empty")
    unit.desk.post(f"/api/units/{unit.unit['id']}/emergency/end/")


def test_a_locked_phone_rings_hides_what_it_knows_and_opens_by_pin_also_without_network(
    patrol: Callable[..., Patrol],
) -> None:
    unit = patrol("S405")
    page = unit.page
    page.evaluate("location.hash = 'pin'")
    page.fill("#sheet input[name=pin]", "4711")
    page.fill("#sheet input[name=password]", DEMO_PASSWORD)
    unit.step("sheet")
    expect(page.locator("#sheet")).to_be_hidden()
    lock = "fetch('/api/session/lock/', {method: 'POST', headers: {'X-CSRFToken': %r, 'Idempotency-Key': crypto.randomUUID()}})"
    token = page.evaluate("fetch('/api/session/').then((answer) => answer.json())")["csrf"]
    assert page.evaluate(f"{lock % token}.then((answer) => answer.status)") == 200
    page.reload()
    box = page.locator("#lock")
    expect(box).to_be_visible(timeout=15_000)
    expect(page.locator("#emergency")).to_be_enabled()
    order = unit.order()
    expect(box.locator(".warning")).to_be_visible(timeout=15_000)  # an order waits, and its words do not show
    unit.order_state(order, "delivered")
    assert page.locator(".stage").evaluate("node => node.inert")
    box.locator("input").fill("1234")
    box.locator("button").tap()
    expect(box.locator(".lock-trouble")).not_to_be_empty()
    unit.context.set_offline(True)
    box.locator("input").fill("4711")
    box.locator("button").tap()
    expect(box).to_be_hidden(timeout=15_000)
    unit.context.set_offline(False)


def test_signing_out_is_silence_and_wipes_the_phone(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S410")
    shell_is_kept(unit)
    unit.page.locator(".strip").tap()  # a browser sounds only after a touch
    unit.order(priority=1)
    unit.screen("order")
    unit.stack.wait_until(lambda: unit.page.evaluate("tones") > 0, "the alarm to sound", within=8)
    unit.step("accept")
    unit.settled()
    unit.context.set_offline(True)  # without network the page stays, and what it would still do can be seen
    unit.page.evaluate("location.hash = 'leave'")
    unit.step("sheet")
    unit.screen("ended")
    silent_from = unit.page.evaluate("[tones, shakes.length]")
    unit.page.wait_for_timeout(3500)
    assert unit.page.evaluate("[tones, shakes.length]") == silent_from
    assert unit.page.evaluate("caches.keys()") == []
    assert stored(unit.page) == {"acts": [], "values": ["secret"]}
    unit.context.set_offline(False)
    unit.page.goto("/m/")
    unit.page.wait_for_url("**/login/**", timeout=15_000)
    assert unit.page.evaluate("fetch('/api/session/').then((answer) => answer.json())")["user"] is None


def stored(page: Page) -> dict[str, list[str]]:
    """Return the names of what the phone's store holds."""
    found: dict[str, list[str]] = page.evaluate(
        """new Promise((done) => {
          const asked = indexedDB.open("zz110-phone");
          asked.onsuccess = () => {
            const reading = asked.result.transaction(["acts", "values"]);
            const [acts, values] = ["acts", "values"].map((name) => reading.objectStore(name).getAllKeys());
            reading.oncomplete = () => { asked.result.close(); done({ acts: acts.result, values: values.result }); };
          };
        })"""
    )
    return found


def test_the_big_button_stands_still_and_the_thumb_finds_three_at_most(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S406")
    unit.context.route("**/api/photos/", lambda route: route.abort())
    seen = [button_box(unit.page)]
    unit.order()
    unit.screen("order")
    for step in ("accept", "depart", "arrive"):
        seen.append(button_box(unit.page))
        unit.step(step)
    seen.append(button_box(unit.page))
    assert len({(round(box["x"]), round(box["y"]), round(box["height"])) for box in seen}) == 1
    assert seen[0]["height"] >= 110
    assert seen[0]["width"] >= 360
    unit.settled()


def button_box(page: Page) -> FloatRect:
    """Return where the big button stands, after counting the buttons in the lower 60 % of the screen."""
    count = page.evaluate(
        """[...document.querySelectorAll("button")].filter((button) => {
          const box = button.getBoundingClientRect();
          return box.height && box.bottom > innerHeight * 0.4;
        }).length"""
    )
    assert count <= 3
    box = page.locator("#next").bounding_box()
    assert box is not None
    return box


def test_the_first_load_fits_into_150_kilobytes(patrol: Callable[..., Patrol]) -> None:
    unit = patrol("S407")
    fresh = unit.page.context.new_page()
    session = unit.context.new_cdp_session(fresh)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    unit.page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.forEach((one) => one.unregister()))"
    )
    unit.page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")
    fresh.goto("/m/")
    expect(fresh.locator("body")).to_have_attribute("data-screen", "idle", timeout=20_000)
    fresh.wait_for_timeout(1500)
    assert 20_000 < sum(sizes) <= 150_000, f"{sum(sizes):.0f} bytes"
