"""Story A of the domain reference, whole: a bicycle is stolen, the video squad looks back, two are caught, it goes back to
its owner; by keys and touch, at compressed time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from dispatch.simulator.border import CaseRecords, TextService
from tests.e2e.acts import (
    FULL_HD,
    LATER,
    SOON,
    City,
    PageAs,
    Phone,
    Row,
    accept_first_hit,
    city_at_work,
    counted,
    in_order,
    phone_of,
    press_verb,
    row_of,
    shown_duration,
    shown_time,
    sit_down,
    tab_to,
)
from tests.stack.session import Session
from tests.stack.stack import Stack, manage

pytestmark = pytest.mark.browser
SHOP = "锦衣坊服装店"
STORY = "15:50至16:05，店门口一辆银色山岚牌自行车被盗，车架号SL260117，损失1600元"
MARKED = "两人，一人戴红帽，往南"
CLUE = "。补充：两人，一人戴红帽，往南走"
MILESTONES = [
    "incident.created",
    "assignment.sent",
    "assignment.delivered",
    "assignment.accepted",
    "assignment.en_route",
    "assignment.on_scene",
    "assignment.finished",
    "report.filed",
    "incident.case_numbered",
    "callback.asked",
    "callback.settled",
    "incident.submitted",
    "incident.closed",
]
OF_C104 = {
    "type_verified": "020101", "result_codes": ["RS99"], "process_text": "协助拦获二人", "address_verified": SHOP,
    "camera_ref": "JL0104", "caught": 2, "involved": 2, "escaped": 0, "loss_yuan": 1600, "recovered_yuan": 1600,
}  # fmt: skip
# Two hours later the caller is asked (R27); the clock of a running system cannot be moved.
ASK = "from incidents.services import callbacks; callbacks.plan(by=None, incident_id={pk})"  # fmt: skip


@pytest.fixture
def city(story_stack: Stack) -> Iterator[City]:
    """A busy afternoon: who is nearer than B203 has another incident; B203 stands 1.1 km away."""
    with city_at_work(story_stack) as found:
        furnish(found)
        yield found


class Border(NamedTuple):
    """The machines that the story needs: the case records system and the text service."""

    cases: CaseRecords
    texts: TextService


@pytest.fixture
def machines(story_stack: Stack) -> Iterator[Border]:
    """Give both machines their gateways."""
    with (
        CaseRecords(story_stack.base_url, "350600/cases", "") as cases,
        TextService(story_stack.base_url, "350600/sms", "") as texts,
    ):
        for machine, code, kind in ((cases, "cases", "case"), (texts, "sms", "text")):
            command = ("gateway", code, "--kind", kind, "--address", machine.address)
            machine.secret = manage(story_stack.environment, *command).split()[-1]
        yield Border(cases, texts)


def furnish(city: City) -> None:
    """Put units on the street and give some of them work."""
    spots = {
        "B203": (24.5052, 117.66265), "S404": (24.5098, 117.6556), "C101": (24.5103, 117.6521),
        "B201": (24.5109, 117.6497), "C103": (24.5087, 117.6760), "B207": (24.5200, 117.6750),
        "C107": (24.5140, 117.6920), "C108": (24.5203, 117.7035), "B205": (24.5262, 117.6455),
        "B208": (24.5081, 117.7000), "C104": (24.5395, 117.6720),
    }  # fmt: skip
    for call_sign, spot in spots.items():
        city.on_duty(call_sign, spot)
    city.stand()
    city.leads["B201"].post("/api/my-unit/status/", {"status": "break"})
    fight = city.incident("中山公园北门", (24.5103, 117.6521), "0202", offenders_reported=3, narrative="三人互殴")
    city.send("C101", fight, "deliver", "accept", "depart", "arrive")
    quarrel = city.incident("巷口街 12 号", (24.5098, 117.6556), "0402", narrative="邻里争吵")
    city.send("S404", quarrel, "deliver", "accept", "depart", "arrive")
    crash = city.incident("步文公园东门", (24.5172, 117.7074), "0302", injured=1, narrative="电动车与轿车相撞")
    city.send("C108", crash, "deliver", "accept", "depart")
    city.leads["C108"].post("/api/my-unit/backup/", {"text": "围观人多"})
    scratch = city.incident("九龙公园停车场", (24.5180, 117.6600), "0303", narrative="倒车剐蹭")
    done = city.send("B205", scratch, "deliver", "accept", "depart", "arrive")
    city.leads["B205"].post(f"/api/assignments/{done['id']}/finish/", {"result_code": "RS08"})
    city.incident("碧湖万达广场", (24.5025, 117.6905), "0514", narrative="老人忘带钥匙")


def test_a_stolen_bicycle_is_told_sent_reached_reported_and_closed(
    city: City, machines: Border, page_as: PageAs, screenshots: Path
) -> None:
    agent = sit_down(page_as, city, "jiejing1", "J17")
    desk = sit_down(page_as, city, "paijing1", "P11")
    leader = page_as("juzhang", "/dashboard/", FULL_HD, on=city.stack)
    unit = phone_of(page_as, city, "B203")
    before = {clock: counted(leader, "K7", clock) for clock in "AB"}

    call = city.ring("19000000101")
    incident = take_the_call(agent, call, city)
    write_the_bicycle_down(agent)
    send_the_nearest(desk, incident, city)
    the_order_rings(unit, incident, city, screenshots)
    the_clue_reaches_the_unit(agent, unit)
    drive_and_arrive(unit, incident, city)
    both_clocks_agree(desk, unit, city.row(incident))
    city.stand()
    keep_the_picture(desk, leader, before, screenshots)
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#command [data-part=told]")).to_contain_text("来话已办结", timeout=SOON)

    the_squad_looks_back(page_as, unit, incident, city, screenshots)
    the_squad_directs_the_street(desk, unit, incident, city)
    the_other_unit_reports(incident, city)
    handle_and_report(unit)
    city.wait_for_stage(incident, "reported")
    the_case_number_comes_back(desk, incident, city, machines.cases)
    two_are_caught(desk, incident, city)
    the_bicycle_goes_home(desk)
    the_caller_is_asked(incident, city, machines.texts)
    press_verb(desk, "submit")
    approve(city, incident)
    closed_once_and_for_all(desk, incident, call, city)


def take_the_call(agent: Page, call: Row, city: City) -> int:
    """Steps 1 to 3: answer, take down what happened, accept the shop; returns the incident."""
    ringing = agent.locator(".calls .call-line")
    expect(ringing).to_contain_text("190 0000 0101", timeout=SOON)
    agent.keyboard.press("F3")
    place = agent.locator("input[name=address_text]")
    expect(place).to_be_focused(timeout=SOON)
    expect(agent.locator(".intake-form")).to_contain_text("报警")
    accept_first_hit(agent, "jyffzd", SHOP)
    expect(agent.locator(".point-says")).to_contain_text("地点已核 117.6540, 24.5112")
    accept_first_hit(agent, "020101", "盗窃自行车")
    expect(agent.locator("[data-priority='3'] input")).to_be_checked()
    expect(agent.locator("textarea[name=narrative]")).to_be_focused()
    agent.keyboard.type(STORY)
    tab_to(agent, "input[name=caller_name]")
    agent.keyboard.type("卢知遥")
    tab_to(agent, "input[name=contact_phone]")
    agent.keyboard.type("19000000101")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".card-place")).to_have_text(SHOP, timeout=SOON)
    expect(agent.locator(".card-head")).to_contain_text("巷口所")
    expect(agent.locator(".card-head")).to_contain_text("卢知遥 190 0000 0101")
    [row] = city.stack.sql(
        "SELECT c.incident_id, c.agent_no, c.seat_no, i.priority, i.narrative, i.type_reported "
        "FROM incidents_call c JOIN incidents_incident i ON i.id = c.incident_id WHERE c.id = %s",
        [call["id"]],
    )
    assert row["agent_no"] == "0117"
    assert row["seat_no"] == "J17"
    assert (row["type_reported"], row["priority"], row["narrative"]) == ("020101", 3, STORY)
    return int(row["incident_id"])


def write_the_bicycle_down(agent: Page) -> None:
    """Step 2: silver, 山岚, frame number SL260117: a thing of its own on the incident."""
    tab_to(agent, "[role=tab]:has-text('案情')")
    agent.keyboard.press("Enter")
    tab_to(agent, ".party-verbs [data-kind=property]")
    agent.keyboard.press("Enter")
    form = agent.locator("form.inline-form")
    for name, value in {"name": "自行车", "colour": "银色", "brand": "山岚", "frame_no": "SL260117"}.items():
        form.locator(f"input[name={name}]").fill(value)
    agent.keyboard.press("Enter")
    expect(agent.locator(".parties li[data-kind=property]")).to_contain_text("被盗", timeout=SOON)


def the_squad_looks_back(page_as: PageAs, unit: Phone, incident: int, city: City, screenshots: Path) -> None:
    """Step 5: V502 opens the nearest camera from 15 minutes before; a moment is marked and reaches the patrol."""
    video = page_as("tuzhen2", f"/video/?incident={incident}", FULL_HD, on=city.stack)
    cameras = video.locator("[data-video=cameras] tbody tr")
    expect(cameras.first).to_contain_text("米", timeout=LATER)
    cameras.filter(has_text="在线").first.focus()
    video.keyboard.press("Enter")
    expect(video.locator(".video-player[data-state=shows]")).to_have_count(1, timeout=LATER)
    [viewing] = city.stack.sql("SELECT since, by_no FROM incidents_viewing WHERE incident_id = %s", [incident])
    assert viewing["by_no"] == "0142"
    assert viewing["since"] < city.row(incident)["answered_at"]
    video.keyboard.press("F9")
    video.keyboard.type(MARKED)
    video.keyboard.press("Enter")
    mark = video.locator("[data-bookmark]").first
    expect(mark).to_contain_text("红帽", timeout=SOON)
    tab_to(video, "[data-bookmark] [data-push]")
    video.keyboard.press("Enter")
    expect(mark).to_contain_text("已推送", timeout=SOON)
    expect(unit.page.locator("[data-clue]")).to_contain_text(MARKED, timeout=LATER)
    video.screenshot(path=screenshots / "story-a-video.png")


def the_squad_directs_the_street(desk: Page, unit: Phone, incident: int, city: City) -> None:
    """Step 6: V502's assist directive: B203 keeps its order, C104 gets one; the dispatcher sees both at once (M25)."""
    before = city.orders(incident)["B203"]["id"]
    squad = city.stack.sign_in("tuzhen2")
    units = [{"unit": city.units[call_sign]["id"]} for call_sign in ("B203", "C104")]
    body = {"task": "assist", "text": "沿河向南查找红帽男子", "units": units, "place": "中山桥南"}
    squad.post(f"/api/incidents/{incident}/directives/", body)
    desk.keyboard.press("Alt+1")
    told = desk.locator(".directives li[data-task=assist]")
    expect(told.locator("[data-unit=B203]")).to_contain_text("并入现派警单", timeout=SOON)
    expect(told.locator("[data-unit=C104]")).to_contain_text("未签收")
    expect(told).to_contain_text("图侦")
    unit.page.locator("[data-act=accept-directive]").tap(timeout=LATER)
    unit.settled()
    expect(told.locator("[data-unit=B203]")).to_have_attribute("data-state", "working", timeout=SOON)
    orders = city.orders(incident)
    assert orders["B203"]["id"] == before
    assert orders["C104"]["purpose"] == "directive"
    lead, path = city.leads["C104"], f"/api/assignments/{orders['C104']['id']}"
    for step in ("accept", "depart", "arrive"):
        lead.post(f"{path}/{step}/")


