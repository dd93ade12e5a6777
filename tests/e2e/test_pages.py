"""The supervisors' pages: every section in both languages, a number opened by key down to its rows and its incident, the
wall, the bulletin on paper, the leader's phone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PageAs
from tests.stack.stack import Stack, manage

WALL, LARGE, PHONE = (1920, 1080), (3840, 2160), (390, 844)
SOON = 20_000
SECTIONS = ("trends", "pairs", "stations", "heat", "cells", "funnel", "worst", "voice", "trust", "delays", "single")
KEYS = "1234567890-"
AXE = "axe.run(document).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
MAKE = """
from django.utils import timezone
from dispatch.standing import services
from incidents import jobs
services.keep(timezone.now())
jobs.drain()
"""
HISTORY = """
import datetime as dt, random
from django.utils import timezone
from dispatch.models import Assignment, Report
from dispatch.statistics.counting import Touched, recount
from incidents.models import Call, Callback, Centre, Incident, Organisation
from patrol.models import Unit
luck = random.Random(110)
centre = Centre.objects.order_by("id").first()
stations = list(Organisation.objects.filter(centre=centre, kind="station").order_by("id"))
units = list(Unit.objects.filter(centre=centre, call_sign__startswith="C1").order_by("id"))
now, made = timezone.now(), []
types = ["0107", "0101", "020101", "0401", "0402"]
for number in range(420):
    answered = now - dt.timedelta(minutes=15 + number * 95 + luck.randrange(60))
    base = {"centre": centre, "created_at": answered, "updated_at": answered}
    station = luck.choice(stations)
    there = answered + dt.timedelta(seconds=luck.randrange(120, 320 if luck.random() < 0.8 else 1100))
    sent = answered + dt.timedelta(seconds=luck.randrange(15, 90))
    reached = luck.random() < 0.97
    kind = luck.choice(types)
    incident = Incident.objects.create(
        incident_no=f"E{number:06}", answered_at=answered, priority=luck.choice([2, 3, 3]), type_reported=kind,
        type_verified=kind if luck.random() < 0.8 else luck.choice(types), jurisdiction=station,
        jurisdiction_name=station.name, address_text="延安路18号", stage="closed", attendance=True, placed_at=answered + (sent - answered) * 0.6,
        point_status="verified", area_kind="urban", lat=24.505 + luck.gauss(0, 0.006), lng=117.655 + luck.gauss(0, 0.007),
        handled_at=answered + dt.timedelta(hours=1), closed_at=answered + dt.timedelta(hours=2), **base)
    made.append(incident.pk)
    Call.objects.create(call_no=f"E{number:06}", state="done", channel="CH11", kind="CK01", validity="valid", incident=incident,
        ring_at=answered - dt.timedelta(seconds=luck.randrange(2, 14)), answered_at=answered, **base)
    unit, accepted = luck.choice(units), sent + dt.timedelta(seconds=luck.randrange(5, 150))
    accepted = min(accepted, there) if reached else accepted
    Assignment.objects.create(
        assignment_no=f"E{number:06}", incident=incident, unit=unit, call_sign=unit.call_sign, unit_kind=unit.kind,
        purpose="first", state="finished", lead_no="0117", dispatched_at=sent, accepted_at=accepted, departed_at=accepted,
        on_scene_at=there if reached else None, on_scene_pos_at=there + dt.timedelta(seconds=luck.choice([5, 20, 90])) if reached and number % 3 else None,
        finished_at=there + dt.timedelta(minutes=20), reported_at=there + dt.timedelta(minutes=luck.randrange(20, 300)),
        delivered_at=sent + (accepted - sent) * 0.2,
        rank_basis={"first": "C101", "rank": luck.choice([1, 1, 2]), "of": 6, "way": "road", "fix_age_s": 8, "seconds": 150,
                    "expected_s": luck.choice([180, 210, 380]), "first_expected_s": 200},
        marks={"on_scene": {"by_proxy": number % 9 == 0, "implied": number % 13 == 0, "device_at": None}}, **base)
    if number % 3 == 0:
        answered_ = number % 2 == 0
        Callback.objects.create(incident=incident, aim="handling", way="sms", asked_at=there, due_at=there,
            outcome="answered" if answered_ else "no_answer", grade=luck.choice([1, 1, 2, 3]) if answered_ else None, **base)
