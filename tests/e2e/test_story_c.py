"""Story C of the domain reference: a gold chain is snatched; interception points, a watch hit that sends nobody, a silent
stake-out with prompts and a relief, a pursuit that is broken off and resumed, one arrest, and the chain goes home. The
hours of the story are compressed: what waits half an hour is made due at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from dispatch.simulator.border import WatchFeed
from tests.e2e.acts import (
    FULL_HD,
    LATER,
    SOON,
    City,
    PageAs,
    Phone,
    Row,
    city_at_work,
    command,
    in_order,
    number_of,
    phone_of,
    row_of,
)
from tests.e2e.test_fusion import axe
from tests.stack.session import Session
from tests.stack.stack import Stack, manage

pytestmark = pytest.mark.browser
ENTER = "from django.utils import timezone; from dispatch.merit import services; services.keep(timezone.now())"
PLACE, SPOT = "胜利路88号", (24.5141, 117.6730)
STORY = "骑黑色摩托车的男子抢走金项链，车牌尾号9T"
PLATE, BASIS = "闽E0X99T", "《刑事诉讼法》第一百一十五条"
EAST = {"C105": (24.5150, 117.7150), "B208": (24.5190, 117.7170), "C108": (24.5203, 117.7080)}
LANTIAN = {"lat": 24.5180, "lng": 117.7200, "crs": "WGS84"}
MILESTONES = [
    "incident.created", "assignment.sent", "directive.issued", "incident.mode_switched", "fusion.asked", "fusion.accepted",
    "watch.hit", "position.locked", "incident.mode_switched", "directive.issued", "assignment.prompted",
    "assignment.status_told", "assignment.relief_sent", "incident.mode_switched", "incident.broken_off",
    "incident.mode_switched", "suspect.caught",
]  # fmt: skip


class Story(NamedTuple):
    """What every step of the story needs."""

    desk: Page
    page_as: PageAs
    city: City
    incident: int
    screenshots: Path


@pytest.fixture
def city(story_stack: Stack) -> Iterator[City]:
    """A morning: B202 and C103 are near, three others stand on the ways out."""
    with city_at_work(story_stack) as found:
        for call_sign, spot in {
            "B202": (24.5150, 117.6700), "C103": (24.5120, 117.6760), "C101": (24.5060, 117.6640), "C107": (24.5230, 117.6830),
            "B205": (24.5190, 117.6610),
        }.items():  # fmt: skip
            found.on_duty(call_sign, spot)
        found.stand()
        yield found


def test_a_gold_chain_is_followed_through_stake_out_and_pursuit_until_it_is_home(
    city: City, page_as: PageAs, screenshots: Path
) -> None:
    incident = city.incident(
        PLACE,
        SPOT,
        "010401",
        priority=2,
        narrative=STORY,
        vehicle_note="黑色摩托车 尾号9T",
        contact_name="童雨晴",
        contact_phone="19000000303",
    )
    chain = city.desk.post(
        f"/api/incidents/{incident}/parties/", {"kind": "property", "name": "金项链", "status": "stolen"}
    )
    for call_sign in ("B202", "C103"):
        city.send(call_sign, incident, "deliver", "accept", "depart", "arrive")
    desk = page_as("paijing1", "/console/", FULL_HD, on=city.stack, seat="P11")
    expect(desk.locator("#strip [data-part=state]")).to_contain_text("实时", timeout=LATER)
    story = Story(desk, page_as, city, incident, screenshots)
    the_ways_out_are_held(story)
    the_east_comes_on_duty(city)
    request = the_motorcycle_is_known(incident, city)
    a_hit_sends_nobody(desk, incident, city)
    waiting = phone_of(page_as, city, "C105")
    the_stake_out_is_directed(story, waiting, request)
    a_partner_team_sees_no_more_than_it_needs(incident, city)
    the_unit_is_asked_and_relieved(waiting, incident, city, screenshots)
    the_pursuit_is_one_map(story)
    one_arrest_and_the_chain_is_home(story, chain["party"], request)
    the_replay_shows_both_modes(incident, city)
    the_reward_waits(incident, city)


def the_ways_out_are_held(story: Story) -> None:
    """Step 2: points ahead of the rider by road time, sent with one key, each with its own unit."""
    desk, _page_as, city, incident, screenshots = story
    city.stand()
    row = row_of(desk, "running", PLACE)
    expect(row).to_be_visible(timeout=SOON)
    row.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator(".card-place")).to_have_text(PLACE, timeout=SOON)
    command(desk, f"堵截 {number_of(desk)}", meaning="堵截卡点")
    form = desk.locator(".card-form .inline-form")
    expect(form).to_be_visible(timeout=SOON)
    form.locator("input").first.fill("胜利路")
    first = desk.locator(".pick-list:not([hidden]) li[aria-selected=true]")
    expect(first).to_contain_text("胜利", timeout=SOON)
    desk.keyboard.press("Enter")
    form.get_by_role("button", name="堵截卡点").click()
    points = desk.locator(".interception li[data-point]")
    expect(points.first).to_be_visible(timeout=LATER)
    desk.screenshot(path=screenshots / "console-interception.png")
    count = points.count()
    desk.keyboard.press("Alt+b")
    sent = desk.locator(".directives li[data-task=intercept]")
    expect(sent).to_have_count(count, timeout=SOON)
    orders = city.orders(incident)
    assert city.row(incident)["mode"] == "interception"
    assert len([one for one in orders.values() if one["purpose"] == "directive"]) == count
    nobody_holds_two(city)


def the_east_comes_on_duty(city: City) -> None:
    """Three units for what follows. Not before: a rider who has been away longer would be met in the east."""
    for call_sign, spot in EAST.items():
        city.on_duty(call_sign, spot)
    city.stand()


def nobody_holds_two(city: City) -> None:
    """No unit has two live orders."""
    twice = (
        "SELECT unit_id FROM dispatch_assignment WHERE state NOT IN ('finished', 'refused', 'withdrawn') "
        "GROUP BY unit_id HAVING count(*) > 1"
    )
    assert city.stack.sql(twice) == []


def the_motorcycle_is_known(incident: int, city: City) -> int:
    """Step 3: the fusion centre takes it on, knows the motorcycle, and the watch commander approves the watch entry."""
    ask = {"ask": "vehicle", "text": STORY, "legal_basis": BASIS}
    request = int(city.desk.post(f"/api/incidents/{incident}/fusion/", ask)["fusion_request"]["id"])
    analyst = city.stack.sign_in("yanpan2")
    analyst.post(f"/api/fusion/{request}/accept/", {"speciality": "刑侦"})
    known = {
        "request": request,
        "kind": "vehicle",
        "text": "黑色摩托车",
        "value": PLATE,
        "source": "卡口",
        "confidence": "high",
    }
    clue = analyst.post(f"/api/incidents/{incident}/clues/", known)["clue"]
    analyst.post(f"/api/clues/{clue['id']}/push/")
    entry = {"subject": "vehicle", "value": PLATE, "incident": incident, "reason": "飞车抢夺", "legal_basis": BASIS}
    row = analyst.post("/api/watch/", entry)["watch_entry"]
    approved = city.stack.sign_in("zhihui").post(f"/api/watch/{row['id']}/approve/")["watch_entry"]
    kept_for = dt.datetime.fromisoformat(approved["expires_at"]) - dt.datetime.now(dt.UTC)
    assert approved["state"] == "active"
    assert dt.timedelta(hours=71) < kept_for < dt.timedelta(hours=73)
    return request


def a_hit_sends_nobody(desk: Page, incident: int, city: City) -> None:
    """Step 4: the camera sees the plate; an alert stands at the desk, and no order came of it by itself."""
    orders = city.stack.value("SELECT count(*) FROM dispatch_assignment")
    said = manage(city.stack.environment, "gateway", "kakou-c", "--kind", "watch_feed")
    feed = WatchFeed(city.stack.base_url, "350600/kakou-c", said.split("secret")[1].split()[0])
    assert feed.sight("闽e·0x99t", point=LANTIAN, text="蓝田路口").status_code == 200
    expect(desk.locator(".alert").filter(has_text="布控命中").first).to_contain_text(PLATE, timeout=LATER)
    assert city.stack.value("SELECT count(*) FROM dispatch_assignment") == orders
    assert {one["task"] for one in city.desk.get(f"/api/incidents/{incident}/")["rows"]["directive"]} == {"intercept"}


def the_stake_out_is_directed(story: Story, waiting: Phone, request: int) -> None:
    """Steps 4 and 5: a locked position, then the directive of the fusion desk; the phones stay silent and dark."""
    desk, page_as, city, incident, screenshots = story
    fix = {"point": LANTIAN, "radius_m": 80, "source": "卡口", "confidence": "high"}
    city.stack.sign_in("yanpan2").post(f"/api/fusion/{request}/lock/", fix)
    command(desk, f"模式 蹲守 {number_of(desk)}", meaning="蹲守")
    city.stack.wait_until(lambda: city.row(incident)["mode"] == "stake_out", "the stake-out", within=LATER / 1000)
    assert city.row(incident)["quiet"] is True
    fusion = page_as("yanpan2", "/fusion/", FULL_HD, on=city.stack)
    line = fusion.locator("#requests tbody tr").filter(has_text=PLACE).first
    expect(line).to_contain_text("已锁定", timeout=LATER)
    line.focus()
    fusion.keyboard.press("Enter")
    form = fusion.locator("#requests form").filter(has=fusion.locator("legend", has_text="下达指令"))
    form.locator("[name=task]").select_option("stake_out")
    form.locator("[name=text]").fill("蓝田路口蹲守，黑色摩托车")
    form.locator("[name=units]").fill("C105 B208")
    form.locator("[name=silent]").select_option("silent")
    form.get_by_role("button", name="下达指令").click()
    told = desk.locator(".directives li[data-task=stake_out]")
    expect(told).to_contain_text("C105", timeout=LATER)
    expect(told).to_contain_text("牵头")
    expect(desk.locator(".alert").filter(has_text="指令下达").first).to_be_visible(timeout=SOON)
    waiting.screen("order")
    expect(waiting.page.locator("body")).to_have_attribute("data-alarm", "")
    expect(waiting.page.locator(".directive")).to_contain_text("静默接近", timeout=SOON)
    expect(waiting.page.locator(".directive")).to_contain_text("±80米")
    waiting.page.screenshot(path=screenshots / "phone-directive.png")
    waiting.step("accept")
    city.leads["B208"].post(f"/api/assignments/{city.orders(incident)['B208']['id']}/accept/")
    expect(told).to_have_attribute("data-state", "accepted", timeout=SOON)
    for call_sign in ("C105", "B208"):
        order = city.orders(incident)[call_sign]
        assert order["purpose"] == "directive"
        for step in ("depart", "arrive"):
            city.leads[call_sign].post(f"/api/assignments/{order['id']}/{step}/")
    expect(told).to_have_attribute("data-state", "under_way", timeout=SOON)
    fusion.keyboard.press("Alt+5")
    expect(fusion.locator("#directives tbody tr").filter(has_text="蹲守").first).to_contain_text(
        "C105 B208", timeout=SOON
    )
    fusion.locator("#directives tbody tr").filter(has_text="蹲守").first.focus()
    fusion.keyboard.press("Enter")
    fusion.screenshot(path=screenshots / "fusion-directives.png")
    assert axe(fusion) == []
    nobody_holds_two(city)


def a_partner_team_sees_no_more_than_it_needs(incident: int, city: City) -> None:
    """Step 4, 15:50: T801 is attached as joint force; it sees point, time, description and plate, and no caller data."""
    row = city.row(incident)
    facts = {"version": row["version"], "vehicle_plate": PLATE}
    city.desk.patch(f"/api/incidents/{incident}/", facts)
    teams = city.desk.get("/api/partner-teams/")["partner_teams"]
    [team] = [one for one in teams if one["call_sign"] == "T801" and one["ended_at"] is None]
    asked = {"team": team["id"], "reason": "协助蹲守", "brief": "黑色摩托车，男性骑手"}
    attached = city.desk.post(f"/api/incidents/{incident}/partners/", asked)["attachment"]
    assert (attached["state"], attached["approved_by"]) == ("attached", "0102")
    [seen] = city.stack.sign_in("liandong1").get("/api/partner/")["incidents"]
    assert seen["plate"] == PLATE
    assert seen["point"]["lat"] == pytest.approx(SPOT[0])
    assert not any(secret in str(seen) for secret in ("童雨晴", "19000000303", PLACE))


def the_unit_is_asked_and_relieved(waiting: Phone, incident: int, city: City, screenshots: Path) -> None:
    """Step 5: the prompt of half an hour falls due at once; one tap answers; C108 relieves C105."""
    order = city.orders(incident)["C105"]["id"]
    due = "UPDATE incidents_deadline SET due_at = now() WHERE kind = 'prompt' AND state = 'running' AND assignment_id = %s"
    city.stack.sql(due, [order])
    prompt = waiting.page.locator("[data-act=status-told]")
    expect(prompt).to_be_visible(timeout=LATER)
    waiting.page.screenshot(path=screenshots / "phone-prompt.png")
    prompt.tap()
    waiting.settled()
    expect(prompt).to_have_count(0)
    relief = city.desk.post(f"/api/assignments/{order}/relieve/", {"unit": city.units["C108"]["id"]})["assignments"][0]
    expect(waiting.page.locator("#main")).to_contain_text("C108正在前往", timeout=LATER)
    for step in ("accept", "depart", "arrive"):
        city.leads["C108"].post(f"/api/assignments/{relief['id']}/{step}/")
    waiting.step("finish")
    waiting.choose("RS20")
    waiting.step("sheet")
    city.wait_for_order(incident, "C105", "finished")
    [row] = [one for one in city.desk.get("/api/directives/")["directives"] if one["task"] == "stake_out"]
    assert {line["call_sign"]: line["state"] for line in row["units"]} == {
        "C105": "finished", "B208": "working", "C108": "working",
    }  # fmt: skip
    nobody_holds_two(city)


def the_pursuit_is_one_map(story: Story) -> None:
    """Step 6: all units live on one map with track and speed; the commander breaks off, every unit is told, and resumes."""
    desk, page_as, city, incident, screenshots = story
    rider = phone_of_busy(page_as, city, "B208")
    command(desk, f"模式 追击 {number_of(desk)}", meaning="追击")
    city.stack.wait_until(lambda: city.row(incident)["mode"] == "pursuit", "the pursuit", within=LATER / 1000)
    drive_on(city)
    found = city.desk.get(f"/api/incidents/{incident}/tracks/")
    by_sign = {one["call_sign"]: one for one in found["units"]}
    assert {"B208", "C108"} <= set(by_sign)
    assert by_sign["C108"]["speed_kmh"] == 72
    assert by_sign["C108"]["metres"] > 300
    commander = page_as("zhihui", "/console/", FULL_HD, on=city.stack, seat="Z01")
    row = row_of(commander, "running", PLACE)
    expect(row).to_be_visible(timeout=LATER)
    row.focus()
    commander.keyboard.press("Enter")
    expect(commander.locator(".card-place")).to_have_text(PLACE, timeout=SOON)
    commander.keyboard.press("Alt+1")
    expect(commander.locator(".mode-line[data-mode=pursuit]")).to_be_visible(timeout=SOON)
    commander.screenshot(path=screenshots / "console-pursuit.png")
    commander.locator(".card-verbs [data-act=break-off]").click()
    commander.keyboard.press("Enter")
    expect(commander.locator(".mode-line[data-mode=broken_off]")).to_be_visible(timeout=SOON)
    expect(rider.page.locator(".broken-off")).to_contain_text("停止追击", timeout=LATER)
    expect(rider.page.locator(".broken-off")).to_contain_text("危及他人安全")
    rider.page.screenshot(path=screenshots / "phone-broken-off.png")
    command(desk, f"模式 追击 {number_of(desk)}", meaning="追击")
    expect(rider.page.locator(".broken-off")).to_have_count(0, timeout=LATER)


def phone_of_busy(page_as: PageAs, city: City, call_sign: str) -> Phone:
    """Open the phone of a unit that is at a scene already."""
    phone = Phone(page_as(f"{call_sign.lower()}a", "/m/", (390, 844), on=city.stack, has_touch=True, is_mobile=True))
    phone.screen("task")
    return phone


def drive_on(city: City) -> None:
    """C108 drives east for a few hundred metres, fix by fix."""
    lat, lng = city.spots["C108"]
    begun = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=24)
    for step in range(1, 5):
        fix = {
            "call_sign": "C108", "lat": lat, "lng": lng + step * 0.0012, "crs": "WGS84", "accuracy_m": 8, "speed_kmh": 72,
            "heading": 90, "taken_at": (begun + dt.timedelta(seconds=6 * step)).isoformat(),
        }  # fmt: skip
        city.adapter.post("/api/positions/", {"fixes": [fix]})
    city.spots["C108"] = (lat, lng + 4 * 0.0012)


def one_arrest_and_the_chain_is_home(story: Story, chain: dict[str, object], request: int) -> None:
    """Step 7: 柯某 is caught, C108 and the partner team take part in the credit; the chain is never off the list."""
    desk, _page_as, city, incident, screenshots = story
    analyst = city.stack.sign_in("yanpan2")

    def listed() -> list[tuple[object, str]]:
        found = analyst.get("/api/outcomes/")["property"]
        return [(one["id"], one["status"]) for one in found if one["incident"] == incident]

    assert listed() == [(chain["id"], "stolen")]
    command(desk, f"嫌疑 {number_of(desk)}")
    form = desk.locator(".card-form .inline-form")
    form.locator("[name=name]").fill("柯某")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Alt+1")
    suspect = desk.locator(".suspects li[data-suspect]")
    expect(suspect).to_contain_text("柯某", timeout=SOON)
    suspect.locator("[data-act=arrest]").click()
    form = desk.locator("form.inline-form")
    form.locator("[name=caught_by]").fill("B208")
    form.locator("[name=credit]").fill("C108 T801")
    desk.keyboard.press("Enter")
    expect(suspect).to_contain_text("已抓获", timeout=SOON)
    expect(suspect).to_contain_text("B208 C108 T801")
    desk.screenshot(path=screenshots / "console-arrest.png")
    [row] = city.desk.get(f"/api/incidents/{incident}/")["rows"]["suspect"]
    assert (row["caught_by_sign"], row["credit_units"]) == ("B208", ["B208", "C108", "T801"])
    path, version = f"/api/parties/{chain['id']}/", chain["version"]
    found = city.desk.patch(path, {"version": version, "status": "recovered"})["party"]
    assert listed() == [(chain["id"], "recovered")]
    for call_sign, order in city.orders(incident).items():
        finish(city, call_sign, order)
    city.desk.patch(
        path, {"version": found["version"], "status": "returned", "returned_to": "童雨晴", "receipt": "签名 FH-0303"}
    )
    assert listed() == []
    opened = [
        one for one in city.desk.get("/api/directives/")["directives"] if one["incident"] == incident and one["open"]
    ]
    assert opened == []
    analyst.post(f"/api/fusion/{request}/end/", {"state": "done", "text": "柯某抓获，项链追回"})


def finish(city: City, call_sign: str, order: dict[str, str]) -> None:
    """Let a unit finish what it still holds."""
    if order["state"] in ("finished", "refused", "withdrawn"):
        return
    lead = city.leads[call_sign]
    if order["state"] != "on_scene":
        lead.post(f"/api/assignments/{order['id']}/arrive/")
    lead.post(f"/api/assignments/{order['id']}/finish/", {"result_code": "RS01"})


def the_reward_waits(incident: int, city: City) -> None:
    """Step 7: the arrest proposes entries for unit and crew; nothing is rewarded before a leader has approved."""
    leader = city.stack.sign_in("juzhang")
    manage(city.stack.environment, "shell", "-v0", "-c", ENTER)  # once a minute by itself
    entries = [
        one for one in leader.get("/api/merit/")["entries"] if one["incident"] == incident and one["rule"] == "MR01"
    ]
    assert entries
    assert {one["state"] for one in entries} == {"waiting"}


def the_replay_shows_both_modes(incident: int, city: City) -> None:
    """*Pass*: the one timeline has every step in its order; the review's replay shows both modes at their moments."""
    kinds = city.kinds(incident)
    assert in_order(MILESTONES, kinds), kinds
    entries = city.desk.get(f"/api/incidents/{incident}/timeline/")["entries"]
    switches = {one["sentence"]: one["at"] for one in entries if one["kind"] == "incident.mode_switched"}
    commander = city.stack.sign_in("zhihui2")
    review = commander.post("/api/reviews/", {"incident": incident, "purpose": "要案复盘"})["review"]["id"]
    commander.post(f"/api/reviews/{review}/read/", {"purpose": "要案复盘"})
    for word, mode in (("蹲守", "stake_out"), ("追击", "pursuit")):
        at = next(moment for sentence, moment in switches.items() if f"转为{word}" in sentence)
        ask = partial(board_at, commander, review, incident, at)
        shown = city.stack.wait_until(ask, f"the board in {mode}", within=LATER / 1000)
        assert shown["mode"] == mode


def board_at(commander: Session, review: int, incident: int, at: str) -> Row | None:
    """Return the incident as it stood just after a moment; None while the journal is still being marked."""
    later = (dt.datetime.fromisoformat(at) + dt.timedelta(milliseconds=50)).isoformat()
    answer = commander.get(f"/api/reviews/{review}/board/", at=later, expect=[200, 409])
    rows = answer.get("rows", {}).get("incident", [])
    return next((dict(row) for row in rows if row["id"] == incident), None)