def the_other_unit_reports(incident: int, city: City) -> None:
    """C104 is done first; its report opens no case, and the incident's result is that of the last report."""
    path = f"/api/assignments/{city.orders(incident)['C104']['id']}"
    city.leads["C104"].post(f"{path}/finish/", {"result_code": "RS99"})
    city.leads["C104"].post(f"{path}/reports/", {"kind": "handling", **OF_C104})


def two_are_caught(desk: Page, incident: int, city: City) -> None:
    """Step 7: 邵乐 and 骆远, each his own arrest, the video squad credited with both."""
    desk.keyboard.press("Alt+1")
    for number, name in enumerate(("邵乐", "骆远")):
        row = city.desk.post(f"/api/incidents/{incident}/suspects/", {"name": name})["suspect"]
        body = {"caught_by": "B203", "credit": ["C104", "V502"]}
        city.desk.post(f"/api/suspects/{row['id']}/arrest/", body)
        expect(desk.locator(".suspects li[data-status=controlled]")).to_have_count(number + 1, timeout=SOON)
    caught = city.desk.get(f"/api/incidents/{incident}/")["rows"]["suspect"]
    assert [row["credit_units"] for row in caught] == [["B203", "C104", "V502"]] * 2
    assert caught[0]["caught_at"] < caught[1]["caught_at"]
    leader = city.stack.sign_in("juzhang")
    city.stack.wait_until(lambda: credited(leader, "V502") == 2, "the video squad's two suspects", within=LATER / 1000)
    # *Pass*: the time to arrest runs from the answer to the first arrest, in whole minutes (K13).
    to_arrest = leader.get("/api/statistics/figures/", keys="K13", measure="p50")["groups"][0]["figures"][0]
    first = dt.datetime.fromisoformat(caught[0]["caught_at"]) - city.row(incident)["answered_at"]
    assert (to_arrest["n"], to_arrest["value"]) == (1, 60 * math.ceil(first.total_seconds() / 60))