recount(centre.pk, Touched(set(made), set(Call.objects.filter(incident__in=made).values_list("id", flat=True)), set()))
"""


@pytest.fixture(scope="module")
def figures_stack(stacks_folder: Path) -> Iterator[Stack]:
    """A ZZ110 of its own with four weeks behind it, which would stand in the way of every other story."""
    with Stack(Path(tempfile.mkdtemp(prefix="figures-", dir=stacks_folder)) / "home") as running:
        running.start_web()
        manage(running.environment, "shell", "-c", HISTORY)
        yield running


def no_scroll(page: Page) -> bool:
    """Tell whether a page fits its window."""
    return bool(
        page.evaluate(
            "() => document.documentElement.scrollHeight <= innerHeight + 1 && document.documentElement.scrollWidth <= innerWidth + 1"
        )
    )


def seconds_of(text: str) -> int:
    """Read a duration such as 12:05."""
    minutes, seconds = text.split(":")
    return int(minutes) * 60 + int(seconds)


def test_every_figure_is_there_with_its_formula_and_by_any_dimension(
    figures_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    page = page_as("juzhang", "/statistics/#single", WALL, on=figures_stack)
    whole, split = page.locator("[data-part=single-whole]"), page.locator("[data-part=single-split]")
    choose_key, (choose_measure, choose_by) = (
        whole.locator("select"),
        (split.locator("select").nth(at) for at in (0, 1)),
    )
    detail = page.locator("#detail")
    expect(whole.locator("tbody .figure").first).to_be_visible(timeout=SOON)
    keys = [str(one.get_attribute("value")) for one in choose_key.locator("option").all()]
    assert keys[:20] == [f"K{number}" for number in range(1, 21)]
    for key in keys:
        choose_key.select_option(key)
        expect(whole.locator(".part-legend p").first).to_be_visible(timeout=SOON)
        expect(whole.locator("h2")).to_contain_text(key if key[0] == "K" else "", timeout=SOON)
        expect(page.locator("body:not([data-reading])")).to_have_count(1, timeout=SOON)
        expect(whole.locator("tbody .figure").first).to_be_visible(timeout=SOON)
    # Both clocks and all sources of time beside one another, each with its cases.
    choose_key.select_option("K7")
    expect(whole.locator("tbody tr")).to_have_count(6, timeout=SOON)
    for by in [str(one.get_attribute("value")) for one in choose_by.locator("option").all()]:
        choose_by.select_option(by)
        expect(page.locator("body:not([data-reading])")).to_have_count(1, timeout=SOON)
        expect(split.locator("tbody .figure").first).to_be_visible(timeout=SOON)
    page.screenshot(path=screenshots / "statistics-single.png")

    # A bucket of a group opens its own orders, as many as it says.
    choose_key.select_option("K4")
    choose_by.select_option("hour")
    expect(choose_measure.locator("option")).to_have_count(6, timeout=SOON)
    expect(page.locator("body:not([data-reading])")).to_have_count(1, timeout=SOON)
    row = split.locator("tbody tr").first
    row.locator(".figure").press("Enter")
    expect(detail.locator(".definition")).to_contain_text("签收时间减派发时间", timeout=SOON)
    hits = int(row.locator("td").nth(1).inner_text().split("/")[0])
    expect(detail.locator("table.rows tbody tr")).to_have_count(hits, timeout=SOON)
    page.keyboard.press("Escape")
    expect(row.locator(".figure")).to_be_focused()
    page.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []

    # The misses of a period that is over are its own, page by page, and of the limit that was chosen.
    page.keyboard.press("Alt+7")
    misses = page.locator("[data-part=misses]")
    expect(misses.locator("tbody tr").first).to_be_visible(timeout=SOON)
    expect(page.locator("select[name=clock]")).to_be_disabled()
    page.screenshot(path=screenshots / "statistics-misses.png")
    # Back leads where one came from, whatever the server takes for a page.
    page.route("**/api/statistics/misses/?*", lambda route: route.continue_(url=f"{route.request.url}&most=7"))
    misses.locator("select").select_option("K7")
    later, earlier = (misses.locator("button", has_text=text) for text in ("下一页", "上一页"))
    for first in (1, 8, 15):
        expect(misses).to_contain_text(f"第{first}至{first + 6}行", timeout=SOON)
        later.press("Enter")
    for first in (22, 15, 8, 1):
        expect(misses).to_contain_text(f"第{first}至{first + 6}行", timeout=SOON)
        earlier.press("Enter") if first > 1 else expect(earlier).to_be_disabled()
    page.unroute("**/api/statistics/misses/?*")

    misses.locator("select").select_option("K8")
    expect(page.locator("body:not([data-reading])")).to_have_count(1, timeout=SOON)
    assert all("K8" in text for text in misses.locator("tbody td:nth-child(5)").all_inner_texts())

    # From the figures of today and of the bulletin to their rows.
    live = page_as("juzhang", "/dashboard/", WALL, on=figures_stack)
    expect(live.locator("body")).to_have_attribute("data-figures", "fresh", timeout=SOON)
    live.locator("[data-rate=K8][data-clock=A] .tool").press("Enter")
    live.locator("#rate-definition .figure").first.press("Enter")
    expect(live.locator("#detail table.rows tbody tr").first).to_be_visible(timeout=SOON)
    live.screenshot(path=screenshots / "dashboard-figure.png")
    live.keyboard.press("Escape")
    expect(live.locator("#rate-definition .figure").first).to_be_focused()
    sheet = page_as("juzhang", "/bulletin/", WALL, on=figures_stack)
    opener = sheet.locator("#buckets tbody tr").first.locator(".figure").nth(1)
    opener.press("Enter")
    expect(sheet.locator("#detail table.rows tbody tr").first).to_be_visible(timeout=SOON)
    sheet.screenshot(path=screenshots / "bulletin-figure.png")
    sheet.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    assert sheet.evaluate(AXE) == []
    sheet.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_the_supervisors_walk_every_page_of_the_figures(
    figures_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    page = page_as("juzhang", "/statistics/", WALL, on=figures_stack)
    for name, key in zip(SECTIONS, KEYS, strict=True):
        page.keyboard.press(f"Alt+{key}")
        section = page.locator(f"#{name}")
        expect(section.locator(".numbers tbody tr").first).to_be_visible(timeout=SOON)
        expect(page.locator("#age")).to_contain_text("截至")
        page.screenshot(path=screenshots / f"statistics-{name}.png")
    page.keyboard.press("Alt+9")
    expect(page.locator("#trust [data-part=types] tbody tr").first).to_be_visible()

    # By key from a number to its definition, its rows and its incident.
    page.keyboard.press("Alt+4")
    button = page.locator("#heat .figure").first
    expect(button).to_be_visible(timeout=SOON)
    button.focus()
    page.keyboard.press("Enter")
    detail = page.locator("#detail")
    expect(detail).to_contain_text("K9 到场时长")
    expect(detail.locator(".definition")).to_contain_text("自接警起")
    expect(detail.locator("tbody tr").first).to_be_visible(timeout=SOON)
    counted = detail.locator(".detail-fact").first.inner_text()
    assert f"n={detail.locator('tbody tr').count()}" in counted
    assert str(detail.locator("tbody a").first.get_attribute("href")).endswith("/file/")
    page.screenshot(path=screenshots / "statistics-detail.png")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()

    # By key from a late incident to its parts, which add up, and to who would have made it.
    page.keyboard.press("Alt+0")
    rows = page.locator("#delays [data-part=delay-rows]")
    expect(page.locator("#delays [data-part=unit-times]")).to_contain_text("不作奖惩依据", timeout=SOON)
    expect(page.locator("body:not([data-reading])")).to_have_count(1, timeout=SOON)  # no answer replaces the rows now
    opener = rows.locator("tbody .figure").first
    opener.focus()
    page.keyboard.press("Enter")
    expect(detail).to_contain_text("谁能按时赶到", timeout=SOON)
    shares = detail.locator(".split-table tbody td:last-child").all_inner_texts()
    delay = opener.inner_text().removeprefix("+")
    # Each is shown in whole seconds, rounded up.
    assert abs(sum(seconds_of(one) for one in shares) - seconds_of(delay)) <= len(shares)
    page.screenshot(path=screenshots / "statistics-delay.png")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.locator("#delays [data-part=delay-parts] .figure", has_text=".").first.click()
    expect(rows.locator("h2")).to_contain_text("·", timeout=SOON)
    page.evaluate("() => { document.documentElement.dataset.theme = 'day' }")
    page.screenshot(path=screenshots / "statistics-delays-day.png")
    page.evaluate("() => { delete document.documentElement.dataset.theme }")

    # The file holds the numbers of the picture.
    page.keyboard.press("Alt+2")
    expect(page.locator("#pairs .figure").first).to_be_visible(timeout=SOON)
    with page.expect_download() as waiting:
        page.locator("#pairs [data-part=pair-dispatch] a[download]").first.click()
    saved = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert "K7" in saved and "rate" in saved
    page.locator("select[name=against]").select_option("previous")
    expect(page.locator("#pairs thead").first).to_contain_text("对比期", timeout=SOON)

    for theme in ("day", "okabe"):
        page.evaluate("name => { document.documentElement.dataset.theme = name }", theme)
        page.screenshot(path=screenshots / f"statistics-pairs-{theme}.png")
        page.keyboard.press("Alt+4")
        expect(page.locator("#heat .figure").first).to_be_visible(timeout=SOON)
        page.screenshot(path=screenshots / f"statistics-heat-{theme}.png")
        page.keyboard.press("Alt+2")

    # Of the whole site: a cookie of this page alone would leave the catalogue of the scripts in Chinese.
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": figures_stack.base_url}])
    page.goto("/wallboard/")
    page.goto("/statistics/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for name, key in zip(SECTIONS, KEYS, strict=True):
        page.keyboard.press(f"Alt+{key}")
        expect(page.locator(f"#{name} .numbers tbody tr").first).to_be_visible(timeout=SOON)
        heads = page.locator(f"#{name} :is(h2, thead th, .choice-of > span, .legend li)").all_inner_texts()
        assert not [text for text in heads if any("\u4e00" <= sign <= "\u9fff" for sign in text)], (name, heads)
    page.screenshot(path=screenshots / "statistics-trust-en.png")

    wall = page_as("juzhang", "/wallboard/", WALL, on=figures_stack)
    expect(wall.locator("#rates [data-rate=K7][data-clock=A] .wall-number")).to_contain_text("%", timeout=SOON)
    expect(wall.locator(".wall-row").first).to_be_visible(timeout=SOON)
    assert no_scroll(wall)
    expect(wall.locator("#age-now")).to_contain_text("今日")
    expect(wall.locator("#age-days")).to_contain_text("前")
    wall.screenshot(path=screenshots / "wallboard-night.png")

    # By key from a figure of the wall to its definition, its rows and its age; nothing of the wall moves.
    tile, behind = wall.locator("[data-rate=K7][data-clock=A]"), wall.locator("#detail")
    place = tile.bounding_box()
    tile.locator(".figure").press("Enter")
    expect(behind.locator(".definition")).to_contain_text("自接警起")
    expect(behind.locator("tbody tr").first).to_be_visible(timeout=SOON)
    expect(behind.locator(".detail-fact").last).to_contain_text("截至")
    assert tile.bounding_box() == place and no_scroll(wall)
    wall.screenshot(path=screenshots / "wallboard-figure.png")
    wall.keyboard.press("Escape")
    expect(tile.locator(".figure")).to_be_focused()
    # A picture opens its numbers, and each of these its own rows.
    for opens in ("#trend-open", "#hours-open"):
        wall.locator(opens).press("Enter")
        behind.locator("tbody .figure").first.press("Enter")
        expect(behind.locator(".definition")).to_contain_text("自接警起")
        expect(behind.locator("table.rows tbody tr").first).to_be_visible(timeout=SOON)
        wall.keyboard.press("Escape")
        expect(wall.locator(opens)).to_be_focused()
    wall.locator(".wall-row .figure").first.click()
    expect(behind.locator("table.rows tbody tr").first).to_be_visible(timeout=SOON)
    # Left alone it closes by itself, and figures that cannot be renewed are said to be old.
    wall.route("**/api/statistics/**", lambda route: route.abort())
    wall.clock.install()
    wall.clock.fast_forward(61_000)
    expect(behind).to_be_hidden(timeout=SOON)
    expect(wall.locator("#age-now")).to_contain_text("未能更新")
    wall.clock.fast_forward(300_000)
    expect(wall.locator("#age-days")).to_contain_text("未能更新")
    wall.screenshot(path=screenshots / "wallboard-aged.png")
    wall.unroute("**/api/statistics/**")
    wall.reload()
    expect(wall.locator(".wall-row").first).to_be_visible(timeout=SOON)
    wall.evaluate("() => { document.documentElement.dataset.theme = 'day' }")
    wall.screenshot(path=screenshots / "wallboard-day.png")
    wall.set_viewport_size({"width": LARGE[0], "height": LARGE[1]})
    wall.reload()
    expect(wall.locator(".wall-row").first).to_be_visible(timeout=SOON)
    assert no_scroll(wall)
    wall.screenshot(path=screenshots / "wallboard-4k.png")

    sheet = page_as("juzhang", "/bulletin/", WALL, on=figures_stack)
    expect(sheet.locator("#buckets tbody tr").nth(2)).to_be_visible(timeout=SOON)
    expect(sheet.locator("#headline")).to_contain_text("自接警起")
    sheet.fill("#standing [name=name]", "派出所周报")
    sheet.select_option("#standing [name=rhythm]", "day")
    sheet.locator("#standing button[type=submit]").press("Enter")
    expect(sheet.locator("#standing tr[data-report]")).to_contain_text("派出所周报", timeout=SOON)
    figures_stack.sql("UPDATE dispatch_standingreport SET next_at = now() RETURNING id")
    manage(figures_stack.environment, "shell", "-c", MAKE)
    sheet.reload()
    expect(sheet.locator("#standing tr[data-state=made]").first).to_contain_text("派出所周报", timeout=SOON)
    with sheet.expect_download() as file:
        sheet.locator("#standing tr[data-state=made] a").first.press("Enter")
    assert load_workbook(BytesIO(Path(file.value.path()).read_bytes())).sheetnames == ["定期报表", "统计", "口径"]
    expect(sheet.locator("#buckets tbody tr").nth(2)).to_be_visible(timeout=SOON)
    sheet.screenshot(path=screenshots / "bulletin.png", full_page=True)
    sheet.emulate_media(media="print")
    expect(sheet.locator(".bulletin-bar")).to_be_hidden()
    sheet.set_viewport_size({"width": 1050, "height": 750})
    sheet.screenshot(path=screenshots / "bulletin-print.png", full_page=True)

    phone = page_as("juzhang", "/leader/", PHONE, on=figures_stack, has_touch=True)
    phone.locator("[data-span=month]").tap()
    card = phone.locator("[data-card='K7.A']")
    expect(card).to_contain_text("%", timeout=SOON)
    phone.screenshot(path=screenshots / "leader-phone.png")
    card.tap()
    expect(phone.locator("#detail")).to_contain_text("自接警起", timeout=SOON)
    expect(phone.locator("#detail tbody tr").first).to_be_visible(timeout=SOON)
    phone.screenshot(path=screenshots / "leader-detail.png")
    phone.keyboard.press("Escape")
    expect(phone.locator("#detail")).to_be_hidden()
    for one in (page, wall, sheet, phone):
        one.add_script_tag(content=Path("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
        assert one.evaluate(AXE) == []
