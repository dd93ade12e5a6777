"""部署推演 in the browser: a post is moved by call sign and typed place, the worker is killed in the middle, the answer
comes with its interval; demand stands against unit hours. By keyboard."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.acts import FULL_HD, LATER, PageAs
from tests.stack.stack import Stack, manage

DAYS, A_DAY = 10, 30
HISTORY = f"""
import datetime as dt, random
from django.utils import timezone
from dispatch.models import Assignment
from dispatch.statistics.period import last_days
from incidents.models import Centre, Incident, User
from patrol.models import Shift, Unit
luck = random.Random(110)
centre = Centre.objects.order_by("id").first()
begin = last_days({DAYS} + 1, timezone.now()).since
leads = list(User.objects.filter(centre=centre).order_by("id")[:12])
units = list(Unit.objects.filter(centre=centre, call_sign__startswith="C1").order_by("id"))
for unit, lead in zip(units, leads):
    Shift.objects.create(centre=centre, unit=unit, lead=lead, started_at=begin - dt.timedelta(days=1),
        ended_at=begin + dt.timedelta(days={DAYS}, minutes=-5))
for number in range({DAYS} * {A_DAY}):
    answered = begin + dt.timedelta(seconds=luck.uniform(0, {DAYS} * 86_400 - 3_600))
    base = {{"centre": centre, "created_at": answered, "updated_at": answered}}
    hot = number % 2 == 0
    place = {{"lat": 24.5300 if hot else 24.505 + luck.gauss(0, 0.006), "lng": 117.7400 if hot else 117.655 + luck.gauss(0, 0.007)}}
    incident = Incident.objects.create(incident_no=f"D{{number:06}}", answered_at=answered, priority=luck.choice([2, 3, 3]),
        type_reported="0401", stage="closed", first_dispatched_at=answered + dt.timedelta(seconds=50), **place, **base)
    at = lambda seconds: answered + dt.timedelta(seconds=seconds)
    Assignment.objects.create(assignment_no=f"D{{number:06}}", incident=incident, unit=units[0], call_sign="C101", unit_kind="UP",
        state="finished", dispatched_at=at(50), accepted_at=at(60), departed_at=at(80), on_scene_at=at(luck.randrange(150, 700)),
        finished_at=at(1_900), **base)
"""


@pytest.fixture(scope="module")
def recorded_stack(stacks_folder: Path) -> Iterator[Stack]:
    """A ZZ110 of its own with ten recorded days."""
    with Stack(Path(tempfile.mkdtemp(prefix="deploy-", dir=stacks_folder)) / "home") as running:
        running.start_all()
        manage(running.environment, "shell", "-c", HISTORY)
        yield running


def test_a_post_moved_on_the_page_is_answered_although_the_worker_is_killed(
    recorded_stack: Stack, page_as: PageAs, screenshots: Path
) -> None:
    page = page_as("zhihui", "/deployment/", FULL_HD, on=recorded_stack, seat="Z01")
    expect(page.locator("#demand [data-area='*']")).to_contain_text(str(DAYS * A_DAY), timeout=LATER)
    expect(page.locator(".deployment-heat tbody td[data-step]").first).to_be_visible()
    page.screenshot(path=screenshots / "deployment-demand.png")
    page.keyboard.press("Alt+2")
    page.get_by_role("button", name="添加一项变更").focus()
    page.keyboard.press("Enter")
    line = page.locator(".deployment-changes li")
    line.get_by_label("呼号").fill("c111")
    line.get_by_label("驻点位置").fill("24.5300, 117.7400")
    page.locator("input[name=name]").fill("东部加强")
    page.keyboard.press("Control+Enter")
    row = page.locator("#trials tbody tr[data-trial]")
    expect(row).to_have_count(1, timeout=LATER)
    begun = "SELECT 1 FROM dispatch_deploymenttrial WHERE days_done > 0"
    recorded_stack.wait_until(lambda: recorded_stack.sql(begun), "the first day to be played")
    recorded_stack.kill_worker()
    recorded_stack.sql("UPDATE dispatch_deploymenttrial SET lease_until = now() WHERE lease_until > now()")
    recorded_stack.start_worker()
    expect(row).to_have_attribute("data-state", "answered", timeout=LATER * 2)
    shown = page.locator(".deployment-shown")
    expect(shown.locator("[data-measure=within_5_A]")).to_be_visible(timeout=LATER)
    expect(shown.locator("[data-measure=within_10_A]")).to_have_attribute("data-verdict", "better")
    expect(shown).to_contain_text("C111 移至 24.5300, 117.7400")
    expect(shown.locator("[data-agrees]").first).to_be_visible()
    played = recorded_stack.sql("SELECT count(*) AS n FROM dispatch_trialday")[0]["n"]
    told = recorded_stack.sql("SELECT count(*) AS n FROM incidents_entry WHERE kind = 'deployment.answered'")[0]["n"]
    assert (played, told) == (recorded_stack.sql("SELECT days FROM dispatch_deploymenttrial")[0]["days"], 1)
    page.screenshot(path=screenshots / "deployment-answer.png")
    page.locator("[data-switch-theme]").click()
    page.screenshot(path=screenshots / "deployment-answer-day.png")