def credited(leader: Session, call_sign: str) -> int:
    """Return the suspects that a unit is credited with (K12)."""
    found = leader.get("/api/statistics/figures/", keys="K12", by="unit", measure="suspects")["groups"]
    return sum(one["figures"][0]["n"] for one in found if call_sign in str(one))


def the_case_number_comes_back(desk: Page, incident: int, city: City, cases: CaseRecords) -> None:
    """Step 7: the report went on to the case records system, and its number stands on the card."""
    number = city.stack.wait_until(lambda: city.row(incident)["case_no"], "the case number", within=LATER / 1000)
    [taken] = cases.taken
    assert taken["result_codes"] == ["RS01", "RS18"]
    assert [(one["name"], one["frame_no"]) for one in taken["parties"]] == [("自行车", "SL260117")]
    desk.get_by_role("tab", name="案情").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#panel-incident")).to_contain_text(number, timeout=SOON)


def the_bicycle_goes_home(desk: Page) -> None:
    """Steps 7 and 8: recovered, and handed back with photo and signature."""
    thing = desk.locator(".parties li[data-kind=property]")
    form = desk.locator("form.inline-form")
    thing.get_by_role("button", name="查获").focus()
    desk.keyboard.press("Enter")
    expect(form).to_be_visible()
    desk.keyboard.press("Enter")
    expect(thing).to_contain_text("已查获", timeout=SOON)
    thing.get_by_role("button", name="返还").focus()
    desk.keyboard.press("Enter")
    form.locator("input[name=returned_to]").fill("卢知遥")
    form.locator("input[name=receipt]").fill("签名与照片，编号 FH-0001")
    desk.keyboard.press("Enter")
    expect(thing).to_contain_text("已返还", timeout=SOON)


