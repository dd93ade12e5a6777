"""Work that goes on: a killed console, a server that is away, and cards that come back (targets D4, D5, F22, F24)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.acts import FULL_HD, LATER, SOON, City
from tests.e2e.conftest import PageAs
from tests.e2e.paper import Typist, type_card, written
from tests.stack.fixtures import OwnStack
from tests.stack.stack import Stack

WORDS = "三个人在店里打架"
KEPT_WITHIN_MS = 450  # of typing that may be lost (F22)


def live(page: Page) -> None:
    """Wait until the console is live."""
    expect(page.locator("#strip [data-part=state]")).to_contain_text("实时", timeout=LATER)


def test_a_killed_console_and_a_server_that_is_away_lose_nothing(
    own_stack: OwnStack, page_as: PageAs, screenshots: Path
) -> None:
    stack = own_stack("web")
    city = City(stack)
    city.on_duty("C101", (24.5150, 117.6700))
    city.stand()
    page = page_as("paijing1", "/console/", FULL_HD, on=stack, seat="P11")
    live(page)
    stack.wait_until(
        lambda: stack.value("SELECT count(*) FROM incidents_numberblock WHERE purpose = 'seat'"), "numbers"
    )
    for number in range(2):
        page.keyboard.press("F2")
        words = page.locator("textarea[name=narrative]")
        expect(words).to_be_visible()
        words.fill(f"{WORDS}{number}")
        page.wait_for_timeout(KEPT_WITHIN_MS)
        context = page.context
        page.close(run_before_unload=False)
        page = context.new_page()
        page.goto("/console/")
        expect(page.locator("textarea[name=narrative]")).to_have_value(f"{WORDS}{number}", timeout=SOON)
        page.locator("input[name=address_text]").fill("延安路18号")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".intake-title")).to_contain_text("#", timeout=SOON)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".intake-form")).to_be_hidden()
    assert (
        stack.value("SELECT count(*) FROM incidents_call WHERE narrative LIKE %s AND state = 'done'", [f"{WORDS}%"])
        == 2
    )
    page.wait_for_timeout(6_000)  # until the picture of the board is kept
    stack.kill_web()
    page.keyboard.press("F2")
    page.locator("input[name=address_text]").fill("新华路9号")
    page.locator("textarea[name=narrative]").fill("老人跌倒，断网时所接")
    expect(page.locator(".intake-title")).to_contain_text("离线", timeout=LATER)
    page.screenshot(path=screenshots / "console-offline.png")
    page.keyboard.press("Control+Enter")
    queued = page.locator(".offline-rows li")
    expect(queued).to_contain_text("待发送")
    page.locator("[name=radio_order]").fill("c101 c999")
    page.keyboard.press("Enter")
    expect(queued).to_have_count(1)
    page.locator("[name=radio_order]").fill("c101")
    page.keyboard.press("Enter")
    expect(queued.filter(has_text="电台派警 C101")).to_contain_text("待发送")
    page.reload()
    expect(page.locator("#strip [data-part=queue]")).to_contain_text("待发送 2", timeout=LATER)
    expect(page.locator("#panel-queue")).to_contain_text("延安路18号")
    expect(page.locator("#not-live")).to_be_visible()
    page.screenshot(path=screenshots / "console-offline-reloaded.png")
    stack.start_web()
    expect(queued.filter(has_text="电台派警 C101")).to_contain_text("已入库", timeout=LATER)
    expect(queued.filter(has_text="已入库")).to_have_count(2)
    page.screenshot(path=screenshots / "console-back.png")
    # The request that opened the call may have waited at the door of the server: then it is served late, and the entry
    # completes its call. Either way there is one call under the seat's number, with its words and its incident.
    [row] = stack.sql(
        "SELECT l.source, c.state, c.narrative, i.address_text, "
        "(SELECT count(*) FROM incidents_numberblock b WHERE c.id = ANY(b.numbers)) AS blocks "
        "FROM incidents_lateentry l JOIN incidents_call c ON c.id = l.call_id "
        "JOIN incidents_incident i ON i.id = c.incident_id"
    )
    assert row == {
        "source": "offline", "state": "done", "narrative": "老人跌倒，断网时所接", "address_text": "新华路9号", "blocks": 1,
    }  # fmt: skip
    ordered = "SELECT a.call_sign, i.address_text FROM dispatch_assignment a JOIN incidents_incident i ON i.id = a.incident_id"
    assert stack.sql(ordered) == [{"call_sign": "C101", "address_text": "新华路9号"}]
    live(page)


def test_cards_are_typed_in_a_gap_is_listed_and_a_p1_waits_for_a_second_person(
    desk_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    page = page_as("zhihui", "/catchup/", FULL_HD, on=desk_stack, seat="Z01")
    expect(page.locator("#mode")).to_contain_text("补录未开启")
    page.get_by_label("打印张数").fill("5")
    page.get_by_role("button", name="发卡号").click()
    expect(page.locator("#blocks tbody tr").first).to_contain_text("卡")
    printed = page.locator("#blocks a").first.get_attribute("href") or ""
    desk_stack.sql("UPDATE incidents_numberblock SET created_at = now() - interval '1 day' RETURNING id")
    now = dt.datetime.now(dt.UTC)
    began = now - dt.timedelta(hours=2)
    page.get_by_label("停机起").fill(written(began))
    page.get_by_label("至（日 时分）").fill(written(now))
    page.get_by_label("原因", exact=True).first.fill("机房断电")
    page.get_by_role("button", name="开启补录").click()
    expect(page.locator("#mode")).to_contain_text("补录已开启")
    # Other tests may have had cards printed on this stack before; these are the newest ones.
    first = int(page.locator("#blocks tbody tr").first.locator("td").nth(1).inner_text().split("–")[0])
    page.locator("input[name=number]").fill(str(first))
    typist = Typist(page)
    type_card(typist, began + dt.timedelta(minutes=20), "C101")
    page.keyboard.press("F2")
    page.keyboard.type(str(first + 2))
    page.locator("input[name=priority]").fill("1")
    page.locator("input[name=answered_at]").fill(written(began + dt.timedelta(minutes=25)))
    page.locator("input[name=address_text]").fill("延安路20号")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries tbody tr")).to_have_count(2)
    expect(page.locator("#entries tbody tr").first).to_contain_text("待第二人复核")
    expect(page.locator("#blocks tbody tr").first).to_contain_text(str(first + 1))
    page.keyboard.press("F2")
    page.keyboard.type(str(first))
    page.locator("input[name=answered_at]").fill(written(began + dt.timedelta(minutes=30)))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".panel-told")).to_contain_text("这个卡号已录入")
    page.screenshot(path=screenshots / "catchup.png")
    other = page_as("paijing1", "/catchup/", FULL_HD, on=desk_stack, seat="P11")
    other.get_by_role("button", name="复核一致").click()
    expect(other.locator("#entries tbody tr").first).to_contain_text("已复核")
    page.goto(printed)
    expect(page.locator(".serial").first).to_have_text(str(first))
    page.screenshot(path=screenshots / "paper-kit.png", full_page=True)
