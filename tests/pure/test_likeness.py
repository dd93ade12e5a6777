"""How likely two reports are of one event: what counts, what it is told with, and that the chances add up (F6)."""

from __future__ import annotations

from dataclasses import replace

from dispatch.evaluation import duplicates
from dispatch.evaluation.several_callers import calls
from incidents import likeness, sounds
from incidents.likeness import Like, Rarity, Report

NOW = 1_700_000_000.0
FIGHT = Report(
    at=NOW,
    lat=24.5112,
    lng=117.6540,
    type="0202",
    place="延安路18号",
    words="延安路18号烧烤店门口两伙人打架，一个戴红帽子的拿着酒瓶，往河边跑了",
    numbers=("19000000101",),
)


def ask(new: Report, *events: Report) -> list[Like]:
    """Return what is suggested for a report among events, which are numbered from 1."""
    known = likeness.rules()
    ready = {number: likeness.signs(event, known) for number, event in enumerate(events, 1)}
    rarity = Rarity()
    for event in ready.values():
        rarity.add(event.grams)
    return likeness.likely(likeness.signs(new, known), ready, rarity, known)


def again(**more: object) -> Report:
    """Return a second caller's report, three minutes later, eighty metres away."""
    other = replace(
        FIGHT, at=NOW + 180, lat=24.5119, words="有人打起来了，红帽子的那个人往河边跑", numbers=("19000000102",)
    )
    return replace(other, **more)  # type: ignore[arg-type]


def test_a_second_caller_nearby_is_told_with_distance_time_type_and_words() -> None:
    [found] = ask(again(), FIGHT)
    assert found.chance > likeness.rules().settings.work_from
    assert (found.metres, found.seconds, found.type) == (78, 180.0, "same")
    assert any("红帽子" in words for words in found.words)


def test_homophones_of_an_input_method_are_the_same_words() -> None:
    assert sounds.hear("新华路").sounds == sounds.hear("心化录").sounds
    unplaced = again(lat=None, lng=None, type="", place="", words="沿按录18号烧烤店有人达价")
    [found] = ask(unplaced, FIGHT)
    assert found.metres is None
    assert "沿按录18号烧烤店" in found.words


def test_words_and_said_address_are_enough_without_a_place() -> None:
    elsewhere = replace(FIGHT, lat=24.55, lng=117.70, place="水仙大街3号", words="水仙大街3号有人落水", type="0501")
    found = ask(again(lat=None, lng=None, place="延安路18号", type=""), FIGHT, elsewhere)
    assert [like.id for like in found] == [1]


def test_a_plate_or_a_number_joins_what_lies_far_apart_and_another_plate_speaks_against_it() -> None:
    car = replace(FIGHT, type="0304", words="白色小车撞人跑了，车牌闽E·A0123", plate="")
    seen = again(type="0304", lat=24.53, words="看到闽EA0123这辆车往桥的方向开", place="")
    [found] = ask(seen, car)
    assert found.plate == "闽EA0123"
    assert found.chance > 0.5
    other = ask(again(type="0304", words="闽E·B7788撞了人"), car)
    assert not other or other[0].chance < found.chance
    [same_caller] = ask(again(lat=24.5300, numbers=("19000000101",), words="我刚才报过警"), FIGHT)
    assert same_caller.number


def test_two_equally_good_events_share_the_chance_and_all_chances_stay_below_one() -> None:
    found = ask(again(), FIGHT, FIGHT)
    assert found[0].chance == found[1].chance <= 0.5
    assert abs(sum(likeness.shares([3.0, 2.0, -1.0])) - 1) < 0.1
    assert sum(likeness.shares([800.0, 800.0])) <= 1


def test_what_is_far_or_long_ago_is_not_suggested() -> None:
    settings = likeness.rules().settings
    assert ask(again(lat=24.5112 + 0.05), FIGHT) == []
    assert ask(again(at=NOW + settings.never_s + 1), FIGHT) == []


def test_the_labelled_set_is_the_same_for_a_seed_and_the_scorer_beats_the_old_rule_on_it() -> None:
    assert calls(40, 7) == calls(40, 7) != calls(40, 8)
    told = duplicates.evaluate(150, 7, likeness.rules())
    assert told["all_words"]["f1"] > told["old_rule"]["f1"] + 0.1
    assert told["all_words"]["reliability"]["mean_error"] < 0.15