def the_caller_is_asked(incident: int, city: City, texts: TextService) -> None:
    """Step 8: the question goes out by text, and the caller replies 1."""
    manage(city.stack.environment, "shell", "-v0", "-c", ASK.format(pk=incident))
    asked = "SELECT asked_at FROM incidents_callback WHERE incident_id = %s"
    city.stack.wait_until(lambda: city.stack.value(asked, [incident]), "the question", within=LATER / 1000)
    assert [one["number"] for one in texts.taken] == ["19000000101"]
    texts.bring("19000000101", "1").raise_for_status()
    [row] = city.stack.sql("SELECT * FROM incidents_callback WHERE incident_id = %s", [incident])
    assert (row["way"], row["outcome"], row["grade"]) == ("sms", "answered", 1)


def send_the_nearest(desk: Page, incident: int, city: City) -> None:
    """Step 3: B203 stands first, 1.1 km away, and goes out with two keys; S404 is nearer but busy."""
    city.stand()
    expect(row_of(desk, "pending", SHOP)).to_be_visible(timeout=SOON)
    keys = ["F8", "1"]
    desk.keyboard.press(keys[0])
    expect(desk.locator(".card-place")).to_have_text(SHOP, timeout=SOON)
    expect(desk.locator(".basis")).to_contain_text("按道路时间排序", timeout=SOON)
    first = desk.locator(".candidate").first
    expect(first).to_contain_text("B203", timeout=SOON)
    expect(first).to_contain_text("1.1 km")
    expect(first).to_contain_text("首选")
    expect(desk.locator(".excluded li").filter(has_text="S404")).to_have_count(1)
    expect(desk.locator(".candidates")).to_be_focused()
    desk.keyboard.press(keys[1])
    assert len(keys) <= 4
    order = city.stack.wait_until(lambda: city.orders(incident).get("B203"), "the order to B203", within=20)
    assert order["rank_basis"]["basis"] == "road"
    assert order["rank_basis"]["first"] == "B203"
    assert order["dispatcher_no"] == "0111"
    assert order["seat_no"] == "P11"
    expect(row_of(desk, "running", SHOP)).to_contain_text("B203", timeout=SOON)


def the_order_rings(unit: Phone, incident: int, city: City, screenshots: Path) -> None:
    """Step 4: the phone shows the order and says by itself that it has come."""
    unit.screen("order")
    expect(unit.page.locator(".address")).to_have_text(SHOP)
    expect(unit.page.locator(".type")).to_contain_text("盗窃自行车")
    expect(unit.page.locator("body")).to_have_attribute("data-alarm", "order")
    expect(unit.page.locator("#next-label")).to_have_text("签收")
    city.wait_for_order(incident, "B203", "delivered")
    unit.page.screenshot(path=screenshots / "phone-order.png")
    unit.step("accept")
    city.wait_for_order(incident, "B203", "accepted")


def the_clue_reaches_the_unit(agent: Page, unit: Phone) -> None:
    """While the caller goes on talking, what the agent adds stands on the phone of the unit that is on its way."""
    tab_to(agent, "textarea[name=narrative]", back=True)
    agent.keyboard.press("Control+End")
    agent.keyboard.type(CLUE)
    expect(unit.page.locator(".words.told")).to_contain_text("一人戴红帽", timeout=LATER)


def drive_and_arrive(unit: Phone, incident: int, city: City) -> None:
    """En route and on scene, each by its button."""
    unit.step("depart")
    city.wait_for_order(incident, "B203", "en_route")
    unit.step("arrive")
    city.wait_for_order(incident, "B203", "on_scene")
    unit.settled()


def both_clocks_agree(desk: Page, unit: Phone, row: Row) -> None:
    """Clock A runs from the answer, clock B from the order; console, phone and the incident's row say the same."""
    there = row["first_on_scene_at"]
    starts = {"A": row["answered_at"], "B": row["first_dispatched_at"]}
    for name, start in starts.items():
        cell = desk.locator(f".card-clock.clock-{name.lower()}")
        expect(cell.locator(".clock-says")).to_have_text(f"{name} 5分内到", timeout=SOON)
        expect(cell.locator(".timer")).to_have_text(shown_duration(start, there))
        expect(cell.locator(".clock-from")).to_have_text(shown_time(start))
    expect(unit.page.locator(".clocks")).to_contain_text("自接警起")
    expect(unit.page.locator(".clocks")).to_contain_text("自派警起")
    expect(unit.page.locator(".clocks .left")).to_have_text(["5分钟内到场", "5分钟内到场"])
    assert unit.clocks() == {name: shown_duration(start, there) for name, start in starts.items()}


def keep_the_picture(desk: Page, leader: Page, before: dict[str, int], screenshots: Path) -> None:
    """The leader's n has risen by one on both clocks, live; the screens are kept by night and by day."""
    for clock, name in {"A": "A 自接警起", "B": "B 自派警起"}.items():
        tile = leader.locator(f"[data-rate=K7][data-clock={clock}]")
        expect(tile.locator(".tile-basis")).to_contain_text(f"n={before[clock] + 1}", timeout=LATER)
        expect(tile.locator(".clock-chip")).to_have_text(name)
    expect(leader.locator("#live")).to_contain_text("实时")
    leader.screenshot(path=screenshots / "dashboard-night.png")
    desk.screenshot(path=screenshots / "console-night.png")
    tab_to(desk, "[data-switch-theme]")
    desk.keyboard.press("Enter")
    expect(desk.locator("html")).to_have_attribute("data-theme", "day")
    desk.screenshot(path=screenshots / "console-day.png")
    desk.keyboard.press("Enter")


def handle_and_report(unit: Phone) -> None:
    """Steps 7 and 8: two caught, the bicycle recovered; the report carries both results and a photo."""
    picture = unit.page.screenshot()
    unit.step("finish")
    unit.choose("RS01")
    unit.step("sheet")
    unit.choose("RS18")
    sheet = unit.page.locator("#sheet")
    sheet.locator("[name=caught]").fill("2")
    for name, value in {"involved": "2", "escaped": "0", "loss_yuan": "1600", "recovered_yuan": "1600"}.items():
        sheet.locator(f"[name={name}]").fill(value)
    sheet.locator("[name=property_text]").fill("银色自行车一辆")
    sheet.locator("[name=camera_ref]").fill("JL0101")
    sheet.locator("[name=process]").fill("距店600米处拦获二人，追回自行车")
    unit.photograph(picture)
    unit.step("sheet")
    unit.settled()
    unit.screen("idle")


def approve(city: City, incident: int) -> None:
    """The reviewer approves."""
    row = city.wait_for_stage(incident, "review")
    reviewer = city.stack.sign_in("shenhe1")
    reviewer.post(f"/api/incidents/{incident}/approve/", {"version": row["version"]})


def closed_once_and_for_all(desk: Page, incident: int, call: Row, city: City) -> None:
    """One incident, closed, with one report and one timeline that has every step in its order."""
    row = city.wait_for_stage(incident, "closed")
    assert row["result_code"] == "RS01"
    assert row["closed_at"] is not None
    assert city.stack.value("SELECT count(*) FROM incidents_incident WHERE address_text = %s", [SHOP]) == 1
    expect(desk.locator(".card-stage")).to_have_text("已结案", timeout=SOON)
    rows = city.desk.get(f"/api/incidents/{incident}/")["rows"]
    [report] = [one for one in rows["report"] if one["call_sign"] == "B203"]
    assert report["result_codes"] == ["RS01", "RS18"]
    assert (report["kind"], report["caught"], report["recovered_yuan"]) == ("handling", 2, 1600)
    assert len(report["photos"]) == 1
    [told] = rows["call"]
    assert told["id"] == call["id"]
    assert call["ring_at"] < told["answered_at"] == rows["incident"][0]["answered_at"]
    [thing] = [one for one in rows["party"] if one["kind"] == "property"]
    assert (thing["status"], thing["returned_to"]) == ("returned", "卢知遥")
    assert thing["recovered_at"] < thing["returned_at"]
    kinds = city.kinds(incident)
    assert in_order(MILESTONES, kinds), kinds
    for kind in MILESTONES:
        twice = kind.startswith(("assignment.", "report."))  # B203's order and C104's
        assert kinds.count(kind) <= 2 if twice else kinds.count(kind) == 1, kinds
    assert row["case_no"]
